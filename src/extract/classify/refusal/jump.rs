//! Where a page leads at once, by `<meta http-equiv=refresh>` or by a script. Never followed; said.

use std::sync::LazyLock;

use regex::Regex;
use scraper::Html;
use url::Url;

use crate::domain::address;
use crate::domain::page::Page;
use crate::extract::dom;

/// A page that waits longer than this many seconds is there to be read.
const AT_ONCE: u32 = 10;

/// The address, where there is one. That it may be the page itself changes nothing.
pub(super) fn target(doc: &Html, page: &Page) -> Option<Url> {
    let base = dom::base(doc, page).or_else(|| page.url.clone())?;
    let link = by_meta(doc).or_else(|| by_script(&page.text))?;
    address::resolve(&base, &link)
}

fn by_meta(doc: &Html) -> Option<String> {
    let meta = dom::elements(doc).map(|element| element.value()).find(|element| {
        element.name() == "meta"
            && dom::attr(element, "http-equiv").is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh"))
    })?;
    let content = dom::attr(meta, "content")?;
    let (wait, rest) = content.split_once([';', ','])?;
    let wait: f32 = wait.trim().parse().unwrap_or(0.0);
    #[expect(clippy::cast_precision_loss, reason = "a handful of seconds")]
    if wait > AT_ONCE as f32 {
        return None;
    }
    let (name, link) = rest.split_once('=')?;
    name.trim().eq_ignore_ascii_case("url").then(|| link.trim().trim_matches(['\'', '"']).to_owned())
}

/// Scripts are looked for in the source: the tree keeps only those that readers read.
fn by_script(source: &str) -> Option<String> {
    static JUMP: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r#"(?-u:\b)location(?:\.href)?\s*=\s*["']([^"']+)["']|(?-u:\b)location\.(?:replace|assign)\(\s*["']([^"']+)["']"#,
        )
        .ok()
    });
    let found = JUMP.as_ref()?.captures(source)?;
    found.get(1).or(found.get(2)).map(|link| link.as_str().to_owned())
}
