"""The web site. `create_app` is its table of contents."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from mooc.web.config import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
BLUEPRINTS = (
    "site",
    "catalog",
    "glossary",
    "learn",
    "quizzes",
    "certificates",
    "accounts",
    "styleguide",
    "teach",
    "hooks",
)


class Site(Flask):
    """Flask, told once that nothing here is a coroutine: it would ask ten times a request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Raises SettingsError when a setting makes no sense."""
    # Imported here: `mooc preview` uses parts of this package and does not wait for the others.
    from mooc.web import (
        addresses,
        assets,
        config,
        database,
        editions,
        error_pages,
        express,
        headers,
        i18n,
        jobs,
        jurisdictions,
        logo,
        metrics,
        page_cache,
        security,
        templating,
    )

    app = Site("mooc.web", template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions["mooc.settings"] = settings or config.load()
    config.init(app)
    database.init(app)
    i18n.init(app)
    templating.init(app)
    editions.init(app)
    jurisdictions.init(app)
    logo.init(app)
    metrics.init(app)
    error_pages.init(app)
    addresses.init(app)
    security.init(app)
    headers.init(app)
    jobs.init(app)
    register_blueprints(app)
    assets.init(app, ROOT / "static")
    express.init(app)
    page_cache.init(app)
    config.trust_proxies(app)
    return app


def register_blueprints(app: Flask) -> None:
    """One word, one module, one blueprint."""
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"mooc.web.{name}").bp)
