//! Traps: places without end that bring nothing new. Known by what their pages bring, never by how many there are.
//!
//! A healthy site has one pattern for thousands of articles and hundreds of listing pages, so a count alone stops nothing.
//! Requests are put together by the *pattern* of their address, and a pattern is closed when so many requests in a row
//! brought nothing: articles whose text was met before, or that are none, and listing pages none of whose articles brought
//! anything. A path that repeats itself is closed at sight (RELIABILITY U1).

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;
use url::Url;

use crate::domain::address;
use crate::domain::request::{FetchRequest, Purpose};

/// Requests of one pattern in a row that may bring nothing; the catalogue allows fifty pages a trap. What is under way
/// counts as if it brought nothing too, once anything did.
const BARREN: u32 = 40;

/// The same for a pattern that was a trap in an earlier run.
const PROBES: u32 = 5;

/// A trap may bring a little: of all the days of a calendar, which are one text, the first is new.
const LITTLE: u32 = 2;

/// Patterns of a site that are remembered for the next run.
const REMEMBERED: usize = 100;

/// Listing pages of one pattern in a run, whatever they bring: a hundred thousand rows.
const ENDLESS: u32 = 5_000;

/// A longer address is no place (RELIABILITY H2).
const LONG: usize = 2_083;

/// Patterns told apart. What comes after them is counted by host alone.
const PATTERNS: usize = 4_096;

/// Addresses named of each pattern, and patterns named of each site.
const NAMED: usize = 3;
const TRAPS: usize = 20;

/// What a page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// Something not met before in this run.
    Something,
    /// A text that was met before in this run.
    Again,
    /// No text: a notice, an empty page.
    Nothing,
}

/// Why a pattern was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Trapped {
    /// Its pages brought nothing new for too long: a calendar, session ids, a pager without end.
    Barren,
    /// Its path repeats itself: a relative link that appends to where it stands.
    Winding,
    /// Too many listing pages.
    Endless,
    /// Its addresses are too long.
    Long,
}

/// A trap a run met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trap {
    /// What its addresses have in common: `{n}` stands for digits, `{x}` for a token, `…` for what repeats itself, query keys without values.
    pub pattern: String,
    /// Why it was closed.
    pub why: Trapped,
    /// The first addresses of it.
    pub first: Vec<Url>,
    /// Requests it cost.
    pub asked: u64,
    /// Planned requests that were not made. Of a pager it is the next page alone; nobody knows what lies behind.
    pub left: u64,
    /// An earlier run met it too, so this one looked in with a few requests only.
    pub known: bool,
}

/// One pattern of one site.
#[derive(Debug, Default)]
struct Ledger {
    first: Vec<Url>,
    asked: u32,
    /// Requests in a row that brought nothing.
    barren: u32,
    /// How often it brought something. Once it did, notices between are no sign.
    fruits: u32,
    /// Requests that were given out, of which nobody knows yet what they bring.
    under_way: u32,
    /// An earlier run left it as a trap.
    known: bool,
    /// Articles of its listing pages that are planned or under way: nobody knows yet what they bring.
    open: u32,
    left: u64,
    closed: Option<Trapped>,
}

impl Ledger {
    /// How many requests in a row may bring nothing.
    fn allowance(&self) -> u32 {
        if self.known { PROBES } else { BARREN }
    }

    fn bears(&mut self) {
        self.barren = 0;
        self.fruits = self.fruits.saturating_add(1);
        self.known &= self.fruits <= LITTLE;
    }
}

/// What every pattern brought.
#[derive(Debug, Default)]
pub(super) struct Traps {
    sites: HashMap<String, HashMap<String, Ledger>>,
    patterns: usize,
}

impl Traps {
    /// An article was planned: its listing page may yet turn out to have brought something.
    pub(super) fn planned(&mut self, request: &FetchRequest) {
        if let Some(listing) = self.listing_of(request) {
            listing.open += 1;
        }
    }

    /// A planned article will not be asked for any more, or was.
    pub(super) fn over(&mut self, request: &FetchRequest) {
        if let Some(listing) = self.listing_of(request) {
            listing.open = listing.open.saturating_sub(1);
        }
    }

    /// Whether this request lies in a trap. Counted as left, where it does.
    pub(super) fn refuses(&mut self, request: &FetchRequest) -> bool {
        if !matches!(request.purpose, Purpose::Article | Purpose::Listing) {
            return false;
        }
        let (winding, long) = (winds(request.url.path()), request.url.as_str().len() > LONG);
        let is_listing = request.purpose == Purpose::Listing;
        let Some(ledger) = self.ledger(&request.site, &request.url) else { return false };
        let settled = !is_listing || ledger.open <= ledger.barren / 2;
        let why = if winding {
            Some(Trapped::Winding)
        } else if long {
            Some(Trapped::Long)
        } else if ledger.barren >= ledger.allowance() && settled {
            Some(Trapped::Barren)
        } else if is_listing && ledger.asked >= ENDLESS {
            Some(Trapped::Endless)
        } else {
            None
        };
        if let Some(why) = why {
            ledger.closed.get_or_insert(why);
            ledger.left += 1;
            name(&mut ledger.first, &request.url);
        }
        why.is_some()
    }

    /// Whether this request must wait until it is known what those under way bring: if it is nothing, it is one too many.
    pub(super) fn waits(&mut self, request: &FetchRequest) -> bool {
        if !matches!(request.purpose, Purpose::Article | Purpose::Listing) {
            return false;
        }
        let Some(ledger) = self.ledger(&request.site, &request.url) else { return false };
        let suspect = ledger.barren > 0 || ledger.known;
        suspect && ledger.under_way > 0 && ledger.barren.saturating_add(ledger.under_way) >= ledger.allowance()
    }

    /// A request is given out, or it is known what it brought; both once for each of its attempts.
    pub(super) fn under_way(&mut self, request: &FetchRequest, begins: bool) {
        if !matches!(request.purpose, Purpose::Article | Purpose::Listing) {
            return;
        }
        if let Some(ledger) = self.ledger(&request.site, &request.url) {
            ledger.under_way =
                if begins { ledger.under_way.saturating_add(1) } else { ledger.under_way.saturating_sub(1) };
        }
    }

    /// Takes up what earlier runs left as traps.
    pub(super) fn recall(&mut self, site: &str, patterns: impl IntoIterator<Item = String>) {
        let ledgers = self.sites.entry(site.to_owned()).or_default();
        for pattern in patterns.into_iter().take(REMEMBERED) {
            self.patterns += usize::from(!ledgers.contains_key(&pattern));
            ledgers.entry(pattern).or_default().known = true;
        }
    }

    /// What the next run should know: patterns that were closed, or left by an earlier run and not met again, and that brought
    /// next to nothing. One that brought articles is none of them: it is looked at afresh every time.
    pub(super) fn remembered(&self, site: &str) -> Vec<String> {
        let ledgers = self.sites.get(site).into_iter().flatten();
        let trapped = ledgers
            .filter(|(_, ledger)| ledger.known || (ledger.closed == Some(Trapped::Barren) && ledger.fruits <= LITTLE));
        let mut patterns: Vec<String> = trapped.map(|(pattern, _)| pattern.clone()).collect();
        patterns.sort_unstable();
        patterns.truncate(REMEMBERED);
        patterns
    }

    /// Takes in what a page brought: an article's to its own pattern and to that of the listing that named it; a listing's
    /// is what its articles bring, and what it shows that need not be asked for.
    pub(super) fn brought(&mut self, request: &FetchRequest, what: Brought) {
        if !matches!(request.purpose, Purpose::Article | Purpose::Listing) {
            return;
        }
        if request.purpose == Purpose::Article && what == Brought::Something {
            self.credit(request);
        }
        let Some(ledger) = self.ledger(&request.site, &request.url) else { return };
        ledger.asked = ledger.asked.saturating_add(1);
        name(&mut ledger.first, &request.url);
        match what {
            Brought::Something => ledger.bears(),
            // A site may show hundreds of dead rows between live ones; their number has an end.
            Brought::Nothing if ledger.fruits > 0 && request.purpose == Purpose::Article => {}
            Brought::Again | Brought::Nothing => ledger.barren += 1,
        }
    }

    /// The traps of a site, the largest first.
    pub(super) fn of(&self, site: &str) -> Vec<Trap> {
        let ledgers = self.sites.get(site).into_iter().flatten();
        let mut traps: Vec<Trap> = ledgers
            .filter_map(|(pattern, ledger)| {
                let (first, asked, left) = (ledger.first.clone(), u64::from(ledger.asked), ledger.left);
                Some(Trap { pattern: pattern.clone(), why: ledger.closed?, first, asked, left, known: ledger.known })
            })
            .collect();
        traps.sort_by(|one, other| (other.left, &one.pattern).cmp(&(one.left, &other.pattern)));
        traps.truncate(TRAPS);
        traps
    }

    /// Credits the listing that named an article; where redirects stand between, all listings of the site.
    fn credit(&mut self, request: &FetchRequest) {
        if request.hops == 0 {
            if let Some(listing) = self.listing_of(request) {
                listing.bears();
            }
            return;
        }
        for ledger in self.sites.get_mut(&request.site).into_iter().flat_map(HashMap::values_mut) {
            ledger.barren = if ledger.closed.is_none() { 0 } else { ledger.barren };
        }
    }

    fn listing_of(&mut self, request: &FetchRequest) -> Option<&mut Ledger> {
        let via = request.via.as_ref().filter(|_| request.purpose == Purpose::Article)?;
        self.ledger(&request.site, via)
    }

    fn ledger(&mut self, site: &str, url: &Url) -> Option<&mut Ledger> {
        let mut pattern = pattern(url);
        if !self.sites.contains_key(site) {
            self.sites.insert(site.to_owned(), HashMap::new());
        }
        let ledgers = self.sites.get_mut(site)?;
        if !ledgers.contains_key(&pattern) {
            if self.patterns >= PATTERNS {
                pattern = address::authority(url);
            }
            self.patterns += usize::from(!ledgers.contains_key(&pattern));
        }
        Some(ledgers.entry(pattern).or_default())
    }
}

fn name(first: &mut Vec<Url>, url: &Url) {
    if first.len() < NAMED && !first.contains(url) {
        first.push(url.clone());
    }
}

/// What an address has in common with others of its kind.
pub(super) fn pattern(url: &Url) -> String {
    let mut out = address::authority(url);
    if url.as_str().len() > LONG {
        out.push_str("/…");
        return out;
    }
    let mut last = "";
    for segment in url.path().split('/').skip(1) {
        let repeats = segment == last && segment.bytes().any(|b| b.is_ascii_alphabetic());
        if repeats && !out.ends_with('…') {
            out.push('…');
        } else if !repeats {
            out.push('/');
            out.push_str(&kind(segment.split(';').next().unwrap_or(segment)));
        }
        last = segment;
    }
    let mut keys: Vec<String> = url.query_pairs().map(|(key, _)| kind(&key)).collect();
    keys.sort_unstable();
    keys.dedup();
    if !keys.is_empty() {
        out.push('?');
        out.push_str(&keys.join("&"));
    }
    out
}

/// A word stays what it is; digits become `{n}`, a token of letters and digits `{x}`.
fn kind(word: &str) -> String {
    let (stem, ending) = word.rsplit_once('.').map_or((word, None), |(stem, ending)| (stem, Some(ending)));
    let digits = stem.bytes().filter(u8::is_ascii_digit).count();
    let plain = stem.bytes().all(|b| b.is_ascii_alphanumeric());
    let mut out =
        if plain && digits > 0 && digits < stem.len() && stem.len() >= 12 { "{x}".to_owned() } else { numbers(stem) };
    if let Some(ending) = ending {
        out.push('.');
        out.push_str(&numbers(ending));
    }
    out
}

fn numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with("{n}") {
            out.push_str("{n}");
        }
    }
    out
}

/// Whether a path repeats itself: up to three segments, three times on end, with a word among them.
fn winds(path: &str) -> bool {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    (1..=3).any(|size| {
        segments.windows(size * 3).any(|run| {
            let mut groups = run.chunks(size);
            let Some(first) = groups.next() else { return false };
            let is_word = first.iter().any(|segment| segment.bytes().any(|b| !b.is_ascii_digit()));
            is_word && groups.all(|group| group == first)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, purpose: Purpose, via: Option<&str>) -> FetchRequest {
        let url = |path: &str| Url::parse("http://news.yunling.test").unwrap().join(path).unwrap();
        FetchRequest {
            url: url(path),
            site: "yunling".to_owned(),
            purpose,
            via: via.map(url),
            hops: 0,
            attempt: 0,
            walk: None,
            item: None,
            prior: None,
        }
    }

    /// Walks listing pages of twenty rows each, articles first, as a crawl does; says how many pages of each it cost.
    fn walk(
        pages: u32,
        listing: impl Fn(u32) -> String,
        article: impl Fn(u32) -> String,
        bring: impl Fn(u32) -> Brought,
    ) -> (u32, u32, Vec<Trap>) {
        let mut traps = Traps::default();
        let (mut listings, mut articles) = (0, 0);
        for page in 0..pages {
            let at = listing(page);
            let asked = request(&at, Purpose::Listing, None);
            if traps.refuses(&asked) {
                break;
            }
            listings += 1;
            traps.brought(&asked, Brought::Nothing);
            let rows: Vec<_> = (0..20).map(|row| page * 20 + row).collect();
            let rows = rows.into_iter().map(|n| (n, request(&article(n), Purpose::Article, Some(&at))));
            let rows: Vec<_> = rows.inspect(|(_, row)| traps.planned(row)).collect();
            for (n, row) in rows {
                if !traps.refuses(&row) {
                    articles += 1;
                    traps.brought(&row, bring(n));
                }
                traps.over(&row);
            }
        }
        (listings, articles, traps.of("yunling"))
    }

    #[test]
    fn a_long_healthy_site_is_never_stopped() {
        let listing = |n| format!("/xwzx/{}.htm", 300 - n);
        let article = |n| format!("/info/1001/{n}.htm");
        let (listings, articles, traps) = walk(300, listing, article, |_| Brought::Something);
        assert_eq!((listings, articles, traps), (300, 6000, Vec::new()));
    }

    #[test]
    fn dead_rows_between_live_ones_are_no_trap() {
        let article = |n| format!("/info/1001/{n}.htm");
        let bring = |n| if (20..420).contains(&n) { Brought::Nothing } else { Brought::Something };
        let (listings, articles, traps) = walk(100, |n| format!("/xwzx/{n}.htm"), article, bring);
        assert_eq!((listings, articles, traps.len()), (100, 2000, 0));
    }

    #[test]
    fn a_calendar_closes_both_its_patterns() {
        let listing = |n| format!("/rl/list.jsp?year={}&month={}", 2024 + n / 12, 1 + n % 12);
        let (listings, articles, traps) = walk(5000, listing, |n| format!("/rl/{n}.jsp"), |_| Brought::Nothing);
        assert!(listings <= 50 && articles <= 50, "{listings} listing pages, {articles} articles");
        let patterns: Vec<_> = traps.iter().map(|trap| trap.pattern.as_str()).collect();
        assert_eq!(patterns, ["news.yunling.test/rl/{n}.jsp", "news.yunling.test/rl/list.jsp?month&year"]);
        assert!(traps.iter().all(|trap| trap.why == Trapped::Barren && trap.first.len() == 3), "{traps:?}");
        assert!(traps[0].left > 700, "{traps:?}");
    }

    #[test]
    fn the_same_articles_under_new_session_ids_are_a_trap_once_they_repeat() {
        let article = |n| format!("/s{n}a8f3e2c9d1b7/info/{}.htm", n % 100);
        let bring = |n| if n < 100 { Brought::Something } else { Brought::Again };
        let (listings, articles, traps) = walk(5000, |n| format!("/list.jsp?page={n}"), article, bring);
        assert!(articles <= 100 + 50 && listings <= 5 + 50, "{listings}, {articles}");
        assert_eq!(traps.len(), 2, "{traps:?}");
    }

    #[test]
    fn a_slow_host_of_articles_does_not_make_its_listing_a_trap() {
        let mut traps = Traps::default();
        for page in 0..200 {
            let at = format!("/xwzx/{page}.htm");
            let asked = request(&at, Purpose::Listing, None);
            assert!(!traps.refuses(&asked), "page {page}");
            traps.brought(&asked, Brought::Nothing);
            (0..20).for_each(|row| {
                traps.planned(&request(&format!("/info/{page}/{row}.htm"), Purpose::Article, Some(&at)));
            });
        }
    }

    /// Asks as a crawl with 32 requests at once does, the oldest being settled whenever the next may not go; says how many were made.
    fn ask(traps: &mut Traps, bring: impl Fn(u32) -> Brought) -> u32 {
        let mut under_way = std::collections::VecDeque::new();
        let settle = |traps: &mut Traps, under_way: &mut std::collections::VecDeque<(u32, FetchRequest)>| {
            let (n, asked) = under_way.pop_front().unwrap();
            traps.brought(&asked, bring(n));
            traps.under_way(&asked, false);
        };
        for n in 0..1_000 {
            let next = request(&format!("/rl/{n}.jsp"), Purpose::Article, None);
            while under_way.len() == 32 || traps.waits(&next) {
                settle(traps, &mut under_way);
            }
            if traps.refuses(&next) {
                return n;
            }
            traps.under_way(&next, true);
            under_way.push_back((n, next));
        }
        1_000
    }

    #[test]
    fn what_is_under_way_counts_and_a_known_trap_costs_little() {
        let mut traps = Traps::default();
        assert_eq!(ask(&mut traps, |_| Brought::Nothing), BARREN);
        let remembered = traps.remembered("yunling");
        assert_eq!(remembered, ["news.yunling.test/rl/{n}.jsp"]);

        let mut next = Traps::default();
        next.recall("yunling", remembered.clone());
        // The first day of a calendar is a text of its own.
        let calendar = |n| if n == 0 { Brought::Something } else { Brought::Again };
        assert_eq!(ask(&mut next, calendar), 1 + PROBES);
        assert!(next.of("yunling")[0].known && next.remembered("yunling") == remembered);

        let mut mended = Traps::default();
        mended.recall("yunling", remembered.clone());
        assert_eq!(mended.remembered("yunling"), remembered, "not met, not forgotten");
        assert_eq!(ask(&mut mended, |_| Brought::Something), 1_000);
        assert!(mended.remembered("yunling").is_empty() && mended.of("yunling").is_empty());
    }

    #[test]
    fn a_pattern_that_brought_articles_is_looked_at_afresh_every_night() {
        let mut traps = Traps::default();
        let asked = ask(&mut traps, |n| if n < 10 { Brought::Something } else { Brought::Again });
        assert_eq!(asked, 10 + BARREN);
        assert!(!traps.of("yunling").is_empty() && traps.remembered("yunling").is_empty());
    }

    #[test]
    fn paths_that_repeat_themselves_are_closed_at_sight() {
        for (path, want) in [
            ("/xwzx/xwzx/xwzx/1.htm", true),
            ("/a/b/a/b/a/b/", true),
            ("/a/b/c/a/b/c/a/b/c", true),
            ("/xwzx/xwzx/1.htm", false),
            ("/2023/06/06/06/1.htm", false),
            ("/info/1001/1.htm", false),
        ] {
            assert_eq!(winds(path), want, "{path}");
        }
        let mut traps = Traps::default();
        assert!(traps.refuses(&request("/x/x/x/1.htm", Purpose::Article, None)));
        assert!(traps.refuses(&request(&format!("/{}", "x1y".repeat(800)), Purpose::Listing, None)));
        assert!(!traps.refuses(&request("/x/x/x/1.htm", Purpose::Seed, None)), "what a person wrote is asked for");
        let why: Vec<_> = traps.of("yunling").into_iter().map(|trap| (trap.pattern, trap.why)).collect();
        let want = [("news.yunling.test/x…/{n}.htm", Trapped::Winding), ("news.yunling.test/…", Trapped::Long)];
        assert_eq!(why, want.map(|(pattern, why)| (pattern.to_owned(), why)));
    }

    #[test]
    fn patterns_keep_words_and_drop_numbers() {
        for (url, want) in [
            ("http://a.test/info/1001/23.htm", "a.test/info/{n}/{n}.htm"),
            ("http://a.test/2023/0601/c30a99/page.htm", "a.test/{n}/{n}/c{n}a{n}/page.htm"),
            ("http://a.test/content.jsp?wbnewsid=9&urltype=x", "a.test/content.jsp?urltype&wbnewsid"),
            ("http://a.test/309be8b078444044b51624f0e186729e.htm", "a.test/{x}.htm"),
            ("http://a.test:81/a/a/a/", "a.test:81/a…/"),
        ] {
            assert_eq!(pattern(&Url::parse(url).unwrap()), want, "{url}");
        }
    }

    #[test]
    fn memory_has_an_end() {
        let mut traps = Traps::default();
        for n in 0..10_000_u32 {
            let word: String = n.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect();
            traps.brought(&request(&format!("/{word}/x"), Purpose::Article, None), Brought::Something);
        }
        assert!(traps.sites["yunling"].len() <= PATTERNS + 1);
    }
}
