"""What new courses, files and questions begin as. The texts stand beside this file, by language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "ru")
KINDS = ("lesson", "quiz", "exam", "pool")
HOSTS = {"github": ".github/workflows/courses.yml", "gitlab": ".gitlab-ci.yml"}


def course(identity: str, title: str, language: str) -> dict[str, bytes]:
    """The files of a new course by path: complete, and without any problem."""
    home = _home(language) / "course"
    values = {"id": identity, "title": quoted(title), "language": language}
    found = {}
    for path in sorted(file for file in home.rglob("*") if file.is_file()):
        data = path.read_bytes()
        if path.name == "course.md":
            data = Template(data.decode()).substitute(values).encode()
        found[path.relative_to(home).as_posix()] = data
    return found


def file(kind: str, identity: str, title: str, question: str, language: str) -> str:
    """A new lesson, quiz, exam or pool that holds one question with the id `question`."""
    text = _template(_home(language) / "file" / f"{kind}.md")
    return text.substitute(id=identity, title=quoted(title), question=question)


@cache
def question_types() -> tuple[str, ...]:
    """The types there is a beginning for."""
    return tuple(sorted(path.stem for path in (FOLDER / "en" / "question").glob("*.md")))


def question(kind: str, identity: str, language: str, level: int = 3, title: str = "") -> str:
    """A new question of a type, its heading on a level from 2 to 5."""
    text = _template(_home(language) / "question" / f"{kind}.md").substitute(id=identity)
    lines = text.split("\n")
    if title:
        first = lines[0]
        points = first[first.rindex(" (") :] if first.endswith(")") else ""
        lines[0] = f"### {title}{points}"
    deeper = [f"{'#' * (level - 3)}{x}" if level > 3 else x[3 - level :] for x in lines]
    return "\n".join(
        new if old.startswith("###") else old for old, new in zip(lines, deeper, strict=True)
    )


def workflow(host: str) -> str:
    """What tells a git host to check the courses of a repository."""
    return (FOLDER / "host" / f"{host}.yml").read_text("utf-8")


def quoted(text: str) -> str:
    """A text as the value of a header: in quotation marks where it must be."""
    plain = text.replace("\n", " ").strip()
    odd = (
        plain[:1] in "!&*-?|>@%`'\"#,[]{}:="
        or ": " in plain
        or " #" in plain
        or plain.endswith(":")
    )
    if not odd and plain:
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _template(path: Path) -> Template:
    return Template(path.read_text("utf-8"))


def _home(language: str) -> Path:
    """The texts in a language, else the English ones."""
    base = language.split("-", maxsplit=1)[0].lower()
    return FOLDER / (base if base in LANGUAGES else "en")
