"""E-mail on the wire: the server of VOLUNTEER_MAIL_URL, and one letter handed to it."""

from __future__ import annotations

import enum
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import parse_qsl, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: What is kept of a server's words, in characters.
LONGEST_WORDS = 300
_EXAMPLE = "例如smtp://用户:密码@smtp.example.org:587?from=volunteer@example.org"


class Security(enum.Enum):
    """How the connection is made safe; plain only to this very machine."""

    PLAIN = "plain"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where letters are handed in, and the address they come from.

    `timeout` bounds each wait for the server, `longest` the whole errand, both in seconds.
    """

    host: str
    port: int
    sender: str
    security: Security
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    timeout: float = 10
    longest: float = 60


class Undelivered(Exception):  # noqa: N818 - an outcome that is expected, like a refusal
    """`words` are the server's, or say what happened; `final` when it will never take it."""

    def __init__(self, words: str, *, final: bool = False) -> None:
        super().__init__(words)
        self.words, self.final = words, final


def read_mail_url(url: str) -> MailServer:
    """Raises ValueError with one sentence that repeats nothing of the address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        raise ValueError(f"VOLUNTEER_MAIL_URL不对，{_EXAMPLE}。") from None
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/"):
        raise ValueError(f"VOLUNTEER_MAIL_URL不对，{_EXAMPLE}。")
    if not options:
        raise ValueError(f"VOLUNTEER_MAIL_URL少了发信的邮箱from，{_EXAMPLE}。")
    if options.keys() != {"from"} or parts.fragment:
        raise ValueError(f"VOLUNTEER_MAIL_URL只写一项from，密码里的符号要写成%XX，{_EXAMPLE}。")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("VOLUNTEER_MAIL_URL的用户和密码要么都写，要么都不写。")
    if not (user + password).isprintable():
        raise ValueError("VOLUNTEER_MAIL_URL的用户和密码不能有换行等控制字符。")
    security = Security.TLS if parts.scheme == "smtps" else Security.STARTTLS
    if security is Security.STARTTLS and host in LOOPBACK:
        security = Security.PLAIN
    return MailServer(
        host=host,
        port=port or (465 if security is Security.TLS else 587),
        sender=_sender(options["from"]),
        security=security,
        user=user,
        password=password,
    )


def _sender(address: str) -> str:
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError(f"VOLUNTEER_MAIL_URL的from不是有效的邮箱，{_EXAMPLE}。") from None
    return checked.normalized


def deliver(server: MailServer, letter: EmailMessage) -> None:
    """Hand the letter in; returns once the server has taken it. Raises Undelivered.

    Only a 5xx to the recipient or to the text ends it: what the server says to us before that
    (a wrong password, an unknown sender) is mended here, and the letter waits.
    """
    recipient = str(letter["To"])
    try:
        with _connected(server) as smtp:
            smtp.send_message(letter, from_addr=server.sender, to_addrs=[recipient])
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        raise _undelivered(code, words, recipient, final=code >= 500) from refused
    except smtplib.SMTPDataError as refused:
        final = refused.smtp_code >= 500
        raise _undelivered(refused.smtp_code, refused.smtp_error, recipient, final=final) from None
    except smtplib.SMTPResponseException as refused:
        raise _undelivered(refused.smtp_code, refused.smtp_error, recipient) from None
    except ssl.SSLCertVerificationError as error:
        raise Undelivered(f"服务器的证书没有通过验证：{error.verify_message}") from error
    except TimeoutError as error:
        raise Undelivered("服务器没有及时应答") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Undelivered(f"服务器不支持：{error}"[:LONGEST_WORDS]) from error
    except smtplib.SMTPServerDisconnected as error:
        raise Undelivered("服务器中断了连接") from error
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        cause = getattr(error, "strerror", None) or type(error).__name__
        raise Undelivered(f"连不上服务器：{cause}"[:LONGEST_WORDS]) from error


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Signed in over a safe connection that is cut when the errand takes too long."""
    context = ssl.create_default_context()
    smtp: smtplib.SMTP
    if server.security is Security.TLS:
        smtp = smtplib.SMTP_SSL(timeout=server.timeout, context=context)
    else:
        smtp = smtplib.SMTP(timeout=server.timeout)
    # connect() leaves the name to the constructor, which would dial before it can be cut
    smtp._host = server.host  # type: ignore[attr-defined]  # unknown to the stubs
    cut = threading.Timer(server.longest, _cut, [smtp])
    cut.daemon = True
    cut.start()
    try:
        smtp.connect(server.host, server.port)
        if server.security is Security.STARTTLS:
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        with suppress(smtplib.SMTPException, OSError):  # it has been taken, whatever comes now
            smtp.quit()
    finally:
        cut.cancel()
        smtp.close()


def _cut(smtp: smtplib.SMTP) -> None:
    if smtp.sock is not None:
        with suppress(OSError):
            smtp.sock.shutdown(socket.SHUT_RDWR)


def _undelivered(
    code: int, said: bytes | str, recipient: str, *, final: bool = False
) -> Undelivered:
    """The server's words on one line, without the person's address."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    start = text.lower().find(recipient.lower())
    while start >= 0:
        text = f"{text[:start]}（收件地址）{text[start + len(recipient) :]}"
        start = text.lower().find(recipient.lower())
    return Undelivered(f"{code} {text}"[:LONGEST_WORDS], final=final)
