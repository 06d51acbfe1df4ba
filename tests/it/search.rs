//! Search finds what stands in the texts: no more, no less, whatever script, width and case they are in.

use std::collections::BTreeSet;
use std::path::Path;

use shiguan::domain::article::{Facets, Reflection, ReflectionKind};
use shiguan::domain::held::Filter;
use shiguan::domain::time::{Date, Timestamp};
use shiguan::fold;
use shiguan::segment::Query;
use shiguan::store::Reader;

use crate::support::corpus::{self, Numbers, Recipe, Shelf};

fn url(at: usize) -> String {
    format!("https://news{}.example/{at}", at % 7)
}

fn found(dir: &Path, query: &str) -> Vec<i64> {
    let query = Query::read(query).unwrap();
    Reader::open(dir).unwrap().matching(&query, &Filter::default()).unwrap()
}

#[test]
fn words_of_one_to_eight_characters_are_found_wherever_they_stand() {
    let dir = tempfile::tempdir().unwrap();
    let mut numbers = Numbers(7);
    let texts: Vec<(String, String)> = (0..300)
        .map(|_| {
            let recipe = Recipe::new(&mut numbers);
            let body = recipe.body();
            (recipe.title(), if numbers.below(5) == 0 { corpus::traditional(&body) } else { body })
        })
        .collect();
    let articles = texts.iter().enumerate().map(|(at, (title, body))| (1, corpus::article(&url(at), title, body)));
    Shelf::open(dir.path()).put(articles);
    let lines: Vec<Vec<String>> = texts
        .iter()
        .map(|(title, body)| [title.as_str()].into_iter().chain(body.lines()).map(fold::text).collect())
        .collect();
    let reader = Reader::open(dir.path()).unwrap();
    let mut asked = 0;
    while asked < 200 {
        let of = &lines[numbers.below(lines.len())];
        let line: Vec<char> = of[numbers.below(of.len())].chars().collect();
        let (length, from) = (1 + asked % 8, numbers.below(line.len()));
        let word: String = line.iter().skip(from).take(length).collect();
        // Numbers are whole words and have their own test.
        if word.chars().count() < length || !word.chars().all(|c| c.is_alphabetic() && !c.is_ascii()) {
            continue;
        }
        asked += 1;
        let stands = |lines: &&Vec<String>| lines.iter().any(|line| line.contains(&word));
        let want: Vec<i64> = (1..).zip(&lines).filter(|(_, lines)| stands(lines)).map(|(id, _)| id).collect();
        let query = Query::read(&word).unwrap();
        assert_eq!(reader.matching(&query, &Filter::default()).unwrap(), want, "{word}");
        let page = reader.search(&query, &Filter::default(), 0, 1000).unwrap();
        let shown: BTreeSet<i64> = page.hits.iter().map(|(held, _)| held.id).collect();
        assert_eq!((page.total, shown.into_iter().collect::<Vec<_>>()), (want.len(), want), "ranked: {word}");
    }
}

fn reflection(person: &str, affiliation: &str, text: &str) -> Reflection {
    Reflection {
        ordinal: 1,
        people: vec![person.to_owned()],
        affiliation: Some(affiliation.to_owned()),
        facets: Facets::default(),
        role: None,
        kind: ReflectionKind::Quoted,
        text: text.to_owned(),
        start: 0,
        end: text.chars().count(),
    }
}

/// Four articles, as captured one after the other.
fn shelf(dir: &Path) -> Shelf {
    let of = |at: usize, day: u32, title: &str, body: &str| {
        let mut article = corpus::article(&url(at), title, body);
        article.published_at = Timestamp::parse(&format!("2023-06-{day:02}T08:00:00+08:00"));
        article
    };
    let mut first = of(1, 1, "读书班开班", "党员林知远说：“党课讲得好。”\n２０２３年６月６日，ＡＩ技术进课堂。");
    first.reflections = vec![reflection("林知远", "测绘学院研22级党支部", "党课讲得好。")];
    first.source = Some("党委宣传部".to_owned());
    let mut shelf = Shelf::open(dir);
    shelf.put([
        (1, first),
        (2, of(2, 2, "讲授专题党课", "學思想，強黨性。黨課之後交流心得。")),
        (3, of(3, 3, "图书馆通知", "16月读者日，party 照常。\n党")),
        (4, of(4, 4, "课表调整", "课程与图书馆开放时间有变，ai 2023 见附件。")),
    ]);
    shelf
}

#[test]
fn queries_find_what_people_expect() {
    let dir = tempfile::tempdir().unwrap();
    shelf(dir.path());
    for (query, want) in [
        ("党课", vec![1, 2]),
        ("黨課", vec![1, 2]),
        ("党", vec![1, 2, 3]),
        ("党课 心得", vec![2]),
        ("党课 OR 通知", vec![1, 2, 3]),
        ("党课 -心得", vec![1]),
        ("NOT 党课", vec![3, 4]),
        ("-党课 图书馆", vec![3, 4]),
        ("(党课 OR 图书馆) -（心得｜时间）", vec![1, 3]),
        ("“学思想 强党性”", vec![2]),
        ("学思想强党性", vec![]),
        ("学思想，强党性", vec![2]),
        ("title:党课", vec![2]),
        ("标题：党课", vec![2]),
        ("body:党课 title:读书", vec![1]),
        ("reflection:党课", vec![1]),
        ("person:林知远", vec![1]),
        ("人物:知远", vec![1]),
        ("unit:测绘学院", vec![1]),
        ("unit:(测绘 OR 地学) 党课", vec![1]),
        ("source:宣传部", vec![1]),
        ("宣传部", vec![]),
        ("2023", vec![1, 4]),
        ("2023年6月6日", vec![1]),
        ("6月", vec![1]),
        ("Ai", vec![1, 4]),
        ("AI技术", vec![1]),
        ("art", vec![]),
        ("Party", vec![3]),
    ] {
        assert_eq!(found(dir.path(), query), want, "{query}");
    }
}

#[test]
fn the_title_counts_most_and_pages_follow_each_other() {
    let dir = tempfile::tempdir().unwrap();
    shelf(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    let page = |query: &str, offset, limit, filter: &Filter| {
        let found = reader.search(&Query::read(query).unwrap(), filter, offset, limit).unwrap();
        (found.total, found.hits.iter().map(|(held, _)| held.id).collect::<Vec<_>>())
    };
    let all = Filter::default();
    assert_eq!(page("党课", 0, 9, &all), (2, vec![2, 1]));
    assert_eq!(page("党课", 1, 1, &all), (2, vec![1]));
    assert_eq!(page("NOT 党课", 0, 9, &all), (2, vec![4, 3]), "nothing to rank by but the date");
    assert_eq!(page("党课", 2, 9, &all), (2, vec![]));
    let since = Filter { since: Date::new(2023, 6, 2), ..Filter::default() };
    assert_eq!(page("党课", 0, 9, &since), (1, vec![2]));
    let person = Filter { person: Some("林知远".to_owned()), ..Filter::default() };
    assert_eq!(page("党课", 0, 9, &person), (1, vec![1]));
    let site = Filter { sites: vec!["news3.example".to_owned()], ..Filter::default() };
    assert_eq!(page("图书馆", 0, 9, &site), (1, vec![3]));
}

#[test]
fn an_edited_article_is_found_by_its_new_words_only() {
    let dir = tempfile::tempdir().unwrap();
    let mut shelf = shelf(dir.path());
    shelf.put([(9, corpus::article(&url(3), "图书馆通知", "改期举行诗会。"))]);
    assert_eq!(found(dir.path(), "诗会"), [3]);
    assert_eq!(found(dir.path(), "读者日"), Vec::<i64>::new());
    shelf.index.begin().unwrap();
    shelf.index.rebuild_words().unwrap();
    shelf.index.commit().unwrap();
    assert_eq!((found(dir.path(), "诗会"), found(dir.path(), "党课")), (vec![3], vec![1, 2]));
}

#[test]
fn the_command_prints_hits_for_people_and_for_scripts() {
    let dir = tempfile::tempdir().unwrap();
    shelf(dir.path());
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_shiguan"));
        let done = command.arg("search").args(args).arg("--archive").arg(dir.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
    };
    let (code, text, _) = run(&["黨課 -心得"]);
    assert_eq!(
        (code, text.as_str()),
        (
            0,
            "1. 读书班开班\n   2023-06-01 · news1.example · 党委宣传部\n   党员林知远说：“【党课】讲得好。” ２０２３年６月６日，\
             ＡＩ技术进课堂。\n   https://news1.example/1\n\n1 article found\n"
        )
    );
    let (code, text, _) = run(&["title:党课", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (code, &value["total"], &value["hits"][0]["title_highlights"]),
        (0, &1.into(), &serde_json::json!([[4, 6]]))
    );
    let (code, text, error) = run(&["党课 AND"]);
    assert_eq!((code, text.as_str(), error.as_str()), (2, "", "error: query, character 7: a word is missing here\n"));
    assert_eq!(run(&["没有这样的词"]), (0, "0 articles found\n".to_owned(), String::new()));
}

/// The examples of the guide are queries that can be read.
#[test]
fn the_guides_examples_are_queries() {
    let guide = include_str!("../../docs/search.md");
    let examples: Vec<&str> = guide.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(examples.len() > 10, "examples were found");
    for example in examples {
        Query::read(&example.replace("\\|", "|")).unwrap();
    }
    for (_, names) in shiguan::segment::Field::ALL {
        assert!(names.iter().all(|name| guide.contains(&format!("`{name}:`"))), "{names:?}");
    }
}
