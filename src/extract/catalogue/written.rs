//! Selector files as their authors wrote them, for answers that point at a rule.

use std::collections::BTreeMap;

use super::{SourceFile, locate};

/// A field as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The line, from 1.
    pub line: usize,
    /// The value's own text.
    pub text: String,
    /// Whether the file is the one built into the program, not one laid over it.
    pub built_in: bool,
}

/// Texts of all selector files, by path below `selectors/`.
#[derive(Debug, Default)]
pub(super) struct Texts(BTreeMap<String, (String, bool)>);

impl Texts {
    /// The files as loaded; those of the overlay are not built in.
    pub(super) fn of(files: &BTreeMap<&str, &str>, overlay: &[SourceFile]) -> Self {
        let built_in = |path: &str| !overlay.iter().any(|file| file.path == path);
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), ((*text).to_owned(), built_in(path)))).collect())
    }

    pub(super) fn written(&self, path: &str, field: &str) -> Option<Written> {
        let (text, built_in) = self.0.get(path)?;
        let (line, value) = locate::written(text, field)?;
        Some(Written { line, text: value, built_in: *built_in })
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::Catalogue;
    use crate::extract::catalogue::SourceFile;

    #[test]
    fn a_rule_is_given_as_its_author_wrote_it() {
        let text = "family = \"x\"\nname = \"X\"\nevidence = \"general\"\n[detect]\nthreshold = 1\n[[revision]]\nsince = \"0001-01-01\"\n\
            [revision.article]\nbody = [\n  \".a\", '#b',\n]\n[[revision.article.title]]\ncss = \"h1\"\n";
        let file = SourceFile { path: "families/x.toml".to_owned(), text: text.to_owned() };
        let catalogue = Catalogue::load(&[file]).unwrap();
        let shown = |path: &str, field: &str| {
            catalogue.written(path, field).map(|found| (found.line, found.text, found.built_in))
        };
        assert_eq!(shown("families/x.toml", "revision[0].article.body[1]"), Some((10, "'#b'".to_owned(), false)));
        assert_eq!(
            shown("families/x.toml", "revision[0].article.title[0]"),
            Some((12, "{ css = \"h1\" }".to_owned(), false))
        );
        assert_eq!(shown("families/x.toml", "revision[0].article.body[2]"), None);
        assert!(shown("families/vsb.toml", "detect.marks[0]").is_some_and(|(_, _, built_in)| built_in));
    }
}
