"""What git hosts tell this site: a push. Proven by a secret, told once, answered at once."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from flask import Blueprint, Response, abort, request
from werkzeug.datastructures import Headers

from mooc.catalog.models import Push
from mooc.db import db, utcnow
from mooc.operations.actions import enqueue, insert_once
from mooc.web import limits
from mooc.web.config import Settings, settings
from mooc.web.security import allow, own_proof

bp = Blueprint("hooks", __name__)

LARGEST = 2**20  # bytes of a body
LONGEST_ID = 100
EVENTS = ("X-GitHub-Event", "X-Gitea-Event", "X-Gitlab-Event")
# Ids of one delivery, the same when it is sent again.
DELIVERIES = ("X-GitHub-Delivery", "X-Gitea-Delivery", "Idempotency-Key", "X-Gitlab-Event-UUID")


@bp.post("/hooks/push")
@own_proof
@allow("everyone")
def push() -> Response:
    """Promise to fetch and publish, once for each delivery that proves itself."""
    secret = secret_of(settings())
    if not secret:
        abort(404)
    limits.hit("hook")
    if (request.content_length or 0) > LARGEST:
        abort(413)
    body = request.get_data()
    if len(body) > LARGEST:
        abort(413)
    if not genuine(request.headers, body, secret):
        abort(403)
    told = _payload(body)
    if not _is_push(request.headers) or told.get("ref") != _branch():
        return _say("ignored: not a push to the branch that is published")
    delivery = _delivery(request.headers)
    now = utcnow()
    values = {
        "delivery": delivery,
        "received_at": now,
        "revision": _revision(told),
        "author": "",
        "error": "",
        "report": [],
    }
    push_id = insert_once(Push, values, ["delivery"])
    if push_id is None:
        return _say("already")
    enqueue("courses.fetch", f"courses.fetch:{push_id}", push_id, now=now)
    db.session.commit()
    return _say("thank you", 202)


def secret_of(here: Settings) -> str:
    """The secret: the setting itself, or what the file that it names holds."""
    held = here.hook_secret
    path = Path(held)
    if held and len(held) < 1000 and path.is_absolute() and path.is_file():
        return path.read_text("utf-8").strip()
    return held


def genuine(headers: Headers, body: bytes, secret: str) -> bool:
    """Whether the body was sent by who knows the secret: signed, or (GitLab) with it in a header.

    Where both a signature and a token came, the signature decides.
    """
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    signatures = (
        headers.get("X-Hub-Signature-256", "").removeprefix("sha256="),
        headers.get("X-Gitea-Signature", ""),
    )
    signature = next((each for each in signatures if each), "")
    if signature:
        return hmac.compare_digest(signature.lower().encode(), digest.encode())
    token = headers.get("X-Gitlab-Token", "")
    # Compared as digests, so that not even the length of the secret shows in the time.
    return hmac.compare_digest(
        hashlib.sha256(token.encode()).digest(), hashlib.sha256(secret.encode()).digest()
    )


def _is_push(headers: Headers) -> bool:
    event = next((headers[name] for name in EVENTS if name in headers), "push")
    return event in ("push", "Push Hook")


def _branch() -> str:
    return f"refs/heads/{settings().repository_branch}"


def _delivery(headers: Headers) -> str:
    found = next((headers[name] for name in DELIVERIES if headers.get(name)), "")
    if not found or len(found) > LONGEST_ID or not found.isprintable():
        abort(400)
    return found


def _payload(body: bytes) -> dict[str, Any]:
    """The JSON of the body, or of its form field `payload`."""
    try:
        text = body.decode("utf-8")
        if request.mimetype == "application/x-www-form-urlencoded":
            text = parse_qs(text, max_num_fields=10)["payload"][0]
        told = json.loads(text)
    except (ValueError, KeyError, RecursionError):
        abort(400)
    return told if isinstance(told, dict) else abort(400)


def _revision(told: dict[str, Any]) -> str:
    """The commit as the host tells it; what is published is what was fetched."""
    after = told.get("after")
    is_hash = isinstance(after, str) and len(after) in (40, 64) and after.isalnum()
    return str(after) if is_hash else ""


def _say(words: str, status: int = 200) -> Response:
    return Response(f"{words}\n", status, mimetype="text/plain")
