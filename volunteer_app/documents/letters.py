"""The text of an e-mail: a file for each kind, its first line the subject, see domain.wording."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from ..domain.messages import MessageKind
from ..domain.wording import fill

_PACKAGE = Path(__file__).parent.parent
#: Beside the package in a checkout and inside it in a wheel.
_FOLDER = next(
    path
    for path in (_PACKAGE / "templates" / "mail", _PACKAGE.parent / "templates" / "mail")
    if path.is_dir()
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a letter may say. No identity number and no phone of the person is among it; days and
    numbers are written out, empty is what does not apply. `mailbox` is where answers go."""

    name: str
    recruitment: str
    association: str
    contact: str
    mailbox: str
    reference: str = ""
    look_up: str = ""
    reason: str = ""
    fields: str = ""
    due_on: str = ""
    starts_on: str = ""
    ends_on: str = ""
    terminated_on: str = ""
    number: str = ""
    verify: str = ""
    unit: str = ""
    private_link: str = ""
    expires_on: str = ""
    opens_on: str = ""
    closes_on: str = ""
    days_left: str = ""
    outstanding: str = ""
    request: str = ""
    closed_on: str = ""
    renewal: str = ""


@dataclass(frozen=True)
class Letter:
    """Subject on one line, and the text."""

    subject: str
    text: str


@cache
def standard(kind: MessageKind) -> Letter:
    """The wording of the file, with its placeholders and without the foot."""
    whole = (_FOLDER / f"{kind.value}.txt").read_text(encoding="utf-8")
    subject, _line, text = whole.partition("\n")
    return Letter(subject, text.strip() + "\n")


@cache
def kinds() -> tuple[MessageKind, ...]:
    """Those that have a file."""
    return tuple(kind for kind in MessageKind if (_FOLDER / f"{kind.value}.txt").is_file())


@cache
def foot() -> str:
    """What stands below every letter, with its placeholders."""
    return (_FOLDER / "_foot.txt").read_text(encoding="utf-8")


def write(wording: Letter, facts: Facts, *, below: bool = True) -> Letter:
    """The wording with its values, and the foot below. Raises KeyError for an unknown one."""
    values = dataclasses.asdict(facts)
    subject = fill(wording.subject, values)
    text = f"{wording.text.rstrip()}\n\n{foot()}" if below else wording.text
    return Letter(" ".join(subject.split()), fill(text, values))


def envelope(
    letter: Letter,
    facts: Facts,
    *,
    sender: str,
    recipient: str,
    name: str,
    at: dt.datetime,
    enclosed: Mapping[str, bytes] | None = None,
) -> EmailMessage:
    """The letter with its headers. `name` stays the same however often it is sent, so that a
    double can be recognised by its Message-ID. `enclosed` are PDFs by their file names."""
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = Address(" ".join(facts.association.split()), addr_spec=sender)
    message["To"] = recipient
    message["Reply-To"] = facts.mailbox
    message["Date"] = at
    message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    for filename, content in (enclosed or {}).items():
        message.add_attachment(content, maintype="application", subtype="pdf", filename=filename)
    return message
