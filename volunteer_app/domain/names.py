"""How a name is found by any one, two or more neighbouring characters of it."""

from __future__ import annotations

from .text import is_letter


def name_tokens(name: str) -> list[str]:
    """Every one and two neighbouring characters, each once, lower-cased; · and spaces left out.

    >>> name_tokens("乔秀兰")
    ['乔', '乔秀', '秀', '秀兰', '兰']
    """
    letters = searchable(name)
    tokens = [letters[i : i + width] for i in range(len(letters)) for width in (1, 2)]
    return list(dict.fromkeys(tokens))


def query_tokens(text: str) -> list[str]:
    """The tokens that every matching name has: one of one character, else all pairs."""
    letters = searchable(text)
    if len(letters) < 2:
        return [letters] if letters else []
    return list(dict.fromkeys(letters[i : i + 2] for i in range(len(letters) - 1)))


def searchable(text: str) -> str:
    """Letters only, lower-cased, so that 阿依古丽·买买提 is found with and without the dot."""
    return "".join(character for character in text.lower() if is_letter(character))
