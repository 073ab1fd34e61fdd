"""Filters in an address: read leniently, written back, one link to remove each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ..domain import regions
from ..domain.appointments import NOTICE_DAYS
from ..domain.codes import normalise_reference
from ..domain.days import read_day
from ..domain.refusal import Invalid
from ..domain.text import clean_line
from ..domain.vocabulary import Channel, Labelled, Status, TermStatus, Verdict
from ..models import Recruitment, Staff
from ..services.finding import QueueFilter, RosterFilter
from . import clock

Args = Mapping[str, Any]
Member = TypeVar("Member", bound=Labelled)

#: Rows on one page of a list.
PAGE_SIZE = 50
_LONGEST_TEXT = 80


@dataclass(frozen=True)
class Chip:
    """One filter that is on: its word and the arguments of the address without it."""

    text: str
    args: dict[str, Any]


def one_of(kind: type[Member], text: str | None) -> Member | None:
    """The member with that value; None for anything else, which is no error."""
    return next((member for member in kind if member.value == text), None)


def region_of(args: Args, staff: Staff) -> str | None:
    """The prefecture that was asked for; for who is bound to one, that one."""
    if staff.region is not None:
        return staff.region
    code = args.get("region", "")
    return code if any(region.code == code for region in regions.REGIONS) else None


def name_or_reference(args: Args) -> str:
    """What is searched by an address: a phone or identity number never stands in one."""
    text = clean_line(args.get("q", ""))[:_LONGEST_TEXT]
    return "" if looks_like_a_number(text) else text


def looks_like_a_number(text: str) -> bool:
    """No name has a figure in it, so whatever has one is a number, unless it is a reference."""
    return any(map(str.isdigit, text)) and normalise_reference(text) is None


def queue_filter(args: Args, recruitment: Recruitment, staff: Staff) -> QueueFilter:
    """Without `status` the queue shows what waits for a reviewer; `all` shows everything.
    `overdue` goes with what waits for a correction."""
    status = None if args.get("status") == "all" else one_of(Status, args.get("status"))
    overdue = status is Status.RETURNED and args.get("overdue") == "1"
    return QueueFilter(
        recruitment_id=recruitment.id,
        status=status if status or args.get("status") == "all" else Status.SUBMITTED,
        region=region_of(args, staff),
        channel=one_of(Channel, args.get("channel")),
        outcome=one_of(Verdict, args.get("outcome")),
        renewal=args.get("renewal") == "yes",
        due_before=clock.today() if overdue else None,
        text=name_or_reference(args),
    )


def queue_args(filters: QueueFilter, recruitment: Recruitment, staff: Staff) -> dict[str, Any]:
    """The filter as an address carries it, without what goes without saying."""
    status = filters.status.value if filters.status else "all"
    given = {
        "recruitment": recruitment.slug,
        "status": "" if filters.status is Status.SUBMITTED else status,
        "region": (filters.region or "") if staff.region is None else "",
        "channel": _value(filters.channel),
        "outcome": _value(filters.outcome),
        "renewal": "yes" if filters.renewal else "",
        "overdue": "1" if filters.due_before else "",
        "q": filters.text,
    }
    return {name: value for name, value in given.items() if value}


def roster_filter(
    args: Args, recruitment: Recruitment | None, staff: Staff, *, today: dt.date
) -> RosterFilter:
    return RosterFilter(
        on=_day(args.get("on", "")) or today,
        recruitment_id=recruitment.id if recruitment else None,
        region=region_of(args, staff),
        status=one_of(TermStatus, args.get("status")),
        within=next((days for days in NOTICE_DAYS if str(days) == args.get("within")), None),
        text=name_or_reference(args),
    )


def roster_args(
    filters: RosterFilter, recruitment: Recruitment | None, staff: Staff, *, today: dt.date
) -> dict[str, Any]:
    given = {
        "recruitment": recruitment.slug if recruitment else "",
        "region": (filters.region or "") if staff.region is None else "",
        "status": _value(filters.status),
        "within": str(filters.within or ""),
        "on": "" if filters.on == today else filters.on.isoformat(),
        "q": filters.text,
    }
    return {name: value for name, value in given.items() if value}


def chips(args: Args, **more: str) -> list[Chip]:
    """One for each filter that is on; `more` names those whose word the list itself knows."""
    words = {name: _WORDS[name](value) for name, value in args.items() if name in _WORDS} | more
    return [
        Chip(words[name], {other: args[other] for other in args if other != name})
        for name in args
        if name in words
    ]


_WORDS: dict[str, Callable[[str], str]] = {
    "region": lambda code: regions.region(code).name,
    "channel": lambda value: Channel(value).label,
    "outcome": lambda value: Verdict(value).label,
    "renewal": lambda _value: "续聘",
    "overdue": lambda _: "补正已超期",
    "within": lambda days: f"{days}天内期满",
    "on": lambda value: f"{value}当日",
    "q": lambda value: f"“{value}”",
}


def _value(member: Labelled | None) -> str:
    return member.value if member else ""


def _day(text: str) -> dt.date | None:
    try:
        return read_day(text, field="on")
    except Invalid:
        return None
