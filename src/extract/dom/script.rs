//! Which scripts are put into the tree with their content.
//!
//! A script is a third of a page of the last years, and nearly all of it is program text that nothing reads. What
//! readers look for in a script is named here and nowhere else, so that a script they want is never left out. Patterns
//! over a page's source (pagers, marks of families) see every script: they do not go through the tree.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// A call that puts a video in the text's place (CMS facts, section 2).
pub(in crate::extract) const VIDEO: &str = "showVsbVideo";
/// Calls that put a PDF in the text's place.
pub(in crate::extract) const PDF: &[&str] = &["showVsbpdfIframe", "vsb_pdf_image_data"];
/// Words of pagers that a script writes.
pub(in crate::extract) const PAGER: &[&str] = &["createPageHTML(", "countPage", "createPageHtml("];

static READ: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(PDF.iter().chain(PAGER).chain(&[VIDEO])).ok());

/// Whether the content of a script stays: data of another type (JSON-LD, XML), a script that a selector can name by its
/// id, and one that holds what readers look for. `tag` is its start tag as written.
pub(super) fn is_read(tag: &str, content: &str) -> bool {
    let holds = |word: &[u8]| tag.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    let is_program = !holds(b"type") || holds(b"javascript");
    !is_program || holds(b" id") || READ.as_ref().is_none_or(|words| words.is_match(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_that_nothing_reads_are_left_out() {
        for (tag, content, kept) in [
            ("<script>", "var a = 1;", false),
            ("<SCRIPT TYPE='text/JavaScript'>", "var a = 1;", false),
            ("<script type=\"application/ld+json\">", "{}", true),
            ("<script type='text/xml'>", "<record>", true),
            ("<script id=store>", "var a = 1;", true),
            ("<script>", "createPageHTML(3, 0, 'index', 'html');", true),
            ("<script language=javascript>", "showVsbpdfIframe('/a.pdf')", true),
        ] {
            assert_eq!(is_read(tag, content), kept, "{tag}{content}");
        }
    }
}
