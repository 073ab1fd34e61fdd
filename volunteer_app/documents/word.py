"""What the Word documents share: an A4 page, 仿宋 and 黑体, tables of plain cells, page numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

BODY, HEADING, LATIN = "仿宋", "黑体", "Times New Roman"
#: What XML cannot hold; cleaned answers have none of it.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def new_document(title: str) -> Any:
    """An A4 page with margins for a binder, in 仿宋."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = document.core_properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(17)
    section.top_margin, section.bottom_margin = Mm(13), Mm(12)
    section.header_distance = section.footer_distance = Mm(6)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(10.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    normal.paragraph_format.space_after = Pt(0)
    return document


def as_bytes(document: Any) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def write_line(
    paragraph: Any, text: str, *, size: float = 10.5, font: str = BODY, latin: str = LATIN
) -> Any:
    """Text at the end of a paragraph; a line break stays one."""
    run = paragraph.add_run(_NOT_IN_XML.sub("", text))
    run.font.size, run.font.name = Pt(size), latin
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def element(tag: str, *children: Any, **attributes: str) -> Any:
    """<w:TAG w:NAME="value"> with its children."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made


def cell(
    text: str,
    width: int,
    *,
    span: int = 1,
    label: bool = False,
    merge: str = "",
    align: str = "",
    size: float = 10.5,
) -> Any:
    """A table cell, `width` in mm. `merge` is "restart" or "continue" where it runs over rows."""
    frame = [element("tcW", w=str(round(width * 56.7)), type="dxa")]
    frame += [element("gridSpan", val=str(span))] if span > 1 else []
    frame += [element("vMerge", val=merge)] if merge else []
    frame += [element("shd", val="clear", color="auto", fill="F3F4F2")] if label else []
    frame.append(element("vAlign", val="center"))
    lines = [_paragraph(line, label, align, size) for line in text.split("\n")]
    return element("tc", element("tcPr", *frame), *lines)


def _paragraph(text: str, label: bool, align: str, size: float) -> Any:
    font = HEADING if label else BODY
    fonts = element("rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=font)
    written = element("t")
    written.text = _NOT_IN_XML.sub("", text)
    written.set(qn("xml:space"), "preserve")
    shape = element("pPr", element("jc", val="center" if label else align or "left"))
    look = element("rPr", fonts, element("sz", val=str(round(size * 2))))
    return element("p", shape, element("r", look, written))


def row(*cells: Any, height: float = 0, head: bool = False) -> Any:
    """A table row of at least `height` mm that no page break cuts; `head` on every page."""
    shape = [element("cantSplit")]
    if height:
        shape.append(element("trHeight", val=str(round(height * 56.7)), hRule="atLeast"))
    shape += [element("tblHeader")] if head else []
    return element("tr", element("trPr", *shape), *cells)


def add_table(document: Any, widths: Sequence[float], rows: Sequence[Any]) -> None:
    """A table with hairlines, columns of `widths` in mm, at the end of the document."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = [element(side, val="single", sz="4", space="0", color="333333") for side in sides]
    shape = element(
        "tblPr",
        element("tblW", w=str(round(sum(widths) * 56.7)), type="dxa"),
        element("jc", val="center"),
        element("tblBorders", *lines),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *(element(s, w="85", type="dxa") for s in ("left", "right"))),
    )
    grid = element("tblGrid", *(element("gridCol", w=str(round(w * 56.7))) for w in widths))
    document.element.body.insert_element_before(element("tbl", shape, grid, *rows), "w:sectPr")


def number_pages(paragraph: Any) -> None:
    """第x页，共y页, counted by Word."""
    for text, field in (("第", "PAGE"), ("页，共", "NUMPAGES"), ("页", "")):
        write_line(paragraph, text, size=8, font=HEADING)
        if field:
            run = write_line(paragraph, "", size=8)
            code = element("instrText")
            code.text = field
            number = element("t")
            number.text = "1"
            for kind, inside in (("begin", code), ("separate", number), ("end", None)):
                run._element.append(element("fldChar", fldCharType=kind))
                if inside is not None:
                    run._element.append(inside)
