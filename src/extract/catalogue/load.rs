//! Text to a catalogue: built-in files, overlay, checks that need more than one file.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::domain::profile::{FamilySpec, SiteSpec};
use crate::extract::detect::Recogniser;
use crate::extract::profile::{Family, Fault, Overrides};
use crate::extract::topics::Topics;
use crate::extract::walls::Walls;

use super::written::Texts;
use super::{Catalogue, ProfileError, Site, SourceFile, locate};

/// Largest selector file. A family is a few kilobytes; anything near this is a mistake.
const MAX_FILE_BYTES: usize = 1 << 20;

/// (path below `selectors/`, text), sorted by path.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/selectors.rs"));

pub(super) fn load(overlay: &[SourceFile]) -> Result<Catalogue, ProfileError> {
    let mut files: BTreeMap<&str, &str> = BUILT_IN.iter().copied().collect();
    files.extend(overlay.iter().map(|file| (file.path.as_str(), file.text.as_str())));
    let mut families = BTreeMap::new();
    for (path, stem, text) in in_folder(&files, "families/") {
        let spec: FamilySpec = parse(path, text)?;
        same_name(path, text, "family", (&spec.family, stem))?;
        let is_ours = BUILT_IN.binary_search(&(path, text)).is_ok();
        let family = if is_ours { Family::built_in(spec) } else { Family::compile(spec) };
        let family = family.map_err(|fault| place(path, text, &fault))?;
        families.insert(stem.to_owned(), family);
    }
    let mut sites = BTreeMap::new();
    for (path, stem, text) in in_folder(&files, "sites/") {
        let spec: SiteSpec = parse(path, text)?;
        same_name(path, text, "site", (&spec.site, stem))?;
        if let Some(family) = spec.family.as_ref().filter(|name| !families.contains_key(*name)) {
            return Err(place(path, text, &Fault::new("family", format!("there is no family `{family}`"))));
        }
        let overrides = Overrides::compile(&spec).map_err(|fault| place(path, text, &fault))?;
        sites.insert(stem.to_owned(), Site { spec, overrides });
    }
    let recogniser =
        Recogniser::new(&families).map_err(|what| ProfileError { path: "families".to_owned(), line: None, what })?;
    let topics = topics(&files)?;
    let walls = walls(&files)?;
    let texts = Texts::of(&files, overlay);
    Ok(Catalogue { families, sites, recogniser, topics, walls, texts })
}

fn topics(files: &BTreeMap<&str, &str>) -> Result<Topics, ProfileError> {
    let path = "topics.toml";
    let text = files.get(path).copied().unwrap_or_default();
    Topics::compile(parse(path, text)?).map_err(|fault| place(path, text, &fault))
}

fn walls(files: &BTreeMap<&str, &str>) -> Result<Walls, ProfileError> {
    let path = "walls.toml";
    let text = files.get(path).copied().unwrap_or_default();
    Walls::compile(parse(path, text)?).map_err(|fault| place(path, text, &fault))
}

/// (path, stem, text) of the TOML files of one folder.
fn in_folder<'a>(
    files: &'a BTreeMap<&'a str, &'a str>,
    folder: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
    files.iter().filter_map(move |(path, text)| {
        let stem = path.strip_prefix(folder)?.strip_suffix(".toml")?;
        Some((*path, stem, *text))
    })
}

fn parse<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, ProfileError> {
    if text.len() > MAX_FILE_BYTES {
        let what = format!("larger than {MAX_FILE_BYTES} bytes");
        return Err(ProfileError { path: path.to_owned(), line: None, what });
    }
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map(|span| span.start);
        let field = offset.map(|at| locate::path_at(text, at)).filter(|field| !field.is_empty());
        let message = error.message().trim_end().replace('\n', "; ");
        ProfileError {
            path: path.to_owned(),
            line: offset.map(|at| locate::line_at(text, at)),
            what: field.map_or_else(|| message.clone(), |field| format!("{field}: {message}")),
        }
    })
}

/// A file is found by its name, so the name inside must be the same.
fn same_name(path: &str, text: &str, field: &str, (name, stem): (&str, &str)) -> Result<(), ProfileError> {
    if name == stem {
        return Ok(());
    }
    Err(place(path, text, &Fault::new(field, format!("`{name}` is not the file's name, `{stem}`"))))
}

fn place(path: &str, text: &str, fault: &Fault) -> ProfileError {
    ProfileError {
        path: path.to_owned(),
        line: locate::line_of(text, &fault.field),
        what: format!("{}: {}", fault.field, fault.what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), text: text.to_owned() }
    }

    fn family(rules: &str) -> String {
        format!(
            "family = \"x\"\nname = \"X\"\nevidence = \"general\"\n[detect]\nthreshold = 1\n[[revision]]\nsince = \"0001-01-01\"\n{rules}"
        )
    }

    #[test]
    fn what_is_built_in_loads() {
        let catalogue = load(&[]).unwrap();
        assert!(catalogue.has_family("vsb") && catalogue.has_family("generic"));
    }

    #[test]
    fn rules_that_are_compiled_at_their_first_use_do_compile() {
        let files = BUILT_IN.iter().copied().collect();
        for (path, _, text) in in_folder(&files, "families/") {
            let family = Family::compile(parse(path, text).unwrap());
            assert!(family.is_ok(), "{path}: {:?}", family.err());
        }
    }

    #[test]
    fn an_overlay_replaces_by_path() {
        let text = family("").replace('x', "vsb").replace("0001", "2018");
        let catalogue = load(&[file("families/vsb.toml", &text)]).unwrap();
        let day = crate::domain::time::Date::new(2023, 6, 6).unwrap();
        assert_eq!(catalogue.selectors_revision("vsb", day), "vsb@2018-01-01");
    }

    #[test]
    fn a_mistake_is_named_with_file_line_and_field() {
        let deep = format!("listing.rows = [\"{}\"]", "a ".repeat(1100));
        for (rules, line, field) in [
            ("[revision.article]\ntitel = []", 9, "titel"),
            ("[revision.article]\nbody = [\n\"div\",\n\"div[\"]", 11, "revision[0].article.body[1]"),
            ("article.url = [\"(\"]", 8, "revision[0].article.url[0]"),
            ("article.title = [{ css = \"h1\", meta = \"x\" }]", 8, "revision[0].article.title[0]"),
            ("article.title = [{ css = 5 }]", 8, "revision[0].article.title[0].css"),
            (
                "article.credits = [{ role = \"编辑\", from = { css = \"(\" } }]",
                8,
                "revision[0].article.credits[0].from.css",
            ),
            ("[[revision]]\nsince = \"2023-02-30\"", 9, "revision[1].since"),
            ("[[revision]]\nsince = \"0001-01-01\"", 9, "revision[1].since"),
            (deep.as_str(), 8, "revision[0].listing.rows[0]"),
        ] {
            let error = load(&[file("families/x.toml", &family(rules))]).unwrap_err();
            assert_eq!((error.path.as_str(), error.line), ("families/x.toml", Some(line)), "{error}");
            assert!(error.what.contains(field), "{error}");
        }
    }

    #[test]
    fn a_site_needs_a_family_that_exists_and_its_own_name() {
        let site = |name: &str, family: &str| {
            format!(
                "site = \"{name}\"\nname = \"云岭\"\nseeds = [\"http://news.example.edu.cn/\"]\nfamily = \"{family}\"\n"
            )
        };
        assert!(load(&[file("sites/yl.toml", &site("yl", "vsb"))]).is_ok());
        let error = load(&[file("sites/yl.toml", &site("yl", "vbs"))]).unwrap_err();
        assert_eq!(error.to_string(), "sites/yl.toml:4: family: there is no family `vbs`");
        let error = load(&[file("sites/yl.toml", &site("ly", "vsb"))]).unwrap_err();
        assert_eq!(error.line, Some(1));
    }

    #[test]
    fn a_huge_file_is_refused() {
        let error = load(&[file("families/x.toml", &"#".repeat(MAX_FILE_BYTES + 1))]).unwrap_err();
        assert!(error.what.contains("larger"), "{error}");
    }
}
