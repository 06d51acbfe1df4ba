//! Articles held that are asked for again: all of them in a full run, those that are due in any other.

use url::Url;

use super::plan::Origin;
use super::{Conductor, blocking};
use crate::archive::Known;
use crate::crawl::settle::{Desk, Row};
use crate::crawl::{Error, Progress, clock};
use crate::domain::record::ListingItem;
use crate::domain::request::Purpose;

impl<P: Progress> Conductor<P> {
    /// A full run asks for every article held, also those no listing shows any more.
    pub(super) async fn recheck_all(&mut self, at: usize) -> Result<(), Error> {
        let Some(id) = self.sites.get(at).map(|run| run.site.id.clone()).filter(|_| self.desk.full) else {
            return Ok(());
        };
        let rows = blocking(&self.desk, move |desk| rows_of(desk, desk.past.articles(&id)?));
        for row in rows.await? {
            let own = row.url.clone();
            self.plan_row(at, row, &own).await?;
        }
        Ok(())
    }

    /// Once what is new has been asked for, so that a limit on pages is spent on that first: the articles that are due.
    pub(super) async fn recheck_due(&mut self, at: usize) -> Result<(), Error> {
        let Some(run) = self.sites.get_mut(at).filter(|run| !run.rechecked) else { return Ok(()) };
        run.rechecked = true;
        let (id, policy, now) = (run.site.id.clone(), run.site.recheck.clone(), clock::today());
        if self.desk.full || policy.steps.is_empty() {
            return Ok(());
        }
        let rows = blocking(&self.desk, move |desk| {
            let mut due: Vec<(i64, Url)> = Vec::new();
            for (url, article) in desk.past.visited(&id)? {
                let wanted = !matches!((article.published_on, desk.since), (Some(day), Some(since)) if day < since);
                due.extend(policy.due_since(&article, now).filter(|_| wanted).map(|since| (since, url)));
            }
            due.sort_by_key(|(since, _)| *since);
            due.truncate(policy.most);
            let mut rows = rows_of(desk, due.into_iter().map(|(_, url)| url).collect())?;
            for row in &mut rows {
                row.prior = desk.past.prior_of_article(&row.url)?;
            }
            Ok(rows)
        });
        for Row { item, url, known, prior } in rows.await? {
            let (url, via, prior) = match known {
                Known::Moved(target) => (target, url, None),
                Known::Held(..) | Known::Unseen | Known::Retry(_) => (url.clone(), url, prior),
            };
            if self.archive.is_none() {
                self.name_row(at, &url, item).await?;
                continue;
            }
            let origin = Origin { via: Some(via), walk: None, item: Some(item), prior };
            let request = self.request(at, url, Purpose::Article, origin);
            self.plan(at, request).await?;
        }
        Ok(())
    }
}

/// Rows of a listing that nobody wrote.
fn rows_of(desk: &Desk, urls: Vec<Url>) -> Result<Vec<Row>, Error> {
    desk.rows(urls.into_iter().map(|url| ListingItem { url: Some(url), title: String::new(), date: None }))
}
