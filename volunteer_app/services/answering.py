"""Answers: as kept in a draft (JSON), as the domain reads them, as an application stores them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from ..domain.fields import FIELDS
from ..domain.identity import (
    identity_key,
    last_four,
    read_number,
)
from ..domain.refusal import Invalid
from ..domain.vocabulary import Declaration, Education, Gender, IdType, PoliticalStatus
from ..models import Application
from ..vault import Vault

_READERS: dict[str, Callable[[Any], Any]] = {
    "id_type": IdType,
    "gender": Gender,
    "education": Education,
    "political_status": PoliticalStatus,
    "birth_date": dt.date.fromisoformat,
}

#: Columns that are kept sealed; the others are stored as answered.
SEALED = ("id_number", "phone", "email", "wechat")

_STORED = tuple(
    field.name
    for field in FIELDS
    if field.name not in SEALED and not field.name.startswith("consent")
)
_DECLARATIONS = frozenset(declaration.value for declaration in Declaration)


def read_answers(answers: Mapping[str, Any], *, on: dt.date) -> dict[str, Any]:
    """JSON answers in their domain form. For a card, birth date and gender are read from its
    number and whatever was typed for them is ignored. Raises Invalid for a wrong number."""
    given = {name: _read(name, value) for name, value in _given(answers)}
    return given | _identity(given, on) if "id_number" in given else given


def readable_answers(answers: Mapping[str, Any], *, on: dt.date) -> dict[str, Any]:
    """The same for a draft that may hold anything: what cannot be read is left out."""
    given: dict[str, Any] = {}
    for name, value in _given(answers):
        with suppress(ValueError):
            given[name] = _read(name, value)
    try:
        return given | _identity(given, on)
    except (Invalid, KeyError):
        return {name: value for name, value in given.items() if name != "id_number"}


def _given(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in answers.items():
        if value not in (None, "") and name not in _MARKS:
            yield name, value


def _read(name: str, value: Any) -> Any:
    return _READERS[name](value) if name in _READERS else value


def read_one(name: str, value: Any) -> Any:
    """One JSON answer in its domain form; what is empty stays so. Raises ValueError."""
    return value if value in (None, "") else _read(name, value)


def _identity(given: Mapping[str, Any], on: dt.date) -> dict[str, Any]:
    """What the number says, over what was typed beside it."""
    identity = read_number(given["id_type"], given["id_number"], on=on)
    said: dict[str, Any] = {"id_number": identity.number}
    if identity.birth_date is not None:
        said |= {"birth_date": identity.birth_date, "gender": identity.gender}
    return said


#: Marks in a draft that are not answers of the catalogue.
_MARKS = frozenset({"human_review", "complete", "by_link"})


def fill(application: Application, given: Mapping[str, Any], vault: Vault) -> list[str]:
    """Write domain answers into the columns; returns the names of the fields that changed.

    Only fields in `given` are touched, but for optional ones set to None or "" there.
    """
    changed = []
    for name in _STORED:
        if name in given:
            value = bool(given[name]) if name in _DECLARATIONS else given[name]
            if getattr(application, name, None) != value:
                setattr(application, name, value)
                changed.append(name)
    for name in SEALED:
        if name in given and _reseal(application, name, given[name] or "", vault):
            changed.append(name)
    if "id_number" in changed or "id_type" in changed:
        number = application.open("id_number", vault)
        key = identity_key(application.id_type, number)
        application.id_number_index = vault.index("id_number", key)
        application.id_number_last4 = last_four(number)
    if "phone" in changed:
        application.phone_index = vault.index("phone", given["phone"])
        application.phone_last4 = given["phone"][-4:]
    return changed


def _reseal(application: Application, name: str, text: str, vault: Vault) -> bool:
    if application.open(name, vault) == text:
        return False
    setattr(application, f"{name}_sealed", application.seal(name, text, vault) if text else None)
    return True


def answers_of(application: Application, vault: Vault) -> dict[str, Any]:
    """The stored answers as a draft would hold them, to fill a form again."""
    answers: dict[str, Any] = {name: _plain(getattr(application, name)) for name in _STORED}
    answers |= {name: application.open(name, vault) for name in SEALED}
    return answers


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return getattr(value, "value", value)
