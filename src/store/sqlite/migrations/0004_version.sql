-- Which state of the session a turn was made from: a turn made from an older one is made again.
ALTER TABLE session ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
