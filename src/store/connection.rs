//! Connections: one that writes, others that only read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Params, Row};
use url::Url;

use super::migrations::{MIGRATIONS, VERSION};
use super::{DATABASE, Error, seal};

/// How long a lock held by another program is waited for.
pub(super) const BUSY: Duration = Duration::from_secs(10);

const READING_VERSION: &str = "reading the version";

/// Statements kept prepared: more than the writer uses.
const STATEMENTS: usize = 96;

/// Opens or makes the database for writing and brings its schema up to date.
pub(super) fn open_for_writing(dir: &Path) -> Result<Connection, Error> {
    let path = dir.join(DATABASE);
    let mut connection = open(&path)?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .map_err(place(&path, "setting up"))?;
    migrate(&mut connection, &path)?;
    Ok(connection)
}

/// Makes a database of the newest schema under another name.
pub(super) fn make(path: &Path) -> Result<Connection, Error> {
    let mut connection = open(path)?;
    connection.execute_batch("PRAGMA foreign_keys = ON;").map_err(place(path, "setting up"))?;
    migrate(&mut connection, path)?;
    Ok(connection)
}

fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(place(path, "opening"))?;
    prepare(&connection, path)?;
    refuse_newer(version(&connection, path)?, path)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    MIGRATIONS.to_latest(connection).map_err(|error| {
        if let rusqlite_migration::Error::RusqliteError { err, .. } = error {
            place(path, "migrating")(err)
        } else {
            Error::Migration { path: path.to_owned(), what: error.to_string() }
        }
    })
}

/// Opens an existing database for reading; nothing this connection does can change it.
pub(super) fn open_for_reading(dir: &Path) -> Result<Connection, Error> {
    let path = dir.join(DATABASE);
    refuse_lost(dir)?;
    if !path.is_file() {
        return Err(Error::Missing { path });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&path, flags).map_err(place(&path, "opening"))?;
    prepare(&connection, &path)?;
    let mut found = user_version(&connection);
    if is_half_done(&found) {
        undo_half_done(&path)?;
        found = user_version(&connection);
    }
    if is_out_of_reach(&found) && !seal::has_log(dir) {
        connection = open_at_rest(&path, flags)?;
        found = user_version(&connection);
    }
    let found = found.map_err(place(&path, READING_VERSION))?;
    refuse_newer(found, &path)?;
    refuse_older(found, &path)?;
    connection.execute_batch("PRAGMA query_only = ON").map_err(place(&path, "setting up"))?;
    Ok(connection)
}

/// Whether SQLite cannot read an index in a folder it may not write: there it cannot lay out the log's index it reads
/// through (sqlite.org/wal.html, read-only databases).
fn is_out_of_reach(asked: &rusqlite::Result<i64>) -> bool {
    let code = asked.as_ref().err().and_then(rusqlite::Error::sqlite_error_code);
    matches!(code, Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// Opens an index without a log as a file nobody changes, which is what it is where nobody can: on a medium or in a snapshot
/// that is read-only. Where somebody else can, a run that begins meanwhile may make the answer an error or an old one.
fn open_at_rest(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let whole = std::path::absolute(path).ok().and_then(|whole| Url::from_file_path(whole).ok());
    let mut address = whole.ok_or_else(|| Error::Missing { path: path.to_owned() })?;
    address.set_query(Some("immutable=1"));
    let flags = flags | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(address.as_str(), flags).map_err(place(path, "opening"))?;
    prepare(&connection, path)?;
    Ok(connection)
}

/// Whether a writer was killed while it made a new or an earlier index one of today's: until that is undone the index has a
/// rollback journal, and SQLite refuses it to whoever may only read.
fn is_half_done(asked: &rusqlite::Result<i64>) -> bool {
    let Err(rusqlite::Error::SqliteFailure(code, _)) = asked else { return false };
    code.extended_code == rusqlite::ffi::SQLITE_READONLY_ROLLBACK
}

/// Whoever may write undoes it by asking anything.
fn undo_half_done(path: &Path) -> Result<(), Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let writer = Connection::open_with_flags(path, flags).map_err(place(path, "opening"))?;
    prepare(&writer, path)?;
    version(&writer, path).map(|_undone| ())
}

/// Opens an existing database for a short write beside its owner's; `None` where its schema is not today's, since only
/// its owner brings it up to date.
pub(super) fn open_existing(dir: &Path) -> Result<Option<Connection>, Error> {
    let path = dir.join(DATABASE);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags).map_err(place(&path, "opening"))?;
    prepare(&connection, &path)?;
    let found = version(&connection, &path)?;
    refuse_newer(found, &path)?;
    Ok(is_todays(found).then_some(connection))
}

fn prepare(connection: &Connection, path: &Path) -> Result<(), Error> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(BUSY).map_err(place(path, "setting up"))
}

/// A new index beside old WARC files would look like an archive that lost everything, so none is made silently. An empty
/// file is no index: SQLite takes it for a new database.
pub fn refuse_lost(dir: &Path) -> Result<(), Error> {
    let path = dir.join(DATABASE);
    let exists = path.metadata().is_ok_and(|found| found.len() > 0);
    if exists || !has_files(&dir.join("warc")) { Ok(()) } else { Err(Error::Lost { path }) }
}

/// Whether a file of any kind stands in this folder or in one of its years.
fn has_files(dir: &Path) -> bool {
    let entries = |dir: &Path| std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    entries(dir).any(|path| path.is_file() || entries(&path).any(|path| path.is_file()))
}

/// The version of the schema; the first question asked of an index, so its answer also says whether it can be read at all.
fn user_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn version(connection: &Connection, path: &Path) -> Result<i64, Error> {
    user_version(connection).map_err(place(path, READING_VERSION))
}

fn is_todays(version: i64) -> bool {
    usize::try_from(version).is_ok_and(|version| version == VERSION)
}

/// Whoever only reads cannot bring a schema up to date, and would look for tables that are not there.
fn refuse_older(found: i64, path: &Path) -> Result<(), Error> {
    if is_todays(found) { Ok(()) } else { Err(Error::Older { path: path.to_owned(), found, ours: VERSION }) }
}

fn refuse_newer(found: i64, path: &Path) -> Result<(), Error> {
    if usize::try_from(found).is_ok_and(|found| found > VERSION) {
        return Err(Error::Newer { path: path.to_owned(), found, ours: VERSION });
    }
    Ok(())
}

/// Names the database in what SQLite said; a lock that was not let go of has its own error, and so has damage.
pub(super) fn place(path: &Path, doing: &'static str) -> impl Fn(rusqlite::Error) -> Error + use<> {
    let path: PathBuf = path.to_owned();
    move |source| match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy { path: path.clone() },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            let what = if let rusqlite::Error::SqliteFailure(code, _) = source {
                rusqlite::ffi::code_to_str(code.extended_code).to_owned()
            } else {
                source.to_string()
            };
            Error::Corrupt { path: path.clone(), what }
        }
        _ => Error::Sqlite { doing, source },
    }
}

const ASKING: &str = "asking the index";

/// The first row of a prepared query.
pub(super) fn first<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, Error> {
    #[cfg(test)]
    asked::note(sql);
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row(params, read).optional())
        .map_err(|source| Error::Sqlite { doing: ASKING, source })
}

/// All rows of a prepared query.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Error> {
    #[cfg(test)]
    asked::note(sql);
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_map(params, read)?.collect())
        .map_err(|source| Error::Sqlite { doing: ASKING, source })
}

/// What is asked and how SQLite goes about it, for tests.
#[cfg(test)]
pub(super) mod asked {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use rusqlite::types::Null;
    use rusqlite::{Connection, params_from_iter};

    thread_local!(static ASKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) });

    pub(super) fn note(sql: &str) {
        ASKED.with_borrow_mut(|asked| asked.insert(sql.to_owned()));
    }

    /// All questions of this thread so far.
    pub(in crate::store) fn all() -> BTreeSet<String> {
        ASKED.with_borrow(Clone::clone)
    }

    /// The steps of the plan for a question (sqlite.org/eqp.html); the parent of an outer one is 0.
    pub(in crate::store) fn plan(connection: &Connection, sql: &str) -> Vec<(i64, String)> {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nothing = vec![Null; statement.parameter_count()];
        let steps = statement.query_map(params_from_iter(nothing), |row| Ok((row.get(1)?, row.get(3)?))).unwrap();
        steps.map(Result::unwrap).collect()
    }
}
