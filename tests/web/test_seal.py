"""聘书上的印章: chosen by an administrator, printed on every certificate, removable."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import StaffClient
from tests.factories import make_application
from tests.web.applicants import look_up
from tests.web.reviewers import audited
from tests.web.uploading import send_file
from volunteer_app.domain.vocabulary import Role, Status

SEAL = "/staff/settings/seal/"


def send_seal(admin: Client, content: bytes, *, status: int = 303) -> Page:
    return send_file(admin, SEAL, content, "印章.png", status=status)


def png(mode: str = "RGBA", size: tuple[int, int] = (900, 900)) -> bytes:
    written = io.BytesIO()
    colour: Any = (200, 0, 0, 120) if mode == "RGBA" else "red"
    Image.new(mode, size, colour).save(written, "PNG")
    return written.getvalue()


def images(content: bytes) -> int:
    return content.count(b"/Subtype/Image") + content.count(b"/Subtype /Image")


def test_the_seal_is_kept_see_through_printed_and_taken_away_again(
    client: Client, session: Session, staff_client: StaffClient
) -> None:
    admin = staff_client(Role.ADMIN)
    application = make_application(session, status=Status.APPROVED)
    look_up(client, application.reference, application.id_number_last4)
    assert images(client.get("/status/certificate.pdf").body) == 0

    page = send_seal(admin, png())

    assert "印章已保存" in page.text
    assert "用图片印上" in admin.get("/staff/settings/").text
    [shown] = client.get("/status/certificate").tree.with_class("imprint")
    kept = Image.open(io.BytesIO(base64.b64decode((shown.get("src") or "")[22:])))
    assert (kept.format, kept.mode, kept.size) == ("PNG", "RGBA", (700, 700))
    assert kept.getpixel((350, 350)) == (199, 0, 0, 120)
    assert images(client.get("/status/certificate.pdf").body) > 0
    admin.submit(page, button="删除印章图片")
    assert images(client.get("/status/certificate.pdf").body) == 0
    actions = [audited(session, action) for action in ("change_seal", "remove_seal")]
    assert [len(events) for events in actions] == [1, 1]


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "文件是空的，请重新选择"),
        (b"%PDF-1.7", "这不是JPEG或PNG图片"),
        (b"\x89PNG\r\n\x1a\nnothing", "图片打不开"),
        (b"\x89PNG" + b"x" * 1_100_000, "印章图片最多1MB，您选的有1.0MB"),
        (png("1", (5000, 2500)), "图片太大，最多1200万像素"),
        (png(size=(900, 300)), "图片是长条形的"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_cannot_be_a_seal_is_refused_with_a_remedy(
    staff_client: StaffClient, content: bytes, cause: str
) -> None:
    admin = staff_client(Role.ADMIN)

    page = send_seal(admin, content, status=422)

    [(field, sentence)] = page.error_fields.items()
    assert field == "file"
    assert sentence.startswith(cause)
    assert "没有印章图片" in page.text


def test_a_photo_of_a_seal_will_do(staff_client: StaffClient) -> None:
    written = io.BytesIO()
    Image.new("RGB", (3400, 3400), "red").save(written, "JPEG")

    page = send_seal(staff_client(Role.ADMIN), written.getvalue())

    assert "印章已保存" in page.text
