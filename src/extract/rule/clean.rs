//! The closed set of clean-ups.

use crate::domain::profile::Clean;

use crate::extract::label;

const BRACKETS: &[(char, char)] =
    &[('[', ']'), ('(', ')'), ('（', '）'), ('【', '】'), ('〔', '〕'), ('<', '>'), ('《', '》')];

/// Applies clean-ups in order; the text is trimmed after each.
pub fn cleaned(text: &str, steps: &[Clean]) -> String {
    let mut text = text.trim();
    for step in steps {
        text = match step {
            Clean::TrimLabel => without_label(text),
            Clean::TrimTrailingLabel => before_label(text),
            Clean::TrimSiteSuffix => without_site(text),
            Clean::Unbracket => unbracketed(text),
        }
        .trim();
    }
    text.to_owned()
}

fn without_label(text: &str) -> &str {
    match label::first(text) {
        Some(found) if found.start == 0 => text.get(found.end..).unwrap_or(text),
        Some(_) | None => text,
    }
}

fn before_label(text: &str) -> &str {
    match label::first(text) {
        Some(found) if found.start > 0 => text.get(..found.start).unwrap_or(text),
        Some(_) | None => text,
    }
}

/// Cuts at the last separator. A hyphen inside a word or a number (`中国-东盟`, `COVID-19`) is a separator only where
/// the part behind it looks like a site: no digits, at least four characters.
fn without_site(text: &str) -> &str {
    let cut = text.rfind(['-', '_', '|', '—', '–']).and_then(|at| {
        let head = text.get(..at)?.trim_end_matches([' ', '-', '_', '|', '—', '–', '\u{3000}']);
        let tail = text.get(at..)?.trim_start_matches(['-', '_', '|', '—', '–', ' ', '\u{3000}']);
        let site_like = tail.chars().count() >= 4 && !tail.chars().any(|c| c.is_ascii_digit());
        (site_like && !head.is_empty()).then_some(head)
    });
    cut.unwrap_or(text)
}

fn unbracketed(text: &str) -> &str {
    BRACKETS.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clean_up_does_one_thing() {
        for (step, text, want) in [
            (Clean::TrimLabel, "责任编辑：地学院", "地学院"),
            (Clean::TrimLabel, "地学院 责任编辑：李禾", "地学院 责任编辑：李禾"),
            (Clean::TrimTrailingLabel, "云岭校报 作者：李禾", "云岭校报"),
            (Clean::TrimSiteSuffix, "学习动态-云岭理工大学", "学习动态"),
            (Clean::TrimSiteSuffix, "抗击COVID-19", "抗击COVID-19"),
            (Clean::TrimSiteSuffix, "中国—东盟论坛 | 东湖师范大学", "中国—东盟论坛"),
            (Clean::Unbracket, "[2023-06-06]", "2023-06-06"),
            (Clean::Unbracket, "（云岭）校报", "（云岭）校报"),
        ] {
            assert_eq!(cleaned(text, &[step]), want, "{text}");
        }
    }
}
