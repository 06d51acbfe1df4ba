//! Where a record stands in the package: where it stood, unless only a selection of its file was taken.

use std::collections::HashMap;

/// New places of records taken out of their files; everything else keeps its own.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<(String, u64), (String, u64)>);

impl Places {
    /// Notes that the record at `offset` of `file` stands elsewhere now.
    pub(super) fn moved(&mut self, file: &str, offset: u64, to: (&str, u64)) {
        self.0.insert((file.to_owned(), offset), (to.0.to_owned(), to.1));
    }

    /// Changes a place to the one in the package.
    pub(super) fn change(&self, file: &mut String, offset: &mut i64) {
        let Ok(at) = u64::try_from(*offset) else { return };
        if let Some((name, to)) = self.0.get(&(file.clone(), at)) {
            file.clone_from(name);
            *offset = i64::try_from(*to).unwrap_or(i64::MAX);
        }
    }
}
