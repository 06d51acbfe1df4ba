//! `images` and `attachments`: one row a file an article shows or offers, with what became of it.

use super::super::{Cell, Row};
use super::{ARTICLE_ID, Column, Holds, OF_ARTICLE, ORDINAL, PLACE_IN_ARTICLE, Table, column};
use crate::domain::held::{HeldAttachment, HeldFile, HeldImage};

/// The table of images.
pub static IMAGES: Table = Table {
    name: "images",
    about: "one row an image of an article, with what became of the file",
    about_zh: "每行正文中的一幅图片及其获取结果",
    columns: &[
        ARTICLE_ID,
        ORDINAL,
        column("url", Holds::Address, "图片网址", "address of the image").required(),
        column("alt", Holds::Text, "替代文字", "alternative text"),
        column("caption", Holds::Text, "图片说明", "caption printed under or beside it"),
        DIGEST,
        BYTES,
        TYPE,
        OUTCOME,
    ],
    key: PLACE_IN_ARTICLE,
    refers: &[OF_ARTICLE],
};

/// The table of attachments.
pub static ATTACHMENTS: Table = Table {
    name: "attachments",
    about: "one row a file offered with an article, with what became of it",
    about_zh: "每行一个附件及其获取结果",
    columns: &[
        ARTICLE_ID,
        ORDINAL,
        column("url", Holds::Address, "附件网址", "address of the file").required(),
        column("name", Holds::Text, "页面所示名称", "the name shown to readers").required(),
        DIGEST,
        BYTES,
        TYPE,
        OUTCOME,
    ],
    key: PLACE_IN_ARTICLE,
    refers: &[OF_ARTICLE],
};

const DIGEST: Column = column(
    "payload_digest",
    Holds::Text,
    "文件内容的 SHA-1 摘要（Base32），未取得文件则为空",
    "SHA-1 of the file in Base32; empty where the file was not had",
);
const BYTES: Column = column("bytes", Holds::Integer, "文件字节数（传输时）", "bytes of the file as they travelled");
const TYPE: Column = column("media_type", Holds::Text, "文件类型（Content-Type）", "Content-Type, without parameters");
const OUTCOME: Column = column(
    "outcome",
    Holds::Text,
    "获取结果，一个词；尚未请求则为空",
    "what became of the file, in one word; empty where nobody asked yet",
);

/// The row of an image.
pub fn image(held: HeldImage) -> Row {
    let own = [Cell::Text(held.image.url), Cell::text(held.image.alt), Cell::text(held.image.caption)];
    row([held.article_id, held.ordinal], own, held.file)
}

/// The row of an attachment.
pub fn attachment(held: HeldAttachment) -> Row {
    row([held.article_id, held.ordinal], [Cell::Text(held.attachment.url), Cell::Text(held.attachment.name)], held.file)
}

fn row(place: [i64; 2], own: impl IntoIterator<Item = Cell>, file: HeldFile) -> Row {
    let HeldFile { payload_digest, bytes, media_type, outcome } = file;
    let file = [
        Cell::text(payload_digest),
        bytes.map_or(Cell::Null, Cell::Integer),
        Cell::text(media_type),
        Cell::text(outcome),
    ];
    place.map(Cell::Integer).into_iter().chain(own).chain(file).collect()
}
