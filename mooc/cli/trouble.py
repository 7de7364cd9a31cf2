"""What stops a command in a known way, and the application that commands work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from mooc.web.config import Settings


class Trouble(Exception):
    """A command cannot go on; the message is one sentence for the operator."""


def read_settings(**overrides: Any) -> Settings:
    """The settings. Raises Trouble for one that makes no sense."""
    from mooc.web.config import SettingsError, load

    try:
        return load(**{name: value for name, value in overrides.items() if value is not None})
    except SettingsError as error:
        raise Trouble(str(error)) from error


def make_app(settings: Settings) -> Flask:
    """The application, its var folder made and found writable. Raises Trouble."""
    from mooc.web import create_app
    from mooc.web.config import SettingsError

    writable(settings)
    try:
        return create_app(settings)
    except SettingsError as error:
        raise Trouble(str(error)) from error


def ready_app() -> Flask:
    """The application on a database that is reachable and up to date. Raises Trouble."""
    from mooc.web import schema

    app = make_app(read_settings())
    state = schema.state(app)
    if state == "newer":
        raise Trouble(NEWER)
    if state == "away":
        raise Trouble("The database does not answer; look at MOOC_DATABASE_URL.")
    if state != "current":
        raise Trouble("The database is not up to date; run: mooc migrate")
    return app


NEWER = (
    "The database was made by a newer version of this program; "
    "update the program, or choose another database with MOOC_DATABASE_URL or MOOC_VAR."
)


def writable(settings: Settings) -> None:
    """Make the var folder. Raises Trouble when it cannot be written."""
    import tempfile

    folder = settings.var_path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise Trouble(
            f"The folder {folder} cannot be written ({error.strerror}); "
            "choose another with MOOC_VAR."
        ) from error
