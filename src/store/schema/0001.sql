-- The first schema. Never edited: a change is a new file and a new entry in migrations.rs.
-- Times are RFC 3339 in UTC with microseconds, so that text order is time order.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    program TEXT NOT NULL,
    command TEXT NOT NULL,
    ended_at TEXT,
    ended TEXT
) STRICT;

-- A file's name is its final one, below the archive folder; until it is finished it ends in `.open`.
CREATE TABLE warc_files (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    warcinfo_id TEXT NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every gzip member of every file: together they cover each file without a gap.
CREATE TABLE members (
    file_id INTEGER NOT NULL REFERENCES warc_files (id),
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    kind TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (file_id, offset)
) STRICT, WITHOUT ROWID;

-- Every visit, answered or not; the id is the order in which they were committed.
CREATE TABLE captures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    walk_id INTEGER,
    site TEXT NOT NULL,
    purpose TEXT NOT NULL,
    url TEXT NOT NULL,
    via TEXT,
    captured_at TEXT NOT NULL,
    elapsed_ms INTEGER,
    outcome TEXT NOT NULL,
    status INTEGER,
    media_type TEXT,
    bytes INTEGER,
    payload_digest TEXT,
    -- The capture that holds this one's payload: itself for a response, the earlier one for a revisit.
    original_id INTEGER,
    record_id TEXT,
    warc_type TEXT,
    file_id INTEGER REFERENCES warc_files (id),
    warc_offset INTEGER,
    etag TEXT,
    last_modified TEXT,
    content_encoding TEXT,
    redirect_to TEXT,
    truncated TEXT,
    charset TEXT,
    charset_source TEXT,
    charset_doubtful INTEGER,
    failure TEXT,
    failure_detail TEXT,
    record_kind TEXT,
    selectors TEXT,
    -- What the visit did to an article: new, changed, same, gone.
    change TEXT
) STRICT;
CREATE INDEX captures_url ON captures (url);
CREATE INDEX captures_site_run ON captures (site, run_id);
CREATE INDEX captures_payload ON captures (payload_digest)
    WHERE warc_type = 'response' AND truncated IS NULL AND bytes > 0;
CREATE UNIQUE INDEX captures_place ON captures (file_id, warc_offset) WHERE file_id IS NOT NULL;

-- The present state of each URL ever asked for.
CREATE TABLE places (
    url TEXT PRIMARY KEY,
    latest_id INTEGER NOT NULL,
    -- The last good answer (2xx or 304), and the capture that holds its payload.
    answered_id INTEGER,
    original_id INTEGER,
    outcome TEXT NOT NULL,
    settled INTEGER NOT NULL,
    redirect_to TEXT
) STRICT, WITHOUT ROWID;

-- One article at one place: (host, the CMS's id) or the normalised URL, spelled out in `key`.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    url TEXT,
    site TEXT,
    family TEXT NOT NULL,
    title TEXT,
    source TEXT,
    published_at TEXT,
    -- The day in +08:00, for filters.
    published_on TEXT,
    content_digest TEXT NOT NULL,
    work_id TEXT NOT NULL,
    version_id INTEGER NOT NULL,
    versions INTEGER NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures (id),
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    gone_at TEXT
) STRICT;
CREATE INDEX articles_site ON articles (site);
CREATE INDEX articles_work ON articles (work_id);

CREATE TABLE article_versions (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id) DEFERRABLE INITIALLY DEFERRED,
    ordinal INTEGER NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures (id),
    content_digest TEXT NOT NULL,
    record TEXT NOT NULL,
    UNIQUE (article_id, ordinal)
) STRICT;

-- Every URL an article was read at.
CREATE TABLE article_urls (
    url TEXT PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id)
) STRICT, WITHOUT ROWID;

-- Lists of the current version. Lists inside a row are JSON arrays.
CREATE TABLE reflections (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    ordinal INTEGER NOT NULL,
    people TEXT NOT NULL,
    affiliation TEXT,
    degree TEXT,
    year TEXT,
    major TEXT,
    class TEXT,
    branch TEXT,
    unit TEXT,
    role TEXT,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (article_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    name TEXT NOT NULL,
    article_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (name, article_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX people_article ON people (article_id);

CREATE TABLE credits (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    ordinal INTEGER NOT NULL,
    role TEXT NOT NULL,
    names TEXT NOT NULL,
    PRIMARY KEY (article_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE images (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    ordinal INTEGER NOT NULL,
    url TEXT NOT NULL,
    alt TEXT,
    caption TEXT,
    PRIMARY KEY (article_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachments (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    ordinal INTEGER NOT NULL,
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (article_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE topics (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    topic TEXT NOT NULL,
    PRIMARY KEY (article_id, topic)
) STRICT, WITHOUT ROWID;

-- A walk over a seed's listing pages; unfinished ones have no end and are resumed.
CREATE TABLE walks (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    site TEXT NOT NULL,
    seed TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    ended TEXT
) STRICT;
CREATE INDEX walks_seed ON walks (site, seed);

-- Each listing page as last read, with its record.
CREATE TABLE listings (
    url TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    walk_id INTEGER,
    capture_id INTEGER NOT NULL REFERENCES captures (id),
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX listings_walk ON listings (walk_id, capture_id);

-- Every row of every listing ever read, once, also when it has left the page.
CREATE TABLE listing_items (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    site TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT,
    listing_url TEXT NOT NULL
) STRICT;
CREATE INDEX listing_items_site ON listing_items (site);
