"""The text of an e-mail: one template for each kind, its first line the subject."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..domain.messages import MessageKind

_PACKAGE = Path(__file__).parent.parent
#: Beside the package in a checkout and inside it in a wheel.
_FOLDER = next(
    path
    for path in (_PACKAGE / "templates" / "mail", _PACKAGE.parent / "templates" / "mail")
    if path.is_dir()
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a letter may say. No identity number and no phone of the person is among it; days
    are written out, `fields` are labels, empty is what does not apply."""

    name: str
    reference: str
    recruitment: str
    association: str
    telephone: str
    office_hours: str
    mailbox: str
    look_up: str
    reason: str = ""
    fields: tuple[str, ...] = ()
    due_on: str = ""
    starts_on: str = ""
    ends_on: str = ""
    unit: str = ""
    private_link: str = ""


@dataclass(frozen=True)
class Letter:
    """Subject on one line, and the text."""

    subject: str
    text: str


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - text/plain
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def write(kind: MessageKind, facts: Facts) -> Letter:
    """Raises jinja2.UndefinedError where a template asks for what is not known."""
    values = {each.name: getattr(facts, each.name) for each in dataclasses.fields(facts)}
    whole = _templates().get_template(f"{kind.value}.txt").render(values)
    subject, _line, text = whole.partition("\n")
    return Letter(" ".join(subject.split()), _without_gaps(text))


def _without_gaps(text: str) -> str:
    """At most one empty line in a row, where a part was left out."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


def envelope(
    letter: Letter, facts: Facts, *, sender: str, recipient: str, name: str, at: dt.datetime
) -> EmailMessage:
    """The letter with its headers. `name` stays the same however often it is sent, so that a
    double can be recognised by its Message-ID."""
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = Address(" ".join(facts.association.split()), addr_spec=sender)
    message["To"] = recipient
    message["Reply-To"] = facts.mailbox
    message["Date"] = at
    message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
