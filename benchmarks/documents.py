"""What a document costs: the first in a process, the following, long lists, many in one file."""

from __future__ import annotations

import datetime as dt
import io
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageFilter

from volunteer_app.db import db, vault_of
from volunteer_app.documents import (
    application_form,
    blank_form,
    certificate,
    confirmation_letters,
    recommendation_form,
)
from volunteer_app.documents.confirmation_letters import Letter
from volunteer_app.documents.recommendation_form import NomineeLine, Sheet
from volunteer_app.models import Application
from volunteer_app.services import recruiting

from .instances import make_instance
from .measuring import Line, cpu

ROUNDS = 30
#: People whose forms are printed in turn: what is laid out once must not be found again.
PEOPLE = ROUNDS + 5

_COLD = """
import time
began = time.perf_counter()
from volunteer_app.documents import typesetting
typesetting.pdf("recommendation_form", {
    "association": "", "recruitment": "", "reference": "", "code": "", "headings": [""] * 8,
    "unit": [["", ""]] * 7, "lines": [], "association_mailbox": "", "association_address": "",
    "qr": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
})
print((time.perf_counter() - began) * 1000)
"""


def measure(folder: Path) -> Iterator[Line]:
    app = make_instance(folder / "documents", PEOPLE)
    yield Line(work="first document of a process", values=[_cold() for _ in range(5)], unit="ms")
    with app.app_context():
        association = recruiting.association(db.session)
        forms = [
            application_form.filled_form(each, vault_of(db.session), association=association)
            for each in db.session.query(Application).order_by(Application.id).limit(PEOPLE)
        ]
        blank = blank_form.blank_form(db.session.query(Application)[0].recruitment, association)
    spent = [cpu(lambda: application_form.pdf(form)) for form in forms]  # noqa: B023
    yield Line(work="filled form, warm", values=spent[-ROUNDS:], unit="ms CPU", most=50)
    yield _line("blank form, PDF, warm", lambda _n: blank_form.pdf(blank), 10)
    yield _line("blank form, Word", lambda _n: blank_form.docx(blank), 10)
    for count in (30, 2000):
        pdf = lambda n, count=count: recommendation_form.pdf(_sheet(count, n))  # noqa: E731
        word = lambda n, count=count: recommendation_form.docx(_sheet(count, n))  # noqa: E731
        yield _line(f"recommendation of {count:,}, PDF", pdf, 3)
        yield _line(f"recommendation of {count:,}, Word", word, 3)
    yield _line("200 letters", lambda n: confirmation_letters.pdf(_letters(200, n)), 3)
    yield _line("certificate, warm", lambda n: certificate.pdf(_certificates(1, n)[0]), 10)
    seal = _seal()
    many = lambda n: certificate.pdf_of_many(_certificates(200, n), seal=seal)  # noqa: E731
    yield _line("200 certificates with a seal, one file", many, 5, most=5000)


def _cold() -> float:
    done = subprocess.run([sys.executable, "-c", _COLD], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _line(work: str, make: Callable[[int], object], rounds: int, most: float | None = None) -> Line:
    values = [_wall(lambda: make(number)) for number in range(rounds + 1)]  # noqa: B023
    return Line(work=work, values=values[1:], unit="ms", most=most)


def _wall(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _sheet(count: int, round_: int) -> Sheet:
    return Sheet(
        recruitment="2027年度招募",
        association="山西省消费者协会",
        association_address="太原市府西街29号",
        association_mailbox="sxxsjdb@163.com",
        reference="K7M4-2RQX-9",
        unit_name="某某老年大学",
        uscc="51140000500600700X",
        region="太原市",
        contact_name="乔秀兰",
        contact_phone="13900000001",
        code="H3KP-7WQD",
        url="https://volunteer.example.cn/recommend/K7M4-2RQX-9",
        nominees=[
            NomineeLine(
                number=number,
                name="乔秀兰",
                gender="女",
                birth="1990年3月7日",
                id_masked=f"**************{number:04d}",
                education="本科",
                employer=f"第{round_}社区居民委员会",
                job_title="主任",
                phone_masked=f"*******{number:04d}",
            )
            for number in range(1, count + 1)
        ],
    )


def _letters(count: int, round_: int) -> list[Letter]:
    return [
        Letter(
            recruitment="2027年度招募",
            association="山西省消费者协会",
            association_address="太原市府西街29号",
            association_mailbox="sxxsjdb@163.com",
            unit_name="某某老年大学",
            reference="K7M4-2RQX-9",
            number=number,
            name="乔秀兰",
            rows=[(f"第{place}项", f"{round_}-{number}") for place in range(21)],
            link=f"https://volunteer.example.cn/nominee/{'x' * 24}{round_}-{number}",
        )
        for number in range(1, count + 1)
    ]


def _certificates(count: int, round_: int) -> list[certificate.Facts]:
    return [
        certificate.Facts(
            name="乔秀兰",
            association="山西省消费者协会",
            starts_on=dt.date(2027, 9, 1),
            ends_on=dt.date(2029, 8, 31),
            number=f"晋消志聘〔2027〕第{number:04d}号",
            code="K7M4-2RQX-9",
            issued_on=dt.date(2027, 8, 12),
            link=f"https://volunteer.example.cn/verify/{round_}-{number}",
        )
        for number in range(1, count + 1)
    ]


def _seal() -> bytes:
    """As heavy as the scan of a real one: 700 pixels across, hardly to be compressed."""
    noise = Image.frombytes("L", (700, 700), random.Random(1).randbytes(700 * 700))
    picture = Image.new("RGBA", noise.size, (200, 20, 20))
    picture.putalpha(noise.filter(ImageFilter.GaussianBlur(2)))
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
