//! Text on its way into a page of ours.

/// Text as it may stand in markup, in an attribute too. Characters that steer a screen are left out.
pub(super) fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Items one after the other.
pub(super) fn joined<T>(items: impl IntoIterator<Item = T>, markup: impl Fn(T) -> String) -> String {
    items.into_iter().map(markup).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_say_is_never_markup() {
        assert_eq!(text("<script>\"&'\u{1b}</script>"), "&lt;script&gt;&quot;&amp;'&lt;/script&gt;");
    }
}
