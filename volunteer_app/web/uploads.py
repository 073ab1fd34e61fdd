"""Files in forms, and how what was uploaded is shown: inert, in place, kept by no browser."""

from __future__ import annotations

import json
from os import SEEK_END
from typing import Any
from urllib.parse import quote

from flask import Response, abort, request
from werkzeug.datastructures import FileStorage
from wtforms import FileField, RadioField
from wtforms.fields.choices import SelectChoice

from .. import sandbox
from ..db import db, vault_of
from ..domain.refusal import Invalid
from ..domain.uploads import ACCEPT, LIMITS, MEGABYTE, megabytes, too_large
from ..domain.vocabulary import DocumentKind
from ..models import Attachment
from ..services import attaching
from ..services.attaching import Upload
from .inputs import Required, VolunteerForm

#: What is still read, so that whoever sends a photo of 30 MB gets a sentence, not a broken line.
LARGEST_UPLOAD = 64 * MEGABYTE
_INERT = "default-src 'none'; sandbox"


def allow_large_body() -> None:
    """Before the form of an upload is read: this request may be larger than others."""
    request.max_content_length = LARGEST_UPLOAD


class UploadForm(VolunteerForm):
    """One file and what it is; `upload` is what was read of it."""

    kind = RadioField(
        "这是什么",
        validators=[Required(verb="请选择")],
    )
    file = FileField("文件")

    @classmethod
    def of(cls, kinds: tuple[DocumentKind, ...], **values: Any) -> UploadForm:
        """With these kinds to choose from; with only one there is nothing to choose."""
        form = cls(**values)
        form.kind.choices = [SelectChoice(kind.value, kind.label) for kind in kinds]
        form.kinds = kinds
        if len(kinds) == 1:
            del form.kind
        largest = "、".join(
            f"{kind.label}最多{LIMITS[kind] // MEGABYTE}MB"
            for kind in kinds
            if kind is DocumentKind.PHOTO
        )
        others = f"{'其他' if largest else ''}每个最多10MB"
        form.file.description = (
            f"JPEG、PNG、HEIC照片，或PDF。{largest}{'，' if largest else ''}{others}。"
        )
        return form

    accept = ACCEPT
    kinds: tuple[DocumentKind, ...] = ()
    upload: Upload | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        file = request.files.get(self.file.name)
        if file is None or not file.filename:
            self.file.errors = ["请选择要上传的文件"]
            return False
        return valid and self._is_good(file, file.filename)

    def most(self) -> str:
        """For the script that looks before it sends: by kind the limit in bytes, and the sentence
        with {} for the megabytes of the file."""
        kinds = {kind.value: [LIMITS[kind], too_large(kind, "{}")] for kind in self.kinds}
        return json.dumps(kinds, ensure_ascii=False)

    def chosen_kind(self) -> DocumentKind:
        return DocumentKind(self.kind.data) if self.kind is not None else self.kinds[0]

    def _is_good(self, file: FileStorage, filename: str) -> bool:
        """Read it, outside any transaction; the sentence goes to the field."""
        kind = self.chosen_kind()
        try:
            if (size := file.stream.seek(0, SEEK_END)) > LIMITS[kind]:
                raise Invalid(too_large(kind, megabytes(size)), field="file")
            file.stream.seek(0)
            self.upload = attaching.read_upload(file.stream.read(), filename, kind)
        except Invalid as invalid:
            self.file.errors = [invalid.message]
            return False
        return True


def send_attachment(attachment: Attachment) -> Response:
    """The file itself: nothing in it runs, nothing of it is kept, its name is only a name."""
    content = attaching.content_of(attachment, vault_of(db.session))
    answer = Response(content, mimetype=attachment.media_type)
    name = quote(attachment.filename, safe="")
    # A browser's PDF viewer does not open what is sandboxed; pages are shown as pictures instead.
    shown = "inline" if attachment.media_type == attaching.JPEG else "attachment"
    answer.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{name}"
    return _inert(answer)


def send_preview(attachment: Attachment, page: int) -> Response:
    """A page of a PDF as a picture."""
    if attachment.media_type != attaching.PDF:
        abort(404)
    try:
        picture = attaching.preview(attachment, vault_of(db.session), page)
    except sandbox.UnreadableError:
        abort(404)
    return _inert(Response(picture, mimetype=attaching.PNG))


def _inert(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = _INERT
    answer.headers["Cache-Control"] = "no-store"
    return answer
