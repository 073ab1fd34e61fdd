"""Strangers' files are opened in a child with little memory; what comes out is only a picture."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests import papers
from volunteer_app import sandbox
from volunteer_app.domain.uploads import MOST_PAGES, MOST_PIXELS
from volunteer_app.sandbox import UnreadableError, _environment
from volunteer_app.sandbox.pictures import kind_of

MEGABYTE = 1024 * 1024
#: Runs a task in a process that is small itself, and says the most memory of the child in bytes.
_MEASURE = """
import json, resource, sys
from volunteer_app import sandbox
try:
    reason = ""
    sandbox.run(sys.argv[1], open(sys.argv[2], "rb").read(), **json.loads(sys.argv[3]))
except sandbox.UnreadableError as error:
    reason = error.reason
print(json.dumps([reason, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""


def anew(content: bytes, longest_side: int = 2400) -> Image.Image:
    answer = sandbox.run("picture", content, most_pixels=MOST_PIXELS, longest_side=longest_side)
    return Image.open(io.BytesIO(answer.body))


def refused(content: bytes, task: str = "picture") -> UnreadableError:
    options: dict[str, Any] = {"most_pages": MOST_PAGES}
    if task == "picture":
        options = {"most_pixels": MOST_PIXELS, "longest_side": 2400}
    with pytest.raises(UnreadableError) as caught:
        sandbox.run(task, content, **options)
    return caught.value


def is_near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


BLUE, RED, WHITE = (0, 0, 255), (255, 0, 0), (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        papers.photo(),
        papers.saved(papers.two_halves("P"), "PNG"),
        papers.saved(papers.two_halves("CMYK"), "JPEG", quality=95),
        papers.saved(papers.two_halves("RGBA"), "PNG"),
        papers.HEIC,
    ],
    ids=["jpeg", "palette", "cmyk", "png", "heic"],
)
def test_every_kind_of_picture_becomes_a_plain_jpeg(content: bytes) -> None:
    picture = anew(content)

    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (64, 32))
    assert is_near(picture.getpixel((8, 16)), BLUE)
    assert is_near(picture.getpixel((56, 16)), RED)


def test_a_picture_is_upright_and_tells_nothing_but_what_it_shows() -> None:
    content = papers.turned_photo()
    assert b"Make of phone" in content

    picture = anew(content)

    assert picture.size == (32, 64)
    assert is_near(picture.getpixel((16, 8)), BLUE)
    assert dict(picture.getexif()) == {}
    assert {"exif", "comment", "icc_profile"}.isdisjoint(picture.info)


def test_what_is_transparent_is_shown_on_white() -> None:
    image = papers.two_halves("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 32, 32))

    picture = anew(papers.saved(image, "PNG"))

    assert is_near(picture.getpixel((8, 16)), WHITE)
    assert is_near(picture.getpixel((56, 16)), RED)


def test_sixteen_bits_a_channel_are_read() -> None:
    picture = anew(papers.saved(Image.new("I;16", (64, 32), 65535), "PNG"))

    assert is_near(picture.getpixel((8, 16)), WHITE)


def test_a_large_picture_is_made_smaller_whole() -> None:
    image = papers.two_halves("RGBA", (4000, 3200))
    image.paste((255, 255, 255, 255), (0, 3000, 4000, 3200))

    picture = anew(papers.saved(image, "PNG", compress_level=1), longest_side=1000)

    assert picture.size == (1000, 800)
    assert is_near(picture.getpixel((100, 700)), BLUE)
    assert is_near(picture.getpixel((900, 700)), RED)
    assert is_near(picture.getpixel((500, 790)), WHITE)


def test_what_follows_a_picture_in_its_file_is_gone() -> None:
    smuggled = b"PK\x03\x04 an archive <script>alert(1)</script>"

    answer = sandbox.run(
        "picture", papers.photo() + smuggled, most_pixels=MOST_PIXELS, longest_side=2400
    )

    assert b"script" not in answer.body
    assert b"PK\x03\x04" not in answer.body


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"GIF89a" + b"\0" * 50, "kind"),
        (b"<html><script>alert(1)</script>", "kind"),
        (b"MZ\x90\0" + papers.photo(), "kind"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 50, "kind"),
    ],
)
def test_the_first_bytes_say_what_it_is(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        kind_of(content)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "content",
    [
        papers.photo()[:400],
        papers.saved(papers.two_halves(), "PNG")[:60],
        b"\xff\xd8\xff<html><script>alert(1)</script></html>",
        b"\x89PNG\r\n\x1a\n<html>" + b"x" * 100,
        papers.png(300, 300, b"\0" * 10),
    ],
    ids=["half a jpeg", "half a png", "html as jpeg", "html as png", "no rows"],
)
def test_what_cannot_be_decoded_whole_is_broken(content: bytes) -> None:
    assert refused(content).reason == "broken"


def test_half_a_heic_picture_is_refused_as_one() -> None:
    assert refused(papers.HEIC[:300]).reason == "heic"


def test_a_pdf_says_how_many_pages_it_has() -> None:
    assert sandbox.run("pdf", papers.pdf(3), most_pages=MOST_PAGES).told == {"pages": 3}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (papers.PDF_LOCKED, "encrypted"),
        (papers.PDF_RESTRICTED, "encrypted"),
        (papers.pdf(101), "pages"),
        (papers.pdf()[:100], "broken"),
        (b"%PDF-1.4\n" + papers.photo(), "broken"),
        (b"%PDF-<html><script>alert(1)</script>", "broken"),
    ],
    ids=["locked", "restricted", "101 pages", "half", "jpeg inside", "html inside"],
)
def test_a_pdf_that_cannot_be_used_says_why(content: bytes, reason: str) -> None:
    assert refused(content, "pdf").reason == reason


def test_a_page_of_a_pdf_becomes_a_picture() -> None:
    answer = sandbox.run("pdf_page", papers.pdf(2), number=2, longest_side=600)
    picture = Image.open(io.BytesIO(answer.body))

    assert (picture.format, picture.size) == ("PNG", (400, 600))
    assert is_near(picture.getpixel((50, 550)), BLUE)
    assert is_near(picture.getpixel((350, 50)), WHITE)


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_that_is_not_there_has_no_picture(number: int) -> None:
    with pytest.raises(UnreadableError):
        sandbox.run("pdf_page", papers.pdf(2), number=number, longest_side=600)


def test_the_child_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOLUNTEER_DATABASE_URL", "postgresql://secret")

    assert _environment().keys() <= {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "SYSTEMROOT"}


def progressive(mode: str = "RGB", **options: Any) -> bytes:
    """As many pixels as are taken, in several passes, which must all be kept."""
    image = Image.new(mode, (5770, 4330), "white")
    return papers.saved(image, "JPEG", quality=30, progressive=True, **options)


#: What each costs: the file, and the reason why it is refused, empty where it is taken.
_DEAR = {
    "a header of 2,500,000,000 pixels": (lambda: papers.png(50_000, 50_000), "pixels"),
    "a picture of nothing, packed small": (
        lambda: papers.png(5_000, 5_000, b"\0" * (4 * 5_000 + 1) * 5_000, colours=6),
        "",
    ),
    "a progressive photo": (progressive, ""),
    "a progressive photo of four inks": (lambda: progressive("CMYK"), "heavy"),
    "a progressive photo without saving": (lambda: progressive(subsampling=0), "heavy"),
    "a palette with a long tail": (
        lambda: papers.saved(Image.new("P", (5_000, 5_000)), "PNG", transparency=0),
        "",
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux counts it")
@pytest.mark.parametrize("name", _DEAR)
def test_a_dear_picture_stays_below_200_megabytes(name: str, tmp_path: Path) -> None:
    make, expected = _DEAR[name]
    file = tmp_path / "picture"
    file.write_bytes(make())  # type: ignore[no-untyped-call]
    options = json.dumps({"most_pixels": MOST_PIXELS, "longest_side": 2400})
    command = [sys.executable, "-c", _MEASURE, "picture", str(file), options]

    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, check=True)
    seconds = time.monotonic() - began

    reason, memory = json.loads(done.stdout)
    assert reason == expected
    assert memory < 200 * MEGABYTE
    assert seconds < 10
