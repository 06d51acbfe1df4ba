//! Passwords over the binary: said at their own scheme, host and port, and written nowhere.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;

use crate::support::program::run;
use crate::support::response::Response;
use crate::support::server::{Request, Server};

/// `archive:sesame`.
const SAID: &str = "Basic YXJjaGl2ZTpzZXNhbWU=";
const LISTING: &str = r#"<html><title>新闻</title><body><ul>
<li><a href="/info/1.htm">学院召开主题教育动员部署会</a><span>2023-06-10</span></li>
<li><a href="/info/2.htm">青年教师成长沙龙顺利举行</a><span>2023-06-11</span></li>
<li><a href="/info/3.htm">测绘学院赴东湖村开展实践</a><span>2023-06-12</span></li></ul></body></html>"#;
const ARTICLE: &str = "<html><title>学院召开主题教育动员部署会</title><body><h1>学院召开主题教育动员部署会</h1>\
<p>发布时间：2023-06-10 来源：党委宣传部</p><div class=\"content\"><p>六月十日，学院召开主题教育动员部署会，全体师生党员参加。会议指出，要\
学深悟透，把主题教育的成果转化为办学治院的成效。</p><p>会后，各支部分别开展了研讨。</p></div></body></html>";

fn answer(request: &Request) -> Response {
    match (request.host(), request.path()) {
        (_, "/robots.txt") => Response::status(404),
        ("intra.test", _) if request.header("authorization") != Some(SAID) => Response::status(401),
        ("intra.test", "/xw.htm") => Response::html(LISTING),
        ("intra.test", "/info/2.htm") => Response::redirect("http://other.test/info/2.htm"),
        _ => Response::html(ARTICLE),
    }
}

fn logins(dir: &Path, mode: u32) {
    fs::create_dir_all(dir.join("archive")).unwrap();
    fs::write(dir.join("archive/shiguan.toml"), "[fetch]\nlogin_file = \"logins.toml\"\n").unwrap();
    let file = dir.join("archive/logins.toml");
    let text = "[[login]]\norigin = \"http://intra.test\"\nuser = \"archive\"\npassword = \"sesame\"\n";
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_password_is_said_at_its_own_place_and_written_nowhere() {
    let server = Server::start(answer);
    let dir = TempDir::new().unwrap();
    logins(dir.path(), 0o600);
    let [intra, other] = ["intra.test", "other.test"].map(|host| server.resolve(host));
    let seed = "http://intra.test/xw.htm";
    let crawl = [
        "crawl",
        "--seed",
        seed,
        "--delay",
        "0",
        "--allow-host",
        "other.test",
        "--resolve",
        &intra,
        "--resolve",
        &other,
    ];
    let ran = run(dir.path(), &crawl);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));

    let (own, others): (Vec<_>, Vec<_>) = server.hits().into_iter().partition(|hit| hit.host() == "intra.test");
    assert!(own.len() >= 4 && own.iter().all(|hit| hit.header("authorization") == Some(SAID)), "{own:?}");
    assert!(others.iter().any(|hit| hit.path() == "/info/2.htm"), "the redirect was followed");
    assert!(others.iter().all(|hit| hit.header("authorization").is_none()), "{others:?}");

    let warc = dir.path().join("archive/warc");
    let years = fs::read_dir(warc).unwrap().map(|year| year.unwrap().path());
    let files: Vec<_> = years.flat_map(|year| fs::read_dir(year).unwrap().map(|file| file.unwrap().path())).collect();
    let mut text = String::new();
    for file in files {
        let mut member = flate2::read::MultiGzDecoder::new(fs::File::open(file).unwrap());
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut member, &mut bytes).unwrap();
        text += &String::from_utf8_lossy(&bytes);
    }
    assert!(text.contains("Authorization: Basic\r\n"), "that there was one is kept");
    let index = String::from_utf8_lossy(&fs::read(dir.path().join("archive/shiguan.db")).unwrap()).into_owned();
    for secret in ["sesame", "YXJjaGl2Z"] {
        assert!(!text.contains(secret) && !index.contains(secret), "{secret}");
    }
}

#[test]
fn a_file_of_passwords_that_others_can_read_is_three() {
    let dir = TempDir::new().unwrap();
    logins(dir.path(), 0o644);
    let ran = run(dir.path(), &["crawl", "--seed", "http://127.0.0.1:9/"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("logins.toml: holds passwords and is readable by others"), "{}", ran.stderr);
}
