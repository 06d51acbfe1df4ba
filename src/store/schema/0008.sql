-- Full-text search. Rows are articles; the texts themselves stand in article_versions.
-- `search` holds every two units in a row (characters, Latin words, numbers), in order, so that words of two units and
-- more are found by their place; `search_units` holds single units, without places. src/segment.rs makes the tokens.
CREATE VIRTUAL TABLE search USING fts5 (
    title, body, reflection, person, unit, source,
    content = '', contentless_delete = 1, tokenize = "ascii tokenchars '~'"
);
CREATE VIRTUAL TABLE search_units USING fts5 (
    title, body, reflection, person, unit, source,
    content = '', contentless_delete = 1, detail = column, tokenize = "ascii"
);
CREATE INDEX articles_published ON articles (published_on, id);
