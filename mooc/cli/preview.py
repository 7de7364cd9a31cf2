"""`mooc preview`: the courses of a folder in the browser while they are being written."""

from __future__ import annotations

import shutil
import signal
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

    from mooc.web.preview.worktree import Worktree

HOST = "127.0.0.1"
PORT = 8010
TRIES = 20  # ports tried when none was asked for
LOOK_EVERY = 0.2  # seconds between two looks at the files


@click.command(short_help="Read courses in the browser while you write them.")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--port", type=int, default=None, help="Port to listen on; the first free from 8010.")
@click.option("--course", default="", help="Id of the course to open first.")
@click.option(
    "--editor",
    default="vscode",
    help="Editor that links open, or an address with {path}, {line} and {column}.",
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def preview(
    path: Path | None, port: int | None, course: str, editor: str, no_browser: bool
) -> None:
    """Serve the courses in PATH (a folder or a file; without it, MOOC_COURSES or courses/) as they
    are on disk, to this machine only. Pages follow the files within a second. Nothing is stored;
    stop with Ctrl-C.
    """
    root, page = _root(path or _default())
    listening = _listen(port)
    folder = Path(tempfile.mkdtemp(prefix="mooc-preview-"))
    try:
        _serve(root, listening, folder, _address_of(editor), (course, page), no_browser)
    finally:
        listening.close()
        shutil.rmtree(folder, ignore_errors=True)


def _default() -> Path:
    import os

    return Path(os.environ.get("MOOC_COURSES", "courses"))


def _root(path: Path) -> tuple[Path, str]:
    """The folder to serve, and the file in it to open first."""
    if not path.exists():
        raise Trouble(f"There is no {path}.")
    whole = path.resolve()
    start = whole if whole.is_dir() else whole.parent
    if whole.is_dir() and next(whole.rglob("course.md"), None):
        return whole, ""
    for folder in (start, *start.parents):
        if (folder / "course.md").exists():
            inside = whole.relative_to(folder).as_posix() if whole.is_file() else ""
            return folder, inside
    raise Trouble(f"There is no course in {path}: no folder in or above it holds a course.md.")


def _listen(port: int | None) -> socket.socket:
    """A socket on this machine alone. Raises Trouble when the port is taken."""
    error: OSError | None = None
    for number in [port] if port is not None else range(PORT, PORT + TRIES):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, number))
        except (OSError, OverflowError) as refused:
            listening.close()
            error = refused if isinstance(refused, OSError) else OSError(str(refused))
            continue
        listening.listen(128)
        return listening
    where = f"{HOST}:{port if port is not None else PORT}"
    raise Trouble(f"Nothing can listen on {where} ({error}); choose another port with --port.")


def _address_of(editor: str) -> str:
    from mooc.web.preview import EDITORS

    if editor in EDITORS:
        return EDITORS[editor]
    if "{path}" in editor and ":" in editor.partition("{path}")[0]:
        return editor
    known = ", ".join(EDITORS)
    raise Trouble(f"There is no editor “{editor}”; use {known}, or an address with {{path}} in it.")


def _serve(
    root: Path,
    listening: socket.socket,
    folder: Path,
    editor: str,
    first: tuple[str, str],
    no_browser: bool,
) -> None:
    from werkzeug.serving import make_server

    from mooc.web.config import load
    from mooc.web.preview import create_preview
    from mooc.web.preview.worktree import Worktree

    port = listening.getsockname()[1]
    settings = load(
        host=HOST, port=port, base_url=f"http://{HOST}:{port}", var=str(folder), database_url="",
        production=False, trusted_proxies=0, logo="",
    )  # fmt: skip
    worktree = Worktree(root)
    worktree.look()
    app = create_preview(settings, worktree, editor)
    server = make_server(
        HOST, port, app, threaded=True, fd=listening.fileno(), request_handler=_quiet()
    )
    server.daemon_threads = True  # type: ignore[attr-defined]
    address = f"http://{HOST}:{port}{_first_page(worktree, *first)}"
    click.echo(banner(worktree, address))
    if not no_browser:
        click.launch(address)
    _until_stopped(server, worktree)


def _quiet() -> type:
    from werkzeug.serving import WSGIRequestHandler

    class Quiet(WSGIRequestHandler):
        """Says nothing of each request; a browser keeps its connection."""

        protocol_version = "HTTP/1.1"

        def log_request(self, *_args: object) -> None:
            """Nothing to say."""

    return Quiet


def _until_stopped(server: BaseWSGIServer, worktree: Worktree) -> None:
    """Serve and watch until Ctrl-C or SIGTERM."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    serving.start()
    worktree.look_at_history()
    while not stopped.wait(LOOK_EVERY):
        if worktree.look():
            worktree.look_at_history()
    server.shutdown()
    serving.join(2)
    with suppress(OSError):
        server.server_close()
    click.echo()


def _first_page(worktree: Worktree, course: str, page: str) -> str:
    drafts = list(worktree.drafts.values())
    if course:
        draft = worktree.draft(course)
        if draft is None:
            ids = ", ".join(each.course.id for each in drafts) or "none"
            raise Trouble(f"There is no course “{course}” here; there is: {ids}.")
        return f"/courses/{course}"
    if page and drafts and page in drafts[0].sheets:
        return f"/preview/file/{drafts[0].course.id}/{page}"
    return "/"


def banner(worktree: Worktree, address: str) -> str:
    """What the author sees first: where to look, what is wrong, how to stop."""
    drafts = list(worktree.drafts.values())
    titles = ", ".join(draft.course.title for draft in drafts[:3])
    more = f" and {len(drafts) - 3} more" if len(drafts) > 3 else ""
    errors = sum(draft.errors for draft in drafts)
    warnings = sum(len(draft.problems) for draft in drafts) - errors
    found = [f"{errors} errors"] * bool(errors) + [f"{warnings} warnings"] * bool(warnings)
    colour = "red" if errors else "yellow" if warnings else "green"
    rows = [
        ("open at", click.style(address, fg="blue", bold=True)),
        ("courses", f"{titles}{more}" if drafts else "none yet"),
        ("problems", click.style(" and ".join(found) or "none", fg=colour)),
        ("write", "save a file, and its page follows within a second"),
        ("stop", "Ctrl-C"),
    ]
    name = click.style("Preview", bold=True)
    lines = ["", f"  {click.style('◆', fg='yellow')} {name}", ""]
    lines += [f"    {click.style(label.ljust(12), dim=True)} {value}" for label, value in rows]
    return "\n".join([*lines, ""])
