//! How a page was read: rule by rule, for the person who writes the rules.
//!
//! The record comes from [`extract`](super::extract) itself; every rule is then asked by itself with the code that reads
//! pages, and what it gave is compared with the record. Nothing here reads a page in a way of its own, so an answer can
//! be less precise than one wishes ("a line around the body"), never another reader's opinion.

mod article;
mod family;
mod listing;
mod look;
mod markup;
mod media;
mod origin;
pub mod shape;

use scraper::Html;

use crate::domain::page::{Page, PageFormat};
use crate::domain::record::Record;

use super::catalogue::{Catalogue, GENERIC};
use super::rule::Evidence;
use super::{Hints, dom, family_of};

use look::{Look, Part};
use origin::Origin;
pub use shape::Trace;
use shape::{By, Field, Found, PageTrace};

/// How a page is read with these profiles.
pub fn trace(page: &Page, catalogue: &Catalogue, hints: &Hints<'_>) -> Trace {
    look_at(page, catalogue, hints, |_, _| ()).0
}

/// The same, with the page as HTML in which the parts that gave something are outlined and labelled. Scripts are gone and
/// a content security policy forbids any. `None` in place of the page where it is no HTML.
pub fn marked(page: &Page, catalogue: &Catalogue, hints: &Hints<'_>) -> (Trace, Option<String>) {
    let (trace, html) = look_at(page, catalogue, hints, markup::write);
    (trace, html)
}

/// Reads and traces; `with` sees the parsed page and its parts, and is not called where the page is no HTML.
fn look_at<T>(
    page: &Page,
    catalogue: &Catalogue,
    hints: &Hints<'_>,
    with: impl FnOnce(&Html, &[Part]) -> T,
) -> (Trace, Option<T>) {
    let record = super::extract(page, catalogue, hints).record;
    let doc = dom::parse(if page.format == PageFormat::Html { &page.text } else { "" });
    let chosen = if page.format == PageFormat::Html {
        family_of(&doc, page, catalogue, hints)
    } else {
        // What is no HTML is read by the family whose rules lead to rows.
        Some(record.family()).filter(|name| *name != GENERIC).and_then(|name| catalogue.family(name))
    };
    let family = family::choice(page, &doc, catalogue, hints, (chosen, selectors(&record)));
    let names = chosen.map(|family| family.name.as_str()).into_iter().chain([record.family()]);
    let mut origins: Vec<Origin<'_>> = Vec::new();
    for name in names {
        if origins.iter().all(|origin| origin.profile.family != name) {
            let revision = catalogue.family(name).map_or(0, |family| family.revision_on(page.captured_on));
            let profile = catalogue.profile(name, hints.site, page.captured_on);
            origins.push(Origin::new(catalogue, profile, hints.site, revision));
        }
    }
    let meta_text = look::meta_text(&doc, &origins);
    let evidence = Evidence::of_html(&doc).with_meta_line(&meta_text);
    let look = Look { doc: &doc, page, origins: &origins, evidence };
    let (fields, parts) = fields(&look, &record);
    let html = (page.format == PageFormat::Html).then(|| with(&doc, &parts));
    let (kind, warnings) = (record.kind(), record.warnings().to_vec());
    (Trace { page: of_page(page), kind, family, warnings, fields, record }, html)
}

fn fields(look: &Look<'_>, record: &Record) -> (Vec<Field>, Vec<Part>) {
    let kind = listing::kind(look, look.doc, record.kind());
    let (mut fields, parts) = match record {
        Record::Article(article) => article::fields(look, article),
        Record::Listing(found) if look.page.format == PageFormat::Html => listing::fields(look, found),
        Record::Listing(found) => {
            let origin = look.origins.iter().find(|origin| origin.profile.family == found.family);
            (origin.map(|origin| listing::of_data(look.page, origin, found)).unwrap_or_default(), Vec::new())
        }
        Record::Other(other) => {
            let why = other.warnings.join(", ");
            let title = other.title.as_ref().map(|title| Found::generic(title, "<title>"));
            let found = Found::new("other", By::Generic(why));
            return (
                vec![Field::new("kind", Some(found), kind.tries), Field::new("title", title, Vec::new())],
                Vec::new(),
            );
        }
    };
    fields.insert(0, kind);
    (fields, parts)
}

/// Family and revision of the rules used, `generic` without a day where nothing says.
fn selectors(record: &Record) -> &str {
    let selectors = match record {
        Record::Article(article) => &article.selectors,
        Record::Listing(listing) => &listing.selectors,
        Record::Other(other) => &other.selectors,
    };
    if selectors.is_empty() { GENERIC } else { selectors }
}

fn of_page(page: &Page) -> PageTrace {
    PageTrace {
        url: page.url.as_ref().map(ToString::to_string),
        format: match page.format {
            PageFormat::Html => "html",
            PageFormat::Json => "json",
            PageFormat::Xml => "xml",
            PageFormat::Text => "text",
            PageFormat::Binary => "binary",
        },
        chars: page.text.chars().count(),
        charset: page.charset.name.clone(),
        charset_by: page.charset.source.as_str(),
        charset_doubtful: page.charset.doubtful,
        captured_on: page.captured_on.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::shape::{Outcome, Try};
    use super::*;
    use crate::extract::catalogue::SourceFile;
    use crate::extract::tests::page;

    const SITE: &str = "site = \"yl\"\nname = \"云岭\"\nseeds = [\"http://news.yunling.example/\"]\nfamily = \"x\"\n\
        [article]\ntitle = [{ css = \"h5\" }]\n";
    const FAMILY: &str = "family = \"x\"\nname = \"X\"\nevidence = \"general\"\n[detect]\nthreshold = 3\nmarks = [{ text = \"made-by-x\", weight = 4 }]\n\
        [[revision]]\nsince = \"0001-01-01\"\n[revision.article]\ntitle = [{ css = \".none\" }, { css = \".empty\" }, { css = \"h2\" }, { css = \"h1\" }]\n\
        published = [{ css = \"h1\" }, { css = \".time\" }]\nmeta_line = [\".info\"]\nbody = [\".text\", \".content\"]\n";
    const ARTICLE: &str = "<title>我校召开推进会-云岭理工大学</title><!-- made-by-x --><b class=empty></b><h1>我校召开推进会</h1><h2>相关新闻</h2>\
        <p class=info>来源：校报 作者：李禾</p><i class=time>2023-06-06</i><div class=content><p>六月六日，云岭理工大学召开会议，总结上半年工作，部署下半年任务。</p>\
        <p>校长主持会议，各学院负责人参加，会议认为成绩来之不易，要再接再厉。</p></div>";

    fn catalogue() -> Catalogue {
        let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
        Catalogue::load(&[file("families/x.toml", FAMILY), file("sites/yl.toml", SITE)]).unwrap()
    }

    fn told(tries: &[Try]) -> Vec<(&str, Option<usize>, Outcome, &str)> {
        tries.iter().map(|t| (t.rule.file.as_str(), t.rule.line, t.outcome, t.why.as_str())).collect()
    }

    fn field<'t>(trace: &'t Trace, name: &str) -> &'t Field {
        trace.fields.iter().find(|field| field.name == name).unwrap()
    }

    #[test]
    fn rules_that_won_lost_and_were_not_needed_are_told_apart() {
        let page = page("http://news.yunling.example/a/1.html", ARTICLE);
        let trace = trace(&page, &catalogue(), &Hints { family: None, site: Some("yl") });
        let x = "families/x.toml";
        assert_eq!(
            told(&field(&trace, "title").tries),
            [
                ("sites/yl.toml", Some(6), Outcome::Lost, "no match"),
                (x, Some(10), Outcome::Lost, "no match"),
                (x, Some(10), Outcome::Lost, "1 match, empty"),
                (x, Some(10), Outcome::Lost, "does not agree with the page's <title>"),
                (x, Some(10), Outcome::Won, ""),
            ]
        );
        assert_eq!(field(&trace, "title").tries[4].rule.written, "{ css = \"h1\" }");
        let published = field(&trace, "published_at");
        assert_eq!(published.found[0].by, By::Rule);
        assert_eq!(published.tries[0].why, "not a date");
        assert_eq!(field(&trace, "source").found, [Found::new("校报", By::MetaLine)]);
        assert_eq!(field(&trace, "body").tries[1].outcome, Outcome::Won);
        assert_eq!((trace.family.chosen_by, trace.family.selectors.as_str()), ("site", "x@0001-01-01"));
    }

    #[test]
    fn what_no_rule_gave_is_said_to_be_the_generic_readers() {
        let article = ARTICLE.replace("made-by-x", "");
        let page = page("http://news.yunling.example/a/1.html", &article);
        let trace = trace(&page, &catalogue(), &Hints::default());
        assert_eq!((trace.family.chosen_by, trace.family.candidates.len()), ("none", 0));
        let by = &field(&trace, "body").found[0].by;
        assert!(matches!(by, By::Generic(at) if at.contains("by its prose")), "{by:?}");
        let by = &field(&trace, "title").found[0].by;
        assert!(matches!(by, By::Generic(at) if at.contains("h1")), "{by:?}");
    }

    #[test]
    fn the_sums_are_the_recognisers_and_the_record_is_extracts() {
        let page = page("http://news.yunling.example/a/1.html", ARTICLE);
        let (catalogue, hints) = (catalogue(), Hints::default());
        let trace = trace(&page, &catalogue, &hints);
        let first = &trace.family.candidates[0];
        assert_eq!((first.family.as_str(), first.sum, first.threshold, first.marks[0].weight), ("x", 4, 3, 4));
        assert_eq!(trace.family.chosen_by, "marks");
        assert_eq!(trace.record, crate::extract::extract(&page, &catalogue, &hints).record);
    }

    #[test]
    fn rows_and_the_next_page_of_a_listing_are_explained() {
        let row =
            |n: u32| format!("<li><a href=/info/1/{n}.htm>学院召开第{n}次工作会议</a><span>2023-06-0{n}</span></li>");
        let rows: String = (1..7).map(row).collect();
        let source = format!("<title>新闻</title><ul class=news>{rows}</ul><p><a href=list2.htm>下一页</a></p>");
        let trace = trace(&page("http://news.yunling.example/list.htm", &source), &catalogue(), &Hints::default());
        assert_eq!((trace.kind, field(&trace, "items").found.len()), ("listing", 6));
        assert!(matches!(&field(&trace, "rows").found[0].by, By::Generic(_)));
        assert_eq!(field(&trace, "rows").found[0].text, "6 rows, 6 items");
        let next = &field(&trace, "next").found[0];
        assert_eq!(next.text, "http://news.yunling.example/list2.htm");
        assert!(matches!(&next.by, By::Generic(at) if at.contains("下一页")));
    }
}
