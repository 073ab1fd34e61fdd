"""How answers read: the catalogue's rows with values in words, sealed ones in part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ..domain import regions
from ..domain.fields import FIELDS, Field, Section
from ..domain.masking import mask_email, mask_number, mask_phone
from ..domain.vocabulary import Availability, Declaration, IdType, Labelled, ServiceArea
from ..models import Application
from ..vault import Vault
from .answering import SEALED, read_one

Row = tuple[Field, str]

_AREAS, _TIMES = dict(ServiceArea.choices()), dict(Availability.choices())
_DECLARATIONS = frozenset(declaration.value for declaration in Declaration)


def shown_application(
    application: Application, vault: Vault, *, revealed: frozenset[str] = frozenset()
) -> dict[Section, list[Row]]:
    """A stored application by section. Sealed answers are masked unless named in `revealed`."""
    values: dict[str, Any] = {
        field.name: getattr(application, field.name)
        for field in FIELDS
        if field.name not in SEALED and hasattr(application, field.name)
    }
    values |= {consent.kind.value: consent.given for consent in application.consents}
    values |= masked(application, vault) | {
        name: application.open(name, vault) for name in revealed if name in SEALED
    }
    return by_section(values)


def masked(application: Application, vault: Vault) -> dict[str, str]:
    email, wechat = application.open("email", vault), application.open("wechat", vault)
    return {
        "id_number": mask_number(application.id_number_last4, application.id_type),
        "phone": mask_phone(application.phone_last4),
        "email": mask_email(email) if email else "",
        "wechat": f"{wechat[:2]}***" if wechat else "",
    }


def by_section(values: Mapping[str, Any]) -> dict[Section, list[Row]]:
    """Domain values by field name, in words, in the order of the catalogue."""
    return {
        section: [
            (field, in_words(field.name, values.get(field.name)))
            for field in FIELDS
            if field.section is section
        ]
        for section in Section
    }


def in_words(name: str, value: Any) -> str:
    """One answer as people read it; empty when nothing was given."""
    if name in _DECLARATIONS:
        return "已声明" if value else "没有声明"
    if isinstance(value, bool):
        return "同意" if value else "不同意"
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return _LOOKED_UP[name](value) if name in _LOOKED_UP and value else str(value or "")


def kept_in_words(name: str, value: Any) -> str:
    """One answer as a draft keeps it (JSON), in words; as it stands where it cannot be read."""
    try:
        return in_words(name, read_one(name, value))
    except (ValueError, LookupError):
        return str(value)


_LOOKED_UP: dict[str, Any] = {
    "region": lambda code: regions.region(code).name,
    "county": lambda code: regions.county(code).name,
    "service_areas": lambda values: "、".join(_AREAS.get(value, value) for value in values),
    "availability": lambda values: "、".join(_TIMES.get(value, value) for value in values),
}


def masked_answers(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of a draft for the check page: the applicant's own, numbers still in part."""
    id_type = given.get("id_type", IdType.RESIDENT_ID)
    number, phone = given.get("id_number"), given.get("phone")
    shown = dict(given)
    if number:
        shown["id_number"] = mask_number(number[-4:], id_type)
    if phone:
        shown["phone"] = mask_phone(phone[-4:])
    return shown
