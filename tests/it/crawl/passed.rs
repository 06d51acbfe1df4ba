//! Nights that pass while a test stands still.

use chrono::{DateTime, Duration, SecondsFormat};
use rusqlite::Connection;

use super::bench::Bench;

/// Every capture so far as if made so much earlier, until this is dropped: what the WARC files say stays as it is.
pub(crate) struct Passed {
    index: Connection,
    captures: i64,
    time: Duration,
}

impl Passed {
    pub(crate) fn days(bench: &Bench, days: i64) -> Self {
        Self::hours(bench, 24 * days)
    }

    pub(crate) fn hours(bench: &Bench, hours: i64) -> Self {
        let index = crate::support::dump::by_hand(bench.dir());
        let captures = index.query_row("SELECT max(id) FROM captures", [], |row| row.get(0)).unwrap();
        let passed = Self { index, captures, time: Duration::hours(hours) };
        passed.shift(-passed.time);
        passed
    }

    fn shift(&self, time: Duration) {
        // Whoever writes by hand takes the seal away.
        std::fs::remove_file(format!("{}.seal", self.index.path().unwrap())).ok();
        let sql = "SELECT id, captured_at FROM captures WHERE id <= ?1";
        let mut statement = self.index.prepare(sql).unwrap();
        let rows = statement.query_map([self.captures], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
        for (id, at) in rows.unwrap().map(Result::unwrap).collect::<Vec<_>>() {
            let at = DateTime::parse_from_rfc3339(&at).unwrap().to_utc() + time;
            let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
            self.index.execute("UPDATE captures SET captured_at = ?2 WHERE id = ?1", (id, at)).unwrap();
        }
    }
}

impl Drop for Passed {
    fn drop(&mut self) {
        self.shift(self.time);
    }
}
