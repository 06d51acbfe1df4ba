//! Archives of every earlier schema: whoever only reads says which it is and what brings it up to date; whoever writes
//! does that, and nothing that was held is lost.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::crawl::college::{College, HOST, path};
use crate::support::dump::{by_hand, differences, dump};
use crate::support::program::run;

/// Steps of the schema, oldest first.
fn steps() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/schema");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

/// Two runs: three articles, then one edited and one gone.
fn archive() -> TempDir {
    let (college, server) = College { etags: true, ..College::with(3) }.serve();
    let dir = TempDir::new().unwrap();
    let (seed, resolve) = (format!("http://{HOST}/xwzx.htm"), server.resolve(HOST));
    let crawl = ["crawl", "--seed", &seed, "--resolve", &resolve, "--delay", "0"];
    assert_eq!(run(dir.path(), &crawl).code, 0);
    college.lock().unwrap().edited.insert(2);
    college.lock().unwrap().status.insert(path(1), 404);
    assert_eq!(run(dir.path(), &[&crawl[..], &["--full"]].concat()).code, 0);
    dir
}

fn names(index: &Connection, sql: &str) -> Vec<String> {
    index.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// The index as a program of this schema would have written it: its tables and columns, with what stands in them today.
fn index_of(version: usize, steps: &[String], today: &Path, to: &Path) {
    let old = by_hand(to.parent().unwrap());
    for step in &steps[..version] {
        old.execute_batch(step).unwrap();
    }
    old.execute("ATTACH ?1 AS today", [today.to_str().unwrap()]).unwrap();
    let tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                  AND name NOT LIKE 'search%'";
    for table in names(&old, tables) {
        let columns = names(&old, &format!("SELECT '\"' || name || '\"' FROM pragma_table_info('{table}', 'main')"));
        let columns = columns.join(", ");
        let copy = format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM today.{table}");
        old.execute_batch(&copy).unwrap();
    }
    // What a later program computed is computed anew.
    old.execute_batch(&format!("DELETE FROM main.meta WHERE key <> 'archive'; PRAGMA main.user_version = {version}"))
        .unwrap();
}

/// What every schema has held, in its words of today; tables that came later are empty where nobody wrote them.
fn held(dir: &Path) -> Vec<String> {
    let later = ["meta", "images", "attachments", "site_runs", "import", "text", "article_texts", "events"];
    let of_all = |line: &String| !later.iter().any(|table| line.starts_with(table));
    dump(dir).into_iter().filter(of_all).collect()
}

#[test]
fn an_archive_of_every_earlier_schema_is_refused_by_readers_and_taken_up_by_writers() {
    let dir = archive();
    let (steps, folder) = (steps(), dir.path().join("archive"));
    let (index, today) = (folder.join("shiguan.db"), dir.path().join("today.db"));
    let before = held(&folder);
    assert!(before.iter().filter(|line| line.starts_with("tombstones") || line.starts_with("appearances")).count() > 4);
    Connection::open(&index).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    fs::rename(&index, &today).unwrap();
    assert!(steps.len() >= 10);
    for version in 1..steps.len() {
        for suffix in ["", "-wal", "-shm"] {
            fs::remove_file(folder.join(format!("shiguan.db{suffix}"))).ok();
        }
        index_of(version, &steps, &today, &index);
        let bytes = fs::read(&index).unwrap();
        for arguments in [
            &["status"][..],
            &["verify", "--full"],
            &["export", "articles"],
            &["search", "读书班"],
            &["show", "1"],
            &["package", "--format", "wacz", "-o", "a.wacz"],
            &["crawl", "--dry-run", "--seed", "http://127.0.0.1:1/"],
        ] {
            let ran = run(dir.path(), arguments);
            assert_eq!(ran.code, 3, "{version} {arguments:?}: {}", ran.stderr);
            assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
            let versions = format!("schema version {version} is older than the {}", steps.len());
            for said in [&versions, "archive/shiguan.db", "`shiguan crawl`", "`shiguan reextract --dry-run`"] {
                assert!(ran.stderr.contains(said), "{version} {arguments:?}: {}", ran.stderr);
            }
        }
        assert_eq!(fs::read(&index).unwrap(), bytes, "readers change nothing");
        assert!(!dir.path().join("a.wacz").exists());

        let taken_up = run(dir.path(), &["reextract", "--dry-run"]);
        assert_eq!(taken_up.code, 0, "{version}: {}", taken_up.stderr);
        let differences = differences(&before, &held(&folder));
        assert!(differences.is_empty(), "schema {version}:\n{}", differences.join("\n"));
        assert_eq!(run(dir.path(), &["verify", "--full"]).code, 0);
        assert!(run(dir.path(), &["search", "读书班"]).stdout.matches("读书班").count() >= 3, "{version}");
    }
}

#[test]
fn a_timer_goes_on_after_the_program_was_renewed() {
    let dir = archive();
    let index = dir.path().join("archive/shiguan.db");
    fs::create_dir_all(dir.path().join("selectors/sites")).unwrap();
    let site = "site = \"yunling\"\nname = \"云岭\"\nseeds = [\"http://127.0.0.1:1/\"]\nschedule = \"0 0 1 1 *\"\n";
    fs::write(dir.path().join("selectors/sites/yunling.toml"), site).unwrap();
    let today = dir.path().join("today.db");
    Connection::open(&index).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    fs::rename(&index, &today).unwrap();
    index_of(3, &steps(), &today, &index);
    let due = ["crawl", "--due", "--selectors", "selectors"];
    assert_eq!(run(dir.path(), &[&due[..], &["--dry-run"]].concat()).code, 3, "a dry run writes nothing");
    let ran = run(dir.path(), &due);
    assert!(!ran.stderr.contains("schema"), "{}", ran.stderr);
    assert_eq!(run(dir.path(), &["status"]).code, 0);
}

#[test]
fn a_rebuilt_index_keeps_the_log_of_an_earlier_one() {
    let dir = archive();
    assert_eq!(run(dir.path(), &["verify"]).code, 0);
    let (index, today) = (dir.path().join("archive/shiguan.db"), dir.path().join("today.db"));
    Connection::open(&index).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    fs::rename(&index, &today).unwrap();
    index_of(4, &steps(), &today, &index);
    assert_eq!(run(dir.path(), &["reindex"]).code, 0);
    let log = Connection::open(&index).unwrap();
    assert_eq!(log.query_row("SELECT count(*) FROM events", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}
