"""A real site on this machine for a real browser: web server and worker in threads."""

from __future__ import annotations

import email
import email.policy
import logging
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from mooc.catalog import queries as catalog
from mooc.db import db, utcnow
from mooc.learning import actions as learning
from mooc.operations.models import Job
from mooc.web import create_app
from mooc.web.config import load
from mooc.web.jobs import run_due_jobs
from scripts.demo_site import Person, sign_in
from tests.conftest import SECRET, publish

logging.getLogger("werkzeug").setLevel(logging.ERROR)


class KeepAlive(WSGIRequestHandler):
    """A browser asks for a page and its parts over few connections, as from a real server."""

    protocol_version = "HTTP/1.1"


@dataclass
class Site:
    """The site, its address, its folder, and the people in it."""

    app: Flask
    address: str
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, *, role: str = "", course: str = "") -> Person:
        """Somebody with a session, made once; enrolled in `course` if it is named."""
        if name not in self.people:
            address = f"person{len(self.people) + 1}@example.org"
            self.people[name] = sign_in(self.app, name, address, role)
        if course:
            with self.app.app_context():
                learning.enroll(self.people[name].id, catalog.live().courses[course], now=utcnow())
                db.session.commit()
        return self.people[name]

    def context(self, browser: Browser, person: Person | None = None, **how: Any) -> BrowserContext:
        """A browser of its own, in which this person is signed in. Motion is off: axe reads
        colours, and a colour on its way is none."""
        how.setdefault("locale", "en-GB")
        context = browser.new_context(base_url=self.address, reduced_motion="reduce", **how)
        context.set_default_timeout(8_000)
        if person is not None:
            self.let_in(context, person)
        return context

    def let_in(self, context: BrowserContext, person: Person) -> None:
        """Sign a person in, in place of whoever was."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": person.cookie, "url": self.address}])

    def letter_link(self) -> str:
        """The first link of this site in the newest letter, as soon as a letter is there."""
        with self.app.app_context():
            run_due_jobs()
            for _try in range(100):  # the worker may have it in hand
                held = select(Job.id).where(Job.state.in_(("waiting", "running")))
                if not db.session.execute(held.where(Job.kind == "mail.send")).first():
                    break
                db.session.rollback()
                time.sleep(0.1)
            db.session.rollback()
        newest = max((self.folder / "mail").glob("*.eml"))
        letter = email.message_from_bytes(newest.read_bytes(), policy=email.policy.default)
        body = letter.get_body(("plain",))
        assert body is not None
        found = re.search(rf"{re.escape(self.address)}/\S+", body.get_content())
        assert found, "the letter holds no link of this site"
        return found[0]


@contextmanager
def served(folder: Path, empty_sqlite: Path, *courses: Path, **settings: Any) -> Iterator[Site]:
    """The site with these courses on a free port, a worker beside it, until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(empty_sqlite, folder / "mooc.sqlite")
    server = make_server("127.0.0.1", 0, _not_yet, threaded=True, request_handler=KeepAlive)
    server.daemon_threads = True  # type: ignore[attr-defined]
    address = f"http://127.0.0.1:{server.port}"
    app = create_app(load({}, var=str(folder), base_url=address, secret_key=SECRET, **settings))
    app.config.update(TESTING=True)
    for course in courses:
        publish(app, course, datetime.now(UTC).replace(microsecond=0))
    server.app = app
    stopped = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True),
        threading.Thread(target=_work, args=(app, stopped), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield Site(app, address, folder)
    finally:
        stopped.set()
        server.shutdown()
        for thread in threads:
            thread.join(10)
        server.server_close()
        with app.app_context():
            db.engine.dispose()


def _not_yet(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [])
    return []


def _work(app: Flask, stopped: threading.Event) -> None:
    """The worker, nearer to its work than the real one."""
    while not stopped.wait(0.1):
        with app.app_context():
            run_due_jobs()


@dataclass
class Watch:
    """Everything a page says that it should not: console, errors, parts that did not come."""

    found: list[str] = field(default_factory=list)

    def on(self, page: Page) -> Page:
        """Listen to a page from now on."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("response", self._answered)
        return page

    def _said(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if "Failed to load resource" not in message.text:  # the answer itself is watched
            self.found.append(f"{where}: {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        page = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not page):
            self.found.append(f"{response.request.method} {response.url}: {response.status}")
