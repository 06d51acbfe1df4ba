-- Records of other tools taken in: which file each came from, and where it stands now. A record is known by its id, so
-- that it is taken in once.

CREATE TABLE import_sources (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    imported_at TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    software TEXT
) STRICT;

CREATE TABLE imported (
    record_id TEXT PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES import_sources (id),
    file_id INTEGER NOT NULL REFERENCES warc_files (id),
    offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX imported_place ON imported (file_id, offset);
