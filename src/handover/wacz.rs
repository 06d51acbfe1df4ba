//! An archive as one WACZ file.

use std::io::{BufWriter, Seek, Write};
use std::path::Path;

use super::shown::Shown;
use super::sorted::Sorted;
use super::source::Source;
use super::{Error, Job, Summary};
use crate::domain::held::HeldPage;
use crate::package::cdxj::Zipped;
use crate::package::wacz::{Page, Storing, Wacz, pages_header};
use crate::store::Reader;

/// Writes the package to `path`: beside it first, then under its name. What stood there is replaced.
pub fn wacz(job: &Job, path: &Path) -> Result<Summary, Error> {
    let without = Reader::shown_beside(&job.dir)?;
    let reader = Reader::whole(&job.dir)?;
    let source = Source::new(job, &reader)?;
    let shown = Shown::new(job, &source, without.as_ref())?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let place = Error::io(path, "writing the package");
    let mut file = tempfile::Builder::new()
        .prefix(".shiguan-package-")
        .permissions(super::file_mode())
        .tempfile_in(folder)
        .map_err(&place)?;
    let parts = source.parts()?;
    let mut summary = super::figures(path, &parts);
    let about = super::described(&job.about, &summary, reader.archive_id()?, shown.withheld().as_deref());
    let mut writing = Writing {
        wacz: Wacz::new(BufWriter::with_capacity(1 << 18, file.as_file_mut()), about),
        lines: Sorted::new(folder.to_owned()),
        path,
    };
    for part in &parts {
        writing.wacz.begin(&format!("archive/{}", part.name), Storing::Stored).map_err(&place)?;
        let Writing { wacz, lines, .. } = &mut writing;
        source.copy(part, wacz, &place, &mut |_, entry| lines.push(entry.line()).map_err(&place))?;
    }
    summary.pages = writing.pages((&source, &shown), job)?;
    writing.finish()?;
    file.as_file().sync_all().map_err(&place)?;
    file.persist(path).map_err(|error| place(error.error))?;
    Ok(summary)
}

struct Writing<'p, W: Write + Seek> {
    wacz: Wacz<W>,
    lines: Sorted,
    path: &'p Path,
}

impl<W: Write + Seek> Writing<'_, W> {
    /// The pages to begin reading at: every version of every article, then the listings.
    fn pages(&mut self, (source, shown): (&Source<'_>, &Shown<'_>), job: &Job) -> Result<u64, Error> {
        let place = Error::io(self.path, "writing the list of pages");
        self.wacz.begin("pages/pages.jsonl", Storing::Deflated).map_err(&place)?;
        self.line(&pages_header(&job.about.title)).map_err(&place)?;
        let listings = shown.reader.listings().filter(|page| page.as_ref().map_or(true, |p| source.wants(p.capture)));
        let mut pages = 0;
        for page in shown.reader.versions(&shown.filter).chain(listings) {
            let page: HeldPage = page?;
            let title = page.title.clone().unwrap_or_else(|| super::listing_title(&page));
            let line = Page {
                id: format!("capture-{}", page.capture),
                url: &page.url,
                ts: page.at.to_seconds_string(),
                title: &title,
                text: page.text.as_deref(),
            };
            self.line(&line).map_err(&place)?;
            pages += 1;
        }
        Ok(pages)
    }

    fn line(&mut self, value: &impl serde::Serialize) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.wacz, value)?;
        self.wacz.write_all(b"\n")
    }

    /// The index in its two levels, then what closes the file.
    fn finish(self) -> Result<(), Error> {
        let Self { mut wacz, lines, path } = self;
        let place = Error::io(path, "writing the index");
        wacz.begin("indexes/index.cdx.gz", Storing::Stored).map_err(&place)?;
        let mut zipped = Zipped::new(&mut wacz, "index.cdx.gz");
        lines.each(|line| zipped.push(line)).map_err(&place)?;
        let upper = zipped.finish().map_err(&place)?;
        wacz.begin("indexes/index.idx", Storing::Deflated).map_err(&place)?;
        wacz.write_all(&upper).map_err(&place)?;
        wacz.finish().and_then(|mut out| out.flush()).map_err(&place)
    }
}
