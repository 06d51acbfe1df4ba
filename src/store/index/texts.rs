//! Texts of articles, read for comparing and kept in memory for a while.
//!
//! A text is named by what it says, so one kept here is never out of date. Where many texts are nearly one, each new one
//! is compared with all of them: reading them again each time would cost more than comparing.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::{Error, Index};
use crate::domain::article::Credit;
use crate::near::Text;

/// Letters kept, of four bytes each: a megabyte, some hundred and fifty articles. A crawl has forty-five of them in all.
const LETTERS: usize = 1 << 18;

/// The texts read lately.
#[derive(Debug, Default)]
pub(super) struct Texts(RefCell<Kept>);

#[derive(Debug, Default)]
struct Kept {
    by_id: HashMap<i64, Arc<Text>>,
    /// In the order in which they were read.
    order: VecDeque<i64>,
    letters: usize,
}

impl Texts {
    fn get(&self, id: i64) -> Option<Arc<Text>> {
        self.0.borrow().by_id.get(&id).cloned()
    }

    /// Keeps a text; those read longest ago make room for it.
    fn keep(&self, id: i64, text: &Arc<Text>) {
        let mut kept = self.0.borrow_mut();
        if kept.by_id.insert(id, Arc::clone(text)).is_some() {
            return;
        }
        kept.order.push_back(id);
        kept.letters += text.letters();
        while kept.letters > LETTERS {
            let Some(oldest) = kept.order.pop_front() else { break };
            kept.letters -= kept.by_id.remove(&oldest).map_or(0, |text| text.letters());
        }
    }
}

/// The parts of a record that are compared.
#[derive(serde::Deserialize)]
struct Compared {
    title: Option<String>,
    body: String,
    credits: Vec<Credit>,
}

impl Index {
    /// The text of an article's current record; `None` where it has no letters.
    pub(super) fn read_text(&self, article: i64) -> Result<Option<Text>, Error> {
        let sql = "SELECT v.record FROM articles a JOIN article_versions v ON v.id = a.version_id WHERE a.id = ?1";
        let record: Option<String> = self.row(sql, [article], |row| row.get(0))?;
        let Some(record) = record else { return Ok(None) };
        let read: Compared = serde_json::from_str(&record)
            .map_err(|error| Error::Damaged { table: "article_versions", what: error.to_string() })?;
        Ok(Text::new(read.title.as_deref().unwrap_or_default(), &read.body, &read.credits))
    }

    /// A text that some article has.
    pub(super) fn held_text(&self, id: i64) -> Result<Option<Arc<Text>>, Error> {
        if let Some(text) = self.texts.get(id) {
            return Ok(Some(text));
        }
        let sql = "SELECT article_id FROM article_texts WHERE text_id = ?1";
        let article: Option<i64> = self.row(sql, [id], |row| row.get(0))?;
        let Some(article) = article else { return Ok(None) };
        let text = self.read_text(article)?.map(Arc::new);
        if let Some(text) = &text {
            self.texts.keep(id, text);
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_make_room() {
        let texts = Texts::default();
        let long = Arc::new(Text::new("", &"学".repeat(LETTERS / 2), &[]).unwrap());
        for id in [1, 2, 2, 3] {
            texts.keep(id, &long);
        }
        assert_eq!([1, 2, 3].map(|id| texts.get(id).is_some()), [false, true, true]);
        assert!(texts.0.borrow().letters <= LETTERS);
    }
}
