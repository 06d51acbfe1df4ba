//! One binary, one module a capability.
#![expect(clippy::unwrap_used, reason = "a failed setup should stop the test")]
#![expect(clippy::indexing_slicing, reason = "a missing element should stop the test")]

mod architecture;
mod archive;
mod bad_input;
mod cli;
mod crawl;
mod damage;
mod datapackage;
mod decode;
mod demo;
mod docs;
mod export;
mod extract;
mod fetch;
mod fuzz;
mod guard;
mod hostile;
mod import;
mod inspect;
mod listing;
mod logins;
mod media;
mod misbehaviours;
mod operations;
mod package;
mod package_check;
mod politeness;
mod properties;
mod recognition;
mod reextract;
mod reflections;
mod reindex;
mod robots;
mod schema;
mod search;
mod sharing;
mod show;
mod stats;
mod store;
mod support;
mod tables;
mod upgrade;
mod walls;
mod warc;
mod works;
