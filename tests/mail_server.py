"""A mail server on loopback that takes letters, or fails in the ways that servers fail."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.commands import free_port
from volunteer_app.mail import MailServer, Security

SENDER = "volunteer@example.org"


class PostOffice:
    """What came in, and what it answers: set `at_rcpt` or `at_data` to refuse, `drops` to hang up
    after the text has been taken, `seconds` to be slow."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.at_rcpt = self.at_data = "250 OK"
        self.drops = False
        self.seconds = 0.0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.at_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if not self.at_data.startswith("250"):
            return self.at_data
        content = envelope.content
        assert isinstance(content, bytes)
        letter = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients += envelope.rcpt_tos
        if self.drops:
            assert server.transport is not None
            server.transport.close()
        await asyncio.sleep(self.seconds)
        return self.at_data

    @property
    def subjects(self) -> list[str]:
        return [str(letter["Subject"]) for letter in self.letters]


@contextmanager
def post_office(**options: Any) -> Iterator[tuple[PostOffice, MailServer]]:
    """A server that takes everything until told otherwise, and how to reach it."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield office, server_at(controller.port)
    finally:
        controller.stop()


def server_at(port: int, **values: Any) -> MailServer:
    """As the setting would give it, but with less patience."""
    given: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "sender": SENDER,
        "security": Security.PLAIN,
        "timeout": 1.0,
        "longest": 3.0,
    }
    return MailServer(**given | values)


@contextmanager
def silent_server(*, drip: bytes = b"") -> Iterator[int]:
    """The port of a server that takes the call and never answers, or only ever drips a byte."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def answer() -> None:
        with suppress(OSError):
            call, _address = listener.accept()
            with call:
                while not ended.wait(0.2):
                    call.sendall(drip)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.close()
        thread.join()


def wait_until(true: Any, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
