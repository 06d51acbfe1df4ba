//! Listings that are JSON: rows by a family's pointers, or the first array whose objects have a headline and an address.

use std::collections::VecDeque;

use serde_json::Value;
use url::Url;

use crate::domain::address;
use crate::domain::page::Page;
use crate::domain::record::ListingItem;
use crate::domain::time::{Date, Timestamp};
use crate::extract::dom;
use crate::extract::profile::JsonRules;

use super::{Listing, date, pager};

/// Keys under which answers of unknown systems keep a headline, an address, a day.
const TITLE_KEYS: &[&str] = &["title", "newsTitle", "articleTitle", "subject", "bt", "name"];
const URL_KEYS: &[&str] = &["url", "link", "href", "pcLink", "articleUrl", "visitUrl", "linkUrl", "pageUrl", "wapUrl"];
const DATE_KEYS: &[&str] = &[
    "publishDate",
    "publishTime",
    "pubDate",
    "releaseTime",
    "releaseDate",
    "date",
    "time",
    "createTime",
    "createDate",
    "addTime",
    "fbsj",
];

/// Values looked at in search of rows; an answer with more is no listing of news.
const MAX_VALUES: usize = 20_000;

/// Rows taken from one answer.
const MAX_ROWS: usize = 5_000;

/// Most that a parsed answer takes, in bytes; a page of five thousand rows takes half of it.
const MAX_TREE: usize = 24 << 20;

/// What an object, an array and what follows a comma take at least (a map keeps room for eleven keys at a time).
const OBJECT: usize = 640;
const ARRAY: usize = 160;
const MEMBER: usize = 100;

/// Whether an answer, parsed, would need far more memory than its text: two bytes of it make an object.
pub fn is_too_large(text: &str) -> bool {
    let takes = |byte: u8| match byte {
        b'{' => OBJECT,
        b'[' => ARRAY,
        b',' => MEMBER,
        _ => 0,
    };
    text.bytes().map(takes).sum::<usize>() > MAX_TREE
}

/// Reads rows by a family's pointers; `None` where they lead nowhere.
pub fn read(answer: &Value, page: &Page, rules: &JsonRules) -> Option<Listing> {
    let rows = answer.pointer(&rules.rows)?.as_array()?;
    let one = |row: &Value, pointers: &[String]| pointers.iter().find_map(|pointer| text(row.pointer(pointer)?));
    let items: Vec<ListingItem> = rows
        .iter()
        .take(MAX_ROWS)
        .filter_map(|row| {
            let day = rules.date.iter().find_map(|pointer| day(row.pointer(pointer)?));
            item(&one(row, &rules.title)?, one(row, &rules.url).as_deref(), day, page)
        })
        .collect();
    if items.is_empty() && !rows.is_empty() {
        return None;
    }
    let total = rules.total.as_ref().and_then(|total| number(answer.pointer(total)?));
    let next = next(page, rules, rows.len(), total);
    Some(Listing { items, next, ..Listing::default() })
}

/// Reads the first array of objects with a headline and an address, looking level by level.
pub fn guess(answer: &Value, page: &Page) -> Option<Listing> {
    let mut waiting = VecDeque::from([answer]);
    let mut seen = 0;
    while let Some(value) = waiting.pop_front() {
        seen += 1;
        if seen > MAX_VALUES {
            return None;
        }
        match value {
            Value::Array(rows) => {
                let items: Vec<ListingItem> = rows.iter().take(MAX_ROWS).filter_map(|row| guessed(row, page)).collect();
                if !items.is_empty() && items.len() * 2 > rows.len() {
                    return Some(Listing { items, ..Listing::default() });
                }
                waiting.extend(rows.iter().take(MAX_ROWS));
            }
            Value::Object(fields) => waiting.extend(fields.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    None
}

fn guessed(row: &Value, page: &Page) -> Option<ListingItem> {
    let fields = row.as_object()?;
    let under = |keys: &'static [&'static str]| keys.iter().filter_map(|key| fields.get(*key));
    let url = under(URL_KEYS).find_map(text)?;
    item(&under(TITLE_KEYS).find_map(text)?, Some(&url), under(DATE_KEYS).find_map(day), page)
}

fn item(title: &str, url: Option<&str>, date: Option<Date>, page: &Page) -> Option<ListingItem> {
    let title = if title.contains(['<', '&']) {
        dom::text(scraper::Html::parse_fragment(title).root_element())
    } else {
        dom::fold(title)
    };
    let url = url.map(str::trim).filter(|url| super::link::names_a_page(url)).and_then(|url| match &page.url {
        Some(base) => address::resolve(base, url),
        None => Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https")),
    });
    (!title.is_empty()).then_some(ListingItem { url, title, date })
}

/// The next page of an answer whose page number is a query parameter: while rows are left, or, where no total is
/// given, while pages are full.
fn next(page: &Page, rules: &JsonRules, rows: usize, total: Option<u64>) -> Option<Url> {
    let (url, param) = (page.url.as_ref()?, rules.page_param.as_ref()?);
    let asked = |name: &str| {
        let pair = url.query_pairs().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        pair.1.parse::<u64>().ok()
    };
    let first = u64::from(rules.first_page);
    let current = asked(param).unwrap_or(first);
    let size = rules.size_param.as_deref().and_then(asked).filter(|size| *size > 0);
    let given = u64::try_from(rows).ok()?;
    let more = match total {
        Some(total) => current.saturating_sub(first).checked_add(1)?.checked_mul(size.unwrap_or(given))? < total,
        None => size.is_some_and(|size| given >= size),
    };
    (given > 0 && more).then(|| pager::with_param(url, param, &(current + 1).to_string()))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A printed day, or a moment since 1970 in seconds or milliseconds.
fn day(value: &Value) -> Option<Date> {
    let moment = |number: i64| {
        let millis = if number.abs() < 100_000_000_000 { number.checked_mul(1000)? } else { number };
        Timestamp::from_epoch_millis(millis).map(Timestamp::date)
    };
    match value {
        Value::String(text) => date::with_year(text).or_else(|| match text.trim() {
            digits if digits.len() == 14 => date::with_year(digits.get(..8)?),
            digits if digits.len() >= 10 => moment(digits.parse().ok()?),
            _ => None,
        }),
        Value::Number(number) => moment(number.as_i64().filter(|number| number.abs() >= 1_000_000_000)?),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tests;
    use serde_json::json;

    fn page(url: &str) -> Page {
        tests::page(url, "")
    }

    fn rules() -> JsonRules {
        JsonRules {
            rows: "/data/data".to_owned(),
            url: vec!["/pcLink".to_owned(), "/wapLink".to_owned()],
            title: vec!["/title".to_owned()],
            date: vec!["/publishDate".to_owned()],
            total: Some("/data/total".to_owned()),
            page_param: Some("pageIndex".to_owned()),
            first_page: 0,
            size_param: Some("pageSize".to_owned()),
        }
    }

    #[test]
    fn rows_stand_where_the_pointers_say() {
        let answer = json!({"data": {"total": 3, "data": [
            {"title": "<b>动员会</b>召开", "pcLink": "/a/ylgdx/230606/1.shtml", "publishDate": "2023-06-06 16:49:09"},
            {"title": "座谈会召开", "pcLink": null, "publishDate": 1_686_000_000_000_i64},
        ]}});
        let page = page("http://portal.example.cn/studio?pageIndex=0&pageSize=2&studioID=7");
        let listing = read(&answer, &page, &rules()).unwrap();
        let rows: Vec<_> = listing.items.iter().map(|i| (i.title.as_str(), i.date.unwrap().to_string())).collect();
        assert_eq!(rows, [("动员会召开", "2023-06-06".to_owned()), ("座谈会召开", "2023-06-06".to_owned())]);
        assert_eq!(listing.items[0].url.as_ref().unwrap().path(), "/a/ylgdx/230606/1.shtml");
        assert_eq!(listing.next.unwrap().query(), Some("pageIndex=1&pageSize=2&studioID=7"));
    }

    #[test]
    fn a_wall_of_brackets_is_no_answer() {
        let rows = r#"{"title": "动员会召开", "a": [1, 2, 3], "b": {"c": null}},"#.repeat(5_000);
        assert!(!is_too_large(&rows));
        for wall in ["{},", "[],", "1,"] {
            assert!(is_too_large(&wall.repeat(300_000)), "{wall}");
        }
    }

    #[test]
    fn the_last_page_has_no_next() {
        let answer = json!({"data": {"total": 3, "data": [{"title": "座谈会召开", "pcLink": "/a.shtml"}]}});
        let listing = read(&answer, &page("http://portal.example.cn/s?pageIndex=1&pageSize=2"), &rules()).unwrap();
        assert_eq!(listing.next, None);
    }

    #[test]
    fn an_unknown_answer_is_searched_for_rows() {
        let answer = json!({"code": 0, "result": {"tags": ["a"], "list": [{"title": "动员会召开", "link": "n/1.html", "date": "2023-06-06"}]}});
        let listing = guess(&answer, &page("http://news.example.edu.cn/api/list")).unwrap();
        assert_eq!(listing.items[0].url.as_ref().unwrap().as_str(), "http://news.example.edu.cn/api/n/1.html");
        assert_eq!(guess(&json!([{"title": "动员会召开"}]), &page("http://news.example.edu.cn/")), None);
    }
}
