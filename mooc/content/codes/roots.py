"""E26: what holds between the content roots of a site, and between a course and its overlays."""

from __future__ import annotations

from mooc.content.codes.code import Code

QUESTION = "- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n  > Why.\n"
POOL = "---\nid: basics\ntitle: Basics\nkind: pool\n---\n\n"


def _pool(question: str, number: int) -> str:
    marker = f"<!-- question: {question}; source: TRIPS {number} -->"
    return f"## Question {number}\n\n{marker}\n\n{QUESTION}"


OTHERS = _pool("secret-two", 2) + "\n" + _pool("secret-three", 3)

ROOTS = {
    "E260": Code(
        "Overlay of a course that is not there",
        "An overlay names its course in overlay.md; the course is in a root named before.",
        "`overlay.md` with `overlay: ip-basics`, and no course of that id",
        "`overlay.md` with `overlay: ip-essentials`",
        "site",
    ),
    "E261": Code(
        "File that an overlay cannot hold",
        "An overlay brings pools, quizzes and exams; lessons are for everybody to read and mend.",
        "---\nid: two\ntitle: Two\n---\n\nText.\n",
        POOL + _pool("secret-one", 1) + "\n" + OTHERS,
        "overlay",
    ),
    "E262": Code(
        "Overlay file with the id of something else",
        "Draw lines and outlines lead to an id: what takes its place must be of the same kind.",
        POOL.replace("basics", "quiz") + _pool("secret-one", 1),
        POOL.replace("basics", "secrets") + _pool("secret-one", 1),
        "overlay",
    ),
    "E263": Code(
        "Overlay question with an id of the open course",
        "Everybody can read the answer under that id, and records would mix two questions.",
        POOL + _pool("base", 1) + "\n" + OTHERS,
        POOL + _pool("secret-one", 1) + "\n" + OTHERS,
        "overlay",
    ),
    "E264": Code(
        "Course id used twice",
        "Of two courses with one id only the first is published.",
        "`tea/course.md` and `coffee/course.md`, both with `id: tea`",
        "`id: tea` and `id: coffee`",
        "site",
    ),
    "E265": Code(
        "Course alias that is taken",
        "An alias sends the old addresses of a course on; another course uses them.",
        "`aliases: [coffee]` in the course `tea`, beside a course `coffee`",
        "`aliases: [hot-drinks]`",
        "site",
    ),
}
