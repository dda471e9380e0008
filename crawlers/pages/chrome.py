"""Lines that belong to the page and not to the text: navigation, buttons, notices, related lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawlers.pages.lines import Line

# A whole line of these and nothing else is furniture, wherever it stands.
_FURNITURE = re.compile(
    r"""
    [\s\d【】\[\]（）()｜|·•>»《》/:：,，.…-]* (?: (?:
        (?:您|你)?(?:现在|目前|当前)?(?:所在)?(?:的)?位置 | 当前(?:位置|栏目)
      | (?:我要|在线|本页|文章|全文|页面)?(?:打印|复印)(?:此页|本页|文章|本文|页面|内容|正文|预览|文字|全文|此文)?
      | 关闭(?:窗口|本页|页面|此页|当前页|本窗口)? | (?:文字|文章|页面|网页)?(?:字体|字号)(?:大小|设置|选择)?
      | 默认 | 超大 | 特大 | 特小 | [大中小] | A[+-]? | T[|]? | 繁体?(?:版)? | 简体?(?:版)?
      | 分享(?:到|至|本文|文章|给好友)? | 微信(?:好友|朋友圈|扫一扫|分享)? | 微博 | QQ(?:空间|好友)? | 新浪微博 | 腾讯微博 | 人人网 | 朋友圈 | 更多(?:分享)?
      | 收藏(?:本文|本页|此页)? | 加入收藏 | 推荐(?:给朋友|本文)? | 我要(?:推荐|纠错|评论|留言|分享) | (?:网站|内容|在线|我要|页面)?纠错 | 举报 | 点赞 | 赞 | 顶 | 踩
      | 返回(?:顶部|首页|列表|上一页|上级|栏目)? | 回到?(?:顶部|首页) | TOP | 首\s*页 | 末页 | 尾页 | 上一页 | 下一页 | 下页 | 上页
      | 无障碍(?:阅读|浏览)? | 老年(?:模式|版) | 视力保护色?[:：]? | 双击(?:自动)?滚屏 | 语音(?:播报|朗读) | 听全文 | 朗读 | 阅读全文
      | 下载(?:本?文档|全文|word版|pdf版|文字版|图片版|Word) | 上传文档 | 点击(?:下载|收藏|复制|展开) | 复制(?:链接|全文|本文)? | 取消 | 确定 | 登录 | 注册
      | 相关(?:附件|文件)?下载 | 用微信扫一扫 | 扫码(?:阅读|分享|查看) | 保存 | 转发 | 评论 | 发表(?:评论)?
    ) [\s【】\[\]（）()｜|·•>»/:：,，.…!！?？0-9-]* )+
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Lines that begin like this are furniture unless they run on like a sentence.
_LABELLED = re.compile(
    r"""
    [\s【\[（(※*]* (?:
        (?:您|你)?(?:现在|目前|当前)?(?:所在)?的?位置\s*[:：>»] | 当前位置
      | (?:责任|本文|网站|栏目|值班)?编\s?辑\s*[:：] | (?:责任|文字)?(?:责编|校对|校核|审核|审签|核稿|终审|初审|复审|签发|录入|上传|发布)人?(?:员|者)?\s*[:：]
      | 文章(?:来源|录入|作者|类型)\s*[:：] | (?:信息|稿件|新闻)?来\s*源\s*[:：] | 作\s*者\s*[:：]
      | (?:发布|发表|更新|添加|录入|上传|公开|信息)?(?:时间|日期)\s*[:：]\s*(?:\d{4}|$)
      | (?:浏览|点击|阅读|访问|查看|点阅)(?:次数|人数|量|数|率)?\s*[:：]? \s*[\d(（次\[【]* | 人气\s*[:：] | 次浏览 | 已?(?:浏览|阅读)\d*次
      | (?:【|\[)?(?:上|下)一?(?:篇|条|则|个|页|文章|文档|主题)\s*(?:】|\])?\s*(?:[:：]|$) | (?:前|后)一(?:篇|条)\s*[:：]
      | (?:文章|文档|文本|关键|热门|本文)?(?:标签|关键[词字])(?:\(?tags?\)?)?\s*[:：] | tags?\s*[:：]
      | (?:本文|文章|原文|页面)(?:地址|链接|网址|出处)\s*[:：] | 转载(?:请|自|时|于) | 版权(?:所有|声明|说明) | copyright\b | ©
      | 免责(?:声明|条款) | 声明[:：] | 特别(?:声明|提示)[:：] | (?:网站|网)?(?:支持|备案)(?:号|单位|编号)?\s*[:：] | [\u4e00-\u9fa5]ICP(?:备|证)
      | 网站标识码 | [\u4e00-\u9fa5]公网安备 | (?:主办|承办|协办)(?:单位|方)?\s*[:：].{0,40}(?:备|电话|地址|标识码) | 技术支持\s*[:：]
      | (?:手机)?(?:微信|请)?(?:用|使用)?(?:手机|微信|APP)?扫(?:一扫|码|描)(?!行动) | 用手机(?:浏览|查看) | 在(?:手机|本机)上?(?:查看|浏览|打开) | 手机(?:扫|查看|浏览)
      | 分享(?:到|至)\s*[:：]? | 本页面?(?:已)?(?:被)?(?:浏览|访问) | 页面(?:更新|生成)时间
      | 解锁后?(?:支持|可|查看|下载) | 点击(?:下载|查看更多|阅读全文|展开全文) | (?:下载|收藏|上传者|格式|页数|大小)\s*[:：]
      | 想(?:要)?(?:阅读|参考|了解|看)更多 | 更多(?:相关|精彩|精品)?(?:内容|范文|文章|资讯|阅读).{0,20}(?:请|关注|点击|推荐|访问|尽在) | 欢迎(?:访问|关注|光临)
      | (?:网站)?首\s?页\s*[>»›|/] | (?:字体|字号)\s*[:：] | 浏览器 | 本文(?:共|档).{0,10}页
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# 正文 lines may begin with the same words; true furniture is short or holds no sentence.
_MAX_LABELLED = 120

# After one of these headings nothing of the text follows.
_TAIL = re.compile(
    r"""
    [\s【\[◆■▲●★>»|]* (?:
        (?:与此)?相关(?:阅读|链接|推荐|文章|新闻|信息|稿件|内容|资讯|专题|报道|文档|范文|热词|热门标签|标签|解读|政策|文件|附件下载|搜索|栏目|主题|资料)
      | 延伸阅读 | 拓展阅读 | 推荐(?:阅读|文章|信息|新闻|内容|范文|文档) | 热门(?:文章|推荐|新闻|范文|标签|阅读|文档|关注|搜索) | 热点(?:推荐|关注|新闻|排行) | 精品推荐 | 精彩推荐
      | 猜(?:你|您)喜欢 | (?:大家|网友|你可能|您可能|也许你).{0,4}(?:在看|感兴趣|喜欢|还?喜欢) | 最新(?:文章|发布|更新|新闻|信息|文档|动态)
      | 本(?:类|栏目?)(?:最新|热门|推荐|排行|文章) | 同类(?:文章|信息|文档)|友情链接 | 站内(?:搜索|导航) | 网友评论 | 发表评论 | 用户评论 | 文章评论 | 专题信息 | 上一篇 | 下一篇 | 上一条 | 下一条
    ) \s*[】\]]?\s* (?:[:：>»|].{0,30} | 更多.{0,10} | \(\d+\) | [:：])? \s*
    """,
    re.VERBOSE,
)
# The site's own notice in one line; a sentence, unlike other furniture.
_NOTICE_LINE = re.compile(r"[\s（(【\[※*]*(?:免责|版权|特别|郑重|法律|转载)(?:声明|说明|提示)\s*[:：】\]]")
MAX_NOTICE_LINE = 400
# What the last lines of every government site hold, in any order.
_IMPRINT = re.compile(
    r"网站标识码|ICP\s*(?:备|证)|公网安备|^\s*(?:单位|办公|联系|通讯)?地址[:：].{4,80}(?:技术支持|主办|版权|与我们联系)|建议使用.{0,20}(?:浏览器|分辨率)"
)
# A heading over the site's own notice; what follows is the notice, and no notice seen is longer.
_NOTICE_HEADING = re.compile(
    r"[\s【\[]*(?:版权(?:与|及|和|、)?)?(?:免责|版权|特别|郑重)(?:声明|说明|条款|提示)[】\]]?\s*[:：]?\s*"
)
MAX_NOTICE_CHARS = 1500


def is_furniture(text: str) -> bool:
    """Whether a line is page furniture.

    >>> is_furniture("【打印】【关闭窗口】"), is_furniture("责任编辑：赵某"), is_furniture("打印机采购工作总结")
    (True, True, False)
    >>> is_furniture("当前位置：首页 > 信息公开"), is_furniture("来源渠道不断拓宽，全年新增岗位三百个。")
    (True, False)
    """
    if len(text) <= 80 and _FURNITURE.fullmatch(text):
        return True
    if len(text) <= MAX_NOTICE_LINE and (_NOTICE_LINE.match(text) or _IMPRINT.search(text)):
        return True
    return len(text) <= _MAX_LABELLED and not text.endswith("。") and is_furniture_start(text)


def is_furniture_start(text: str) -> bool:
    """Whether a line begins with a label that only furniture has."""
    return _LABELLED.match(text) is not None


# Words that only the line under a title holds: when, from where, how often read, in which letter size.
_META_WORD = re.compile(
    r"(?:发布|发表|更新|添加|公开|上传)?(?:时间|日期)\s*[:：]|来\s*源\s*[:：]|作\s*者\s*[:：]|浏览(?:次数|量)?\s*[:：(（]|点击(?:次数|量|数)?\s*[:：]"
    r"|阅读(?:次数|量)?\s*[:：(（\d]|字体\s*[:：]|字号\s*[:：]|访问量?\s*[:：]|发布\s*[:：]|编辑\s*[:：]|【字体|\[字体|(?:19|20)\d\d-\d{1,2}-\d{1,2} \d{1,2}:\d\d"
)


def is_meta_line(text: str) -> bool:
    """Whether a line states date, source or reading figures of the page, as under a title.

    >>> is_meta_line("发布时间：2018-05-04 来源：某局"), is_meta_line("时间：7月1日上午在礼堂开会。")
    (True, False)
    """
    if len(text) > 160 or text.endswith("。"):
        return False
    n_words = sum(1 for _ in _META_WORD.finditer(text))
    return n_words >= 2 or (n_words == 1 and is_furniture_start(text))


def is_tail_heading(text: str) -> bool:
    """Whether a line opens what follows a text: related reading, comments, the next article.

    >>> is_tail_heading("相关阅读："), is_tail_heading("相关文件要求落实到位。")
    (True, False)
    """
    return len(text) <= 60 and _TAIL.fullmatch(text) is not None


def without_chrome(lines: Sequence[Line]) -> list[Line]:
    """The lines of a body without furniture, and without what follows a tail heading."""
    end = _tail_start(lines)
    kept = [line for line in lines[:end] if not is_furniture(line.text)]
    while kept and _is_loose_link(kept[-1]):
        kept.pop()
    return kept


def _tail_start(lines: Sequence[Line]) -> int:
    for index, line in enumerate(lines):
        if is_tail_heading(line.text) and _is_mostly_links(lines[index + 1 :]):
            return index
        if index and _NOTICE_HEADING.fullmatch(line.text) and _n_chars(lines[index:]) <= MAX_NOTICE_CHARS:
            return index
    return len(lines)


def _n_chars(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _is_mostly_links(lines: Sequence[Line]) -> bool:
    rest = [line for line in lines if not is_furniture(line.text)]
    n_chars = sum(len(line.text) for line in rest)
    n_linked = sum(line.n_linked for line in rest)
    n_sentences = sum(line.text.endswith(("。", "！", "；")) and not line.is_linked for line in rest)
    return n_linked * 2 >= n_chars or n_sentences * 4 < len(rest)


_FILE_NAME = re.compile(
    r"附件|附表|附图|\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|pptx?|txt|jpg|png)\b|《.+》", re.IGNORECASE
)


def names_file(text: str) -> bool:
    """Whether a line is the caption of an attachment.

    >>> names_file("附件：任务分解表.xlsx"), names_file("更多新闻")
    (True, False)
    """
    return _FILE_NAME.search(text) is not None


def _is_loose_link(line: Line) -> bool:
    """A last line that is nothing but links, unless it names an attachment."""
    return line.n_linked >= len(line.text) * 0.9 and not names_file(line.text)
