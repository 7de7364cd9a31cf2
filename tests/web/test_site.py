"""Preferences, media, health and metrics."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from mooc.accounts.models import User
from mooc.db import db
from mooc.web import create_app
from mooc.web.config import Settings, SettingsError
from tests.conftest import Cast
from tests.pages import CheckingClient


def test_a_stranger_chooses_language_and_theme(tiny: str, client: CheckingClient) -> None:
    answer = client.post(
        "/preferences", data={"locale": "ru", "theme": "dark", "next": "/courses?level=advanced"}
    )
    assert answer.status_code == 303
    assert answer.location == "/courses?level=advanced"
    page = client.get("/courses")
    assert 'lang="ru"' in page.text
    assert 'data-theme="dark"' in page.text
    client.post("/preferences", data={"theme": ""})
    page = client.get("/courses")
    assert 'lang="ru"' in page.text
    assert "data-theme" not in page.text


def test_an_account_remembers_language_and_theme(app: Flask, cast: Cast) -> None:
    browser = cast.browser("Lena Learner")
    browser.post("/preferences", data={"locale": "ru", "theme": "light"})
    with app.app_context():
        user = db.session.get_one(User, cast.user("Lena Learner"))
        assert (user.locale, user.theme) == ("ru", "light")
    assert 'lang="ru"' in cast.browser("Lena Learner").get("/settings").text


@pytest.mark.parametrize("value", ["xx", "../..", "en;q=1", "", "EN"])
def test_an_unknown_language_is_ignored(tiny: str, client: CheckingClient, value: str) -> None:
    client.post("/preferences", data={"locale": value})
    assert 'lang="en"' in client.get("/courses").text


@pytest.mark.parametrize("cookie", ["locale=xx&theme=<b>", "&&&=", "theme=" + "x" * 9000, '"'])
def test_a_forged_preferences_cookie_is_ignored(app: Flask, tiny: str, cookie: str) -> None:
    browser = app.test_client(use_cookies=False)
    page = browser.get("/courses", headers={"Cookie": f"prefs={cookie}"})
    assert page.status_code == 200
    assert 'lang="en"' in page.text


def test_other_sites_cannot_change_preferences(client: CheckingClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert (
            client.post("/preferences", data={"theme": "dark"}, headers=headers).status_code == 400
        )


def test_preferences_lead_back_to_this_site_only(client: CheckingClient) -> None:
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        assert client.post("/preferences", data={"next": target}).location == "/"


def test_media_are_immutable_and_inert(app: Flask, client: CheckingClient) -> None:
    folder = app.extensions["mooc.settings"].var_path / "media"
    folder.mkdir()
    name = "0" * 64 + ".svg"
    (folder / name).write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    answer = client.get(f"/media/{name}")
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    part = client.get(f"/media/{name}", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"<svg")


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("webm", "video/webm"),
        ("mp4", "video/mp4"),
        ("ogg", "audio/ogg"),
        ("mp3", "audio/mpeg"),
        ("vtt", "text/vtt; charset=utf-8"),
        ("webp", "image/webp"),
        ("pdf", "application/pdf"),
    ],
)
def test_players_get_the_kind_they_expect_and_any_part_they_ask_for(
    app: Flask, client: CheckingClient, ending: str, kind: str
) -> None:
    folder = app.extensions["mooc.settings"].var_path / "media"
    folder.mkdir()
    address = f"/media/{'1' * 64}.{ending}"
    (folder / address[7:]).write_bytes(bytes(range(100)))
    whole = client.get(address)
    assert whole.headers["Content-Type"] == kind
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "'none'" in whole.headers["Content-Security-Policy"]
    assert (whole.headers.get("Content-Disposition") == "attachment") == (ending == "pdf")
    for asked, status, length in [("10-19", 206, 10), ("90-", 206, 10), ("-5", 206, 5)]:
        part = client.get(address, headers={"Range": f"bytes={asked}"})
        assert (part.status_code, len(part.data)) == (status, length)
        assert part.headers["Content-Range"].endswith("/100")
        assert "immutable" in part.headers["Cache-Control"]
    assert client.get(address, headers={"Range": "bytes=200-"}).status_code == 416


@pytest.mark.parametrize(
    "name",
    ["../mooc.sqlite", "%2e%2e/secret_key", "..%2fsecret_key", "x.svg", "0" * 64, "secret_key"],
)
def test_nothing_but_media_is_served(app: Flask, client: CheckingClient, name: str) -> None:
    (app.extensions["mooc.settings"].var_path / "media").mkdir()
    assert client.get(f"/media/{name}").status_code == 404


def test_health_and_readiness(client: CheckingClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"


def test_metrics_are_for_this_machine_and_for_admins(
    client: CheckingClient, learner: CheckingClient, admin: CheckingClient
) -> None:
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert "mooc_requests_total" in client.get("/metrics").text
    assert client.get("/metrics", environ_base=elsewhere).status_code == 404
    assert learner.get("/metrics", environ_base=elsewhere).status_code == 404
    assert admin.get("/metrics", environ_base=elsewhere).status_code == 200
    assert 'mooc_requests_total{endpoint="site.metrics"' in client.get("/metrics").text
    through_a_proxy = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert through_a_proxy.status_code == 404


def test_crawlers_are_told_what_is_not_for_them(client: CheckingClient) -> None:
    assert "Disallow: /attempts/" in client.get("/robots.txt").text


def test_the_favicon_leads_to_the_drawing(client: CheckingClient) -> None:
    target = client.get("/favicon.ico").location
    assert client.get(target).mimetype == "image/svg+xml"


def test_hidden_characters_of_an_address_stay_out_of_the_page(client: CheckingClient) -> None:
    page = client.get("/now%00here%07")
    assert page.status_code == 404
    assert 'name="next" value="/nowhere"' in page.text


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_logo_stands_in_place_of_the_name(settings: Settings, tmp_path: Path, kind: str) -> None:
    drawn = tmp_path / f"ours.{kind}"
    drawn.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    app = create_app(replace(settings, logo=str(drawn)))
    browser = app.test_client()
    found = re.search(
        r'<a class="brand" href="/"><img src="(/media/[^"]+)" alt="([^"]+)"',
        browser.get("/sign-in").text,
    )
    assert found is not None
    assert found[2] == settings.site_name
    served = browser.get(found[1])
    assert served.data == drawn.read_bytes()
    assert served.mimetype == {"svg": "image/svg+xml", "png": "image/png"}[kind]


@pytest.mark.parametrize("name", ["missing.svg", "logo.gif", "."])
def test_a_logo_that_cannot_be_shown_stops_the_start(settings: Settings, name: str) -> None:
    with pytest.raises(SettingsError, match=r"logo|MOOC_LOGO"):
        create_app(replace(settings, logo=name))
