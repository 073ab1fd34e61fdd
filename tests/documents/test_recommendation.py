"""推荐表 and 确认书: the code on every page, everybody on the list, one page a letter."""

from __future__ import annotations

import dataclasses

import pytest

from tests.documents.reading import pages, positions, word, word_text
from volunteer_app.documents import confirmation_letters, recommendation_form
from volunteer_app.documents.confirmation_letters import Letter
from volunteer_app.documents.recommendation_form import HEADINGS, NomineeLine, Sheet
from volunteer_app.domain.consents import CONSENT_TEXTS, DECLARATION_TEXTS

CODE = "H3KP-7WQD"


def sheet(count: int) -> Sheet:
    return Sheet(
        recruitment="2027年度招募",
        association="山西省消费者协会",
        association_address="太原市府西街29号",
        association_mailbox="sxxsjdb@163.com",
        reference="K7M4-2RQX-9",
        unit_name="晋阳老年大学 #[校区] $1$",
        uscc="51140000500600700X",
        region="太原市",
        contact_name="欧阳·𠮷",
        contact_phone="13900000001",
        code=CODE,
        url="https://volunteer.example.cn/recommend/K7M4-2RQX-9",
        nominees=[
            NomineeLine(
                number=number,
                name=f"乔秀兰{number}号",
                gender="女",
                birth="1990年3月7日",
                id_masked="*" * 14 + "4127",
                education="本科",
                employer="某某社区",
                job_title="主任",
                phone_masked="*" * 7 + "0001",
            )
            for number in range(1, count + 1)
        ],
    )


@pytest.mark.parametrize(("count", "fewest"), [(0, 1), (1, 1), (30, 2), (101, 3), (2000, 50)])
def test_everybody_is_on_the_list_and_the_code_on_every_page(count: int, fewest: int) -> None:
    found = pages(recommendation_form.pdf(sheet(count)))

    assert len(found) >= fewest
    assert [page.count(CODE) for page in found] == [1] * len(found)
    whole = "".join(found)
    assert [number for number in range(1, count + 1) if f"乔秀兰{number}号" not in whole] == []
    heads = "".join(HEADINGS)
    assert all(heads in page for page in found if "号女" in page)
    assert f"第1页，共{len(found)}页" in found[0]
    positions(found[-1], [f"以上{count}人", "（单位公章）", "年月日"])


def test_the_unit_stands_on_it_as_it_was_written() -> None:
    [page] = pages(recommendation_form.pdf(sheet(2)))

    assert "晋阳老年大学#[校区]$1$" in page
    assert "51140000500600700X" in page
    assert "欧阳·〔U+20BB7〕" in page


def test_a_unit_without_a_number_says_why() -> None:
    without = dataclasses.replace(sheet(1), uscc=None, reason="村民小组，没有登记。")

    assert "没有。村民小组，没有登记。" in pages(recommendation_form.pdf(without))[0]


def test_the_form_is_the_same_in_word() -> None:
    content = recommendation_form.docx(sheet(30))

    text = word_text(content)
    names = [f"乔秀兰{number}号" for number in range(1, 31)]
    positions(text, ["单位全称", "晋阳老年大学#[校区]$1$", *HEADINGS, *names, "（单位公章）"])
    header = word(content).sections[0].header
    assert CODE in header.paragraphs[0].text
    assert "graphic" in header._element.xml
    assert "w:tblHeader" in word(content).element.xml
    assert "NUMPAGES" in word(content).sections[0].footer._element.xml


def letter(number: int, **overrides: str) -> Letter:
    rows = {"姓名": f"乔秀兰{number}号", "性别": "女", "专业特长": "食品检验"} | overrides
    return Letter(
        recruitment="2027年度招募",
        association="山西省消费者协会",
        association_address="太原市府西街29号",
        association_mailbox="sxxsjdb@163.com",
        unit_name="晋阳老年大学",
        reference="K7M4-2RQX-9",
        number=number,
        name=f"乔秀兰{number}号",
        rows=list(rows.items()),
        link=f"https://volunteer.example.cn/nominee/{'x' * 32}{number}",
        answer_by="2027年8月30日",
    )


def test_each_nominee_has_one_page_with_their_own_link() -> None:
    letters = [
        letter(1),
        letter(2, 专业特长="很长" * 500, 学法用法和维权经历="也长" * 500),
        letter(3),
    ]

    found = pages(confirmation_letters.pdf(letters))

    assert len(found) == 3
    for page, each in zip(found, letters, strict=True):
        assert each.link in page
        positions(
            page, [f"{each.name}：", "晋阳老年大学推荐您", "性别", *DECLARATION_TEXTS.values()]
        )
        positions(page, [text.label for text in CONSENT_TEXTS.values()])
        positions(page, ["我愿意参加", "我不愿意参加", "本人签名"])
    assert "（全文在网上看）" in found[1]


def test_no_letters_are_no_document() -> None:
    with pytest.raises(ValueError, match="needs a page"):
        confirmation_letters.pdf([])
