"""Which part of 花名册 a request asks for, for the list itself and for what is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from ..db import db
from ..models import Recruitment
from ..services import finding, recruiting
from .access import current_staff
from .clock import today
from .narrowing import roster_args, roster_filter


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The filter of this request, as the query and as an address."""

    recruitments: list[Recruitment]
    recruitment: Recruitment | None
    filters: finding.RosterFilter
    args: dict[str, Any]


def asked() -> Asked:
    recruitments = recruiting.all_recruitments(db.session)
    slug, staff = request.args.get("recruitment"), current_staff()
    chosen = next((each for each in recruitments if each.slug == slug), None)
    filters = roster_filter(request.args, chosen, staff, today=today())
    args = roster_args(filters, chosen, staff, today=today())
    return Asked(recruitments=recruitments, recruitment=chosen, filters=filters, args=args)


def own_words(wanted: Asked) -> dict[str, str]:
    """Words of the filters that only this list has."""
    words = {}
    if wanted.recruitment:
        words["recruitment"] = wanted.recruitment.title
    if wanted.filters.status:
        words["status"] = wanted.filters.status.label
    return words
