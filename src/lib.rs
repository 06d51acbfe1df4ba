//! shiguan (史馆): crawler and archive for university theme-education (主题教育) news.
//!
//! One URL's way through the house: `frontier` decides what to visit, `fetch` asks for it, `decode` makes text of the
//! answer, `extract` makes a record of the text, `archive` commits both as WARC and SQLite; `crawl` is the only place
//! that knows this order, `cli` the only one that knows about terminals. `ARCHITECTURE.md` is the map; the direction
//! of imports is checked by `tests/it/architecture.rs`.

pub mod archive;
pub mod cli;
pub mod crawl;
pub mod decode;
pub mod dedup;
pub mod demo;
pub mod domain;
pub mod export;
pub mod extract;
pub mod fetch;
pub mod fold;
pub mod frontier;
pub mod handover;
pub mod near;
pub mod package;
pub mod robots;
pub mod segment;
pub mod store;
pub mod veil;
pub mod warc;
