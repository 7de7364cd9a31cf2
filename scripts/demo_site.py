"""A site with people who have learned something: what pictures of it are taken from."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from mooc.accounts import actions as accounts
from mooc.catalog import queries as catalog
from mooc.catalog.queries import LiveCourse
from mooc.content.model import (
    Blank,
    Choices,
    Cloze,
    Dates,
    Item,
    Key,
    Lesson,
    Numbers,
    Pairs,
    Question,
    Quiz,
    Steps,
    Texts,
)
from mooc.content.questions import given
from mooc.content.questions.cloze import options_of
from mooc.db import db, utcnow
from mooc.learning import actions as learning
from mooc.learning import queries
from mooc.learning.draw import practice_order

PUBLIC_PAGES = {
    "home": "/",
    "courses": "/courses",
    "no-match": "/courses?q=nothing+of+the+kind",
    "search": "/search?q=copyright",
    "not-found": "/nothing-here",
    "sign-in": "/sign-in",
    "sign-up": "/sign-up",
    "password-reset": "/password/reset",
    "verify": "/verify",
}
PERSONAL_PAGES = {"my": "/my", "settings": "/settings", "forbidden": "/styleguide"}
STAFF_PAGES = {
    "styleguide": "/styleguide",
    "styleguide-lesson": "/styleguide/lesson",
    "styleguide-attempt": "/styleguide/attempt",
}


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it."""

    name: str
    path: str
    cookie: str = ""


# --------------------------------------------------------------------------------------- the site


@contextmanager
def running_site(folder: Path, port: int, courses: str) -> Iterator[tuple[Flask, str]]:
    """The site on a free port of this machine, its courses published from the working tree."""
    from mooc.cli.roots import read_roots
    from mooc.content.roots import site
    from mooc.web import create_app, schema
    from mooc.web.config import load
    from mooc.web.publishing import publish_all

    server = make_server("127.0.0.1", port, _not_yet, threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    settings = load(var=str(folder), courses=courses, base_url=address, languages="en,ru")
    app = create_app(settings)
    schema.upgrade(app)
    found = site(read_roots([courses], worktree=True))
    for course, report in publish_all(app, found, holder="the demonstration"):
        if report.outcome == "kept":
            sys.exit(f"The course {course.name} has errors: see mooc check.")
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield app, address
    finally:
        server.shutdown()


def _not_yet(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [])
    return []


@dataclass(frozen=True)
class Person:
    """Somebody signed in: user id, session code, the cookie that holds it."""

    id: int
    code: str
    cookie: str


def sign_in(app: Flask, name: str, email: str, role: str = "") -> Person:
    """A new person with a session."""
    now = utcnow()
    with app.app_context():
        user = accounts.create_user(
            name=name, email=email, password_hash=None, now=now, confirmed=True
        )
        if role:
            accounts.grant(user, role, by=None, now=now)
        code = accounts.start_session(user, browser="screenshots", now=now)
        db.session.commit()
        user_id = user.id
    held = {"_permanent": True, "sid": code, "seen": int(time.time()), "csrf_token": "0" * 40}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return Person(user_id, code, signer.dumps(held))


# ---------------------------------------------------------------------------- a learner's way


def answer_to(question: Question, order: tuple[str, ...], *, right: bool) -> tuple[str, ...]:
    """What a form would send for a right answer, or for a wrong one."""
    key = question.key
    if isinstance(key, Choices):
        wanted = {option.key for option in key.options if option.correct is right}
        places = tuple(str(at) for at, name in enumerate(order) if name in wanted)
        return places if question.type == "multiple" else places[:1]
    if isinstance(key, Pairs):
        return tuple(str(order.index(p.target)) for p in key.pairs) if right else ("0",)
    if isinstance(key, Steps):
        steps = [step.key for step in key.steps]
        return tuple(str(steps.index(name) + 1) for name in order) if right else ("1",)
    if isinstance(key, Cloze):
        return tuple(_filled(blank, order) for blank in key.blanks) if right else ("0",)
    return (_typed(key),) if right else ("0",)


def _filled(blank: Blank, order: tuple[str, ...]) -> str:
    if not isinstance(blank.key, Choices):
        return _typed(blank.key)
    right = {option.key for option in blank.key.options if option.correct}
    return next(str(at) for at, name in enumerate(options_of(blank, order)) if name in right)


def _typed(key: Key) -> str:
    if isinstance(key, Numbers | Dates):
        return next(answer.low for answer in key.answers if answer.correct)
    texts = key.answers if isinstance(key, Texts) else ()
    return next((one.text for one in texts if one.correct and not one.pattern), "")


def take(person: Person, live: LiveCourse, quiz: Quiz, *, wrong: int = 0) -> str:
    """One attempt, submitted, its first `wrong` answers wrong; its code."""
    token = f"{person.id}:{quiz.id}:{time.time()}"[:64]
    attempt = learning.start(person.id, live, quiz, token=token, now=queries.database_now())
    db.session.commit()
    sitting = queries.sitting(person.code, attempt.code, utcnow())
    versions = catalog.question_versions(line.version for line in sitting.paper)
    given = [
        learning.Given(
            position=at,
            values=answer_to(versions[line.version], line.options, right=at >= wrong),
            sequence=1,
            flagged=False,
        )
        for at, line in enumerate(sitting.paper)
    ]
    learning.save(sitting, given, tab="screenshots", writing=db.session.connection())
    learning.submit(sitting)
    db.session.commit()
    learning.mark(db.session.merge(attempt), live, now=sitting.now)
    db.session.commit()
    return attempt.code


def read_all(person: Person, live: LiveCourse, items: tuple[Item, ...]) -> None:
    """Complete lessons and pass quizzes, whatever of both is among the items."""
    for item in items:
        if isinstance(item, Quiz):
            take(person, live, item)
            continue
        for question in item.questions:
            order = practice_order(question)
            answer = given(question, order, answer_to(question, order, right=True))
            learning.answer_practice(person.id, live, item, question, answer, now=utcnow())
        learning.complete(person.id, live, item, now=utcnow())
    db.session.commit()


def stage(app: Flask, course_id: str = "ip-essentials") -> list[Shot]:
    """Make people and let them learn; the pages to look at."""
    anna = sign_in(app, "Анна Сергеевна Ковалёва", "anna@example.org")
    lee = sign_in(app, "Jordan Lee", "lee@example.org")
    staff = sign_in(app, "Sam Okafor", "sam@example.org", "instructor")
    shots = [Shot(name, path) for name, path in PUBLIC_PAGES.items()]
    shots += [Shot(name, path, lee.cookie) for name, path in PERSONAL_PAGES.items()]
    shots += [Shot(name, path, staff.cookie) for name, path in STAFF_PAGES.items()]
    with app.app_context():
        live = catalog.course(course_id)
        for person in (anna, lee):
            learning.enroll(person.id, live, now=utcnow())
        db.session.commit()
        read_all(anna, live, live.course.items)
        shots += [*course_pages(live, lee), passed_exam(live, anna)]
    home = f"/courses/{live.course.id}"
    shots.append(Shot("progress-passed", f"{home}/progress", anna.cookie))
    return [*shots, *certificate_pages(app, anna, live.course.id)]


def course_pages(live: LiveCourse, lee: Person) -> list[Shot]:
    """Half-way through a course: some lessons read, a quiz failed, another begun."""
    home = f"/courses/{live.course.id}"
    lessons = [item for item in live.course.items if isinstance(item, Lesson)]
    quizzes = [item for item in live.course.items if isinstance(item, Quiz)]
    here = lessons[len(lessons) // 2 + 1]
    read_all(lee, live, live.course.items[: live.course.items.index(here)])
    failed = take(lee, live, quizzes[1], wrong=quizzes[1].size // 2 + 1)
    now = queries.database_now()
    running = learning.start(lee.id, live, quizzes[0], token=f"{lee.id}:running", now=now).code
    db.session.commit()
    paths = {
        "course-enrolled": home,
        "lesson": f"{home}/{here.id}",
        "lesson-question": f"{home}/{here.id}#q-{here.questions[0].id}",
        "lesson-contents": f"{home}/{here.id}#contents",
        "quiz-start": f"{home}/{quizzes[1].id}",
        "exam-start": f"{home}/{quizzes[-1].id}",
        "attempt": f"/attempts/{running}",
        "review": f"/attempts/{running}/review",
        "result-failed": f"/attempts/{failed}/result",
        "progress": f"{home}/progress",
        "qualify": f"{home}/certificate",
    }
    open_pages = [
        Shot("course", home),
        Shot("glossary", f"{home}/glossary"),
        Shot("lesson-stranger", f"{home}/{lessons[0].id}"),
    ]
    return open_pages + [Shot(name, path, lee.cookie) for name, path in paths.items()]


def passed_exam(live: LiveCourse, person: Person) -> Shot:
    enrollment = queries.enrollment_of(person.id, live.course.id)
    exam = next(item for item in reversed(live.course.items) if isinstance(item, Quiz))
    attempt = queries.attempts_of(enrollment.id if enrollment else 0, exam.names)[-1]
    return Shot("result-passed", f"/attempts/{attempt.code}/result", person.cookie)


def certificate_pages(app: Flask, person: Person, course_id: str) -> list[Shot]:
    """Confirm the name by the page's own form, and let the PDF be made."""
    from mooc.certificates import queries as certificates
    from mooc.web.jobs import run_due_jobs

    path = f"/courses/{course_id}/certificate"
    browser = app.test_client()
    browser.set_cookie(app.config["SESSION_COOKIE_NAME"], person.cookie)
    page = browser.get(path).get_data(as_text=True)
    token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    browser.post(path, data={"name": "Анна Сергеевна Ковалёва", "csrf_token": token})
    with app.app_context():
        run_due_jobs()
        row = certificates.certificate_in(person.id, course_id)
        code = row.code if row else sys.exit("The certificate was not issued.")
    return [Shot("certificate", path, person.cookie), Shot("verified", f"/verify/{code}")]
