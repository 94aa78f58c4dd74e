-- Times are seconds since 1970.

-- One row per person: answers and ticks as JSON. No row for somebody who has said nothing yet.
CREATE TABLE session (
    person        TEXT    NOT NULL PRIMARY KEY,
    body          TEXT    NOT NULL,
    -- Which state a turn was made from: a turn made from an older one is made again.
    version       INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    -- When the next reminder is due, and until when somebody is about to say it.
    due_at        INTEGER,
    claimed_until INTEGER
) STRICT;
CREATE INDEX session_due ON session (due_at) WHERE due_at IS NOT NULL;

-- What is committed to be said and not yet known to have arrived. Per person, in the order of `id`.
CREATE TABLE outbox (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person     TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    -- When to try again what could not be delivered; NULL: it is not set aside.
    retry_at   INTEGER
) STRICT;
CREATE INDEX outbox_person ON outbox (person);
CREATE INDEX outbox_retry_at ON outbox (retry_at) WHERE retry_at IS NOT NULL;

-- Processed updates, so that one delivered twice is handled once. The key is the channel and the number: telegram:1234.
CREATE TABLE processed_update (
    update_key   TEXT    NOT NULL PRIMARY KEY,
    processed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX processed_at ON processed_update (processed_at);

-- Recovery codes, hashed. One for a person at most; used once.
CREATE TABLE recovery (
    hash       TEXT    NOT NULL PRIMARY KEY,
    person     TEXT    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the program itself has to remember, for example which webhook it set.
CREATE TABLE setting (
    name       TEXT    NOT NULL PRIMARY KEY,
    value      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
