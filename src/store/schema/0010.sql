-- Which text an article showed, and since when: a row each time it became another one. A text that comes back is the
-- version it was, with a row of its own.
CREATE TABLE appearances (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    ordinal INTEGER NOT NULL,
    version_id INTEGER NOT NULL REFERENCES article_versions (id),
    capture_id INTEGER NOT NULL REFERENCES captures (id),
    began_at TEXT NOT NULL,
    PRIMARY KEY (article_id, ordinal)
) STRICT, WITHOUT ROWID;
INSERT INTO appearances SELECT v.article_id, v.ordinal, v.id, v.capture_id, c.captured_at
    FROM article_versions v JOIN captures c ON c.id = v.capture_id;

-- Disappearances of articles: the kind of evidence (not-found, gone, soft-404, login-wall), the capture that proves it,
-- and the one that showed the article again, where one did.
CREATE TABLE tombstones (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    kind TEXT NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures (id),
    began_at TEXT NOT NULL,
    end_capture_id INTEGER REFERENCES captures (id),
    ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX tombstones_open ON tombstones (article_id) WHERE ended_at IS NULL;
INSERT INTO tombstones (article_id, kind, capture_id, began_at)
    SELECT a.id, c.outcome, c.id, a.gone_at FROM articles a JOIN captures c ON c.id = (SELECT min(g.id) FROM captures g
    JOIN article_urls u ON u.url = g.url WHERE u.article_id = a.id AND g.change = 'gone' AND g.captured_at = a.gone_at)
    WHERE a.gone_at IS NOT NULL;
