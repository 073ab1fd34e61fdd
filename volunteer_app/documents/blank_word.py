"""空白报名表 as a Word document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from .rows import Row
from .word import HEADING, add_table, as_bytes, cell, new_document, number_pages, row, write_line

if TYPE_CHECKING:
    from .blank_form import BlankForm

#: Label, answer, label, answer, photo; in mm.
WIDTHS = (26, 48, 26, 48, 28)
_PHOTO_ROWS = 4


def write(form: BlankForm) -> bytes:
    document = new_document("消费维权志愿者报名表")
    title = document.paragraphs[0] if document.paragraphs else document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write_line(title, "消费维权志愿者报名表", size=18, font=HEADING)
    under = document.add_paragraph()
    under.paragraph_format.tab_stops.add_tab_stop(Mm(118))
    words = f"{form.association}　{form.recruitment}\t报名编号（协会填写）"
    write_line(under, words, size=9, font=HEADING)
    add_table(document, WIDTHS, [*_answers(form), *_pledges(form), _seals()])
    for heading, sentences in (
        ("条件　", "；".join(form.conditions) + "。"),
        ("交表　", "".join(form.return_to)),
    ):
        paragraph = document.add_paragraph()
        write_line(paragraph, heading, size=8, font=HEADING)
        write_line(paragraph, sentences, size=8)
    footer = document.sections[0].footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    number_pages(footer)
    return as_bytes(document)


def _answers(form: BlankForm) -> list[Any]:
    return [_answer(line, number) for number, line in enumerate(form.lines)]


def _answer(line: list[Row], number: int) -> Any:
    """The first lines leave the last column to the photo, which runs over them all."""
    label, answer, label2, answer2, photo = WIDTHS
    beside = number < _PHOTO_ROWS
    last = answer2 if beside else answer2 + photo
    span = 1 if beside else 2
    cells = [cell(line[0][0], label, label=True, size=9.5)]
    if len(line) == 2:
        cells += [
            _room(line[0][1], answer),
            cell(line[1][0], label2, label=True, size=9.5),
            _room(line[1][1], last, span=span),
        ]
    else:
        cells.append(_room(line[0][1], answer + label2 + last, span=span + 2))
    if beside:
        text = "贴照片处" if number == 0 else ""
        merge = "continue" if number else "restart"
        cells.append(cell(text, photo, merge=merge, align="center", size=9))
    return row(*cells, height=10 if beside else 14 if line[0][1] == "\n\n" else 7)


def _room(text: str, width: int, span: int = 1) -> Any:
    return cell(text.strip("\n"), width, span=span, size=9.5 if text else 10.5)


def _pledges(form: BlankForm) -> list[Any]:
    label, rest = WIDTHS[0], sum(WIDTHS[1:])
    texts = {
        "本人声明": "\n".join(f"□{text}" for text in form.declarations),
        "本人同意": "\n".join(f"□{text}" for text in form.consents),
        "本人签名": "以上所填属实。　　签名　　　　　　　　　　　　　　　　年　　月　　日",
    }
    return [
        row(
            cell(name, label, label=True, size=9.5),
            cell(text, rest, span=4, size=9),
            height=8,
        )
        for name, text in texts.items()
    ]


def _seals() -> Any:
    label, answer, label2, answer2, photo = WIDTHS
    words = "\n\n（{}）　\n\n年　　月　　日　"
    return row(
        cell("单位意见", label, label=True, size=9.5),
        cell(words.format("单位公章"), answer, align="right"),
        cell("协会意见", label2, label=True, size=9.5),
        cell(words.format("协会盖章"), answer2 + photo, span=2, align="right"),
        height=28,
    )
