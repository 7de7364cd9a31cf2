"""Invented things for the style guide to show; nothing of it is in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from mooc.content.model import Course, Lesson, Module, Person, Quiz
from mooc.web import question_samples
from mooc.web.outline import Chapter, Row, RowState
from mooc.web.questions import OptionState, OptionView, QuestionView, Verdict


class SampleForm(FlaskForm):  # type: ignore[misc]
    """Nothing is sent anywhere."""

    name = StringField("Name")
    email = EmailField("Mail address")
    password = PasswordField("Password")
    about = TextAreaField("About you")
    terms = BooleanField("I will answer by myself and share neither questions nor answers")
    notify = RadioField(
        "Letters",
        choices=[SelectChoice("all", "All"), SelectChoice("few", "Only about certificates")],
        default="few",
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


def samples() -> dict[str, Any]:
    """What the pages show."""
    typed = {"name": "Anna", "email": "anna(at)example.org"}
    form = SampleForm(formdata=None, data=typed, meta={"csrf": False})
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
    hint = ("<p>Which treaty speaks of formalities?</p>",)
    why = "<p>The enjoyment and the exercise of these rights is subject to no formality.</p>"
    right = Verdict("right", 100, explanation_html=why)
    wrong = Verdict("wrong", 0, explanation_html=why)
    typed = Verdict("wrong", 0, accepted=("Berne Convention",))
    return SimpleNamespace(
        plain=_single("q-plain", hints_left=2),
        hinted=_single("q-hinted", chosen=0, hints_html=hint, hints_left=1),
        right=_single("q-right", ("", "right", ""), 1, verdict=right),
        wrong=_single("q-wrong", ("wrong", "missed", ""), 0, verdict=wrong),
        multiple=_multiple(),
        numeric=_typed(
            "numeric",
            "How long does protection last?",
            "seventy",
            unit="years",
            error="Write a number, such as 1.5 or 1,5.",
        ),
        text=_typed("text", "Which convention forbids formalities?", "Bern", verdict=typed),
        slotted=question_samples.slotted(),
    )


def _single(
    name: str, states: tuple[OptionState, ...] = ("", "", ""), chosen: int = -1, **more: Any
) -> QuestionView:
    texts = (
        "She has lost protection abroad",
        "Nothing: protection does not depend on a notice",
        "She is protected for ten years only",
    )
    notes = ("", "<p>Berne art. 5(2) forbids making protection depend on a formality.</p>", "")
    options = tuple(
        OptionView(str(at), text, at == chosen, state, notes[at] if any(states) else "")
        for at, (text, state) in enumerate(zip(texts, states, strict=True))
    )
    title = "Marta never put a © notice on her script. What follows?"
    return QuestionView(name, name, "single", "en", 3, title, "", 100, options, **more)


def _multiple() -> QuestionView:
    options = (
        OptionView("0", "A user guide", chosen=True, state="right"),
        OptionView("1", "A method", chosen=True, state="wrong"),
        OptionView("2", "A melody", state="missed"),
        OptionView("3", "A smell", state="neutral"),
    )
    verdict = Verdict("partly", 50, explanation_html="<p>A method is not expression.</p>")
    title, prompt = "Which of these can be a work?", "<p>Choose <strong>every</strong> one.</p>"
    return QuestionView(
        "q-multiple",
        "q-multiple",
        "multiple",
        "en",
        4,
        title,
        prompt,
        200,
        options,
        verdict=verdict,
    )


def _typed(kind: str, title: str, typed: str, **more: Any) -> QuestionView:
    name = f"q-{kind}"
    return QuestionView(name, name, kind, "en", 5, title, "", 100, typed=typed, **more)
