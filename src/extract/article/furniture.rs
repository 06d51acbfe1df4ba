//! Lines that stand in or after the text's container without being text.

use std::sync::LazyLock;

use regex::Regex;

/// A line with which the article is over: what follows belongs to the page.
static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^[\s【\[（(<《>◎●■\#▼▍|]*(?:
        相关(?:阅读|新闻|链接|报道|推荐|文章|专题|内容|资讯|标签|附件|热词|搜索) | 推荐(?:阅读|文章|新闻) | 延伸阅读 | 热门(?:推荐|新闻|文章|评论|搜索) | 热点(?:推荐|新闻) | 你可能(?:还|也|還|感) | 其他人也在看 | 大家都在看 | 相關(?:閱讀|新聞|連結|報導|文章) | 延伸閱讀 | 推薦(?:閱讀|文章) | 熱門(?:新聞|文章) | 首页\s*\|?\s*上一页 | 猜你喜欢 | 更多(?:精彩|新闻|内容|推荐) | 更多.{0,40}请(?:继续)?关注 | 以上内容.{0,20}(?:上传|发布)
        | (?:网友|全部|最新|我要|精彩|发表|用户|文章)评论 | 评论列表 | 我要评论 | 上一[篇条页则个] | 下一[篇条页则个] | 阅读下一篇 | 阅读上一篇 | 前一篇 | 后一篇 | 版权声明 | 免责声明 | 特别声明 | 分享到 | 分享让更多人看到 | 扫一扫 | 扫码 | 返回(?:首页|列表|顶部)
        | 打印(?:本页|本文|此页)? \s* [】\]]? \s* (?:【\[)? (?:关闭|$) | 关闭(?:窗口|本页)? \s* [】\]]? \s* $ | 【(?:打印|关闭) | 举报(?:反馈|$) | 文章(?:关键词|标签) | 关键[词字][:：] | 标签[:：] | Tags?[:：] | 点击进入专题 | 新闻热线 | 客户端下载 | 责任编辑[:：]?\s*$ | 特别提醒 | 转载请注明
        )",
    )
    .ok()
});

/// A line that is a control of the page wherever it stands.
static CONTROL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^[\s【\[（(|]*(?:
        字[体号](?:大小)? \s* [:：]? .{0,14} | (?:大|中|小)(?:\s*[】\]|]?\s*[【\[|]?\s*(?:大|中|小))+ | 打印(?:本页|本文)? | 收藏 | 分享(?:到|至)?[:：]? .{0,30} | 纠错 | 关闭(?:窗口)? | 返回 | 播报 | 编辑 | 听新闻 | 点赞 \s* [0-9]* | 阅读[:：]?\s*[0-9]+ | 浏览(?:次数|量)?[:：]?\s*[0-9]*次?
        | 点击(?:数|率|量|次数)?[:：]?\s*[0-9]*次? | 复制链接 | 微信扫一扫.{0,12} | 微博 | 微信 | QQ空间 | 朋友圈 | 订阅 | 关注 | \+?\s*关注 | 展开(?:全文|阅读) | 点击查看全文 | 已下载.{0,6}次 | 正文 | 放大查看高清图 | 收起 | × | 广告 | (?:语音)?播报文章.{0,8} | IP属地[:：]?.{2,6} | 来自\p{Han}{2,3}
        | .{0,10}加载中.{0,10} | .{0,10}请刷新(?:本)?页面 | 阅读(?:剩余)?全文 | 展开 | 不喜欢
        )[\s。.…（(】\]）)|]*$",
    )
    .ok()
});

/// What a site says of its rights and duties under any text of its own: a short line by itself.
static NOTICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)未经.{0,12}(?:授权|许可|允许|同意).{0,8}(?:转载|转发|使用|复制) | (?:请勿|不得|谢绝|禁止)(?:擅自)?转载
        | 仅提供信息存储 | 转载(?:请|须|需).{0,8}(?:注明|标明)(?:出处|来源) | 版权归.{0,12}所有 | 如有侵权.{0,12}(?:联系|删除)",
    )
    .ok()
});

/// Whether a line is such a notice.
pub(crate) fn is_notice(line: &str) -> bool {
    line.chars().count() <= 50 && NOTICE.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

/// Whether a line is an advertisement that says so: a link behind the word (required by China's advertising law,
/// article 14).
pub(crate) fn is_advert(line: &str, linked: usize) -> bool {
    line.starts_with("广告") && linked * 2 > line.chars().count()
}

/// Whether the article is over where this line stands.
pub(crate) fn ends_article(line: &str) -> bool {
    line.chars().count() <= 60 && AFTER.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

static PAGER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[\s\[\]【】()（）<>«»›|,…]|[上下]一?[页頁]|首页|[尾末]页|共\s*[0-9]+\s*页|第?\s*[0-9]+\s*页?)+$")
        .ok()
});

/// Whether a line with links is the pager of an article over several pages: `上一页 1 2 3 下一页`.
pub(crate) fn is_pager(line: &str) -> bool {
    let numbers = line.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).count();
    let short = line.chars().count() <= 120 && (line.contains('页') || numbers >= 2);
    short && PAGER.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

/// Whether a line is a control: font size, print, share, counters.
pub(crate) fn is_control(line: &str) -> bool {
    line.chars().count() <= 40 && CONTROL.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

/// The name of an image's file as a text node: five or six hexadecimal digits, among them a letter and a digit (VSB copies
/// alternative texts into the text; CMS facts, section 0).
pub(crate) fn is_stem(line: &str) -> bool {
    let hex = line.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b));
    hex && (5..=6).contains(&line.len())
        && line.bytes().any(|b| b.is_ascii_digit())
        && line.bytes().any(|b| b.is_ascii_uppercase())
}

static FILE_REST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:相关)?附件(?:下载|列表)?|点击下载|下载|已下载|次|[0-9一二三四五六七八九十]+|[\s:：、.．,，;；（）()【】\[\]《》“”。|—-])*$").ok()
});

/// Whether a line is nothing but links to files and the words around them: `附件【名单.doc】已下载12次`.
pub(crate) fn is_file_list(text: &str, filed: usize, names: &[String]) -> bool {
    if filed == 0 {
        return false;
    }
    let mut rest = text.to_owned();
    for name in names {
        rest = rest.replace(name.as_str(), "");
    }
    FILE_REST.as_ref().is_some_and(|pattern| pattern.is_match(&rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_after_the_text() {
        for yes in [
            "上一条：关于放假的通知",
            "相关阅读",
            "【打印本页】【关闭】",
            "我要评论 (网友评论仅供其表达个人看法)",
            "分享到：",
        ] {
            assert!(ends_article(yes), "{yes}");
        }
        for no in ["责任编辑：李禾", "打印机采购公告如下", "关闭仪式在东湖举行。", "相关负责人表示，会议很好。"]
        {
            assert!(!ends_article(no), "{no}");
        }
    }

    #[test]
    fn notices_and_adverts() {
        for yes in ["东湖网专稿，未经书面授权请勿转载。", "本文版权归原作者所有", "图片来自网络，如有侵权请联系删除"]
        {
            assert!(is_notice(yes), "{yes}");
        }
        for no in ["会议要求，未经批准不得外出。", "他的文章多次被报刊转载。", "版权保护工作会议在东湖召开"]
        {
            assert!(!is_notice(no), "{no}");
        }
        assert!(is_advert("广告东湖旅游，三日游", 10) && !is_advert("广告学专业举行毕业展", 0));
    }

    #[test]
    fn stems_controls_and_file_lists() {
        assert!(is_stem("3C4F1") && is_stem("1BCA9A") && !is_stem("12345") && !is_stem("FACADE") && !is_stem("X4243"));
        assert!(is_control("字体：大 中 小") && is_control("浏览次数：319次") && !is_control("编辑部通知"));
        assert!(is_pager("上一页 1 2 3 下一页") && is_pager("[1] [2]") && is_pager("共3页 1 2"));
        assert!(!is_pager("2") && !is_pager("第1页见附件") && !is_pager("2023年"));
        let names = ["名单.doc".to_owned()];
        assert!(is_file_list("附件【名单.doc】已下载次", 6, &names));
        assert!(!is_file_list("请按名单.doc报名。", 6, &names));
    }
}
