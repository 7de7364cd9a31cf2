"""The settings: name, type, default and help, from the environment (`MOOC_…`) or a TOML file.

Settings are data. `load()` turns both sources into one frozen `Settings`, and refuses to start with
one sentence when something makes no sense, or when production has no strong secret.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MIN_SECRET = 32


class SettingsError(Exception):
    """A setting makes no sense. The message is one sentence for the operator."""


def setting(default: Any, help: str) -> Any:
    """A settings field with the one line of help that `mooc settings` and the docs show."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    """Everything an operator may choose. Environment name: `MOOC_` + the upper-case field name."""

    # the site
    site_name: str = setting("IP Open Courses", "Name of the site, in the header and in mails.")
    organization: str = setting(
        "Technology and Innovation Support Center", "Who runs the site; printed on certificates."
    )
    signatory_name: str = setting("", "Who signs certificates; empty prints the role alone.")
    signatory_role: str = setting("Director of the Center", "The signatory's role.")
    logo: str = setting("", "Path of an SVG or PNG logo; empty shows the site's name.")
    base_url: str = setting(
        "http://127.0.0.1:8000", "The public address; links in mails and QR codes start with it."
    )
    contact: str = setting("", "An address learners may write to, shown on error pages.")
    repository_url: str = setting(
        "", "Web address of the course repository on its git host, for “Suggest a change”."
    )
    languages: str = setting("en,ru", "Interface languages offered, in order.")
    # the server
    host: str = setting("127.0.0.1", "Address the built-in server listens on.")
    port: int = setting(8000, "Port the built-in server listens on.")
    workers: int = setting(2, "Web processes of the built-in server.")
    threads: int = setting(4, "Threads of each web process.")
    trusted_proxies: int = setting(0, "How many proxies in front set X-Forwarded-For and -Proto.")
    # data
    production: bool = setting(False, "Refuse weak settings and send cookies over HTTPS only.")
    secret_key: str = setting("", "Signs sessions and links; made in var/ when not in production.")
    var: str = setting("var", "Folder for the database, media, keys, certificates and mail.")
    courses: str = setting("courses", "Folder of the courses, inside a git repository or not.")
    database_url: str = setting("", "SQLAlchemy address; empty is SQLite in the var folder.")
    # mail
    smtp_host: str = setting("", "Mail server; empty writes mails to the console and var/mail/.")
    smtp_port: int = setting(587, "Port of the mail server.")
    smtp_user: str = setting("", "User at the mail server.")
    smtp_password: str = setting("", "Password at the mail server.")
    smtp_tls: bool = setting(True, "Use STARTTLS with the mail server.")
    mail_from: str = setting("courses@localhost", "Sender of all mails.")

    @property
    def var_path(self) -> Path:
        return Path(self.var).resolve()

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite:///{self.var_path / 'mooc.sqlite'}"

    @property
    def locales(self) -> tuple[str, ...]:
        return tuple(code.strip() for code in self.languages.split(",") if code.strip())


def load(
    environment: Mapping[str, str] | None = None, toml: Path | None = None, **overrides: Any
) -> Settings:
    """Settings from a TOML file (`MOOC_CONFIG` names it), the environment, and `overrides`, in
    rising order of precedence. Raises SettingsError."""
    env = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    if toml is None and env.get("MOOC_CONFIG"):
        toml = Path(env["MOOC_CONFIG"])
    if toml is not None:
        values.update(_from_toml(toml))
    known = {setting.name: setting for setting in fields(Settings)}
    for name in known:
        if (text := env.get(f"MOOC_{name.upper()}")) is not None:
            values[name] = text
    values.update(overrides)
    typed = {name: _typed(name, known[name].default, value) for name, value in values.items()}
    return _checked(Settings(**typed))


def _from_toml(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error}.") from error
    known = {setting.name for setting in fields(Settings)}
    if unknown := sorted(set(values) - known):
        raise SettingsError(f"The settings file {path} has an unknown setting “{unknown[0]}”.")
    return values


def _typed(name: str, default: Any, value: Any) -> Any:
    """A value in the type of its default; text such as "yes" or "8000" is understood."""
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in ("1", "yes", "true", "on"):
            return True
        if word in ("0", "no", "false", "off", ""):
            return False
        raise SettingsError(f"MOOC_{name.upper()} is “{value}”; say yes or no.")
    if isinstance(default, int):
        try:
            return int(str(value).strip())
        except ValueError:
            raise SettingsError(
                f"MOOC_{name.upper()} is “{value}”; it takes a whole number."
            ) from None
    return str(value).strip()


def _checked(settings: Settings) -> Settings:
    address = urlsplit(settings.base_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingsError(
            f"MOOC_BASE_URL is “{settings.base_url}”; it takes an address such as https://ip.example."
        )
    if not 0 < settings.port < 65536:
        raise SettingsError(f"MOOC_PORT is {settings.port}; it takes a number from 1 to 65535.")
    for name in ("workers", "threads"):
        if getattr(settings, name) < 1:
            raise SettingsError(f"MOOC_{name.upper()} is less than 1.")
    if not settings.locales:
        raise SettingsError("MOOC_LANGUAGES is empty; name at least one language, such as en.")
    if settings.production:
        _check_production(settings, address.scheme)
    return settings


def _check_production(settings: Settings, scheme: str) -> None:
    secret = settings.secret_key
    if len(secret) < MIN_SECRET or len(set(secret)) < 10:
        raise SettingsError(
            "MOOC_SECRET_KEY is missing or weak: production needs at least "
            f"{MIN_SECRET} random characters, for example: {secrets.token_urlsafe(32)}"
        )
    if scheme != "https":
        raise SettingsError("MOOC_BASE_URL must start with https:// in production.")
