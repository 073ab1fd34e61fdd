"""What moves an application: one table for buttons, permissions, refusals and messages."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass

from .permissions import Permission, may
from .rules import Assessment
from .vocabulary import Role, Status, Verdict


class Party(enum.Enum):
    """Who makes a move when it is not a member of staff with a permission."""

    APPLICANT = "applicant"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a guard may look at. `today` is the day in Shanghai, ids are those of staff rows."""

    assessment: Assessment
    today: dt.date
    actor_id: int | None = None
    proposer_id: int | None = None
    due_on: dt.date | None = None

    @property
    def outcome(self) -> Verdict:
        return self.assessment.outcome


Guard = Callable[[Situation], str | None]


def every_finding_passes(situation: Situation) -> str | None:
    """通过 needs every finding to be 符合; otherwise says which is not."""
    wrong = [f for f in situation.assessment.findings if f.verdict is not Verdict.PASS]
    if not wrong:
        return None
    names = "、".join(f"“{finding.label}”{finding.verdict.label}" for finding in wrong)
    return f"{names}，不能直接通过。"


def is_an_exception_ready_to_propose(situation: Situation) -> str | None:
    """提请复核 needs an exception and nothing that is outstanding or not met."""
    if failed := situation.assessment.with_verdict(Verdict.FAIL):
        return f"“{failed[0].label}”不符合，不能申请放宽，只能退回补正或不予通过。"
    if pending := situation.assessment.with_verdict(Verdict.PENDING):
        return f"“{pending[0].label}”待核，请先核对材料，再提请复核。"
    if situation.outcome is not Verdict.EXCEPTION:
        return "没有需要放宽的条件，请直接通过。"
    return None


def actor_is_not_the_proposer(situation: Situation) -> str | None:
    """Two people decide an exception: who confirms is not who proposed."""
    if situation.actor_id == situation.proposer_id:
        return "这份报名由您提请复核，须由另一名复核员决定。"
    return is_an_exception_ready_to_propose(situation)


def correction_is_overdue(situation: Situation) -> str | None:
    """A returned application waits for its applicant until its due date has passed."""
    if situation.due_on is not None and situation.due_on < situation.today:
        return None
    return "补正期限还没有过，请等申请人补正，或先延长期限。"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row of the table of transitions. `by` is a staff permission or the applicant."""

    name: str
    label: str
    by: Permission | Party
    source: Status
    target: Status
    guard: Guard | None = None
    needs_reason: bool = False
    needs_due_date: bool = False
    names_fields: bool = False
    message: str | None = None
    danger: bool = False

    @property
    def key(self) -> str:
        return f"{self.source.value}:{self.name}"

    def refusal(self, situation: Situation) -> str | None:
        """The sentence why not now, or None."""
        return self.guard(situation) if self.guard else None

    def open_to(self, role: Role | None) -> bool:
        """Whether somebody with that role, or the applicant (None), makes this move at all."""
        if isinstance(self.by, Party):
            return role is None
        return role is not None and may(role, self.by)


_REVIEWER, _APPROVER = Permission.REVIEW, Permission.APPROVE

MOVES: tuple[Move, ...] = (
    Move(name="approve", label="通过", by=_REVIEWER, source=Status.SUBMITTED,
         target=Status.APPROVED, guard=every_finding_passes, message="approved"),
    Move(name="propose", label="提请复核", by=_REVIEWER, source=Status.SUBMITTED,
         target=Status.AWAITING_APPROVAL, guard=is_an_exception_ready_to_propose,
         needs_reason=True),
    Move(name="return", label="退回补正", by=_REVIEWER, source=Status.SUBMITTED,
         target=Status.RETURNED, needs_reason=True, needs_due_date=True, names_fields=True,
         message="returned"),
    Move(name="reject", label="不予通过", by=_REVIEWER, source=Status.SUBMITTED,
         target=Status.REJECTED, needs_reason=True, message="rejected", danger=True),
    Move(name="confirm", label="同意放宽并通过", by=_APPROVER, source=Status.AWAITING_APPROVAL,
         target=Status.APPROVED, guard=actor_is_not_the_proposer, message="approved"),
    Move(name="send_back", label="退回审核", by=_APPROVER, source=Status.AWAITING_APPROVAL,
         target=Status.SUBMITTED, needs_reason=True),
    Move(name="reject", label="不予通过", by=_APPROVER, source=Status.AWAITING_APPROVAL,
         target=Status.REJECTED, needs_reason=True, message="rejected", danger=True),
    Move(name="extend", label="延长补正期限", by=_REVIEWER, source=Status.RETURNED,
         target=Status.RETURNED, needs_due_date=True, message="returned"),
    Move(name="reject", label="不予通过", by=_REVIEWER, source=Status.RETURNED,
         target=Status.REJECTED, guard=correction_is_overdue, needs_reason=True,
         message="rejected", danger=True),
    Move(name="reopen", label="重新审核", by=_APPROVER, source=Status.REJECTED,
         target=Status.SUBMITTED, needs_reason=True),
    Move(name="resubmit", label="补正后再次提交", by=Party.APPLICANT, source=Status.RETURNED,
         target=Status.SUBMITTED),
    Move(name="withdraw", label="撤回", by=Party.APPLICANT, source=Status.SUBMITTED,
         target=Status.WITHDRAWN, message="withdrawn"),
    Move(name="withdraw", label="撤回", by=Party.APPLICANT, source=Status.RETURNED,
         target=Status.WITHDRAWN, message="withdrawn"),
    Move(name="withdraw", label="撤回", by=Party.APPLICANT, source=Status.AWAITING_APPROVAL,
         target=Status.WITHDRAWN, message="withdrawn"),
)  # fmt: skip

MOVE_NAMES = frozenset(move.name for move in MOVES)
#: What every decision is called, also those that move nothing.
DECISION_LABELS = {move.name: move.label for move in MOVES} | {"submit": "提交", "amend": "更正"}


def moves_from(status: Status, role: Role | None) -> tuple[Move, ...]:
    """The rows of the table that somebody with that role (None = the applicant) finds there."""
    return tuple(move for move in MOVES if move.source is status and move.open_to(role))


def find_move(name: str, status: Status) -> Move | None:
    return next((move for move in MOVES if move.name == name and move.source is status), None)
