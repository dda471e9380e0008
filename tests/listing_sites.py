"""Small servers of list pages, one per family: 200 reports over 13 pages, answering as the family's server would.

A server is a function from its reports (always 200) and a request's path, query and form to (body, content type);
None is 404. They share no code with the readers: what a reader asks must make sense to a server that knows only its
own interface.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

HOST = "http://www.qingshi.example"
PER_PAGE = 16
N_PAGES = 13
HTML, JSON, XML = "text/html", "application/json", "text/xml"

Reports = list[tuple[str, str, str]]  # path, title, day; newest first
Reply = tuple[str, str] | None
Server = Callable[[Reports, str, str, str], Reply]  # reports, path, query as sent, body -> reply

REPORTS: Reports = [
    (f"/zwgk/gzzj/{n:06d}.html", f"青石县第{n}号单位工作总结", f"{2023 - n // 12}-{12 - n % 12:02d}-15")
    for n in range(200)
]


def of_page(reports: Reports, page: int, size: int = PER_PAGE) -> Reports:
    return reports[(page - 1) * size : page * size]


def document(rows: Reports, pager: str = "", head: str = "") -> tuple[str, str]:
    items = "".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in rows)
    nav = '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/hdjl/">互动交流</a></div>'
    foot = (
        '<div class="footer"><a href="/wzdt/">网站地图</a>'
        + "<p>主办：青石县人民政府办公室</p>" * 12
        + "</div>"
    )
    return (
        f'<html><head>{head}</head><body>{nav}<ul class="list">{items}</ul>{pager}{foot}</body></html>',
        HTML,
    )


def fields(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def records_json(rows: Reports) -> list[dict[str, str]]:
    return [{"title": title, "url": HOST + url, "date": day} for url, title, day in rows]


def trs(reports: Reports, path: str, query: str, body: str) -> Reply:
    names = {"/gzzj/": 0} | {f"/gzzj/index_{page}.html": page for page in range(1, N_PAGES)}
    if path not in names:
        return None
    return document(
        of_page(reports, names[path] + 1),
        f'<script>createPageHTML({N_PAGES}, {names[path]}, "index", "html")</script>',
    )


def trs_beside_news(reports: Reports, path: str, query: str, body: str) -> Reply:
    """The call with five arguments, and dated news beside the list that outweigh its short last page."""
    names = {"/gzzj/": 0} | {f"/gzzj/index_{page}.shtml": page for page in range(1, N_PAGES)}
    if path not in names:
        return None
    news = "".join(
        f'<li><a href="/xw/{n}.html">关于召开第{n}次县政府常务会议的公告</a><i>2024-02-0{n}</i></li>'
        for n in range(1, 9)
    )
    call = f'<script>createPageHTML(200, {N_PAGES}, {names[path]}, "index", "shtml")</script>'
    return document(of_page(reports, names[path] + 1), f'{call}<div class="right"><ul>{news}</ul></div>')


def vsb(reports: Reports, path: str, query: str, body: str) -> Reply:
    files = {"/gzzj.htm": 1} | {f"/gzzj/{N_PAGES - page + 1}.htm": page for page in range(2, N_PAGES + 1)}
    if path not in files:
        return None
    pager = f'<span id="fanye1">共200条 {files[path]}/{N_PAGES}</span><script>function _simple_list_gotopage_fun({N_PAGES},0){{}}</script>'
    return document(of_page(reports, files[path]), pager)


def vsb_dynamic(reports: Reports, path: str, query: str, body: str) -> Reply:
    page = int(fields(query).get("PAGENUM", 1))
    return document(of_page(reports, page), f"<div>共200条 {page}/{N_PAGES}</div>")


def general(reports: Reports, path: str, query: str, body: str) -> Reply:
    page = int(fields(query).get("page", 1))
    following = f'<a href="?page={page + 1}">下一页</a>' if page < N_PAGES else "<span>下一页</span>"
    return document(of_page(reports, page), f'<div class="turn"><a href="?page=1">首页</a>{following}</div>')


def dedecms(reports: Reports, path: str, query: str, body: str) -> Reply:
    pages = {"/zongjie/": 1} | {f"/zongjie/list_9_{page}.html": page for page in range(1, N_PAGES + 1)}
    if path not in pages:
        return None
    here = pages[path]
    numbers = "".join(
        f'<li class="thisclass">{page}</li>'
        if page == here
        else f'<li><a href="list_9_{page}.html">{page}</a></li>'
        for page in range(1, N_PAGES + 1)
    )
    return document(
        of_page(reports, here), f'<ul class="pagelist dede_pages">{numbers}<li>共{N_PAGES}页200条</li></ul>'
    )


def empirecms(reports: Reports, path: str, query: str, body: str) -> Reply:
    pages = {"/gzzj/index.html": 1} | {f"/gzzj/index_{page}.html": page for page in range(2, N_PAGES + 1)}
    if path not in pages:
        return None
    here = pages[path]
    following = f'<a href="/gzzj/index_{here + 1}.html">下一页</a>' if here < N_PAGES else ""
    return document(of_page(reports, here), f'<a title="总数">&nbsp;<b>200</b></a> <b>{here}</b> {following}')


def static_numbered(reports: Reports, path: str, query: str, body: str) -> Reply:
    pages = {"/gzzj/common_list.shtml": 1} | {
        f"/gzzj/common_list_{page}.shtml": page for page in range(2, N_PAGES + 1)
    }
    return document(of_page(reports, pages[path]), f"<div>共 {N_PAGES} 页</div>") if path in pages else None


def base64_pager(reports: Reports, path: str, query: str, body: str) -> Reply:
    page = int(fields(query).get("p", 1))
    following = f'<a href="/gzzj/?p={page + 1}">下一页</a>' if page < N_PAGES else "<span>下一页</span>"
    packed = base64.b64encode(f'<a href="/gzzj/?p=1">首页</a>{following}'.encode()).decode()
    return document(
        of_page(reports, page),
        f'<div id="pages">{packed}</div><script>show(window.atob(pages.innerText))</script>',
    )


def frame(reports: Reports, path: str, query: str, body: str) -> Reply:
    return (
        document([], '<iframe src="/list/"></iframe>')
        if path == "/gzzj/"
        else general(reports, path, query, body)
    )


def hanweb_jpaas(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/col/col1/index.html":
        unit = "{'webId':'w','tplSetId':'t','pageType':'column','tagId':'信息列表','pageId':'p1'}"
        return document(
            [],
            f'<script src="/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{unit}"></script>',
        )
    asked = fields(query)
    paging = json.loads(asked["paramJson"])
    if asked["pageId"] != "p1":
        return None
    items, _ = document(of_page(reports, paging["pageNo"], paging["pageSize"]))
    html = items + f'<div class="pagination" rows="{paging["pageSize"]}" count="200"></div>'
    return json.dumps({"success": True, "data": {"html": html}}), JSON


def _records_xml(rows: Reports) -> str:
    inner = "".join(
        f"<record><![CDATA[<li><a href='{url}'>{title}</a><b>{day}</b></li>]]></record>"
        for url, title, day in rows
    )
    return f"<datastore><nextgroup><![CDATA[]]></nextgroup><recordset>{inner}</recordset><totalrecord>200</totalrecord></datastore>"


def _jpage_column(reports: Reports) -> tuple[str, str]:
    settings = "proxyUrl:'/module/web/jpage/dataproxy.jsp', perPage:16, totalRecord:200, ajaxParam:{col:1,webid:3,columnid:7,unitid:11}"
    return document(
        [],
        f'<script type="text/xml">{_records_xml(of_page(reports, 1))}</script><script>jpage({{{settings}}})</script>',
    )


def hanweb_jpage(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/col/col7/index.html":
        return _jpage_column(reports)
    asked = fields(query)
    if fields(body).get("columnid") != "7":
        return None
    return _records_xml(reports[int(asked["startrecord"]) - 1 : int(asked["endrecord"])]), XML


def hanweb_jpage_by_page(reports: Reports, path: str, query: str, body: str) -> Reply:
    """The kind of server that ignores startrecord and knows only page."""
    if path == "/col/col7/index.html":
        return _jpage_column(reports)
    asked = fields(query)
    return _records_xml(of_page(reports, int(asked.get("page", 1)), int(asked["perpage"]))), XML


def hanweb_jpage_by_link(reports: Reports, path: str, query: str, body: str) -> Reply:
    """The kind of server that encrypts its settings: only <nextgroup> says how the next three pages are asked."""
    group = int(fields(query).get("token", "e3b0c442-0")[9:])
    rows = of_page(reports, group + 1, 3 * PER_PAGE)
    address = f"/module/web/jpage/dataproxy.jsp?token=e3b0c442-{group + 1}&amp;type=1"
    link = f'<a href="{address}"></a>' if rows[-1] != reports[-1] else ""
    xml = _records_xml(rows).replace("<nextgroup><![CDATA[]]>", f"<nextgroup><![CDATA[{link}]]>")
    if path == "/col/col7/index.html":
        script = "<script>jpage({proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:16})</script>"
        return document([], f'<script type="text/xml">{xml}</script>{script}')
    return xml, XML


def hanweb_xxgk(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/zwgk/index.html":
        return document([], '<iframe src="/module/xxgk/tree.jsp?area=014&divid=div1"></iframe>')
    page = int(fields(body)["currpage"])
    return (
        document(of_page(reports, page), f"<div>共{N_PAGES}页</div>")
        if fields(body)["area"] == "014"
        else None
    )


def gkmlpt(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/gkmlpt/index":
        return document([], head="<script>window._CONFIG = { SID: '75', TREE: [] }</script>")
    if path != "/gkmlpt/api/all/2345" or fields(query)["sid"] != "75":
        return None
    articles = records_json(of_page(reports, int(fields(query)["page"])))
    return json.dumps({"classify": {"post_count": 200}, "articles": articles}), JSON


def ucap_channel(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/gzzj/list.shtml":
        return document(
            [], head=f'<meta name="channelid" content="{"ab" * 16}"><script>u="/common/search/"+id</script>'
        )
    asked = fields(query)
    rows = of_page(reports, int(asked["page"]), int(asked["_pageSize"]))
    results = [
        {"title": title, "url": f"//www.qingshi.example{url}", "publishedTimeStr": day}
        for url, title, day in rows
    ]
    return json.dumps({"data": {"total": 200, "results": results}}), JSON


def jiangxi_querylist(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/zwgk/gzzj/list.shtml":
        return document(
            [], "<script>channelId='c';websiteId='w';siteId='s';codeName='gzzj';post('/queryList')</script>"
        )
    asked = fields(body)
    rows = of_page(reports, int(asked["pageNo"]), int(asked["pageSize"]))
    results = [
        {"source": {"id": url, "title": title, "pubDate": day, "link": url}} for url, title, day in rows
    ]
    return json.dumps({"data": {"total": 200, "results": results}}), JSON


def truecms(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/gzzj/gzzj.html":
        settings = "totalRecord:200,proxyUrl:'/truecms/messageController/getMessage.do',perPage:16,groupSize:1,ajaxParam:{columnId:'c-1'}"
        return document([], f"<script>jpage({{{settings}}})</script>")
    asked = fields(query)
    rows = reports[int(asked["startrecord"]) - 1 : int(asked["endrecord"])]
    return f"{asked['callback']}({json.dumps({'result': _records_xml(rows)})})", "text/javascript"


def epoint_ewb(reports: Reports, path: str, query: str, body: str, base: int = 0) -> Reply:
    if path == "/dynamic/govInfoPub.html":
        return document([], '<script src="/js/webBuilderCommon.js"></script>')
    if path == "/js/webBuilderCommon.js":
        return (
            'var siteInfo={"siteGuid":"7eb5f7f1-0000-4000-8000-000000000001","projectName":"/EWB-FRONT"};'
            + " " * 700,
            "text/javascript",
        )
    asked = json.loads(body)
    rows = of_page(reports, max(int(asked["pageIndex"]) - base, 0) + 1, int(asked["pageSize"]))
    data = [{"title": title, "infourl": url, "infodate": day} for url, title, day in rows]
    return json.dumps({"custom": {"total": 200, "data": data}}), JSON


def epoint_ewb_from_one(reports: Reports, path: str, query: str, body: str) -> Reply:
    """The kind of server whose pages count from 1."""
    return epoint_ewb(reports, path, query, body, base=1)


def search5(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/search5/html/searchResult.html":
        return document([])
    asked = fields(body)
    rows = of_page(reports, int(asked["pageNum"]), int(asked["pageSize"]))
    found = [{"title": title, "url": HOST + url, "pubDate": day} for url, title, day in rows]
    return json.dumps({"searchResultAll": {"total": 200, "searchTotal": found}}), JSON


def irs_search(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/irs-c-web/search.shtml":
        return document([])
    asked = json.loads(body)
    if not asked.get("orderBy") or not asked.get("searchBy"):
        return json.dumps({"success": False, "msg": "排序方式不能为空"}), JSON
    rows = of_page(reports, asked["pageNo"], asked["pageSize"])
    boxes = [{"data": {"title": title, "url": HOST + url, "time": day}} for url, title, day in rows]
    return json.dumps(
        {"success": True, "data": {"pager": {"total": 200}, "middle": {"listAndBox": boxes}}}
    ), JSON


def json_records(reports: Reports, path: str, query: str, body: str) -> Reply:
    asked = fields(query)
    content = records_json(of_page(reports, int(asked["pageNumber"]), int(asked["pageSize"])))
    return json.dumps({"page": {"total": "200", "content": content}}), JSON


def govcn_json(reports: Reports, path: str, query: str, body: str) -> Reply:
    return json.dumps(
        [{"TITLE": title, "URL": url, "DOCRELPUBTIME": day} for url, title, day in reports]
    ), JSON


def sitemap(reports: Reports, path: str, query: str, body: str) -> Reply:
    if path == "/sitemap.xml":
        maps = "".join(
            f"<sitemap><loc>{HOST}/sitemap-{page}.xml</loc></sitemap>" for page in range(1, N_PAGES + 1)
        )
        return f"<sitemapindex>{maps}</sitemapindex>", XML
    page = int(path.removeprefix("/sitemap-").removesuffix(".xml"))
    urls = "".join(
        f"<url><loc>{HOST}{url}</loc><lastmod>{day}</lastmod></url>" for url, _, day in of_page(reports, page)
    )
    return f"<urlset>{urls}</urlset>", XML


def feed(reports: Reports, path: str, query: str, body: str) -> Reply:
    """Atom in pages (RFC 5005): every page but the last links the next."""
    page = int(fields(query).get("page", 1))
    entries = "".join(
        f'<entry><title>{title}</title><link rel="alternate" href="{HOST}{url}"/><updated>{day}T08:00:00+08:00</updated></entry>'
        for url, title, day in of_page(reports, page)
    )
    following = f'<link rel="next" href="{HOST}/feed.xml?page={page + 1}"/>' if page < N_PAGES else ""
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>工作总结</title>{following}{entries}</feed>',
        XML,
    )


# name of the family as detection must say it, server, column, requests that a full reading needs
SITES: list[tuple[str, Server, str, int]] = [
    ("trs", trs, "/gzzj/", 13),
    ("trs", trs_beside_news, "/gzzj/", 13),
    ("vsb", vsb, "/gzzj.htm", 13),
    ("vsb_dynamic", vsb_dynamic, "/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1055", 13),
    ("general", general, "/gzzj/", 13),
    ("dedecms", dedecms, "/zongjie/", 13),
    ("empirecms", empirecms, "/gzzj/index.html", 13),
    ("static_numbered", static_numbered, "/gzzj/common_list.shtml", 14),  # one name tried in vain
    ("base64_pager", base64_pager, "/gzzj/", 13),
    ("frame", frame, "/gzzj/", 14),
    ("hanweb_jpaas", hanweb_jpaas, "/col/col1/index.html", 15),  # column, 14 pages of 15
    ("hanweb_jpage", hanweb_jpage, "/col/col7/index.html", 5),  # column, 4 groups of 48
    ("hanweb_jpage", hanweb_jpage_by_page, "/col/col7/index.html", 14),  # one group asked in vain
    ("hanweb_jpage", hanweb_jpage_by_link, "/col/col7/index.html", 5),  # the column holds the first group
    ("hanweb_xxgk", hanweb_xxgk, "/zwgk/index.html", 14),
    ("gkmlpt", gkmlpt, "/gkmlpt/index#2345", 14),
    ("ucap_channel", ucap_channel, "/gzzj/list.shtml", 11),  # column, 10 pages of 20
    ("jiangxi_querylist", jiangxi_querylist, "/zwgk/gzzj/list.shtml", 15),
    ("truecms", truecms, "/gzzj/gzzj.html", 14),
    (
        "epoint_ewb",
        epoint_ewb,
        "/dynamic/govInfoPub.html?categorynum=003",
        12,
    ),  # column, settings, 10 pages of 20
    ("epoint_ewb", epoint_ewb_from_one, "/dynamic/govInfoPub.html?categorynum=003", 13),  # page 0 is page 1
    ("search5", search5, "/search5/html/searchResult.html?siteCode=1&searchWord=工作总结", 11),
    ("irs_search", irs_search, "/irs-c-web/search.shtml?code=1&dataTypeId=2&searchWord=工作总结", 11),
    (
        "json_records",
        json_records,
        "/igs/front/search.jhtml?searchWord=工作总结&pageNumber=1&pageSize=16",
        13,
    ),
    ("govcn_json", govcn_json, "/zhengce/GZZJ.json", 1),
    ("sitemap", sitemap, "/sitemap.xml", 14),
    ("feed", feed, "/feed.xml", 13),
]


def reply(server: Server, url: str, body: bytes | None, reports: Reports = REPORTS) -> Reply:
    """What the server answers to a request for an address."""
    parts = urlsplit(url)
    return server(reports, parts.path, parts.query, (body or b"").decode())
