"""聘任 in words: certificate numbers, and why a term ends before its last day."""

from __future__ import annotations

from .refusal import Invalid
from .text import clean_line
from .vocabulary import Labelled

DEFAULT_PREFIX = "晋消志聘"
#: Characters of a prefix: less says nothing, more leaves no room on the certificate.
SHORTEST_PREFIX, LONGEST_PREFIX = 2, 10
_YEARS = ("一年", "两年", "三年", "四年", "五年", "六年", "七年", "八年", "九年", "十年")


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


def read_prefix(text: str) -> str:
    """聘书编号前缀: a few Chinese characters, nothing else. Raises Invalid."""
    prefix = "".join(clean_line(text).split())
    wrong = [character for character in prefix if not "\u4e00" <= character <= "\u9fff"]
    if wrong:
        raise Invalid(f"编号前缀只用汉字，请去掉“{wrong[0]}”", field="certificate_prefix")
    if not SHORTEST_PREFIX <= len(prefix) <= LONGEST_PREFIX:
        raise Invalid(
            f"编号前缀应是{SHORTEST_PREFIX}到{LONGEST_PREFIX}个汉字，您填了{len(prefix)}个",
            field="certificate_prefix",
        )
    return prefix


def term_in_words(years: int) -> str:
    """两年, as a certificate says it; from 1 year to 10."""
    return _YEARS[years - 1]


#: Days before the last day of a term at which its volunteer is told, the first notice first.
NOTICE_DAYS = (90, 30, 7)
#: Reasons that say too little without words, which the person reads too.
NEEDS_WORDS = frozenset({EndReason.DISMISSED, EndReason.OTHER})
