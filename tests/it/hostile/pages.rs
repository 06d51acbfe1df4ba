//! Pages made to cost much: each piles up one thing that a page can hold. Sizes are those of an optimised build, in
//! `1 / scale` of it for others.

const HEAD: &str = "<!DOCTYPE html><html><head><meta charset=utf-8><title>会议召开</title></head><body>";
const TEXT: &str = "<p>六月六日，云岭理工大学召开会议，总结上半年工作，部署下半年任务。</p>\
    <p>会议强调，要认真学习，深入调研，把成果落实到工作中，推动学校事业发展。</p>";

/// A page with the name a failure calls it by.
pub(super) type Named = (&'static str, Vec<u8>);

/// A page of an article's text with something before it.
pub(super) fn page(monster: &str) -> Vec<u8> {
    [HEAD, monster, TEXT].concat().into_bytes()
}

/// A list of so many rows, each with its own address.
pub(super) fn distinct_links(count: usize) -> String {
    numbered(count, |n| format!("<li><a href=/info/1/{n}.htm>学院召开第{n}次会议</a><span>2023-06-06</span></li>"))
}

fn numbered(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().concat()
}

/// All of them, with names.
pub(super) fn all(scale: usize) -> impl Iterator<Item = Named> {
    let builders: [fn(usize) -> Vec<Named>; 6] = [tags, attributes, links, texts, raw, others];
    builders.into_iter().flat_map(move |build| build(scale))
}

/// Elements of one kind.
fn tags(scale: usize) -> Vec<Named> {
    let piled = |tag: &str, count: usize| page(&tag.repeat(count / scale));
    vec![
        ("divisions", piled("<div>", 1_000_000)),
        ("tables", piled("<table><tr><td>", 60_000)),
        ("tables side by side", piled("<table><tr><td>学号</td><td>姓名</td></tr></table>", 60_000)),
        ("drawings", piled("<svg><g>", 50_000)),
        ("formatting", piled("<b><i><font>字<a><u>", 200_000)),
        ("misnested", piled("<b><p>字</b><i>", 150_000)),
        ("paragraphs", piled("<p>字</p>", 500_000)),
        ("paragraphs of text", piled("<p>会议强调，要认真学习，深入调研，把成果落实到工作中。</p>", 150_000)),
        ("breaks", piled("字<br>", 1_000_000)),
        ("spans", piled("<span>字</span>", 1_000_000)),
        ("empty paragraphs", piled("<p>", 2_000_000)),
        ("ends of paragraphs", piled("</p>", 1_000_000)),
        ("items", piled("<ul><li>字", 200_000)),
        ("options", piled("<select><option>字", 500_000)),
        ("forms", piled("<form><input type=hidden name=a value=b>", 200_000)),
        ("templates", piled("<template>", 100_000)),
        ("comments", piled("<!--a-->字", 500_000)),
        ("processing instructions", piled("<?php a ?>", 500_000)),
        ("names", page(&numbered(200_000 / scale, |n| format!("<x{n}>字</x{n}>")))),
    ]
}

/// Attributes, many and long.
fn attributes(scale: usize) -> Vec<Named> {
    let long = |name: &str, value: &str, count: usize| {
        page(&format!("<div {name}='{}'>会议召开会议</div>", value.repeat(count / scale)))
    };
    vec![
        ("attributes of one", page(&format!("<p{}>", numbered(60_000 / scale, |n| format!(" a{n}=1"))))),
        ("attributes of each", page(&"<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=0>字</p>".repeat(100_000 / scale))),
        ("classes of each", page(&"<div class='a b c d e f g h'>字</div>".repeat(150_000 / scale))),
        ("a long attribute", long("title", "字", 7_000_000)),
        ("a long class", long("class", "x ", 10_000_000)),
        ("a long style", long("style", "a:b;", 5_000_000)),
        ("metas", page(&"<meta name=a content=b>".repeat(200_000 / scale))),
    ]
}

/// Links, images and what looks like them.
fn links(scale: usize) -> Vec<Named> {
    let piled = |tag: &str, count: usize| page(&tag.repeat(count / scale));
    let clicked = "<li onclick=\"window.open('../info/3/4.htm')\">学习教育动员会召开</li>";
    let row = "<tr><td>2023-06-06</td><td><a href=/info/1/1.htm>学院召开主题教育会议</a></td></tr>";
    vec![
        ("links", piled("<a href=/info/1/2.htm>学院召开主题教育会议</a>", 1_000_000)),
        ("distinct links", page(&distinct_links(200_000 / scale))),
        ("rows without their table", piled(row, 50_000)),
        ("clicks", piled(clicked, 100_000)),
        ("attachments", piled("<a href=a.pdf>附件1.pdf</a>", 150_000)),
        ("images", piled("<img src=a.jpg>", 1_000_000)),
        ("distinct images", page(&numbered(120_000 / scale, |n| format!("<p><img src=a{n}.jpg></p>")))),
    ]
}

/// Long texts.
fn texts(scale: usize) -> Vec<Named> {
    let paragraph = |text: &str, count: usize| page(&format!("<p>{}</p>", text.repeat(count / scale)));
    let title = HEAD.replace("会议召开", &"会议-".repeat(400_000 / scale));
    let wide: Vec<u16> = "<p>会议强调，要认真学习，深入调研。</p>".repeat(200_000 / scale).encode_utf16().collect();
    let wide = [0xfeff].iter().chain(&wide).flat_map(|unit| unit.to_le_bytes()).collect();
    vec![
        ("text", paragraph("字", 7_000_000)),
        ("text with spaces", paragraph("字 ", 5_000_000)),
        ("sentences", paragraph("会议强调，要认真学习。", 300_000)),
        ("quotes", paragraph("“", 900_000)),
        ("sayings", paragraph("李禾说：“学习体会很深。”", 200_000)),
        ("labels", paragraph("来源：", 500_000)),
        ("entities", page(&"&lt;字".repeat(1_000_000 / scale))),
        ("signs", page(&"<".repeat(1_000_000 / scale))),
        ("zeros", page(&"\0".repeat(3_000_000 / scale))),
        ("a long title", [title.as_str(), TEXT].concat().into_bytes()),
        ("UTF-16", wide),
    ]
}

/// What never ends.
fn raw(scale: usize) -> Vec<Named> {
    let unclosed = |tag: &str, text: &str, count: usize| page(&[TEXT, tag, &text.repeat(count / scale)].concat());
    vec![
        ("an open comment", unclosed("<!-- ", "x", 5_000_000)),
        ("an open script", unclosed("<script>", "x</", 2_000_000)),
        ("an open style sheet", unclosed("<style>", "x</", 2_000_000)),
        ("an open text area", unclosed("<textarea>", "字</", 1_000_000)),
        ("scripts", page(&"<script>var a;</script>".repeat(200_000 / scale))),
        ("data in a script", unclosed("<script type='application/ld+json'>", r#"{"a":1},"#, 30_000)),
        ("a store in a script", unclosed("<script type='text/xml'>", "<record><![CDATA[<a>", 200_000)),
    ]
}

/// What is no page.
fn others(scale: usize) -> Vec<Named> {
    let piled = |text: &str, count: usize| text.repeat(count / scale);
    let news = r#"{"title":"学院召开会议","url":"/info/1/1.htm","date":"2023-06-06"},"#;
    let item = "<item><title>学院召开会议</title><link>http://a.example/1</link></item>";
    vec![
        ("objects", format!("[{}{{}}]", piled(r#"{"a":1},"#, 900_000)).into_bytes()),
        ("arrays", format!("[{}1]", piled("[1],", 900_000)).into_bytes()),
        ("numbers", format!("[{}1]", piled("1,", 2_000_000)).into_bytes()),
        ("open brackets", piled("[", 5_000_000).into_bytes()),
        ("rows of data", format!("{{\"a\":[{}{{}}]}}", piled(news, 100_000)).into_bytes()),
        (
            "a site map",
            format!(
                "<?xml version='1.0'?><urlset>{}</urlset>",
                piled("<url><loc>http://a.example/1</loc></url>", 200_000)
            )
            .into_bytes(),
        ),
        (
            "a feed",
            format!("<?xml version='1.0'?><rss version='2.0'><channel>{}</channel></rss>", piled(item, 100_000))
                .into_bytes(),
        ),
        ("plain text", piled("字", 7_000_000).into_bytes()),
    ]
}
