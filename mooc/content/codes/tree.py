"""E24: files that are refused by their name, kind, size or encoding."""

from __future__ import annotations

from mooc.content.codes.code import Code

TREE = {
    "E240": Code(
        "Symbolic link",
        "A link can lead out of the course, and means something else on every computer.",
        "`media/map.svg` is a link to `../../map.svg`",
        "`media/map.svg` is a copy of the picture",
        "tree",
    ),
    "E241": Code(
        "Git submodule",
        "A course is one commit of one repository.",
        "`patents` is a submodule",
        "`patents` is a folder",
        "tree",
    ),
    "E242": Code(
        "Name that is not allowed",
        "Control characters, \\, :, `..` and names of devices (`nul`) do harm on some computers.",
        "`notes/con.md`",
        "`notes/contents.md`",
        "tree",
    ),
    "E243": Code(
        "Two names that some computers take for one",
        "On Windows and macOS one file would replace the other.",
        "`Claims.md` beside `claims.md`",
        "`claims.md` beside `claims-in-practice.md`",
        "tree",
    ),
    "E244": Code(
        "Too many files",
        "A course holds at most 10,000 files.",
        "10,001 files",
        "10,000 files",
        "tree",
    ),
    "E245": Code(
        "Not UTF-8",
        "In any other encoding letters turn into others.",
        "a file saved as Windows-1251",
        "the same file saved as UTF-8",
        "tree",
    ),
    "E246": Code(
        "File too large",
        "Text files hold at most 512 KiB, all others 20 MiB.",
        "a lesson of 600 KiB",
        "two lessons of 300 KiB",
        "tree",
    ),
    "E247": Code(
        "Invisible character",
        "Control and bidi-override characters let a reviewer see other text than learners do.",
        "Pay \u202eevif.\n",
        "Pay five.\n",
    ),
}
