"""The surroundings of a page as Chinese government sites have them: head, navigation, footer, paragraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from crawlers.sample_sites.site import Entry


def head(title: str, meta: Mapping[str, str], charset: str = "utf-8") -> str:
    """DOCTYPE to <body>, with meta tags in the order given."""
    tags = "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in meta.items())
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n'
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">\n'
        f"<title>{escape(title)}</title>\n{tags}\n"
        '<link rel="stylesheet" href="/images/style.css"><script src="/images/jquery.min.js"></script>\n'
        "</head>\n<body>"
    )


def navigation(site_title: str, names: Sequence[str]) -> str:
    """The top of the page: bar, name, menu, search box."""
    links = "".join(f'<li><a href="/{i}/">{name}</a></li>' for i, name in enumerate(names, 1))
    return (
        '<div class="top"><span class="fl">欢迎访问' + site_title + "！</span>"
        '<a href="javascript:void(0)" onclick="SetHome(this)">设为首页</a> | '
        '<a href="javascript:void(0)">加入收藏</a> | <a href="/wza/">无障碍阅读</a> | <a href="/slb/">长者模式</a></div>'
        f'<div class="header"><h1 class="logo"><a href="/">{site_title}</a></h1>'
        '<form action="/search"><input name="q" placeholder="请输入关键字"><button>搜索</button></form></div>'
        f'<div class="nav"><ul><li><a href="/">网站首页</a></li>{links}</ul></div>'
    )


def footer(host: str, owner: str, code: str, icp: str) -> str:
    """The bottom of a government page, with 网站标识码 and ICP number."""
    return (
        '<div class="links"><label>友情链接：</label><select><option>市直部门网站</option>'
        "<option>县（区）门户网站</option></select></div>"
        f'<div class="footer"><p>主办：{owner} 承办：{owner}办公室</p>'
        f'<p>网站标识码：{code} <a href="https://beian.miit.gov.cn/">{icp}</a></p>'
        f"<p>地址：行政中心3号楼 邮编：430099 联系电话：0999-5521000 域名：{host}</p>"
        '<p><a href="/wzdt/">网站地图</a> | <a href="/gywm/">关于我们</a> | 建议使用1366×768分辨率浏览</p></div>\n'
        "</body>\n</html>\n"
    )


def paragraphs(entry: Entry) -> str:
    """The text as the editors of these sites save it: each paragraph indented by two wide spaces."""
    return "\n".join(f"<p>　　{escape(line)}</p>" for line in entry.paragraphs)


def related(entries: Sequence[Entry], links: Sequence[str]) -> str:
    """相关阅读: a list of other articles."""
    rows = zip(entries, links, strict=True)
    items = "".join(f'<li><a href="{link}">{escape(entry.title)}</a></li>' for entry, link in rows)
    return f'<div class="related"><h3>相关阅读</h3><ul>{items}</ul></div>'
