"""Set-up: what it says when it cannot go on, locks that fit, fonts that print the right letters."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "static" / "fonts"
PRINT = FONTS / "print"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with all that set-up reads, and nothing installed."""
    for part in ("scripts", "requirements"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def set_up(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(checkout / "scripts" / "setup"), *arguments],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def programs(folder: Path, **scripts: str) -> str:
    """A PATH with nothing but what a POSIX system always has, and these."""
    folder.mkdir()
    for name in ("dirname", "id"):
        (folder / name).symlink_to(shutil.which(name) or name)
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return str(folder)


# -- messages ------------------------------------------------------------------------------------


def test_an_old_python_is_named(checkout: Path) -> None:
    path = programs(checkout / "bin", python3='case "$*" in *sys.exit*) exit 1;; esac; echo 3.9')
    ran = set_up(checkout, "run", PATH=path)
    assert ran.returncode == 2
    assert "Python 3.11 or newer is needed and the one here is 3.9" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_without_any_python_the_line_to_type_is_shown(checkout: Path) -> None:
    ran = set_up(checkout, "run", PATH=programs(checkout / "bin"))
    assert ran.returncode == 2
    assert "sudo apt-get install -y python3 python3-venv" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_an_unknown_profile_is_refused_in_a_sentence(checkout: Path) -> None:
    ran = set_up(checkout, "everything")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "say one of: scripts/setup run" in ran.stderr


def test_a_folder_in_the_way_is_a_sentence_too(checkout: Path) -> None:
    (checkout / ".venv").write_text("not a folder")
    ran = set_up(checkout, "run")
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.slow
def test_without_a_network_it_says_so_and_leaves_a_log(checkout: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    ran = set_up(
        checkout,
        "run",
        HTTPS_PROXY=nowhere,
        HTTP_PROXY=nowhere,
        ALL_PROXY=nowhere,
        PIP_NO_CACHE_DIR="1",
        PIP_CONFIG_FILE="/dev/null",
        UV_CACHE_DIR=str(checkout / "cache"),
    )
    assert ran.returncode == 2
    assert "no package index answers here; the whole answer is in .venv/setup.log" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert (checkout / ".venv" / "setup.log").read_text().startswith("$ ")


def test_make_explains_every_target_in_a_line() -> None:
    text = (ROOT / "Makefile").read_text()
    declared = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split()) - {"help"}
    explained = subprocess.run(
        ["/bin/sh", "scripts/help", "Makefile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert declared == set(re.findall(r"^  make (\S+)", explained.stdout, re.MULTILINE))


# -- locks and addresses -------------------------------------------------------------------------


def check_locks(checkout: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "scripts" / "check-locks")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_locks_fit_their_lists() -> None:
    ran = check_locks(ROOT)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_a_stale_lock_an_index_and_a_private_folder_are_found(checkout: Path) -> None:
    with (checkout / "requirements" / "runtime.in").open("a") as wanted:
        wanted.write("one-more-package\n")
    (checkout / "notes.md").write_text(f"from https://{'pypi'}.org/simple\nin /{'root'}/notes\n")
    subprocess.run(["git", "init", "-q", str(checkout)], check=True)
    subprocess.run(["git", "-C", str(checkout), "add", "."], check=True)
    ran = check_locks(checkout)
    assert ran.returncode == 1
    assert "requirements/runtime.lock is older than its list: make lock" in ran.stdout
    assert "requirements/dev.lock is older than its list: make lock" in ran.stdout
    assert "notes.md:1: names a package index" in ran.stdout
    assert "notes.md:2: names a folder of one machine" in ran.stdout


# -- fonts ---------------------------------------------------------------------------------------


def printed() -> list[dict[str, str]]:
    fonts: list[dict[str, str]] = json.loads((PRINT / "fonts.json").read_text())["fonts"]
    return fonts


def claimed() -> dict[tuple[str, str], dict[str, list[tuple[int, int]]]]:
    """Family and style to files to ranges, as the style sheet tells a browser."""
    faces: dict[tuple[str, str], dict[str, list[tuple[int, int]]]] = {}
    for rule in re.findall(r"@font-face \{(.*?)\}", (FONTS / "fonts.css").read_text()):
        family, style, file, ranges = re.findall(
            r'font-family: "(.*?)".*?font-style: (\w+).*?url\("(.*?)"\).*?unicode-range: (.*?) *$',
            rule,
        )[0]
        pairs = [part.strip().removeprefix("U+").split("-") for part in ranges.split(",")]
        faces.setdefault((family, style), {})[file] = [
            (int(p[0], 16), int(p[-1], 16)) for p in pairs
        ]
    return faces


def test_no_character_is_claimed_by_two_files_and_each_claim_is_kept() -> None:
    from fontTools.ttLib import TTFont

    for (family, _), files in claimed().items():
        every = sorted(pair for ranges in files.values() for pair in ranges)
        held = {file: set(TTFont(FONTS / file).getBestCmap()) for file in files}
        anywhere = set().union(*held.values())
        for file, ranges in files.items():
            asked = {c for a, b in ranges for c in range(a, b + 1)} & anywhere
            assert asked <= held[file], (family, file)
        overlaps = [(a, b) for a, b in pairwise(every) if a[1] >= b[0]]
        shared = {c for a, b in overlaps for c in range(b[0], a[1] + 1)} & anywhere
        assert not shared, (family, shared)


def test_a_first_view_needs_two_files_and_they_are_small() -> None:
    text = set(map(ord, "Hello, “world” – № 7 «Съешь ещё этих мягких булок» … 5 €"))
    weight = 0
    for family in (("Source Serif 4", "normal"), ("Inter", "normal")):
        ((core, ranges),) = [
            (file, ranges) for file, ranges in claimed()[family].items() if "core" in file
        ]
        assert all(any(a <= point <= b for a, b in ranges) for point in text)
        weight += (FONTS / core).stat().st_size
    assert weight <= 57_000, "look.md allows 21 + 36 kB"


def test_every_print_font_is_a_family_of_its_own() -> None:
    from fontTools.ttLib import TTFont

    fonts = printed()
    assert len({font["family"] for font in fonts}) == len({f["role"] for f in fonts}) == len(fonts)
    assert {font["file"] for font in fonts} == {file.name for file in PRINT.glob("*.ttf")}
    for font in fonts:
        opened = TTFont(PRINT / font["file"])
        assert opened["name"].getDebugName(1) == font["family"]
        assert "fvar" not in opened
        assert "fpgm" not in opened
        assert opened["OS/2"].usWeightClass == 400


def test_the_same_packages_give_the_same_fonts(tmp_path: Path) -> None:
    """One small face made again, in another process with another hash seed."""
    program = (
        "import runpy, sys; from pathlib import Path; m = runpy.run_path(sys.argv[1])\n"
        "cut = m['web_cuts'](m['WEB'][-1])[0]; m['make'](cut, Path(sys.argv[2])); print(cut.file)"
    )
    command = [sys.executable, "-c", program, str(ROOT / "scripts" / "fonts"), str(tmp_path)]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    name = ran.stdout.strip()
    assert hash_of(tmp_path / name) == hash_of(FONTS / name)


def hash_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_the_right_letters_are_printed(tmp_path: Path) -> None:
    """All print fonts in one document, since that is where WeasyPrint mixes glyphs up; compared by
    pixels with the same file drawn by another program, and with other letters as a control."""
    weasyprint = pytest.importorskip("weasyprint")
    from PIL import Image, ImageChops, ImageDraw, ImageFont

    samples = {"latin": ("R a g Ж ы", "B o q Ш н"), "arabic": ("٣٧٢", "٤٦٩")}

    def sample(font: dict[str, str]) -> tuple[str, str]:
        return samples["arabic" if font["role"].startswith("arabic") else "latin"]

    def ink(picture: Image.Image) -> Image.Image:
        """Black on white, cut to its ink, 240 x 60, white on black."""
        dark = ImageChops.invert(picture.convert("L"))
        return dark.crop(dark.getbbox()).resize((240, 60), Image.Resampling.BILINEAR)

    def drawn(font: dict[str, str], text: str) -> Image.Image:
        picture = Image.new("L", (1200, 300), 255)
        face = ImageFont.truetype(PRINT / font["file"], 100, layout_engine=ImageFont.Layout.BASIC)
        ImageDraw.Draw(picture).text((50, 50), text, font=face, fill=0)
        return ink(picture)

    def likeness(a: Image.Image, b: Image.Image) -> float:
        both = sum(ImageChops.darker(a, b).histogram()[i] * i for i in range(256))
        either = sum(ImageChops.lighter(a, b).histogram()[i] * i for i in range(256))
        return both / either

    fonts = printed()
    faces = "".join(
        f"@font-face{{font-family:'{font['family']}';src:url('{(PRINT / font['file']).as_uri()}')}}"
        for font in fonts
    )
    pages = "".join(f"<p style=\"font-family:'{f['family']}'\">{sample(f)[0]}</p>" for f in fonts)
    style = "@page{size:140mm 40mm;margin:5mm} p{font-size:60pt;margin:0;break-after:page;"
    style += "line-height:1;font-kerning:none;white-space:nowrap}"
    document = f"<meta charset=utf-8><style>{faces}{style}</style>{pages}"
    weasyprint.HTML(string=document).write_pdf(tmp_path / "letters.pdf")
    subprocess.run(
        ["pdftoppm", "-r", "100", "-gray", str(tmp_path / "letters.pdf"), str(tmp_path / "page")],
        check=True,
    )
    pictures = sorted(tmp_path.glob("page-*.pgm"))
    assert len(pictures) == len(fonts)
    for font, file in zip(fonts, pictures, strict=True):
        got = ink(Image.open(file))
        right, wrong = (likeness(got, drawn(font, text)) for text in sample(font))
        assert right > 0.7 > 0.6 > wrong, (font["family"], round(right, 2), round(wrong, 2))
