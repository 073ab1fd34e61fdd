"""推荐表 as a Word document."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from .qr import qr_png
from .word import HEADING, add_table, as_bytes, cell, new_document, number_pages, row, write_line

if TYPE_CHECKING:
    from .recommendation_form import Sheet

_UNIT = (37, 51, 27, 63)
#: One for each heading of the list; in mm.
_LIST = (10, 22, 10, 27, 32, 18, 37, 22)


def write(sheet: Sheet, headings: tuple[str, ...]) -> bytes:
    document = new_document("消费维权志愿者单位推荐表")
    section = document.sections[0]
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin = Mm(38)
    _head(section.header, sheet)
    footer = section.footer.paragraphs[0]
    write_line(footer, "名单改动以后核对码会变，请重新打印、盖章。　　", size=8, font=HEADING)
    number_pages(footer)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Mm(3)
    write_line(title, "消费维权志愿者单位推荐表", size=18, font=HEADING)
    add_table(document, _UNIT, _unit_rows(sheet))
    count = document.add_paragraph()
    count.paragraph_format.space_before = Mm(3)
    words = f"被推荐人名单（共{len(sheet.nominees)}人）"
    write_line(count, words, font=HEADING)
    heads = [cell(t, w, label=True, size=8.5) for t, w in zip(headings, _LIST, strict=True)]
    add_table(document, _LIST, [row(*heads, head=True), *map(_nominee, sheet.nominees)])
    document.add_paragraph()
    add_table(document, (37, 141), [_opinion(sheet)])
    after = document.add_paragraph()
    words = (
        "请盖单位的公章，不要盖部门章、财务专用章或合同专用章；印章上的名称要与单位全称一致。"
        "盖章后把每一页扫描或拍照，在网上上传；"
        f"也可以发到{sheet.association_mailbox}，或送到{sheet.association_address}。"
    )
    write_line(after, words, size=8.5, font=HEADING)
    return as_bytes(document)


def _head(header: Any, sheet: Sheet) -> None:
    """The code in letters and as a QR, top right on every page."""
    line = header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    words = f"{sheet.association}　{sheet.recruitment}　推荐编号{sheet.reference}　　核对码 "
    write_line(line, words, size=8, font=HEADING)
    write_line(line, sheet.code, size=17, latin="Courier New")
    write_line(line, "　")
    run = line.add_run()
    run.add_picture(io.BytesIO(qr_png(sheet.url)), width=Mm(21))


def _unit_rows(sheet: Sheet) -> list[Any]:
    """As on paper: the name and the code alone, then two on a line, the address alone."""
    label, answer, label2, answer2 = _UNIT
    unit = sheet.unit_rows()
    pairs = [unit[0:1], unit[1:2], unit[2:4], unit[4:6], unit[6:7]]
    rows = []
    for pair in pairs:
        alone = len(pair) == 1
        cells = [
            cell(pair[0][0], label, label=True, size=9.5),
            cell(pair[0][1], sum(_UNIT[1:]) if alone else answer, span=3 if alone else 1),
        ]
        if not alone:
            cells += [cell(pair[1][0], label2, label=True, size=9.5), cell(pair[1][1], answer2)]
        rows.append(row(*cells, height=7.5))
    return rows


def _nominee(line: Any) -> Any:
    left = (1, 6)
    return row(
        *(
            cell(text, width, size=9, align="" if place in left else "center")
            for place, (text, width) in enumerate(zip(line.cells(), _LIST, strict=True))
        ),
        height=6.5,
    )


def _opinion(sheet: Sheet) -> Any:
    words = (
        f"本单位推荐以上{len(sheet.nominees)}人报名参加{sheet.association}消费维权志愿者招募。"
        "所填情况属实，被推荐人的意愿由本人另行确认。\n\n"
        "单位负责人（签字）　　　　　　　　　　　　　（单位公章）\n\n\n"
        "　　　　　　　　　　　　　　　　　　　　　　　年　　月　　日"
    )
    return row(cell("推荐意见", 37, label=True, size=9.5), cell(words, 141), height=42)
