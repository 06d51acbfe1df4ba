//! Tokens: HMAC-SHA256 of a person or number under a key. Whoever lacks the key cannot make the token of a name and
//! so cannot try names out; a plain digest would be undone with a list of names in a second.

use std::fmt;

use data_encoding::BASE32;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Characters of a token behind its kind: fifty bits, so that among a hundred thousand persons the odds of any two sharing
/// a token are one in two hundred thousand.
const LENGTH: usize = 10;

/// What a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person's name.
    Person,
    /// A telephone number.
    Phone,
    /// A number of an identity card or another paper.
    Paper,
    /// An e-mail address.
    Mail,
    /// A number of QQ, of a person or a group.
    Qq,
    /// A name on WeChat.
    WeChat,
    /// The address of a page or file.
    Address,
    /// A digest of something published.
    Digest,
    /// A work.
    Work,
}

impl Kind {
    /// The word tokens of it begin with.
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "人",
            Self::Phone => "电话",
            Self::Paper => "证件",
            Self::Mail => "邮箱",
            Self::Qq => "QQ",
            Self::WeChat => "微信",
            Self::Address => "网址",
            Self::Digest => "摘要",
            Self::Work => "作品",
        }
    }
}

/// A key. It is never printed.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl Key {
    /// The fewest bytes of a key.
    pub const LEAST: usize = 16;

    /// A key of these bytes; white space at the end (an editor's line break) is no part of it. `None` where it is shorter than
    /// [`Self::LEAST`].
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.trim_ascii_end();
        if bytes.len() < Self::LEAST {
            return None;
        }
        Hmac::new_from_slice(bytes).ok().map(Self)
    }

    /// The token of a value.
    pub fn token(&self, kind: Kind, value: &str) -> String {
        format!("{}-{}", kind.word(), self.letters(kind.word(), value))
    }

    /// Tells keys apart: the token of nothing. Says no more of the key than any other token.
    pub fn id(&self) -> String {
        self.letters("key", "")
    }

    fn letters(&self, word: &str, value: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(word.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        let mut letters = BASE32.encode(&mac.finalize().into_bytes());
        letters.truncate(LENGTH);
        letters
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_depends_on_key_kind_and_value() {
        let key = Key::new(b"0123456789abcdef\n").unwrap();
        // printf '人\0任颖' | openssl dgst -sha256 -hmac 0123456789abcdef -binary | base32 | head -c 10
        assert_eq!(key.token(Kind::Person, "任颖"), "人-XVOARBTA4E");
        let other = Key::new(b"0123456789abcdeg").unwrap();
        assert_ne!(other.token(Kind::Person, "任颖"), key.token(Kind::Person, "任颖"));
        assert_ne!(key.token(Kind::Qq, "10000")[2..], key.token(Kind::Phone, "10000")["电话".len()..]);
        assert_ne!(key.id(), other.id());
        assert_eq!(format!("{key:?}"), "Key");
    }

    #[test]
    fn a_short_key_is_none() {
        assert!(Key::new(b"0123456789abcde \n\n").is_none());
        assert!(Key::new(b"").is_none());
    }
}
