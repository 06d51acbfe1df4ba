//! A host's robots rules as data (RFC 9309): what `robots` parses and the frontier asks.
//!
//! Only the group that counts for us is kept. Rules lie longest first, an `Allow` before a `Disallow` of the same
//! length, so the first that matches decides (RFC 9309 2.2.2). Both sides are compared in one spelling, [`spell`].

use std::time::Duration;

use url::Url;

/// Longest crawl delay believed. Longer ones are typing errors or traps; a host asking for hours is asking not to come.
pub const LONGEST_CRAWL_DELAY: Duration = Duration::from_hours(1);

/// The rules of one host that apply to us.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RobotsRules {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
    sitemaps: Vec<Url>,
}

impl RobotsRules {
    /// Sorts the rules of a group so that the first match decides, and clamps the delay.
    pub fn new(mut rules: Vec<Rule>, crawl_delay: Option<Duration>, sitemaps: Vec<Url>) -> Self {
        rules.sort_by(|a, b| b.octets().cmp(&a.octets()).then(b.allow.cmp(&a.allow)));
        Self { rules, crawl_delay: crawl_delay.map(|delay| delay.min(LONGEST_CRAWL_DELAY)), sitemaps }
    }

    /// No rules: everything may be fetched (no file, or none that speaks to us).
    pub fn allow_all() -> Self {
        Self::default()
    }

    /// Nothing may be fetched: the file could not be had (RFC 9309 2.3.1.4).
    pub fn disallow_all() -> Self {
        Self { rules: vec![Rule::new(false, b"/")], ..Self::default() }
    }

    /// Whether this page may be fetched. `/robots.txt` itself always may (RFC 9309 2.2.2).
    pub fn allows(&self, url: &Url) -> bool {
        if url.path() == "/robots.txt" || self.rules.is_empty() {
            return true;
        }
        let target = spell_url(url);
        self.rules.iter().find(|rule| rule.matches(&target)).is_none_or(|rule| rule.allow)
    }

    /// Least time between two requests the host asks for, at most [`LONGEST_CRAWL_DELAY`].
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// Sitemaps the file names, for every agent, in file order.
    pub fn sitemaps(&self) -> &[Url] {
        &self.sitemaps
    }
}

/// One `Allow` or `Disallow` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    allow: bool,
    /// Ends with `$`: the path must end here too.
    anchored: bool,
    /// In the common spelling; a literal `*` is `%2A`, so every `*` is a wildcard.
    pattern: Box<[u8]>,
}

impl Rule {
    /// A rule from its path as written. One that begins with neither `/` nor `*` is read as if the slash stood there.
    pub fn new(allow: bool, path: &[u8]) -> Self {
        let (path, anchored) = path.strip_suffix(b"$").map_or((path, false), |path| (path, true));
        let mut pattern = Vec::with_capacity(path.len() + 1);
        if !matches!(path.first(), Some(b'/' | b'*')) {
            pattern.push(b'/');
        }
        pattern.extend(spell(path, Wildcards::Kept));
        Self { allow, anchored, pattern: pattern.into() }
    }

    /// How specific it is (RFC 9309 2.2.2): its length, the `$` counted, so that a rule for one page beats the same path as a
    /// beginning.
    fn octets(&self) -> usize {
        self.pattern.len() + usize::from(self.anchored)
    }

    /// Whether the spelled target begins with the pattern (and ends with it, where anchored). The leftmost place for
    /// each piece between wildcards is the best one, so one pass is enough.
    fn matches(&self, target: &[u8]) -> bool {
        let mut pieces = self.pattern.split(|b| *b == b'*');
        let Some(mut rest) = pieces.next().and_then(|first| target.strip_prefix(first)) else { return false };
        let mut pieces = pieces.peekable();
        if pieces.peek().is_none() {
            return !self.anchored || rest.is_empty();
        }
        while let Some(piece) = pieces.next() {
            if self.anchored && pieces.peek().is_none() {
                return rest.ends_with(piece);
            }
            let found = memchr::memmem::find(rest, piece).and_then(|at| rest.get(at + piece.len()..));
            let Some(after) = found else { return false };
            rest = after;
        }
        true
    }
}

/// Whether `*` and `$` stand for themselves or are the pattern language's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wildcards {
    Kept,
    Literal,
}

fn spell_url(url: &Url) -> Vec<u8> {
    let mut target = url.path().to_owned();
    if let Some(query) = url.query() {
        target.push('?');
        target.push_str(query);
    }
    spell(target.as_bytes(), Wildcards::Literal)
}

/// The one spelling in which paths are compared (RFC 9309 2.2.2): unreserved characters bare, everything outside ASCII
/// and every odd character percent-encoded with upper-case digits, reserved ones as they came. In a query, where
/// `: / ? @` mean the same either way (RFC 3986 3.4), they are bare.
fn spell(path: &[u8], wildcards: Wildcards) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let mut in_query = false;
    let mut rest = path;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let encoded = if first == b'%' { hex_pair(after) } else { None };
        let byte = match encoded {
            Some(byte) => {
                rest = after.get(2..).unwrap_or_default();
                byte
            }
            None => first,
        };
        let bare = match encoded {
            Some(byte) => is_unreserved(byte) || (in_query && matches!(byte, b':' | b'/' | b'?' | b'@')),
            None if matches!(byte, b'*') => wildcards == Wildcards::Kept,
            None if matches!(byte, b'$') => false,
            None => is_unreserved(byte) || b":/?#[]@!&'()+,;=%".contains(&byte),
        };
        in_query |= encoded.is_none() && byte == b'?';
        if bare {
            out.push(byte);
        } else {
            push_encoded(&mut out, byte);
        }
    }
    out
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    let high = char::from(*digits.first()?).to_digit(16)?;
    let low = char::from(*digits.get(1)?).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

fn push_encoded(out: &mut Vec<u8>, byte: u8) {
    let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 };
    out.extend([b'%', digit(byte >> 4), digit(byte & 15)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decides(rules: &[(bool, &str)], path: &str) -> bool {
        let rules = rules.iter().map(|(allow, path)| Rule::new(*allow, path.as_bytes())).collect();
        let url = Url::parse("https://news.example.edu.cn").unwrap().join(path).unwrap();
        RobotsRules::new(rules, None, Vec::new()).allows(&url)
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        for (rules, path, allowed) in [
            (&[(false, "/info")][..], "/info/1001/2.htm", false),
            (&[(false, "/info"), (true, "/info/1001/")], "/info/1001/2.htm", true),
            (&[(true, "/info/"), (false, "/info/1001/")], "/info/1001/2.htm", false),
            (&[(false, "/page"), (true, "/page")], "/page", true),
            (&[(true, "/p"), (false, "/*.htm")], "/page.htm", false),
            (&[(true, "/$"), (false, "/")], "/", true),
            (&[(true, "/$"), (false, "/")], "/x", false),
            (&[(true, "/page"), (false, "/page$")], "/page", false),
            (&[(true, "/page"), (false, "/page$")], "/pages", true),
            (&[(false, "admin/")], "/admin/x", false),
            (&[], "/x", true),
        ] {
            assert_eq!(decides(rules, path), allowed, "{rules:?} {path}");
        }
    }

    #[test]
    fn wildcards_and_anchors() {
        for (pattern, path, hit) in [
            ("/*.php$", "/index.php", true),
            ("/*.php$", "/index.php?a=b", false),
            ("/*.php$", "/a.php.php", true),
            ("/*.php", "/index.php5", true),
            ("/fish*", "/fish", true),
            ("/fish*", "/Fish", false),
            ("*/list", "/a/b/list2", true),
            ("/a*b*c", "/axxbxxc", true),
            ("/a*b*c", "/axxcxxb", false),
            ("/a*ab$", "/aab", true),
            ("/a*ab$", "/ab", false),
            ("/*?", "/x?y", true),
            ("/*?", "/x", false),
            ("/**", "/x", true),
            ("/x$y", "/x$yz", true),
        ] {
            assert_eq!(!decides(&[(false, pattern)], path), hit, "{pattern} on {path}");
        }
    }

    #[test]
    fn one_character_has_one_spelling() {
        for (pattern, path, hit) in [
            ("/新闻", "/%e6%96%b0%E9%97%BB/1.htm", true),
            ("/%E6%96%B0%e9%97%bb", "/新闻", true),
            ("/%61bc", "/abc", true),
            ("/abc", "/%61bc", true),
            ("/a%2Fb", "/a/b", false),
            ("/a%2fb", "/a%2Fb", true),
            ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", true),
            ("/path/foo-%24", "/path/foo-$", true),
            ("/g?u=https://a.cn", "/g?u=https%3A%2F%2Fa.cn", true),
            ("/100%", "/100%", true),
        ] {
            assert_eq!(!decides(&[(false, pattern)], path), hit, "{pattern} on {path}");
        }
    }

    #[test]
    fn the_rules_file_is_always_open_and_only_it() {
        let closed = RobotsRules::disallow_all();
        let at = |text| closed.allows(&Url::parse(text).unwrap());
        assert!(at("http://news.example.edu.cn/robots.txt"));
        assert!(!at("http://news.example.edu.cn/robots.txt.bak"));
        assert!(!at("http://news.example.edu.cn/"));
        assert!(RobotsRules::allow_all().allows(&Url::parse("http://news.example.edu.cn/").unwrap()));
    }

    #[test]
    fn an_absurd_delay_is_cut() {
        let rules = RobotsRules::new(Vec::new(), Some(Duration::from_secs(9_999_999)), Vec::new());
        assert_eq!(rules.crawl_delay(), Some(LONGEST_CRAWL_DELAY));
    }
}
