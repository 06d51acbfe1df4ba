//! The JSON Schemas that editors use are made from the types that read the files, and never drift from them.

use std::path::Path;
use std::{env, fs};

use schemars::{Schema, schema_for};
use shiguan::domain::profile::{FamilySpec, SiteSpec};

/// Compares, or writes anew where `UPDATE_SCHEMA=1` is set.
fn hold(name: &str, schema: &Schema) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("selectors/schema").join(name);
    let want = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, &want).unwrap();
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(held, want, "{} is not what the types say: run the tests once with UPDATE_SCHEMA=1", path.display());
}

#[test]
fn the_family_schema_is_what_the_types_say() {
    hold("family.json", &schema_for!(FamilySpec));
}

#[test]
fn the_site_schema_is_what_the_types_say() {
    hold("site.json", &schema_for!(SiteSpec));
}

/// The README's example is a file that loads: a lesson that does not work teaches nothing.
#[test]
fn the_examples_of_the_readme_load() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("selectors/README.md")).unwrap();
    let mut overlay = Vec::new();
    for block in readme.split("```toml\n").skip(1) {
        let text = block.split("```").next().unwrap();
        let path = text.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap();
        overlay.push(shiguan::extract::catalogue::SourceFile { path: path.to_owned(), text: text.to_owned() });
    }
    assert!(overlay.len() >= 2, "the README shows a family and a site");
    let catalogue = shiguan::extract::Catalogue::load(&overlay).unwrap();
    assert!(catalogue.has_family("example-cms"));
    assert!(catalogue.sites().any(|site| site.site == "yunling-dxy"));
}
