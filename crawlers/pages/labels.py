"""Metadata that a page states beside its text: "label: value" in tables, lists and lines, and <meta> tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from lxml.html import HtmlElement

from crawlers.pages.lines import Line, clean

# field name -> the labels that sites use for it (国办发〔2017〕47号 and the 政府信息公开 catalogue, with variants)
LABELS: dict[str, tuple[str, ...]] = {
    "index_no": ("索引号", "索引编号", "信息索引号", "索引码"),
    "doc_no": ("发文字号", "文号", "公文文号", "文件编号", "发布文号", "发文文号", "文件号", "公文字号", "文书号"),
    "publisher": (
        "发布机构", "发文机关", "发文单位", "发布单位", "发布机关", "制发单位", "制发机关", "公开机构", "公开单位", "公开主体",
        "信息公开机构", "责任单位", "责任部门", "发布部门", "发文机构", "发文部门", "信息来源单位", "办文部门", "内容来源单位", "供稿单位",
    ),
    "source_line": ("来源", "信息来源", "文章来源", "稿件来源", "新闻来源", "稿源", "出处", "内容来源"),
    "published_on": (
        "发布日期", "发布时间", "公开日期", "公开时间", "信息公开日期", "发表时间", "发表日期", "发布于", "上网时间", "上网日期", "上传时间",
        "上传日期", "添加时间", "录入时间", "登载日期", "刊登日期", "时间", "日期", "发布", "更新时间", "更新日期", "公布日期", "更新",
    ),
    "written_on": ("成文日期", "成文时间", "发文日期", "发文时间", "生成日期", "生成时间", "制发日期", "印发日期", "签发日期", "产生日期", "形成日期", "印发时间"),
    "title": ("名称", "标题", "信息名称", "公文名称", "文件名称", "信息标题", "文件标题"),
    "category": ("分类", "主题分类", "信息分类", "组配分类", "公文种类", "信息类别", "主题类别", "所属分类", "类别", "体裁分类", "文件分类"),
    "validity": ("效力状态", "有效性", "时效性", "时效", "效力", "信息状态", "文件状态", "是否有效"),
    "keywords": ("主题词", "关键词", "关键字"),
    "site_id_code": ("网站标识码", "标识码"),
    "column_name": ("栏目", "所属栏目", "栏目名称"),
    # Known and not kept, so that they end a value and are not counted as unknown.
    "": (
        "作者", "编辑", "责任编辑", "责编", "浏览次数", "浏览量", "浏览", "点击量", "点击数", "点击次数", "点击", "阅读次数", "阅读量", "阅读", "访问量",
        "访问次数", "人气", "字体", "字号", "字体大小", "体裁", "审核", "审核人", "分享到", "分享", "打印", "公开方式", "公开范围", "公开形式", "公开属性",
        "公开类别", "公开时限", "生效日期", "实施日期", "失效日期", "废止日期", "施行日期", "终止日期", "内容概述", "信息内容概述", "摘要", "信息格式",
        "语种", "文章类型", "视力保护色", "下载", "下载次数", "收藏", "页数", "格式", "大小", "上传者", "所属主题", "附件", "供稿", "记者", "通讯员",
        "文章录入", "评论", "评论数", "收录时间", "截止日期", "截止时间", "来源地址", "载体类型", "记录形式", "有效期", "编号", "发布人", "录入者",
        "服务对象", "公开程序", "公开责任部门", "文件登记号", "统一登记号", "统一编号", "规范性文件编号", "登记号", "主题", "主题导航", "联系电话", "撰稿",
    ),
}  # fmt: skip

_FIELD_OF = {label: name for name, labels in LABELS.items() for label in labels}
_SPACED = r"[ \u3000]*"
# Labels are stretched with spaces to equal width ("文　　号"); longest first, so that 发布 never hides 发布日期.
_LONGEST_FIRST = sorted(_FIELD_OF, key=len, reverse=True)
_ANY_LABEL = "|".join(_SPACED.join(label) for label in _LONGEST_FIRST)
_LONG_LABEL = "|".join(_SPACED.join(label) for label in _LONGEST_FIRST if len(label) >= 4)
# A label of two characters must stand apart ("本局来源：" is no label); one of four may follow a value directly.
_LABEL_IN_LINE = re.compile(
    rf"(?=[\[【(（{''.join(sorted({label[0] for label in _FIELD_OF}))}])"  # most places are passed over by one look
    rf"(?:(?<![\u4e00-\u9fa5A-Za-z])[\[【(（]?(?P<any>{_ANY_LABEL})|(?P<long>{_LONG_LABEL}))"
    rf"[\]】]?{_SPACED}(?:[:：]|(?<=[\]】]))"
)
_LABEL_ALONE = re.compile(rf"[\[【]?({_ANY_LABEL})[\]】]?{_SPACED}[:：]?")
# What the labels begin with, and the brackets before them: a line that begins otherwise is no label alone.
_BEGINS = frozenset(label[0] for label in _FIELD_OF)
_BEGINS_ALONE = _BEGINS | {"[", "【"}
_LABEL_SPACED = re.compile(rf"({_ANY_LABEL})[ \u3000]+(\S.*)")
# Without one of these signs the patterns above cannot match; most lines have none, and looking is cheap.
_LABEL_SIGNS, _BLANKS = re.compile("[:：\\]】]"), re.compile("[ \u3000]")
_UNKNOWN_LABEL = re.compile(r"([\u4e00-\u9fa5]{2,8})[:：]?")

MAX_LABEL_LINE = 400  # a line of metadata with every field in it; longer lines are text
MAX_UNKNOWN = 20


class Labels:
    """The stated fields of one page: the first value that a field was given, and where it came from."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.origins: dict[str, str] = {}
        self.unknown: list[str] = []

    def add(self, label: str, value: str, place: str) -> None:
        """Keep a value under its label's field unless the field has one."""
        name = _FIELD_OF.get(_squeeze(label), "")
        value = _without_buttons(value)
        if name and value and name not in self.values:
            self.values[name] = value
            self.origins[name] = f"{place}:{_squeeze(label)}"

    def add_missing(self, other: Labels) -> None:
        """Take over the fields that are stated only there."""
        for name, value in other.values.items():
            if name not in self.values:
                self.values[name], self.origins[name] = value, other.origins[name]
        self.unknown.extend(other.unknown)


def _squeeze(label: str) -> str:
    return re.sub(r"[\s\u3000]", "", label)


# What follows a value on the same line without a label of its own.
_BUTTONS = re.compile(
    r"[ |【\[（(]*(?:字体|字号|浏览|点击|打印|分享|大 中 小|【|\[\s*大|视力|关闭|我要|收藏|我要|T[|]T|A\+|扫一扫|下载\d|阅读).*$|[|·\-—\s]+$"
)


def _without_buttons(value: str) -> str:
    value = _BUTTONS.sub("", value.strip(" |　:：")).strip(" |　:：")
    return (
        value.removesuffix("】").removesuffix("]").strip()
        if value.count("]") > value.count("[") or value.count("】") > value.count("【")
        else value
    )


def read_labels(lines: Sequence[Line]) -> Labels:
    """The labelled values of lines outside the body."""
    found = Labels()
    pending: str | None = None
    for line in lines:
        if line.cells:
            _read_cells(line.cells, found)
            pending = None
            continue
        if (
            pending is not None
            and not _LABEL_ALONE.fullmatch(line.text)
            and not _LABEL_IN_LINE.match(line.text)
        ):
            found.add(pending, line.text[:200], "list")
            pending = None
            continue
        pending = _read_line(line.text, found)
    return found


def _read_line(text: str, found: Labels) -> str | None:
    """Read one line; the label is returned when its value must be on the next line (dt/dd, div/div)."""
    if len(text) > MAX_LABEL_LINE:
        return None
    alone = _LABEL_ALONE.fullmatch(text) if text[:1] in _BEGINS_ALONE else None
    if alone:
        return alone.group(1)
    matches = list(_LABEL_IN_LINE.finditer(text)) if _LABEL_SIGNS.search(text) else []
    for match, after in zip_longest(matches, matches[1:]):
        end = after.start() if after else len(text)
        found.add(match["any"] or match["long"], text[match.end() : end], "label")
    if not matches and text[:1] in _BEGINS and _BLANKS.search(text) and (spaced := _LABEL_SPACED.match(text)):
        found.add(spaced.group(1), spaced.group(2), "label")
    return None


def _read_cells(cells: Sequence[str], found: Labels) -> None:
    index = 0
    while index < len(cells):
        cell = cells[index]
        alone = _LABEL_ALONE.fullmatch(cell) if len(cell) <= 30 else None
        if alone and index + 1 < len(cells):
            following = cells[index + 1]
            if not _LABEL_ALONE.fullmatch(following):
                found.add(alone.group(1), following, "table")
                index += 2
                continue
        elif not alone and cell:
            _read_unlabelled_cell(cell, index, cells, found)
        index += 1


def _read_unlabelled_cell(cell: str, index: int, cells: Sequence[str], found: Labels) -> None:
    _read_line(cell, found)
    is_label_like = _UNKNOWN_LABEL.fullmatch(cell) and cell.endswith((":", "："))
    if is_label_like and index + 1 < len(cells) and len(found.unknown) < MAX_UNKNOWN:
        found.unknown.append(cell.rstrip(":："))


# Names as in 国办发〔2017〕47号 and those that systems write beside them; compared in lower case.
META_FIELDS = {
    "articletitle": "title",
    "pubdate": "published_on",
    "publishdate": "published_on",
    "article:published_time": "published_on",
    "og:release_date": "published_on",
    "contentsource": "source_line",
    "source": "source_line",
    "keywords": "keywords",
    "siteidcode": "site_id_code",
    "sitename": "site_name",
    "columnname": "column_name",
    "og:title": "og_title",
    "indexnumber": "index_no",
    "filenum": "doc_no",
    "documentnumber": "doc_no",
}


def read_meta(elements: Iterable[HtmlElement]) -> dict[str, tuple[str, str]]:
    """Field -> (value, name of the tag), from <meta> elements in any case and order; empty values are left out."""
    found: dict[str, tuple[str, str]] = {}
    for element in elements:
        name = (element.get("name") or element.get("property") or "").strip()
        field = META_FIELDS.get(name.lower())
        value = clean(re.sub(r"<[^>]{0,50}>", " ", element.get("content") or ""))[:400]
        if field and value and field not in found:
            found[field] = (value, name)
    return found
