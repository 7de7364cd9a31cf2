"""The issuer's key, its address on the web, its document."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mooc.certificates.sign import KeyFileError, did, did_document, issuer_keys, multibase
from tests.certificates.samples import MOMENT


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://ip.example", "did:web:ip.example"),
        ("https://IP.Example/", "did:web:ip.example"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
        ("https://ip.example/courses/", "did:web:ip.example:courses"),
    ],
)
def test_the_did_follows_the_address(address: str, expected: str) -> None:
    assert did(address) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [  # the examples of the IETF draft “The Base58 Encoding Scheme”
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
    ],
)
def test_base_58_is_written_as_its_draft_shows(raw: bytes, expected: str) -> None:
    assert multibase(b"", raw) == expected


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = issuer_keys(tmp_path / "keys", now=MOMENT)
    again = issuer_keys(tmp_path / "keys", now=MOMENT)
    assert [key.public for key in first] == [key.public for key in again]
    file = tmp_path / "keys" / "issuer.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["issuer.json"]


def test_two_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        found.append(issuer_keys(tmp_path / "keys", now=MOMENT)[0].public)

    threads = [threading.Thread(target=start) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_document_names_the_key_that_signs(tmp_path: Path) -> None:
    (key,) = issuer_keys(tmp_path, now=MOMENT)
    document = did_document("did:web:ip.example", (key,))
    (method,) = document["verificationMethod"]
    assert method["id"] == f"did:web:ip.example#{key.public}"
    assert document["assertionMethod"] == [method["id"]]
    assert "secret" not in json.dumps(document)
    raw = _decoded(method["publicKeyMultibase"])
    assert method["publicKeyMultibase"].startswith("z6Mk")
    assert raw[:2] == b"\xed\x01"
    Ed25519PublicKey.from_public_bytes(raw[2:]).verify(key.sign(b"text"), b"text")


def test_a_key_never_shows_its_secret(tmp_path: Path) -> None:
    (key,) = issuer_keys(tmp_path, now=MOMENT)
    assert "seed" not in repr(key)
    assert key.seed.hex() not in repr(key)


@pytest.mark.parametrize("text", ["", "{}", '{"keys": []}', '{"keys": [{"created": "x"}]}', "[1]"])
def test_a_damaged_key_file_is_one_clear_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "issuer.json").write_text(text)
    with pytest.raises(KeyFileError, match=r"issuer\.json"):
        issuer_keys(tmp_path, now=MOMENT)


def test_a_public_key_that_does_not_belong_is_refused_without_telling_the_secret(
    tmp_path: Path,
) -> None:
    issuer_keys(tmp_path, now=MOMENT)
    path = tmp_path / "issuer.json"
    document = json.loads(path.read_text())
    secret = document["keys"][0]["secretKeyMultibase"]
    document["keys"][0]["publicKeyMultibase"] = multibase(b"\xed\x01", bytes(32))
    path.write_text(json.dumps(document))
    with pytest.raises(KeyFileError) as refusal:
        issuer_keys(tmp_path, now=MOMENT)
    assert secret not in str(refusal.value)


def _decoded(text: str) -> bytes:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number = 0
    for character in text[1:]:
        number = number * 58 + alphabet.index(character)
    return number.to_bytes(34)
