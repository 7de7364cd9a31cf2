"""The tiny course with a Russian translation of all but a lesson, and one page in Arabic."""

# ruff: noqa: E501 (files written as one line)

from __future__ import annotations

import re
import shutil
from pathlib import Path

from mooc.content.staleness import marked
from tests.conftest import TINY

TEXTS = {
    "course.ru.md": (
        "---\nid: tiny\ntitle: Крошечный курс\nsummary: Самый маленький курс, в котором есть всё.\nsubjects: [авторское право, патенты]\n---\n\n"
        "Курс для испытаний.\n\n## Learning outcomes\n\n- Отличать произведение от идеи.\n\n## Outline\n\n1. Права <!-- module: rights -->\n"
    ),
    "rights/work.ru.md": (
        "---\nid: work\ntitle: Что такое произведение\n---\n\nАвторское право охраняет **произведения**.\n\n"
        "### Что может быть произведением?\n\n<!-- question: work-which -->\n\n> [!TIP]\n> Спросите, что выражено.\n\n"
        "- [x] Стихотворение <!-- poem -->\n- [ ] Замысел стихотворения <!-- idea -->\n  > Идеи свободны.\n\n> [!NOTE]\n> Стихи — выражение.\n\n"
    ),
    "rights/quiz.ru.md": (
        "---\nid: rights-quiz\ntitle: Проверьте себя\n---\n\nПять вопросов.\n\n### Какое право охраняет роман?\n\n<!-- question: quiz-novel -->\n\n"
        "- [x] Авторское право <!-- copyright -->\n- [ ] Патент <!-- patent -->\n  > Патенты охраняют изобретения.\n- [ ] Товарный знак <!-- mark -->\n  > Знаки различают товары.\n\n> [!NOTE]\n> Роман — произведение литературы.\n\n"
        "### Сколько лет самое большее действует патент?\n\n<!-- question: quiz-years -->\n\n- [x] `20` лет\n- [ ] `10` лет\n  > Это знак.\n\n> [!NOTE]\n> Двадцать лет.\n\n"
        "### Какая конвенция охраняет произведения?\n\n<!-- question: quiz-city -->\n\n- [x] `Берн`\n\n> [!NOTE]\n> Бернская конвенция.\n"
    ),
    "rights/work.ar.md": "---\nid: work\ntitle: ما هو المصنف\n---\n\nحق المؤلف يحمي المصنفات.\n",
}  # fmt: skip


def speak(folder: Path) -> Path:
    """Write it below a folder. The translation of the exam is older than the exam."""
    course = folder / "tiny"
    shutil.copytree(TINY, course)
    for path, text in TEXTS.items():
        source = (course / re.sub(r"\.\w\w\.md$", ".md", path)).read_bytes()
        (course / path).write_bytes(marked(text.encode(), source))
    exam = "---\nid: exam\ntitle: Экзамен\nsource: '0000000'\n---\n\nЭкзамен.\n"
    (course / "exam.ru.md").write_text(exam, "utf-8")
    return course
