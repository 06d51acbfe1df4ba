//! The four properties of the records (真实性, 完整性, 可用性, 安全性; DA/T 70-2018), each check with its evidence.
//!
//! Fixity is `verify`'s own work and is taken from its report; here the index is held against itself, and the folder is
//! looked at. Nothing is changed.

mod folder;

use std::path::Path;

use super::error::Error;
use super::verify::Report;
use crate::domain::appraisal::{Check, Property, Stage, Verdict};
use crate::domain::event::HeldEvent;
use crate::domain::fixity::Problem;
use crate::domain::held::Filter;
use crate::store::{self, DATABASE, Facts, Question};

/// Things found wrong that a check names.
const NAMED: usize = 20;

/// Checks the records a filter chooses, as this stage asks. `fixity` is what `verify` found, `full` whether it unpacked
/// every record.
pub fn appraise(dir: &Path, filter: &Filter, stage: Stage, fixity: &Report, full: bool) -> Result<Vec<Check>, Error> {
    let facts = Facts::open(dir, filter)?;
    let events = store::Reader::whole(dir)?.events()?;
    let mut checks = Vec::new();
    authenticity(&mut checks, &facts, fixity, stage, &events)?;
    integrity(&mut checks, &facts, fixity, stage)?;
    usability(&mut checks, &facts, fixity, full)?;
    security(&mut checks, &facts, dir, stage, &events)?;
    Ok(checks)
}

fn authenticity(
    checks: &mut Vec<Check>,
    facts: &Facts,
    fixity: &Report,
    stage: Stage,
    events: &[HeldEvent],
) -> Result<(), Error> {
    use Property::Authenticity as P;
    let records = format!("{} records of {} bytes read and digested", fixity.records, fixity.bytes);
    let changed = fixity.problems.iter().filter(|p| p.file != DATABASE && !is_missing(p));
    checks.push(judged(
        P,
        "digests",
        "每件的校验值与保存的一致 / every record's digest is the one stored",
        changed,
        &records,
    ));
    let linked = fixity.problems.iter().filter(|p| p.file == DATABASE && is_link(p));
    checks.push(judged(
        P,
        "links",
        "元数据与原文相互对应 / metadata and record lead to each other",
        linked,
        "every reference resolves",
    ));
    let amounts = facts.amounts()?;
    let held = format!("{} captures, {} articles", amounts.captures, amounts.articles);
    checks.push(judged(
        P,
        "forms",
        "元数据的类型、长度、值域、格式符合规定 / values have the form they must have",
        facts.ask(Question::Forms)?,
        &held,
    ));
    checks.push(judged(
        P,
        "copies",
        "元数据与原文记载一致 / metadata say what the record says",
        facts.ask(Question::Copies)?,
        &held,
    ));
    checks.push(judged(
        P,
        "origins",
        "来源可靠：出自已登记的网站和采集 / from a known site and run",
        facts.ask(Question::Origins)?,
        &held,
    ));
    let about = "管理过程日志前后相连 / the log of events is unbroken";
    if stage == Stage::Filing || events.is_empty() {
        checks.push(left_out(P, "log", about, "no events are due yet"));
    } else {
        checks.push(judged(P, "log", about, broken_links(events), &format!("{} events linked", events.len())));
    }
    checks.push(left_out(
        P,
        "as-sent",
        "与移交清单一致 / equal to what was sent",
        "the manifest of a package is checked with the package",
    ));
    Ok(())
}

fn integrity(checks: &mut Vec<Check>, facts: &Facts, fixity: &Report, stage: Stage) -> Result<(), Error> {
    use Property::Integrity as P;
    let amounts = facts.amounts()?;
    let missing = fixity.problems.iter().filter(|p| p.file != DATABASE && is_missing(p));
    let there = format!("{} WARC files, {} records, {} captures", fixity.files, fixity.records, fixity.captures);
    checks.push(judged(
        P,
        "amounts",
        "件数、字节数与登记一致 / as many items and bytes as registered",
        missing,
        &there,
    ));
    let dated = format!("{} articles, {} of them without a 日期", amounts.articles, amounts.undated);
    checks.push(judged(
        P,
        "elements",
        "必备元数据齐全 / mandatory elements are filled",
        facts.ask(Question::Elements)?,
        &dated,
    ));
    checks.push(judged(
        P,
        "ordinals",
        "编号连续 / numbers leave no gap",
        facts.ask(Question::Ordinals)?,
        "versions and reflections numbered from 1",
    ));
    let files = format!("{} of {} images and attachments held", amounts.files.1, amounts.files.0);
    let contents = judged(
        P,
        "contents",
        "原文、图片、附件齐全，缺者有据 / each record has its content, or it is on record why not",
        facts.ask(Question::Contents)?,
        &files,
    );
    checks.push(beside(contents, facts.ask(Question::NotHeld)?, "not held, each for the reason given"));
    let about = "采集覆盖列表所列 / what listings name was asked for";
    let (rows, asked) = amounts.rows;
    if stage == Stage::Filing && rows > 0 {
        checks.push(judged(
            P,
            "coverage",
            about,
            Vec::<String>::new(),
            &format!("{asked} of {rows} rows of listings asked for"),
        ));
    } else {
        checks.push(left_out(P, "coverage", about, "a question for the time of filing"));
    }
    Ok(())
}

fn usability(checks: &mut Vec<Check>, facts: &Facts, fixity: &Report, full: bool) -> Result<(), Error> {
    use Property::Usability as P;
    let amounts = facts.amounts()?;
    let inside = fixity.problems.iter().filter(|p| p.file == DATABASE && !is_link(p));
    checks.push(judged(
        P,
        "database",
        "数据库可打开 / the database opens and is sound",
        inside,
        "SQLite's own check passed",
    ));
    let about = "每条记录可解析 / every record parses and unpacks";
    if full {
        let broken = fixity.problems.iter().filter(|p| p.file != DATABASE && is_unreadable(p));
        checks.push(judged(P, "records", about, broken, &format!("{} records unpacked", fixity.records)));
    } else {
        checks.push(left_out(P, "records", about, "asked for with --full"));
    }
    let articles = format!("{} articles", amounts.articles);
    checks.push(judged(
        P,
        "texts",
        "正文可读，无乱码 / texts are there and legible",
        facts.ask(Question::Texts)?,
        &articles,
    ));
    checks.push(judged(
        P,
        "formats",
        "格式适合长期保存 / formats are fit for long keeping",
        facts.ask(Question::Formats)?,
        "all on the list",
    ));
    checks.push(judged(
        P,
        "codings",
        "无加密和私有压缩 / no encryption, no private compression",
        facts.ask(Question::Codings)?,
        "gzip members, codings of HTTP",
    ));
    checks.push(judged(
        P,
        "software",
        "软件环境有记录 / the software is on record",
        facts.ask(Question::Software)?,
        "every run and file names it",
    ));
    checks.push(left_out(
        P,
        "replay",
        "他方软件可回放 / another program replays it",
        "done with pywb, outside this program",
    ));
    Ok(())
}

fn security(
    checks: &mut Vec<Check>,
    facts: &Facts,
    dir: &Path,
    stage: Stage,
    events: &[HeldEvent],
) -> Result<(), Error> {
    use Property::Security as P;
    let amounts = facts.amounts()?;
    let about = "病毒检查有记录 / a virus check is on record";
    let scanned = events.iter().filter(|held| held.event.kind == "virus check").count();
    checks.push(if scanned == 0 {
        left_out(P, "viruses", about, "no virus check is in the log of events")
    } else {
        judged(P, "viruses", about, Vec::<String>::new(), &format!("{scanned} checks in the log of events"))
    });
    let looked = folder::look(dir)?;
    let seen = format!("{} files", looked.files);
    checks.push(judged(P, "foreign-files", "无无关文件 / no foreign files", looked.foreign, &seen));
    checks.push(judged(P, "permissions", "权限得当 / nobody else may write", looked.open_to_all, &seen));
    checks.push(judged(P, "carrier", "载体可读 / the carrier can be read", looked.unreadable, &seen));
    checks.push(judged(
        P,
        "credentials",
        "不含口令 / no credentials inside",
        facts.ask(Question::Credentials)?,
        "addresses and command lines looked at",
    ));
    checks.push(left_out(
        P,
        "personal-data",
        "个人信息状况 / personal data",
        &format!("{} persons are named; whether that may be shared is for people to decide", amounts.people),
    ));
    let about = "移交接收有记录 / hand-overs are on record";
    let given = events.iter().filter(|held| held.event.kind == crate::domain::event::Event::PACKAGE_CREATION).count();
    checks.push(if stage == Stage::Transfer && given > 0 {
        judged(P, "hand-overs", about, Vec::<String>::new(), &format!("{given} packages in the log of events"))
    } else {
        left_out(P, "hand-overs", about, "no package is in the log of events, or none is asked for at this stage")
    });
    Ok(())
}

/// Something that should be there and is not, or the other way round.
fn is_missing(problem: &Problem) -> bool {
    ["cannot be read", "knows nothing", "does not know", "ends before"].iter().any(|words| problem.what.contains(words))
}

fn is_unreadable(problem: &Problem) -> bool {
    let words =
        ["broken gzip", "cut short", "no record", "not a record header", "over the limit", "more than one record"];
    words.iter().any(|words| problem.what.contains(words))
}

fn is_link(problem: &Problem) -> bool {
    ["has no ", "repeats no", "refers to no", "versions and has"].iter().any(|words| problem.what.contains(words))
}

/// Events whose link is not the one their content and the event before give.
fn broken_links(events: &[HeldEvent]) -> Vec<String> {
    let mut before = "";
    let mut broken = Vec::new();
    for held in events {
        if held.event.link(before) != held.link {
            broken.push(format!("event {} or the one before it is not what was written", held.id));
        }
        before = &held.link;
    }
    broken
}

/// Passed where nothing is wrong; the evidence is then `sound`.
fn judged<T: ToString>(
    property: Property,
    id: &'static str,
    about: &'static str,
    wrong: impl IntoIterator<Item = T>,
    sound: &str,
) -> Check {
    let wrong: Vec<String> = wrong.into_iter().map(|what| what.to_string()).collect();
    let (result, evidence) = if wrong.is_empty() {
        (Verdict::Pass, sound.to_owned())
    } else {
        (Verdict::Fail, format!("{} wrong", wrong.len()))
    };
    Check { property, id, about, result, evidence, examples: wrong.into_iter().take(NAMED).collect() }
}

/// The same check with what is no fault and has to be named all the same. All of it: who receives the records needs the list.
fn beside(check: Check, named: Vec<String>, what: &str) -> Check {
    if named.is_empty() {
        return check;
    }
    let evidence = format!("{}; {} {what}", check.evidence, named.len());
    Check { evidence, examples: [check.examples, named].concat(), ..check }
}

fn left_out(property: Property, id: &'static str, about: &'static str, why: &str) -> Check {
    Check { property, id, about, result: Verdict::NotApplicable, evidence: why.to_owned(), examples: Vec::new() }
}
