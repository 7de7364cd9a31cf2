"""`mooc new`: courses, files and questions to begin with, and what watches over them."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from mooc.cli.check import course_around, shown
from mooc.cli.hosting import new_ci, new_hook
from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from mooc.content.outline_line import Place
    from mooc.content.source import Folder

TYPES = (
    "single", "multiple", "true-false", "numeric", "text", "date", "matching", "ordering", "cloze",
    "open", "survey", "case",
)  # fmt: skip
title_option = click.option("--title", default="", help="Its title; made from the name without.")


@click.group(short_help="Begin a course, a file or a question.")
def new() -> None:
    """Begin a course, a lesson, a quiz, a question, or what watches over them.

    What is made passes `mooc check --strict`. Nothing that is there already is ever overwritten.
    """


@new.command("course", short_help="A complete small course to edit.")
@click.argument("identity", metavar="ID")
@title_option
@click.option("--language", default="en", show_default=True, help="A BCP 47 tag: en, ru, zh-Hans.")
def new_course(identity: str, title: str, language: str) -> None:
    """Make a course in courses/ID (or in the folder that MOOC_COURSES names), ready to edit.

    It holds two lessons with a question of each common type, a quiz, an exam with a pool, a
    glossary, sources and a picture, and its headers explain every key.
    """
    from mooc.cli.check import default_folder
    from mooc.content.scaffold import course
    from mooc.content.schema import ID, LANGUAGE

    if not ID.fullmatch(identity):
        raise Trouble(f"“{identity}” cannot be an id. Use 2 to 60 of a-z, 0-9 and hyphens.")
    if not LANGUAGE.fullmatch(language):
        raise Trouble(f"“{language}” is not a language tag such as en, ru or zh-Hans.")
    folder = default_folder() / identity
    if folder.exists():
        raise Trouble(f"{shown(folder)} is there already; choose another id.")
    for path, data in course(identity, title or titled(identity), language).items():
        _write(folder / path, data)
    _next(f"mooc check {shown(folder)}")


def _add_file(kind: str, path: Path, title: str, module: str) -> None:
    from mooc.content import naming, scaffold
    from mooc.content.source import Folder

    path = path if path.suffix == ".md" else path.with_name(path.name + ".md")
    course = course_around(path)
    if path.exists() or path.is_symlink():
        raise Trouble(f"{path} is there already.")
    where = _inside(course, path)
    tree = Folder(course)
    taken = set(naming.file_ids(tree).values())
    name = PurePosixPath(where).stem
    title = title or titled(name)
    identity = naming.unused(naming.slug(name) or naming.slug(title), taken, kind)
    question = naming.unused(f"{identity}-1", naming.question_ids(tree), "question")
    text = scaffold.file(kind, identity, title, question, _language(course))
    outline = _outline(course, tree, where, kind, title, module) if kind != "pool" else None
    _write(path, text.encode())
    if outline:
        (course / "course.md").write_bytes(outline)
        click.echo(f"listed in {shown(course / 'course.md')}")
    _next(f"mooc check {shown(path)}")


def _file_command(kind: str, what: str) -> click.Command:
    @click.argument("path", type=click.Path(path_type=Path))
    @title_option
    def command(path: Path, title: str, module: str = "") -> None:
        _add_file(kind, path, title, module)

    if kind != "pool":
        help_text = "Id of the module that lists it; without, the one that lists its neighbours."
        command = click.option("--module", default="", help=help_text)(command)
    command.__doc__ = f"Make {what} at PATH, in the folder of a course."
    if kind != "pool":
        command.__doc__ += "\n\nIt is listed in the outline of course.md."
    return click.command(kind, short_help=f"{what[0].upper()}{what[1:]}.")(command)


for kind, what in (
    ("lesson", "a lesson"),
    ("quiz", "a graded quiz"),
    ("exam", "an exam"),
    ("pool", "a pool of questions to draw from"),
):
    new.add_command(_file_command(kind, what))


@new.command("question", short_help="A question at the end of a file.")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("kind", metavar="TYPE", type=click.Choice(TYPES))
@title_option
@click.option("--id", "identity", default="", help="Its id; made from the title without.")
def new_question(path: Path, kind: str, title: str, identity: str) -> None:
    """Add a question of a type to the end of FILE, with words to replace.

    TYPE is one of single, multiple, true-false, numeric, text, date, matching, ordering, cloze,
    open, survey, case.
    """
    from mooc.content import naming, patch, scaffold
    from mooc.content.schema import ID
    from mooc.content.source import Folder

    course = course_around(path)
    tree, where = Folder(course), _inside(course, path)
    if where not in tree.paths():
        raise Trouble(f"There is no file {path} to add a question to.")
    taken = naming.question_ids(tree)
    if identity and (not ID.fullmatch(identity) or identity in taken):
        raise Trouble(f"“{identity}” is used in this course already, or cannot be an id.")
    start = naming.slug(title) or f"{naming.slug(PurePosixPath(where).stem)}-{kind}"
    identity = identity or naming.unused(start, taken, "question")
    data = tree.read(where)
    text = data.decode("utf-8-sig")
    question = scaffold.question(kind, identity, _language(course), _level(text), title)
    lines = len(patch.LINES.findall(text))
    gap = "" if not text.strip() or text.endswith(("\n\n", "\r\n\r\n")) else "\n"
    path.write_bytes(patch.insert(data, [(lines, 0, gap + question)]))
    click.echo(f"added {identity} to {shown(path)}")
    _next(f"mooc check {shown(path)}")


new.add_command(new_ci)
new.add_command(new_hook)

# ------------------------------------------------------------------------------------------ places


def titled(name: str) -> str:
    """A title from an id or the name of a file."""
    words = re.sub(r"[-_\s]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def _outline(
    course: Path, tree: Folder, where: str, kind: str, title: str, module: str
) -> bytes | None:
    """course.md with the new file in it. Trouble when there is no such module."""
    from mooc.content import outline_line

    data = (course / "course.md").read_bytes()
    modules = outline_line.modules(data)
    if not modules:
        raise Trouble("course.md has no outline yet: add ## Outline with a module to list it in.")
    quizzes = {path for path in tree.paths() if _is_quiz(tree, path)}
    chosen = _module(modules, where, kind, module, quizzes)
    return outline_line.added(
        data, chosen, title, where, lambda href: kind != "lesson" or href not in quizzes
    )


def _module(modules: list[Place], where: str, kind: str, said: str, quizzes: set[str]) -> Place:
    """The module that lists a new file: the one named, else that of its neighbours."""
    if said:
        known = {module.id: module for module in modules}
        if said not in known:
            raise Trouble(f"There is no module “{said}”; course.md has {', '.join(known)}.")
        return known[said]
    if kind == "exam":
        return modules[-1]
    folder = PurePosixPath(where).parent
    near = [m for m in modules for href, _ in m.links if PurePosixPath(href).parent == folder]
    teaching = [m for m in modules if any(href not in quizzes for href, _ in m.links)]
    return (near if near and str(folder) != "." else teaching or modules)[-1]


def _is_quiz(tree: Folder, path: str) -> bool:
    if not path.endswith(".md"):
        return False
    head = tree.read(path)[:4000].decode("utf-8", "replace")
    return re.search(r"^kind:\s*(quiz|exam)\b", head, re.MULTILINE) is not None


def _level(text: str) -> int:
    """The level of one more question: that of the last one, else below the headings there."""
    found = re.findall(r"^(#{2,5}) [^\n]*\n\s*<!--\s*(?:question|case)\s*:", text, re.MULTILINE)
    if found:
        return len(found[-1])
    lesson = not re.search(r"^kind:", text, re.MULTILINE)
    return 3 if lesson and re.search(r"^## ", text, re.MULTILINE) else 2


def _language(course: Path) -> str:
    head = (course / "course.md").read_bytes()[:8000].decode("utf-8", "replace")
    found = re.search(r"^language:\s*([\w-]+)", head, re.MULTILINE)
    return found[1] if found else "en"


def _inside(course: Path, path: Path) -> str:
    return path.resolve().relative_to(course.resolve()).as_posix()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
    click.echo(f"wrote {shown(path)}")


def _next(command: str) -> None:
    click.echo(f"Next: edit, then {click.style(command, bold=True)}")
