//! What stands in the place of a page: `selectors/walls.toml`, compiled, and the words for it.
//!
//! Recognised so that a crawl can stop or say so; never worked around (CMS facts, section 7).

use regex::Regex;
use serde::Deserialize;
use url::Url;

use super::profile::Fault;

/// Something that stands in the place of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wall {
    /// A script that must be run first (瑞数, 加速乐).
    Challenge,
    /// A picture of a code that must be typed.
    Captcha,
    /// A firewall's page.
    Blocked,
    /// For the campus network only.
    CampusOnly,
    /// Wants an account.
    LoginWall,
    /// Gone, though the status says otherwise; a jump to the home page too.
    SoftNotFound,
    /// Leads elsewhere at once, by `<meta>` or by script.
    Redirect,
    /// A template published by mistake.
    Template,
    /// A column that says it is empty.
    NoNews,
}

impl Wall {
    /// Every wall, in the order they are looked for.
    pub const ALL: [Self; 9] = [
        Self::Challenge,
        Self::Captcha,
        Self::Blocked,
        Self::CampusOnly,
        Self::LoginWall,
        Self::SoftNotFound,
        Self::Redirect,
        Self::Template,
        Self::NoNews,
    ];

    /// The stable code records carry first among their warnings.
    pub fn code(self) -> &'static str {
        match self {
            Self::Challenge => "challenge",
            Self::Captcha => "captcha",
            Self::Blocked => "blocked",
            Self::CampusOnly => "campus-only",
            Self::LoginWall => "login-wall",
            Self::SoftNotFound => "soft-404",
            Self::Redirect => "redirect",
            Self::Template => "template",
            Self::NoNews => "no-news",
        }
    }

    /// The wall a code stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wall| wall.code() == code)
    }
}

/// `walls.toml` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::extract) struct WallsSpec {
    furniture: Vec<String>,
    article: Vec<String>,
    challenge: RulesSpec,
    captcha: RulesSpec,
    blocked: RulesSpec,
    campus_only: RulesSpec,
    login_wall: RulesSpec,
    #[serde(rename = "soft-404")]
    soft_404: RulesSpec,
    no_news: RulesSpec,
    template: RulesSpec,
}

/// One section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RulesSpec {
    notices: Vec<String>,
    titles: Vec<String>,
    marks: Vec<String>,
    addresses: Vec<String>,
}

/// The walls, compiled.
#[derive(Debug)]
pub struct Walls {
    pub(in crate::extract) furniture: Vec<Regex>,
    pub(in crate::extract) article: Vec<Regex>,
    rules: Vec<(Wall, Rules)>,
}

/// One section.
#[derive(Debug)]
pub(in crate::extract) struct Rules {
    pub(in crate::extract) notices: Vec<Regex>,
    pub(in crate::extract) titles: Vec<Regex>,
    pub(in crate::extract) marks: Vec<String>,
    addresses: Vec<Regex>,
}

impl Walls {
    /// Compiles the file; a fault names the field.
    pub(in crate::extract) fn compile(spec: WallsSpec) -> Result<Self, Fault> {
        let sections = [
            (Wall::Challenge, spec.challenge),
            (Wall::Captcha, spec.captcha),
            (Wall::Blocked, spec.blocked),
            (Wall::CampusOnly, spec.campus_only),
            (Wall::LoginWall, spec.login_wall),
            (Wall::SoftNotFound, spec.soft_404),
            (Wall::Template, spec.template),
            (Wall::NoNews, spec.no_news),
        ];
        let compiled = |(wall, rules): (Wall, RulesSpec)| {
            let list = |name: &str, list| expressions(&format!("{}.{name}", wall.code()), list);
            let (notices, titles) = (list("notices", &rules.notices)?, list("titles", &rules.titles)?);
            let addresses = list("addresses", &rules.addresses)?;
            if let Some(empty) = rules.marks.iter().position(|mark| mark.trim().is_empty()) {
                return Err(Fault::new(format!("{}.marks[{empty}]", wall.code()), "is empty"));
            }
            Ok((wall, Rules { notices, titles, marks: rules.marks, addresses }))
        };
        Ok(Self {
            furniture: expressions("furniture", &spec.furniture)?,
            article: expressions("article", &spec.article)?,
            rules: sections.into_iter().map(compiled).collect::<Result<_, _>>()?,
        })
    }

    /// All sections, in the order they are looked through.
    pub(in crate::extract) fn rules(&self) -> impl Iterator<Item = (Wall, &Rules)> {
        self.rules.iter().map(|(wall, rules)| (*wall, rules))
    }

    /// One section.
    pub(in crate::extract) fn of(&self, wall: Wall) -> Option<&Rules> {
        self.rules().find(|(found, _)| *found == wall).map(|(_, rules)| rules)
    }

    /// The wall that stands at this address, whatever it answers: a login server's, a gateway's, a page of errors.
    pub fn of_address(&self, url: &Url) -> Option<Wall> {
        let address = format!("{}{}", url.host_str().unwrap_or_default(), super::detect::path_and_query(url));
        self.rules().find(|(_, rules)| any(&rules.addresses, &address)).map(|(wall, _)| wall)
    }

    /// What a page is that leads from one address to another at once. An article that leads to a home page is gone.
    pub fn of_jump(&self, from: &Url, to: &Url) -> Option<Wall> {
        let home = is_home(to) && !is_home(from) && from.host_str() == to.host_str();
        self.of_address(to).or(home.then_some(Wall::SoftNotFound))
    }
}

/// Whether an address is a site's front page.
fn is_home(url: &Url) -> bool {
    let path = url.path().trim_start_matches('/');
    let (name, ending) = path.split_once('.').unwrap_or((path, "htm"));
    let page = ["htm", "html", "shtml", "jsp", "asp", "aspx", "php", "psp"].contains(&ending);
    url.query().is_none() && ["", "index", "default", "main"].contains(&name) && page
}

pub(in crate::extract) fn any(expressions: &[Regex], text: &str) -> bool {
    expressions.iter().any(|expression| expression.is_match(text))
}

fn expressions(field: &str, list: &[String]) -> Result<Vec<Regex>, Fault> {
    let compiled = list.iter().enumerate().map(|(at, text)| {
        if text.trim().is_empty() {
            return Err(Fault::new(format!("{field}[{at}]"), "is empty"));
        }
        // The limits of RELIABILITY C4.
        let built = regex::RegexBuilder::new(text).size_limit(1 << 20).nest_limit(50).build();
        built.map_err(|error| Fault::new(format!("{field}[{at}]"), format!("not an expression: {error}")))
    });
    compiled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::catalogue::{Catalogue, SourceFile};

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_wall_has_one_code() {
        for wall in Wall::ALL {
            assert_eq!(Wall::from_code(wall.code()), Some(wall));
        }
        assert_eq!(Wall::from_code("no-content"), None);
    }

    #[test]
    fn addresses_of_login_servers_and_gateways_are_known() {
        let catalogue = Catalogue::load(&[]).unwrap();
        for (address, want) in [
            ("https://authserver.yunling.example/authserver/login?service=x", Some(Wall::LoginWall)),
            ("https://news.yunling.example/cas/login?service=x", Some(Wall::LoginWall)),
            ("https://sso.yunling.example/login", Some(Wall::LoginWall)),
            ("https://webvpn.yunling.example/", Some(Wall::CampusOnly)),
            ("https://vpn.yunling.example/por/login_psw.csp", Some(Wall::CampusOnly)),
            ("http://news.yunling.example/404.html", Some(Wall::SoftNotFound)),
            ("http://news.yunling.example/info/1001/404.htm", None),
            ("http://news.yunling.example/login-news/1.htm", None),
            ("http://news.yunling.example/info/1001/1.htm", None),
        ] {
            assert_eq!(catalogue.walls().of_address(&url(address)), want, "{address}");
        }
    }

    #[test]
    fn an_article_that_leads_home_is_gone_and_a_front_page_is_not() {
        let catalogue = Catalogue::load(&[]).unwrap();
        for (from, to, want) in [
            ("/info/1/2.htm", "/", Some(Wall::SoftNotFound)),
            ("/info/1/2.htm", "/index.htm", Some(Wall::SoftNotFound)),
            ("/", "/index.htm", None),
            ("/info/1/2.htm", "/xwzx/index.htm", None),
            ("/info/1/2.htm", "/index.jsp?id=2", None),
            ("/info/1/2.htm", "http://topics.yunling.example/", None),
        ] {
            let from = url("http://news.yunling.example").join(from).unwrap();
            assert_eq!(catalogue.walls().of_jump(&from, &from.join(to).unwrap()), want, "{from} to {to}");
        }
    }

    #[test]
    fn a_mistake_is_named_with_file_line_and_field() {
        let built_in = include_str!("../../selectors/walls.toml");
        let broken = built_in.replace("'^Just a moment'", "'('");
        let line = 1 + built_in.lines().position(|line| line.contains("Just a moment")).unwrap();
        let error = Catalogue::load(&[SourceFile { path: "walls.toml".to_owned(), text: broken }]).unwrap_err();
        assert_eq!((error.path.as_str(), error.line), ("walls.toml", Some(line)), "{error}");
        assert!(error.what.starts_with("challenge.titles[0]"), "{error}");
    }
}
