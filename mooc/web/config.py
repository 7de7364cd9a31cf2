"""The settings: name, type, default and help, from the environment (`MOOC_…`) or a TOML file.

Settings are data. `load()` turns both sources into one frozen `Settings`, and refuses to start with
one sentence when something makes no sense, or when production has no strong secret.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix

from mooc.content.roots import names

MIN_SECRET = 32
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?")
SECRET = (
    "secret_key",
    "hook_secret",
    "old_secret_keys",
    "smtp_password",
    "database_url",
    "redis_url",
)


class SettingsError(Exception):
    """A setting makes no sense. The message is one sentence for the operator."""


def setting(default: Any, words: str) -> Any:
    """A settings field with the one line of help that `mooc settings` and the docs show."""
    return field(default=default, metadata={"help": words})


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
        "http://127.0.0.1:8000",
        "The public address; links in mails and QR codes start with it. Follows host and port.",
    )
    contact: str = setting("", "An address learners may write to, shown on error pages.")
    repository_url: str = setting(
        "", "Web address of the repository of each content root, in order, for “Suggest a change”."
    )
    repository_branch: str = setting("main", "The branch that changes are suggested to.")
    fetch: str = setting(
        "", "Addresses of repositories to fetch on a push, with spaces; mirrors in the var folder."
    )
    hook_secret: str = setting(
        "", "Secret that the git host signs pushes with, or a file that holds it; empty: no hook."
    )
    fetch_files: bool = setting(False, "Let MOOC_FETCH name file:// addresses, for tests.")
    edit_url: str = setting(
        "", "How the git host's editor is addressed, with {repository}, {branch} and {path} in it."
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
    old_secret_keys: str = setting("", "Earlier secrets, comma-separated, still accepted.")
    var: str = setting("var", "Folder for the database, media, keys, certificates and mail.")
    courses: str = setting(
        "courses", "Folders of the courses, in order of precedence, with : between them."
    )
    database_url: str = setting("", "SQLAlchemy address; empty is SQLite in the var folder.")
    redis_url: str = setting("", "Redis address, such as redis://host; empty works without Redis.")
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
    def roots(self) -> tuple[str, ...]:
        """The content roots, in order of precedence."""
        return tuple(names(self.courses))

    @property
    def fetched(self) -> tuple[str, ...]:
        """The addresses of repositories to fetch."""
        return tuple(self.fetch.split())

    @property
    def repositories(self) -> tuple[str, ...]:
        """The web addresses of the roots' repositories, in their order; empty for none."""
        return tuple("" if one == "-" else one.rstrip("/") for one in self.repository_url.split())

    @property
    def repository(self) -> str:
        """The web address of the first root's repository, which pages show."""
        return self.repositories[0] if self.repositories else ""

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
    if "base_url" not in values and ("host" in values or "port" in values):
        values["base_url"] = _own_address(values)
    typed = {name: _typed(name, known[name].default, value) for name, value in values.items()}
    return _checked(Settings(**typed))


def init(app: Flask) -> None:
    """Flask's own configuration, from our settings."""
    current: Settings = app.extensions["mooc.settings"]
    app.config.update(
        SECRET_KEY=secret_key(current),
        SECRET_KEY_FALLBACKS=[key for key in current.old_secret_keys.split(",") if key.strip()],
        MAX_CONTENT_LENGTH=2**20,
        MAX_FORM_MEMORY_SIZE=2**20,
        MAX_FORM_PARTS=200,
        PREFERRED_URL_SCHEME=urlsplit(current.base_url).scheme,
        TRUSTED_HOSTS=[urlsplit(current.base_url).hostname] if current.production else None,
    )


def trust_proxies(app: Flask) -> None:
    """Believe X-Forwarded-For and -Proto of as many proxies as are configured, else of none."""
    if count := app.extensions["mooc.settings"].trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def settings() -> Settings:
    """The settings of the application in whose context this is called."""
    found: Settings = current_app.extensions["mooc.settings"]
    return found


def listing(current: Settings) -> list[tuple[str, str, str, str]]:
    """Every setting as (environment name, type, value in use, help); secrets are not shown."""
    rows = []
    for each in fields(Settings):
        value = getattr(current, each.name)
        if each.name in SECRET and value:
            value = "•••"
        shown = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        kind = {bool: "yes or no", int: "number"}.get(type(each.default), "text")
        rows.append((f"MOOC_{each.name.upper()}", kind, shown, each.metadata["help"]))
    return rows


def secret_key(settings: Settings) -> str:
    """The configured secret, or (never in production) one made once in `var/secret_key`, 0600."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.var_path / "secret_key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_name(f"secret_key.{secrets.token_hex(8)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48))
            try:
                os.link(fresh, path)  # the first process wins, whole
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"The folder {path.parent} cannot be written ({error.strerror}); "
            "choose another with MOOC_VAR."
        ) from error


def _own_address(values: Mapping[str, Any]) -> str:
    host = str(values.get("host", Settings.host)).strip()
    port = str(values.get("port", Settings.port)).strip()
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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
    if isinstance(value, list):
        return "\n".join(str(one).strip() for one in value)
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
    if not settings.roots:
        raise SettingsError("MOOC_COURSES is empty; name at least one folder, such as courses.")
    _check_repositories(settings)
    if not settings.locales:
        raise SettingsError("MOOC_LANGUAGES is empty; name at least one language, such as en.")
    for code in settings.locales:
        if not LANGUAGE.fullmatch(code):
            raise SettingsError(f"MOOC_LANGUAGES holds “{code}”; it takes codes such as en,ru.")
    if settings.production:
        _check_production(settings, address.scheme)
    return settings


def _check_repositories(settings: Settings) -> None:
    for address in settings.repositories:
        if address and urlsplit(address).scheme not in ("http", "https"):
            raise SettingsError(
                f"MOOC_REPOSITORY_URL holds “{address}”; it takes web addresses, or - for none."
            )
    form = settings.edit_url
    if form and ("{path}" not in form or not form.startswith(("http", "{repository}"))):
        raise SettingsError(
            f"MOOC_EDIT_URL is “{form}”; it takes an address with {{path}} in it, such as "
            "{repository}/edit/{branch}/{path}."
        )
    if settings.fetch or settings.fetch_files or settings.hook_secret:
        from mooc.web import fetching

        fetching.check(settings)


def _check_production(settings: Settings, scheme: str) -> None:
    secret = settings.secret_key
    if len(secret) < MIN_SECRET or len(set(secret)) < 10:
        raise SettingsError(
            "MOOC_SECRET_KEY is missing or weak: production needs at least "
            f"{MIN_SECRET} random characters, for example: {secrets.token_urlsafe(32)}"
        )
    if scheme != "https":
        raise SettingsError("MOOC_BASE_URL must start with https:// in production.")
