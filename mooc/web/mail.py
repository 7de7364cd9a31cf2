"""Letters: worded from the outbox in the reader's language, then sent, or shown and kept in files.

Each letter is one template of blocks (`subject`, `text`, `action`, `note`), laid out twice: as
plain text by `mail/base.txt` and as HTML by `mail/base.html`.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
from babel import Locale
from babel.support import NullTranslations, Translations
from flask import current_app
from flask_mailman import Mail as Mailman
from flask_mailman.backends.smtp import EmailBackend
from flask_mailman.message import EmailMultiAlternatives
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from mooc.db import db
from mooc.operations.models import Mail
from mooc.web import i18n
from mooc.web.config import Settings, settings

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TIMEOUT = 20  # seconds to wait for the mail server


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in words."""

    to: str
    subject: str
    text: str
    html: str


def send_mail(mail_id: int, now: datetime) -> None:
    """Send a letter of the outbox once, and forget its one-time link. Raises when it cannot."""
    mail = db.session.get(Mail, mail_id)
    if mail is None or mail.sent_at is not None:
        return
    letter = worded(mail.template, mail.recipient, mail.locale, mail.parameters)
    name = _file_name(mail)
    db.session.rollback()  # a mail server is slow, and must not hold a transaction open
    _deliver(letter, name)
    mail = db.session.get_one(Mail, mail_id)
    mail.sent_at = now
    mail.parameters = {}
    db.session.commit()


def worded(template: str, to: str, locale: str, parameters: dict[str, Any]) -> Letter:
    """The letter in the reader's language, or in the site's first one."""
    here = settings()
    code = locale if locale in here.locales else here.locales[0]
    values = {**parameters, "site": here, "lang": code, "direction": i18n.direction(code)}
    text = _environment(code, html=False).get_template(f"mail/{template}.txt")
    html = _environment(code, html=True).get_template(f"mail/{template}.txt")
    context = text.new_context({**values, "layout": "mail/base.txt"})
    return Letter(
        to=to,
        subject=_one_line("".join(text.blocks["subject"](context))),
        text=_tidy(text.render(values, layout="mail/base.txt")),
        html=html.render(values, layout="mail/base.html"),
    )


@lru_cache(maxsize=32)
def _environment(locale: str, html: bool) -> Environment:
    """Jinja for letters in one language; HTML escapes, plain text does not."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=html,  # noqa: S701 - plain text must not be escaped
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(_catalog(locale), newstyle=True)  # type: ignore[attr-defined]
    environment.filters["paragraphs"] = _paragraphs
    return environment


def _catalog(locale: str) -> NullTranslations:
    return Translations.load(i18n.FOLDER, [Locale.parse(locale.replace("-", "_"))])


def _paragraphs(text: str) -> Markup:
    """Paragraphs of a block as HTML. What a block rendered is escaped already."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", str(text)))
    safe = (Markup(part) if isinstance(text, Markup) else escape(part) for part in parts if part)  # noqa: S704
    return Markup("\n").join(Markup("<p>{}</p>").format(part) for part in safe)


def _one_line(text: str) -> str:
    """A header in one line: nothing that was typed can start another."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


def _tidy(text: str) -> str:
    """Plain text without the holes that empty blocks leave."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


# --------------------------------------------------------------------------------------- delivery


class CheckedConnection(smtplib.SMTP):
    """SMTP that asks the mail server for a certificate we can check."""

    def starttls(self, *_args: Any, **_options: Any) -> tuple[int, bytes]:
        """Go on encrypted. Raises ssl.SSLError when the server is not who it says."""
        return super().starttls(context=ssl.create_default_context())


class Smtp(EmailBackend):  # type: ignore[misc]
    """Flask-Mailman's SMTP, which by itself checks no certificate."""

    connection_class = CheckedConnection


def _deliver(letter: Letter, file_name: str) -> None:
    here = settings()
    _mailman()
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=_sender(here),
        to=[_one_line(letter.to)],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(letter.html, "text/html")
    if here.smtp_host:
        message.connection = Smtp()
        message.send()
    else:
        _keep(here.var_path / "mail" / file_name, message.message().as_bytes(linesep="\n"))
        click.echo(f"\n--- letter to {letter.to}: {letter.subject}\n{letter.text}---")


def _keep(path: Path, data: bytes) -> None:
    """Write the letter whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_bytes(data)
    half.chmod(0o600)
    half.replace(path)


def _file_name(mail: Mail) -> str:
    at = mail.created_at.strftime("%Y%m%dT%H%M%S.%f")
    recipient = re.sub(r"[^\w@.+-]", "_", mail.recipient, flags=re.ASCII)[:100]
    return f"{at}-{mail.template}-{recipient}.eml"


def _sender(here: Settings) -> str:
    name = _one_line(here.site_name).replace('"', "'")
    return f'"{name}" <{here.mail_from}>'


def _mailman() -> None:
    """Set Flask-Mailman up when the first letter leaves: web processes never need it."""
    app = current_app
    if "mailman" not in app.extensions:
        here = settings()
        app.config.update(
            MAIL_SERVER=here.smtp_host,
            MAIL_PORT=here.smtp_port,
            MAIL_USERNAME=here.smtp_user or None,
            MAIL_PASSWORD=here.smtp_password or None,
            MAIL_USE_TLS=here.smtp_tls,
            MAIL_TIMEOUT=TIMEOUT,
            MAIL_DEFAULT_SENDER=_sender(here),
        )
        Mailman(app)
