"""The PDF of a certificate: the frozen facts set in type by WeasyPrint, same facts, same bytes.

Only the job worker loads this. WeasyPrint needs the system library Pango; where it is missing,
certificates are switched off and the rest of the site does not notice.
"""

from __future__ import annotations

import hashlib
import os
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mooc.certificates import fonts
from mooc.certificates.layout import STYLE, TEMPLATE, Layout, layout
from mooc.certificates.ornament import course_rosette, qr_code, seal
from mooc.certificates.record import Facts
from mooc.certificates.wording import Wording, wording

VARIANT = "pdf/ua-1"
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
ASSET = "asset:"
# Point sizes a name may have, largest first, and how wide the line is, in points.
NAME_STEPS, NAME_LINE = (40, 36, 32, 28, 25, 22, 19), 640
COURSE_STEPS, COURSE_LINE = (24, 21, 18, 16), 620
REVISION = 40  # hexadecimal characters of a git commit


class RenderError(Exception):
    """The PDF cannot be made. The message is for the operator."""


class RenderUnavailable(RenderError):
    """This machine cannot make PDFs at all: a system library or the fonts are missing."""


def pdf(facts: Facts) -> bytes:
    """The certificate as a tagged PDF (PDF/UA-1). Raises RenderError."""
    return _press().print(facts)


def renderer() -> str:
    """Name and version of what sets the pages."""
    return f"WeasyPrint {_press().library.__version__}"


def unavailable() -> str:
    """Why certificates cannot be printed here, and what to do; empty when they can."""
    try:
        _press()
    except RenderUnavailable as error:
        return str(error)
    return ""


@lru_cache(maxsize=1)
def _press() -> Press:
    return Press(fonts.FOLDER)


class Press:
    """What one worker process keeps between certificates: fonts, styles, pictures of courses."""

    def __init__(self, font_folder: Path) -> None:
        if not (font_folder / "fonts.json").exists():
            raise RenderUnavailable("The print fonts are missing; run `make setup`.")
        # Fontconfig reads this once, when Pango is loaded: only the bundled fonts exist then.
        os.environ["FONTCONFIG_FILE"] = str(font_folder / "fonts.conf")
        try:
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import FatalURLFetchingError
        except (ImportError, OSError) as error:
            raise RenderUnavailable(
                "Certificates are switched off: the system library Pango is missing; install it "
                f"with `apt-get install {PANGO}`."
            ) from error
        self.library = weasyprint
        self.refusals = (Exception, FatalURLFetchingError)  # the latter is a BaseException
        self.font_configuration = FontConfiguration()
        self.pictures: dict[str, Any] = {}
        self.styles: dict[str, Any] = {}

    def print(self, facts: Facts) -> bytes:
        """One certificate. What belongs to it alone is forgotten, so that memory stays flat."""
        form = layout(facts.layout)
        assets = _assets(facts, form)
        fetcher = asset_fetcher(assets)
        known = set(self.pictures)
        try:
            document = self.library.HTML(
                string=page(facts, form), base_url=ASSET, url_fetcher=fetcher
            )
            identifier = hashlib.sha256(facts.hash.encode() + form.hash.encode()).digest()[:16]
            data: bytes = document.write_pdf(
                stylesheets=[self._style(form, fetcher)],
                font_config=self.font_configuration,
                cache=self.pictures,
                pdf_variant=VARIANT,
                pdf_identifier=identifier,
            )
        except self.refusals as error:
            raise RenderError(f"{facts.code}: {type(error).__name__}: {error}") from error
        finally:
            for key in self.pictures.keys() - known:
                if not key.startswith(f"{ASSET}course-"):
                    del self.pictures[key]
        return data

    def _style(self, form: Layout, fetcher: Any) -> Any:
        if form.hash not in self.styles:
            self.styles[form.hash] = self.library.CSS(
                string=(form.folder / STYLE).read_text("utf-8"),
                base_url=ASSET,
                url_fetcher=fetcher,
                font_config=self.font_configuration,
            )
        return self.styles[form.hash]


def asset_fetcher(assets: dict[str, bytes]) -> Any:
    """A WeasyPrint URL fetcher that knows these SVG pictures and `data:`, and refuses all else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in assets:
                return URLFetcherResponse(url, assets[url], {"Content-Type": "image/svg+xml"})
            return super().fetch(url, headers)

    return Fetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)


# -------------------------------------------------------------------------------------- the page


def page(facts: Facts, form: Layout) -> str:
    """The certificate as HTML, every text escaped."""
    words = wording(facts.language, form.folder / "words")
    printed = _printed_date(facts.awarded_at.date(), words)
    html: str = _template(form).render(
        facts=facts,
        record_hash=facts.hash,
        words=words,
        language=str(words.locale).replace("_", "-"),
        awarded=printed,
        line=" · ".join(_facts_line(facts, words)),
        name_size=_size(facts.name, NAME_STEPS, NAME_LINE),
        course_size=_size(facts.course_title, COURSE_STEPS, COURSE_LINE),
        moment=_moment(facts.issued_at),
        course_picture=_course_asset(facts),
        address=facts.verify_url.partition("://")[2],
        revision=facts.revision[:7] if len(facts.revision) == REVISION else "",
    )
    return html


@lru_cache(maxsize=32)
def _template(form: Layout) -> Any:
    environment = Environment(
        loader=FileSystemLoader(form.folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE)


def _facts_line(facts: Facts, words: Wording) -> list[str]:
    parts = []
    if facts.lessons:
        parts.append(words.plural("lessons", facts.lessons))
    if facts.hours:
        parts.append(_hours(facts.hours, words))
    if facts.mark is not None:
        mark = format_percent(facts.mark / 100, locale=words.locale)
        parts.append(words.text("mark", mark=mark))
    if facts.law_as_of is not None:
        parts.append(words.text("law", date=_printed_date(facts.law_as_of, words)))
    return parts


def _hours(hours: str, words: Wording) -> str:
    """A course may say `4` or `4–6`; the last number decides the plural."""
    last = hours.replace("-", "–").rpartition("–")[2].strip()
    form = words.plural("hours", int(last) if last.isdigit() else 2)
    return form.replace("#", hours.replace("-", "–"))


def _printed_date(day: date, words: Wording) -> str:
    return str(format_date(day, words.text("date"), locale=words.locale))


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _size(text: str, steps: tuple[int, ...], line: int) -> int:
    """The largest step at which a text fits its line; the smallest, where it wraps."""
    ems = fonts.width(text)
    return next((step for step in steps if ems * step <= line), steps[-1])


# ----------------------------------------------------------------------------------- its pictures


def _assets(facts: Facts, form: Layout) -> dict[str, bytes]:
    tints = form.tints
    course = _course_asset(facts)
    return {
        f"{course}-top.svg": course_rosette(facts.course_id, tints["top"]),
        f"{course}-bottom.svg": course_rosette(facts.course_id, tints["bottom"]),
        f"{ASSET}seal.svg": seal(facts.code, tints["seal"]),
        f"{ASSET}qr.svg": qr_code(facts.verify_url, tints["ink"]),
    }


def _course_asset(facts: Facts) -> str:
    return f"{ASSET}course-{facts.course_id}-{facts.layout_hash[:12]}"
