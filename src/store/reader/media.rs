//! Images and attachments of the articles' current versions, with what became of the files.

use rusqlite::Row;

use super::pages::Query;
use crate::domain::article::{Attachment, Image};
use crate::domain::held::{Filter, HeldAttachment, HeldFile, HeldImage};
use crate::store::Error;
use crate::store::text::column;

const IMAGES: &str = "SELECT i.article_id, i.ordinal, i.url, i.alt, i.caption, i.payload_digest, i.bytes, i.media_type, \
    i.outcome FROM images i JOIN articles a ON a.id = i.article_id";
const ATTACHMENTS: &str = "SELECT i.article_id, i.ordinal, i.url, i.name, i.payload_digest, i.bytes, i.media_type, \
    i.outcome FROM attachments i JOIN articles a ON a.id = i.article_id";

pub(super) fn images(filter: &Filter) -> Query {
    query(IMAGES, filter)
}

pub(super) fn attachments(filter: &Filter) -> Query {
    query(ATTACHMENTS, filter)
}

pub(super) fn images_of(article: i64) -> Query {
    of_article(IMAGES, article)
}

pub(super) fn attachments_of(article: i64) -> Query {
    of_article(ATTACHMENTS, article)
}

fn of_article(select: &str, article: i64) -> Query {
    let mut query = query(select, &Filter::default());
    query.only("a.id = ?", article);
    query
}

fn query(select: &str, filter: &Filter) -> Query {
    let mut query = Query::new(select, "i.article_id, i.ordinal");
    query.filter_articles_and_speakers(filter);
    query
}

pub(super) fn read_image(row: &Row<'_>) -> Result<HeldImage, Error> {
    Ok(HeldImage {
        article_id: column(row, "article_id")?,
        ordinal: column(row, "ordinal")?,
        image: Image { url: column(row, "url")?, alt: column(row, "alt")?, caption: column(row, "caption")? },
        file: file(row)?,
    })
}

pub(super) fn read_attachment(row: &Row<'_>) -> Result<HeldAttachment, Error> {
    Ok(HeldAttachment {
        article_id: column(row, "article_id")?,
        ordinal: column(row, "ordinal")?,
        attachment: Attachment { url: column(row, "url")?, name: column(row, "name")? },
        file: file(row)?,
    })
}

fn file(row: &Row<'_>) -> Result<HeldFile, Error> {
    Ok(HeldFile {
        payload_digest: column(row, "payload_digest")?,
        bytes: column(row, "bytes")?,
        media_type: column(row, "media_type")?,
        outcome: column(row, "outcome")?,
    })
}
