"""The work-report lexicon: whether the title of a list row promises a work report, and if not, why not."""

from __future__ import annotations

import re
import unicodedata

# Traditional forms of the lexicon's own characters; titles of sharing sites come in both scripts.
_SIMPLIFIED = str.maketrans(
    "總結計劃報匯彙職點設會議開學習聽審議縣鎮區環專題討論務責顧發條讀圖廳辦縣單",
    "总结计划报汇汇职点设会议开学习听审议县镇区环专题讨论务责顾发条读图厅办县单",
)

# 《…》 or 关于印发…的通知: the document that a notice carries is what counts.
_CARRIES = re.compile(r"(?:印发|转发|批转|下发|公布|发布|公开)(?P<inner>.+?)(?:的)?(?:通知|公告|通报|函)\W*$")

# Words that name a work report or a plan. A title needs one of them.
_REPORT = re.compile(
    r"""
    政府(?:的)?(?:工作)?报告                                        # 政府工作报告
    | 情况.{0,6}(?:的)?(?:报告|汇报|总结|汇总)                      # 工作情况的报告
    | (?:工作|任务|实事|责任|目标).{0,6}(?:完成|推进|进展|落实|开展)情况  # 重点工作完成情况
    | 自查报告 | 关于.{2,60}的报告
    | 工作.{0,8}(?:报告|汇报|总结|小结|回顾)                        # 工作年度报告, 工作开展情况汇报
    | (?:年|月|季度|年度)工作(?:开展|完成|进展)?情况                # 2022年工作情况与2023年工作谋划
    | 总结(?:报告|材料|汇报|范文|[及和暨与、以])?                   # 年终总结, 总结及计划
    | (?:工作|年度|季度|月度|党建|创建|部门).{0,6}(?:计划|打算|思路|要点|安排|谋划|设想|规划要点)
    | 下步(?:工作)?(?:打算|计划|安排|思路) | 下半年(?:工作)?(?:打算|计划|安排|思路|谋划)
    | (?:工作|重点)任务(?:分解|清单|安排) | 重点工作(?:安排|计划|任务)
    | 计划执行情况.{0,30}报告                                       # 国民经济和社会发展计划执行情况…的报告
    | 述(?:职|廉|责|法|学|德|效|党建|安)[述职廉责法学德效党建安和与、]{0,10}(?:报告|汇报|材料) | 述职 | 履职报告
    | 法治政府建设.{0,8}(?:报告|总结|汇报) | (?:信息|政务)公开.{0,8}(?:报告|年报|总结)
    | (?:工作|发展)(?:的)?回顾 | 小结$ | (?:年终|年度|半年|季度)(?:工作)?汇报
    """,
    re.VERBOSE,
)

# What a title is instead. Asked in this order; the first that matches is the reason. `about` comes before `meeting`
# because an exegesis of a report often names the meeting too.
_INSTEAD = (
    (
        "recruitment or tender",
        re.compile(r"招聘|招录|招考|聘用公告|招标|中标|采购|竞价|比选|拍卖|成交公告|询价"),
    ),
    (
        "how-to",
        re.compile(
            r"怎么写|如何写|怎样写|写法|写作(?:技巧|方法|指导|要求)|格式要求|注意事项|(?i:ppt)|模板下载|封面|封皮|图片"
        ),
    ),
    (
        "study notes",
        re.compile(
            r"知识点|考点|复习|公式|错题|单词|语法|方程式|必背|题型|解题|试题|答案|期[中末]考试|高考|中考|作文|读后感|观后感"
        ),
    ),
    ("essay", re.compile(r"心得|体会|感想|感悟|随笔|经验(?:交流|分享)")),
    (
        "about a report",
        re.compile(
            r"解读|图解|读懂|图说|看点|金句|关键词|名词解释|热议|热词|速览|划重点|问答|评论员|反响|起草(?:组|工作)|征求.{0,12}意见"
            r"|意见(?:建议)?(?:征集|的?公告)|建议征集|学习(?:贯彻|宣传|传达)?.{0,12}(?:报告|精神)|传达(?:学习)?|宣讲|辅导|诞生记|亮点解析|丨"
        ),
    ),
    ("speech", re.compile(r"讲话|发言|主持词|致辞|部署稿|开幕词|闭幕词|演讲|访谈|专访|表态")),
    (
        "meeting news",
        re.compile(
            r"""
            (?:总结|表彰|述职|汇报|部署|动员|推进|座谈|协调|评审|调度|研讨|常务|党组|碰头|办公|现场|民主生活|组织生活|测评|评议|评选|交流|启动|通报)
              (?:暨|及|和|与|、)?[^，,。:：]{0,14}(?<!委员)会(?!上|期|代表)      # 总结暨表彰大会, 述职评议会; no 常务委员会
            | (?:召开|举行|举办|主持|出席|参加|列席|听取|审议|审阅|部署|观摩|督导|考察|检查指导|莅临|赴)(?:.{0,40}(?:会|议|报告|总结|工作|活动)|$)
            | (?:圆满|顺利|正式)(?:召开|完成|结束|落幕|举行|启动)
            | (?:开幕|闭幕|闭会)(?!词) | (?<!所)作(?:了)?(?:政府)?工作报告
            | 会议(?:纪要|通知|召开|议程|决议) | 会$ | 大会$
            """,
            re.VERBOSE,
        ),
    ),
    (
        "another kind of document",
        re.compile(
            r"招生.{0,8}计划|供应计划|(?:请求|申请|恳请).{0,40}报告|(?:审计|评估|评价|检测|检验|监测|鉴定|勘察|环评|可行性研究|可研|调查|调研|考察|自评|绩效|预算|决算|验收|统计|质量分析|尽职调查|"
            r"财务|验资|研究|事故|环境影响|资产评估|年检|体检|学术|实验|实习|开题)(?:[^，,及和暨与]{0,8})报告(?:表|书)?\W*$"
        ),
    ),
    (
        "decision or rule",
        re.compile(
            r"(?:决定|决议|批复|办法|规定|规则|制度|细则|条例|预案|责任书|责任状|名单|目录|指南|规程|标准|守则|协议|合同|方案)\W*$"
        ),
    ),
    ("notice", re.compile(r"(?:通知|公告|公示|通报|启事|倡议书|公开信|的函|意见)\W*$")),
    # A cut call for reports: 关于做好2024年工作总结和…
    (
        "notice",
        re.compile(
            r"^关于(?:认真|切实|进一步)?(?:做好|报送|上报|提交|撰写|编报|填报|征集|收集).*(?:…|\.{2,})$"
        ),
    ),
)

# These stand where a report itself is meant, whatever other words surround it.
_CERTAIN = re.compile(
    r"政府工作报告\W{0,3}(?:[（(].{2,40}[）)]|[—-].{2,60})?\W*$"
    r"|(?:会议?上(?:所?作)?的?|^)(?:政府)?工作报告\W*$"
    r"|任务分解表?\W*$"
)
_NEWS_OF_CERTAIN = re.compile(
    r"(?:听取|审议|讨论|学习|解读|图解|图说|开幕|(?<!所)作(?:了)?(?:政府)?工作报告|热议|读懂|征求|起草|贯彻|落实|传达|宣讲|通过|聚焦|点赞|关于.*修改)"
)
# 招标采购工作总结, 高考工作总结: work whose subject happens to be tenders or examinations.
_IS_ABOUT_WORK = re.compile(r"工作(?:总结|小结|计划|要点|报告|汇报|安排|思路|打算)|述职")
_SUBJECTS_OF_WORK = frozenset({"recruitment or tender", "study notes"})
_FILE_END = re.compile(r"\.(?:docx?|pdf|wps|ofd|txt|html?)$", re.IGNORECASE)
# A draft of a report is the report, not news about it.
_DRAFT = re.compile(r"[（(](?:征求意见稿|讨论稿|送审稿|审议稿|草案)[）)]")
_COUNTED = re.compile(r"[（(](?:[^（）()]{0,8}\d+\s*[篇份例][^（）()]{0,8}|\d{1,2}|20\d{6})[）)]\W*$")


def is_report_title(title: str) -> bool:
    """Whether a title promises a work report, plan, or report of office.

    >>> is_report_title("青石县卫生健康局2022年工作总结及2023年工作打算")
    True
    >>> is_report_title("青石县召开2022年度工作总结大会")
    False
    """
    return reason_filtered(title) is None


def reason_filtered(title: str) -> str | None:
    """Why a title is not asked for: None for a report, else a reason of a word or two for counting.

    >>> reason_filtered("关于报送2022年工作总结的通知"), reason_filtered("关于印发2023年工作要点的通知")
    ('notice', None)
    """
    bare = _normal(title)
    if not bare:
        return "no title"
    if carried := _CARRIES.search(bare):
        bare = carried["inner"].strip("《》〈〉 ")
    if _CERTAIN.search(bare) and not _NEWS_OF_CERTAIN.search(bare):
        return None
    if not _REPORT.search(bare):
        return "not a report word"
    allowed = _SUBJECTS_OF_WORK if _IS_ABOUT_WORK.search(bare) else frozenset()
    return next((reason for reason, form in _INSTEAD if reason not in allowed and form.search(bare)), None)


def _normal(title: str) -> str:
    """Half-width, simplified, without blanks, file endings, marks of a draft, and counts at the end (（精选8篇）)."""
    folded = "".join(unicodedata.normalize("NFKC", title[:300]).translate(_SIMPLIFIED).split())
    return _COUNTED.sub("", _DRAFT.sub("", _FILE_END.sub("", folded)))
