"""Every component in every state on one page, with samples: to be looked at, tested and copied from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, render_template
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, RadioField, StringField, TextAreaField

from mooc.content.model import Course, Lesson, Module, Person, Quiz
from mooc.web.outline import Chapter, Row, RowState
from mooc.web.questions import OptionView, QuestionView, Verdict
from mooc.web.security import allow

bp = Blueprint("styleguide", __name__)


class SampleForm(FlaskForm):  # type: ignore[misc]
    """Nothing is sent anywhere."""

    name = StringField("Name")
    email = EmailField("Mail address")
    password = PasswordField("Password")
    about = TextAreaField("About you")
    terms = BooleanField("I will answer by myself and share neither questions nor answers")
    notify = RadioField(
        "Letters", choices=[("all", "All"), ("few", "Only about certificates")], default="few"
    )


@dataclass(frozen=True, slots=True)
class Swatch:
    token: str
    use: str


COLOURS = (
    Swatch("paper", "ground of every page"),
    Swatch("surface", "cards, bars, fields"),
    Swatch("sunken", "code, what is switched off"),
    Swatch("ink", "text"),
    Swatch("muted", "second voice"),
    Swatch("hairline", "lines between things"),
    Swatch("edge", "edges of controls"),
    Swatch("accent", "links, the main act, focus"),
    Swatch("success", "right, done, valid"),
    Swatch("warning", "look here"),
    Swatch("danger", "wrong, revoked, gone"),
    Swatch("gold", "seals, worked cases"),
)


@bp.get("/styleguide")
@allow("instructor")
def page() -> str:
    return render_template("styleguide/page.html", **samples())


@bp.get("/styleguide/<name>")
@allow("instructor")
def layout(name: str) -> str:
    """A whole page in one of the layouts: `lesson`, `attempt`."""
    from mooc.errors import NotFound

    if name not in ("lesson", "attempt"):
        raise NotFound("not_found")
    return render_template(f"styleguide/{name}.html", **samples())


def samples() -> dict[str, Any]:
    """What the page shows; nothing of it is in the database."""
    form = SampleForm(formdata=None, data={"name": "Anna", "email": "anna(at)example.org"}, meta={"csrf": False})
    good = SampleForm(formdata=None, meta={"csrf": False}, prefix="good-")
    form.email.errors = ["Write the address as name@example.org."]
    form.terms.errors = ["Please confirm this first."]
    return {
        "form": form,
        "good": good,
        "colours": COLOURS,
        "course": _course(),
        "chapters": _chapters(),
        "questions": _questions(),
        "now": datetime(2026, 11, 23, 10, 42, tzinfo=UTC),
        "cells": [_cell(number) for number in range(1, 16)],
        "tried": [_cell(n) | {"state": "wrong" if n % 4 == 0 else "right"} for n in range(1, 8)],
        "page_url": lambda number: f"#page-{number}",
    }


def _cell(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "url": f"#q{number}",
        "answered": number < 9 and number != 4,
        "flagged": number in (4, 7),
        "current": number == 9,
    }


def _course() -> Course:
    return Course(
        id="ip-essentials",
        title="Intellectual Property Essentials",
        language="en",
        summary="What patents, marks, designs, copyright and secrets protect, and how to choose.",
        about_html="<p>An invented course.</p>",
        outcomes_html=("Tell the thing apart from the right it carries.",),
        modules=(Module("copyright", "Copyright", ("work", "arises", "exam")),),
        items=_items(),
        hours="20",
        license="CC-BY-4.0",
        instructors=(Person("Anna K.", "Editor"),),
    )


def _items() -> tuple[Lesson | Quiz, ...]:
    def lesson(name: str, title: str, minutes: int) -> Lesson:
        return Lesson(name, title, "en", f"{name}.md", (), minutes=minutes)

    exam = Quiz("exam", "Final exam", "en", "exam.md", "", (), exam=True, time_limit=2400)
    quiz = Quiz("quiz", "Quiz: copyright", "en", "quiz.md", "", (), time_limit=600)
    return (
        lesson("work", "What is a work", 20),
        lesson("arises", "How protection arises, and how long it lasts", 15),
        lesson("rights", "Moral and economic rights", 20),
        quiz,
        exam,
    )


def _chapters() -> list[Chapter]:
    def row(item: Lesson | Quiz, kind: Any, state: RowState, *, current: bool = False) -> Row:
        return Row(item, f"#{item.id}", kind, state, current)

    work, arises, rights, quiz, exam = _items()
    copyright_ = Module("copyright", "Copyright", ("work", "arises", "rights", "quiz"))
    return [
        Chapter(Module("what", "What IP is and why", ()), 1, (), "done", open=False),
        Chapter(
            copyright_,
            2,
            (
                row(work, "lesson", "done"),
                row(arises, "lesson", "half", current=True),
                row(rights, "lesson", "empty"),
                row(quiz, "quiz", "empty"),
            ),
            "half",
            open=True,
        ),
        Chapter(Module("exam", "Final exam", ()), 3, (row(exam, "exam", ""),), "empty", open=True),
    ]


def _questions() -> SimpleNamespace:
    """One question in all its states, and one of each other kind."""
    title = "Marta never put a © notice on her script. What follows?"
    texts = (
        "She has lost protection abroad",
        "Nothing: protection does not depend on a notice",
        "She is protected for ten years only",
    )

    def single(name: str, states: tuple[Any, ...] = ("", "", ""), chosen: int = -1, **more: Any) -> QuestionView:
        notes = ("", "<p>Berne art. 5(2) forbids making protection depend on a formality.</p>", "")
        options = tuple(
            OptionView(str(at), text, at == chosen, state, notes[at] if any(states) else "")
            for at, (text, state) in enumerate(zip(texts, states, strict=True))
        )
        return QuestionView(name, name, "single", "en", 3, title, "", 100, options, **more)

    why = "<p>The enjoyment and the exercise of these rights is subject to no formality.</p>"
    return SimpleNamespace(
        plain=single("q-plain", hints_left=2),
        hinted=single("q-hinted", chosen=0, hints_html=("<p>Which treaty speaks of formalities?</p>",), hints_left=1),
        right=single("q-right", ("", "right", ""), 1, verdict=Verdict("right", 100, explanation_html=why)),
        wrong=single("q-wrong", ("wrong", "missed", ""), 0, verdict=Verdict("wrong", 0, explanation_html=why)),
        multiple=QuestionView(
            "q-multiple", "q-multiple", "multiple", "en", 4, "Which of these can be a work?", "<p>Choose <strong>every</strong> one.</p>", 200,
            (OptionView("0", "A user guide", True, "right"), OptionView("1", "A method", True, "wrong"), OptionView("2", "A melody", False, "missed"), OptionView("3", "A smell", False, "neutral")),
            verdict=Verdict("partly", 50, explanation_html="<p>A method is not expression.</p>"),
        ),
        numeric=QuestionView("q-numeric", "q-numeric", "numeric", "en", 5, "How long does protection last?", "", 100, typed="seventy", unit="years", error="Write a number, such as 1.5 or 1,5."),
        text=QuestionView("q-text", "q-text", "text", "en", 6, "Which convention forbids formalities?", "", 100, typed="Bern", verdict=Verdict("wrong", 0, accepted=("Berne Convention",))),
    )  # fmt: skip
