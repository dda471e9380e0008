"""Which elements of a page are never read, which are chrome by name, and how much text each one holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

NEVER_READ = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "select",
        "option",
        "button",
        "textarea",
        "input",
        "svg",
        "canvas",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "head",
        "map",
    ]
)

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "td",
        "th",
        "ul",
        "ucapcontent",
    ]
)

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

# Class names that style sheets of the field use for "not shown": AngularJS, Bootstrap, layui, hand-made.
_HIDDEN_NAMES = frozenset(
    ("nghide", "hide", "hidden", "displaynone", "dnone", "layuihide", "none", "vhidden")
)
_HIDDEN_HINT = re.compile(r"hid|none", re.IGNORECASE)  # saves taking most class names apart

# Names that templates give to what stands around a text. Compared with whole tokens of class and id, lower
# case and without - and _ , so that "TRS_Editor" is never taken for "editor".
_CHROME_NAME = re.compile(
    r"""
    (?:bd|b|news|social|article|content|page)?share(?:box|bar|btn|list|wrap|con|div)? | jiathis\w* | bshare\w* | bdsharebuttonbox
    | fenxiang | (?:page|art)?print(?:er|btn|page)? | dayin | (?:win)?close(?:btn|win|page)? | guanbi
    | crumbs? | breadcrumbs? | bread | mianbaoxie | (?:cur(?:rent)?)?(?:position|location)(?:bar)? | dqwz | weizhi
    | (?:top|main|sub|left|site|head)?nav(?:bar|igation|list|menu)? | (?:top|main|left|side)menu | header? | top | topbar
    | foot(?:er)?(?:bar|box|nav|info)? | copyright\w* | banquan
    | relat(?:ed|e|ion)\w* | xgyd | xgxx | xgwz | xgnews | xglj | xgwj | recommend\w* | tuijian | guess\w* | hotnews | hotlist | hot
    | side(?:bar|nav|box)? | aside | comments? | pinglun | (?:next|prev)(?:page|article|news)? | prevnext | sxp | shangxia
    | pages?(?:bar|nav|num|list)? | pagination | pager | fenye | ewm | (?:qr|wx)code\w* | erweima | weixin | wechat | scan
    | tool(?:s|bar|box)? | font(?:size|tool|btn|set) | zihao | (?:ad|ads|adv|advert|guanggao|gg)(?:box|\d+)? | banner\d?
    | (?:zr|ze)?bianji | editor(?:name)? | zerenbianji | disclaimer | mianze | statement | shengming | gotop | backtop | totop
    | jiucuo | favorite | shoucang | report | jubao | login | search(?:box|bar)? | tags? | biaoqian | dialog | toast | popup | modal
    """,
    re.VERBOSE,
)
_SENTENCE_MARK = re.compile(r"[,;!?，。；！？：、]")  # no ASCII colon: clock times are not sentences
# Sentences that every page of a site repeats under its texts; they weigh nothing.
_NOTICE = re.compile(
    r"版权|免责|转载|凡本|本站|本网|ICP|备案|copyright|浏览器|分辨率|举报|扫一扫|关注.{0,6}公众号",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Weight:
    """What an element holds, itself and below: characters outside links, in links, and in sentences.

    With the texts of its own, since to ask the tree for them costs as much as to read them.
    """

    plain: int
    linked: int
    prose: float
    n_links: int
    is_linked: bool  # it is a link, or stands in one
    text: str | None  # before what stands in it
    tail: str | None  # behind it
    texts: list[str]  # its text and the tails of what stands in it

    @property
    def total(self) -> int:
        """All visible characters."""
        return self.plain + self.linked


def id_and_classes(element: HtmlElement) -> str:
    """The id and the classes of an element in one string, as they stand, or "": what `names` takes apart."""
    name, classes = element.get("id"), element.get("class")
    return f"{name or ''} {classes or ''}"[:300] if name or classes else ""


@lru_cache(maxsize=4096)  # the elements of a site bear the same few hundred names on every page
def names(both: str) -> tuple[str, ...]:
    """What stands in `id_and_classes`, each lower case, without - and _.

    >>> names("vsb_content TRS_Editor wp-content")
    ('vsbcontent', 'trseditor', 'wpcontent')
    """
    return tuple(token.replace("_", "").replace("-", "").lower() for token in both.split())


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element's own attributes keep it from the reader's eye."""
    style = element.get("style")
    if style and _hides(style):
        return True
    if element.get("hidden") is not None:
        return True
    classes = element.get("class")
    return (
        classes is not None
        and _HIDDEN_HINT.search(classes) is not None
        and not _HIDDEN_NAMES.isdisjoint(names(id_and_classes(element)))
    )


def _hides(style: str) -> bool:
    lowered = style.lower()  # plain searches first: the styles of a word processor are long
    return ("none" in lowered or "dden" in lowered) and _HIDDEN_STYLE.search(style) is not None


def reveal(root: HtmlElement) -> None:
    """Take away what hides elements: some pages hide the text until a script shows it."""
    for element in root.iter():
        if isinstance(element.tag, str) and is_hidden(element):
            for name in ("style", "hidden", "class"):
                element.attrib.pop(name, None)


def is_unread(element: HtmlElement) -> bool:
    """Whether nothing below the element is text for a reader (scripts, form fields, hidden copies)."""
    return not isinstance(element.tag, str) or element.tag in NEVER_READ or is_hidden(element)


def is_chrome_name(element: HtmlElement) -> bool:
    """Whether the template calls the element something that stands around a text, not in it."""
    if element.tag in ("nav", "footer", "aside"):
        return True
    both = id_and_classes(element)
    return bool(both) and _is_chrome(both)


@lru_cache(maxsize=4096)
def _is_chrome(both: str) -> bool:
    return any(_CHROME_NAME.fullmatch(name) for name in names(both))


def weigh(root: HtmlElement) -> dict[HtmlElement, Weight]:
    """The weight of every element that a reader sees, in document order, parents first."""
    seen: dict[HtmlElement, Weight] = {}
    above: list[Weight | None] = []
    for element in root.iter():
        parent, tail = None, None
        if element is not root:
            parent = seen.get(element.getparent())
            if parent is None:  # below something that is not read
                continue
            tail = element.tail
            if tail:
                parent.texts.append(tail)
            if is_unread(element):
                continue
        is_link = element.tag == "a"
        text = element.text
        is_linked = is_link or (parent is not None and parent.is_linked)
        seen[element] = Weight(0, 0, 0.0, int(is_link), is_linked, text, tail, [text] if text else [])
        above.append(parent)
    for weight, parent in zip(reversed(seen.values()), reversed(above), strict=True):
        for text in weight.texts:
            _add_text(weight, text, weight.is_linked)
        if parent is not None:
            _add_weight(parent, weight)
    return seen


def _add_text(weight: Weight, text: str, is_linked: bool) -> None:
    n = len("".join(text.split()))
    if not n:
        return
    if is_linked:
        weight.linked += n
        return
    weight.plain += n
    # Sentences carry punctuation or run on; menus, dates and table cells do neither.
    if n < 300 and _NOTICE.search(text):
        return
    weight.prose += n if n >= 25 or _SENTENCE_MARK.search(text) else 0.3 * n


def _add_weight(above: Weight, below: Weight) -> None:
    above.plain += below.plain
    above.linked += below.linked
    above.prose += below.prose
    above.n_links += below.n_links
