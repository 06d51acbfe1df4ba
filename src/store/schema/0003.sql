-- Articles of several pages. `goes_on` marks an article whose record does not hold all its pages yet. `page_digest` is the
-- content digest of page one alone, where the version's record was joined from several: by it a page one that says what it
-- said before is told from an edited one.

ALTER TABLE articles ADD COLUMN goes_on INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_goes_on ON articles (site) WHERE goes_on = 1;
ALTER TABLE article_versions ADD COLUMN page_digest TEXT;
-- The captures of the pages a record was joined from, as a JSON array.
ALTER TABLE article_versions ADD COLUMN pages TEXT;
UPDATE articles SET goes_on = 1 WHERE version_id IN (SELECT v.id FROM article_versions v
    WHERE EXISTS (SELECT 1 FROM json_each(v.record, '$.warnings') w WHERE w.value = 'more-pages'));
