"""聘书 on paper: who, until when, which number; one page each, however long a name is."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

import pypdfium2
import pytest
from PIL import Image

from tests.documents.reading import pages, positions
from volunteer_app.documents import certificate
from volunteer_app.documents.certificate import Facts

FACTS = Facts(
    name="乔秀兰",
    association="山西省消费者协会",
    starts_on=dt.date(2027, 9, 1),
    ends_on=dt.date(2029, 8, 31),
    number="晋消志聘〔2027〕第0042号",
    code="K7M4-2RQX-9",
    issued_on=dt.date(2027, 8, 12),
    link="https://volunteer.example.cn/verify/K7M4-2RQX-9",
)


def red(transparent: bool = True) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", (60, 60), (200, 0, 0, 90 if transparent else 255)).save(written, "PNG")
    return written.getvalue()


def test_a_certificate_says_who_for_how_long_and_by_whom() -> None:
    [page] = pages(certificate.pdf(FACTS))

    positions(
        page, ["聘书", "乔秀兰同志：", "兹聘请您担任山西省消费者协会消费维权志愿者，聘期两年"]
    )
    positions(page, ["自2027年9月1日起至2029年8月31日止。", "期满自行解聘。"])
    positions(page, ["编号晋消志聘〔2027〕第0042号", "查验码K7M4-2RQX-9"])
    positions(page, ["扫码或者在volunteer.example.cn/verify查验"])
    positions(page, ["山西省消费者协会", "2027年8月12日"])


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "term"),
    [
        (dt.date(2028, 2, 29), dt.date(2030, 2, 28), "聘期两年，"),
        (dt.date(2027, 9, 1), dt.date(2028, 8, 31), "聘期一年，"),
        (dt.date(2027, 1, 1), dt.date(2036, 12, 31), "聘期十年，"),
        (dt.date(2027, 9, 1), dt.date(2029, 9, 1), "聘期"),
    ],
)
def test_the_term_is_in_words_where_it_is_whole_years(
    starts_on: dt.date, ends_on: dt.date, term: str
) -> None:
    facts = dataclasses.replace(FACTS, starts_on=starts_on, ends_on=ends_on)

    assert facts.appointed.endswith(f"志愿者，{term}")


@pytest.mark.parametrize(
    "name",
    [
        "欧阳·𠮷",
        "阿卜杜热合曼·买买提吐尔逊艾合麦提江·阿布都克里木江·吐尔逊江·艾山江库尔班江",
        "Maria Fernanda Guimarães Rodrigues de Albuquerque e Vasconcelos-Ólafsdóttir",
        "长" * 80,
        r"#read(1) $x$ *粗* _斜_ [方] @引用 <a> `码` // 注 \u{41}",
    ],
)
def test_a_name_is_printed_whole_on_one_page(name: str) -> None:
    facts = dataclasses.replace(FACTS, name=name, association="消费者权益保护委员会" * 6)

    [page] = pages(certificate.pdf(facts, seal=red()))

    shown = "".join(name.replace("𠮷", "〔U+20BB7〕").split())
    positions(page, [f"{shown}同志：", "期满自行解聘。", FACTS.number])


def size(content: bytes) -> tuple[int, int]:
    width, height = pypdfium2.PdfDocument(content)[0].get_size()
    return round(width / 72 * 25.4), round(height / 72 * 25.4)


def pixel(content: bytes, across: float, down: float) -> tuple[int, int, int]:
    """The colour at that place of the page, in millimetres from its upper left corner."""
    picture = pypdfium2.PdfDocument(content)[0].render(scale=25.4 / 72).to_pil().convert("RGB")
    found = picture.getpixel((round(across), round(down)))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def test_it_is_a4_landscape_with_the_seal_across_the_date_or_room_for_one() -> None:
    without, sealed = certificate.pdf(FACTS), certificate.pdf(FACTS, seal=red(transparent=False))

    assert size(without) == size(sealed) == (297, 210)
    beside_the_date = (212 - 19, 160)
    assert pixel(without, *beside_the_date) == (255, 255, 255)
    reddish = pixel(sealed, *beside_the_date)
    assert reddish[0] > 180
    assert reddish[1] < 40


def test_many_are_one_document_in_the_order_given() -> None:
    many = [dataclasses.replace(FACTS, name=f"第{number}人") for number in range(12)]

    found = pages(certificate.pdf_of_many(many, seal=red()))

    assert len(found) == 12
    assert [page.partition("同志")[0].removeprefix("聘书") for page in found] == [
        f"第{number}人" for number in range(12)
    ]


def test_none_is_no_document() -> None:
    with pytest.raises(ValueError, match="a page"):
        certificate.pdf_of_many([])
