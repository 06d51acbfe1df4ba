-- How each site fared in each run: the run's own verdict, which no count of captures can give again. `why` is null where
-- nothing failed.

CREATE TABLE site_runs (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    site TEXT NOT NULL,
    verdict TEXT NOT NULL,
    why TEXT,
    requests INTEGER NOT NULL,
    listings INTEGER NOT NULL,
    new INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    not_news INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    PRIMARY KEY (run_id, site)
) STRICT, WITHOUT ROWID;
CREATE INDEX site_runs_site ON site_runs (site, run_id);
