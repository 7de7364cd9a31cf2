"""Every answer carries the security headers, whatever it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from mooc.web import create_app
from mooc.web.config import Settings
from mooc.web.headers import CSP
from tests.conftest import Cast
from tests.pages import CheckingClient

ADDRESSES = ("/healthz", "/robots.txt", "/sign-in", "/courses", "/nowhere", "/my", "/metrics")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_security_headers(client: CheckingClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Server" not in headers
    assert "X-Powered-By" not in headers


def test_the_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    assert "default-src 'none'" in CSP
    assert "unsafe" not in CSP
    assert "data:" not in CSP
    assert "http" not in CSP


def test_pages_of_people_signed_in_are_never_stored(tiny: str, learner: CheckingClient) -> None:
    for address in ("/", "/my", f"/courses/{tiny}", "/settings"):
        assert learner.get(address).headers["Cache-Control"] == "private, no-store"


def test_https_sites_ask_to_stay_on_https(settings: Settings) -> None:
    app = create_app(replace(settings, base_url="https://ip.example.org"))
    assert "max-age=" in app.test_client().get("/healthz").headers["Strict-Transport-Security"]


def test_plain_http_sites_do_not(client: CheckingClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


def in_production(settings: Settings) -> Flask:
    secret = "j7Q2v9XbR4mT8kW1cZ6nP3sL5hG0dF-aYeUiOo"
    return create_app(
        replace(settings, production=True, base_url="https://ip.example.org", secret_key=secret)
    )


def test_production_answers_only_to_its_own_name(settings: Settings, tiny: str) -> None:
    browser = in_production(settings).test_client()
    good = browser.get("/courses", headers={"Host": "ip.example.org"})
    evil = browser.get("/courses", headers={"Host": "evil.example"})
    assert good.status_code == 200
    assert evil.status_code == 400


def test_production_cookies_are_bound_to_the_host(settings: Settings) -> None:
    app = in_production(settings)
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert app.config["SESSION_COOKIE_SECURE"] is True


def test_proxies_are_believed_only_as_far_as_configured(settings: Settings) -> None:
    told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}

    def seen(app: Flask) -> tuple[str | None, str]:
        found = []
        app.before_request_funcs.setdefault(None, []).insert(
            0, lambda: found.append((request.remote_addr, request.scheme))
        )
        from flask import request

        app.test_client().get("/healthz", headers=told)
        return found[0]

    assert seen(create_app(settings)) == ("127.0.0.1", "http")
    assert seen(create_app(replace(settings, trusted_proxies=1))) == ("203.0.113.9", "https")


def test_large_bodies_are_refused_by_a_designed_page(client: CheckingClient, cast: Cast) -> None:
    answer = client.post("/sign-in", data={"email": "x" * (2**20 + 1)})
    assert answer.status_code == 413
    many = {f"field{number}": "x" for number in range(300)}
    answer = client.post("/sign-in", data=many, content_type="multipart/form-data")
    assert answer.status_code == 413
