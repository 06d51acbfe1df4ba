-- Works: texts, the keys by which they are found, the pairs they make, and what a person ruled.
-- Everything here follows from the articles' current records and works.toml.

-- Each different text once; its id is its digest.
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    shingles INTEGER NOT NULL,
    sketch BLOB NOT NULL,
    -- The text's rows of text_keys, eight bytes each, so that they can be taken out again.
    keys BLOB NOT NULL
) STRICT;

CREATE TABLE text_keys (
    key INTEGER NOT NULL,
    text_id INTEGER NOT NULL,
    PRIMARY KEY (key, text_id)
) STRICT, WITHOUT ROWID;

-- The text of each article's current version; none for an article without letters.
CREATE TABLE article_texts (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id),
    text_id INTEGER NOT NULL REFERENCES texts (id)
) STRICT;
CREATE INDEX article_texts_text ON article_texts (text_id);

-- Texts that were compared and found close, whether one work or two, the lower id first; evidence is JSON.
CREATE TABLE text_pairs (
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    same INTEGER NOT NULL,
    score REAL NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX text_pairs_b ON text_pairs (b);

-- works.toml as last read: normalised addresses.
CREATE TABLE work_rulings (
    ordinal INTEGER PRIMARY KEY,
    verdict TEXT NOT NULL,
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;
CREATE INDEX work_rulings_a ON work_rulings (a);
CREATE INDEX work_rulings_b ON work_rulings (b);
