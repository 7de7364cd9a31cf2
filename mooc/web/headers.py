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


def init(app: Flask) -> None:
    """Add the headers after each request. A view that sets its own value keeps it."""
    secure = app.extensions["mooc.settings"].base_url.startswith("https://")

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        for name, value in PAGE_HEADERS:
            if name not in headers:
                headers[name] = value
        if "Content-Security-Policy" not in headers:
            headers["Content-Security-Policy"] = CSP
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "private, no-store"
        if secure or request.is_secure:
            headers["Strict-Transport-Security"] = HSTS
        return response
