-- What became of the files of articles. `place` is the address asked for, normalised; null where there is none to ask for
-- (a data: URI). `outcome` is null until it is known; digest, bytes (as they travelled) and type are those of a file that
-- was had, never those of a page in its place.

ALTER TABLE images ADD COLUMN place TEXT;
ALTER TABLE images ADD COLUMN payload_digest TEXT;
ALTER TABLE images ADD COLUMN bytes INTEGER;
ALTER TABLE images ADD COLUMN media_type TEXT;
ALTER TABLE images ADD COLUMN outcome TEXT;
CREATE INDEX images_place ON images (place);
CREATE INDEX images_open ON images (article_id, ordinal) WHERE outcome IS NULL;

ALTER TABLE attachments ADD COLUMN place TEXT;
ALTER TABLE attachments ADD COLUMN payload_digest TEXT;
ALTER TABLE attachments ADD COLUMN bytes INTEGER;
ALTER TABLE attachments ADD COLUMN media_type TEXT;
ALTER TABLE attachments ADD COLUMN outcome TEXT;
CREATE INDEX attachments_place ON attachments (place);
CREATE INDEX attachments_open ON attachments (article_id, ordinal) WHERE outcome IS NULL;
