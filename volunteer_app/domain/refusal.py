"""What the project says no with: every refusal carries one sentence for the person."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - the house calls it a refusal, not an error
    """`message` is what the person reads; it names nobody else and gives the remedy."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(Refused):
    """The move, or the one who makes it, is not allowed now."""


class AlreadyDecided(Refused):
    """Somebody was faster; what the person wrote is kept."""


class Duplicate(Refused):
    """The person already holds their only place in the recruitment."""


class NotOpen(Refused):
    """The recruitment does not take applications at this moment."""


class Invalid(Refused):
    """One answer cannot be taken as it is; `field` is its name in the vocabulary."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field
