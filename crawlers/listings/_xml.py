"""XML answers read without entities, network or exceptions, and records in pages that are half XML."""

from __future__ import annotations

from lxml import etree


def parse_xml(text: str) -> etree._Element | None:
    """The root element, recovered as far as can be; None where there is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def children(root: etree._Element, name: str) -> list[etree._Element]:
    """All elements of a local name, whatever their namespace."""
    return [one for one in root.iter() if local_name(one) == name]


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace, "" for a comment. A broken namespace is what lxml's own QName refuses."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def first_text(element: etree._Element, *names: str) -> str:
    """The text of the first element of one of the names, "" where there is none."""
    for name in names:
        for found in children(element, name):
            if text := "".join(str(piece) for piece in found.itertext()).strip():
                return text
    return ""


def cdata_records(text: str) -> list[str]:
    """The HTML inside each <record><![CDATA[…]]></record>, by plain search: one pass whatever the text holds.

    >>> cdata_records("<recordset><record> <![CDATA[<li>a</li>]]></record><record></record>")
    ['<li>a</li>']
    """
    parts = (part.split("</record>", 1)[0] for part in text.split("<record>")[1:])
    inner = (part.partition("<![CDATA[")[2].partition("]]>")[0] for part in parts)
    return [one for one in inner if one]
