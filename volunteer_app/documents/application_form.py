"""报名表, filled in: what an applicant keeps and staff put on file.

Numbers, phone, e-mail and WeChat are masked but for what `showing.shown_application` leaves of
them, unless named in `revealed`. The pages name them only for the browser that submitted, for an
hour; who looks up an application, and staff, get them in part.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ..domain.consents import CONSENT_TEXTS, DECLARATION_TEXTS
from ..domain.fields import FIELDS, Section
from ..domain.terms import day_of
from ..domain.vocabulary import Channel
from ..models import Application, Association
from ..services import showing
from ..vault import Vault
from . import typesetting
from .rows import Row, paired

_DECLARATIONS = {declaration.value: text for declaration, text in DECLARATION_TEXTS.items()}
_CONSENTS = {consent.value: text.label for consent, text in CONSENT_TEXTS.items()}
#: What a pledge that was given reads.
_SAID = frozenset(("已声明", "同意"))


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """All that stands on the form. `pledges` and `consents` say whether each sentence holds;
    `photo` is a JPEG, a PNG or None; `numbers_masked` is told on the form."""

    association: str
    recruitment: str
    reference: str
    submitted: str
    channel: str
    by_unit: bool
    rows: Sequence[Row]
    declarations: Sequence[tuple[bool, str]]
    consents: Sequence[tuple[bool, str]]
    numbers_masked: bool
    photo: bytes | None = None

    @property
    def lines(self) -> list[list[Row]]:
        return paired(self.rows)

    @property
    def photo_address(self) -> str:
        """The photo as a data: address; empty where there is none."""
        if not self.photo:
            return ""
        kind = "png" if self.photo.startswith(b"\x89PNG") else "jpeg"
        return f"data:image/{kind};base64,{base64.b64encode(self.photo).decode()}"


def filled_form(
    application: Application,
    vault: Vault,
    *,
    association: Association,
    photo: bytes | None = None,
    revealed: frozenset[str] = frozenset(),
) -> FilledForm:
    """A stored application in words, in the order of the catalogue."""
    sections = showing.shown_application(application, vault, revealed=revealed)
    said = {field.name: value in _SAID for field, value in sections[Section.PLEDGES]}
    day = application.received_on or day_of(application.submitted_at)
    return FilledForm(
        association=association.name,
        recruitment=application.recruitment.title,
        reference=application.reference,
        submitted=showing.in_words("submitted", day),
        channel=application.channel.label,
        by_unit=application.channel is Channel.UNIT,
        rows=[
            (field.label, value)
            for section, answers in sections.items()
            if section is not Section.PLEDGES
            for field, value in answers
        ],
        declarations=[(said[name], text) for name, text in _DECLARATIONS.items()],
        consents=[(said[name], text) for name, text in _CONSENTS.items()],
        numbers_masked="id_number" not in revealed,
        photo=photo,
    )


def pdf(form: FilledForm) -> bytes:
    """A4, one page unless somebody wrote a great deal."""
    content = asdict(form) | {"lines": form.lines, "photo": _framed(form.photo_address)}
    return typesetting.pdf("application_form", content)


def _framed(address: str) -> str:
    """The photo cut to the shape of its frame, 25 to 35, as a drawing around it: a template gets
    nothing but text."""
    if not address:
        return ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' width="250" height="350" viewBox="0 0 250 350"><image width="250" height="350"'
        f' preserveAspectRatio="xMidYMid slice" xlink:href="{address}"/></svg>'
    )


def unprintable(application: Application) -> list[tuple[str, str]]:
    """(label, characters) of the answers in clear with characters that no font here has."""
    found = []
    for field in FIELDS:
        value = getattr(application, field.name, None)
        missing = typesetting.missing_glyphs(value) if isinstance(value, str) else []
        if missing:
            found.append((field.label, "".join(missing)))
    return found
