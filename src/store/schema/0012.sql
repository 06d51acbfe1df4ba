-- Segments of words are merged sixteen at a time and not four (sqlite.org/fts5.html, automerge): each group of visits writes
-- one, and every word is then copied half as often. A search looks into more of them.
INSERT INTO search (search, rank) VALUES ('automerge', 16);
INSERT INTO search_units (search_units, rank) VALUES ('automerge', 16);
