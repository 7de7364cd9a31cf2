"""Git repositories made for tests, with entries that no ordinary tool would write."""

from __future__ import annotations

from pathlib import Path

from dulwich.objects import Blob, Commit
from dulwich.objects import Tree as GitObject
from dulwich.refs import Ref
from dulwich.repo import Repo

FILE, FOLDER = 0o100644, 0o040000
Entry = str | bytes | tuple[int, bytes]


def commit(
    root: Path,
    entries: dict[str, Entry],
    *,
    branch: str = "main",
    author: str = "Ann Author <ann@example.org>",
) -> str:
    """Add a commit of exactly these entries to a bare repository; its id."""
    if not (root / "HEAD").exists():
        root.mkdir(parents=True, exist_ok=True)
        Repo.init_bare(str(root)).close()
    head = Ref(f"refs/heads/{branch}".encode())
    with Repo(str(root)) as repo:
        made = Commit()
        made.tree = _tree(repo, entries, "")
        made.parents = [repo.refs[head]] if head in repo.refs else []
        made.author = made.committer = author.encode()
        made.author_time = made.commit_time = 1_700_000_000 + len(repo.object_store.packs)
        made.author_timezone = made.commit_timezone = 0
        made.message = b"A commit"
        repo.object_store.add_object(made)
        repo.refs[head] = made.id
        repo.refs.set_symbolic_ref(Ref(b"HEAD"), head)
        return made.id.decode()


def _tree(repo: Repo, entries: dict[str, Entry], prefix: str) -> bytes:
    made, below = GitObject(), set()
    for path, entry in entries.items():
        if not path.startswith(prefix):
            continue
        name, _, rest = path[len(prefix) :].partition("/")
        if rest:
            below.add(name)
            continue
        mode, data = entry if isinstance(entry, tuple) else (FILE, entry)
        blob = Blob.from_string(data.encode() if isinstance(data, str) else data)
        repo.object_store.add_object(blob)
        made.add(name.encode("utf-8", "surrogateescape"), mode, blob.id)
    for name in below:
        made.add(name.encode(), FOLDER, _tree(repo, entries, f"{prefix}{name}/"))
    repo.object_store.add_object(made)
    return made.id


def files_of(folder: Path, prefix: str = "") -> dict[str, Entry]:
    """The files of a folder, as entries."""
    return {
        prefix + path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
