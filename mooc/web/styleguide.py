"""Every component in every state on one page: to be looked at, tested and copied from."""

from __future__ import annotations

from flask import Blueprint, render_template

from mooc.errors import NotFound
from mooc.web.security import allow
from mooc.web.styleguide_samples import samples

bp = Blueprint("styleguide", __name__)


@bp.get("/styleguide")
@allow("instructor")
def page() -> str:
    return render_template("styleguide/page.html", **samples())


@bp.get("/styleguide/<name>")
@allow("instructor")
def layout(name: str) -> str:
    """A whole page in one of the layouts: `lesson`, `attempt`."""
    if name not in ("lesson", "attempt"):
        raise NotFound("not_found")
    return render_template(f"styleguide/{name}.html", **samples())
