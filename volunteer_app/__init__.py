"""Recruitment of consumer-rights volunteers (消费维权志愿者), from the notice to the roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """Import the factory only when asked for, so that a rule test loads no Flask."""
    if name == "create_app":
        from .app import create_app

        return create_app
    raise AttributeError(name)
