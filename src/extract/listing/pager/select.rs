//! Next pages behind a `<select>` whose options are the pages: `<select onchange="location.href=this.value">`.
//!
//! Only options that say numbers of pages in order and hold addresses are a pager. A list of friendly links is none, and
//! bare numbers as values say nothing of the address a script makes of them.

use scraper::ElementRef;
use url::Url;

use super::View;

/// Most options looked at; a pager of more pages than this has other links too.
const MAX_OPTIONS: usize = 5000;

/// The option after the one that is shown.
pub(in crate::extract::listing) fn by_options(view: View<'_, '_>) -> Option<Url> {
    let (_, entry) = view.outline.entries().next()?;
    let elements = entry.node.tree().root().descendants().filter_map(ElementRef::wrap);
    elements.filter(|element| element.value().name() == "select").find_map(|select| after_shown(view, select))
}

fn after_shown(view: View<'_, '_>, select: ElementRef<'_>) -> Option<Url> {
    let options =
        select.descendants().filter_map(ElementRef::wrap).filter(|element| element.value().name() == "option");
    let options: Vec<ElementRef<'_>> = options.take(MAX_OPTIONS).collect();
    let shown = options.iter().position(|option| option.attr("selected").is_some())?;
    let (shown, next) = (options.get(shown)?, options.get(shown + 1)?);
    let follows = number(*next)? == number(*shown)?.checked_add(1)?;
    let address = next.attr("value").filter(|value| value.contains(['.', '/', '?']))?;
    view.resolve(address).filter(|url| follows && view.base.is_some_and(|base| base.host() == url.host()))
}

/// `3`, `第3页`, `3/12`.
fn number(option: ElementRef<'_>) -> Option<u32> {
    let text: String = option.text().collect();
    let text = text.trim().trim_start_matches('第').trim_end_matches('页');
    text.split('/').next()?.trim().parse().ok()
}
