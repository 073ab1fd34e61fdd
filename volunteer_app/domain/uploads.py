"""What may be uploaded: kinds, sizes, and the sentence for each way it can fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from .text import clean_line
from .vocabulary import DocumentKind

MEGABYTE = 1024 * 1024
#: Bytes; the photo is printed small, papers are read closely.
LIMITS = dict.fromkeys(DocumentKind, 10 * MEGABYTE) | {DocumentKind.PHOTO: 5 * MEGABYTE}
#: Width times height: the largest that a phone takes by default, decoded in bounded memory.
MOST_PIXELS = 25_000_000
MOST_PAGES = 100
#: How many files one owner may have.
MOST_FILES = 12
#: Longest side in pixels of what is kept.
LONGEST_SIDE = dict.fromkeys(DocumentKind, 2400) | {DocumentKind.PHOTO: 1200}

#: Kinds an applicant may add, in the order of the list.
BY_APPLICANT = (
    DocumentKind.PHOTO,
    DocumentKind.SPECIALITY_PROOF,
    DocumentKind.GUARDIAN_CONSENT,
    DocumentKind.OTHER,
)
#: Kinds that staff may add at the counter.
BY_STAFF = (DocumentKind.PAPER_FORM, *BY_APPLICANT)

ACCEPT = "image/jpeg,image/png,image/heic,image/heif,application/pdf"
_LONGEST_NAME = 80
_PICTURE = "请改传JPEG、PNG照片或PDF文件"

_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "empty": lambda _: "文件是空的，请重新选择",
    "kind": lambda _: f"这不是照片也不是PDF。{_PICTURE}",
    "broken": lambda _: f"文件打不开，可能没有传完整或已经损坏。{_PICTURE}",
    "heic": lambda _: "这张HEIC照片转换不了。请在手机相机设置里选“兼容性最佳”重拍，或截一张图再传",
    "pixels": lambda told: (
        f"照片有{told['pixels'] // 10_000}万像素，最多{MOST_PIXELS // 10_000}万。"
        "请把照片缩小，或者截一张图再传"
    ),
    "heavy": lambda _: "这张照片的格式处理不了。请截一张图再传，或者在手机上重新拍一张",
    "encrypted": lambda _: "这个PDF设了密码，打不开。请去掉密码后再传，或者打印后拍照上传",
    "pages": lambda told: f"这个PDF有{told['pages']}页，最多{MOST_PAGES}页。请只留要交的几页",
    "no_pages": lambda _: f"这个PDF里没有页面。{_PICTURE}",
    "photo_is_pdf": lambda _: "照片要用JPEG或PNG，不能用PDF。请直接传照片",
}


def sentence(reason: str, told: Mapping[str, Any]) -> str:
    """Cause and remedy for a file that cannot be used."""
    return _SENTENCES.get(reason, _SENTENCES["broken"])(told)


def megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}"


def too_large(kind: DocumentKind, size: str) -> str:
    """`size` is what the file has, in megabytes."""
    what, remedy = "每个文件", "照片可以缩小或者截一张图，PDF请只留要交的几页"
    if kind is DocumentKind.PHOTO:
        what, remedy = kind.label, "请把照片缩小，或者截一张图再传"
    return f"{what}最多{LIMITS[kind] // MEGABYTE}MB，您选的有{size}MB。{remedy}"


def safe_filename(name: str) -> str:
    """A name fit to be shown: no folders, nothing invisible or that turns the reading direction,
    at most 80 characters with its ending; 文件 where nothing is left."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join("_" if character in '<>:"|?*' else character for character in clean_line(last))
    shown = shown.strip(". ")
    if len(shown) > _LONGEST_NAME:
        stem, dot, ending = shown.rpartition(".")
        ending = ending[:10] if dot else ""
        shown = f"{(stem or shown)[: _LONGEST_NAME - len(ending) - 2]}….{ending}".rstrip(".")
    return shown or "文件"
