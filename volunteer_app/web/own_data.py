"""本人全部资料: opened by a private link that went to the e-mail address on file."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from .access import PUBLIC, open_to

own_data = Blueprint("own_data", __name__, url_prefix="/own-data")


@own_data.get("/")
@open_to(PUBLIC)
def show() -> ResponseReturnValue:
    return ""
