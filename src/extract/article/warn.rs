//! Codes of what was missing or doubtful. They are part of the contract: once written they do not change.

/// No headline.
pub(crate) const NO_TITLE: &str = "no-title";
/// No time of publication anywhere.
pub(crate) const NO_PUBLISHED: &str = "no-published";
/// Only the address gave a day.
pub(crate) const PUBLISHED_FROM_URL: &str = "published-from-url";
/// Nothing is printed in the body.
pub(crate) const BODY_EMPTY: &str = "body-empty";
/// The body is images without text.
pub(crate) const BODY_ONLY_IMAGES: &str = "body-only-images";
/// The text is in a PDF shown by a viewer.
pub(crate) const PDF_VIEWER: &str = "pdf-viewer";
/// The body is a video.
pub(crate) const VIDEO_ONLY: &str = "video-only";
/// The body is empty and a script leads elsewhere (VSB `getNewsLinkUrl`).
pub(crate) const EXTERNAL_BY_SCRIPT: &str = "external-by-script";
/// The family's selectors found no body; it was found by its prose.
pub(crate) const SELECTORS_MISSED: &str = "selectors-missed";
/// The charset is a guess or has replacement characters.
pub(crate) const CHARSET_DOUBTFUL: &str = "charset-doubtful";
/// The article goes on on a page that is not in the record.
pub(crate) const MORE_PAGES: &str = crate::domain::article::Article::MORE_PAGES;
/// A further page of the article could not be had.
pub(crate) const PART_MISSING: &str = crate::domain::article::Article::PART_MISSING;

/// Said of the whole where any part says it.
pub(crate) const OF_ANY_PART: &[&str] = &[PDF_VIEWER, CHARSET_DOUBTFUL];
/// Not said of a whole that has a text.
pub(crate) const OF_NO_TEXT: &[&str] = &[BODY_EMPTY, BODY_ONLY_IMAGES, VIDEO_ONLY, EXTERNAL_BY_SCRIPT];
