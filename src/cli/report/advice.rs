//! What each verdict is called, and what a person does about it: the table of `docs/operations.md`, for the page.

use crate::domain::verdict::SiteVerdict;

/// Where a site stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Nothing happens until somebody does something.
    Person,
    /// The next run may find it well.
    Later,
    /// The run broke off before it was done.
    CutOff,
    /// All went well.
    Well,
}

/// A verdict for people.
#[derive(Debug)]
pub(super) struct Advice {
    pub(super) group: Group,
    /// Its name, in Chinese and in English.
    pub(super) name: (&'static str, &'static str),
    /// What to do.
    pub(super) what: (&'static str, &'static str),
}

/// What is said of a verdict; `why` tells a lost name or a bad certificate from a bad night.
pub(super) fn of(verdict: SiteVerdict, why: &str) -> Advice {
    if verdict == SiteVerdict::Unreachable && why.contains(": dns: ") {
        return Advice {
            group: Group::Person,
            name: ("域名解析失败", "no such name"),
            what: (
                "若连续几天如此，站点可能已迁移：查新域名，改站点文件。",
                "If it lasts, the host has moved: find its new name and mend the site's file.",
            ),
        };
    }
    if verdict == SiteVerdict::Unreachable && why.contains(": tls: ") {
        return Advice {
            group: Group::Person,
            name: ("证书有问题", "bad certificate"),
            what: (
                "请联系网站管理员；确认无妨时在站点文件写 tls = \"lenient\"。",
                "Ask the site's keepers; where it is known and harmless: tls = \"lenient\" in the site's file.",
            ),
        };
    }
    Advice { group: group(verdict), name: name(verdict), what: what(verdict) }
}

fn group(verdict: SiteVerdict) -> Group {
    match verdict {
        SiteVerdict::Ok | SiteVerdict::NoNews => Group::Well,
        SiteVerdict::Unfinished | SiteVerdict::OutsideWindow => Group::CutOff,
        SiteVerdict::Unreachable | SiteVerdict::ServerError | SiteVerdict::Postponed => Group::Later,
        SiteVerdict::Blocked
        | SiteVerdict::Challenged
        | SiteVerdict::LoginWall
        | SiteVerdict::CampusOnly
        | SiteVerdict::ListingGone
        | SiteVerdict::NoRows
        | SiteVerdict::SelectorsMissed
        | SiteVerdict::Redirected
        | SiteVerdict::Unreadable
        | SiteVerdict::Robots => Group::Person,
    }
}

fn name(verdict: SiteVerdict) -> (&'static str, &'static str) {
    match verdict {
        SiteVerdict::Ok => ("正常", "went well"),
        SiteVerdict::NoNews => ("无新内容", "nothing new"),
        SiteVerdict::Unfinished => ("未完成", "unfinished"),
        SiteVerdict::OutsideWindow => ("不在采集时段", "outside its window"),
        SiteVerdict::Unreachable => ("无法连接", "no answer"),
        SiteVerdict::ServerError => ("服务器出错", "server error"),
        SiteVerdict::Postponed => ("对方要求稍后再来", "asked to come back later"),
        SiteVerdict::Blocked => ("被拒绝访问", "refused"),
        SiteVerdict::Challenged => ("反爬验证", "a challenge or captcha"),
        SiteVerdict::LoginWall => ("要求登录", "wants an account"),
        SiteVerdict::CampusOnly => ("仅限校内访问", "campus network only"),
        SiteVerdict::ListingGone => ("栏目已不存在", "the listing is gone"),
        SiteVerdict::NoRows => ("页面改版或清空", "redesigned, or emptied"),
        SiteVerdict::SelectorsMissed => ("页面改版，字段读不到", "redesigned: fields are missed"),
        SiteVerdict::Redirected => ("栏目转向别处", "the listing leads elsewhere"),
        SiteVerdict::Unreadable => ("内容无法读取", "unreadable"),
        SiteVerdict::Robots => ("robots.txt 禁止", "forbidden by robots.txt"),
    }
}

fn what(verdict: SiteVerdict) -> (&'static str, &'static str) {
    match verdict {
        SiteVerdict::Ok | SiteVerdict::NoNews => ("", ""),
        SiteVerdict::Unfinished => ("不用处理，下次接着采。", "Nothing to do: the next run goes on there."),
        SiteVerdict::OutsideWindow => {
            ("不用处理，下次时段内接着采。", "Nothing to do: a run within its window goes on there.")
        }
        SiteVerdict::Unreachable => {
            ("下次自动再试。持续一周则检查站点。", "The next run tries again. After a week, look at the site.")
        }
        SiteVerdict::ServerError => {
            ("下次自动再试；持续如此可加大 delay。", "The next run tries again; if it lasts, a longer delay.")
        }
        SiteVerdict::Postponed => ("不用处理，下次再采。", "Nothing to do: the next run asks again."),
        SiteVerdict::Blocked => (
            "请联系网站管理员放行（说明用户代理和联系方式），并加大 delay。",
            "Ask the site's keepers for access, naming user agent and contact; a longer delay.",
        ),
        SiteVerdict::Challenged => {
            ("程序从不破解验证。请联系网站管理员放行。", "It is never solved. Ask the site's keepers for access.")
        }
        SiteVerdict::LoginWall => (
            "该站不公开：另寻途径，或撤下站点文件。",
            "The site is not public: ask for another way in, or take its file away.",
        ),
        SiteVerdict::CampusOnly => ("请在校园网内运行采集。", "Crawl it from inside the campus network."),
        SiteVerdict::ListingGone => {
            ("找到新的栏目地址，改站点文件的 seeds。", "Find where the column went and mend seeds in the site's file.")
        }
        SiteVerdict::NoRows => (
            "站点在线，但列表读不出内容。运行 shiguan inspect 看看，再改选择器。",
            "The site is up, but no row of its listing can be read. Run shiguan inspect, then mend the selectors.",
        ),
        SiteVerdict::SelectorsMissed => (
            "文章页读不到以前都有的字段。运行 shiguan inspect 看看，改选择器，再运行 shiguan reextract 重读。",
            "Articles lack what nearly all had before. Run shiguan inspect, mend the selectors, then shiguan reextract.",
        ),
        SiteVerdict::Redirected => (
            "把它指向的地址写进 seeds（其他主机写进 hosts）。",
            "Put the address it leads to into seeds, another host into hosts.",
        ),
        SiteVerdict::Unreadable => ("运行 shiguan show 地址 看看收到了什么。", "Look at what came: shiguan show URL."),
        SiteVerdict::Robots => ("应予尊重；确有需要请与网站管理员商量。", "Respect it, or ask the site's keepers."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_failed_is_told_what_to_do() {
        for verdict in SiteVerdict::ALL {
            let advice = of(verdict, "");
            let fails = SiteVerdict::is_failing_word(verdict.as_str());
            assert_eq!(fails, matches!(advice.group, Group::Person | Group::Later), "{verdict:?}");
            assert!(!fails || (!advice.what.0.is_empty() && !advice.what.1.is_empty()), "{verdict:?}");
        }
        assert_eq!(of(SiteVerdict::Unreachable, "http://a/robots.txt: dns: no such host").group, Group::Person);
    }
}
