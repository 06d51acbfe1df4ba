//! What becomes of each column when records are shared. Every column of every table has its row here; one without is
//! treated as words of a text, and a test fails.

use crate::veil::Kind;

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// It says nothing of a person.
    Keep,
    /// Running text: persons in it are replaced; left out without texts.
    Text,
    /// Words about something: persons in them are replaced.
    Words,
    /// Names of persons.
    Persons,
    /// Names of persons or units.
    Names,
    /// Roles with such names.
    Credits,
    /// What anybody can look up: the address of a page, the digest of what it holds.
    Lookup(Kind),
    /// Why two texts are one work, with words of both.
    Evidence,
    /// An article's lists, in formats with structure.
    Lists,
    /// Where a text begins or ends in its article's body.
    Place,
}

/// What becomes of the column of this name; names mean the same in every table.
pub(super) fn treatment(column: &str) -> Option<Treatment> {
    Some(match column {
        "title" | "subtitle" | "body" | "text" | "alt" | "caption" | "name" | "first_title" | "repost_title" => {
            Treatment::Text
        }
        "source" | "breadcrumbs" | "affiliation" | "affiliations" | "role" | "degree" | "year" | "major" | "class"
        | "branch" | "unit" => Treatment::Words,
        "people" | "person" => Treatment::Persons,
        "names" => Treatment::Names,
        "credits" => Treatment::Credits,
        "url" | "canonical_url" | "via" | "first_url" | "repost_url" => Treatment::Lookup(Kind::Address),
        "content_digest" | "payload_digest" => Treatment::Lookup(Kind::Digest),
        // Made of the address of an article.
        "work_id" => Treatment::Lookup(Kind::Work),
        "evidence" => Treatment::Evidence,
        "reflections" | "images" | "attachments" => Treatment::Lists,
        "start" | "end" => Treatment::Place,
        // Words of a closed set, numbers, moments; and what only the archive's keeper can look up (ids, places in WARC files): the
        // keeper must be able to find a row somebody asks about.
        "kind"
        | "id"
        | "article_id"
        | "first_article_id"
        | "repost_article_id"
        | "reposts"
        | "ordinal"
        | "site"
        | "family"
        | "published_at"
        | "published_precision"
        | "first_published_at"
        | "repost_published_at"
        | "n_reflections"
        | "n_images"
        | "n_attachments"
        | "n_articles"
        | "n_sites"
        | "topics"
        | "warnings"
        | "extractor"
        | "selectors"
        | "first_seen"
        | "last_seen"
        | "versions"
        | "gone_at"
        | "bytes"
        | "media_type"
        | "outcome"
        | "captured_at"
        | "status"
        | "score"
        | "warc_file"
        | "warc_offset"
        | "warc_length"
        | "warc_type"
        | "run_id" => Treatment::Keep,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::TABLES;

    #[test]
    fn every_column_has_a_treatment() {
        for table in TABLES {
            for column in table.columns {
                assert!(treatment(column.name).is_some(), "{}.{}", table.name, column.name);
            }
        }
        assert_eq!(treatment("notes"), None);
    }
}
