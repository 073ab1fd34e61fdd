"""聘书: what somebody hangs on a wall, and anybody can check by its code. A4 landscape."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ..domain.appointments import term_in_words
from ..domain.days import in_words
from ..domain.terms import day_of, whole_years
from ..models import Appointment
from . import typesetting
from .qr import qr_svg

#: Certificates that are set in the process that asks for them.
_FEW = 5


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that stands on one certificate; both days are in the term. `issued_on` is the day on
    which this one was made out, `link` the address that its code is looked up at."""

    name: str
    association: str
    starts_on: dt.date
    ends_on: dt.date
    number: str
    code: str
    issued_on: dt.date
    link: str

    @property
    def appointed(self) -> str:
        """How the sentence begins; 自 the first day 起至 the last day 止 follows."""
        years = whole_years(self.starts_on, self.ends_on)
        term = f"聘期{term_in_words(years)}，" if years else "聘期"
        return f"兹聘请您担任{self.association}消费维权志愿者，{term}"

    @property
    def first_day(self) -> str:
        return in_words(self.starts_on)

    @property
    def last_day(self) -> str:
        return in_words(self.ends_on)

    @property
    def issued(self) -> str:
        return in_words(self.issued_on)

    @property
    def site(self) -> str:
        """Where the code is typed by who cannot scan: the address without the code."""
        return self.link.partition("://")[2].rpartition("/")[0]


def facts_of(appointment: Appointment, *, association: str, link: str) -> Facts:
    """The certificate that is valid now. It bears the day it was made out, as a document does: a
    first one that of the approval, one that replaces it its own."""
    certificate = appointment.certificates[-1]
    return Facts(
        name=appointment.application.name,
        association=association,
        starts_on=appointment.starts_on,
        ends_on=appointment.ends_on,
        number=appointment.number,
        code=certificate.code,
        issued_on=day_of(certificate.issued_at),
        link=link,
    )


def pdf(certificate: Facts, *, seal: bytes | None = None) -> bytes:
    """One page. `seal` is a PNG, None leaves room for the stamp."""
    return pdf_of_many([certificate], seal=seal)


def pdf_of_many(certificates: Sequence[Facts], *, seal: bytes | None = None) -> bytes:
    """One page each, in the order given. Raises ValueError where there is none."""
    if not certificates:
        raise ValueError("a document needs a page")
    content = {  # a picture as numbers: in a drawing it would be decoded anew for each page
        "certificates": [_written(each) for each in certificates],
        "seal": list(seal or b""),
    }
    return typesetting.pdf("certificate", content, many=len(certificates) > _FEW)


def seal_address(seal: bytes) -> str:
    """The seal as a data: address."""
    return f"data:image/png;base64,{base64.b64encode(seal).decode()}"


def _written(certificate: Facts) -> dict[str, str]:
    return {
        "name": certificate.name,
        "association": certificate.association,
        "appointed": certificate.appointed,
        "first_day": certificate.first_day,
        "last_day": certificate.last_day,
        "number": certificate.number,
        "code": certificate.code,
        "issued": certificate.issued,
        "site": certificate.site,
        "qr": qr_svg(certificate.link),
    }
