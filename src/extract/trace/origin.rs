//! Rules with the place they are written at: a site's own come first, then its family's.

use crate::extract::catalogue::Catalogue;
use crate::extract::profile::{ArticleRules, ListingRules, Overrides, Profile};
use crate::extract::topics::Topics;

use super::shape::Place;

/// The rules that read a page, and where they are from.
#[derive(Debug)]
pub(super) struct Origin<'c> {
    catalogue: &'c Catalogue,
    site: Option<(String, &'c Overrides)>,
    family: String,
    revision: usize,
    /// The rules, those of the site before those of the family.
    pub(super) profile: Profile,
}

impl<'c> Origin<'c> {
    pub(super) fn new(catalogue: &'c Catalogue, profile: Profile, site: Option<&str>, revision: usize) -> Self {
        let site = site.and_then(|id| Some((format!("sites/{id}.toml"), catalogue.overrides(id)?)));
        Self { catalogue, site, family: format!("families/{}.toml", profile.family), revision, profile }
    }

    /// A list of article rules, each with its place.
    pub(super) fn article<'s, T>(
        &'s self,
        field: &str,
        list: impl Fn(&'s ArticleRules) -> &'s [T],
    ) -> Vec<(Place, &'s T)> {
        let own = self.site.as_ref().map_or(0, |(_, site)| list(&site.article).len());
        self.placed(&format!("article.{field}"), own, list(&self.profile.article))
    }

    /// A list of listing rules, each with its place.
    pub(super) fn listing<'s, T>(
        &'s self,
        field: &str,
        list: impl Fn(&'s ListingRules) -> &'s [T],
    ) -> Vec<(Place, &'s T)> {
        let own = self.site.as_ref().map_or(0, |(_, site)| list(&site.listing).len());
        self.placed(&format!("listing.{field}"), own, list(&self.profile.listing))
    }

    /// The campaigns.
    pub(super) fn topics(&self) -> &'c Topics {
        self.catalogue.topics()
    }

    /// The rule for JSON answers, with its place.
    pub(super) fn json(&self) -> Place {
        match &self.site {
            Some((file, site)) if site.listing.json.is_some() => self.place(file, "listing.json".to_owned()),
            Some(_) | None => self.place(&self.family, format!("revision[{}].listing.json", self.revision)),
        }
    }

    fn placed<'s, T>(&self, field: &str, own: usize, rules: &'s [T]) -> Vec<(Place, &'s T)> {
        let place = |at: usize| match (&self.site, at.checked_sub(own)) {
            (Some((file, _)), None) => self.place(file, format!("{field}[{at}]")),
            (_, at) => self.place(&self.family, format!("revision[{}].{field}[{}]", self.revision, at.unwrap_or(0))),
        };
        rules.iter().enumerate().map(|(at, rule)| (place(at), rule)).collect()
    }

    pub(super) fn place(&self, file: &str, field: String) -> Place {
        place(self.catalogue, file, field)
    }
}

/// A field of a file as a place.
pub(super) fn place(catalogue: &Catalogue, file: &str, field: String) -> Place {
    let written = catalogue.written(file, &field);
    Place {
        file: file.to_owned(),
        line: written.as_ref().map(|written| written.line),
        built_in: written.as_ref().is_some_and(|written| written.built_in),
        written: written
            .map(|written| written.text.split_whitespace().collect::<Vec<_>>().join(" "))
            .unwrap_or_default(),
        field,
    }
}
