//! Selectors as data: the shape of `selectors/families/*.toml` and `selectors/sites/*.toml`.
//!
//! These types are the file format. Unknown keys are errors, so that a typo is found; the JSON Schema that
//! editors use is made from them. Compiling them into selectors is `extract`'s business.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::site::Share;

/// A CMS family: `selectors/families/<family>.toml`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilySpec {
    /// Family name, equal to the file's stem.
    pub family: String,
    /// What people call the product.
    pub name: String,
    /// Where the knowledge comes from: `saved-pages`, `routes` or `general` (general knowledge, not seen on a saved page).
    pub evidence: Evidence,
    /// Free notes for the next person.
    #[serde(default)]
    pub notes: Option<String>,
    /// How pages of this family are recognised.
    pub detect: DetectSpec,
    /// How one article is recognised under several addresses.
    #[serde(default)]
    pub identity: IdentitySpec,
    /// Rules in order of their dates; a capture is read with the last revision that is not later than it.
    #[serde(rename = "revision")]
    pub revisions: Vec<RevisionSpec>,
}

/// Where a profile's knowledge comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Read off saved pages.
    SavedPages,
    /// From published feed routes.
    Routes,
    /// General knowledge, not seen on a saved page.
    General,
}

/// Marks that tell a family. Weights of those present are added up; the family with the largest sum of at least `threshold` reads the page.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetectSpec {
    /// Least sum of weights.
    pub threshold: u32,
    /// The marks.
    #[serde(default)]
    pub marks: Vec<MarkSpec>,
}

/// One mark: exactly one of `text`, `css`, `url`, `generator`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkSpec {
    /// A string anywhere in the page's source.
    #[serde(default)]
    pub text: Option<String>,
    /// A selector that matches something.
    #[serde(default)]
    pub css: Option<String>,
    /// A regular expression found in the page's address (path and query).
    #[serde(default)]
    pub url: Option<String>,
    /// A regular expression found in `<meta name=generator>`.
    #[serde(default)]
    pub generator: Option<String>,
    /// What the mark counts.
    pub weight: u32,
}

/// How one article is recognised under several addresses.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentitySpec {
    /// Regular expressions over path and query; the first group is the article's id within its host. First match wins.
    #[serde(default)]
    pub article_id: Vec<String>,
}

/// Rules valid from a day on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisionSpec {
    /// First day these rules hold, `YYYY-MM-DD`; the first revision may say `0001-01-01`.
    pub since: String,
    /// How articles are read.
    #[serde(default)]
    pub article: ArticleSpec,
    /// How listings are read.
    #[serde(default)]
    pub listing: ListingSpec,
}

/// How articles are read. Every list is tried in order; the first rule that gives something wins.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleSpec {
    /// Regular expressions over path and query: an address like this is an article.
    #[serde(default)]
    pub url: Vec<String>,
    /// Selectors: a page with one of these is an article.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Headline.
    #[serde(default)]
    pub title: Vec<RuleSpec>,
    /// Second headline.
    #[serde(default)]
    pub subtitle: Vec<RuleSpec>,
    /// Containers of the meta line (time, source, credits beside labels). All that match are read.
    #[serde(default)]
    pub meta_line: Vec<String>,
    /// Publication time, where it has a place of its own; else it is read from the meta line.
    #[serde(default)]
    pub published: Vec<RuleSpec>,
    /// Source, where it has a place of its own; else it is read from the meta line.
    #[serde(default)]
    pub source: Vec<RuleSpec>,
    /// Credits with a place of their own: all rules that match add one credit each.
    #[serde(default)]
    pub credits: Vec<CreditRuleSpec>,
    /// Containers that close the article with editors (责任编辑 …) outside the body; read like a meta line, for credits and source only.
    #[serde(default)]
    pub footer: Vec<String>,
    /// Body containers, best first. `:all` semantics: where several elements match one selector they are joined in order.
    #[serde(default)]
    pub body: Vec<String>,
    /// Selectors removed from the body before it is read.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Attributes an image's address is taken from, best first.
    #[serde(default)]
    pub image: Vec<String>,
    /// Links that are attachments, anywhere in the article's block.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// Links of the breadcrumb trail, or its container.
    #[serde(default)]
    pub breadcrumbs: Vec<String>,
    /// How an article goes on over several pages.
    #[serde(default)]
    pub pages: Option<PagerSpec>,
}

/// One way to find a value: exactly one of `css`, `meta`, `json_ld`, `label`, `json`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSpec {
    /// A selector; its first match with a non-empty value counts.
    #[serde(default)]
    pub css: Option<String>,
    /// With `css`: this attribute instead of the text.
    #[serde(default)]
    pub attr: Option<String>,
    /// A `<meta name>` or `<meta property>`, case ignored.
    #[serde(default)]
    pub meta: Option<String>,
    /// A key of the page's JSON-LD, dots between levels.
    #[serde(default)]
    pub json_ld: Option<String>,
    /// A regular expression for a label such as `来源[:：]` in the meta line; the value runs to the next known label.
    #[serde(default)]
    pub label: Option<String>,
    /// A JSON pointer, for articles that are JSON.
    #[serde(default)]
    pub json: Option<String>,
    /// Clean-ups, in order.
    #[serde(default)]
    pub clean: Vec<Clean>,
}

/// A credit with a place of its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditRuleSpec {
    /// Role to record where the page prints none.
    pub role: String,
    /// Where the names are.
    pub from: RuleSpec,
}

/// The closed set of clean-ups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Clean {
    /// Removes a known label and its colon from the front.
    TrimLabel,
    /// Removes a known label that follows the value, and all after it.
    TrimTrailingLabel,
    /// Removes the site's name after the last `-`, `_` or `|`.
    TrimSiteSuffix,
    /// Removes brackets around the value.
    Unbracket,
}

/// How listings are read.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListingSpec {
    /// Regular expressions over path and query: an address like this is a listing.
    #[serde(default)]
    pub url: Vec<String>,
    /// Row selectors, best first; the first that gives rows in the main column wins.
    #[serde(default)]
    pub rows: Vec<String>,
    /// Rows that are written hidden and shown by a script (VSB's static lists).
    #[serde(default)]
    pub revealed: Vec<RevealSpec>,
    /// The link inside a row; without it the row's first link with text.
    #[serde(default)]
    pub link: Vec<String>,
    /// The headline inside a row, where it is not the link's own text or `title`.
    #[serde(default)]
    pub title: Vec<String>,
    /// The date inside a row; without it the first date shape in the row's text.
    #[serde(default)]
    pub date: Vec<String>,
    /// Regular expressions over resolved links: rows are links of this shape, for families whose list markup differs from site to site.
    #[serde(default)]
    pub link_shape: Vec<String>,
    /// The pager; it also marks the main column.
    #[serde(default)]
    pub pager: Vec<PagerSpec>,
    /// Scripts that hold the rows as `<record>` elements with HTML in CDATA (Hanweb).
    #[serde(default)]
    pub data_store: Vec<String>,
    /// Rows of a JSON answer.
    #[serde(default)]
    pub json: Option<JsonListingSpec>,
}

/// Elements that are written hidden and shown by a script.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealSpec {
    /// The elements.
    pub css: String,
    /// A string in the page's source that shows them; without it they stay hidden.
    pub script: String,
}

/// How to get to the next page.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "kind")]
pub enum PagerSpec {
    /// A link: by selector, and by its text where several match (下页 beside 尾页).
    NextLink {
        /// Selector of candidates.
        css: String,
        /// Regular expression over the candidate's text.
        #[serde(default)]
        text: Option<String>,
    },
    /// Page n+1 has the larger number: `first` names page one, `pattern` the others with `{n}`.
    CountUp {
        /// Regular expression over the address; group 1 is the stem, group 2 the number (absent on page one), group 3 the ending.
        url: String,
        /// `{stem}`, `{n}` and `{ext}` put together the next address.
        template: String,
        /// What `{n}` is on the second page.
        second: u32,
        /// Where the number of pages is printed: a regular expression over the page's source, group 1.
        pages: String,
    },
    /// Files count down to 1 while page one has no number (VSB).
    CountDown {
        /// Regular expression over the address; group 1 is the stem, group 2 the number (absent on page one), group 3 the ending.
        url: String,
        /// `{stem}`, `{n}` and `{ext}` put together the next address.
        template: String,
        /// Where the number of pages is printed: a regular expression over the page's source, group 1.
        pages: String,
    },
    /// A script call or variables give the number of pages and the current one (TRS `createPageHTML`).
    Script {
        /// Regular expression over the page's source; named groups `pages`, `current` (from 0), `stem`, `ext`.
        pattern: String,
        /// `{stem}`, `{n}`, `{ext}` put together the next address.
        template: String,
    },
    /// A query parameter counts up.
    PageParam {
        /// Its name.
        param: String,
        /// Its value on page one.
        first: u32,
        /// Where the number of pages is found: a regular expression over the source (group 1); without it paging ends at an empty page.
        #[serde(default)]
        pages: Option<String>,
    },
}

/// Rows of a JSON answer, by JSON pointer (RFC 6901).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JsonListingSpec {
    /// The array of rows.
    pub rows: String,
    /// In a row: addresses, the first present wins.
    pub url: Vec<String>,
    /// In a row: the headline.
    pub title: Vec<String>,
    /// In a row: the date.
    #[serde(default)]
    pub date: Vec<String>,
    /// In the answer: how many rows there are in all.
    #[serde(default)]
    pub total: Option<String>,
    /// Name of the page number parameter.
    #[serde(default)]
    pub page_param: Option<String>,
    /// Its value on the first page.
    #[serde(default)]
    pub first_page: u32,
    /// Name of the page size parameter.
    #[serde(default)]
    pub size_param: Option<String>,
}

/// What an archivist says of records that no page says of itself, in a site's file or for the whole archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetadataSpec {
    /// 全宗: number or name of the fonds; with it every record has a 档号.
    #[serde(default)]
    pub fonds: Option<String>,
    /// 类别: class of the filing plan.
    #[serde(default)]
    pub category: Option<String>,
    /// 保管期限: how long records are kept.
    #[serde(default)]
    pub retention: Option<String>,
    /// 密级: level of secrecy.
    #[serde(default)]
    pub security: Option<String>,
    /// 责任者: the body responsible for what is published.
    #[serde(default)]
    pub responsible: Option<String>,
}

/// A site: `selectors/sites/<id>.toml`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteSpec {
    /// Site id, equal to the file's stem.
    pub site: String,
    /// What people call it.
    pub name: String,
    /// Where crawls start.
    pub seeds: Vec<String>,
    /// Further hosts whose links are followed.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// The family that reads it; recognised where absent.
    #[serde(default)]
    pub family: Option<String>,
    /// Seconds between requests to one host.
    #[serde(default)]
    pub delay: Option<f64>,
    /// When the site is due for `crawl --due` and `watch`: a cron expression or a name such as `@daily`, in China time.
    #[serde(default)]
    pub schedule: Option<String>,
    /// Hours in which anything is asked of the site's hosts, in China time, over midnight where it ends before it begins:
    /// `22:00-06:00`; `always` where the settings name a window that is not this site's.
    #[serde(default)]
    pub window: Option<String>,
    /// `domain`: all hosts of one registrable domain whose sites say so share one delay; `host`: each has its own.
    #[serde(default)]
    pub share: Option<Share>,
    /// Ages in days at which an article is asked for again, rising; the last one repeats. `[]`: never. The settings' where
    /// it is absent.
    #[serde(default)]
    pub recheck: Option<Vec<u32>>,
    /// What packages say of the site's records: 全宗, 类别, 保管期限, 密级, 责任者.
    #[serde(default)]
    pub metadata: MetadataSpec,
    /// Whether images and attachments of its articles are fetched; they are where neither this file nor the settings
    /// say otherwise.
    #[serde(default)]
    pub media: Option<bool>,
    /// `lenient` reads the site's hosts although their certificates are expired, of another name or of an unknown issuer;
    /// `legacy` also speaks TLS 1.0 and 1.1 and takes weak keys, and needs a program built with the feature `legacy-tls`.
    /// What was wrong is kept with each capture. Without it such hosts are refused.
    #[serde(default)]
    pub tls: Option<TlsSpec>,
    /// Rules put before the family's own.
    #[serde(default)]
    pub article: ArticleSpec,
    /// Rules put before the family's own.
    #[serde(default)]
    pub listing: ListingSpec,
}

/// How strictly a site's certificates and protocol are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TlsSpec {
    /// Read the site in spite of what is wrong with its certificate, and keep what it was.
    Lenient,
    /// Read the site with protocols, ciphers and keys that are no longer thought safe; nothing is proved about who answers.
    Legacy,
}
