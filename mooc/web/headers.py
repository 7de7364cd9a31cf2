"""The security and cache headers that every answer carries."""

from __future__ import annotations

from flask import Flask, Response, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HSTS = "max-age=31536000; includeSubDomains"
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
# On every answer, static files included.
STATIC_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
)
PAGE_HEADERS = (
    *STATIC_HEADERS,
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", PERMISSIONS),
)


def page_headers(app: Flask) -> list[tuple[str, str]]:
    """The headers of a page that sets none of its own."""
    secure = app.extensions["mooc.settings"].base_url.startswith("https://")
    return [
        *PAGE_HEADERS,
        ("Content-Security-Policy", CSP),
        ("Cache-Control", "private, no-store"),
        *([("Strict-Transport-Security", HSTS)] if secure else []),
    ]


def init(app: Flask) -> None:
    """Add the headers after each request. A view that sets its own value keeps it."""
    secure = app.extensions["mooc.settings"].base_url.startswith("https://")

    usual = [(name.lower(), (name, value)) for name, value in page_headers(app)]

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        there = {name.lower() for name, _value in headers}
        headers.extend(pair for key, pair in usual if key not in there)
        if request.is_secure and not secure:
            headers["Strict-Transport-Security"] = HSTS
        return response
