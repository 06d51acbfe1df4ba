//! Rows of runs, walks and WARC files.

use rusqlite::params;
use url::Url;

use super::{Error, Index};
use crate::domain::digest::RecordId;
use crate::domain::fared::Fared;
use crate::domain::record::Listing;
use crate::domain::time::CaptureTime;
use crate::store::text::{self, Text};
use crate::store::{Walk, WalkEnd, WalkPage};

impl Index {
    /// The number of the next run.
    pub fn next_run(&self) -> Result<i64, Error> {
        let next: Option<i64> = self.row("SELECT coalesce(max(id), 0) + 1 FROM runs", [], |row| row.get(0))?;
        Ok(next.unwrap_or(1))
    }

    /// The number of the next walk, above any a listing page says it belongs to.
    pub fn next_walk(&self) -> Result<i64, Error> {
        let sql = "SELECT max(coalesce((SELECT max(id) FROM walks), 0), \
             coalesce((SELECT max(walk_id) FROM listings), 0)) + 1";
        let next: Option<i64> = self.row(sql, [], |row| row.get(0))?;
        Ok(next.unwrap_or(1))
    }

    /// A run begins.
    pub fn begin_run(&self, run: i64, started_at: CaptureTime, program: &str, command: &str) -> Result<(), Error> {
        self.write(
            "INSERT INTO runs (id, started_at, program, command) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (id) DO UPDATE SET started_at = ?2, program = ?3, command = ?4",
            params![run, started_at.to_micros_string(), Text::from(program), Text::from(command)],
        )?;
        Ok(())
    }

    /// Makes sure a run that a recovered record names has its row.
    pub fn ensure_run(&self, run: i64, at: CaptureTime) -> Result<(), Error> {
        self.write(
            "INSERT OR IGNORE INTO runs (id, started_at, program, command) VALUES (?1, ?2, '', 'recovered')",
            params![run, at.to_micros_string()],
        )?;
        Ok(())
    }

    /// A run ends.
    pub fn end_run(&self, run: i64, ended_at: CaptureTime, ended: &str) -> Result<(), Error> {
        self.write(
            "UPDATE runs SET ended_at = ?2, ended = ?3 WHERE id = ?1",
            params![run, ended_at.to_micros_string(), Text::from(ended)],
        )?;
        Ok(())
    }

    /// How a site fared in a run.
    pub fn note_fared(&self, run: i64, fared: &Fared) -> Result<(), Error> {
        let [requests, listings, new, changed, unchanged, missing, not_news, failed] = fared.figures.map(signed);
        self.write(
            "INSERT OR REPLACE INTO site_runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                run,
                Text::from(fared.site.as_str()),
                Text::from(fared.verdict.as_str()),
                fared.why.as_deref().map(Text::from),
                requests,
                listings,
                new,
                changed,
                unchanged,
                missing,
                not_news,
                failed,
            ],
        )?;
        Ok(())
    }

    /// A walk of a run begins.
    pub fn begin_walk(&self, (walk, run): (i64, i64), site: &str, seed: &Url, at: CaptureTime) -> Result<(), Error> {
        self.write(
            "INSERT OR REPLACE INTO walks (id, run_id, site, seed, started_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![walk, run, Text::from(site), seed.as_str(), at.to_micros_string()],
        )?;
        Ok(())
    }

    /// The unfinished walk of this site and seed with its pages, else the next one as it would begin at `at`.
    pub fn walk(&self, site: &str, seed: &Url, at: CaptureTime) -> Result<Walk, Error> {
        let key = params![Text::from(site), seed.as_str()];
        let open: Option<(i64, String)> = self.row(
            "SELECT id, started_at FROM walks WHERE site = ?1 AND seed = ?2 AND ended_at IS NULL ORDER BY id DESC LIMIT 1",
            key,
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let last_end: Option<String> = self.row(
            "SELECT ended FROM walks WHERE site = ?1 AND seed = ?2 AND ended IS NOT NULL ORDER BY id DESC LIMIT 1",
            key,
            |row| row.get(0),
        )?;
        // A walk that ended by meeting known pages is as complete as the one before it, which it was only allowed to
        // meet because that one was complete.
        let history_complete = last_end
            .is_some_and(|word| [WalkEnd::ReachedEnd, WalkEnd::MetKnown].iter().any(|end| end.as_str() == word));
        if let Some((id, started_at)) = open {
            let begun_at = text::moment("walks", &started_at)?;
            return Ok(Walk { id, resumed: true, begun_at, history_complete, pages: self.walk_pages(id)? });
        }
        Ok(Walk { id: self.next_walk()?, resumed: false, begun_at: at, history_complete, pages: Vec::new() })
    }

    /// A walk ends.
    pub fn end_walk(&self, walk: i64, end: WalkEnd, at: CaptureTime) -> Result<(), Error> {
        self.write(
            "UPDATE walks SET ended_at = ?2, ended = ?3 WHERE id = ?1",
            params![walk, at.to_micros_string(), end.as_str()],
        )?;
        Ok(())
    }

    fn walk_pages(&self, walk: i64) -> Result<Vec<WalkPage>, Error> {
        let doing = super::place(&self.path, "reading a walk");
        let mut statement = self
            .connection
            .prepare_cached("SELECT url, record FROM listings WHERE walk_id = ?1 ORDER BY capture_id")
            .map_err(&doing)?;
        let rows = statement
            .query_map([walk], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .map_err(&doing)?;
        rows.map(|row| {
            let (url, record) = row.map_err(&doing)?;
            let listing: Listing = serde_json::from_str(&record)
                .map_err(|error| Error::Damaged { table: "listings", what: format!("{url}: {error}") })?;
            Ok(WalkPage { url: text::url("listings", &url)?, listing })
        })
        .collect()
    }

    /// A WARC file begins, under its final name.
    pub fn begin_file(&self, name: &str, warcinfo_id: &str) -> Result<i64, Error> {
        self.insert("INSERT INTO warc_files (name, warcinfo_id) VALUES (?1, ?2)", params![name, warcinfo_id])
    }

    /// The same with the number in the file's name as the row's id, so that the next file gets a higher one.
    pub fn begin_file_as(&self, serial: Option<i64>, name: &str, warcinfo_id: &str) -> Result<i64, Error> {
        self.insert(
            "INSERT INTO warc_files (id, name, warcinfo_id) \
             SELECT max(coalesce(?1, 0), coalesce(max(id), 0) + 1), ?2, ?3 FROM warc_files",
            params![serial, name, warcinfo_id],
        )
    }

    /// How many WARC files were ever begun.
    pub fn files_begun(&self) -> Result<u64, Error> {
        let count: Option<i64> = self.row("SELECT coalesce(max(id), 0) FROM warc_files", [], |row| row.get(0))?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }

    /// The row of a file, its `warcinfo`, and one past its last indexed byte.
    pub fn file(&self, name: &str) -> Result<Option<(i64, RecordId, u64)>, Error> {
        let row: Option<(i64, String, i64)> = self.row(
            "SELECT f.id, f.warcinfo_id, coalesce((SELECT max(offset + length) FROM members m \
             WHERE m.file_id = f.id), 0) FROM warc_files f WHERE f.name = ?1",
            [name],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        Ok(row.map(|(id, info, end)| (id, RecordId::from_stored(&info), u64::try_from(end).unwrap_or_default())))
    }

    /// The name of the file that begins with this `warcinfo`; `None` where it is none of ours.
    pub fn file_described_by(&self, warcinfo: &RecordId) -> Result<Option<String>, Error> {
        self.row("SELECT name FROM warc_files WHERE warcinfo_id = ?1", [warcinfo.as_str()], |row| row.get(0))
    }

    /// The listing last read at this URL.
    pub fn listing(&self, url: &Url) -> Result<Option<Listing>, Error> {
        let held: Option<String> =
            self.row("SELECT record FROM listings WHERE url = ?1", [url.as_str()], |row| row.get(0))?;
        let read = |record: String| {
            serde_json::from_str(&record)
                .map_err(|error| Error::Damaged { table: "listings", what: format!("{url}: {error}") })
        };
        held.map(read).transpose()
    }

    /// A file has its final name now.
    pub fn finish_file(&self, file: i64) -> Result<(), Error> {
        self.write("UPDATE warc_files SET finished = 1 WHERE id = ?1", [file])?;
        Ok(())
    }
}

/// SQLite's integers are signed; no count comes near the end of them.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
