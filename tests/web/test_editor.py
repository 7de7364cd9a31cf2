"""“Suggest a change”: the git host's editor, on the file behind a page and on no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from mooc.catalog import actions, queries
from mooc.content.layers import Layered
from mooc.content.source import Folder
from mooc.db import db
from mooc.web.config import SettingsError, load
from mooc.web.editor import edit_address
from tests.conftest import TINY, Cast

OPEN = {"root": "courses", "folder": "tiny", "revision": "worktree", "prefix": "all/courses/tiny"}
SECRET = {"root": "/srv/secret", "folder": "x", "revision": "worktree", "prefix": "x"}
HOSTS = {
    "https://git.example.org/o/r": "https://git.example.org/o/r/edit/main/",
    "https://gitlab.example.org/o/r/": "https://gitlab.example.org/o/r/-/edit/main/",
    "https://gitea.example.org/o/r": "https://gitea.example.org/o/r/_edit/main/",
    "https://codeberg.org/o/r": "https://codeberg.org/o/r/_edit/main/",
}


@pytest.fixture
def published(app: Flask, now: datetime, tmp_path: Path) -> Flask:
    """The tiny course, its exam replaced by that of a private root."""
    exam = (TINY / "exam.md").read_text().replace("](pools/", "](../tiny/pools/")
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "overlay.md").write_text("---\noverlay: tiny\n---\n")
    (folder / "final.md").write_text(exam.replace("../tiny/", ""))
    with app.app_context():
        report = actions.publish(
            Layered(Folder(TINY), [Folder(folder)]),
            today=now.date(),
            now=now,
            actor_id=None,
            media_folder=app.extensions["mooc.settings"].var_path / "media",
            sources=[OPEN, SECRET],
        )
        db.session.commit()
        assert report.outcome == "published", report.problems
        queries.refresh()
    return app


def choose(app: Flask, **values: str) -> None:
    """Other settings for the site that runs."""
    chosen = load(
        {}, repository_url="https://git.example.org/o/r https://secret.example/s", **values
    )
    current = replace(
        app.extensions["mooc.settings"],
        repository_url=chosen.repository_url,
        courses="courses:/srv/secret",
        repository_branch=chosen.repository_branch,
        edit_url=chosen.edit_url,
    )
    app.extensions["mooc.settings"] = app.jinja_env.globals["site"] = current


@pytest.mark.parametrize("address", HOSTS)
def test_the_form_of_the_address_follows_the_host(published: Flask, address: str) -> None:
    choose(published)
    settings = published.extensions["mooc.settings"]
    published.extensions["mooc.settings"] = replace(settings, repository_url=address)
    with published.app_context():
        live = queries.course("tiny")
        found = edit_address(live, "rights/a b#.md")
    assert found == HOSTS[address] + "all/courses/tiny/rights/a%20b%23.md"


def test_an_unusual_host_and_branch_are_said_by_settings(published: Flask) -> None:
    choose(published, repository_branch="next/one", edit_url="{repository}?e={path}&b={branch}")
    with published.app_context():
        found = edit_address(queries.course("tiny"), "course.md")
    assert found == "https://git.example.org/o/r?e=all/courses/tiny/course.md&b=next/one"


def test_lessons_and_quizzes_lead_to_their_files_and_overlays_nowhere(
    published: Flask, cast: Cast
) -> None:
    choose(published)
    learner = cast.browser("Lena Learner")
    learner.post("/courses/tiny/enroll")
    home = "https://git.example.org/o/r/edit/main/all/courses/tiny/"
    assert f'href="{home}rights/work.md"' in learner.get("/courses/tiny/work").text
    assert f'href="{home}rights/quiz.md"' in learner.get("/courses/tiny/rights-quiz").text
    for path in ("/courses/tiny/exam", "/courses/tiny/work", "/courses/tiny", "/"):
        page = learner.get(path)
        assert page.status_code == 200
        for secret in ("secret.example", "/srv/secret", "final.md", "2:/"):
            assert secret not in page.text
    assert "Suggest a change" not in learner.get("/courses/tiny/exam").text


def test_without_repository_or_prefix_there_is_no_link(published: Flask) -> None:
    choose(published)
    with published.app_context():
        live = queries.course("tiny")
        bare = replace(live, sources=({"root": "courses", "revision": "worktree"},))
        assert edit_address(live, "course.md")
        assert edit_address(bare, "course.md") == ""
        settings = published.extensions["mooc.settings"]
        published.extensions["mooc.settings"] = replace(settings, repository_url="- https://x.org")
        assert edit_address(live, "course.md") == ""


def test_a_change_of_place_reaches_the_pages_without_a_new_release(
    published: Flask, now: datetime, tmp_path: Path
) -> None:
    choose(published)
    with published.app_context():
        before = queries.course("tiny")
        report = actions.publish(
            Layered(Folder(TINY), [Folder(tmp_path / "x")]),
            today=now.date(),
            now=now.replace(year=now.year + 1),
            actor_id=None,
            media_folder=published.extensions["mooc.settings"].var_path / "media",
            sources=[{**OPEN, "prefix": "moved/tiny"}, SECRET],
        )
        db.session.commit()
        queries.refresh()
        after = queries.course("tiny")
        assert (report.outcome, after.release_id) == ("unchanged", before.release_id)
        assert edit_address(after, "a.md").endswith("/edit/main/moved/tiny/a.md")


@pytest.mark.parametrize(
    "values", [{"repository_url": "git@host:o/r.git"}, {"edit_url": "https://host/edit"}]
)
def test_settings_that_lead_nowhere_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        load({}, **values)
