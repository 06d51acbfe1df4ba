//! The few bytes of images and files the made-up university offers. All generated for it, none found.

/// A PNG or JPEG, another one by turns.
pub(super) fn image(extension: &str, index: usize) -> (&'static str, &'static [u8]) {
    match (extension, index % 2) {
        ("jpg", _) => ("image/jpeg", include_bytes!("../../fixtures/demo/media/plain.jpg")),
        (_, 0) => ("image/png", include_bytes!("../../fixtures/demo/media/red.png")),
        _ => ("image/png", include_bytes!("../../fixtures/demo/media/blue.png")),
    }
}

/// A one-page PDF.
pub(super) fn document() -> &'static [u8] {
    include_bytes!("../../fixtures/demo/media/notice.pdf")
}

/// The page VSB answers with, under status 200, where it wants a captcha before a download (CMS facts, section 2).
pub(super) fn captcha() -> &'static str {
    include_str!("../../fixtures/demo/templates/vsb/captcha.html")
}
