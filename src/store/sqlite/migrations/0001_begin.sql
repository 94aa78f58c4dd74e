-- One row per person: answers and ticks as JSON. No row for somebody who has said nothing yet.
CREATE TABLE session (
    person     TEXT    NOT NULL PRIMARY KEY,
    body       TEXT    NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- What is committed to be said and not yet known to have arrived. Per person, in the order of `id`.
CREATE TABLE outbox (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person     TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_person ON outbox (person);

-- Updates that were handled, so that one delivered twice is heard once.
CREATE TABLE seen (
    update_id  INTEGER NOT NULL PRIMARY KEY,
    seen_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX seen_at ON seen (seen_at);
