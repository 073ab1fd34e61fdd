"""推荐表: what a unit prints, seals and sends back, as PDF and as Word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from . import typesetting
from .qr import qr_svg

#: Lines of a list that is set in the process that asks for it.
_FEW = 100
#: Headings of the list; a nominee's line has its cells in this order.
HEADINGS = ("序号", "姓名", "性别", "出生日期", "证件号码", "学历", "工作单位、职务", "手机号码")


@dataclass(frozen=True, kw_only=True)
class NomineeLine:
    """One person of the list, every answer in words; numbers are masked but for the last four."""

    number: int
    name: str
    gender: str = ""
    birth: str = ""
    id_masked: str = ""
    education: str = ""
    employer: str = ""
    job_title: str = ""
    phone_masked: str = ""

    def cells(self) -> list[str]:
        work = "，".join(filter(None, (self.employer, self.job_title)))
        return [
            str(self.number),
            self.name,
            self.gender,
            self.birth,
            self.id_masked,
            self.education,
            work,
            self.phone_masked,
        ]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All that stands on the form. `uscc` is None where the unit has none, with the `reason`;
    `code` is the 核对码 of the content, `url` the address that the QR code leads to."""

    recruitment: str
    association: str
    association_address: str
    association_mailbox: str
    reference: str
    unit_name: str
    uscc: str | None
    reason: str = ""
    region: str
    contact_name: str
    contact_phone: str
    contact_email: str = ""
    code: str
    url: str
    nominees: Sequence[NomineeLine] = ()

    def unit_rows(self) -> list[tuple[str, str]]:
        """(label, text) of the unit, in the order of the form."""
        without = f"没有。{self.reason}" if self.reason else "没有"
        return [
            ("单位全称", self.unit_name),
            ("统一社会信用代码", self.uscc or without),
            ("所在市", self.region),
            ("推荐编号", self.reference),
            ("联系人", self.contact_name),
            ("联系电话", self.contact_phone),
            ("电子邮箱", self.contact_email),
        ]


def pdf(sheet: Sheet, *, apart: bool = False) -> bytes:
    """A4, the code and its QR on every page, the list's headings too. `apart`: in a process of its
    own even where it is short."""
    content = asdict(sheet) | {
        "unit": sheet.unit_rows(),
        "headings": HEADINGS,
        "lines": [line.cells() for line in sheet.nominees],
        "qr": qr_svg(sheet.url),
    }
    del content["nominees"]
    return typesetting.pdf("recommendation_form", content, many=apart or len(sheet.nominees) > _FEW)


def docx(sheet: Sheet) -> bytes:
    """The same for Word: A4, the code and its QR in the header of every page."""
    from .recommendation_word import write

    return write(sheet, HEADINGS)
