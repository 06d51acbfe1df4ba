-- What was done to the archive after its captures: checks and hand-overs, in the words of PREMIS 3. `link` ties each event
-- to the one before (domain/event.rs says how), so that one taken out or changed later is noticed.

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    agent TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    link TEXT NOT NULL
) STRICT;
