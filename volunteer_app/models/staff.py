"""The association's staff: who may sign in, as what, and for which prefecture."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_security.core import UserMixin
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from ..domain.vocabulary import Role


class Staff(Base, UserMixin):
    """`username` signs in. No password until the one-time link of the invitation was used.

    `fs_uniquifier` stands in every session; renewing it ends them all.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str]
    role: Mapped[Role]
    region: Mapped[str | None] = mapped_column(sa.String(6))
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    invitation_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    invitation_expires_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    #: Flask-Security's own roles are not used: `role` and the permission table decide.
    roles: list[Any] = []
