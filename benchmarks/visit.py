"""What an applicant's errand costs the server, against the bare handler, round by round."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask

from volunteer_app.domain.vocabulary import Declaration, Gender
from volunteer_app.services.inventing import id_number

from .bare import ANSWERS, create_bare
from .instances import make_instance
from .measuring import Line, Visitor, ratios

ROUNDS = 40
WARM_UP = 3

Spent = dict[str, list[float]]
Steps = tuple[tuple[str, dict[str, Any]], ...]


def measure(folder: Path) -> Iterator[Line]:
    """Rounds of one bare visit and one whole errand, taking turns."""
    bare, ours = create_bare(folder / "bare.sqlite3"), make_instance(folder / "visit")
    spent: Spent = defaultdict(list)
    for number in range(WARM_UP + ROUNDS):
        if number == WARM_UP:
            spent.clear()
        _visit(bare, (("", ANSWERS),), "/", "bare", spent)
        _visit(ours, steps(number), "/apply/", "ours", spent)
    yield from _lines(spent)


def steps(number: int) -> Steps:
    """What one person answers; each person has another number."""
    day = f"{1970 + number % 30}-{1 + number % 9:02d}-{1 + number % 28:02d}"
    declared = dict.fromkeys((each.value for each in Declaration), "y")
    return (
        (
            "identity",
            {
                "name": "乔秀兰",
                "id_type": "resident_id",
                "id_number": number_of(day, number),
                "ethnicity": "汉族",
                "phone": f"139{number:08d}",
                "email": "a@example.com",
                "region": "140100",
                "county": "140105",
            },
        ),
        ("career", {"education": "bachelor", "political_status": "masses", "occupation": "教师"}),
        ("service", {"service_areas": "goods", "availability": "weekend"}),
        ("pledges", declared | {"consent": "y", "consent_sensitive": "y"}),
        ("check", {}),
    )


def number_of(day: str, number: int) -> str:
    return id_number("149900", dt.date.fromisoformat(day), number, Gender.FEMALE)


def _visit(app: Flask, errand: Steps, prefix: str, who: str, spent: Spent) -> None:
    visitor = Visitor(app)
    for place, answers in errand:
        page = visitor.get(prefix + place)
        spent[f"{who} GET {place}"].append(visitor.spent)
        visitor.post(prefix + place, page, answers)
        spent[f"{who} POST {place}"].append(visitor.spent)
    assert who == "bare" or visitor.location.endswith("/receipt"), visitor.location


def _lines(spent: Spent) -> Iterator[Line]:
    bare_get, bare_post = spent["bare GET "], spent["bare POST "]
    bare = [sum(pair) for pair in zip(bare_get, bare_post, strict=True)]
    yield Line(work="bare handler: GET + POST", values=bare, unit="ms CPU")
    for name, values in spent.items():
        yield Line(work=name.replace("ours", "errand:").strip(), values=values, unit="ms CPU")
    places = [place for place, _answers in steps(0)]
    ours = [values for name, values in spent.items() if name.startswith("ours")]
    errand = [sum(each) / len(places) for each in zip(*ours, strict=True)]
    yield Line(work="whole errand, per form post", values=errand, unit="ms CPU")
    yield Line(
        work="whole errand per form post : bare", values=ratios(errand, bare), unit="×", most=1.25
    )
    for place in places[:-1]:
        gets = spent[f"ours GET {place}"]
        yield Line(
            work=f"GET {place} : GET bare", values=ratios(gets, bare_get), unit="×", most=1.0
        )
    posts = spent["ours POST check"]
    yield Line(work="submission : POST bare", values=ratios(posts, bare_post), unit="×")
