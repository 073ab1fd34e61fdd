"""空白报名表: the fields of the catalogue, to fill in by pen or in Word, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.consents import CONSENT_TEXTS, DECLARATION_TEXTS
from ..domain.fields import FIELDS, Section
from ..domain.terms import Terms
from ..domain.vocabulary import (
    AgeReference,
    Availability,
    Education,
    Gender,
    IdType,
    Labelled,
    PoliticalStatus,
    ServiceArea,
)
from ..models import Association, Recruitment
from . import typesetting
from .rows import Row, paired

#: Fields whose answer is one of a short list, or several: they are printed as boxes to tick.
CHOICES: dict[str, type[Labelled]] = {
    "id_type": IdType,
    "gender": Gender,
    "education": Education,
    "political_status": PoliticalStatus,
    "service_areas": ServiceArea,
    "availability": Availability,
}
#: Fields that need room for a few sentences, and those that need the whole line.
ROOMY = frozenset(("speciality", "experience"))
_LONG = frozenset(("address",))


@dataclass(frozen=True, kw_only=True)
class BlankForm:
    """`rows` are (label, what is printed in the cell); `conditions` and `return_to` sentences."""

    association: str
    recruitment: str
    rows: list[Row]
    conditions: list[str]
    return_to: list[str]
    declarations: list[str]
    consents: list[str]

    @property
    def lines(self) -> list[list[Row]]:
        """As for a filled form: what needs the whole line is marked by a line break."""
        return paired(self.rows)


def blank_form(recruitment: Recruitment, association: Association) -> BlankForm:
    """What the notice's settings say today."""
    asked = [field for field in FIELDS if field.section is not Section.PLEDGES]
    return BlankForm(
        association=association.name,
        recruitment=recruitment.title,
        rows=[(field.label, _cell(field.name)) for field in asked],
        conditions=conditions(recruitment.terms),
        return_to=_return_to(recruitment, association),
        declarations=list(DECLARATION_TEXTS.values()),
        consents=[text.label for text in CONSENT_TEXTS.values()],
    )


def _cell(name: str) -> str:
    if name in CHOICES:
        return "　".join(f"□{label}" for _value, label in CHOICES[name].choices())
    return {True: "\n\n", False: ""}[name in ROOMY] or ("\n" if name in _LONG else "")


def conditions(terms: Terms) -> list[str]:
    """The notice's conditions in brief."""
    by_closing = terms.age_reference is AgeReference.CLOSING_DATE
    on = f"{terms.closes_on.month}月{terms.closes_on.day}日" if by_closing else "报名当日"
    relaxed = terms.relaxed_max is None or terms.relaxed_max > terms.age_max
    equals = terms.education_min in (Education.SENIOR_HIGH, Education.VOCATIONAL)
    education = "高中、中专、职高、技校" if equals else terms.education_min.label
    return [
        f"{terms.age_min}至{terms.age_max}周岁（按{on}计算）"
        + ("，有专业特长的经复核可以放宽" if relaxed else ""),
        f"学历在{education}及以上",
        "身体健康，遵纪守法，熟悉消费者权益保护法律法规和当地情况，有组织协调能力",
        f"以消费者身份自愿、无偿参加，聘期{terms.term_years}年",
    ]


def _return_to(recruitment: Recruitment, association: Association) -> list[str]:
    day = recruitment.closes_on
    telephone = f"电话{association.telephone}，" if association.telephone else ""
    return [
        f"{day.year}年{day.month}月{day.day}日24时前交到{association.address}，"
        f"或扫描后发到{association.mailbox}（{telephone}{association.office_hours}）。",
        "请附有关证明的复印件；有专业特长的，附资格证、职称证或单位证明。",
        "由单位推荐的，请单位在“单位意见”栏盖公章；个人报名的，这一栏不用填。",
    ]


def pdf(form: BlankForm) -> bytes:
    """A4, one page."""
    return typesetting.pdf(
        "blank_form",
        {
            "association": form.association,
            "recruitment": form.recruitment,
            "lines": form.lines,
            "conditions": form.conditions,
            "return_to": form.return_to,
            "declarations": [(False, text) for text in form.declarations],
            "consents": [(False, text) for text in form.consents],
        },
    )


def docx(form: BlankForm) -> bytes:
    """The same for Word, to be filled in there."""
    from .blank_word import write

    return write(form)
