//! Stored payloads, read back from the WARC files.

use std::fs::File;
use std::io::{BufReader, Seek as _, SeekFrom};
use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _};

use super::{Error, warc_path};
use crate::warc::{Reader, Record, Response};

/// The record whose member begins at `offset` of a file.
pub(super) fn record_at(dir: &Path, name: &str, offset: u64) -> Result<Record, Error> {
    let path = warc_path(dir, name);
    let wrong = |what: String| Error::Record { path: path.clone(), offset, what };
    let mut file = File::open(&path).map_err(|error| wrong(error.to_string()))?;
    file.seek(SeekFrom::Start(offset)).map_err(|error| wrong(error.to_string()))?;
    let mut reader = Reader::new(BufReader::new(file)).map_err(|error| wrong(error.to_string()))?;
    match reader.next() {
        Some(Ok(found)) if found.offset == offset => Ok(found.record),
        Some(Ok(_)) | None => Err(wrong("no record begins here".to_owned())),
        Some(Err(damage)) => Err(wrong(damage.to_string())),
    }
}

/// The answer a capture's payload is in: its own record, or the one it repeats. `None` where there is none.
pub(super) fn answer_of(connection: &Connection, dir: &Path, capture: i64) -> Result<Option<Response>, Error> {
    let place = connection
        .prepare_cached(
            "SELECT f.name, o.warc_offset FROM captures c JOIN captures o ON o.id = c.original_id \
             JOIN warc_files f ON f.id = o.file_id WHERE c.id = ?1",
        )
        .and_then(|mut statement| {
            statement.query_row([capture], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).optional()
        })
        .map_err(|source| Error::Sqlite { doing: "looking up a record", source })?;
    let Some((name, offset)) = place else { return Ok(None) };
    let record = record_at(dir, &name, u64::try_from(offset).unwrap_or_default())?;
    Ok(Response::of(&record))
}
