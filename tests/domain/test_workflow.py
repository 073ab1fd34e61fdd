"""The table of transitions, as the vocabulary writes it, and the guards of its rows."""

from __future__ import annotations

import datetime as dt

import pytest

from volunteer_app.domain.permissions import ROLE_PERMISSIONS, Permission
from volunteer_app.domain.rules import Assessment, Finding
from volunteer_app.domain.vocabulary import Role, Status, Verdict
from volunteer_app.domain.workflow import (
    MOVE_NAMES,
    MOVES,
    Move,
    Situation,
    find_move,
    moves_from,
)

R, V, A, D = Role.REVIEWER, Role.VIEWER, Role.APPROVER, Role.ADMIN

SUBMITTED = {
    "approve": "approved",
    "propose": "awaiting_approval",
    "reject": "rejected",
    "return": "returned",
}
RETURNED = {"extend": "returned", "reject": "rejected"}
AWAITING = {"confirm": "approved", "send_back": "submitted", "reject": "rejected"}
REJECTED = {"reopen": "submitted"}

#: Status and role (None: the applicant) with every move there and where it leads.
TABLE: dict[tuple[str, Role | None], dict[str, str]] = {
    ("submitted", None): {"withdraw": "withdrawn"},
    ("submitted", V): {},
    ("submitted", R): SUBMITTED,
    ("submitted", A): SUBMITTED,
    ("submitted", D): SUBMITTED,
    ("returned", None): {"resubmit": "submitted", "withdraw": "withdrawn"},
    ("returned", V): {},
    ("returned", R): RETURNED,
    ("returned", A): RETURNED,
    ("returned", D): RETURNED,
    ("awaiting_approval", None): {"withdraw": "withdrawn"},
    ("awaiting_approval", V): {},
    ("awaiting_approval", R): {},
    ("awaiting_approval", A): AWAITING,
    ("awaiting_approval", D): AWAITING,
    ("approved", None): {},
    ("approved", V): {},
    ("approved", R): {},
    ("approved", A): {},
    ("approved", D): {},
    ("rejected", None): {},
    ("rejected", V): {},
    ("rejected", R): {},
    ("rejected", A): REJECTED,
    ("rejected", D): REJECTED,
    ("withdrawn", None): {},
    ("withdrawn", V): {},
    ("withdrawn", R): {},
    ("withdrawn", A): {},
    ("withdrawn", D): {},
}


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("role", [None, *Role])
def test_exactly_these_moves_are_there(status: Status, role: Role | None) -> None:
    moves = moves_from(status, role)

    assert {move.name: move.target.value for move in moves} == TABLE[(status.value, role)]
    assert len(moves) == len(TABLE[(status.value, role)])


def test_the_table_lists_every_status_and_every_role() -> None:
    assert TABLE.keys() == {(status.value, role) for status in Status for role in (None, *Role)}


def test_a_status_and_a_name_mean_one_move() -> None:
    assert len({move.key for move in MOVES}) == len(MOVES)
    assert {move.name for move in MOVES} == MOVE_NAMES
    assert all(find_move(move.name, move.source) is move for move in MOVES)
    assert find_move("approve", Status.REJECTED) is None


def test_a_reason_is_asked_where_somebody_will_want_to_read_one() -> None:
    assert {move.key for move in MOVES if move.needs_reason} == {
        "submitted:propose",
        "submitted:return",
        "submitted:reject",
        "awaiting_approval:send_back",
        "awaiting_approval:reject",
        "returned:reject",
        "rejected:reopen",
    }


def test_the_applicant_is_told_what_concerns_them() -> None:
    assert {move.key: move.message for move in MOVES if move.message} == {
        "submitted:approve": "approved",
        "submitted:return": "returned",
        "submitted:reject": "rejected",
        "awaiting_approval:confirm": "approved",
        "awaiting_approval:reject": "rejected",
        "returned:extend": "returned",
        "returned:reject": "rejected",
        "submitted:withdraw": "withdrawn",
        "returned:withdraw": "withdrawn",
        "awaiting_approval:withdraw": "withdrawn",
    }


TODAY = dt.date(2027, 8, 12)


def finding(label: str, verdict: Verdict) -> Finding:
    return Finding(rule=label, label=label, verdict=verdict, explanation="", source="")


def situation(
    *verdicts: Verdict,
    actor_id: int = 1,
    proposer_id: int | None = None,
    due_on: dt.date | None = None,
) -> Situation:
    labels = ("年龄", "学历", "专业特长证明")
    findings = tuple(map(finding, labels, verdicts))
    return Situation(
        assessment=Assessment(findings),
        today=TODAY,
        actor_id=actor_id,
        proposer_id=proposer_id,
        due_on=due_on,
    )


PASS, PENDING, EXCEPTION, FAIL = Verdict

APPROVE = find_move("approve", Status.SUBMITTED)
PROPOSE = find_move("propose", Status.SUBMITTED)
CONFIRM = find_move("confirm", Status.AWAITING_APPROVAL)
REJECT_RETURNED = find_move("reject", Status.RETURNED)


@pytest.mark.parametrize(
    ("move", "given", "refusal"),
    [
        (APPROVE, situation(PASS, PASS), None),
        (APPROVE, situation(PASS, FAIL), "“学历”不符合，不能直接通过。"),
        (
            APPROVE,
            situation(EXCEPTION, PASS, PENDING),
            "“年龄”需复核、“专业特长证明”待核，不能直接通过。",
        ),
        (PROPOSE, situation(EXCEPTION, PASS, PASS), None),
        (PROPOSE, situation(PASS, PASS), "没有需要放宽的条件，请直接通过。"),
        (
            PROPOSE,
            situation(EXCEPTION, PASS, PENDING),
            "“专业特长证明”待核，请先核对材料，再提请复核。",
        ),
        (
            PROPOSE,
            situation(EXCEPTION, FAIL),
            "“学历”不符合，不能申请放宽，只能退回补正或不予通过。",
        ),
        (CONFIRM, situation(EXCEPTION, proposer_id=2), None),
        (
            CONFIRM,
            situation(EXCEPTION, proposer_id=1),
            "这份报名由您提请复核，须由另一名复核员决定。",
        ),
        (
            REJECT_RETURNED,
            situation(PASS, due_on=TODAY),
            "补正期限还没有过，请等申请人补正，或先延长期限。",
        ),
        (REJECT_RETURNED, situation(PASS, due_on=TODAY - dt.timedelta(days=1)), None),
        (
            REJECT_RETURNED,
            situation(PASS),
            "补正期限还没有过，请等申请人补正，或先延长期限。",
        ),
    ],
)
def test_a_guard_says_why_not(move: Move, given: Situation, refusal: str | None) -> None:
    assert move.refusal(given) == refusal


def test_each_role_may_do_what_the_one_before_it_may() -> None:
    assert {
        V: {Permission.VIEW},
        R: {Permission.VIEW, Permission.REVIEW, Permission.EXPORT, Permission.REVEAL},
        A: set(Permission)
        - {Permission.SETTINGS, Permission.STAFF, Permission.AUDIT, Permission.ERASE},
        D: set(Permission),
    } == ROLE_PERMISSIONS
