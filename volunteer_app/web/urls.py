"""Parts of addresses: a reference in any spelling, a section of the form."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from ..domain.codes import normalise_reference
from ..domain.fields import Section


class ReferenceConverter(BaseConverter):
    """`K7M4-2RQX-9` in any spelling becomes the reference; what cannot be one is not found."""

    def to_python(self, value: str) -> str:
        reference = normalise_reference(value)
        if reference is None:
            raise ValidationError
        return reference


class SectionConverter(BaseConverter):
    """The slug of a section of the form."""

    def to_python(self, value: str) -> Section:
        try:
            return Section(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: Section) -> str:
        return value.slug


def init_app(app: Flask) -> None:
    app.url_map.converters["reference"] = ReferenceConverter
    app.url_map.converters["section"] = SectionConverter
