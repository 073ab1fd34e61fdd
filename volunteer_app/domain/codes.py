"""报名编号: short, readable over the phone, not guessable, with a check character."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from .text import clean_digits

#: 31 characters, a prime; none of 0 O 1 I L, which are taken for one another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_DRAWN = 8
_BASE = 18


def new_reference(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A reference like K7M4-2RQX-9: one of 31^8, so it neither counts nor can be guessed."""
    drawn = "".join(choose(ALPHABET) for _ in range(_DRAWN))
    return format_reference(drawn + _check_character(drawn))


def normalise_reference(text: str) -> str | None:
    """What was typed or read out, as it is stored; None if no reference can be meant."""
    code = clean_digits(text)
    if len(code) != _DRAWN + 1 or not _VALUES.keys() >= set(code):
        return None
    return format_reference(code) if _check_character(code[:_DRAWN]) == code[_DRAWN] else None


def format_reference(code: str) -> str:
    """Nine characters in groups of four, four and one."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def short_code(drawn_from: bytes) -> str:
    """核对码 of a content: eight characters like K7M4-2RQX, the same for the same bytes.

    `drawn_from` are at least 8 bytes of a keyed digest, so that nobody can make a list to fit.
    """
    number = int.from_bytes(drawn_from[:8], "big")
    drawn = ""
    for _ in range(_DRAWN):
        number, place = divmod(number, len(ALPHABET))
        drawn += ALPHABET[place]
    return f"{drawn[:4]}-{drawn[4:]}"


def normalise_code(text: str) -> str:
    """A 核对码 as it was typed off a paper, for comparison."""
    code = clean_digits(text)
    return f"{code[:4]}-{code[4:]}"


#: What a letter is called over the phone: by something everybody has in the house or has seen.
_CALLED = {
    "2": "二", "3": "三", "4": "四", "5": "五", "6": "六", "7": "七", "8": "八", "9": "九",
    "A": "AA制的A", "B": "B超的B", "C": "CT的C", "D": "D字头动车的D", "E": "E-mail的E",
    "F": "FM调频的F", "G": "G字头高铁的G", "H": "HB铅笔的H", "J": "扑克牌J", "K": "扑克牌K",
    "M": "中号M", "N": "NBA的N", "P": "P图的P", "Q": "扑克牌Q", "R": "RMB的R", "S": "小号S",
    "T": "T恤的T", "U": "U盘的U", "V": "VIP的V", "W": "Wi-Fi的W", "X": "X光的X", "Y": "DIY的Y",
    "Z": "Z字头火车的Z",
}  # fmt: skip


def spelled(reference: str) -> list[list[tuple[str, str]]]:
    """A reference to be read out: its groups of characters, each with what it is called."""
    return [[(each, _CALLED[each]) for each in group] for group in reference.split("-")]


def _check_character(drawn: str) -> str:
    """Makes the number to the base 18 that the nine places write divide by 31.

    31 is prime, and the first nine powers of 18 all leave a different remainder, never 0: one
    wrong character, or any two of them exchanged, always shows.
    """
    total = 0
    for character in drawn:
        total = (total + _VALUES[character]) * _BASE % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]
