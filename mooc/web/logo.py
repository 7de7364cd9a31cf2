"""The operator's logo: one of the media, under the hash of its content, served for ever."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from flask import Flask

from mooc.web.config import SettingsError

TYPES = (".svg", ".png")


def init(app: Flask) -> None:
    """Make `logo` known to templates: its address, or nothing. Raises SettingsError."""
    current = app.extensions["mooc.settings"]
    source = Path(current.logo) if current.logo else None
    app.jinja_env.globals["logo"] = keep(source, current.var_path / "media") if source else ""


def keep(source: Path, media: Path) -> str:
    """Copy the file into the media folder, once; its address."""
    if source.suffix.lower() not in TYPES:
        raise SettingsError(f"MOOC_LOGO is “{source}”; it takes an SVG or PNG file.")
    try:
        data = source.read_bytes()
        name = f"{hashlib.sha256(data).hexdigest()}{source.suffix.lower()}"
        kept = media / name
        if not kept.exists():
            media.mkdir(parents=True, exist_ok=True)
            fresh = media / f".{name}.{os.getpid()}"
            fresh.write_bytes(data)
            fresh.replace(kept)
    except OSError as error:
        raise SettingsError(
            f"The logo {source} cannot be read or copied into {media} ({error.strerror})."
        ) from error
    return f"/media/{name}"
