"""Photos and scans: known by content, bounded before they are decoded, made anew without EXIF."""

from __future__ import annotations

import io
import warnings
from typing import Any

from . import Answer, UnreadableError

_JPEG, _PNG, _PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_QUALITY = 86


def kind_of(content: bytes) -> str:
    """jpeg, png, heic or pdf by the first bytes; raises UnreadableError for anything else."""
    if not content:
        raise UnreadableError("empty")
    if content.startswith(_JPEG):
        return "jpeg"
    if content.startswith(_PNG):
        return "png"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "heic"
    if content.startswith(_PDF):
        return "pdf"
    raise UnreadableError("kind")


def made_anew(content: bytes, *, most_pixels: int, longest_side: int) -> Answer:
    """A JPEG of the first frame, upright, no side longer than `longest_side` pixels, nothing in it
    but the picture. Raises UnreadableError: pixels (with how many), heic, broken."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # we bound them ourselves, by the header
    warnings.simplefilter("ignore")
    image = _opened(content)
    pixels = image.width * image.height
    if pixels > most_pixels:
        raise UnreadableError("pixels", {"pixels": pixels})
    try:
        image.draft("RGB", (longest_side, longest_side))  # JPEG is decoded no larger than needed
        image.thumbnail((longest_side, longest_side))
        upright = ImageOps.exif_transpose(image)
        plain = _on_white(upright)
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError) as error:
        raise UnreadableError("broken") from error
    body = io.BytesIO()
    plain.save(body, "JPEG", quality=_QUALITY, optimize=True)
    return Answer({"width": plain.width, "height": plain.height, "pages": 1}, body.getvalue())


def _opened(content: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError

    kind = kind_of(content)
    formats = {"jpeg": ["JPEG"], "png": ["PNG"], "heic": ["HEIF"]}[kind]
    if kind == "heic":
        _register_heic()
    try:
        return Image.open(io.BytesIO(content), formats=formats)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableError("heic" if kind == "heic" else "broken") from error


def _register_heic() -> None:
    try:
        from pi_heif import register_heif_opener
    except ImportError as error:
        raise UnreadableError("heic") from error
    register_heif_opener()


def _on_white(image: Any) -> Any:
    """RGB without a palette, transparency shown on white."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    plain = image.convert("RGB")
    return Image.frombytes("RGB", plain.size, plain.tobytes())
