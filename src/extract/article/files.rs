//! Links to files: what an attachment's link looks like.

use scraper::node::Element;

use crate::extract::dom;

/// Extensions of files offered for download.
const EXTENSIONS: &[&str] = &[
    "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pps", "ppsx", "pdf", "wps", "et", "dps", "zip", "rar", "7z", "txt",
    "csv", "rtf", "ofd", "docm", "xlsm", "tar", "gz", "caj", "epub",
];

/// Addresses that answer with a file though they do not look like one: VSB, webplus, EmpireCMS, general.
const DOWNLOADS: &[&str] = &[
    "downloadattachurl",
    "/_content/download.jsp",
    "download.jsp?",
    "/_upload/article/files/",
    "/e/downsys/",
    "downloadservlet",
    "/downfile",
    "filedownload",
    "download?fileid",
    "attachdownload",
    "/download.do?",
];

/// Whether a name or address ends like a file (a query after it is passed over).
pub(crate) fn has_extension(text: &str) -> bool {
    let text = text
        .split(['?', '#'])
        .next()
        .unwrap_or(text)
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '】' | ']' | '）' | ')'));
    text.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Whether an address is one of a download.
pub(crate) fn is_download(href: &str) -> bool {
    let lower = href.to_ascii_lowercase();
    has_extension(href) || DOWNLOADS.iter().any(|mark| lower.contains(mark))
}

/// Whether a link leads to a file.
pub(crate) fn is_file_link(link: &Element) -> bool {
    dom::attr(link, "href").is_some_and(is_download) || dom::attr(link, "sudyfile-attr").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_name_and_by_address() {
        for yes in [
            "名单.doc.doc",
            "/a/b.PDF?x=1",
            "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=2",
            "表.xls】",
        ] {
            assert!(is_download(yes), "{yes}");
        }
        for no in ["/info/1/2.htm", "/download/", "list.jsp", ".pdf", "http://pdf"] {
            assert!(!is_download(no), "{no}");
        }
    }
}
