"""The steps of set-up, each done only when something it depends on has changed.

Only the standard library, since it runs before anything is installed. Says one line per step it
really takes, nothing when all is in place. Whatever goes wrong is one sentence and exit code 2.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "setup.json"
LOG = VENV / "setup.log"
LOCALES = ROOT / "mooc" / "web" / "locale"
FONTS = ROOT / "static" / "fonts"

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
TEST_TOOLS = {
    ("chromium", "chromium-browser", "google-chrome"): "chromium",
    ("git",): "git",
    ("pdftotext",): "poppler-utils",
    ("qpdf",): "qpdf",
}
BENCH_TOOLS = {("wrk",): "wrk", ("git",): "git"}
PROFILES = {
    "run": ("runtime", {}),
    "test": ("dev", TEST_TOOLS),
    "bench": ("dev", BENCH_TOOLS),
}
OFFLINE = (
    "dns error",
    "failed to fetch",
    "error sending request",
    "network is unreachable",
    "newconnectionerror",
    "connection refused",
    "connection broken",
    "timed out",
    "temporary failure in name resolution",
    "could not resolve",
    "no matching distribution found",
    "tunnel",
)


class SetupError(Exception):
    """Set-up cannot go on; the message is one sentence for the person in front of it."""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - that is what it finds out
        return fail(f"Python 3.11 or newer is needed and this is {sys.version.split()[0]}.")
    profile = arguments[0] if arguments else "run"
    if len(arguments) > 1 or profile not in PROFILES:
        return fail("say one of: scripts/setup run, scripts/setup test, scripts/setup bench")
    try:
        with one_at_a_time():
            set_up(profile)
    except SetupError as error:
        return fail(str(error))
    except PermissionError as error:
        return fail(f"{error.filename or ROOT} cannot be written by this user.")
    except OSError as error:
        return fail(f"{error.strerror or error} ({error.filename or ROOT}).")
    except KeyboardInterrupt:
        print("\nsetup: stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def fail(sentence: str) -> int:
    print(f"setup: {sentence}", file=sys.stderr)
    return 2


def set_up(profile: str) -> None:
    lock, tools = PROFILES[profile]
    done = read_stamp()
    environment(done)
    packages(done, lock)
    project(done)
    system(profile, tools)
    fonts(done)
    translations(done)


# -- steps ---------------------------------------------------------------------------------------


def environment(done: dict[str, str]) -> None:
    """A virtual environment that belongs to this folder (one that was moved names the old one)."""
    moved = done.get("root", str(ROOT)) != str(ROOT)
    if (BIN / "python").exists() and (BIN / "pip").exists() and not moved:
        return
    done.clear()
    base = getattr(sys, "_base_executable", None) or sys.executable
    if not can_make_environments(base):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        package = "python3-venv" if base.startswith("/usr/bin/") else f"python{version}-venv"
        apt_install([package], f"Python {version} here cannot make a virtual environment")
        if not can_make_environments(base):
            raise SetupError(f"Python {version} here cannot make a virtual environment.")
    with step("Making .venv"):
        made = subprocess.run(
            [base, "-m", "venv", "--clear", str(VENV)],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            writable(ROOT)
            raise SetupError(f".venv could not be made: {last_line(made.stderr + made.stdout)}")
    write_stamp(done, root=str(ROOT))


def packages(done: dict[str, str], lock: str) -> None:
    """Exactly what the lock names. A checkout set up for tests stays so when it is only run."""
    if lock == "runtime" and done.get("lock_name") == "dev":
        lock = "dev"
    path = ROOT / "requirements" / f"{lock}.lock"
    wanted = digest([path, ROOT / "requirements" / "setup.lock"])
    if done.get("lock") == wanted and (BIN / "uv").exists():
        return
    with step("Installing packages"):
        LOG.unlink(missing_ok=True)
        own = ROOT / "requirements" / "setup.lock"
        if not (BIN / "uv").exists() or done.get("installer") != digest([own]):
            pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
            pip += ["--disable-pip-version-check", "--no-input", "--retries=2", "--timeout=20"]
            run_quietly([*pip, "-r", str(own)], "the installer (uv)")
        write_stamp(done, root=str(ROOT), lock="", project="", installer=digest([own]))
        run_quietly([*uv("sync"), "--require-hashes", str(path)], "the packages")
    write_stamp(done, lock=wanted, lock_name=lock)


def project(done: dict[str, str]) -> None:
    """The project itself, editable, so that `.venv/bin/mooc` exists."""
    wanted = digest([ROOT / "pyproject.toml", ROOT / "requirements" / "runtime.in"])
    if done.get("project") == wanted and (BIN / "mooc").exists():
        return
    with step("Installing the mooc command"):
        options = ["--no-deps", "--no-build-isolation", "--offline", "--editable", str(ROOT)]
        run_quietly([*uv("install"), *options], "the project itself")
    write_stamp(done, root=str(ROOT), project=wanted)


def system(profile: str, tools: dict[tuple[str, ...], str]) -> None:
    """What comes from Debian: Pango, which draws certificates, and the programs tests need."""
    libraries = [package for name, package in LIBRARIES.items() if not loads(name)]
    programs = [package for names, package in tools.items() if not any(map(shutil.which, names))]
    if profile != "run" and (libraries or programs):
        apt_install([*libraries, *programs], f"`scripts/setup {profile}` needs more programs")
    elif libraries:
        try:
            apt_install(libraries, "certificates need Pango")
        except SetupError as error:  # a site runs without, only it issues none
            print(f"setup: certificates are switched off: {error}", file=sys.stderr)


def fonts(done: dict[str, str]) -> None:
    """Fonts for pages and certificates, cut from PyPI packages into a git-ignored folder."""
    wanted = digest([ROOT / "scripts" / "fonts", ROOT / "requirements" / "runtime.lock"])
    ready = (FONTS / "fonts.css").exists() and (FONTS / "print" / "fonts.json").exists()
    if done.get("fonts") == wanted and ready:
        return
    with step("Cutting fonts"):
        run_quietly([str(BIN / "python"), str(ROOT / "scripts" / "fonts"), "--quiet"], "the fonts")
    write_stamp(done, fonts=wanted)


def translations(done: dict[str, str]) -> None:
    catalogs = sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))
    wanted = digest(catalogs)
    if done.get("translations") == wanted and all(
        catalog.with_suffix(".mo").exists() for catalog in catalogs
    ):
        return
    if catalogs:
        with step("Compiling translations"):
            domains = " ".join(sorted({catalog.stem for catalog in catalogs}))
            command = [str(BIN / "pybabel"), "compile", "-d", str(LOCALES), "-D", domains]
            run_quietly(command, "the translations")
    write_stamp(done, translations=wanted)


# -- means ---------------------------------------------------------------------------------------


@contextmanager
def step(what: str) -> Iterator[None]:
    start = time.monotonic()
    print(f"{what} ... ", end="", flush=True)
    try:
        yield
    except BaseException:
        print("failed.", flush=True)
        raise
    print(f"done in {time.monotonic() - start:.1f} s", flush=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two set-ups of one checkout wait for each other (`make run` beside `make test`)."""
    with Path(__file__).open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another set-up of this folder to finish ...", flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def uv(verb: str) -> list[str]:
    return [str(BIN / "uv"), "pip", verb, "--no-progress", "--python", str(BIN / "python")]


def run_quietly(command: list[str], what: str) -> None:
    """Runs a command, keeps what it said in .venv/setup.log, sums a failure up in a sentence."""
    clean = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=clean, check=False)
    said = ran.stdout + ran.stderr
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n{said}\n")
    if ran.returncode == 0:
        return
    writable(VENV)
    kept = f"the whole answer is in {LOG.relative_to(ROOT)}"
    if any(sign in said.lower() for sign in OFFLINE):
        raise SetupError(f"{what} could not be fetched: no package index answers here; {kept}.")
    if "hash mismatch" in said.lower() or "do not match the hashes" in said.lower():
        raise SetupError(f"{what} did not match the hashes in requirements/; {kept}.")
    raise SetupError(f"{what} could not be installed ({last_line(said)}); {kept}.")


def apt_install(names: list[str], why: str) -> None:
    line = f"sudo apt-get install -y {' '.join(names)}"
    prefix = apt_prefix()
    if prefix is None:
        raise SetupError(f"{why}; install it with: {line}")
    with step(f"Installing {', '.join(names)}"):
        apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        install = [*apt, "install", "-y", "-qq", "--no-install-recommends", *names]
        if not works(install) and not (works([*apt, "update", "-qq"]) and works(install)):
            raise SetupError(f"{why}, and apt-get could not install it; look at: {line}")


def apt_prefix() -> list[str] | None:
    """How apt-get may be run without asking anyone: as root, by sudo, or (None) not at all."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and works(["sudo", "-n", "true"]) else None


def works(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def can_make_environments(python: str) -> bool:
    return works([python, "-I", "-c", "import ensurepip, venv"])


def loads(library: str) -> bool:
    if sys.platform == "darwin":
        library = library.replace(".so.0", ".dylib")
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK):
        raise SetupError(f"{folder} cannot be written by this user.")


def digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return total.hexdigest()


def read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(done: dict[str, str], **news: str) -> None:
    done.update(news)
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(done, indent=1) + "\n")
    fresh.replace(STAMP)


def last_line(text: str) -> str:
    lines = [line.strip(" ×╰─▶│") for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it gave no reason"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
