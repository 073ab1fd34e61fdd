"""工作台: where staff begin: what waits for them, and how the recruitment goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from ..db import db
from ..domain import regions
from ..domain.permissions import Permission, may
from ..domain.terms import day_of
from ..domain.vocabulary import Status
from ..models import Recruitment
from ..services import daily, recruiting, surveying
from .access import current_staff, open_to
from .clock import now, today

desk = Blueprint("desk", __name__, url_prefix="/staff")

#: Column and row of each prefecture on the map of tiles: roughly where it lies, no boundary.
_PLACES = {
    "140600": (1, 0), "140200": (2, 0), "140900": (1, 1), "141100": (0, 2), "140100": (1, 2),
    "140300": (2, 2), "141000": (0, 3), "140700": (1, 3), "140400": (2, 3), "140800": (0, 4),
    "140500": (2, 4),
}  # fmt: skip
#: A tile has one of four colours: from this share of the largest number on.
_SHARES = (1 / 6, 1 / 3, 2 / 3)


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number that leads to its list; `late` where somebody has waited too long."""

    label: str
    count: str
    url: str
    unit: str = ""
    late: bool = False


@desk.get("/")
@open_to(Permission.VIEW)
def index() -> ResponseReturnValue:
    """About the recruitment that is under way; before there is one, only about the jobs."""
    staff, recruitment = current_staff(), recruiting.under_way(db.session, today())
    if recruitment is None:
        return render_template("desk/index.html", recruitment=None, jobs=jobs(None))
    survey = surveying.survey(db.session, staff, recruitment, today=today())
    mine, others = numbers(survey, recruitment)
    return render_template(
        "desk/index.html",
        recruitment=recruitment,
        total=survey.by_status.total(),
        mine=mine,
        others=others,
        tiles=tiles(survey.by_region, recruitment) if staff.region is None else [],
        statuses=[(each, survey.by_status[each]) for each in Status],
        waiting=[
            (row, (today() - day_of(row.submitted_at)).days) for row in survey.longest_waiting
        ],
        jobs=jobs(recruitment),
    )


def numbers(
    survey: surveying.Survey, recruitment: Recruitment
) -> tuple[list[Number], list[Number]]:
    """What the reader may act on, and the rest; nothing is in both."""
    own = {Permission.APPROVE: [in_queue("待复核", Status.AWAITING_APPROVAL, survey, recruitment)]}
    own[Permission.REVIEW] = for_reviewers(survey, recruitment)
    role, closed = current_staff().role, (url_for("messages.index"), url_for("requests.index"))
    mine = [each for who, several in own.items() if may(role, who) for each in several]
    others = [each for who, several in own.items() if not may(role, who) for each in several]
    return mine, [
        *(each for each in others if not each.url.startswith(closed)),
        in_queue("等申请人补正", Status.RETURNED, survey, recruitment),
        in_queue("已通过", Status.APPROVED, survey, recruitment),
        deadline(recruitment),
    ]


def for_reviewers(survey: surveying.Survey, recruitment: Recruitment) -> list[Number]:
    slug, days = recruitment.slug, surveying.EXPIRING_DAYS
    overdue = url_for("queue.index", recruitment=slug, status="returned", overdue="1")
    return [
        in_queue("待审核", Status.SUBMITTED, survey, recruitment),
        late("补正已超期", survey.overdue, overdue),
        Number(
            label="单位推荐待核对",
            count=str(survey.to_confirm),
            url=url_for("recommendations.index", recruitment=slug),
        ),
        late("没发出的通知", survey.unsent, url_for("messages.index", status="failed")),
        unanswered(survey),
        Number(
            label=f"聘期{days}天内期满",
            count=survey.expiring,
            url=url_for("terms.index", within=days),
        ),
    ]


def unanswered(survey: surveying.Survey) -> Number:
    """Red where one is over its last day."""
    label = "请求待答复（有超期）" if survey.requests["overdue"] else "请求待答复"
    return Number(
        label=label,
        count=str(survey.requests["open"]),
        url=url_for("requests.index"),
        late=bool(survey.requests["overdue"]),
    )


def in_queue(
    label: str, status: Status, survey: surveying.Survey, recruitment: Recruitment
) -> Number:
    url = url_for("queue.index", recruitment=recruitment.slug, status=status.value)
    return Number(label=label, count=f"{survey.by_status[status]:,}", url=url)


def late(label: str, count: str, url: str) -> Number:
    return Number(label=label, count=count, url=url, late=count != "0")


def deadline(recruitment: Recruitment) -> Number:
    """Days until it opens or closes; after that only that it is closed."""
    url = url_for("queue.index", recruitment=recruitment.slug, status="all")
    if recruitment.opens_on > today():
        days, label = (recruitment.opens_on - today()).days, "距开始"
    else:
        days, label = (recruitment.closes_on - today()).days, "距截止"
    if days < 0:
        return Number(label="已截止", count=str(-days), unit="天", url=url)
    return Number(label=label, count=str(days), unit="天", url=url)


def tiles(by_region: dict[str, int], recruitment: Recruitment) -> list[dict[str, Any]]:
    """One a prefecture, those without an application too."""
    most = max(by_region.values(), default=0)
    shown = []
    for region in regions.REGIONS:
        count, (column, row) = by_region.get(region.code, 0), _PLACES[region.code]
        level = 1 + sum(count >= share * most for share in _SHARES) if count else 1
        url = url_for("queue.index", recruitment=recruitment.slug, region=region.code, status="all")
        shown.append(
            {
                "name": region.short,
                "count": count,
                "url": url,
                "level": level,
                "x": 3 + 118 * column,
                "y": 3 + 102 * row,
            }
        )
    return shown


def jobs(recruitment: Recruitment | None) -> list[dict[str, Any]]:
    """What is done every day, when it was done last, and whether that is too long ago."""
    runs, since = daily.last_runs(db.session), recruitment.terms.opens_at if recruitment else now()
    return [
        {
            "label": job.label,
            "run": runs.get(job.name),
            "late": daily.overdue(runs, job, since=since, now=now()),
        }
        for job in daily.JOBS
    ]
