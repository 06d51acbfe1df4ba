//! A family's rules, compiled: what `domain::profile` holds as text stands here as selectors and expressions.
//!
//! Compiling can fail and names the field; reading with compiled rules cannot. Compiled selectors and expressions are
//! shared by reference count, so that a site's own rules are put before its family's without compiling anything again.

mod article;
mod compile;
mod css;
mod css_key;
mod family;
mod listing;
mod present;

pub use article::{ArticleRules, CreditRule};
pub use compile::Fault;
pub(in crate::extract) use compile::regex;
pub use css::Css;
pub use family::{Detect, Family, Mark, MarkKind, Overrides, Profile};
pub use listing::{JsonRules, ListingRules, Pager};
pub use present::Present;
