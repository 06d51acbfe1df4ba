//! Which of many names or words begins at a place of a text.
//!
//! An automaton over all of them would tell in one walk, and takes many times the room of the names. In bytewise order
//! those that begin with the same two characters are neighbours, hardly ever more than a few dozen, and nearly every
//! place of a text begins with two characters none begins with: one look into a table of bits passes it over.

use hashbrown::HashTable;

use super::packed::Packed;

/// Bits a head: two characters no name begins with then have their bit set by others one time in sixteen, or less.
const BITS: usize = 16;

/// The first two characters of names.
type Head = (char, char);

/// The names that begin with the same two characters: the numbers of the first, and one past the last.
#[derive(Debug)]
struct Group {
    head: Head,
    first: u32,
    end: u32,
}

/// Names in bytewise order, two characters long or longer.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    names: Packed,
    groups: HashTable<Group>,
    /// A bit for what each head comes to.
    bits: Vec<u64>,
}

impl Sorted {
    /// The names, which come in order.
    pub(super) fn of(names: Packed) -> Self {
        let mut list: Vec<Group> = Vec::new();
        for number in 0..names.len() {
            let Some(head) = head(names.get(number)) else { continue };
            let first = u32::try_from(number).unwrap_or(u32::MAX);
            let end = first.saturating_add(1);
            match list.last_mut().filter(|group| group.head == head) {
                Some(group) => group.end = end,
                None => list.push(Group { head, first, end }),
            }
        }
        let mut bits = vec![0; (list.len() * BITS).next_power_of_two().div_ceil(64)];
        let mut groups = HashTable::with_capacity(list.len());
        for group in list {
            let (word, bit) = bit(group.head, bits.len());
            if let Some(bits) = bits.get_mut(word) {
                *bits |= bit;
            }
            groups.insert_unique(mixed(group.head), group, |group| mixed(group.head));
        }
        Self { names, groups, bits }
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn get(&self, number: usize) -> &str {
        self.names.get(number)
    }

    /// The number of this name.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.longest(name).filter(|number| self.get(*number) == name)
    }

    /// The longest name the text begins with.
    pub(super) fn longest(&self, text: &str) -> Option<usize> {
        let head = head(text)?;
        let (word, bit) = bit(head, self.bits.len());
        if self.bits.get(word)? & bit == 0 {
            return None;
        }
        let group = self.groups.find(mixed(head), |group| group.head == head)?;
        let (first, end) = (group.first as usize, group.end as usize);
        // The last name that is not behind the text is the longest that begins it, or begins with that one; so what the two
        // share is all that need be looked for.
        let mut text = text;
        loop {
            let number = self.behind(first, end, text).checked_sub(1).filter(|number| *number >= first)?;
            let name = self.get(number);
            if text.starts_with(name) {
                return Some(number);
            }
            text = text.get(..shared(text, name))?;
        }
    }

    /// The number of the first name, of those from `first` on, that stands behind the text in order.
    fn behind(&self, mut first: usize, mut end: usize, text: &str) -> usize {
        while first < end {
            let middle = first + (end - first) / 2;
            if self.get(middle) <= text { first = middle + 1 } else { end = middle }
        }
        first
    }
}

/// A head as a number that looks random.
fn mixed((first, second): Head) -> u64 {
    // Knuth's multiplier; the upper bits are mixed best, and the lower ones choose a place.
    let both = (u64::from(u32::from(first)) << 21) | u64::from(u32::from(second));
    both.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32)
}

/// Where a head's bit stands among so many words of bits, a power of two.
fn bit(head: Head, words: usize) -> (usize, u64) {
    let place = mixed(head) >> 8;
    (usize::try_from(place / 64).unwrap_or_default() & words.saturating_sub(1), 1 << (place % 64))
}

fn head(text: &str) -> Option<Head> {
    let mut chars = text.chars();
    chars.next().zip(chars.next())
}

/// Bytes of the characters both texts begin with.
fn shared(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_is_found_among_many() {
        let mut names = ["李明", "李明华", "李明华山", "李明玉", "john smith", "阿依努尔", "阿依努尔·麦麦提", "𠮷田"];
        names.sort_unstable();
        let sorted = Sorted::of(names.iter().copied().collect());
        let found = |text: &str| sorted.longest(text).map(|number| sorted.get(number));
        for (text, want) in [
            ("李明华山上", Some("李明华山")),
            ("李明华海", Some("李明华")),
            ("李明一", Some("李明")),
            ("李明龙", Some("李明")),
            ("李明", Some("李明")),
            ("李", None),
            ("李玉", None),
            ("", None),
            ("john smithson", Some("john smith")),
            ("阿依努尔·麦提", Some("阿依努尔")),
            ("阿依努尔·麦麦提说", Some("阿依努尔·麦麦提")),
            ("𠮷田说", Some("𠮷田")),
        ] {
            assert_eq!(found(text), want, "{text}");
        }
        assert_eq!(
            names.iter().map(|name| sorted.number(name)).collect::<Vec<_>>(),
            (0..8).map(Some).collect::<Vec<_>>()
        );
        assert_eq!(sorted.number("李明华海"), None);
    }
}
