//! robots.txt to rules (RFC 9309), for one agent.
//!
//! Parsed by bytes, line by line, as leniently as the file's author could have hoped for: any line end, a byte order mark,
//! odd case, a missing colon, misspelled keywords. When in doubt a rule is a rule: politeness is what this program owes
//! the sites. The data and the matching are [`RobotsRules`]; asking for the file, following its redirects and keeping it for a day
//! are the crawl's.

use std::time::Duration;

use url::Url;

use crate::domain::robots::{RobotsRules, Rule};

/// Bytes of a file that are read; RFC 9309 2.5 asks for 500 KiB at least. The line cut by the limit is dropped.
pub const PARSED: usize = 512 << 10;

/// Bytes of a line that are read; a longer pattern is cut, hence matches more.
const LINE: usize = 16 << 10;

/// Sitemaps kept from one file.
const MOST_SITEMAPS: usize = 1000;

/// What a status says about the rules of a host (RFC 9309 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The payload holds the rules: [`parse`] it.
    Rules,
    /// There are none: everything is open.
    AllowAll,
    /// They could not be had: everything is closed until they can.
    DisallowAll,
}

/// The verdict on a status. A redirect reaches here only when it was not followed further (more than five hops, or
/// nowhere to go), which counts as there being no file (RFC 9309 2.3.1.2). No answer at all is `None`.
pub fn verdict(status: Option<u16>) -> Verdict {
    match status {
        Some(200..=299) => Verdict::Rules,
        Some(300..=499) => Verdict::AllowAll,
        Some(_) | None => Verdict::DisallowAll,
    }
}

/// The rules of a file for the agent with this product token (`shiguan`, compared without case). Groups that name it
/// count together; where none does, those for `*` do. A token in the file is read up to its first character that no token has, so
/// `Shiguan/1.0` is `shiguan`.
pub fn parse(payload: &[u8], agent_token: &str) -> RobotsRules {
    let text = payload.strip_prefix(b"\xef\xbb\xbf").unwrap_or(payload);
    if is_page(text) {
        return RobotsRules::allow_all();
    }
    let mut reading = Reading { agent: agent_token.as_bytes(), ..Reading::default() };
    for line in whole_lines(text).split(|b| matches!(b, b'\n' | b'\r')) {
        if let Some((key, value)) = field(line) {
            reading.take(key, value);
        }
    }
    reading.finish()
}

/// Servers that answer every path with their home page mean no rules by it.
fn is_page(text: &[u8]) -> bool {
    let head = text.trim_ascii_start();
    let head = head.get(..head.len().min(1024)).unwrap_or_default().to_ascii_lowercase();
    let has = |tag: &[u8]| memchr::memmem::find(&head, tag).is_some();
    head.first() == Some(&b'<') && [&b"<!doctype"[..], b"<html", b"<head", b"<body", b"<script"].into_iter().any(has)
}

/// The part that is read: to the limit, without the line it cuts.
fn whole_lines(text: &[u8]) -> &[u8] {
    match text.get(..PARSED) {
        Some(head) if text.len() > PARSED => {
            let end = memchr::memrchr2(b'\n', b'\r', head).unwrap_or(0);
            head.get(..end).unwrap_or_default()
        }
        _ => text,
    }
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Agent,
    Allow,
    Disallow,
    CrawlDelay,
    Sitemap,
}

/// Keywords and the misspellings met often enough that other crawlers know them too.
const KEYS: &[(&str, Key)] = &[
    ("user-agent", Key::Agent),
    ("useragent", Key::Agent),
    ("user agent", Key::Agent),
    ("allow", Key::Allow),
    ("disallow", Key::Disallow),
    ("dissallow", Key::Disallow),
    ("dissalow", Key::Disallow),
    ("disalow", Key::Disallow),
    ("diasllow", Key::Disallow),
    ("disallaw", Key::Disallow),
    ("crawl-delay", Key::CrawlDelay),
    ("crawldelay", Key::CrawlDelay),
    ("sitemap", Key::Sitemap),
    ("site-map", Key::Sitemap),
];

/// `key: value # remark`, or `key value` where the colon is missing and there are just two words.
fn field(line: &[u8]) -> Option<(Key, &[u8])> {
    let line = line.get(..line.len().min(LINE))?;
    let line = line.split(|b| *b == b'#').next()?.trim_ascii();
    let colon = memchr::memchr(b':', line);
    let parting = colon.or_else(|| line.iter().position(u8::is_ascii_whitespace))?;
    let (name, value) = (line.get(..parting)?.trim_ascii(), line.get(parting + 1..)?.trim_ascii());
    if colon.is_none() && value.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    let (_, key) = KEYS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()))?;
    Some((*key, value))
}

/// Rules and delay of the groups for one agent, or for everyone.
#[derive(Debug, Default)]
struct Group {
    named: bool,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

/// A file half read.
#[derive(Debug, Default)]
struct Reading<'a> {
    agent: &'a [u8],
    ours: Group,
    everyone: Group,
    sitemaps: Vec<Url>,
    /// Whether the group being read is for us, for everyone.
    for_us: bool,
    for_everyone: bool,
    /// A rule was read since the last agent line, so the next one begins a new group. Other lines do not part groups
    /// (RFC 9309 2.2.4).
    closed: bool,
}

impl Reading<'_> {
    fn take(&mut self, key: Key, value: &[u8]) {
        match key {
            Key::Agent => self.take_agent(value),
            Key::Allow | Key::Disallow => self.take_rule(key == Key::Allow, value),
            Key::CrawlDelay => {
                let delay = delay(value);
                self.groups().for_each(|group| group.delay = group.delay.max(delay));
            }
            Key::Sitemap => {
                let url = std::str::from_utf8(value).ok().and_then(|text| Url::parse(text).ok());
                let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
                self.sitemaps.extend(url.filter(|_| self.sitemaps.len() < MOST_SITEMAPS));
            }
        }
    }

    fn take_agent(&mut self, value: &[u8]) {
        if std::mem::take(&mut self.closed) {
            (self.for_us, self.for_everyone) = (false, false);
        }
        if value == b"*" || value.starts_with(b"* ") {
            (self.for_everyone, self.everyone.named) = (true, true);
            return;
        }
        let end = value.iter().position(|b| !(b.is_ascii_alphabetic() || matches!(b, b'-' | b'_')));
        let token = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
        if !token.is_empty() && token.eq_ignore_ascii_case(self.agent) {
            (self.for_us, self.ours.named) = (true, true);
        }
    }

    /// An empty `Disallow` forbids nothing, but ends the run of agent lines as any rule does.
    fn take_rule(&mut self, allow: bool, path: &[u8]) {
        self.closed = true;
        if !path.is_empty() {
            self.groups().for_each(|group| group.rules.push(Rule::new(allow, path)));
        }
    }

    fn groups(&mut self) -> impl Iterator<Item = &mut Group> {
        let ours = self.for_us.then_some(&mut self.ours);
        ours.into_iter().chain(self.for_everyone.then_some(&mut self.everyone))
    }

    fn finish(self) -> RobotsRules {
        let group = if self.ours.named { self.ours } else { self.everyone };
        RobotsRules::new(group.rules, group.delay, self.sitemaps)
    }
}

/// Seconds, with a fraction perhaps. What is no time is nothing; the longest are cut by [`RobotsRules`].
fn delay(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> RobotsRules {
        parse(text.as_bytes(), "shiguan")
    }

    fn allows(text: &str, path: &str) -> bool {
        rules(text).allows(&Url::parse("https://news.example.edu.cn").unwrap().join(path).unwrap())
    }

    #[test]
    fn the_group_that_names_us_counts_and_no_other() {
        for (text, path, allowed) in [
            ("", "/x", true),
            ("User-agent: *\nDisallow: /x", "/x", false),
            ("User-agent: shiguan\nDisallow: /y\nUser-agent: *\nDisallow: /", "/x", true),
            ("User-agent: *\nDisallow: /\n\nUser-agent: ShiGuan\nDisallow:", "/x", true),
            ("User-agent: *\nDisallow: /\n\nUser-agent: shiguan", "/x", true),
            ("User-agent: shiguan/2.0 (x)\nDisallow: /x", "/x", false),
            ("User-agent: shiguanbot\nDisallow: /x", "/x", true),
            ("User-agent: shi\nDisallow: /x", "/x", true),
            ("User-agent: a\nUser-agent: shiguan\nDisallow: /x", "/x", false),
            (
                "User-agent: shiguan\nAllow: /x/y\nUser-agent: b\nDisallow: /\nUser-agent: shiguan\nDisallow: /x",
                "/x/z",
                false,
            ),
            (
                "User-agent: shiguan\nAllow: /x/y\nUser-agent: b\nDisallow: /\nUser-agent: shiguan\nDisallow: /x",
                "/x/y",
                true,
            ),
            ("User-agent: shiguan\nSitemap: http://a.cn/s.xml\nUser-agent: b\nDisallow: /x", "/x", false),
            ("Disallow: /x\nUser-agent: *\n", "/x", true),
            ("User-agent:\nDisallow: /x", "/x", true),
        ] {
            assert_eq!(allows(text, path), allowed, "{text}");
        }
    }

    #[test]
    fn files_are_read_however_they_are_written() {
        for text in [
            "User-agent: *\nDisallow: /x",
            "User-agent: *\rDisallow: /x\r",
            "User-agent: *\r\n\r\n\r\nDisallow: /x\r\n",
            "\u{feff}User-agent: *\nDisallow: /x",
            "USER-AGENT:*\nDISALLOW:/x",
            "  user-agent\t:  *  # everyone\n\tdisallow : /x # all of it",
            "User-agent *\nDisallow /x",
            "useragent: *\nDissallow: /x",
            "# 说明\nUser-agent: *\nNoindex: /y\nDisallow: /x",
            "User-agent: * (all)\nDisallow: /x",
        ] {
            assert!(!allows(text, "/x"), "{text:?}");
            assert!(allows(text, "/y"), "{text:?}");
        }
        let gbk = b"# \xcb\xb5\xc3\xf7\nUser-agent: *\nDisallow: /\xd0\xc2\n";
        assert!(!parse(gbk, "shiguan").allows(&Url::parse("http://a.cn/%D0%C2/1.htm").unwrap()));
    }

    #[test]
    fn a_page_is_no_rules() {
        for text in [
            "<!DOCTYPE html>\n<pre>\nUser-agent: *\nDisallow: /\n</pre>",
            "\n<html><body>\nUser-agent: *\nDisallow: /\n",
        ] {
            assert!(allows(text, "/x"), "{text}");
        }
    }

    #[test]
    fn delays_and_sitemaps() {
        let delay = |text: &str| rules(&format!("User-agent: *\nCrawl-delay: {text}\n")).crawl_delay();
        assert_eq!(delay("2.5"), Some(Duration::from_millis(2500)));
        assert_eq!(delay("1e77"), Some(crate::domain::robots::LONGEST_CRAWL_DELAY));
        for nothing in ["0", "-1", "NaN", "soon", ""] {
            assert_eq!(delay(nothing), None, "{nothing}");
        }
        assert_eq!(rules("User-agent: b\nCrawl-delay: 9\n").crawl_delay(), None);
        let sitemaps =
            "Sitemap: https://a.cn/s.xml\nsitemap: /relative.xml\nUser-agent: b\nSitemap: ftp://a.cn/s.xml\n";
        assert_eq!(rules(sitemaps).sitemaps(), [Url::parse("https://a.cn/s.xml").unwrap()]);
    }

    #[test]
    fn a_long_file_is_read_to_the_limit_and_its_cut_line_dropped() {
        let filler = "# filler\n".repeat(500 * 1024 / 9);
        assert!(!allows(&format!("User-agent: *\n{filler}Disallow: /x\n"), "/x"));
        let mut cut = format!("User-agent: *\n{}", "#".repeat(PARSED - 14 - 13));
        cut.push_str("\nDisallow: /x/only/this\n");
        assert!(allows(&cut, "/x"), "half a rule would close too much");
        assert!(!allows(&format!("User-agent: *\nDisallow: /{}", "x".repeat(20_000)), &"x".repeat(20_000)));
    }

    #[test]
    fn a_status_decides() {
        for (status, want) in [
            (Some(200), Verdict::Rules),
            (Some(204), Verdict::Rules),
            (Some(301), Verdict::AllowAll),
            (Some(401), Verdict::AllowAll),
            (Some(403), Verdict::AllowAll),
            (Some(404), Verdict::AllowAll),
            (Some(429), Verdict::AllowAll),
            (Some(500), Verdict::DisallowAll),
            (Some(503), Verdict::DisallowAll),
            (Some(999), Verdict::DisallowAll),
            (None, Verdict::DisallowAll),
        ] {
            assert_eq!(verdict(status), want, "{status:?}");
        }
    }
}
