//! Families are recognised by their marks; sites lay their rules over them; rules have days.

use shiguan::domain::extraction::Extraction;
use shiguan::domain::time::Date;
use shiguan::extract::catalogue::SourceFile;
use shiguan::extract::{self, Catalogue, Hints};
use shiguan::{decode, domain::record::Record};
use url::Url;

fn read(catalogue: &Catalogue, url: &str, html: &str, hints: &Hints<'_>) -> Extraction {
    let url = Url::parse(url).unwrap();
    let answer =
        decode::Hints { url: Some(&url), content_type: Some("text/html; charset=utf-8"), ..Default::default() };
    extract::extract(&decode::decode(html.as_bytes(), &answer, Date::new(2023, 6, 7).unwrap()), catalogue, hints)
}

const ROWS: &str = "<ul class='l'><li><a href='/info/1/1.htm'>学院召开学习教育动员会</a><span>2023-06-01</span></li>\
    <li><a href='/info/1/2.htm'>学院召开学习教育推进会</a><span>2023-06-02</span></li>\
    <li><a href='/info/1/3.htm'>学院召开学习教育总结会</a><span>2023-06-03</span></li></ul>";

#[test]
fn every_family_is_told_by_its_marks() {
    let catalogue = Catalogue::load(&[]).unwrap();
    for (family, mark) in [
        ("vsb", "<!--Announced by Visual SiteBuilder 9-->"),
        ("webplus", "<link href='/_css/_system/system.css'><div frag='窗口3' portletmode='simpleList'></div>"),
        ("trs", "<a class='CurrChnlCls' href='/'>首页</a><script>createPageHTML(1, 0, 'index', 'html')</script>"),
        ("empirecms", "<script src='/e/public/ViewClick/?classid=1&id=2'></script>"),
        ("dedecms", "<script src='/plus/count.php?aid=1'></script>"),
        ("phpcms", "<script src='/api.php?op=count&id=1'></script>"),
        ("hanweb", "<meta name='Generator' content='大汉版通'>"),
        ("wordpress", "<meta name='generator' content='WordPress 6.2'>"),
        ("generic", ""),
    ] {
        let page = format!("<html><head><title>新闻</title></head><body>{mark}{ROWS}</body></html>");
        let hints = Hints::default();
        let record = read(&catalogue, "http://news.example.edu.cn/xw/xyxw.htm", &page, &hints).record;
        assert_eq!((record.family(), record.kind()), (family, "listing"));
    }
}

#[test]
fn the_id_of_an_article_is_the_systems_own() {
    let catalogue = Catalogue::load(&[]).unwrap();
    for (mark, path, id) in [
        ("<!--Announced by Visual SiteBuilder 9-->", "/info/1038/5587.htm", Some("5587")),
        ("<!--Announced by Visual SiteBuilder 9-->", "/content.jsp?wbtreeid=1038&wbnewsid=5587", Some("5587")),
        ("<div class='wp_articlecontent'>文</div>", "/2023/0606/c24258a419685/page.htm", Some("419685")),
        ("<div class='TRS_Editor'>文</div>", "/xw/202306/t20230606_4409544.html", Some("4409544")),
        ("<p>没有标志</p>", "/about/contact.htm", None),
    ] {
        let url = format!("http://news.example.edu.cn{path}");
        let given = read(&catalogue, &url, &format!("<body>{mark}</body>"), &Hints::default());
        assert_eq!(given.article_id.as_deref(), id, "{path}");
    }
}

#[test]
fn a_sites_rules_go_before_its_familys() {
    let site = "site = \"yl\"\nname = \"云岭\"\nseeds = [\"http://news.example.edu.cn/\"]\nfamily = \"webplus\"\n[listing]\nrows = [\".own > p\"]\n";
    let overlay = [SourceFile { path: "sites/yl.toml".to_owned(), text: site.to_owned() }];
    let catalogue = Catalogue::load(&overlay).unwrap();
    let html = format!(
        "<body>{ROWS}<div class='own'><p><a href='/a/1.htm'>本站自己的一行新闻标题</a> 2023-05-01</p><p><a href='/a/2.htm'>本站自己的又一行新闻标题</a> 2023-05-02</p><p><a href='/a/3.htm'>本站自己的第三行新闻标题</a> 2023-05-03</p></div></body>"
    );
    let hints = Hints { site: Some("yl"), ..Hints::default() };
    let record = read(&catalogue, "http://news.example.edu.cn/xw/a.htm", &html, &hints).record;
    let Record::Listing(listing) = record else { unreachable!("a listing") };
    assert_eq!((listing.family.as_str(), listing.site.as_deref()), ("webplus", Some("yl")));
    let paths: Vec<&str> = listing.items.iter().map(|item| item.url.as_ref().unwrap().path()).collect();
    assert_eq!(paths, ["/a/1.htm", "/a/2.htm", "/a/3.htm"]);
}

#[test]
fn a_page_is_read_with_the_rules_of_its_day() {
    let rules = "family = \"x\"\nname = \"X\"\nevidence = \"general\"\n[detect]\nthreshold = 5\nmarks = [{ text = \"x-mark\", weight = 5 }]\n\
        [[revision]]\nsince = \"0001-01-01\"\n[[revision]]\nsince = \"2023-06-08\"\n";
    let overlay = [SourceFile { path: "families/x.toml".to_owned(), text: rules.to_owned() }];
    let catalogue = Catalogue::load(&overlay).unwrap();
    let day = |text: &str| catalogue.selectors_revision("x", Date::parse(text).unwrap());
    assert_eq!((day("2023-06-07").as_str(), day("2023-06-08").as_str()), ("x@0001-01-01", "x@2023-06-08"));
    let page = format!("<body><i class='x-mark'></i>{ROWS}</body>");
    let record = read(&catalogue, "http://news.example.edu.cn/xw/a.htm", &page, &Hints::default()).record;
    assert_eq!(record.family(), "x");
    let forced = Hints { family: Some("generic"), ..Hints::default() };
    assert_eq!(read(&catalogue, "http://news.example.edu.cn/xw/a.htm", &page, &forced).record.family(), "generic");
}
