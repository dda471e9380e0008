"""The words by which titles name what a document is: 工作总结, 工作要点, 述职报告, 通知, 总结会."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

WordKind = Literal["gwr", "duty", "lawgov", "disclosure", "review", "account", "plan", "join"]


@dataclass(frozen=True, slots=True)
class Word:
    """One naming word. `review` looks back and says so (总结); `account` may as well be on one matter (汇报, 情况)."""

    kind: WordKind
    start: int
    end: int


_MADE = r"(?:完成|落实|推进|进展|执行|实施|贯彻|办理|开展)"

_WORD = re.compile(
    rf"""
    # 政府工作报告任务分解, 政府工作报告重点工作完成情况: the report is only what the document is about
    (?P<cited> 政府(?:\d{{4}}年度?)?工作报告(?=.{{0,12}}(?:{_MADE}|分解|分工|任务|重点工作|目标责任|情况)) )
  | (?P<gwr> 政府(?:\d{{4}}年度?)?工作报告 | 政府报告(?!文学) )
  | (?P<duty> (?:党建|落实.{{0,12}})?述[职廉德法学](?:[述、和]*[职廉德法学])*(?:工作)?(?:报告|总结|材料|评议)? | 履职(?:情况)?(?:工作)?(?:报告
      |总结|述职|汇报) )
    # the yearly report that the rule-of-law outline asks of every government; 法治建设 alone is one matter of many
  | (?P<lawgov> (?:法治政府|依法行政)(?:建设)?[^、和及与暨]{{0,12}}?(?:报告|总结|情况|小结|汇报|年报)(?!会) )
    # the yearly report that the disclosure regulations ask for
  | (?P<disclosure> 信息公开(?!指南|目录|制度|条例|规定|办法)[^、和及与暨]{{0,14}}?(?:报告|总结|年报|情况|小结|报表)(?!会) | 政府信息(?:工作)?年度报告
      | 政务公开[^、和及与暨]{{0,8}}(?:报告|年报) )
    # looks back at a plan: 重点工作完成情况, 计划执行情况
  | (?P<done> (?:工作|重点|目标|主要)?(?:计划|要点|任务|目标|工作|预算|规划|方案|报告|事项|项目|实事|部署|决算)(?:任务
      |目标)?(?:的)?{_MADE}(?:的)?(?:情况|进度|进展)(?:的)?(?:总结|报告|汇报|通报)? )
  | (?P<review> (?:工作)?(?:情况)?(?:自我)?(?:总结|小结|回顾)(?:报告|汇报|材料|要点)? | (?:工作|主要)(?:亮点|成效|成绩) | 年度(?:工作)?报告
      | 年报(?!表) )
  | (?P<plan> (?:工作)?(?:安排|实施|工作)意见 | (?:计划|预算)草案 | (?:工作)?(?:预)?(?:要点|打算|思路|谋划|设想|展望) | (?:工作)?计划(?!生育|单列
      |管理|经济|执行)(?:书|表|草案)?
            | (?:工作)?(?:方案|安排)(?:部署)? | (?:工作)?规划(?!局|和(?:自然|国土|建设)|院|馆|展|建设|分局|国土|处|委|办|与|资源)(?:纲要)?
            | (?:工作重点|重点(?:工作|任务|事项)|重点项目(?=安排|清单|分解|分工|计划))(?:任务)?(?:分解|清单|安排|分工)?(?!总结|小结|回顾|完成|进展|推进|落实
                |汇报|情况)(?!督查|人员|企业|行业|领域)
            | (?:工作|目标|奋斗)(?:任务|目标|清单)(?:任务)?(?:分解|清单|分工)?(?!责任书|管理|考核) | 目标任务
            | 工作(?:举措|措施|部署)(?!会) | (?:任务|责任)(?:分解|分工|清单) | 部署安排 )
  | (?P<account> (?:工作)?(?:完成|开展|进展|推进|落实|执行|实施)?(?:情况)?(?:的)?(?:工作)?(?:汇报|报告)(?:材料|稿)? | (?:完成|开展|进展|推进|落实
      |执行|实施|工作|整改)(?:的)?情况 | 情况(?=$|[及和与暨、的(]) )
    # 2022年工作及2023年计划: the review is the bare word 工作
  | (?P<bare> 工作(?=(?:以?及|和|与|暨|、|\+)[^、和及与]{{0,12}}(?:计划|打算|要点|思路|安排|谋划|重点|设想)) )
  | (?P<join> 以?及|和|与|暨|、|并|\+|/|；|; )
    """,
    re.VERBOSE,
)

_AS = {"done": "account", "bare": "review"}

# What the whole document is, where that is not a report: the title's last word, before a bracket or a number.
_OTHER_HEAD = re.compile(
    r"""(?:通知|通告|讲话|发言|致辞|主持词|部署稿|讲稿|演讲|办法|细则|规则|规定|决定|公告|公示|责任[书状]|批复|的函|函|简报|名单|条例
    |制度|指南|目录|纪要|请示|答复|倡议书?|承诺书|考核表|评分表|解读|说明|名词解释|决议|心得(?:体会)?|体会|感想|读后感|观后感|侧记|综述
    |(?<!安排)(?<!实施)(?<!工作)意见(?:建议)?|建议|评价报告|评价|自评报告|自评|公报|白皮书|审计报告|调查报告|调研报告|通报|招标|采购|预案|新闻|一览表|统计表|报表|启事
        |聘任|任免|草案的?报告的?审查.{0,6})
    (?:稿|摘要|全文|摘编)?(?:[(\[【〔].{0,20})?[\d.。!！]*(?:docx?|pdf|wps|txt|ppt)?$""",
    re.VERBOSE,
)
# These name an action of the day, so the title is news whatever else it holds.
_OTHER_ANYWHERE = re.compile(
    r"""一图读懂|图解|名词解释|(?:学习|讨论|审议|解读|宣讲|传达|听取).{0,8}政府工作报告|报送.{0,30}的?(?:通知|函)|征求.{0,20}意见的|安排部署(?!情况)|(?:推进|做好|抓好|扎实|聚焦|谋划|部署|安排|启动|扎实开展)(?!.{0,30}(?:情况|总结|报告|方案|要点|计划|意见|清单|分解))[^、和及与]{0,12}(?:工作|任务)$|(?:开展|做好|组织|扎实).{0,24}(?:通知|函)""",
    re.VERBOSE,
)
_MEETING = re.compile(
    r"""(?:召开|举行|举办|主持(?!词)|出席|参加)(?!.{0,24}(?:情况|报告|汇报)$)
    |(?:总结|表彰|动员|推进|部署|工作|座谈|协调|调度|例|全体|专题|述职|述评|评议|交流|研讨|现场|视频|电视电话|茶话|联席|办公|常务)
     (?:暨[^会]{0,16})?(?:大会|会议?)(?:议程|方案|成功|胜利|圆满|顺利|\(.{0,16})?$
    |总结.{0,16}(?:大会|会议|会)$ | 大会$ | 会议$""",
    re.VERBOSE,
)
_COMPILATION = re.compile(
    r"""[\d一二三四五六七八九十百两多几]+篇(?!幅|章|文章)|(?:总结|报告|计划|范文|要点|材料|方案|合同|模板|公文|文稿|讲话稿)(?:模板|范文|精选)?(?:大全|集锦|锦集|合集
    |集合|汇编|汇总|集)(?!团)
    |篇[一二三1](?![\d年])|[(（](?:精选|热门|通用|合集|汇编|集合|集锦|锦集|必备|推荐)[)）]""",
    re.VERBOSE,
)
# 关于印发《…》的通知 and the like carry the document itself.
_CARRIER = re.compile(
    r"""(?:印发|下发|下达|转发|发布|公布|公开|批转|上报|报送|呈报|提请审议|提请审查|报审)(?:了)?(?P<inner>.+?)(?:的(?:通知|函|公告|报告|通告|议案|请示|批复))(?:[(\[【〔].{0,20})?$""",
    re.VERBOSE,
)
_SENDS_IN = re.compile(r"(?:报送|上报)$")


def words(text: str) -> Iterator[Word]:
    """Naming words of a title without spaces, in reading order."""
    for match in _WORD.finditer(text):
        kind = match.lastgroup or ""
        if kind == "cited":
            continue
        yield Word(_AS.get(kind, kind), *match.span())  # type: ignore[arg-type]


def has_other_head(text: str) -> bool:
    """True where the title's last word names no report: 通知, 讲话, 责任书 …"""
    return _OTHER_HEAD.search(text) is not None


def is_about_a_report(text: str) -> bool:
    """True for news and notes on a report: 一图读懂政府工作报告, 安排部署明年工作."""
    return _OTHER_ANYWHERE.search(text) is not None


def meeting(text: str) -> re.Match[str] | None:
    """The words that make the title one of a meeting."""
    return _MEETING.search(text)


def compilation(text: str) -> re.Match[str] | None:
    """The words that say that the page holds several model texts."""
    return _COMPILATION.search(text)


def carried(text: str) -> tuple[int, int] | None:
    """Span of the document that a covering note carries: 关于印发《…》的通知.

    >>> text = "关于印发《某集团2012年工作总结》的通知"
    >>> start, end = carried(text)
    >>> text[start:end]
    '某集团2012年工作总结'
    """
    match = _CARRIER.search(text)
    if match is None:
        return None
    # 关于报送2022年工作总结的通知 asks for reports; only the 报告 that sends one in carries it.
    if text[match.start()] in "报上" and match[0].rstrip(")）]】〕").endswith(("通知", "函")):
        return None
    start, end = match.span("inner")
    opened = text.find("《", start, end)
    if opened >= 0:
        closed = text.rfind("》", opened, end)
        return opened + 1, closed if closed > opened else end
    return start, end
