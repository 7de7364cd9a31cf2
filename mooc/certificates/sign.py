"""The issuer's keys and name on the web: Ed25519 as Multikey, `did:web`, the DID document.

The key file `var/keys/issuer.json` (mode 0600) is made at the first start. It lists keys oldest
first; the last one signs, all are in the DID document, so that a new key leaves old proofs valid.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FILE = "issuer.json"
# Multicodec prefixes of a Multikey (varints): ed25519-pub and ed25519-priv.
_PUBLIC, _SECRET = b"\xed\x01", b"\x80\x26"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class KeyFileError(Exception):
    """The key file cannot be used. The message is for the operator and holds no secret."""


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """One Ed25519 key. The seed never appears in a repr, a log or a page."""

    public: str  # publicKeyMultibase, z6Mk…
    created: str
    seed: bytes = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def issuer_keys(folder: Path, *, now: datetime) -> tuple[IssuerKey, ...]:
    """The keys of this site; the first call of all makes one. Safe with several processes."""
    path = folder / FILE
    if not path.exists():
        _create(path, now)
    try:
        document = json.loads(path.read_text("utf-8"))
        keys = tuple(_read(entry) for entry in document["keys"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFileError(
            f"The issuer's keys in {path} cannot be read ({type(error).__name__}); "
            "restore the file from a backup."
        ) from None
    if not keys:
        raise KeyFileError(f"The key file {path} holds no key; restore it from a backup.")
    return keys


def did(base_url: str) -> str:
    """The `did:web` id of a site: `https://ip.example:8443` → `did:web:ip.example%3A8443`."""
    address = urlsplit(base_url)
    host = address.netloc.rpartition("@")[2].lower()
    parts = [quote(host, safe=""), *(part for part in address.path.split("/") if part)]
    return "did:web:" + ":".join(parts)


def did_document(issuer: str, keys: tuple[IssuerKey, ...]) -> dict[str, Any]:
    """What `/.well-known/did.json` serves: every key, each good for assertions."""
    methods = [
        {
            "id": f"{issuer}#{key.public}",
            "type": "Multikey",
            "controller": issuer,
            "publicKeyMultibase": key.public,
        }
        for key in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def multibase(prefix: bytes, payload: bytes) -> str:
    """`z` and the base 58 (Bitcoin alphabet) of a multicodec prefix and its payload."""
    raw = prefix + payload
    number, digits = int.from_bytes(raw), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "z" + _BASE58[0] * zeros + digits


def _from_multibase(text: str, prefix: bytes, length: int) -> bytes:
    number = 0
    for character in text.removeprefix("z"):
        number = number * 58 + _BASE58.index(character)
    raw = number.to_bytes(len(prefix) + length)
    if not text.startswith("z") or not raw.startswith(prefix):
        raise ValueError("not a Multikey of the expected kind")
    return raw[len(prefix) :]


def _create(path: Path, now: datetime) -> None:
    """Write a fresh key; when two processes try at once, the first one's file stands, whole."""
    seed = secrets.token_bytes(32)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    entry = {
        "type": "Multikey",
        "created": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "publicKeyMultibase": multibase(_PUBLIC, public),
        "secretKeyMultibase": multibase(_SECRET, seed),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps({"keys": [entry]}, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    except OSError as error:
        raise KeyFileError(
            f"The issuer's key cannot be kept in {path.parent} ({error.strerror}); "
            "make the folder writable or choose another with MOOC_VAR."
        ) from error


def _read(entry: dict[str, str]) -> IssuerKey:
    seed = _from_multibase(entry["secretKeyMultibase"], _SECRET, 32)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    if multibase(_PUBLIC, public) != entry["publicKeyMultibase"]:
        raise ValueError("public and secret key do not belong together")
    return IssuerKey(entry["publicKeyMultibase"], entry["created"], seed)
