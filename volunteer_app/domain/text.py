"""Typed text made fit to store: nothing invisible stays, nothing visible is changed unasked."""

from __future__ import annotations

import re
import unicodedata

from .refusal import Invalid

_INVISIBLE_RANGES = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x061C, 0x061C),  # Arabic letter mark
    (0x115F, 0x1160),  # Hangul fillers count as letters, and show nothing
    (0x180E, 0x180E),  # Mongolian vowel separator
    (0x200B, 0x200F),  # zero width and direction
    (0x2028, 0x202E),  # line and paragraph separators, direction
    (0x2060, 0x206F),  # word joiner, isolates
    (0x3164, 0x3164),
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),  # annotation anchors
    (0xE0000, 0xE007F),  # tags
)
#: Every character that takes no place on the page; none of them is ever stored.
INVISIBLE = "".join(chr(code) for a, b in _INVISIBLE_RANGES for code in range(a, b + 1))

# Tab, line feed, vertical tab, form feed and return separate words: they become a space instead.
_DROPPED = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + INVISIBLE + "]"
)
_ODD_SPACES = re.compile(r" *[^\S ]\s*")
_DASHES = re.compile("[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_DOTS = str.maketrans(dict.fromkeys("\uff0e\u2022\u30fb\u2027", "·"))
#: Beside letters: iOS types ’ for ', and 〇 is a numeral to Unicode but a name to its bearer.
_ALSO_IN_NAMES = frozenset("· '’-.〇")


def clean_line(text: str) -> str:
    """One line: full-width spaces, tabs and line ends become one space, ends are trimmed."""
    return _ODD_SPACES.sub(" ", _DROPPED.sub("", text)).strip()


def clean_text(text: str) -> str:
    """Several lines, each cleaned like a line; only \\n ends one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(map(clean_line, lines)).strip("\n")


def clean_number(text: str) -> str:
    """A number however it was grouped: half-width, upper case, no spaces, dashes all `-`."""
    folded = unicodedata.normalize("NFKC", _DROPPED.sub("", text)).upper()
    return _DASHES.sub("-", "".join(folded.split()))


def clean_digits(text: str) -> str:
    """`clean_number` without its dashes; letters and signs stay, for the caller to refuse."""
    return clean_number(text).replace("-", "")


def clean_name(text: str) -> str:
    """A person's name as typed, but for the middle dot and full-width spaces.

    Never normalised: NFC and NFKC replace ideographs that people have on their papers.
    Raises Invalid, field `name`.
    """
    name = clean_line(text).translate(_DOTS)
    if not name:
        raise Invalid("请填写姓名", field="name")
    for character in name:
        if not (_is_letter_or_mark(character) or character in _ALSO_IN_NAMES):
            raise Invalid(f"姓名中不能有{shown(character)}，请按证件上的姓名填写", field="name")
    if not any(map(is_letter, name)):
        raise Invalid("姓名中没有文字，请按证件上的姓名填写", field="name")
    return name


def shown(character: str) -> str:
    """A character for a sentence: itself in quotes, or its number where no font has it."""
    if character.isprintable():
        return f"“{character}”"
    return f"无法显示的字符（U+{ord(character):04X}）"


def is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] == "L" or _is_rare_ideograph(character)


def _is_letter_or_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or _is_rare_ideograph(character)


def _is_rare_ideograph(character: str) -> bool:
    """Planes 2 and 3 hold ideographs only, also those younger than Python's tables."""
    return "\U00020000" <= character <= "\U0003fffd"
