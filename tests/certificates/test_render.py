"""The PDF: the same bytes everywhere, the right letters, nothing fetched, readable by everybody."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import segno
from PIL import Image, ImageChops, ImageDraw, ImageFont

from mooc.certificates import fonts, layout, render
from mooc.certificates.ornament import QUIET
from mooc.certificates.record import Facts
from tests.certificates.samples import facts

NAMES = (
    "Anna Maria Weber",
    "Анна Сергеевна Ковалёва",
    "Αλέξανδρος Παπαδόπουλος",
    "Nguyễn Thị Ánh Tuyết",
    "Đorđe Žižek-Åström",
    "Ґанна Їжакевич",
)
ELSEWHERE = """
import sys; sys.path[:0] = ["."]
from mooc.certificates import render
from tests.certificates.samples import facts
import hashlib
for name in sys.argv[1:]:
    print(hashlib.sha256(render.pdf(facts(name=name))).hexdigest())
"""


@lru_cache(maxsize=16)
def made(one: Facts) -> bytes:
    return render.pdf(one)


def text_of(data: bytes) -> str:
    ran = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    return " ".join(ran.stdout.decode().split())


def picture_of(data: bytes, dpi: int) -> Image.Image:
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", "-"]
    ran = subprocess.run(command, input=data, capture_output=True, check=True)
    return Image.open(io.BytesIO(ran.stdout))


# ------------------------------------------------------------------------------------ same bytes


def test_the_same_facts_give_the_same_bytes_in_any_process_and_time_zone(tmp_path: Path) -> None:
    here = [hashlib.sha256(made(facts(name=name))).hexdigest() for name in NAMES]
    assert hashlib.sha256(render.pdf(facts(name=NAMES[0]))).hexdigest() == here[0]
    order = list(reversed(NAMES))  # what was made before must not matter
    environment = os.environ | {
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
    }
    command = [sys.executable, "-c", ELSEWHERE, *order]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout.split() == list(reversed(here))


def test_other_facts_give_other_bytes() -> None:
    assert made(facts()) != made(facts(mark=88))


def test_nothing_of_one_certificate_is_kept_for_the_next() -> None:
    for name in NAMES[:2]:
        made(facts(name=name, code="0000-0000-0000-0000-0"))
    kept = render._press().pictures
    assert all("course-" in key for key in kept), sorted(kept)


# ------------------------------------------------------------------------------------ right letters


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_the_pdf_holds_every_printed_fact(name: str) -> None:
    one = facts(name=name)
    text = text_of(made(one))
    for printed in (
        name,
        "Certificate of Completion",
        "TECHNOLOGY CENTER",
        "Intellectual Property Essentials",
        "9 lessons · 4 hours · grade 87% · law as of 31 December 2025",
        "Mary Signer",
        "23 November 2026",
        f"ip.example/verify/{one.code}",
        "commit 1f9c2ab",
        one.hash,
    ):
        assert printed in text


@pytest.mark.parametrize("name", NAMES)
def test_the_glyphs_drawn_are_those_of_the_name(name: str) -> None:
    """Wrong letters can hide under a right text layer, so the pixels are compared."""
    dpi = 96
    page = picture_of(made(facts(name=name)), dpi)
    size = render._size(name, render.NAME_STEPS, render.NAME_LINE)
    font = ImageFont.truetype(str(fonts.FOLDER / "mooc-serif-semibold.ttf"), size * dpi / 72)
    left, top, right, bottom = font.getbbox(name)
    drawn = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8), 255)
    ImageDraw.Draw(drawn).text((4 - left, 4 - top), name, fill=27, font=font)
    assert _distance(page, drawn) < 0.35
    wrong = Image.new("L", drawn.size, 255)
    other = "".join(chr(ord(each) + 1) if each.isalpha() else each for each in name)
    ImageDraw.Draw(wrong).text((4 - left, 4 - top), other, fill=27, font=font)
    assert _distance(page, wrong) > 0.45


def _distance(page: Image.Image, drawn: Image.Image) -> float:
    """The share of ink that differs where the drawing fits the page best."""
    ink = sum(255 - value for value in drawn.tobytes())
    best = 1.0
    middle = (page.width - drawn.width) // 2
    for x in range(middle - 4, middle + 5):
        for y in range(int(page.height * 0.34), int(page.height * 0.44)):
            part = page.crop((x, y, x + drawn.width, y + drawn.height))
            differing = sum(
                ImageChops.difference(part, drawn).point(lambda v: v if v > 40 else 0).tobytes()
            )
            best = min(best, differing / ink)
    return best


def test_russian_certificates_are_worded_in_russian() -> None:
    text = text_of(made(facts(language="ru", name="Анна Ковалёва", lessons=2, hours="21")))
    assert "Сертификат об окончании курса" in text
    assert "2 урока · 21 час · оценка 87 %" in text
    assert "23 ноября 2026 г." in text


@pytest.mark.parametrize(
    ("hours", "printed"),
    [("1", "1 hour"), ("4", "4 hours"), ("4-6", "4–6 hours"), ("1.5", "1.5 hours")],
)
def test_hours_may_be_a_range(hours: str, printed: str) -> None:
    assert f"· {printed} ·" in text_of(made(facts(hours=hours)))


def test_what_is_not_known_is_not_printed() -> None:
    text = text_of(made(facts(mark=None, hours="", law_as_of=None, revision="worktree", lessons=1)))
    assert "1 lesson " in text
    for absent in ("grade", "hour", "law", "commit", "None"):
        assert absent not in text


def test_a_long_name_and_course_stay_on_one_page() -> None:
    one = facts(name="Maximiliane " * 10, course_title="An Introduction to Something " * 5)
    with pikepdf.open(io.BytesIO(made(one))) as document:
        assert len(document.pages) == 1
    assert text_of(made(one)).count("Maximiliane") == 10


def test_markup_in_a_name_is_text() -> None:
    name = "<b>Anna</b> & <img src=x> {{ 7*7 }}"
    text = text_of(made(facts(name=name)))
    assert "<b>Anna</b>" in text
    assert "{{ 7*7 }}" in text


# -------------------------------------------------------------------------------------- the file


def test_the_pdf_is_tagged_titled_and_has_a_text_for_each_picture() -> None:
    one = facts(language="ru", name="Анна Ковалёва")
    with pikepdf.open(io.BytesIO(made(one))) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "ru"
        assert root.ViewerPreferences.DisplayDocTitle
        assert one.name in str(document.docinfo.Title)
        assert b"pdfuaid" in root.Metadata.read_bytes()
        figures = [each for each in _structure(root.StructTreeRoot) if each.get("/S") == "/Figure"]
        assert len(figures) == 2
        assert all(str(each.Alt) for each in figures)
        assert any(each.get("/S") == "/H1" for each in _structure(root.StructTreeRoot))
        assert "/EmbeddedFiles" not in root.get("/Names", {})
        assert not [each for each in _images(document) if each.get("/Subtype") == "/Image"]


def test_every_font_is_embedded_and_has_unicode() -> None:
    with pikepdf.open(io.BytesIO(made(facts(name=NAMES[1])))) as document:
        found = {
            str(each.BaseFont): each
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary)
            and each.get("/Type") == "/Font"
            and "/ToUnicode" in each
        }
        descriptors = [
            each
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        ]
        assert len(found) >= 5
        assert all("Mooc" in name or "mooc" in name for name in found), found
        assert all("/FontFile2" in each or "/FontFile3" in each for each in descriptors)


def test_qpdf_finds_nothing_wrong(tmp_path: Path) -> None:
    file = tmp_path / "one.pdf"
    file.write_bytes(made(facts()))
    subprocess.run(["qpdf", "--check", str(file)], check=True, capture_output=True)


def test_the_qr_code_on_the_page_is_that_of_the_verification_page() -> None:
    one = facts()
    page = picture_of(made(one), 300).point(lambda value: 0 if value < 128 else 255)
    expected = [list(row) for row in segno.make(one.verify_url, error="m", micro=False).matrix]
    corner = page.crop(
        (
            page.width * 78 // 100,
            page.height * 7 // 10,
            page.width * 94 // 100,
            page.height * 92 // 100,
        )
    )
    dark = Image.eval(corner, lambda value: 255 - value).getbbox()
    assert dark is not None
    code = corner.crop(dark)
    count, step = len(expected), code.width / len(expected)
    seen = [
        [
            int(code.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) == 0)
            for x in range(count)
        ]
        for y in range(count)
    ]
    assert seen == expected
    # The quiet zone is as light as the standard asks: four modules all around.
    zone = int(QUIET * step) - 2
    around = corner.crop((dark[0] - zone, dark[1] - zone, dark[2] + zone, dark[3] + zone))
    assert Image.eval(around, lambda value: 255 - value).getbbox() == (
        zone,
        zone,
        zone + code.width,
        zone + code.height,
    )


# ---------------------------------------------------------------------------------- nothing fetched

HOSTILE = (
    "http://127.0.0.1:1/x.png",
    "https://169.254.169.254/latest",
    "ftp://127.0.0.1/x",
    "file:///etc/passwd",
    "asset:../../etc/passwd",
    "asset:unknown.svg",
    "gopher://x",
)


@pytest.mark.parametrize("address", HOSTILE)
def test_the_fetcher_refuses_all_but_its_own_pictures(address: str) -> None:
    fetcher = render.asset_fetcher({"asset:own.svg": b"<svg/>"})
    with pytest.raises((ValueError, OSError)):
        fetcher.fetch(address)


def test_the_fetcher_serves_its_own_pictures() -> None:
    fetcher = render.asset_fetcher({"asset:own.svg": b"<svg/>"})
    assert fetcher.fetch("asset:own.svg").read() == b"<svg/>"
    assert fetcher.fetch("data:text/plain,x").read() == b"x"


def test_a_missing_picture_stops_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "_assets", lambda facts, form: {})
    with pytest.raises(render.RenderError):
        render.pdf(facts(code="1111-1111-1111-1111-1"))


def test_missing_fonts_are_one_sentence_for_the_operator(tmp_path: Path) -> None:
    with pytest.raises(render.RenderUnavailable, match="make setup"):
        render.Press(tmp_path)


def test_missing_pango_switches_certificates_off_and_nothing_else(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['weasyprint'] = None\n"
        "from mooc.certificates import render; import mooc.web\n"
        "print(render.unavailable())"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "Pango is missing" in ran.stdout
    assert "apt-get install libpango" in ran.stdout


# ------------------------------------------------------------------------------------------ layouts


def test_every_layout_prints_its_samples_on_one_page() -> None:
    found = layout.layouts()
    assert layout.DEFAULT in [each.name for each in found]
    for form in found:
        samples = json.loads((form.folder / layout.SAMPLE).read_text("utf-8"))
        assert {"en", "ru"} <= {sample["language"] for sample in samples}
        for sample in samples:
            data = made(facts(layout=form.name, **sample))
            with pikepdf.open(io.BytesIO(data)) as document:
                assert len(document.pages) == 1
            assert sample["name"].split()[0] in text_of(data)


def test_an_unknown_layout_is_the_default_one() -> None:
    assert layout.layout("../components").name == layout.DEFAULT
    assert layout.layout("no-such").name == layout.DEFAULT


def _structure(node: Any) -> list[Any]:
    found, open_nodes = [], [node]
    while open_nodes:
        each = open_nodes.pop()
        if isinstance(each, pikepdf.Array):
            open_nodes.extend(each)
        elif isinstance(each, pikepdf.Dictionary):
            found.append(each)
            if "/K" in each:
                open_nodes.append(each.K)
    return found


def _images(document: pikepdf.Pdf) -> list[Any]:
    return [each for each in document.objects if isinstance(each, pikepdf.Stream)]
