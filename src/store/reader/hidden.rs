//! The takedown list, applied to one reader: rows taken down are not there, and a person taken down is `某某` in texts.
//!
//! Rows go by views of this connection alone that stand before the archive's tables of the same names: a query that nobody
//! thought of reads them too. Texts go through [`Veil`]. The file itself is open for reading only and stays as it is.

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::super::takedown::{Takedown, What};
use crate::domain::article::{Article, Reflection};
use crate::domain::held::{
    HeldAppearance, HeldArticle, HeldAttachment, HeldCapture, HeldImage, HeldPage, HeldPair, HeldPerson,
    HeldReflection, HeldRepost, HeldVersion, HeldWork,
};
use crate::store::Error;
use crate::store::connection::{all, first};
use crate::veil::{Roll, Veil, Veiled, canonical};

/// What is taken down of an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Withheld {
    /// Entries of the list.
    pub entries: usize,
    /// Articles not shown.
    pub articles: i64,
    /// Reflections not shown of articles that are.
    pub reflections: i64,
    /// Entries that fit nothing the archive holds.
    pub unmatched: usize,
    /// SHA-256 of the list.
    pub list_sha256: String,
}

/// The list, applied.
#[derive(Debug)]
pub(super) struct Hidden {
    /// Masks persons; `None` where none is taken down.
    veil: Option<Veil>,
    withheld: Withheld,
}

const TABLES: &str = "CREATE TEMP TABLE hidden_articles (id INTEGER PRIMARY KEY); \
    CREATE TEMP TABLE hidden_urls (url TEXT PRIMARY KEY) WITHOUT ROWID; \
    CREATE TEMP TABLE hidden_people (name TEXT PRIMARY KEY) WITHOUT ROWID;";

/// Addresses of hidden articles and of their files, where no other article shows the file.
const URLS: &str = "INSERT OR IGNORE INTO temp.hidden_urls SELECT url FROM main.article_urls \
      WHERE article_id IN (SELECT id FROM temp.hidden_articles); \
    INSERT OR IGNORE INTO temp.hidden_urls SELECT place FROM ( \
        SELECT place, article_id FROM main.images UNION ALL SELECT place, article_id FROM main.attachments) \
      WHERE place IS NOT NULL GROUP BY place HAVING max(article_id NOT IN (SELECT id FROM temp.hidden_articles)) = 0; \
    INSERT OR IGNORE INTO temp.hidden_urls SELECT c.url FROM main.captures c \
      WHERE c.redirect_to IN (SELECT url FROM temp.hidden_urls);";

/// Tables of which rows of hidden articles are left out, by their column.
const OF_ARTICLES: [(&str, &str); 9] = [
    ("articles", "id"),
    ("article_versions", "article_id"),
    ("article_urls", "article_id"),
    ("article_texts", "article_id"),
    ("appearances", "article_id"),
    ("tombstones", "article_id"),
    ("topics", "article_id"),
    ("images", "article_id"),
    ("attachments", "article_id"),
];

/// Tables of which hidden addresses are left out, by their column.
const OF_URLS: [(&str, &str); 2] = [("listing_items", "url"), ("places", "url")];

const REFLECTIONS: &str = "CREATE TEMP VIEW reflections AS SELECT * FROM main.reflections r \
      WHERE r.article_id NOT IN (SELECT id FROM temp.hidden_articles) AND NOT EXISTS (SELECT 1 FROM main.people p \
        WHERE p.article_id = r.article_id AND p.ordinal = r.ordinal AND p.name IN (SELECT name FROM temp.hidden_people)); \
    CREATE TEMP VIEW people AS SELECT * FROM main.people p WHERE EXISTS (SELECT 1 FROM reflections r \
      WHERE r.article_id = p.article_id AND r.ordinal = p.ordinal); \
    CREATE TEMP VIEW credits AS SELECT article_id, ordinal, role, shown AS names FROM (SELECT *, \
        (SELECT json_group_array(n.value) FROM json_each(c.names) n \
          WHERE n.value NOT IN (SELECT name FROM temp.hidden_people)) AS shown FROM main.credits c \
        WHERE c.article_id NOT IN (SELECT id FROM temp.hidden_articles)) WHERE shown <> '[]' OR names = '[]';";

impl Hidden {
    /// Applies a list that is not empty to a connection.
    pub(super) fn apply(connection: &Connection, list: &Takedown) -> Result<Self, Error> {
        let failed = |source| Error::Sqlite { doing: "applying the takedown list", source };
        // Also temporary tables are closed to a connection that may only ask.
        connection.pragma_update(None, "query_only", false).map_err(failed)?;
        let applied = Self::hide(connection, list);
        connection.pragma_update(None, "query_only", true).map_err(failed)?;
        applied
    }

    fn hide(connection: &Connection, list: &Takedown) -> Result<Self, Error> {
        let failed = |source| Error::Sqlite { doing: "applying the takedown list", source };
        connection.execute_batch(TABLES).map_err(failed)?;
        let mut unmatched = 0;
        for entry in &list.entries {
            let known = match &entry.what {
                What::Address(url) => {
                    let url = url.as_str();
                    let sql = "INSERT OR IGNORE INTO temp.hidden_articles SELECT article_id FROM main.article_urls WHERE url = ?1";
                    let article = connection.execute(sql, [url]).map_err(failed)?;
                    let sql = "INSERT OR IGNORE INTO temp.hidden_urls VALUES (?1)";
                    connection.execute(sql, [url]).map_err(failed)?;
                    article > 0 || seen(connection, url)?
                }
                What::Article(id) => {
                    let sql = "INSERT OR IGNORE INTO temp.hidden_articles SELECT id FROM main.articles WHERE id = ?1";
                    connection.execute(sql, [id]).map_err(failed)? > 0
                }
                What::Person(name) => Self::hide_person(connection, name)?,
            };
            unmatched += usize::from(!known);
        }
        connection.execute_batch(URLS).map_err(failed)?;
        connection.execute_batch(&views(connection)?).map_err(failed)?;
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(failed);
        let reflections = "SELECT (SELECT count(*) FROM main.reflections \
            WHERE article_id NOT IN (SELECT id FROM temp.hidden_articles)) - (SELECT count(*) FROM reflections)";
        let mut roll = Roll::default();
        list.persons().for_each(|name| roll.told(name, 0));
        let names = roll.census().finish();
        Ok(Self {
            veil: (!names.is_empty()).then(|| Veil::plain(names, |_| Vec::new())),
            withheld: Withheld {
                entries: list.entries.len(),
                articles: count("SELECT count(*) FROM temp.hidden_articles")?,
                reflections: count(reflections)?,
                unmatched,
                list_sha256: list.sha256.clone(),
            },
        })
    }

    /// Hides a person in every spelling in which the archive has the name; whether it has it as a speaker or author.
    fn hide_person(connection: &Connection, name: &str) -> Result<bool, Error> {
        let failed = |source| Error::Sqlite { doing: "applying the takedown list", source };
        let sql =
            "SELECT DISTINCT name FROM main.people UNION SELECT n.value FROM main.credits c, json_each(c.names) n";
        let wanted = canonical(name);
        let mut known = false;
        for spelling in all(connection, sql, [], |row| row.get::<_, String>(0))? {
            if canonical(&spelling) == wanted {
                let sql = "INSERT OR IGNORE INTO temp.hidden_people VALUES (?1)";
                connection.execute(sql, [spelling]).map_err(failed)?;
                known = true;
            }
        }
        Ok(known)
    }

    pub(super) fn withheld(&self) -> &Withheld {
        &self.withheld
    }

    /// Names of persons taken down are masked in texts.
    pub(super) fn masks(&self) -> bool {
        self.veil.is_some()
    }

    fn mask(&self, text: &mut String) {
        if let Some(veil) = &self.veil {
            let veiled = veil.text(text, &[]);
            if veiled.is_changed() {
                *text = veiled.text;
            }
        }
    }

    fn mask_some(&self, text: &mut Option<String>) {
        if let Some(text) = text {
            self.mask(text);
        }
    }

    /// Whether the name is one of those taken down.
    fn is_hidden(&self, name: &str) -> bool {
        self.veil.as_ref().is_some_and(|veil| veil.knows(name))
    }

    /// A record without the persons taken down.
    fn record(&self, record: &mut Article) {
        let Some(veil) = &self.veil else { return };
        record.reflections.retain(|reflection| !reflection.people.iter().any(|name| self.is_hidden(name)));
        for credit in &mut record.credits {
            credit.names.retain(|name| !self.is_hidden(name));
        }
        record.credits.retain(|credit| !credit.names.is_empty());
        let body = veil.text(&record.body, &[]);
        for reflection in &mut record.reflections {
            self.said(reflection, &body);
        }
        record.body = body.text;
        for text in [&mut record.title, &mut record.subtitle, &mut record.source] {
            self.mask_some(text);
        }
        for url in [&mut record.url, &mut record.canonical_url].into_iter().flatten() {
            let mut text = url.to_string();
            self.mask(&mut text);
            if let Ok(masked) = text.parse() {
                *url = masked;
            }
        }
        for image in &mut record.images {
            self.mask(&mut image.url);
            self.mask_some(&mut image.alt);
            self.mask_some(&mut image.caption);
        }
        for file in &mut record.attachments {
            self.mask(&mut file.url);
            self.mask(&mut file.name);
        }
        record.breadcrumbs.iter_mut().for_each(|text| self.mask(text));
    }

    /// Words as they stand in the masked body.
    fn said(&self, reflection: &mut Reflection, body: &Veiled) {
        let (start, end) = (body.place(reflection.start), body.end_place(reflection.end));
        reflection.text = body.text.chars().skip(start).take(end.saturating_sub(start)).collect();
        (reflection.start, reflection.end) = (start, end);
        self.mask_some(&mut reflection.affiliation);
        self.mask_some(&mut reflection.role);
        let facets = &mut reflection.facets;
        for facet in [&mut facets.class, &mut facets.branch, &mut facets.unit, &mut facets.major] {
            self.mask_some(facet);
        }
    }

    pub(super) fn article(&self, held: &mut HeldArticle) {
        self.record(&mut held.record);
    }

    pub(super) fn version(&self, held: &mut HeldVersion) {
        self.record(&mut held.record);
    }

    /// A page to begin reading at.
    pub(super) fn page(&self, held: &mut HeldPage) {
        self.mask(&mut held.url);
        self.mask_some(&mut held.title);
        self.mask_some(&mut held.text);
    }

    /// A reflection of the article with this body.
    pub(super) fn reflection(&self, held: &mut HeldReflection, body: &str) {
        if let Some(veil) = &self.veil {
            self.said(&mut held.reflection, &veil.text(body, &[]));
        }
        for text in [&mut held.title, &mut held.source, &mut held.url] {
            self.mask_some(text);
        }
    }

    pub(super) fn image(&self, held: &mut HeldImage) {
        self.mask(&mut held.image.url);
        self.mask_some(&mut held.image.alt);
        self.mask_some(&mut held.image.caption);
    }

    pub(super) fn attachment(&self, held: &mut HeldAttachment) {
        self.mask(&mut held.attachment.url);
        self.mask(&mut held.attachment.name);
    }

    pub(super) fn person(&self, held: &mut HeldPerson) {
        held.affiliations.iter_mut().for_each(|text| self.mask(text));
    }

    pub(super) fn capture(&self, held: &mut HeldCapture) {
        self.mask(&mut held.url);
        self.mask_some(&mut held.via);
    }

    fn appearance(&self, held: &mut HeldAppearance) {
        self.mask_some(&mut held.url);
        self.mask_some(&mut held.title);
    }

    pub(super) fn work(&self, held: &mut HeldWork) {
        self.appearance(&mut held.first);
    }

    pub(super) fn pair(&self, held: &mut HeldPair) {
        self.appearance(&mut held.first);
        self.appearance(&mut held.repost);
        self.evidence(&mut held.evidence);
    }

    pub(super) fn repost(&self, held: &mut HeldRepost) {
        for text in [&mut held.url, &mut held.title, &mut held.source] {
            self.mask_some(text);
        }
        if let Some(likeness) = &mut held.likeness {
            self.evidence(&mut likeness.evidence);
        }
    }

    /// Words two texts differ in can be half a name.
    fn evidence(&self, evidence: &mut String) {
        if self.masks()
            && let Ok(mut told) = serde_json::from_str::<Map<String, Value>>(evidence)
            && told.remove("swaps").is_some()
        {
            *evidence = Value::Object(told).to_string();
        }
    }
}

/// Whether the address was ever asked for.
fn seen(connection: &Connection, url: &str) -> Result<bool, Error> {
    Ok(first(connection, "SELECT 1 FROM main.captures WHERE url = ?1 LIMIT 1", [url], |_| Ok(()))?.is_some())
}

fn views(connection: &Connection) -> Result<String, Error> {
    let mut views = String::new();
    for (kind, tables) in [("hidden_articles", OF_ARTICLES.as_slice()), ("hidden_urls", &OF_URLS)] {
        let column = if kind == "hidden_urls" { "url" } else { "id" };
        for (table, of) in tables {
            let rows = format!("SELECT * FROM main.{table} WHERE {of} NOT IN (SELECT {column} FROM temp.{kind})");
            views.extend(["CREATE TEMP VIEW ", table, " AS ", &rows, ";"]);
        }
    }
    views.push_str(REFLECTIONS);
    // A page that led to what is hidden stays; where it led to from what is hidden is not told.
    let columns: Vec<String> =
        all(connection, "SELECT name FROM pragma_table_info('captures', 'main')", [], |row| row.get(0))?;
    let columns = columns.into_iter().map(|name| {
        if matches!(name.as_str(), "via" | "redirect_to") {
            format!("iif({name} IN (SELECT url FROM temp.hidden_urls), NULL, {name}) AS {name}")
        } else {
            name
        }
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let rows = format!("SELECT {columns} FROM main.captures WHERE url NOT IN (SELECT url FROM temp.hidden_urls)");
    views.extend(["CREATE TEMP VIEW captures AS ", &rows, ";"]);
    Ok(views)
}
