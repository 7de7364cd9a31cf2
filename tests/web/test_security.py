"""The guard before every request, and where redirects may lead."""

from __future__ import annotations

import pytest
from flask import Flask, g

from mooc.web import security
from mooc.web.security import allow, safe_next, same_origin
from tests.conftest import Cast
from tests.pages import CheckingClient

EVIL = [
    *("", " ", "courses", "courses/x", "?next=/x", "#x", ".", "..", "./x"),
    *("http://evil.example", "https://evil.example/", "HTTPS://evil.example", "//evil.example"),
    *("///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil"),
    *("/\\/evil.example", "/x\\evil", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:x"),
    *("mailto:x@example.org", "ftp://evil.example", "/\t/evil.example", "/\n/evil.example"),
    *("\t//evil.example", " //evil.example", "/ /evil.example", "/x\r\nSet-Cookie: a=b", "/x\x00"),
    *("/x\x7f", "/\u2028x", "/\u200bx", "/\u202ex", "\ufeff/x", "/x//evil.example", "/../x"),
    *(
        "/x/../../y",
        "/..//evil.example",
        "http:evil.example",
        "http:/evil.example",
        "@evil.example",
    ),
    *("evil.example:80/x", "/" + "x" * 2000, "/x#\\", "\u3000/x", "//evil.example/%2f.."),
]
GOOD = [
    *("/", "/courses", "/courses/tiny/lesson-1", "/courses?q=a+b&level=advanced", "/x#part"),
    *("/attempts/abc?page=2#q3", "/search?q=%D0%BF", "/поиск", "/courses?next=//evil.example"),
]


@pytest.mark.parametrize("target", EVIL)
def test_a_redirect_never_leaves_the_site(target: str) -> None:
    assert safe_next(target) == "/"
    assert safe_next(target, "/my") == "/my"


@pytest.mark.parametrize("target", GOOD)
def test_a_redirect_leads_to_pages_of_the_site(target: str) -> None:
    assert safe_next(target) == target


def test_the_table_of_payloads_is_long_enough() -> None:
    assert len(EVIL) >= 40
    assert safe_next(None) == "/"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_sign_in_ignores_a_target_outside(learner: CheckingClient, target: str) -> None:
    assert learner.get("/sign-in", query_string={"next": target}).location == "/my"


@pytest.fixture
def guarded(app: Flask) -> Flask:
    """The site with a few more views."""

    @app.get("/test/forgotten")
    def forgotten() -> str:
        return "secret"

    @app.route("/test/learner", methods=["GET", "POST"])
    @allow("learner")
    def for_learners() -> str:
        return "learner"

    @app.get("/test/own-check")
    @allow("learner", check="view")
    def own_check() -> str:
        return "view"

    @app.get("/test/teach/<course_id>")
    @allow("instructor")
    def for_instructors(course_id: str) -> str:
        return course_id

    @app.get("/test/teach")
    @allow("instructor")
    def for_all_courses() -> str:
        return "all"

    @app.post("/test/open")
    @same_origin
    @allow("everyone")
    def from_here() -> str:
        return "done"

    return app


def test_a_view_without_a_permission_is_closed_to_everybody(
    guarded: Flask, client: CheckingClient, admin: CheckingClient
) -> None:
    for browser in (client, admin):
        answer = browser.get("/test/forgotten")
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_a_stranger_is_sent_to_sign_in_and_back(guarded: Flask, client: CheckingClient) -> None:
    asked = client.get("/test/learner?page=2")
    assert (asked.status_code, asked.location) == (302, "/sign-in?next=/test/learner?page%3D2")
    pressed = client.post(
        "/test/learner", headers={"Referer": "http://localhost/courses/tiny", "Origin": "x"}
    )
    assert (pressed.status_code, pressed.location) == (303, "/sign-in?next=/courses/tiny")
    foreign = client.post("/test/learner", headers={"Referer": "http://evil.example/x"})
    assert foreign.location == "/sign-in?next=/test"


def test_a_view_with_its_own_check_costs_no_query_in_the_guard(
    guarded: Flask, client: CheckingClient, learner: CheckingClient, query_count: object
) -> None:
    assert client.get("/test/own-check").status_code == 302
    with query_count() as queries:  # type: ignore[operator]
        assert learner.get("/test/own-check", checks=False).status_code == 200
    assert not [query for query in queries if "user_session" in query]


def test_an_instructor_sees_the_own_course_only(
    guarded: Flask, instructor: CheckingClient, learner: CheckingClient, admin: CheckingClient
) -> None:
    def statuses(browser: CheckingClient) -> list[int]:
        addresses = ("/test/teach/tiny", "/test/teach/other", "/test/teach")
        return [browser.get(address, checks=False).status_code for address in addresses]

    assert statuses(instructor) == [200, 403, 403]
    assert statuses(learner) == [403, 403, 403]
    assert statuses(admin) == [200, 200, 200]


def test_an_unsafe_request_needs_its_token(guarded: Flask, learner: CheckingClient) -> None:
    assert learner.post("/test/learner", csrf=False).status_code == 400
    stolen = {"X-CSRFToken": "IjEi.x.y"}
    assert learner.post("/test/learner", headers=stolen, csrf=False).status_code == 400
    assert learner.post("/test/learner", checks=False).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Sec-Fetch-Site": "none"}, 400),
        ({"Origin": "http://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Origin": ""}, 400),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}, 400),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 400),
        ({"Origin": "http://localhost.evil.example"}, 400),
    ],
)
def test_a_button_for_strangers_works_only_from_this_site(
    guarded: Flask, client: CheckingClient, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/test/open", headers=headers, checks=False)
    assert answer.status_code == status


def test_a_button_for_strangers_without_any_word_of_its_origin_is_refused(guarded: Flask) -> None:
    from flask.testing import FlaskClient

    assert FlaskClient(guarded).post("/test/open").status_code == 400


def test_an_unknown_permission_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="unknown permission"):
        allow("king")  # type: ignore[arg-type]


def test_a_hot_route_may_hand_over_the_viewer_it_found(app: Flask, cast: Cast) -> None:
    from datetime import UTC, datetime

    from mooc.accounts.queries import Viewer

    now = datetime.now(UTC)
    with app.test_request_context():
        found = Viewer(1, "Ann", "", "", "", "UTC", frozenset(), now)
        assert security.adopt(found) is found
        assert security.viewer() is found
        staff = Viewer(2, "Bob", "", "", "", "UTC", frozenset({("admin", "site", "")}), now)
        assert security.adopt(staff) is None  # its cookie says nothing of late use
        assert g.viewer is None
