//! Pages made to break a reader: deep, wide, endless, unclosed. Each becomes a record, in time that grows with its size,
//! on an ordinary thread's stack, and says where it was cut.
//!
//! The limit is generous, for builds without optimisation on busy machines. Sizes are such that anything quadratic takes
//! minutes: a hundred thousand things looked at for each of a hundred thousand.

mod cost;
mod pages;

use std::thread;
use std::time::{Duration, Instant};

use shiguan::decode;
use shiguan::domain::record::Record;
use shiguan::domain::time::Date;
use shiguan::extract::{self, Catalogue};

/// What one page may take here; an optimised build is held to two seconds.
const LIMIT: Duration = Duration::from_mins(1);

/// The stack of threads that read pages: what the standard library gives.
const STACK: usize = 2 << 20;

const HEAD: &str = "<!DOCTYPE html><html><head><title>会议召开</title></head><body>";
const TEXT: &str = "<p>六月六日，云岭理工大学召开会议，总结上半年工作，部署下半年任务。</p>\
    <p>会议强调，要认真学习，深入调研，把成果落实到工作中，推动学校事业发展。</p>";

/// Reads a page on a thread of its own.
#[expect(clippy::disallowed_methods, reason = "the test holds the reader to a time")]
fn read(name: &'static str, page: Vec<u8>) -> Record {
    let started = Instant::now();
    let reader = thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(move || {
        let page = decode::decode(&page, &decode::Hints::default(), Date::new(2026, 1, 1).unwrap());
        extract::extract(&page, &Catalogue::load(&[]).unwrap(), &extract::Hints::default()).record
    });
    let record = reader.unwrap().join();
    assert!(started.elapsed() < LIMIT, "{name} took {:?}", started.elapsed());
    assert!(record.is_ok(), "{name} broke the reader");
    record.unwrap()
}

/// Reads a page of `HEAD`, something made to break it, and an article's text; gives the warnings.
fn warnings(name: &'static str, monster: &str) -> Vec<String> {
    let mut record = read(name, [HEAD, monster, TEXT].concat().into_bytes());
    record.warnings_mut().clone()
}

#[test]
fn nesting_is_cut_and_said() {
    let formatting: String = (0..200_000).map(|n| ["<b>", "<i>", "<font>字", "<a>", "<u>"][n % 5]).collect();
    for (name, monster) in [
        ("divisions", "<div>".repeat(100_000)),
        ("formatting", formatting),
        ("tables", "<table><tr><td>".repeat(60_000)),
        ("drawings", "<svg><g>".repeat(50_000)),
        ("formulas", "<math><mi>".repeat(50_000)),
    ] {
        assert!(warnings(name, &monster).iter().any(|said| said == "too-deep"), "{name}");
    }
}

#[test]
fn attributes_and_tags_are_cut_and_said() {
    let many = (0..60_000).map(|n| format!(" a{n}=1")).collect::<Vec<_>>().concat();
    let said = warnings("attributes", &format!("<p{many}>"));
    assert!(said.iter().any(|said| said == "too-many-attributes"), "{said:?}");
    let said = warnings("tags", &"<span>字</span>".repeat(200_000));
    assert!(said.iter().any(|said| said == "too-many-tags"), "{said:?}");
}

#[test]
fn what_is_long_takes_no_longer_than_its_length() {
    let link = |n| format!("<li><a href=/info/1/{n}.htm>学院召开第{n}次会议</a></li>");
    let links = (0..100_000).map(link).collect::<Vec<_>>().concat();
    for (name, monster) in [
        ("one attribute", format!("<p title='{}'>", "字".repeat(2_000_000))),
        ("links", "<a href=/info/1/2.htm>学院召开主题教育会议</a>".repeat(100_000)),
        ("other links", links),
        ("images", "<img src=a.jpg>".repeat(100_000)),
        ("items", "<ul><li>字".repeat(30_000)),
        ("misnested", "<b><p>字</b><i>".repeat(30_000)),
        ("end tags", "</p></div>".repeat(100_000)),
        ("signs", "<".repeat(1_000_000)),
        ("labels", format!("<p>{}</p>", "来源：".repeat(100_000))),
        ("open quotes", format!("<p>{}</p>", "“".repeat(200_000))),
    ] {
        drop(warnings(name, &monster));
    }
}

#[test]
fn what_never_ends_and_what_is_no_text_is_read_as_far_as_it_goes() {
    let after = |tail: &str| [HEAD, TEXT, tail].concat().into_bytes();
    for (name, page) in [
        ("comment", after(&format!("<!-- {}", "x".repeat(2_000_000)))),
        ("script", after(&format!("<script>{}", "x</".repeat(500_000)))),
        ("style", after(&format!("<style>{}", "x</".repeat(500_000)))),
        ("title", HEAD.replace("会议召开", &"学院召开会议".repeat(100_000)).into_bytes()),
        ("separators", [&HEAD.replace("会议召开", &"会议-".repeat(100_000)), TEXT].concat().into_bytes()),
        ("zeros", [HEAD.as_bytes(), &vec![0; 1_000_000], TEXT.as_bytes()].concat()),
    ] {
        drop(read(name, page));
    }
}
