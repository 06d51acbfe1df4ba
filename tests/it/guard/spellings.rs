//! Forbidden addresses in every spelling that some parser of URLs, names or addresses has been known to accept.

use std::net::Ipv4Addr;

/// One of each kind that is no public address, and the metadata services of clouds.
const FORBIDDEN: &[[u8; 4]] = &[
    [127, 0, 0, 1],
    [127, 8, 9, 10],
    [0, 0, 0, 0],
    [10, 1, 2, 3],
    [172, 16, 5, 4],
    [192, 168, 1, 1],
    [169, 254, 169, 254],
    [100, 100, 100, 200],
    [100, 64, 0, 1],
    [168, 63, 129, 16],
    [198, 18, 0, 1],
    [192, 0, 0, 192],
    [224, 0, 0, 251],
    [255, 255, 255, 255],
];

/// Addresses of IPv6 that carry no older one, some with a zone, and names that mean this machine.
const OTHERS: &[&str] = &[
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::0.0.0.1]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]",
    "[::1%25lo]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[100::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[64:ff9b:1::1]",
    "[5f00::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "loc%61lhost",
    "%6c%6f%63%61%6c%68%6f%73%74",
    "ｌｏｃａｌｈｏｓｔ",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "localhost。",
    "news.localhost",
    "localhost.localdomain",
    "ip6-localhost",
    "good.cn@localhost",
    "127.0.0.1.nip.test",
];

/// All spellings as URLs that name this port, each once.
pub(super) fn spellings(port: u16) -> Vec<String> {
    let mut all = Vec::new();
    for address in FORBIDDEN {
        for host in hosts(*address) {
            all.extend(["http", "https"].map(|scheme| format!("{scheme}://{host}:{port}/")));
        }
        let [a, b, c, d] = address;
        for odd in [
            format!("http:\\\\{a}.{b}.{c}.{d}:{port}\\"),
            format!("http:///{a}.{b}.{c}.{d}:{port}/"),
            format!("HtTp://{a}.{b}.{c}.{d}:{port}/"),
            format!("http://{a}.\t{b}.{c}.\n{d}:{port}/"),
            format!("  http://{a}.{b}.{c}.{d}:{port}/  "),
            format!("http://{a}.{b}.{c}.{d}:{port}#@good.cn/"),
            format!("http://{a}.{b}.{c}.{d}:{port}\\@good.cn/"),
            format!("http://{a}.{b}.{c}.{d}:0{port}/"),
        ] {
            all.push(odd);
        }
    }
    all.extend(OTHERS.iter().flat_map(|host| ["http", "https"].map(|scheme| format!("{scheme}://{host}:{port}/"))));
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|text| seen.insert(text.clone()));
    all
}

/// Those of loopback and of "this host", as the system itself resolves them: where the guard fails, a trap is reached.
pub(super) fn spellings_of_this_machine(port: u16) -> Vec<String> {
    let numeric = [[127, 0, 0, 1], [0, 0, 0, 0]].into_iter().flat_map(hosts);
    let named = ["localhost", "[::1]", "[::]"].map(str::to_owned);
    let mut urls: Vec<String> = numeric.chain(named).map(|host| format!("http://{host}:{port}/")).collect();
    urls.sort();
    urls.dedup();
    // Names are left to tests whose lookup is their own: here the system would ask the network.
    let asks_nobody = |text: &String| {
        url::Url::parse(text)
            .is_ok_and(|url| !matches!(url.host(), Some(url::Host::Domain(name)) if name != "localhost"))
    };
    urls.retain(asks_nobody);
    urls
}

fn hosts(address: [u8; 4]) -> Vec<String> {
    [numbers(address), signs(address), inside(address)].concat()
}

/// As `inet_aton` reads them.
fn numbers([a, b, c, d]: [u8; 4]) -> Vec<String> {
    let whole = u32::from(Ipv4Addr::new(a, b, c, d));
    let (low2, low3) = (whole & 0xffff, whole & 0x00ff_ffff);
    let (plain, number) = (format!("{a}.{b}.{c}.{d}"), whole.to_string());
    vec![
        plain.clone(),
        number.clone(),
        format!("{whole:#x}"),
        format!("{whole:#X}").replace("0x", "0X"),
        format!("{whole:#010x}"),
        format!("0x00000000{whole:08x}"),
        format!("0{whole:o}"),
        format!("0000{whole:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("000{a:03o}.000{b:03o}.000{c:03o}.000{d:03o}"),
        format!("{a:#x}.{b}.0{c:o}.{d}"),
        format!("{a}.{low3}"),
        format!("{a}.{b}.{low2}"),
        format!("{a:#x}.{low3:#x}"),
        format!("0{a:o}.{b}.{low2:#x}"),
        format!("{plain}."),
        format!("{number}."),
    ]
}

/// Signs that are mapped to digits and dots, and another host before the real one.
fn signs([a, b, c, d]: [u8; 4]) -> Vec<String> {
    let (plain, number) = (format!("{a}.{b}.{c}.{d}"), u32::from(Ipv4Addr::new(a, b, c, d)).to_string());
    let replaced = |dot: &str| plain.replace('.', dot);
    let digits = |zero: u32, text: &str| -> String {
        let digit = |c: char| c.to_digit(10).and_then(|n| char::from_u32(zero + n)).unwrap_or(c);
        text.chars().map(digit).collect()
    };
    let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
    vec![
        replaced("。"),
        replaced("．"),
        replaced("｡"),
        replaced("%E3%80%82"),
        replaced("%2e"),
        digits(0xff10, &plain),
        digits(0xff10, &replaced("。")),
        digits(0xff10, &number),
        digits(0x1d7ce, &plain),
        digits(0x1d7d8, &number),
        format!("{a}.{b}\u{ad}.{c}.{d}"),
        format!("{a}.{b}.{c}\u{200b}.{d}"),
        percent(&plain),
        percent(&number),
        percent(&digits(0xff10, &plain)),
        format!("good.cn@{plain}"),
        format!("good.cn:80@{plain}"),
        format!("good.cn%2f@{number}"),
        format!("good.cn%00@{plain}"),
        format!("good.cn@good.cn@{plain}"),
    ]
}

/// An IPv4 address inside one of IPv6.
fn inside([a, b, c, d]: [u8; 4]) -> Vec<String> {
    let (plain, whole) = (format!("{a}.{b}.{c}.{d}"), u32::from(Ipv4Addr::new(a, b, c, d)));
    let (high, low) = (whole >> 16, whole & 0xffff);
    vec![
        format!("[::ffff:{plain}]"),
        format!("[::ffff:{high:x}:{low:x}]"),
        format!("[0:0:0:0:0:ffff:{high:04x}:{low:04x}]"),
        format!("[::FFFF:{high:X}:{low:X}]"),
        format!("[::{plain}]"),
        format!("[::ffff:0:{plain}]"),
        format!("[64:ff9b::{plain}]"),
        format!("[64:ff9b::{high:x}:{low:x}]"),
        format!("[64:ff9b:1::{plain}]"),
        format!("[2002:{high:x}:{low:x}::]"),
        format!("[2002:{high:x}:{low:x}::1]"),
        format!("[2001:0:{high:x}:{low:x}::{:x}:{:x}]", !high & 0xffff, !low & 0xffff),
        format!("[fe80::5efe:{plain}]"),
    ]
}
