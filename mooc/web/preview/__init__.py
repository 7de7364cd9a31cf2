"""The site as an author sees it while writing: no database, no accounts, new with each save."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, g, request
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup
from werkzeug.local import LocalProxy

from mooc.web import ROOT, Site, assets, config, covers, headers, i18n, jurisdictions, templating
from mooc.web.levels import level_name
from mooc.web.preview import pages, reading
from mooc.web.preview.guard import Guard
from mooc.web.preview.switches import COOKIE, framed, switches
from mooc.web.preview.worktree import Worktree

# As on the site, but a page may stand in a frame of its own: the narrow one.
CSP = headers.CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'")
EDITORS = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "sublime": "subl://open?url=file://{path}&line={line}&column={column}",
    "none": "",
}


@dataclass(frozen=True)
class Editor:
    """How a link opens a file at a line. `address` holds {path}, {line} and {column}."""

    address: str

    def link(self, path: Path, line: int, column: int = 1) -> str:
        """The address to follow; empty where no editor was chosen."""
        where = {"{path}": quote(str(path)), "{line}": str(line), "{column}": str(column)}
        address = self.address
        for name, value in where.items():
            address = address.replace(name, value)
        return address


def create_preview(
    settings: config.Settings, worktree: Worktree, editor: str = EDITORS["vscode"]
) -> Flask:
    """The application. It reads `worktree`, writes only cookies, and needs no database."""
    app = Site("mooc.web", template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions["mooc.settings"] = settings
    app.extensions["mooc.worktree"] = worktree
    config.init(app)
    app.config.update(SECRET_KEY=secrets.token_hex(32), SESSION_COOKIE_NAME="preview-session")
    i18n.init(app)
    templating.init(app)
    headers.init(app)
    _frame_pages(app)
    _globals(app, Editor(editor))
    for blueprint in (*reading.BLUEPRINTS, pages.bp):
        app.register_blueprint(blueprint)
    # Pages of the site that the preview has not are links to its page that says so.
    app.url_build_error_handlers.append(lambda _error, endpoint, _values: f"/site/{endpoint}")
    app.before_request(_without_accounts)
    app.after_request(_own_policy)
    assets.init(app, ROOT / "static")
    _assets_for_print(app)
    app.wsgi_app = Guard(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _frame_pages(app: Flask) -> None:
    """Put our bar in place of the site's header and footer; all else is the site's own."""
    folder = ROOT / "templates"
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(folder / "preview" / "frame"), FileSystemLoader(folder)]
    )


def _globals(app: Flask, editor: Editor) -> None:
    app.jinja_env.filters["language_name"] = i18n.language_name
    app.jinja_env.globals.update(
        viewer=None,
        logo="",
        switches=LocalProxy(switches),
        framed=framed,
        theme=LocalProxy(lambda: switches().theme),
        direction=_direction,
        editor=editor,
        accent=covers.accent,
        rosette_svg=covers.rosette_svg,
        level_name=level_name,
        spoken=_spoken,
        jurisdiction_name=jurisdictions.name,
        law=i18n.law,
        edition_query=lambda _course: "",  # a cookie of ours keeps the language
        edit_address=lambda _live, _path: "",  # the bar opens the file itself
        **pages.GLOBALS,
    )


def _direction(code: str = "") -> str:
    return switches().direction or i18n.direction(code)


def _spoken(code: str) -> Markup:
    tag = code.replace("_", "-")
    return Markup(' lang="{}" dir="{}"').format(tag, _direction(code))


def _without_accounts() -> None:
    """There is no database to ask who this is; the site's own switch for that says so."""
    g.database_down = True


def _own_policy(response: Any) -> Any:
    if "lang" in request.args:  # a link of a page to itself in another language
        response.set_cookie(COOKIE, switches().cookie(), httponly=True, samesite="Lax")
    response.headers.setdefault("Content-Security-Policy", CSP)
    return response


def _assets_for_print(app: Flask) -> None:
    """With the print switch on, the style sheet is the one that shows its print rules."""
    built: assets.Assets = app.extensions["mooc.assets"]

    def asset(name: str) -> str:
        if name == "css/main.css" and switches().medium == "print":
            return "/preview/print.css"
        return built.url(name)

    app.jinja_env.globals["asset"] = asset
