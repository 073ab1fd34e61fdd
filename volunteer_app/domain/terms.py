"""The numbers of one recruitment and the arithmetic of a term of service."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from .vocabulary import AgeReference, Education, TermStart, TermStatus

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Everything about a recruitment that a rule may look at. Days are days in Shanghai.

    Defaults are those of the notice of 28 July 2021. `relaxed_min` and `relaxed_max` in completed
    years, None = no limit at that end.
    """

    opens_on: dt.date
    closes_on: dt.date
    age_min: int = 18
    age_max: int = 65
    relaxed_min: int | None = 18
    relaxed_max: int | None = 70
    age_reference: AgeReference = AgeReference.CLOSING_DATE
    education_min: Education = Education.SENIOR_HIGH
    term_years: int = 2
    term_start: TermStart = TermStart.FIXED_DAY
    term_starts_on: dt.date | None = None

    @property
    def opens_at(self) -> dt.datetime:
        return start_of(self.opens_on)

    @property
    def closes_at(self) -> dt.datetime:
        """The first moment that is too late: midnight after the closing day in Shanghai."""
        return start_of(self.closes_on + dt.timedelta(days=1))

    def is_open(self, at: dt.datetime) -> bool:
        return self.opens_at <= at < self.closes_at


def start_of(day: dt.date) -> dt.datetime:
    """The day's first moment in Shanghai, aware."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=SHANGHAI)


def day_of(moment: dt.datetime) -> dt.date:
    """The calendar day of an aware moment in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def completed_years(born: dt.date, on: dt.date) -> int:
    """周岁: years completed on that day; who was born on 29 February completes on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def last_day(first_day: dt.date, years: int) -> dt.date:
    """The day before the anniversary, included in the term (1 Sep 2027 + 2 = 31 Aug 2029)."""
    try:
        anniversary = first_day.replace(year=first_day.year + years)
    except ValueError:  # 29 February in a common year: the anniversary is 1 March
        anniversary = dt.date(first_day.year + years, 3, 1)
    return anniversary - dt.timedelta(days=1)


def whole_years(starts_on: dt.date, ends_on: dt.date) -> int | None:
    """How many years a term is long by its own days; None where it is no whole number."""
    years = (ends_on + dt.timedelta(days=1)).year - starts_on.year
    return years if years > 0 and last_day(starts_on, years) == ends_on else None


def first_day(terms: Terms, approved_on: dt.date) -> dt.date:
    """A fixed day, or the day of approval, as the recruitment says."""
    if terms.term_start is TermStart.FIXED_DAY and terms.term_starts_on is not None:
        return terms.term_starts_on
    return approved_on


def term_status(
    starts_on: dt.date, ends_on: dt.date, terminated_on: dt.date | None, on: dt.date
) -> TermStatus:
    """Derived at every read, so that a term ends by itself (聘任期满后，自行解聘)."""
    if terminated_on is not None and terminated_on <= on:
        return TermStatus.TERMINATED
    if on < starts_on:
        return TermStatus.UPCOMING
    return TermStatus.ACTIVE if on <= ends_on else TermStatus.ENDED
