-- The addresses of an article, for whoever comes from the article: without it every article of a site had all addresses of
-- the archive looked through each night.
CREATE INDEX article_urls_article ON article_urls (article_id);
