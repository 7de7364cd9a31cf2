"""Old addresses lead to the present ones: what was renamed is still found by its aliases."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from mooc.catalog import queries as catalog


def init(app: Flask) -> None:
    """For every address that names a course, whichever area it belongs to."""
    app.url_value_preprocessor(_to_present)
    app.before_request(_lead_on)


def _to_present(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Views get present ids only. A form that was open while its course was renamed still works."""
    if not values or "course_id" not in values:
        return
    live = catalog.live().get(values["course_id"])
    if live is None:
        return
    present = {"course_id": live.course.id}
    if "item_id" in values:
        present["item_id"] = live.course.renamed.get(values["item_id"], values["item_id"])
    if any(values[name] != value for name, value in present.items()):
        values.update(present)
        g.moved = True


def _lead_on() -> Response | None:
    """Whoever opens an old address is sent to the present one, for good."""
    if "moved" not in g or request.method not in ("GET", "HEAD"):
        return None
    address = url_for(request.endpoint or "", **(request.view_args or {}))
    query = request.query_string.decode("ascii", "replace")
    return redirect(f"{address}?{query}" if query else address, 301)
