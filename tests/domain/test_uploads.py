"""Names of files are shown safe; every way a file can fail has a sentence with a remedy."""

from __future__ import annotations

import pytest

from volunteer_app.domain.uploads import (
    LIMITS,
    MEGABYTE,
    megabytes,
    safe_filename,
    sentence,
    too_large,
)
from volunteer_app.domain.vocabulary import DocumentKind


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("证书.jpg", "证书.jpg"),
        ("../../x", "x"),
        ("..\\..\\windows\\x.pdf", "x.pdf"),
        ("/etc/passwd", "passwd"),
        ("报名表\u202egpj.exe", "报名表gpj.exe"),
        ("a\u200bb\x00c\r\nd.png", "abc d.png"),
        ('<img src="x">.png', "_img src=_x__.png"),
        ("..", "文件"),
        ("", "文件"),
        (" . ", "文件"),
        (".htaccess", "htaccess"),
    ],
)
def test_a_name_is_only_a_name(name: str, shown: str) -> None:
    assert safe_filename(name) == shown


@pytest.mark.parametrize(
    "name", ["证" * 300 + ".jpg", "证" * 300, "a." + "b" * 300, "证" * 79 + "."]
)
def test_a_long_name_keeps_its_ending_and_fits(name: str) -> None:
    shown = safe_filename(name)

    assert len(shown) <= 80
    assert not name.endswith(".jpg") or shown.endswith(".jpg")


@pytest.mark.parametrize(
    "reason",
    ["empty", "kind", "broken", "heic", "heavy", "encrypted", "no_pages", "photo_is_pdf", "new"],
)
def test_every_reason_is_a_sentence_with_a_remedy(reason: str) -> None:
    assert "请" in sentence(reason, {})


def test_figures_stand_in_the_sentence() -> None:
    assert "照片有250000万像素，最多2500万" in sentence("pixels", {"pixels": 2_500_000_000})
    assert "这个PDF有101页，最多100页" in sentence("pages", {"pages": 101})


def test_the_photo_has_a_limit_of_its_own() -> None:
    photo = too_large(DocumentKind.PHOTO, megabytes(30 * MEGABYTE))
    other = too_large(DocumentKind.OTHER, megabytes(11 * MEGABYTE))

    assert LIMITS[DocumentKind.PHOTO] == 5 * MEGABYTE
    assert photo.startswith("照片最多5MB，您选的有30.0MB。")
    assert other.startswith("每个文件最多10MB，您选的有11.0MB。")
