"""聘任 in words: certificate numbers, and why a term ends before its last day."""

from __future__ import annotations

from .vocabulary import Labelled

DEFAULT_PREFIX = "晋消志聘"


class EndReason(Labelled):
    """Why somebody is no volunteer any more before the term is over."""

    RESIGNED = "resigned", "本人辞去"
    DISMISSED = "dismissed", "解聘"
    MOVED = "moved", "迁离本省"
    DIED = "died", "去世"
    OTHER = "other", "其他"


def certificate_number(prefix: str, year: int, serial: int) -> str:
    """聘书编号 as it is printed, such as 晋消志聘〔2027〕第0042号."""
    return f"{prefix}〔{year}〕第{serial:04d}号"


#: Days before the last day of a term at which its volunteer is told, the first notice first.
NOTICE_DAYS = (90, 30, 7)
#: Reasons that say too little without words, which the person reads too.
NEEDS_WORDS = frozenset({EndReason.DISMISSED, EndReason.OTHER})


def notice_due(days_left: int) -> int | None:
    """Which notice is the right one so many days before the last day (0 = on it): the nearest
    that has come, whatever was missed before it; None while it is too early or too late."""
    return min((days for days in NOTICE_DAYS if 0 <= days_left <= days), default=None)
