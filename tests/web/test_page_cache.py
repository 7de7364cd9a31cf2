"""Strangers' pages come from memory, are always the right ones, and never anybody's own."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask

from mooc.web.page_cache import PageCache
from tests.conftest import TINY, publish
from tests.pages import CheckingClient


@pytest.fixture
def cache(app: Flask) -> PageCache:
    found = app.extensions["mooc.page_cache"]
    assert isinstance(found, PageCache)
    return found


def test_the_second_stranger_gets_the_page_from_memory(
    cache: PageCache, tiny: str, client: CheckingClient, query_count: Callable[[], Any]
) -> None:
    first = client.get(f"/courses/{tiny}")
    entered = []
    cache.inner, inner = lambda *args: entered.append(args) or inner(*args), cache.inner
    with query_count() as queries:
        second = client.get(f"/courses/{tiny}")
    assert second.data == first.data
    assert queries == []
    assert entered == []


def test_each_encoding_is_the_same_page_with_its_own_tag(tiny: str, client: CheckingClient) -> None:
    def get(encoding: str) -> Any:
        return client.get("/courses", headers={"Accept-Encoding": encoding}, checks=False)

    plain, zipped, brotlied = get("identity"), get("gzip"), get("gzip, deflate, br")
    assert gzip.decompress(zipped.data) == plain.data
    assert brotli.decompress(brotlied.data) == plain.data
    assert brotlied.headers["Content-Encoding"] == "br"
    assert len({answer.headers["ETag"] for answer in (plain, zipped, brotlied)}) == 3
    assert not any(answer.headers["ETag"].startswith("W/") for answer in (plain, zipped))
    assert plain.headers["Vary"] == "Accept-Encoding, Accept-Language, Cookie"
    assert get("br;q=0, gzip;q=0").headers.get("Content-Encoding") is None


def test_a_known_tag_is_answered_without_a_body(tiny: str, client: CheckingClient) -> None:
    tag = client.get("/courses").headers["ETag"]
    again = client.get("/courses", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == tag
    other = client.get("/courses", headers={"If-None-Match": '"something else"'})
    assert other.status_code == 200


def test_head_has_the_headers_and_no_body(tiny: str, client: CheckingClient) -> None:
    page = client.get("/courses")
    head = client.head("/courses")
    assert head.data == b""
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


def test_languages_and_themes_are_kept_apart(app: Flask, tiny: str) -> None:
    def get(**headers: str) -> Any:
        return app.test_client(use_cookies=False).get("/courses", headers=headers)

    english = get(**{"Accept-Language": "en"})
    russian = get(**{"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"})
    chosen = get(**{"Accept-Language": "en", "Cookie": "prefs=locale=ru&theme=dark"})
    assert 'lang="en"' in english.text
    assert 'lang="ru"' in russian.text
    assert 'lang="ru"' in chosen.text
    assert 'data-theme="dark"' in chosen.text
    assert "data-theme" not in get(**{"Accept-Language": "en"}).text


def test_whoever_is_signed_in_goes_past_the_cache(
    cache: PageCache, tiny: str, stranger: CheckingClient, learner: CheckingClient
) -> None:
    stranger.get("/courses")
    pages = dict(cache.pages)
    own = learner.get("/courses")
    assert "ETag" not in own.headers
    assert own.headers["Cache-Control"] == "private, no-store"
    assert dict(cache.pages) == pages


def test_an_unknown_query_is_not_kept(cache: PageCache, tiny: str, client: CheckingClient) -> None:
    client.get("/courses?utm_source=x")
    client.get("/search?q=works")
    assert all("utm" not in key[1] and "q=" not in key[1] for key in cache.pages)
    client.get("/courses?level=introductory")
    assert any(key[1] == "level=introductory" for key in cache.pages)


def test_errors_and_redirects_are_not_kept(
    cache: PageCache, tiny: str, client: CheckingClient
) -> None:
    client.get("/courses/unknown")
    client.get("/my")
    client.get("/sign-in")
    assert not cache.pages


def test_a_new_release_replaces_the_page(
    app: Flask, cache: PageCache, tiny: str, client: CheckingClient, tmp_path: Path, now: datetime
) -> None:
    before = client.get(f"/courses/{tiny}")
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    text = (folder / "course.md").read_text().replace("A tiny course", "A renamed course")
    (folder / "course.md").write_text(text)
    publish(app, folder, now)
    after = client.get(f"/courses/{tiny}")
    assert "A renamed course" in after.text
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_process_finds_out_by_itself_that_a_pointer_moved(
    app: Flask, cache: PageCache, tiny: str, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/courses")
    app.testing = False
    cache.looked = 0.0
    cache.version = "made by an older catalog"
    client.get("/healthz")
    assert not cache.pages


def test_memory_is_bounded(
    cache: PageCache, tiny: str, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mooc.web.page_cache.MOST_BYTES", 400_000)
    for level in range(60):
        client.get(f"/courses?level={level}")
    assert 0 < cache.size <= 400_000
    assert cache.size == sum(page.size for page in cache.pages.values())


def test_strangers_keep_reading_while_the_database_is_away(
    app: Flask, cache: PageCache, tiny: str, client: CheckingClient
) -> None:
    first = client.get("/courses")
    from mooc.db import db

    with app.app_context():
        db.engine.dispose()
    path = app.extensions["mooc.settings"].var_path / "mooc.sqlite"
    path.rename(path.with_suffix(".gone"))
    path.mkdir()  # nothing can be opened there
    app.testing = False
    cache.looked = 0.0
    assert client.get("/courses").data == first.data
    assert client.get("/readyz").status_code == 503
