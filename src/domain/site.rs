//! Sites and seeds: what a crawl starts from, and how politely.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use url::Url;

use crate::domain::recheck::Recheck;
use crate::domain::window::Window;

/// A URL a crawl starts from. What it is (listing, feed, sitemap, home page, article) is recognised when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// The site this seed belongs to: a configured site's id, else the host name.
    pub site: String,
    /// Where to start.
    pub url: Url,
}

/// One news site as a crawl sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Stable id: the file name in `selectors/sites/`, else the host name.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// Where crawls start.
    pub seeds: Vec<Url>,
    /// Hosts whose links are followed: the seeds' own, and those the site's file or the command line names.
    pub hosts: Vec<String>,
    /// Family that must read it, where the file says so.
    pub family: Option<String>,
    /// How politely.
    pub politeness: Politeness,
    /// Whether images and attachments of its articles are fetched.
    pub media: bool,
    /// When its articles are asked for again.
    pub recheck: Recheck,
    /// Hours outside of which nothing is asked of its hosts.
    pub window: Option<Window>,
}

/// With whom a host shares its pace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    /// With nobody: each host has its own.
    #[default]
    Host,
    /// With all hosts of its registrable domain that say so too: between two requests at any of them lies the delay.
    Domain,
}

/// Per-site limits. The defaults are the polite ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Politeness {
    /// Least time between the starts of two requests to one host.
    pub delay: Duration,
    /// Requests under way at once to one host.
    pub per_host: usize,
    /// With whom the host shares both.
    pub share: Share,
}

impl Politeness {
    /// One second, the contract's default.
    pub const DEFAULT_DELAY: Duration = Duration::from_secs(1);
    /// One at a time, the contract's default.
    pub const DEFAULT_PER_HOST: usize = 1;

    /// The gentler of two in every respect.
    #[must_use]
    pub fn gentler(self, other: Self) -> Self {
        let share = if self.share == Share::Domain { self.share } else { other.share };
        Self { delay: self.delay.max(other.delay), per_host: self.per_host.min(other.per_host), share }
    }
}

impl Default for Politeness {
    fn default() -> Self {
        Self { delay: Self::DEFAULT_DELAY, per_host: Self::DEFAULT_PER_HOST, share: Share::Host }
    }
}
