//! The nouns of news and of web archiving.
//!
//! Plain data with small invariants: nothing here opens a socket, reads a clock or touches a file.
//! Every other module depends on these types; they depend on none of ours. The words are those of
//! `docs/glossary.md`.

pub mod address;
pub mod appraisal;
pub mod article;
pub mod capture;
pub mod digest;
pub mod drift;
pub mod event;
pub mod extraction;
pub mod fared;
pub mod fixity;
pub mod held;
pub mod page;
pub mod profile;
pub mod recheck;
pub mod record;
pub mod request;
pub mod robots;
pub mod schedule;
pub mod site;
pub mod statistics;
pub mod time;
pub mod verdict;
pub mod visit;
pub mod window;
