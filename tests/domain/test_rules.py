"""The worked cases of the recruitment rules hold, one test a case."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from volunteer_app.domain.rules import Facts, assess
from volunteer_app.domain.sheet import condensed
from volunteer_app.domain.terms import Terms, last_day, term_status
from volunteer_app.domain.vocabulary import (
    AgeReference,
    Channel,
    Declaration,
    Education,
    SealState,
    TermStatus,
    Verdict,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/eligibility.json").read_text("utf-8"))


def terms_of(case: dict[str, Any]) -> Terms:
    given = {**VECTORS["recruitment"], **case.get("settings", {})}
    del given["timezone"]
    return Terms(
        **{
            **given,
            "opens_on": dt.date.fromisoformat(given["opens_on"]),
            "closes_on": dt.date.fromisoformat(given["closes_on"]),
            "age_reference": AgeReference(given["age_reference"]),
            "education_min": Education(given["education_min"]),
        }
    )


def facts_of(case: dict[str, Any]) -> Facts:
    received_on = case.get("received_on")
    return Facts(
        at=dt.datetime.fromisoformat(case["at"]),
        born=dt.date.fromisoformat(case["born"]),
        education=Education(case["education"]),
        speciality=case.get("speciality", False),
        proof=case.get("proof", False),
        guardian=case.get("guardian", False),
        declared=frozenset(d for d in Declaration if d.value != case.get("refuses")),
        channel=Channel(case.get("channel", "individual")),
        received_on=dt.date.fromisoformat(received_on) if received_on else None,
        seal=SealState(case.get("seal", "missing")),
        nominee_confirmed=case.get("nominee", False),
    )


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: json.dumps(case)[1:90])
def test_a_worked_case_has_its_outcome(case: dict[str, Any]) -> None:
    assessment = assess(facts_of(case), terms_of(case))

    assert assessment.outcome.value == case["outcome"]
    if "rules" in case:
        worst = {finding.rule for finding in assessment.with_verdict(assessment.outcome)}
        assert worst == set(case["rules"])
    for verdict in case.get("also", []):
        assert assessment.with_verdict(Verdict(verdict))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: json.dumps(case)[1:90])
def test_every_finding_explains_itself(case: dict[str, Any]) -> None:
    for finding in assess(facts_of(case), terms_of(case)).findings:
        assert finding.explanation.endswith("。")
        assert finding.source
        assert finding.label


@pytest.mark.parametrize("term", VECTORS["terms"], ids=lambda term: term["starts_on"])
def test_a_term_ends_on_the_day_before_its_second_anniversary(term: dict[str, str]) -> None:
    assert last_day(dt.date.fromisoformat(term["starts_on"]), 2).isoformat() == term["ends_on"]


@pytest.mark.parametrize("case", VECTORS["term_status"], ids=lambda case: case["on"])
def test_a_term_begins_and_ends_by_itself(case: dict[str, str]) -> None:
    starts_on = dt.date.fromisoformat(case["starts_on"])
    on = dt.date.fromisoformat(case["on"])

    assert term_status(starts_on, last_day(starts_on, 2), None, on).value == case["status"]


def test_a_term_ended_early_is_terminated_from_that_day() -> None:
    first, end = dt.date(2027, 9, 1), dt.date(2029, 8, 31)
    left_on = dt.date(2028, 3, 1)

    assert term_status(first, end, left_on, dt.date(2028, 2, 29)) is TermStatus.ACTIVE
    assert term_status(first, end, left_on, left_on) is TermStatus.TERMINATED


def test_a_page_that_asks_nothing_finds_only_the_deadline() -> None:
    case = {"at": "2027-08-01T09:00:00+08:00"}

    findings = assess(Facts(at=dt.datetime.fromisoformat(case["at"])), terms_of(case)).findings

    assert [finding.rule for finding in findings] == ["deadline"]


def test_declarations_are_shown_in_one_line_only_while_all_are_made() -> None:
    made = {"born": "1990-03-07", "education": "bachelor", "at": "2027-08-01T09:00:00+08:00"}
    refused = {**made, "refuses": "unpaid"}

    shown = {
        outcome: [f.rule for f in condensed(assess(facts_of(case), terms_of(case)).findings)]
        for outcome, case in {"made": made, "refused": refused}.items()
    }

    assert shown["made"] == ["age", "education", "declarations", "deadline"]
    assert shown["refused"] == ["age", "education", *(d.value for d in Declaration), "deadline"]


def test_days_carry_their_year_where_the_recruitment_spans_two() -> None:
    case: dict[str, Any] = {
        "at": "2027-08-01T09:00:00+08:00",
        "settings": {"opens_on": "2026-11-24"},
    }

    [finding] = assess(Facts(at=dt.datetime.fromisoformat(case["at"])), terms_of(case)).findings

    assert finding.explanation == "2027年8月1日提交，没有超过截止日2027年8月30日。"
