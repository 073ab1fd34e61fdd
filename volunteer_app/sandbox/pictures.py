"""Photos and scans: known by content, bounded before they are decoded, made anew without EXIF."""

from __future__ import annotations

import io
import warnings
from math import ceil
from typing import Any

from . import Answer, UnreadableError

_JPEG, _PNG, _PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
#: The mark of a camera that was held otherwise, and how the picture is turned upright, as Pillow
#: numbers it.
_ORIENTATION = 0x0112
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
_QUALITY = 86
#: Bytes that a progressive JPEG may take while all its passes are kept.
_MOST_OF_PASSES = 115_000_000
#: Pixels of which there may be two copies at once, and the rows of a strip of more than that.
_MOST_COPIED, _STRIP = 12_000_000, 240


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
    but the picture. Raises UnreadableError: pixels (with how many), heavy, heic, broken."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # we bound them ourselves, by the header
    warnings.simplefilter("ignore")
    image = _opened(content)
    pixels = image.width * image.height
    if pixels > most_pixels:
        raise UnreadableError("pixels", {"pixels": pixels})
    if _bytes_of_passes(image) > _MOST_OF_PASSES:
        raise UnreadableError("heavy")
    try:
        orientation = image.getexif().get(_ORIENTATION)
        plain = _plain(image, longest_side)
        del image  # its memory is needed now
        plain.thumbnail((longest_side, longest_side))
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError) as error:
        raise UnreadableError("broken") from error
    if orientation in _TURNS:
        plain = plain.transpose(Image.Transpose(_TURNS[orientation]))
    body = io.BytesIO()
    bare = Image.frombytes("RGB", plain.size, plain.tobytes())
    bare.save(body, "JPEG", quality=_QUALITY, optimize=True)
    return Answer({"width": bare.width, "height": bare.height, "pages": 1}, body.getvalue())


def kept_see_through(content: bytes, *, most_pixels: int, longest_side: int) -> Answer:
    """A PNG of a JPEG or PNG, no side longer than `longest_side` pixels; what could be seen
    through stays so. Raises UnreadableError: kind, pixels (with how many), heavy, broken."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # we bound them ourselves, by the header
    warnings.simplefilter("ignore")
    if kind_of(content) not in ("jpeg", "png"):
        raise UnreadableError("kind")
    image = _opened(content)
    if image.width * image.height > most_pixels:
        raise UnreadableError("pixels", {"pixels": image.width * image.height})
    if _bytes_of_passes(image) > _MOST_OF_PASSES:
        raise UnreadableError("heavy")
    try:
        orientation = image.getexif().get(_ORIENTATION)
        plain = image.convert("RGBA")
        del image  # its memory is needed now
        plain.thumbnail((longest_side, longest_side))
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError) as error:
        raise UnreadableError("broken") from error
    if orientation in _TURNS:
        plain = plain.transpose(Image.Transpose(_TURNS[orientation]))
    body = io.BytesIO()
    Image.frombytes("RGBA", plain.size, plain.tobytes()).save(body, "PNG", optimize=True)
    return Answer({"width": plain.width, "height": plain.height}, body.getvalue())


def _bytes_of_passes(image: Any) -> int:
    """What the decoder keeps of a progressive JPEG: two bytes for each sample of each channel."""
    if not image.info.get("progressive"):
        return 0
    shapes = [(across, down) for _id, across, down, _table in image.layer]
    widest = max(across for across, _ in shapes) * max(down for _, down in shapes)
    samples = sum(across * down for across, down in shapes)
    bytes_kept: int = 2 * image.width * image.height * samples // max(widest, 1)
    return bytes_kept


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


def _plain(image: Any, longest_side: int) -> Any:
    """RGB on white; what is far too large, or large and of another kind, is halved or more strip
    by strip, because a copy of all of it would not fit."""
    from PIL import Image

    scale = longest_side / max(image.size)
    if scale < 1:  # JPEG is decoded no larger than needed
        image.draft("RGB", (ceil(image.width * scale), ceil(image.height * scale)))
    factor = max(image.size) // (2 * longest_side)
    if image.mode == "RGB" and factor < 2 and "transparency" not in image.info:
        return image
    if image.width * image.height > _MOST_COPIED:
        factor = max(2, factor)
    factor = max(1, factor)
    plain = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    height = _STRIP * factor
    for top in range(0, image.height, height):
        strip = image.crop((0, top, image.width, min(top + height, image.height)))
        plain.paste(_on_white(strip).reduce(factor), (0, top // factor))
    return plain


def _on_white(image: Any) -> Any:
    """RGB without a palette, transparency shown on white."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return image.convert("RGB")
