//! Passwords, each bound to the one origin it was given for: scheme, host and port (RFC 6454 4).
//!
//! Nothing that a page, a redirect or a name server says moves one elsewhere. They go over the wire in `Authorization`
//! (RFC 7617) and stand in no record: the head that is kept says `Basic` and no more.

use std::fmt;

use data_encoding::BASE64;
use reqwest::header::HeaderValue;
use url::{Origin, Url};

/// What is written in place of the secret in the head that is kept.
pub(super) const WITHHELD: &str = "Basic";

/// Who we are at one origin.
#[derive(Clone)]
pub struct Login {
    origin: Origin,
    value: HeaderValue,
}

impl Login {
    /// A login for the origin of this address; whatever else the address says is a mistake. The error is for the person
    /// who wrote it.
    pub fn new(place: &Url, user: &str, password: &str) -> Result<Self, String> {
        let origin = place.origin();
        if !matches!(place.scheme(), "http" | "https") || !origin.is_tuple() {
            return Err(format!("{place}: is not an http or https address"));
        }
        if place.path() != "/" || place.query().is_some() || place.fragment().is_some() || !place.username().is_empty()
        {
            return Err(format!("{place}: is more than scheme, host and port"));
        }
        if user.contains(':') || user.chars().chain(password.chars()).any(char::is_control) {
            return Err("user: holds a colon or a control character (RFC 7617, 2)".to_owned());
        }
        let secret = BASE64.encode(format!("{user}:{password}").as_bytes());
        let mut value = HeaderValue::from_str(&format!("Basic {secret}")).map_err(|error| error.to_string())?;
        value.set_sensitive(true);
        Ok(Self { origin, value })
    }
}

/// Without the secret.
impl fmt::Debug for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Login").field("origin", &self.origin.ascii_serialization()).finish_non_exhaustive()
    }
}

/// What to say at this address, where something was given for its origin.
pub(super) fn for_place<'a>(logins: &'a [Login], url: &Url) -> Option<&'a HeaderValue> {
    let origin = url.origin();
    logins.iter().find(|login| login.origin == origin).map(|login| &login.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_login_is_said_at_its_own_scheme_host_and_port_only() {
        let logins = [Login::new(&url("https://intra.example.edu"), "archive", "ä:b").unwrap()];
        for (place, said) in [
            ("https://intra.example.edu/a?b", true),
            ("https://INTRA.example.edu:443/", true),
            ("http://intra.example.edu/", false),
            ("https://intra.example.edu:8443/", false),
            ("https://news.intra.example.edu/", false),
            ("https://intra.example.edu.evil.example/", false),
            ("https://intra.example.edu./", false),
            ("https://intra.example.edu@evil.example/", false),
        ] {
            assert_eq!(for_place(&logins, &url(place)).is_some(), said, "{place}");
        }
        let value = for_place(&logins, &url("https://intra.example.edu/")).unwrap();
        assert_eq!(value, "Basic YXJjaGl2ZTrDpDpi");
        assert!(!format!("{logins:?} {value:?}").contains("YXJj"), "no secret in a log");
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for place in
            ["ftp://a.example/", "https://a.example/x", "https://a.example/?q", "https://u@a.example/", "data:x"]
        {
            assert!(Login::new(&url(place), "u", "p").is_err(), "{place}");
        }
        assert!(Login::new(&url("https://a.example"), "a:b", "p").is_err());
        assert!(Login::new(&url("https://a.example"), "a", "p\n").is_err());
    }
}
