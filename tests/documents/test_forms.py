"""The printed forms: every answer in the order of the catalogue, as it was written."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import pytest
from PIL import Image

from tests.documents.reading import pages, positions, word, word_text
from volunteer_app.documents import application_form, blank_form
from volunteer_app.documents.application_form import FilledForm
from volunteer_app.documents.blank_form import BlankForm
from volunteer_app.documents.rows import paired
from volunteer_app.domain.consents import CONSENT_TEXTS, DECLARATION_TEXTS
from volunteer_app.domain.fields import FIELDS, Section
from volunteer_app.domain.vocabulary import ServiceArea

ASKED = [field for field in FIELDS if field.section is not Section.PLEDGES]


def filled(**overrides: Any) -> FilledForm:
    """Each answer is its field's own name in words, so that none is taken for another."""
    given = {field.name: f"{number}号答案" for number, field in enumerate(ASKED, 1)} | overrides
    return FilledForm(
        association="山西省消费者协会",
        recruitment="2027年度招募",
        reference="K7M4-2RQX-9",
        submitted="2027年8月12日",
        channel="个人报名",
        by_unit=False,
        rows=[(field.label, given[field.name]) for field in ASKED],
        declarations=[(True, text) for text in DECLARATION_TEXTS.values()],
        consents=[(True, text.label) for text in CONSENT_TEXTS.values()],
        numbers_masked=True,
    )


def test_the_filled_form_has_every_answer_in_the_order_of_the_catalogue() -> None:
    form = filled()

    [page] = pages(application_form.pdf(form))

    answers = [text for _label, text in form.rows]
    pledges = [text for _given, text in [*form.declarations, *form.consents]]
    opinion = ["本人签名", "协会意见", "协会盖章"]
    positions(page, ["消费维权志愿者报名表", "K7M4-2RQX-9", *answers, *pledges, *opinion])
    assert "贴照片处" in page
    assert "单位意见" not in page


def test_a_unit_has_room_for_its_seal() -> None:
    [page] = pages(application_form.pdf(dataclasses.replace(filled(), by_unit=True)))

    positions(page, ["单位意见", "（单位公章）", "协会意见", "（协会盖章）"])


MARKUP = r"#read(1) $x$ *粗* _斜_ [方] \n @引用 <a> `码` // 注 \u{41} ~ = 题"


def test_what_a_person_wrote_is_printed_as_it_is() -> None:
    [page] = pages(application_form.pdf(filled(speciality=MARKUP, name="欧阳·𠮷")))

    assert "".join(MARKUP.split()) in page
    assert "欧阳·〔U+20BB7〕" in page


def test_long_answers_take_a_second_page_and_lose_nothing() -> None:
    long = "".join(f"{number}条，" for number in range(300))

    found = pages(application_form.pdf(filled(speciality=long[:1000], experience=long[:1000])))

    assert len(found) == 2
    assert found[0].count("条") + found[1].count("条") == 2 * long[:1000].count("条")
    assert [page[-7:] for page in found] == ["第1页，共2页", "第2页，共2页"]


def test_a_long_address_without_a_blank_stays_in_its_cell() -> None:
    address = "a" * 100 + "@example.com"

    [page] = pages(application_form.pdf(filled(email=address)))

    assert address in page


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_photo_is_in_its_place(kind: str) -> None:
    written = io.BytesIO()
    Image.new("RGB", (60, 80), "red").save(written, kind)

    with_photo = application_form.pdf(dataclasses.replace(filled(), photo=written.getvalue()))

    assert "贴照片处" not in pages(with_photo)[0]
    assert b"/Subtype /Image" in with_photo or b"/Subtype/Image" in with_photo


@pytest.fixture
def blank() -> BlankForm:
    rows = [(field.label, blank_form._cell(field.name)) for field in ASKED]
    return BlankForm(
        association="山西省消费者协会",
        recruitment="2027年度招募",
        rows=rows,
        conditions=["18至65周岁（按8月30日计算）", "学历在高中及以上"],
        return_to=["2027年8月30日24时前交到太原市府西街29号，或发到sxxsjdb@163.com。"],
        declarations=list(DECLARATION_TEXTS.values()),
        consents=[text.label for text in CONSENT_TEXTS.values()],
    )


def test_the_blank_form_asks_what_the_catalogue_asks_on_one_page(blank: BlankForm) -> None:
    [page] = pages(blank_form.pdf(blank))

    labels = [field.label for field in ASKED]
    ends = ["单位意见", "协会意见", "条件", "交表", "府西街29号", "sxxsjdb@163.com"]
    positions(page, ["贴照片处"])
    positions(page, [*labels, *blank.declarations, *blank.consents, *ends])
    assert all(area.label in page for area in ServiceArea)


def test_the_blank_form_is_the_same_in_word(blank: BlankForm) -> None:
    content = blank_form.docx(blank)

    text = word_text(content)
    labels = [field.label for field in ASKED]
    positions(text, [*labels, *blank.declarations, *blank.consents, "单位意见", "协会意见"])
    assert "□商品监督□服务监督" in text
    section = word(content).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 'w:eastAsia="仿宋"' in word(content).element.xml


def test_two_short_answers_share_a_line_and_a_long_one_has_its_own() -> None:
    rows = [("姓名", "乔秀兰"), ("性别", "女"), ("市", "太原市"), ("地址", "长" * 30), ("职业", "")]

    assert paired(rows) == [[rows[0], rows[1]], [rows[2]], [rows[3]], [rows[4]]]
