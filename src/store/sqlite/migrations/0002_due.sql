-- When the next reminder of a person is due (seconds since 1970), and until when somebody is about to say it.
ALTER TABLE session ADD COLUMN due_at INTEGER;
ALTER TABLE session ADD COLUMN claimed_until INTEGER;
CREATE INDEX session_due ON session (due_at) WHERE due_at IS NOT NULL;
