//! Values of flags: text to typed values, with an error a person can act on.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;

use crate::domain::appraisal::Stage;
use crate::domain::time::Date;

/// A percentage between 0 and 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percent(f64);

impl Percent {
    /// As a fraction between 0 and 1.
    pub fn fraction(self) -> f64 {
        self.0 / 100.0
    }
}

/// `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a day is written YYYY-MM-DD, such as 2023-06-06".to_owned())
}

/// Seconds, with a fraction where wanted.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|e| format!("seconds are a number such as 1 or 0.5: {e}"))?;
    if !(0.0..=86_400.0).contains(&seconds) {
        return Err("seconds lie between 0 and 86400".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// A number with its unit: `90s`, `90m`, `6h`, `2d`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.len() - text.chars().next_back().map_or(0, char::len_utf8));
    let seconds = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)].into_iter().find(|(word, _)| *word == unit);
    let number = number.parse::<u64>().ok().filter(|number| (1..=1_000_000).contains(number));
    match (number, seconds) {
        (Some(number), Some((_, seconds))) => Ok(Duration::from_secs(number * seconds)),
        _ => Err("a time is a whole number and a unit, such as 90s, 90m, 6h or 2d".to_owned()),
    }
}

/// `5` or `5%`.
pub(super) fn percent(text: &str) -> Result<Percent, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim();
    match number.parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Percent(percent)),
        Ok(_) | Err(_) => Err("a percentage lies between 0 and 100, such as 5 or 2.5%".to_owned()),
    }
}

/// Who answers for requests: nobody is nobody, however it is written.
pub(super) fn contact(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("a contact is one line of text, such as archive@example.edu.cn".to_owned());
    }
    Ok(text.to_owned())
}

/// The id of a site that is given and not found in a file.
pub(super) fn site(text: &str) -> Result<String, String> {
    if text.trim() != text || text.is_empty() || text.chars().any(char::is_control) {
        return Err("a site's id is one word or line, such as yunling".to_owned());
    }
    Ok(text.to_owned())
}

/// A network such as `10.0.0.0/8`; a bare address is a network of one.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(IpNet::from(address));
    }
    text.parse::<IpNet>()
        .map(|net| net.trunc())
        .map_err(|e| format!("a network is written like 10.0.0.0/8 or fd00::/8: {e}"))
}

/// A stage by its Chinese word or in English.
pub(super) fn stage(text: &str) -> Result<Stage, String> {
    match text {
        "归档" | "filing" => Ok(Stage::Filing),
        "移交" | "transfer" => Ok(Stage::Transfer),
        "保存" | "keeping" => Ok(Stage::Keeping),
        _ => Err("is 归档 (filing), 移交 (transfer) or 保存 (keeping)".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused() {
        assert_eq!(seconds("0.5").unwrap(), Duration::from_millis(500));
        assert!(seconds("-1").is_err() && seconds("nan").is_err() && seconds("inf").is_err() && seconds("1s").is_err());
        assert!((percent("2.5%").unwrap().fraction() - 0.025).abs() < 1e-9);
        assert!(percent("101").is_err() && percent("nan").is_err() && percent("").is_err());
        assert_eq!(duration("90m").unwrap(), Duration::from_mins(90));
        assert!(
            ["", "m", "90", "0s", "-1s", "1.5h", "6小时", "18446744073709551615d"].iter().all(|t| duration(t).is_err())
        );
        assert!(["", " a", "a\nb", "a\u{1b}[31m"].iter().all(|id| site(id).is_err()) && site("云岭 新闻").is_ok());
        assert!(contact("").is_err() && contact(" ").is_err() && contact("a\nb").is_err() && contact("a@b.cn").is_ok());
        assert_eq!(network("10.1.2.3/8").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(network("127.0.0.1").unwrap().to_string(), "127.0.0.1/32");
        assert!(network("10.0.0.0/33").is_err());
    }
}
