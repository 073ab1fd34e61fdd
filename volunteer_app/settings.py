"""Frozen settings from VOLUNTEER_* variables and instance/; refuses what is incomplete."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .mail import LOOPBACK, MailServer, read_mail_url
from .vault import Vault, read_vault

KEYS_FILE = "keys.json"
DATABASE_FILE = "volunteer.sqlite3"
SHORTEST_SECRET = 32


class SettingsError(Exception):
    """One sentence that says what is missing or unsafe and what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`url` is the public address; `proxies` counts the reverse proxies in front; without `mail`
    no e-mail is sent."""

    instance: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    vault: Vault
    url: str = "http://127.0.0.1:8000"
    proxies: int = 0
    demo: bool = False
    mail: MailServer | None = None

    @property
    def https(self) -> bool:
        return self.url.startswith("https://")


def instance_path(environ: Mapping[str, str] = os.environ) -> Path:
    """VOLUNTEER_INSTANCE, or instance/ in the current folder."""
    return Path(environ.get("VOLUNTEER_INSTANCE", "instance")).resolve()


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError with one sentence for the person who starts the program."""
    instance = instance_path(environ)
    keys = _read_keys(instance / KEYS_FILE, environ)
    try:
        vault, secret_key = read_vault(keys), _secret_key(keys)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise SettingsError("密钥不完整或已损坏，请从备份恢复密钥文件。") from error
    default = f"sqlite:///{instance / DATABASE_FILE}"
    return Settings(
        instance=instance,
        database_url=_database_url(environ.get("VOLUNTEER_DATABASE_URL") or default),
        secret_key=secret_key,
        vault=vault,
        url=_public_url(environ.get("VOLUNTEER_URL", "http://127.0.0.1:8000")),
        proxies=_count(environ, "VOLUNTEER_PROXIES"),
        demo=(instance / "demo").is_file(),
        mail=_mail(environ.get("VOLUNTEER_MAIL_URL", "")),
    )


def _read_keys(path: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    text = environ.get("VOLUNTEER_KEYS")
    if text is None:
        try:
            mode = path.stat().st_mode & 0o077
            text = path.read_text("utf-8")
        except FileNotFoundError as error:
            raise SettingsError(f"找不到密钥文件{path}，请先运行volunteer init。") from error
        if mode and os.name == "posix":
            raise SettingsError(f"密钥文件{path}别人也能读，请运行chmod 600 {path}。")
    try:
        keys: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise SettingsError("密钥不是有效的JSON，请从备份恢复密钥文件。") from error
    return keys


def _secret_key(keys: dict[str, Any]) -> str:
    """Signs sessions and forms. Raises KeyError or ValueError where it is missing or short."""
    secret_key = str(keys["secret_key"])
    if len(secret_key) < SHORTEST_SECRET:
        raise ValueError("the secret key is short")
    return secret_key


def _database_url(url: str) -> str:
    """Plain postgresql:// means psycopg 3, the only driver that is installed."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme == "postgresql" else url


def _mail(url: str) -> MailServer | None:
    """None where no mail is sent: then staff tell people by telephone."""
    try:
        return read_mail_url(url) if url else None
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError("VOLUNTEER_URL应是完整的网址，例如https://volunteer.example.org。")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingsError("对外服务必须用https，请把VOLUNTEER_URL改为https开头的网址。")
    return url.rstrip("/")


def _count(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name, "0")
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"{name}应是一个整数，现在是{text}。")
    return int(text)
