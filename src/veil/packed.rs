//! Names one behind the other in one string: the bytes of each and eight for where it ends, where a string of its own takes
//! some forty more.

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// Numbered names.
#[derive(Debug, Default)]
pub(super) struct Packed {
    text: String,
    ends: Vec<usize>,
}

impl Packed {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    /// The name of this number; nothing where there is none.
    pub(super) fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(number).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }
}

impl<'n> FromIterator<&'n str> for Packed {
    fn from_iter<I: IntoIterator<Item = &'n str>>(names: I) -> Self {
        let mut packed = Self::default();
        names.into_iter().for_each(|name| packed.push(name));
        packed
    }
}

/// Names, each with one number, in the order in which they were first heard.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    names: Packed,
    table: HashTable<u32>,
}

impl Numbered {
    /// The name's number.
    pub(super) fn number(&mut self, name: &str) -> u32 {
        let Self { names, table } = self;
        let hash = |number: &u32| xxh3_64(names.get(*number as usize).as_bytes());
        let found = table.entry(xxh3_64(name.as_bytes()), |number| names.get(*number as usize) == name, hash);
        let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let number = *found.or_insert(next).get();
        if number == next {
            names.push(name);
        }
        number
    }

    /// The number of a name heard before.
    pub(super) fn known(&self, name: &str) -> Option<u32> {
        self.table.find(xxh3_64(name.as_bytes()), |number| self.names.get(*number as usize) == name).copied()
    }

    /// The names in the order of their numbers.
    pub(super) fn names(&self) -> &Packed {
        &self.names
    }

    /// The names without the way from a name to its number.
    pub(super) fn into_names(self) -> Packed {
        self.names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_number() {
        let mut names = Numbered::default();
        let heard: Vec<u32> = ["任颖", "李明", "", "任颖", "李明华", "李明"].map(|name| names.number(name)).into();
        assert_eq!(heard, [0, 1, 2, 0, 3, 1]);
        assert_eq!((names.known("李明华"), names.known("任")), (Some(3), None));
        let names = names.into_names();
        assert_eq!((0..5).map(|number| names.get(number)).collect::<Vec<_>>(), ["任颖", "李明", "", "李明华", ""]);
        assert_eq!(names.len(), 4);
    }
}
