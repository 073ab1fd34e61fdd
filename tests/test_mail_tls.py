"""Letters leave this machine only over TLS, to a server whose certificate is good."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.mail_server import PostOffice, post_office, server_at
from volunteer_app.mail import MailServer, Security, Undelivered, deliver


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself; the key is in the same file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def office(certificate: Path) -> Iterator[tuple[PostOffice, MailServer]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with post_office(tls_context=context) as (office, server):
        yield office, server_at(server.port, security=Security.STARTTLS)


def letter() -> EmailMessage:
    letter = EmailMessage()
    letter["To"], letter["Subject"] = "qiao@example.com", "通知"
    letter.set_content("您好")
    return letter


def test_a_certificate_that_is_trusted_is_enough(
    office: tuple[PostOffice, MailServer], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    deliver(office[1], letter())

    assert office[0].subjects == ["通知"]


def test_a_certificate_that_nobody_vouches_for_delays(
    office: tuple[PostOffice, MailServer],
) -> None:
    with pytest.raises(Undelivered, match="证书没有通过验证") as undelivered:
        deliver(office[1], letter())

    assert not undelivered.value.final
    assert office[0].letters == []


def test_a_server_without_tls_gets_neither_letter_nor_password() -> None:
    with post_office() as (plain, server):
        safe = server_at(server.port, security=Security.STARTTLS, user="u", password="secret")
        with pytest.raises(Undelivered, match="服务器不支持") as undelivered:
            deliver(safe, letter())

    assert not undelivered.value.final
    assert plain.letters == []


def test_a_wrong_password_delays_and_is_not_the_letters_fault() -> None:
    with post_office(
        auth_require_tls=False,
        authenticator=lambda *_given: AuthResult(success=False, handled=False),
    ) as (strict, server):
        wrong = server_at(server.port, user="u", password="secret")
        with pytest.raises(Undelivered, match="535") as undelivered:
            deliver(wrong, letter())

    assert not undelivered.value.final
    assert "secret" not in undelivered.value.words
    assert strict.letters == []
