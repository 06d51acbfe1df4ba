//! What a page's tree may take, in bytes: the elements of a page need far more memory than their tags.

/// Most that the tree of a page and what readers lay out of it take. The largest real pages take a third.
pub(super) const MAX_TREE: usize = 32 << 20;

/// An element, with its entries in the outlines.
const ELEMENT: usize = 360;
/// A text that prints something, with its places in the outlines; white space between tags.
const TEXT: usize = 260;
const BLANK: usize = 140;
/// An attribute with a short value; longer ones are parts of the source.
const ATTRIBUTE: usize = 64;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Budget {
    left: Option<usize>,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { left: Some(MAX_TREE) }
    }

    /// Counts the text between two tags.
    pub(super) fn text(&mut self, text: &str) {
        if !text.is_empty() {
            let blank = text.bytes().all(|byte| byte.is_ascii_whitespace());
            self.take(if blank { BLANK } else { TEXT });
        }
    }

    /// Counts an element with so many attributes, which opens so many formatting elements again.
    pub(super) fn element(&mut self, attributes: usize, formatting: usize) {
        self.take((ELEMENT + ATTRIBUTE * attributes) * (1 + formatting));
    }

    /// Counts a comment, or what is like one in size.
    pub(super) fn node(&mut self) {
        self.take(BLANK);
    }

    /// Whether nothing is left, now and from now on.
    pub(super) fn is_spent(&self) -> bool {
        self.left.is_none()
    }

    fn take(&mut self, bytes: usize) {
        self.left = self.left.and_then(|left| left.checked_sub(bytes));
    }
}
