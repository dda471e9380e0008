"""Attachments are read by what they are, each in a child of its own; a hostile file ends in a note."""

import io
import json
import random
import signal
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Page
from crawlers.pages.attachments import read_attachment
from crawlers.pages.attachments.child import read
from crawlers.pages.attachments.content import Content
from crawlers.pages.attachments.layout import PlacedLine, paragraphs
from crawlers.pages.attachments.reading import _answer, _environment
from crawlers.sample_sites.files.docx import docx
from crawlers.sample_sites.files.pdf import assembled, pdf

SAMPLES = Path(__file__).parent / "attachments"
REPORT = """\
松岭镇2022年第三季度工作总结
三季度，松岭镇紧扣全年目标任务，抓重点、补短板，各项工作有序推进。现将有关情况总结如下：
一、主要工作
完成固定资产投资3260万元，同比增长6.8%；新增经营主体42户，招引项目2个，到位资金1850万元，为全年目标的完成打下了坚实的基础。
（一）农业生产。早稻收购1260吨，改造高标准农田860亩，三个村的渠道清淤5.2公里全部完工，受益群众2100余人。
（二）民生保障。发放低保金46.3万元，走访慰问困难群众118户，改厕工作完成年度任务的87%。
二、下一步打算
围绕年底考核查漏补缺，抓好秋冬种和森林防火，确保全年任务如期完成。
指标 | 三季度 | 完成比例
固定资产投资 | 3260万元 | 76.4%
高标准农田 | 860亩 | 100%
改厕 | 261座 | 87.0%
松岭镇人民政府
2022年10月9日"""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def package(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def word(body: str, **parts: str) -> bytes:
    names = {f"word/{name}.xml": text for name, text in parts.items()}
    return package({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>", **names})


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for values in rows:
        book.active.append(values)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ofd(*objects: str) -> bytes:
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return package(
        {
            "OFD.xml": f"<ofd:OFD {ns}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f'<ofd:Document {ns}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {ns}><ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>",
        }
    )


def placed(text: str, left: float, top: float) -> str:
    return f'<ofd:TextObject Boundary="{left} {top} {5 * len(text)} 5" Size="5"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'


@pytest.mark.parametrize("name", ["report.doc", "report.docx", "report.pdf"])
def test_the_same_report_reads_the_same_in_every_format(name: str) -> None:
    content = read((SAMPLES / name).read_bytes())
    assert content == Content(name.rpartition(".")[2], REPORT)


def test_the_format_is_told_by_the_bytes_and_the_answer_names_the_file() -> None:
    body = (SAMPLES / "report.doc").read_bytes()
    found = read_attachment(Page("http://a.example/files/1.pdf", body), "附件：季度总结")
    assert (found.format, found.text, found.note) == ("doc", REPORT, "")
    assert (found.url, found.caption, found.n_bytes) == (
        "http://a.example/files/1.pdf",
        "附件：季度总结",
        len(body),
    )
    assert found.digest and len(found.digest) == 64
    assert read_attachment(Page("http://a.example/files/1.wps", body)).format == "wps"


def test_doc_rows_with_empty_cells_and_cells_of_several_lines() -> None:
    assert read((SAMPLES / "table.doc").read_bytes()).text == (
        "见链接文字之后。\n格00 格01 | 格02\n格10 | | 格12\n甲 乙 丙 | 格21 |\n表后文字。\n"
        "列表一\n列表二\n圆点\n末段，含㎡与“引号”、①、𠮷字和½。"
    )


def test_docx_numbers_of_a_style() -> None:
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt '
        'w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId '
        'w:val="0"/></w:num></w:numbering>'
    )
    styles = (
        f'<w:styles {W}><w:style w:styleId="a5"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        "</w:styles>"
    )
    paragraph = '<w:p><w:pPr><w:pStyle w:val="a5"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    body = paragraph.format("抓落实") + paragraph.format("强作风") + "<w:p><w:r><w:t>完毕</w:t></w:r></w:p>"
    assert read(word(body, numbering=numbering, styles=styles)).text == "3.抓落实\n4.强作风\n完毕"


def test_docx_numbers_tables_boxes_and_tracked_changes() -> None:
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>'
    )

    def heading(level: int, text: str) -> str:
        mark = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr>'
        return f"<w:p>{mark}<w:r><w:t>{text}</w:t></w:r></w:p>"

    body = (
        heading(0, "主要工作") + heading(1, "农业") + heading(1, "教育") + heading(0, "下一步打算") + heading(1, "防汛")
        + "<w:p><w:r><w:t>增长</w:t></w:r><w:del><w:r><w:t>5%</w:t></w:r></w:del><w:ins><w:r><w:t>6%</w:t></w:r></w:ins></w:p>"
        + "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>床位</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>8</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>张</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        + "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件内</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )  # fmt: skip
    assert read(word(body, numbering=numbering)).text == (
        "一、主要工作\n（一）农业\n（二）教育\n二、下一步打算\n（一）防汛\n增长6%\n床位 | 8 张\n控件内"
    )


def rtf() -> bytes:
    """Chinese as GBK escapes, as Word writes it, and as \\u numbers, as others do; a table; hidden groups."""
    gbk = "".join(f"\\'{byte:02x}" for byte in "工作总结".encode("gb18030"))
    units = struct.unpack("<9h", "各项任务完成𠮷！".encode("utf-16-le"))
    numbers = "".join(f"\\u{unit}?" for unit in units)
    return (
        r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}{\*\generator Nobody;}{\header \'d2\'b3}"
        rf"\pard {gbk}\par {numbers}98.5%\par"
        r"\trowd \'b4\'b2\cell 8\cell\row \trowd \'d2\'bd\cell 12\cell\row}"
    ).encode("ascii")


def test_rtf_escapes_tables_and_hidden_groups() -> None:
    assert read(rtf()) == Content("rtf", "工作总结\n各项任务完成𠮷！98.5%\n床 | 8\n医 | 12")


def test_xlsx_rows_and_values() -> None:
    rows: list[list[object]] = [
        ["指标", "2021年", "2020年"],
        ["床位数", 7.12, 7],
        [None, None, None],
        ["完成率", "98%", None],
    ]
    assert read(workbook(rows)).text == "指标 | 2021年 | 2020年\n床位数 | 7.12 | 7\n完成率 | 98%"


def test_ofd_lines_join_to_paragraphs_in_reading_order() -> None:
    lines = [
        placed("二、下一步打算", 40, 60),
        placed("新建学校三所，改造校舍" * 2, 30, 40),
        placed("八百平方米。", 30, 50),
    ]
    assert (
        read(ofd(*lines)).text == "新建学校三所，改造校舍新建学校三所，改造校舍八百平方米。\n二、下一步打算"
    )


def test_zip_members_are_read_in_order_and_what_is_missing_is_named() -> None:
    body = package(
        {
            "2.总结.docx": docx("总结", ["正文二。"]),
            "1.表.xlsx": workbook([["床位", 8]]),
            "../../../etc/passwd": b"root:x:0:0",
            "inner.zip": package({"a.docx": docx("深", ["层。"])}),
        }
    )
    content = read(body)
    assert content.text == "1.表\n床位 | 8\n2.总结\n总结\n正文二。"
    assert (
        "inner.zip: unreadable" in content.note
        and "passwd: unreadable" in content.note
        and ".." not in content.note
    )


def test_zip_names_of_chinese_packers_are_gbk_without_a_flag() -> None:
    raw = package({"ABCDEFGH.docx": docx("标题", ["正文。"])}).replace(
        b"ABCDEFGH", "工作总结".encode("gb18030")
    )
    assert read(raw).text == "工作总结\n标题\n正文。"


def drawing() -> bytes:
    """A page of 6,000 lines, as maps and plans have them, and one line of text under it."""
    strokes = b"".join(b"%d %d m %d %d l S\n" % (i % 595, i % 842, i % 593, i % 839) for i in range(6_000))
    base = pdf("水系图说明", [])
    at = base.index(b"BT /F1")
    length = base.index(b"ET", at) + 2 - at
    return base.replace(b"/Length %d" % length, b"/Length %d" % (length + len(strokes))).replace(
        b"BT /F1", strokes + b"BT /F1"
    )


def test_a_watermark_and_a_second_print_are_no_text() -> None:
    shown = "工作总结".encode("utf-16-be").hex()
    mark = "内部资料".encode("utf-16-be").hex()
    more = f"1 0 0 1 72.4 770 Tm <{shown}> Tj .7 .7 -.7 .7 90 600 Tm <{mark}> Tj ET".encode()
    base = pdf("工作总结", ["今年以来，各项工作有序推进。"])
    at = base.index(b"BT /F1")
    old = base[at : base.index(b"ET", at) + 2]
    new = old[:-2] + more
    raw = base.replace(old, new).replace(b"/Length %d" % len(old), b"/Length %d" % len(new))
    assert read(raw).text == "工作总结\n今年以来，各项工作有序推进。"


def test_a_drawing_is_no_table() -> None:
    assert read(drawing()).text == "水系图说明"


def scan() -> bytes:
    """A page that shows one grey pixel, stretched over it, and no text, as a scanner's does."""
    shown = b"q 500 0 0 700 40 40 cm /Im0 Do Q"
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
            b" /Resources << /XObject << /Im0 4 0 R >> >> >>",
            b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
            b" /Length 1 >>\nstream\n\x80\nendstream",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        ]
    )


def encrypted_doc() -> bytes:
    """The sample with the flag fEncrypted set in its header, which begins with the magic number of Word."""
    body = bytearray((SAMPLES / "report.doc").read_bytes())
    at = body.index(b"\xec\xa5")
    struct.pack_into("<H", body, at + 10, struct.unpack_from("<H", body, at + 10)[0] | 0x0100)
    return bytes(body)


def encrypted_zip() -> bytes:
    body = bytearray(package({"a.docx": docx("标题", ["正文。"])}))
    for signature, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(signature) + flags_at] |= 1
    return bytes(body)


def entity_bomb() -> bytes:
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    head = f'<!DOCTYPE d [<!ENTITY l0 "哈哈哈哈">{lol}]>'
    return package(
        {
            "word/document.xml": f"{head}<w:document {W}><w:body><w:p><w:r><w:t>前&l11;后</w:t></w:r></w:p></w:body></w:document>"
        }
    )


def outside_entity() -> bytes:
    head = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return package(
        {
            "word/document.xml": f"{head}<w:document {W}><w:body><w:p><w:r><w:t>前&x;后</w:t></w:r></w:p></w:body></w:document>"
        }
    )


def zip_bomb() -> bytes:
    return package({"a.docx": bytes(210_000_000)})


def member_bomb() -> bytes:
    """A directory that declares ten bytes for a member of thirty million."""
    body = bytearray(package({"a.pdf": b"%PDF-" + bytes(30_000_000)}))
    for signature, size_at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", body, body.rindex(signature) + size_at, 10)
    return bytes(body)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a scan": (scan, "needs_ocr"),
    "an image": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "needs_ocr"),
    "a PDF with a password": (lambda: (SAMPLES / "encrypted.pdf").read_bytes(), "encrypted"),
    "a DOC with a password": (encrypted_doc, "encrypted"),
    "a ZIP with a password": (encrypted_zip, "encrypted"),
    "an empty file": (lambda: b"", "unreadable"),
    "a web page": (lambda: b"<!DOCTYPE html><html><body>404</body></html>", "unreadable"),
    "a RAR archive": (lambda: b"Rar!\x1a\x07\x01\x00" + bytes(40), "unreadable"),
    "a cut DOC": (lambda: (SAMPLES / "report.doc").read_bytes()[:3000], "unreadable"),
    "a cut PDF": (lambda: (SAMPLES / "report.pdf").read_bytes()[:400], "unreadable"),
    "a cut DOCX": (lambda: (SAMPLES / "report.docx").read_bytes()[:9000], "unreadable"),
    "a DOCX without a document": (lambda: package({"[Content_Types].xml": "<x/>"}), "unreadable"),
    "an archive in an archive": (
        lambda: package({"a.zip": package({"b.docx": docx("标题", ["正文"])})}),
        "unreadable",
    ),
    "a bomb of members": (zip_bomb, "too_large"),
    "a member larger than declared": (member_bomb, "unreadable"),
    "six thousand members": (lambda: package({f"{i}": b"" for i in range(6_000)}), "too_large"),
    "nesting": (lambda: word("<w:p>" * 50_000 + "</w:p>" * 50_000), "unreadable"),
    "an OFD that names no place": (lambda: ofd('<ofd:TextObject Boundary="a b"/>'), "unreadable"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_says_why(name: str) -> None:
    make, note = HOSTILE[name]
    content = read(make())
    assert content.text is None
    assert content.note.startswith(note)


@pytest.mark.parametrize("name", ["a bomb of members", "a cut PDF", "an empty file"])
def test_the_note_comes_out_of_the_child(name: str) -> None:
    make, note = HOSTILE[name]
    found = read_attachment(Page("http://a.example/f", make()))
    assert found.text is None
    assert found.note.startswith(note)


MADE: dict[str, Callable[[], bytes]] = {
    "report.doc": lambda: (SAMPLES / "report.doc").read_bytes(),
    "report.docx": lambda: (SAMPLES / "report.docx").read_bytes(),
    "report.pdf": lambda: (SAMPLES / "report.pdf").read_bytes(),
    "note.rtf": rtf,
    "sheet.xlsx": lambda: workbook([["指标", "数值"], ["床位", 8]]),
    "lines.ofd": lambda: ofd(placed("工作总结", 40, 60)),
    "several.zip": lambda: package({"a.xlsx": workbook([["床位", 8]]), "b.pdf": pdf("标题", ["正文"])}),
}


@pytest.mark.parametrize("name", MADE)
def test_every_format_is_read_under_the_limits(name: str) -> None:
    body = MADE[name]()
    found = read_attachment(Page(f"http://a.example/{name}", body))
    assert Content(found.format, found.text, found.note) == read(body)
    assert found.text and not found.note


@pytest.mark.parametrize(
    ("code", "note"),
    [
        (-signal.SIGXCPU, "too_large"),
        (-signal.SIGKILL, "too_large"),
        (-signal.SIGSEGV, "unreadable"),
        (1, "unreadable"),
    ],
)
def test_a_child_that_is_ended_leaves_a_note(code: int, note: str) -> None:
    assert _answer(subprocess.CompletedProcess([], code, b"", b"")).note.startswith(note)


@pytest.mark.parametrize("make", [entity_bomb, outside_entity])
def test_entities_are_never_resolved(make: Callable[[], bytes]) -> None:
    content = read(make())
    assert "root:" not in (content.text or "")
    assert len(content.text or "") < 10


def test_a_sheet_that_claims_a_million_rows_is_read_as_it_is() -> None:
    raw = workbook([["床位", 8]])
    parts = {}
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        for name in book.namelist():
            parts[name] = book.read(name).replace(
                b'<dimension ref="A1:B1"', b'<dimension ref="A1:XFD1048576"'
            )
    assert read(package(parts)).text == "床位 | 8"


def test_macros_stay_where_they_are() -> None:
    raw = {
        "word/vbaProject.bin": b"Attribute VB_Name",
        "word/document.xml": f"<w:document {W}><w:body><w:p><w:r><w:t>正文。</w:t></w:r></w:p></w:body></w:document>",
    }
    assert read(package(raw)).text == "正文。"


def limited(code: str) -> "subprocess.CompletedProcess[bytes]":
    start = "from crawlers.pages.attachments import limits; limits.apply()\n"
    return subprocess.run([sys.executable, "-c", start + code], capture_output=True, check=False, timeout=60)


def test_the_child_may_not_reach_out() -> None:
    attempts = (
        "__import__('socket').create_connection(('127.0.0.1', 9))",
        "open('attachment-was-here', 'w')",
        "__import__('os').open('attachment-was-here', 0o101)",
        "__import__('os').remove('attachment-was-here')",
        "__import__('subprocess').run(['true'])",
        "__import__('os').system('true')",
    )
    code = "".join(
        f"try:\n    {attempt}\nexcept PermissionError:\n    print('refused')\n" for attempt in attempts
    )
    assert limited(code).stdout.split() == [b"refused"] * len(attempts)


def test_the_child_has_no_more_memory_than_it_is_given() -> None:
    done = limited("x = bytearray(2_000_000_000)")
    assert done.returncode == 1 and b"MemoryError" in done.stderr


def test_the_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    assert "hunter2" not in json.dumps(_environment())


def line(text: str, left: float, right: float, top: float, size: float = 10) -> PlacedLine:
    return PlacedLine(text, left, right, top, size)


def test_lines_of_a_page_become_paragraphs() -> None:
    first = [
        line("工作总结", 160, 240, 10, 16),
        line("全年完成投资三亿元，新建项目", 120, 300, 40),
        line("二十个，惠及群众", 100, 300, 56),
        line("五千人。", 100, 140, 72),
        line("（一）农业生产成绩喜人", 120, 220, 88),
        line("粮食总产稳定增长，全镇种植", 120, 300, 104),
        line("— 1 —", 195, 205, 700),
    ]
    second = [line("油菜一万亩。", 100, 160, 10), line("第2页 共2页", 180, 220, 700)]
    assert paragraphs([first, second]) == [
        "工作总结",
        "全年完成投资三亿元，新建项目二十个，惠及群众五千人。",
        "（一）农业生产成绩喜人",
        "粮食总产稳定增长，全镇种植油菜一万亩。",
    ]


def test_a_running_head_is_left_out() -> None:
    head = line("青石河镇人民政府", 200, 280, 5)
    pages = [
        [head, line(f"第{n}页的文字一直写到右边，", 120, 300, 40), line(f"到第{n}行结束。", 100, 170, 56)]
        for n in "一二三"
    ]
    assert paragraphs(pages) == [f"第{n}页的文字一直写到右边，到第{n}行结束。" for n in "一二三"]


def test_a_line_ended_by_an_unbreakable_figure_goes_on() -> None:
    lines = [
        line("受益群众", 100, 280, 10),
        line("21000余人，", 100, 300, 26),
        line("较上年增长", 100, 300, 42),
    ]
    assert paragraphs([lines]) == ["受益群众21000余人，较上年增长"]


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_end_in_text_or_a_note(noise: bytes) -> None:
    content = read(noise)
    assert (content.text is None) == bool(content.note)


def mutated(body: bytes, rng: random.Random) -> bytes:
    data = bytearray(body)
    match rng.randrange(4):
        case 0:
            del data[rng.randrange(len(data)) :]
        case 1:
            for _ in range(rng.randint(1, 60)):
                data[rng.randrange(len(data))] = rng.randrange(256)
        case 2:
            at = rng.randrange(len(data))
            data[at:at] = data[rng.randrange(len(data)) :][:5_000]
        case 3:
            at = rng.randrange(len(data) - 4)
            data[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x00\x00\x00\x80"))
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("name", MADE)
def test_mutated_files_end_in_text_or_a_note(name: str) -> None:
    body = MADE[name]()
    rng = random.Random(name)
    for _ in range(15 if name == "report.pdf" else 60):  # a PDF takes ten times as long as the others
        content = read(mutated(body, rng))
        assert content.text or content.note
