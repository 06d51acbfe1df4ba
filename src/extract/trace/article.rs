//! An article, field by field.

use scraper::ElementRef;

use crate::domain::article::Article;
use crate::domain::time::{Date, Timestamp};
use crate::extract::article::{body::Body, breadcrumbs, closing, meta_line, published, title};
use crate::extract::dom;
use crate::extract::generic::outline::Outline;
use crate::extract::topics::Weighed;

use super::look::{Look, Part, in_order, path};
use super::media;
use super::shape::{By, Field, Found, Outcome, Try};

/// All fields of an article in the order people read a page, and the parts of the page that gave them.
pub(super) fn fields(look: &Look<'_>, article: &Article) -> (Vec<Field>, Vec<Part>) {
    let mut parts = Vec::new();
    let (body, container) = body(look, article, &mut parts);
    let mut fields = vec![
        title(look, article, &mut parts),
        subtitle(look, article, &mut parts),
        meta_line(look, &mut parts),
        source(look, article, &mut parts),
        published(look, article, &mut parts),
        credits(look, article, &mut parts),
        body,
    ];
    fields.push(media::images(look, article, container.as_ref(), &mut parts));
    fields.push(media::attachments(look, article, &mut parts));
    fields.push(breadcrumbs(look, article, &mut parts));
    fields.extend([reflections(article), topics(look, article)]);
    (fields, parts)
}

fn mark(parts: &mut Vec<Part>, label: &'static str, elements: &[ElementRef<'_>]) {
    parts.extend(elements.iter().map(|element| (element.id(), label)));
}

fn won(tries: &[Try]) -> bool {
    tries.iter().any(|tried| tried.outcome == Outcome::Won)
}

fn title(look: &Look<'_>, article: &Article, parts: &mut Vec<Part>) -> Field {
    let rules = in_order(look.origins, |origin| origin.article("title", |rules| &rules.title));
    let (tries, giver) = look.values(rules, |value| {
        let same = article.title.as_deref().is_some_and(|title| title == dom::fold(value));
        if same { Ok(()) } else { Err("does not agree with the page's <title>".to_owned()) }
    });
    let Some(text) = &article.title else { return Field::new("title", None, tries) };
    let printed = look.printing(text);
    mark(parts, "title", giver.or(printed).as_slice());
    let found = if won(&tries) {
        Found::new(text, By::Rule)
    } else if let Some(name) = look.meta_saying(text) {
        Found::new(text, By::Meta(name))
    } else {
        Found::generic(
            text,
            printed.map_or_else(|| "<title>".to_owned(), |element| format!("{}, agrees with <title>", path(element))),
        )
    };
    Field::new("title", Some(found), tries)
}

fn subtitle(look: &Look<'_>, article: &Article, parts: &mut Vec<Part>) -> Field {
    let rules = in_order(look.origins, |origin| origin.article("subtitle", |rules| &rules.subtitle));
    let (tries, giver) = look.values(rules, |value| {
        if article.title.as_deref() == Some(value) { Err("the same as the title".to_owned()) } else { Ok(()) }
    });
    mark(parts, "subtitle", giver.filter(|_| article.subtitle.is_some()).as_slice());
    Field::new("subtitle", article.subtitle.as_ref().map(|text| Found::new(text, By::Rule)), tries)
}

/// No field of the record: the text that source, time and credits are read from.
fn meta_line(look: &Look<'_>, parts: &mut Vec<Part>) -> Field {
    let rules = in_order(look.origins, |origin| origin.article("meta_line", |rules| &rules.meta_line));
    let footers = in_order(look.origins, |origin| origin.article("footer", |rules| &rules.footer));
    let (mut tries, elements) = look.containers(rules);
    mark(parts, "meta line", &elements);
    let (below, elements) = look.containers(footers);
    mark(parts, "footer", &elements);
    tries.extend(below);
    let text = dom::fold(look.evidence.meta_line());
    let found = if text.is_empty() {
        Found::generic("", "the lines between headline and body are read instead")
    } else {
        Found::new(text, By::Rule)
    };
    Field::new("meta_line", Some(found), tries)
}

fn source(look: &Look<'_>, article: &Article, parts: &mut Vec<Part>) -> Field {
    let rules = in_order(look.origins, |origin| origin.article("source", |rules| &rules.source));
    let (tries, giver) = look.values(rules, |_| Ok(()));
    mark(parts, "source", giver.as_slice());
    let today = look.page.captured_on;
    let found = article.source.as_ref().map(|text| {
        let lines: Vec<&str> = article.body.lines().collect();
        if won(&tries) {
            Found::new(text, By::Rule)
        } else if look.evidence.metas("contentsource").next().is_some() {
            Found::new(text, By::Meta("ContentSource".to_owned()))
        } else if meta_line::read(look.evidence.meta_line(), today).source.as_ref() == Some(text) {
            Found::new(text, By::MetaLine)
        } else if closing::read(&lines, today).source.as_ref() == Some(text) {
            Found::generic(text, "a line at the end of the body")
        } else {
            Found::generic(text, "a line around the body")
        }
    });
    Field::new("source", found, tries)
}

fn published(look: &Look<'_>, article: &Article, parts: &mut Vec<Part>) -> Field {
    let rules = in_order(look.origins, |origin| origin.article("published", |rules| &rules.published));
    let day = |value: &str| published::of_value(value, look.page).map(|stamp| stamp.at);
    let (tries, giver) = look.values(rules, |value| day(value).map(|_| ()).ok_or_else(|| "not a date".to_owned()));
    mark(parts, "published_at", giver.as_slice());
    let found = article.published_at.map(|at| {
        let precision = article.published_precision.map_or("", |precision| precision.as_str());
        let text = format!("{at} ({precision})");
        let by_rule =
            tries.iter().find(|tried| tried.outcome == Outcome::Won).and_then(|tried| day(tried.gave.as_deref()?));
        let tagged =
            || published::METAS.iter().find(|name| look.evidence.metas(name).any(|value| day(value) == Some(at)));
        let line = meta_line::read(look.evidence.meta_line(), look.page.captured_on).published;
        if by_rule == Some(at) {
            Found::new(text, By::Rule)
        } else if by_rule.is_some() {
            Found::generic(text, "the rule's day, with the time of day that the page prints")
        } else if let Some(name) = tagged() {
            Found::new(text, By::Meta((*name).to_owned()))
        } else if line.is_some_and(|stamp| stamp.at == at) {
            Found::new(text, By::MetaLine)
        } else if article.warnings.iter().any(|warning| warning == "published-from-url") {
            Found::generic(text, "the page's address")
        } else {
            Found::generic(text, "a line between headline and body")
        }
    });
    Field::new("published_at", found, tries)
}

fn credits(look: &Look<'_>, article: &Article, parts: &mut Vec<Part>) -> Field {
    let today = look.page.captured_on;
    let wanted = in_order(look.origins, |origin| origin.article("credits", |rules| &rules.credits));
    let mut tries = Vec::new();
    let mut printed_by_rule = Vec::new();
    for (place, credit) in wanted {
        // Every rule adds its own, so each is a list of one.
        let (mut own, giver) = look.values(vec![(place, &credit.from)], |_| Ok(()));
        if let Some(value) = own.first().and_then(|only| only.gave.as_deref()) {
            printed_by_rule.push(credit.role.clone());
            printed_by_rule.extend(meta_line::read(value, today).credits.into_iter().map(|credit| credit.role));
        }
        mark(parts, "credits", giver.as_slice());
        tries.append(&mut own);
    }
    let line = meta_line::read(look.evidence.meta_line(), today).credits;
    let closing = closing::read(&article.body.lines().collect::<Vec<_>>(), today).credits;
    let found = article.credits.iter().map(|credit| {
        let text = format!("{}：{}", credit.role, credit.names.join("、"));
        if printed_by_rule.contains(&credit.role) {
            Found::new(text, By::Rule)
        } else if line.contains(credit) {
            Found::new(text, By::MetaLine)
        } else if closing.contains(credit) {
            Found::generic(text, "a line in the body")
        } else {
            Found::generic(text, "a line around the body")
        }
    });
    Field { name: "credits", found: found.collect(), tries }
}

/// The body's rules, and the containers that were read.
fn body<'a>(look: &Look<'a>, article: &Article, parts: &mut Vec<Part>) -> (Field, Option<Body<'a>>) {
    let mut tries = Vec::new();
    let mut winner: Option<Body<'a>> = None;
    for origin in look.origins {
        for (place, css) in origin.article("body", |rules| &rules.body) {
            let mut alone = (*origin.profile.article).clone();
            alone.body = vec![css.clone()];
            let matches = css.select(look.doc).count();
            let read = Body::by_rules(look.doc, &alone);
            let shows = read
                .as_ref()
                .is_some_and(|body| !body.prose.items.is_empty() || body.prose.pdf_viewer || body.prose.video);
            tries.push(match (&winner, read) {
                (_, None) => Try::lost(place, "no match"),
                (_, Some(_)) if !shows => Try::lost(place, super::look::nothing(matches)),
                (Some(_), Some(body)) => Try::gave(place, Outcome::Spare, body.text()),
                (None, Some(body)) => {
                    let text = body.text();
                    winner = Some(body);
                    Try::gave(place, Outcome::Won, text)
                }
            });
        }
    }
    let by_rule = winner.is_some();
    let read = winner.or_else(|| by_prose(look));
    if let Some(body) = &read {
        mark(parts, "body", &body.containers);
    }
    let text = format!("{} characters: {}", article.body.chars().count(), article.body);
    let at = read.as_ref().and_then(|body| body.containers.first()).map(|first| path(*first)).unwrap_or_default();
    let found = if by_rule { Found::new(text, By::Rule) } else { Found::generic(text, format!("{at}, by its prose")) };
    (Field::new("body", Some(found), tries), read)
}

fn by_prose<'a>(look: &Look<'a>) -> Option<Body<'a>> {
    let rules = &look.origins.first()?.profile.article;
    let outline = Outline::of(look.doc);
    let line = title::find(look.doc, &outline, &rules.title, &look.evidence).and_then(|title| title.line);
    Body::by_prose(look.doc, &outline, rules, line)
}

fn breadcrumbs(look: &Look<'_>, article: &Article, parts: &mut Vec<Part>) -> Field {
    let rules = in_order(look.origins, |origin| origin.article("breadcrumbs", |rules| &rules.breadcrumbs));
    let title = article.title.as_deref();
    let mut tries: Vec<Try> = Vec::new();
    for (place, css) in rules {
        let matches: Vec<_> = css.select(look.doc).collect();
        let trail = breadcrumbs::read(look.doc, std::slice::from_ref(css), title);
        let spare = won(&tries);
        tries.push(if matches.is_empty() {
            Try::lost(place, "no match")
        } else if trail != article.breadcrumbs {
            Try::lost(place, format!("{} matches, no trail of columns", matches.len()))
        } else if spare {
            Try::gave(place, Outcome::Spare, trail.join(" > "))
        } else {
            mark(parts, "breadcrumbs", &matches);
            Try::gave(place, Outcome::Won, trail.join(" > "))
        });
    }
    let text = article.breadcrumbs.join(" > ");
    let by = if won(&tries) { By::Rule } else { By::Generic("the links after 当前位置".to_owned()) };
    Field::new("breadcrumbs", Some(Found::new(text, by)).filter(|found| !found.text.is_empty()), tries)
}

fn reflections(article: &Article) -> Field {
    let found = article.reflections.iter().map(|one| {
        let who = [
            one.affiliation.as_deref().unwrap_or_default(),
            &one.people.join("、"),
            one.role.as_deref().unwrap_or_default(),
        ];
        let who: Vec<&str> = who.into_iter().filter(|part| !part.is_empty()).collect();
        Found::generic(format!("{} {}: {}", one.kind.as_str(), who.join(" "), one.text), "names and speech in the body")
    });
    Field { name: "reflections", found: found.collect(), tries: Vec::new() }
}

/// Every campaign that has points: the words that gave them, and whether the day fits.
fn topics(look: &Look<'_>, article: &Article) -> Field {
    let Some(origin) = look.origins.first() else {
        return Field { name: "topics", found: Vec::new(), tries: Vec::new() };
    };
    let day = article.published_at.map(Timestamp::china_date);
    let weighed = origin.topics().weigh(article.title.as_deref(), &article.body, day);
    let found = weighed.iter().filter(|campaign| campaign.is_tagged());
    let found = found.map(|campaign| Found::new(&campaign.tag, By::Rule)).collect();
    let tries = weighed.iter().map(|campaign| {
        let rule = origin.place("topics.toml", format!("topic[{}].tag", campaign.index));
        let outcome = if campaign.is_tagged() { Outcome::Won } else { Outcome::Lost };
        let gave = format!("{} points of {}", campaign.points, campaign.enough);
        Try { rule, outcome, why: why(campaign, day), gave: Some(gave) }
    });
    Field { name: "topics", found, tries: tries.collect() }
}

/// Why a campaign has its points, and how the article's day stands to its window.
fn why(campaign: &Weighed, day: Option<Date>) -> String {
    let mut parts = Vec::new();
    for (word, in_title, in_body) in &campaign.words {
        parts.extend((*in_title > 0).then(|| format!("{word} in the headline {in_title}")));
        parts.extend((*in_body > 0).then(|| format!("{word} in the body {in_body}")));
    }
    let (since, until) = campaign.window;
    let window = match (day, campaign.in_window) {
        (Some(day), Some(true)) => format!("{day} is in {since} to {until}"),
        (Some(day), _) => format!("{day} is not in {since} to {until}"),
        (None, _) => "no date, so it takes more".to_owned(),
    };
    format!("{}; {window}", parts.join(", "))
}
