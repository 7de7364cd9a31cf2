"""Old addresses lead to the present ones: what was renamed is still found by its aliases."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mooc.catalog import queries as catalog
from mooc.certificates.queries import certificate_in
from mooc.web import editions
from mooc.web.security import viewer


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
    """Old addresses lead to the present one, for good; those of a closed course say so."""
    course_id = (request.view_args or {}).get("course_id")
    if course_id is None or request.method not in ("GET", "HEAD"):
        return None
    if course_id in catalog.live().closed:
        return _closed(course_id)
    if "moved" not in g:
        return None
    address = url_for(request.endpoint or "", **(request.view_args or {}))
    query = request.query_string.decode("ascii", "replace")
    return redirect(f"{address}?{query}" if query else address, 301)


def _closed(course_id: str) -> Response | None:
    """What became of a course; the certificate it gave stays at its own address."""
    release_id, closed_at = catalog.live().closed[course_id]
    person = viewer()
    certificate = certificate_in(person.id, course_id) if person else None
    if certificate is not None and request.endpoint == "certificates.course_certificate":
        return None
    page = render_template(
        "catalog/closed.html",
        course=editions.read(catalog.kept_release(release_id)).course,
        closed_at=closed_at,
        certificate=certificate,
    )
    return make_response(page, 410)
