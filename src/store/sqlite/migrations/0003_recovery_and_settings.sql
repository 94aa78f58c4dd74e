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
