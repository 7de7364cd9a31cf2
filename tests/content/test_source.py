"""Folders and commits as trees: the same course from both, and nothing dangerous from either."""

from __future__ import annotations

from pathlib import Path

import pytest
from dulwich.objects import Blob, Commit
from dulwich.objects import Tree as GitObject
from dulwich.repo import Repo

from mooc.content import listing
from mooc.content.loader import load
from mooc.content.source import Folder, GitTree, find_courses
from tests.content.trees import BASE, TODAY, Memory

LINK, SUBMODULE, FILE, FOLDER = 0o120000, 0o160000, 0o100644, 0o040000


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def commit(root: Path, entries: dict[str, tuple[int, bytes]], *, bare: bool = True) -> Repo:
    """A repository with one commit of exactly these entries, whatever they are called."""
    root.mkdir(parents=True, exist_ok=True)
    repo = Repo.init_bare(str(root)) if bare else Repo.init(str(root))

    def tree(prefix: str) -> bytes:
        made, below = GitObject(), set()
        for path, (mode, data) in entries.items():
            if not path.startswith(prefix):
                continue
            name, _, rest = path[len(prefix) :].partition("/")
            if rest:
                below.add(name)
                continue
            blob = Blob.from_string(data)
            repo.object_store.add_object(blob)
            made.add(name.encode("utf-8", "surrogateescape"), mode, blob.id)
        for name in below:
            made.add(name.encode(), FOLDER, tree(f"{prefix}{name}/"))
        repo.object_store.add_object(made)
        return made.id

    made = Commit()
    made.tree = tree("")
    made.author = made.committer = b"A <a@example.org>"
    made.author_time = made.commit_time = 0
    made.author_timezone = made.commit_timezone = 0
    made.message = b"x"
    repo.object_store.add_object(made)
    repo.refs[b"HEAD"] = made.id
    return repo


def sample(prefix: str = "") -> dict[str, tuple[int, bytes]]:
    return {prefix + path: (FILE, text.encode()) for path, text in BASE.items()}


@pytest.mark.parametrize("bare", [True, False])
def test_a_folder_and_a_commit_give_the_same_course(tmp_path: Path, bare: bool) -> None:
    write(tmp_path / "folder", BASE)
    commit(tmp_path / "repository", sample("courses/sample/"), bare=bare)
    folder = load(Folder(tmp_path / "folder"), TODAY)
    tree = GitTree(tmp_path / "repository", "HEAD", "courses/sample")
    assert folder.course is not None
    assert load(tree, TODAY).course == folder.course
    assert len(tree.revision) == 40
    assert tree.read("dot.svg") == BASE["dot.svg"].encode()
    if not bare:
        assert not (tmp_path / "repository" / "courses").exists()


def test_the_tree_hash_changes_with_contents_and_names_only(tmp_path: Path) -> None:
    write(tmp_path / "a", BASE)
    write(tmp_path / "b", BASE)
    assert Folder(tmp_path / "a").tree_hash == Folder(tmp_path / "b").tree_hash
    (tmp_path / "b" / "dot.svg").rename(tmp_path / "b" / "spot.svg")
    assert Folder(tmp_path / "a").tree_hash != Folder(tmp_path / "b").tree_hash


def test_courses_are_found_in_folders_and_commits(tmp_path: Path) -> None:
    for name in ("one", "two", "deep/three", "one/inner"):
        write(tmp_path / "folder" / name, BASE)
    entries: dict[str, tuple[int, bytes]] = {}
    for name in ("one", "two", "deep/three", "one/inner"):
        entries.update(sample(f"{name}/"))
    commit(tmp_path / "repository", entries)
    for root in (tmp_path / "folder", GitTree(tmp_path / "repository")):
        found = find_courses(root)
        assert len(found) == 3
        assert all("course.md" in tree.paths() for tree in found)
    assert len(find_courses(tmp_path / "folder" / "one")) == 1


def test_links_are_refused_by_name_and_never_followed(tmp_path: Path) -> None:
    write(tmp_path / "course", BASE)
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "course" / "leak.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "course" / "all").symlink_to(tmp_path)
    tree = Folder(tmp_path / "course")
    assert [(p.code, p.path) for p in tree.problems()] == [("E240", "all"), ("E240", "leak.md")]
    with pytest.raises(KeyError):
        tree.read("leak.md")
    with pytest.raises(KeyError):
        tree.read("../secret.md")
    assert load(tree, TODAY).course is None


def test_a_file_that_becomes_a_link_after_listing_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "course", BASE)
    (tmp_path / "secret.md").write_text("secret")
    tree = Folder(tmp_path / "course")
    (tmp_path / "course" / "one.md").unlink()
    (tmp_path / "course" / "one.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(KeyError):
        tree.read("one.md")


REFUSED = [
    ("E240", "leak.md", LINK), ("E241", "module", SUBMODULE), ("E242", "a\\b.md", FILE),
    ("E242", "c:d.md", FILE), ("E242", "con.md", FILE), ("E242", "LPT1.txt", FILE),
    ("E242", "bad\x07.md", FILE), ("E242", "a\u202eb.md", FILE), ("E242", "b\udcff.md", FILE),
    ("E242", "..", FILE), ("E242", "/".join("d" * 21) + "/x.md", FILE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "path", "mode"), REFUSED, ids=[ascii(path) for _, path, _ in REFUSED]
)
def test_a_commit_with_a_dangerous_entry_is_refused_by_name(
    tmp_path: Path, code: str, path: str, mode: int
) -> None:
    commit(tmp_path / "repository", {**sample(), path: (mode, b"../../etc/passwd")})
    tree = GitTree(tmp_path / "repository")
    found = [p for p in tree.problems() if p.code == code]
    assert found
    assert path not in tree.paths()
    assert all(p.path.isprintable() for p in found)
    assert load(tree, TODAY).course is None


def test_names_that_differ_in_case_only_clash(tmp_path: Path) -> None:
    commit(
        tmp_path / "repository",
        {**sample(), "ONE.md": (FILE, b""), "e\u0301.png": (FILE, b""), "\u00e9.png": (FILE, b"")},
    )
    assert [p.code for p in GitTree(tmp_path / "repository").problems()] == ["E243", "E243"]


def test_an_unknown_revision_is_a_key_error(tmp_path: Path) -> None:
    commit(tmp_path / "repository", sample())
    with pytest.raises(KeyError):
        GitTree(tmp_path / "repository", "no-such-branch")
    assert GitTree(tmp_path / "repository", "HEAD", "courses/none").paths() == []


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, BASE)
    monkeypatch.setattr(listing, "MAX_FILES", 3)
    tree = Folder(tmp_path)
    assert [p.code for p in tree.problems()] == ["E244"]
    assert len(tree.paths()) == 3


def test_hidden_files_are_no_part_of_a_course(tmp_path: Path) -> None:
    write(tmp_path, {**BASE, ".git/config": "x", ".notes.md": "x"})
    assert set(Folder(tmp_path).paths()) == set(BASE)


def test_a_file_that_is_not_utf8_does_not_hide_the_problems_of_others() -> None:
    files: dict[str, str | bytes] = {
        **BASE,
        "one.md": b"---\nid: one\ntitle: One\n---\n\n\xd4\xe0\xe9\xeb\n",
        "quiz.md": "nothing",
    }
    found = load(Memory(files), TODAY)
    assert ("E245", "one.md", 6, 1) in [(p.code, p.path, p.line, p.column) for p in found.problems]
    assert ("E101", "quiz.md") in [(p.code, p.path) for p in found.problems]


def test_a_file_over_its_limit_is_refused() -> None:
    found = load(Memory({**BASE, "one.md": BASE["one.md"] + "word\n" * 110_000}), TODAY)
    assert "E246" in [p.code for p in found.problems]
    assert found.course is None


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(ending: str, mark: str) -> None:
    files: dict[str, str | bytes] = {
        path: (mark + text.replace("\n", ending)).encode() if path.endswith(".md") else text
        for path, text in BASE.items()
    }
    expected = load(Memory({**BASE}), TODAY).course
    assert expected is not None
    assert load(Memory(files), TODAY).course == expected


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\x07", "\x85", "\ue000", "\U000f0001"])
@pytest.mark.parametrize("form", ["plain", "hexadecimal", "decimal", "header"])
def test_hidden_characters_are_found_however_they_are_written(character: str, form: str) -> None:
    point = ord(character)
    body = {
        "plain": character,
        "hexadecimal": f"&#x{point:X};",
        "decimal": f"&#{point};",
        "header": "",
    }[form]
    title = f'"One \\U{point:08x}"' if form == "header" else "One"
    one = f"---\nid: one\ntitle: {title}\n---\n\nText {body}\n"
    found = load(Memory({**BASE, "one.md": one}), TODAY)
    assert [(p.code, p.path) for p in found.problems] == [("E247", "one.md")]
    assert all(p.source.isprintable() for p in found.problems)
