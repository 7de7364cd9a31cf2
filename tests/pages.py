"""What holds for every page: checked by the test client on each one that any test fetches."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise
from typing import Any

import html5lib
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

_checked: set[str] = set()
XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
FIELDS = ("input", "select", "textarea")
UNREAD = ("}script", "}style", "}code", "}pre")
UNLABELLED_TYPES = ("hidden", "submit", "button", "image", "reset")
LEAK = re.compile(
    r"&lt;(?:p|div|span|em|strong|ul|li|a|code|table)\b|\{\{|\{%|Markup\(|lazy_gettext"
)
HANDLER = re.compile(r"^on[a-z]+$")


def check(html: str, address: str = "") -> None:
    """Raise AssertionError naming every standing rule that a page breaks."""
    digest = hashlib.sha256(html.encode()).hexdigest()
    if digest in _checked:
        return
    problems = page_problems(html)
    assert not problems, f"{address}:\n- " + "\n- ".join(problems)
    _checked.add(digest)


def page_problems(html: str) -> list[str]:
    """Every standing rule that a page breaks, as sentences."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    root = parser.parse(html)
    problems = [
        f"invalid HTML at {position}: {code} {details}" for position, code, details in parser.errors
    ]
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    problems += _frame(root, elements)
    problems += _ids(elements)
    problems += _labels(elements)
    problems += _inline(elements)
    visible = _text(root)
    problems += [f"markup shown as text: {found!r}" for found in LEAK.findall(_escaped(visible))]
    return problems


def _frame(root: Any, elements: list[Any]) -> list[str]:
    problems = []
    if not root.get("lang"):
        problems.append("the page names no language")
    headings = [element for element in elements if element.tag == f"{XHTML}h1"]
    titles = [element for element in elements if element.tag == f"{XHTML}title"]
    if len(headings) != 1:
        problems.append(f"{len(headings)} h1 instead of one")
    if len(titles) != 1:
        problems.append(f"{len(titles)} titles instead of one")
    if len(headings) == len(titles) == 1:
        heading, title = _text(headings[0]), _text(titles[0])
        if not heading or not title.startswith(heading):
            problems.append(f"the title “{title}” does not start with the h1 “{heading}”")
    levels = [int(e.tag[-1]) for e in elements if re.fullmatch(re.escape(XHTML) + "h[1-6]", e.tag)]
    problems += [
        f"an h{after} follows an h{before}"
        for before, after in pairwise(levels)
        if after > before + 1
    ]
    return problems


def _ids(elements: list[Any]) -> list[str]:
    ids = [element.get("id") for element in elements if element.get("id") is not None]
    problems = [
        f"id “{name}” stands {ids.count(name)} times"
        for name in sorted(set(ids))
        if ids.count(name) > 1
    ]
    for element in elements:
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            problems += [
                f"{attribute}=“{name}” points to no id"
                for name in (element.get(attribute) or "").split()
                if name not in ids
            ]
    return problems


def _labels(elements: list[Any]) -> list[str]:
    named = {e.get("for") for e in elements if e.tag == f"{XHTML}label"}
    wrapped = {
        child
        for label in elements
        if label.tag == f"{XHTML}label" and _text(label)
        for child in label.iter()
    }
    problems = []
    for element in elements:
        tag = element.tag.removeprefix(XHTML)
        if tag in FIELDS and element.get("type") not in UNLABELLED_TYPES:
            has = element.get("id") in named or element in wrapped
            if not has and not element.get("aria-label") and not element.get("aria-labelledby"):
                problems.append(f"the field “{element.get('name')}” has no label")
        elif tag in ("button", "a") and (tag == "button" or element.get("href")):
            if not _voice(element):
                problems.append(f"a {tag} has no words: {dict(element.attrib)}")
        elif tag == "img" and element.get("alt") is None:
            problems.append(f"the picture {element.get('src')} has no alt")
        elif tag == "fieldset" and not any(c.tag == f"{XHTML}legend" for c in element):
            problems.append("a fieldset has no legend")
    return problems


def _inline(elements: list[Any]) -> list[str]:
    problems = []
    for element in elements:
        tag = element.tag.removeprefix(XHTML).removeprefix(SVG)
        if tag == "style":
            problems.append("an inline style sheet")
        data = element.get("type") == "application/ld+json"
        if tag == "script" and not element.get("src") and not data:
            problems.append("an inline script")
        if element.get("style") is not None:
            problems.append(f"a style attribute on {tag}")
        handlers = [name for name in element.attrib if HANDLER.match(str(name))]
        problems += [f"the handler {name} on {tag}" for name in handlers]
        for name in ("href", "src", "action"):
            if re.match(r"\s*(javascript|data|vbscript):", element.get(name) or "", re.IGNORECASE):
                problems.append(f"{name}=“{element.get(name)}” on {tag}")
    return problems


def _text(element: Any) -> str:
    pieces: list[str] = []

    def walk(node: Any) -> None:
        if not isinstance(node.tag, str) or node.tag.endswith(UNREAD):
            pieces.append(node.tail or "")
            return
        pieces.append(node.text or "")
        for child in node:
            walk(child)
        pieces.append(node.tail or "")

    pieces.append(element.text or "")
    for child in element:
        walk(child)
    return " ".join("".join(pieces).split())


def _voice(element: Any) -> str:
    label = element.get("aria-label") or element.get("aria-labelledby") or _text(element)
    if label:
        return str(label)
    return "".join(
        str(child.get("alt") or child.get("aria-label") or "") for child in element.iter()
    )


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;")


class CheckingClient(FlaskClient):
    """A browser that checks every page it gets, and sends what a browser sends by itself.

    Unsafe requests carry the session's CSRF token and say that they come from this site, unless
    a test says otherwise (`csrf=False`, its own headers). `checks=False` fetches without checking.
    """

    def open(
        self, *args: Any, checks: bool = True, csrf: bool = True, **kwargs: Any
    ) -> TestResponse:
        if kwargs.get("method", "GET") not in ("GET", "HEAD"):
            headers = dict(kwargs.get("headers") or {})
            if not {name.lower() for name in headers} & {"sec-fetch-site", "origin"}:
                headers["Sec-Fetch-Site"] = "same-origin"
            if csrf and "X-CSRFToken" not in headers and (token := self.csrf_token()):
                headers["X-CSRFToken"] = token
            kwargs["headers"] = headers
        response = super().open(*args, **kwargs)
        moved = 300 <= response.status_code < 400
        if checks and response.mimetype == "text/html" and not moved:
            body = response.get_data(as_text=True)
            if body:
                check(body, f"{response.request.method} {response.request.path}")
        return response

    def csrf_token(self) -> str:
        """A token for this browser's session, empty where it has none."""
        if self.get_cookie(self.application.config["SESSION_COOKIE_NAME"]) is None:
            return ""
        with self.session_transaction() as held:
            raw = held.get("csrf_token")
        if raw is None:
            return ""
        with self.application.test_request_context():
            from flask import session

            session["csrf_token"] = raw
            return str(generate_csrf())
