"""Keys at work: fields sealed with AES-GCM, and blind indexes to find them without opening them."""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_ID_BYTES = 2
_NONCE_BYTES = 12


class WrongKeyError(Exception):
    """Something sealed cannot be opened with the keys at hand, or not for this row."""


class Vault:
    """A ring of sealing keys and one index key.

    A sealed value is the key's id (2 bytes, big-endian), a nonce (12) and AES-256-GCM's output; the
    associated data binds it to its row and column. New values use the highest id.
    """

    def __init__(self, sealing_keys: Mapping[int, bytes], index_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in sealing_keys.items()}
        self._current = max(self._ciphers)
        self._index_key = index_key

    def seal(self, text: str, bound_to: str) -> bytes:
        return self.seal_bytes(text.encode(), bound_to)

    def open(self, sealed: bytes, bound_to: str) -> str:
        """Raises WrongKeyError for an unknown key, another row, a changed or a missing byte."""
        return self.open_bytes(sealed, bound_to).decode()

    def seal_bytes(self, content: bytes, bound_to: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._ciphers[self._current]
        sealed = cipher.encrypt(nonce, content, bound_to.encode())
        return self._current.to_bytes(_KEY_ID_BYTES, "big") + nonce + sealed

    def open_bytes(self, sealed: bytes, bound_to: str) -> bytes:
        """Raises WrongKeyError as `open` does."""
        key_id = int.from_bytes(sealed[:_KEY_ID_BYTES], "big")
        nonce = sealed[_KEY_ID_BYTES : _KEY_ID_BYTES + _NONCE_BYTES]
        try:
            cipher = self._ciphers[key_id]
            body = sealed[_KEY_ID_BYTES + _NONCE_BYTES :]
            return cipher.decrypt(nonce, body, bound_to.encode())
        except (KeyError, ValueError, InvalidTag) as error:
            raise WrongKeyError("密文与现有密钥不符。") from error

    def index(self, kind: str, text: str) -> bytes:
        """HMAC-SHA-256 of a normalised value: equal values are equal, nothing else is learnt."""
        return hmac.digest(self._index_key, f"{kind}:{text}".encode(), sha256)


def digest(token: str) -> str:
    """What is stored of a random token: its SHA-256, hex."""
    return sha256(token.encode()).hexdigest()


def new_keys() -> dict[str, Any]:
    """A fresh set: Flask's secret, the index key and the first sealing key, base64."""
    return {
        "secret_key": secrets.token_urlsafe(48),
        "index_key": _encode(os.urandom(32)),
        "sealing_keys": {"1": _encode(os.urandom(32))},
    }


def write_keys(path: Path, keys: Mapping[str, Any]) -> None:
    """Create the file with mode 0600; never overwrites one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(keys, file, indent=2)
        file.flush()
        os.fsync(file.fileno())


def read_vault(keys: Mapping[str, Any]) -> Vault:
    """Raises ValueError or KeyError when a key is missing or has not 32 bytes."""
    sealing_keys = {int(key_id): _decode(key) for key_id, key in keys["sealing_keys"].items()}
    index_key = _decode(keys["index_key"])
    if not sealing_keys or any(len(key) != 32 for key in (index_key, *sealing_keys.values())):
        raise ValueError("a key has not 32 bytes")
    return Vault(sealing_keys, index_key)


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
