"""What may be asked of the child process, by name. A task imports its decoder only when asked."""

from __future__ import annotations

from collections.abc import Callable

from . import Answer, papers, pictures, sheets

Task = Callable[..., Answer]

TASKS: dict[str, Task] = {
    "picture": pictures.made_anew,
    "imprint": pictures.kept_see_through,
    "pdf": papers.looked_at,
    "pdf_page": papers.page,
    "sheet": sheets.read,
}
