"""What every template can use without being handed it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from zipfile import ZipFile

from flask import Flask, g, has_request_context, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.local import LocalProxy

from mooc.web import i18n

if TYPE_CHECKING:
    from mooc.web.security import Viewer

SVG = "{http://www.w3.org/2000/svg}"
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")  # HTML cannot hold them


def init(app: Flask) -> None:
    """Globals rather than a context processor: macros see them, and an unused one costs nothing."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # The one way for HTML into a page: what the compiler sanitised, or a template of ours made.
    app.jinja_env.filters["html"] = Markup
    app.jinja_env.globals.update(
        site=app.extensions["mooc.settings"],
        viewer=LocalProxy(viewer_or_none),
        locale=LocalProxy(i18n.locale),
        theme=LocalProxy(i18n.theme),
        direction=i18n.direction,
        language_name=i18n.language_name,
        icon=icon,
        csrf_field=csrf_field,
        page_address=page_address,
    )


def viewer_or_none() -> Viewer | None:
    """Who looks at the page. Nobody while the database is away, so that its error page renders."""
    if not has_request_context() or g.get("database_down"):
        return None
    from mooc.web.security import viewer

    return viewer()


def csrf_field() -> Markup:
    """The hidden field of a form. Empty for strangers, whose pages must be the same for all."""
    if "sid" not in session:
        return Markup("")
    token = g.get("csrf_stand_in") or generate_csrf()  # see web.shell
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)


def page_address() -> str:
    """Where a button of this page comes back to: never an address that only takes a form."""
    return CONTROLS.sub("", _address())


def _address() -> str:
    if request.method in ("GET", "HEAD"):
        shared = "csrf_stand_in" in g  # see web.shell: a query is one reader's own
        return request.full_path if request.query_string and not shared else request.path
    if request.url_rule and "GET" in (request.url_rule.methods or ()):
        return request.path
    return request.path.rpartition("/")[0] or "/"


@lru_cache(maxsize=512)
def icon(name: str, size: int = 20, label: str = "") -> Markup:
    """A Lucide icon as inline SVG, hidden from screen readers unless it has a label."""
    voice = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    start = Markup(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        "{1}>"
    ).format(size, voice)
    return start + Markup(_shapes(name)) + Markup("</svg>")  # noqa: S704 - from the icon package


@lru_cache(maxsize=512)
def _shapes(name: str) -> str:
    """The inside of an icon. Raises LookupError for a name that Lucide does not have."""
    from importlib.resources import files

    with (files("lucide") / "lucide.zip").open("rb") as packed, ZipFile(packed) as archive:
        try:
            root = ElementTree.fromstring(archive.read(f"{name}.svg"))  # noqa: S314 - our package
        except KeyError:
            raise LookupError(f"Lucide has no icon “{name}”.") from None
    shapes = []
    for shape in root:
        tag = shape.tag.removeprefix(SVG)
        attributes = "".join(f' {key}="{value}"' for key, value in shape.attrib.items())
        shapes.append(f"<{tag}{attributes}/>")
    return "".join(shapes)
