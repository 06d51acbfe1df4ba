//! What a bag says of itself to a person who has never heard of this program, in Chinese and in English.

use crate::package::wacz::About;

/// File names and texts.
pub(super) fn texts(about: &About) -> [(&'static str, String); 2] {
    [
        ("README.md", fill(include_str!("readme.en.md"), about)),
        ("README.zh-CN.md", fill(include_str!("readme.zh-CN.md"), about)),
    ]
}

fn fill(template: &str, about: &About) -> String {
    let by = about.organization.as_deref().unwrap_or("—");
    [
        ("{title}", about.title.as_str()),
        ("{description}", &about.description),
        ("{organization}", by),
        ("{software}", &about.software),
        ("{created}", &about.created.to_seconds_string()),
        ("{archive_id}", &about.archive_id),
    ]
    .into_iter()
    .fold(template.to_owned(), |text, (mark, value)| text.replace(mark, value))
}
