-- What was wrong with a certificate that was accepted because the site's file says `tls = "lenient"`.
ALTER TABLE captures ADD COLUMN tls_flaw TEXT;
