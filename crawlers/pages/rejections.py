"""Pages that are no report: what came instead, and how it shows."""

from __future__ import annotations

import re

from archive.models import Page, Rejection
from crawlers.pages.bodies import Body

# What the first bytes say of files that are served in place of a page.
_FILE_MAGIC = {
    b"%PDF": "pdf",
    b"PK\x03\x04": "zip",
    b"\xd0\xcf\x11\xe0": "doc",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF8": "gif",
    b"Rar!": "rar",
    b"{\\rtf": "rtf",
}

# Scripts and words of the walls that Chinese sites stand behind: 瑞数, 加速乐, 阿里云 WAF, 创宇盾, Cloudflare.
_CHALLENGE = re.compile(
    r"\$_ts\s*[=.]|_\$_ts|__jsl_clearance|acw_sc__v2|acw_tc.{0,80}arg1|var arg1='|cf-chl|cf_chl_opt|Checking your browser|Just a moment\.\.\."
    r"|创宇盾|知道创宇|安全狗|云锁|WAF(?:拦截|提示)|(?:滑动|拖动).{0,8}(?:验证|滑块)|请(?:输入|完成).{0,6}验证码?|安全验证|人机验证|访问(?:验证|频繁|过于频繁)"
    r"|您的(?:请求|访问).{0,12}(?:拦截|阻断|不合法|被拒绝|异常)|访问被(?:拦截|拒绝|阻断)|正在(?:进行)?安全检[查测]",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"\b404\b|(?:页面|网页|文件|内容|文章|信息|文档|栏目|资源|链接).{0,8}(?:不存在|未找到|找不到|没有找到|已(?:被)?(?:删除|移除|下线|移走|过期|失效|撤销)|不翼而飞|走丢)|(?:找不到|无法找到|没有找到|未找到).{0,10}(?:页|文件|内容|资源|信息)"
    r"|not\s+found|该(?:信息|文章|内容|页面).{0,6}(?:审核|删除)",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"(?:服务器|系统|程序|应用程序|数据库|运行时|网关).{0,8}(?:错误|异常|出错|繁忙|忙碌|维护|超时)|(?:网站|系统).{0,6}(?:维护|升级|关闭|改版中|暂停)|internal server error|bad gateway|gateway time-?out"
    r"|service (?:temporarily )?unavailable|server error|HTTP Status \d{3}|runtime error|exception|拒绝访问|无权(?:访问|限)|没有权限|access denied|forbidden|error\s*5\d\d|\b50[0-4]\b|出错了|提示信息|错误提示|SQLSTATE|SQL syntax|Fatal error",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?:请先?|您?尚?未|需要?)登[录陆]|用户登[录陆]|会员登[录陆]|登[录陆]后(?:可|才|查看|阅读)|统一身份认证|(?:用户名|账号).{0,20}密码"
)
# Error pages, walls and login forms say little; the shortest report seen has 138 characters, and its page 900.
MAX_NOTICE_PAGE = 500
MAX_NOTICE_BODY = 250


def reject_answer(page: Page) -> Rejection | None:
    """Refuse what its status or first bytes tell apart from a page."""
    if page.status >= 400:
        return Rejection(page.url, "error_page", f"HTTP status {page.status}")
    start = page.body[:2048].lstrip()
    if not start:
        return Rejection(page.url, "empty", "no bytes")
    kind = file_kind(page)
    if kind:
        return Rejection(page.url, "not_html", f"the bytes of a {kind} file")
    if start[:1] in (b"{", b"[") and page.content_type.partition(";")[0].strip() != "text/html":
        return Rejection(page.url, "not_html", "looks like JSON")
    return None


def file_kind(page: Page) -> str | None:
    """The format of a file that came in place of a page, or None."""
    start = page.body[:16].lstrip()
    return next((kind for magic, kind in _FILE_MAGIC.items() if start.startswith(magic)), None)


def reject_notice(page: Page, html: str, body: Body | None, title: str) -> Rejection | None:
    """Refuse walls, error pages with status 200 and login forms: pages that say little but one of their words."""
    shown = "\n".join(line.text for line in body.page_lines) if body else ""
    n_body = sum(len(line.text) for line in body.lines) if body else 0
    if len(shown) > MAX_NOTICE_PAGE and n_body > MAX_NOTICE_BODY:
        return None
    challenge = _CHALLENGE.search(shown) or (_CHALLENGE.search(html[:20_000]) if len(shown) < 200 else None)
    if challenge:
        return Rejection(page.url, "challenge", challenge.group()[:80], title)
    said = f"{title}\n{shown[:1500]}" if n_body <= MAX_NOTICE_BODY else title
    for reason, pattern in (("soft_404", _LOST), ("error_page", _BROKEN), ("login", _LOGIN)):
        found = pattern.search(said)
        if found and _says_little_else(reason, body):
            return Rejection(page.url, reason, found.group()[:80], title)
    if not n_body:
        return Rejection(page.url, "empty", "no text on the page", title)
    return None


def _says_little_else(reason: str, body: Body | None) -> bool:
    """A short report may say 系统维护 in a sentence; a notice has few sentences at all."""
    if body is None:
        return True
    n_sentences = sum(line.text.count("。") for line in body.lines)
    return n_sentences <= (3 if reason == "soft_404" else 2)


# Measured on 30 list pages and 58 articles: lists hold no sentences and a quarter of their text is linked;
# lists with abstracts alternate linked titles and sentences.
MIN_LINKED_RATIO = 0.25
MIN_LINKED_LINES = 3
_SENTENCE = re.compile(r"[。；，！？]")


def reject_menu(page: Page, body: Body, title: str, has_files: bool) -> Rejection | None:
    """Refuse list pages and portals: hardly a sentence, many links."""
    n_chars = sum(len(line.text) for line in body.lines) or 1
    ratio = sum(line.n_linked for line in body.lines) / n_chars
    linked = [line for line in body.lines if line.is_linked and len(line.text) >= 6]
    n_sentences = sum(
        len(line.text) for line in body.lines if not line.is_linked and _SENTENCE.search(line.text)
    )
    is_bare = n_sentences < 0.1 * n_chars and (ratio >= MIN_LINKED_RATIO or len(linked) >= MIN_LINKED_LINES)
    is_digest = len(linked) >= 8 and len(linked) >= 0.4 * len(body.lines)
    if is_digest or (is_bare and not has_files and body.method not in ("editor", "selector")):
        return Rejection(
            page.url, "menu", f"{len(linked)} linked lines, {ratio:.0%} of the text is links", title
        )
    return None


# The lexicon of titles that announce a work report, a plan or a part of one.
_REPORT_WORD = re.compile(
    r"总结|小结|计划|规划|要点|思路|打算|工作报告|述职|述责|述廉|述德|年报|年度报告|工作(?:的)?(?:情况|安排|汇报|报告|部署|回顾|意见|方案|进展|成效|亮点|目标|任务|重点)|情况(?:的)?(?:汇报|报告|通报)"
    r"|汇报(?:材料|提纲)?$|履职|回顾|展望|白皮书|自查报告|自评报告|绩效报告|公报$|综述"
)
_NOTICE_TITLE = re.compile(
    r"(?:通知|公告|公示|通告|启事|邀请函|公开信|倡议书|招标|中标|成交结果|竞争性(?:谈判|磋商)|采购(?:公告|结果|项目)|招聘|拟(?:录用|聘用|任)|任免|的函|批复)(?:书|表|单)?\s*(?:[（(].{0,40}[)）])?$"
)
_CARRIES_REPORT = re.compile(r"(?:印发|下发|发布|转发|颁发|批转|公布|公开|报送|呈报|上报)")
_ASKS_FOR_REPORT = re.compile(
    r"(?:关于|请)?(?:做好|认真做好|开展|报送|上报|提交|撰写|召开|征集|抓紧|布置|组织|填报).{0,30}(?:总结|计划|要点|述职|报告).{0,12}(?:通知|公告|的函)"
)
_EVENT_TITLE = re.compile(
    r"(?:召开|举行|举办|开幕|闭幕|出席|参加|调研|视察|慰问|考察|会见|部署会|推进会|座谈会|总结会|表彰会|表彰大会|总结大会|动员会|工作会议?|培训班|启动仪式).{0,12}$|(?:召开|举行|举办).{2,40}会"
)
_ENDS_AS_REPORT = re.compile(
    r"(?:总结|小结|计划|要点|思路|打算|安排|报告|规划|述职|汇报|情况|材料|讲话)(?:[（(].{0,30}[)）])?\s*\d*$"
)


def reject_topic(page: Page, title: str) -> Rejection | None:
    """Refuse what its title says is no work report: notices that carry none, and news of meetings and visits.

    A notice that issues a plan (印发…工作要点的通知) carries the report itself; one that asks for reports does not.
    """
    squeezed = re.sub(r"\s+", "", title)
    if _NOTICE_TITLE.search(squeezed):
        carries = _REPORT_WORD.search(squeezed) and _CARRIES_REPORT.search(squeezed)
        asks = _ASKS_FOR_REPORT.search(squeezed) and not re.search(r"印发|下发|转发|批转|颁发", squeezed)
        if not carries or asks:
            return Rejection(page.url, "notice", "the title is that of a notice", title)
    elif _EVENT_TITLE.search(squeezed) and not _ENDS_AS_REPORT.search(squeezed):
        return Rejection(page.url, "news", "the title tells of an event", title)
    return None
