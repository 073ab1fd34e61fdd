"""被推荐人确认书: one page a nominee, for those who confirm with a pen or by the link on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ..domain.consents import CONSENT_TEXTS, DECLARATION_TEXTS
from . import typesetting
from .qr import qr_svg
from .rows import Row, paired

#: Letters that are set in the process that asks for them.
_FEW = 10
#: Characters of one answer that leave the letter on its page.
_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Letter:
    """`rows` are (label, text) of what the unit wrote of the person; `link` is private to them;
    `answer_by` is the last day in words, empty where none is set."""

    recruitment: str
    association: str
    association_address: str
    association_mailbox: str
    unit_name: str
    reference: str
    number: int
    name: str
    rows: Sequence[tuple[str, str]]
    link: str
    answer_by: str = ""

    def lines(self) -> list[list[Row]]:
        return paired([(label, _shortened(text)) for label, text in self.rows], most=34)


def pdf(letters: Sequence[Letter]) -> bytes:
    """A4, one page a letter, in the order given: a very long answer is cut, and says so. Raises
    ValueError where there is no letter."""
    if not letters:
        raise ValueError("a document needs a page")
    content = {
        "declarations": list(DECLARATION_TEXTS.values()),
        "consents": [
            {"label": text.label, "text": text.text, "required": text.required}
            for text in CONSENT_TEXTS.values()
        ],
        "letters": [
            asdict(letter) | {"lines": letter.lines(), "qr": qr_svg(letter.link)}
            for letter in letters
        ],
    }
    return typesetting.pdf("confirmation_letters", content, many=len(letters) > _FEW)


def _shortened(text: str) -> str:
    text = " ".join(text.split("\n")) if len(text) > _MOST else text
    return f"{text[:_MOST]}……（全文在网上看）" if len(text) > _MOST else text
