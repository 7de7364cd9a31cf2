"""Where translations live and how messages are collected from code and templates."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "mooc" / "web" / "locale"
COMPLETE = ("ru",)  # every message has a translation; other languages may still be on their way
KEYWORDS = ("_l", "_n:1,2", "_ln:1,2", "lazy_gettext", "lazy_ngettext:1,2")
BABEL = [sys.executable, "-m", "babel.messages.frontend"]


def collect(target: Path) -> None:
    """All messages there are now, as a template catalog. Raises SystemExit with Babel's reason."""
    keywords = [part for word in KEYWORDS for part in ("-k", word)]
    command = [*BABEL, "--quiet", "extract", "-F", str(LOCALES / "babel.cfg"), *keywords]
    command += ["-c", "Translators:", "--sort-by-file", "--add-location=file", "--project=mooc"]
    run([*command, "-o", str(target), "."])


def run(command: list[str]) -> None:
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(ran.stderr.strip() or f"{command[-1]} failed")


def written() -> dict[str, Path]:
    """The catalogs that exist, by language."""
    return {file.parts[-3]: file for file in sorted(LOCALES.glob("*/LC_MESSAGES/messages.po"))}
