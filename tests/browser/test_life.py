"""Two years of a volunteer in a real browser, with a mail server that fails in every way meanwhile:
applied, corrected, approved, certified, ended, renewed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import pypdfium2
import pytest
import sqlalchemy as sa
import zxingcpp
from flask import Flask
from sqlalchemy.orm import Session

from tests.browser.conftest import Walker
from tests.browser.test_errand import invited
from tests.conftest import Clock
from tests.factories import valid_identity
from tests.mail_server import PostOffice, post_office, server_at, silent_server
from tests.renewals import next_recruitment
from volunteer_app.cli.worker import deliver_next
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageStatus
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Declaration, Role
from volunteer_app.mail import MailServer
from volunteer_app.models import Message
from volunteer_app.services import daily

pytestmark = pytest.mark.browser

Walk = Callable[..., Walker]
NUMBER = valid_identity(born=dt.date(1966, 2, 3), serial=77)
ADDRESS = "ouyang@example.com"


@dataclass
class Post:
    """Delivers what waits, by the clock of the test; `office` is where letters arrive."""

    app: Flask
    session: Session
    clock: Clock
    office: PostOffice
    server: MailServer

    def deliver(self, server: MailServer | None = None) -> None:
        while deliver_next(self.app, server or self.server):
            pass

    def later(self, **wait: float) -> None:
        self.clock.at += dt.timedelta(**wait)

    def waiting(self) -> list[Message]:
        self.session.rollback()
        query = sa.select(Message).where(Message.status == MessageStatus.WAITING)
        return list(self.session.scalars(query))

    def run_daily(self) -> None:
        """What a poller does once a day, then what it delivers."""
        for job in daily.due(self.session, now=self.clock.at):
            start_writing(self.session)
            daily.run_due(self.session, job, now=self.clock.at)
            self.session.commit()
        self.session.rollback()
        self.deliver()

    def newest(self, about: str) -> EmailMessage:
        return next(each for each in reversed(self.office.letters) if about in each["Subject"])


@pytest.fixture
def post(app: Flask, session: Session, clock: Clock) -> Iterator[Post]:
    with post_office() as (office, server):
        yield Post(app, session, clock, office, server)


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def path_in(text: str, part: str) -> str:
    """The path of the first address in it that has that part."""
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", text)
    assert found, text
    return found[1]


def certificate_in(letter: EmailMessage) -> bytes:
    [attached] = letter.iter_attachments()
    assert attached.get_filename() == "聘书.pdf"
    content = attached.get_content()
    assert isinstance(content, bytes)
    return content


def read_qr(pdf: bytes) -> tuple[str, str]:
    """What the code on the first page says, as a photograph of the paper would show it, and the
    text of the page."""
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=2).to_pil().rotate(4, expand=True, fillcolor="white")
    [code] = zxingcpp.read_barcodes(picture)
    return code.text, page.get_textpage().get_text_range()


def fill_form(citizen: Walker, *, filled: bool = False) -> str:
    """The four pages and the check; `filled`: only the pledges are made anew. Returns the
    reference."""
    if not filled:
        citizen.fill(name="欧阳·𠮷", phone="13900000077", email=ADDRESS, id_number=NUMBER)
        citizen.choose(ethnicity="汉族", region="140100", county="140105")
    citizen.press("保存并继续")
    if not filled:
        citizen.page.get_by_label("大专").check()
        citizen.choose(political_status="masses")
        citizen.fill(occupation="退休")
    citizen.press("保存并继续")
    if not filled:
        citizen.tick("service_areas-0", "availability-2")
    citizen.press("保存并继续")
    citizen.tick(
        *(declaration.value for declaration in Declaration), "consent", "consent_sensitive"
    )
    citizen.press("保存并继续")
    citizen.inspect()
    citizen.press("提交报名")
    assert citizen.heading == "报名已提交"
    return citizen.page.locator("#reference").inner_text()


def refused_three_ways(post: Post) -> None:
    """The server does not answer, is away, says 451: the letter waits, longer each time."""
    with silent_server() as port:
        post.deliver(server_at(port, timeout=0.3, longest=0.5))
    post.later(minutes=2)
    post.deliver(server_at(1))
    post.later(minutes=6)
    post.office.at_data = "451 4.3.0 Try again later"
    post.deliver()
    post.office.at_data = "250 OK"
    assert post.office.letters == []
    assert [each.attempts for each in post.waiting()] == [3]


def hung_up_after_the_text(post: Post, about: str) -> None:
    """The server takes the letter and hangs up: it comes twice at most, under one name."""
    post.office.drops = True
    post.deliver()
    post.office.drops = False
    post.later(minutes=2)
    post.deliver()
    taken = [each for each in post.office.letters if about in each["Subject"]]
    assert 1 <= len(taken) <= 2
    assert len({each["Message-ID"] for each in taken}) == 1


def refused_for_good(post: Post, reviewer: Walker, reference: str) -> None:
    """The server will not have it: staff read its words, and send again."""
    post.office.at_rcpt = "550 5.1.1 No such user"
    post.deliver()
    post.office.at_rcpt = "250 OK"
    reviewer.go("/staff/messages/?status=failed")
    assert "550 5.1.1 No such user" in reviewer.page.content()
    reviewer.inspect()
    reviewer.follow("欧阳·𠮷")
    reviewer.inspect()
    reviewer.press("重新发送")
    post.deliver()
    assert reference in str(post.office.letters[-1]["Subject"])


def returned_and_corrected(citizen: Walker, reviewer: Walker, post: Post, reference: str) -> None:
    reviewer.go(f"/staff/applications/{reference}")
    reviewer.page.locator("summary", has_text="退回补正").click()
    reviewer.page.get_by_role("checkbox", name="职业", exact=True).check()
    reviewer.fill(words="请写退休前的职业。")
    reviewer.press("退回补正")
    hung_up_after_the_text(post, "报名需要补正")
    citizen.go(path_in(text_of(post.newest("报名需要补正")), "status"))
    citizen.fill(reference=reference, last4=NUMBER[-4:])
    citizen.press("查询")
    citizen.follow("去补正")
    citizen.inspect()
    citizen.fill(occupation="检验员")
    citizen.press("提交补正")
    reviewer.go(f"/staff/applications/{reference}")
    changes = reviewer.page.locator("section", has_text="补正后的变化").inner_text()
    assert "退休" in changes
    assert "检验员" in changes
    reviewer.inspect()


def verified(anybody: Walker, path: str) -> str:
    anybody.go(path)
    anybody.inspect()
    return str(anybody.page.locator("#main").inner_text())


def at(day: str, hour: int = 10) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), tzinfo=SHANGHAI)


def warned_and_ended(citizen: Walker, anybody: Walker, post: Post, certificate: str) -> None:
    """Ninety days before the end, at the end to the second, and afterwards; told once each."""
    post.clock.at = at("2029-06-02")
    post.run_daily()
    post.run_daily()
    [warned] = [each for each in post.office.letters if "续聘请重新报名" in each["Subject"]]
    citizen.go(path_in(text_of(warned), "link"))
    assert "现在没有招募接受报名" in citizen.page.content()
    citizen.inspect()
    citizen.press("开始后通知我")
    citizen.inspect()
    post.clock.at = at("2029-08-31", 23)
    assert "在聘" in verified(anybody, certificate)
    post.clock.at = at("2029-09-01", 0)
    assert "期满" in verified(anybody, certificate)
    post.later(hours=9)
    post.run_daily()
    assert "感谢您的志愿服务" in post.office.subjects[-1]


def renewed(citizen: Walker, reviewer: Walker, post: Post) -> str:
    """From the message that a recruitment has opened; the path of the second certificate."""
    next_recruitment(
        post.session,
        opens_on=dt.date(2029, 9, 10),
        closes_on=dt.date(2029, 10, 10),
        term_starts_on=dt.date(2029, 10, 15),
    )
    post.clock.at = at("2029-09-10")
    post.run_daily()
    citizen.go(path_in(text_of(post.newest("可以续聘")), "link"))
    citizen.inspect()
    citizen.press("开始续聘报名")
    again = fill_form(citizen, filled=True)
    reviewer.go(f"/staff/applications/{again}")
    assert "晋消志聘〔2027〕第0001号" in reviewer.page.content()
    reviewer.inspect()
    reviewer.press("通过")
    post.deliver()
    address, printed = read_qr(certificate_in(post.newest("报名已通过")))
    assert "晋消志聘〔2029〕第0001号" in printed
    assert "2029年10月15日" in printed
    return path_in(address, "verify")


def test_two_years_of_a_volunteer(session: Session, walker: Walk, clock: Clock, post: Post) -> None:
    citizen, anybody = walker(), walker()
    citizen.go("/apply/identity")
    reference = fill_form(citizen)
    refused_three_ways(post)
    reviewer = walker(width=1280, invitation=invited(session, Role.REVIEWER))
    reviewer.go("/staff/messages/")
    assert "451 4.3.0 Try again later" in reviewer.page.content()
    post.later(minutes=31)
    post.deliver()
    assert reference in text_of(post.newest("报名已收到"))
    returned_and_corrected(citizen, reviewer, post, reference)
    reviewer.press("通过")
    refused_for_good(post, reviewer, reference)

    address, printed = read_qr(certificate_in(post.newest("报名已通过")))
    assert "晋消志聘〔2027〕第0001号" in printed
    certificate = path_in(address, "verify")
    assert "未开始" in verified(anybody, certificate)
    clock.at = at("2027-09-01", 0)
    assert "在聘" in verified(anybody, certificate)
    citizen.go("/status/")
    citizen.fill(reference=reference, last4=NUMBER[-4:])
    citizen.press("查询")
    citizen.inspect()

    warned_and_ended(citizen, anybody, post, certificate)
    again = renewed(citizen, reviewer, post)
    assert "未开始" in verified(anybody, again)
    assert "期满" in verified(anybody, certificate)
    assert post.waiting() == []
