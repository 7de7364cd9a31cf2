"""Who gets what: every route for a stranger, a learner, an instructor, an issuer and an admin.

A route that is missing here fails the test, and so does a row without a route. The people of the
table are enrolled in nothing; attempts in it belong to somebody else, who is.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.pages import CheckingClient

CAST = ("stranger", "learner", "instructor", "issuer", "admin")

# Route, method, then the status for each of the cast; one status alone stands for all five.
# 302 and 303 of a stranger lead to the sign-in page: another test looks.
TABLE = """
/                                               GET   200
/courses                                        GET   200
/search                                         GET   200
/courses/<course_id>                            GET   200
/courses/<course_id>/<item_id>                  GET   200
/courses/<course_id>/<item_id>/check            POST  404
/courses/<course_id>/<item_id>/complete         POST  303 403 403 403 403
/courses/<course_id>/<item_id>/uncomplete       POST  303 403 403 403 403
/courses/<course_id>/<item_id>/attempts         POST  303 403 403 403 403
/courses/<course_id>/enroll                     POST  303 303 303 303 303
/courses/<course_id>/leave                      POST  303 303 303 303 303
/courses/<course_id>/glossary                   GET   200
/courses/<course_id>/progress                   GET   302
/courses/<course_id>/certificate                GET   302 200 200 200 200
/courses/<course_id>/certificate                POST  303
/my                                             GET   302 200 200 200 200
/attempts/<code>                                GET   302 404 404 404 404
/attempts/<code>/review                         GET   302 404 404 404 404
/attempts/<code>/result                         GET   302 404 404 404 404
/attempts/<code>/save                           POST  303 404 404 404 404
/attempts/<code>/submit                         POST  303 404 404 404 404
/certificates/<code>.pdf                        GET   404
/certificates/<code>.json                       GET   404
/verify                                         GET   200
/verify/<code>                                  GET   404
/.well-known/did.json                           GET   200
/sign-up                                        GET   200 302 302 302 302
/sign-up                                        POST  400 422 422 422 422
/sign-in                                        GET   200 302 302 302 302
/sign-in                                        POST  400 422 422 422 422
/sign-out                                       POST  303
/password/reset                                 GET   200
/password/reset                                 POST  400 422 422 422 422
/password/reset/sent                            GET   200
/password/reset/<token>                         GET   410
/password/reset/<token>                         POST  410
/email/confirm                                  GET   200
/email/confirm                                  POST  400 422 422 422 422
/email/confirm/<token>                          GET   410
/email/confirm/<token>                          POST  410
/email/change/<token>                           GET   410
/email/change/<token>                           POST  410
/email/undo/<token>                             GET   410
/email/undo/<token>                             POST  410
/first-admin/<token>                            GET   410
/first-admin/<token>                            POST  410
/settings                                       GET   302 200 200 200 200
/settings/data.json                             GET   302 200 200 200 200
/settings/profile                               POST  303 422 422 422 422
/settings/email                                 POST  303 422 422 422 422
/settings/password                              POST  303 422 422 422 422
/settings/sessions/end                          POST  303
/settings/sessions/<int:session_id>/end         POST  303
/settings/delete                                GET   302 200 200 200 200
/settings/delete                                POST  303 422 422 422 422
/preferences                                    POST  303
/teach/<course_id>/releases                     GET   302 403 200 403 200
/teach/<course_id>/releases/<int:number>/roll-back GET 302 403 404 403 404
/teach/<course_id>/releases/<int:number>/roll-back POST 303 403 404 403 404
/hooks/push                                     POST  404
/media/<name>                                   GET   404
/styleguide                                     GET   302 403 403 403 200
/styleguide/<name>                              GET   302 403 403 403 200
/healthz                                        GET   200
/readyz                                         GET   200
/metrics                                        GET   200
/robots.txt                                     GET   200
/favicon.ico                                    GET   302
"""
ROWS = {
    (rule, method): tuple(map(int, statuses)) * (1 if len(statuses) > 1 else len(CAST))
    for rule, method, *statuses in (line.split() for line in TABLE.strip().splitlines())
}
# What stands for the parts of an address.
SAMPLES = {
    "course_id": "tiny",
    "item_id": "work",
    "token": "no-such-token",
    "int:session_id": "999999",
    "int:number": "999999",
    "name": "lesson",
}


def rows_of(app: Flask) -> set[tuple[str, str]]:
    """Every route with each of its methods, as the table names them."""
    return {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


def address_of(rule: str, attempt: str) -> str:
    """An address of the route."""
    if rule.startswith("/attempts/"):
        return rule.replace("<code>", attempt)
    if rule.endswith("/attempts"):
        rule = rule.replace("<item_id>", "rights-quiz")
    rule = rule.replace("<code>", "0000-0000-0000-0000-0")
    return re.sub(r"<([^>]+)>", lambda found: SAMPLES[found[1]], rule)


def test_the_table_holds_every_route_and_no_other(app: Flask) -> None:
    assert rows_of(app) == set(ROWS)


@pytest.fixture
def attempt(cast: Cast, tiny: str) -> str:
    """The code of an attempt that belongs to none of the cast."""
    owner = cast.browser("Olga Owner")
    owner.post(f"/courses/{tiny}/enroll", checks=False)
    started = owner.post(f"/courses/{tiny}/rights-quiz/attempts", checks=False)
    return started.location.rpartition("/")[2]


@pytest.mark.parametrize("who", CAST)
def test_everybody_gets_what_the_table_says(
    who: str, request: pytest.FixtureRequest, app: Flask, cast: Cast, attempt: str
) -> None:
    app.config["LIMITS_ENABLED"] = False
    place = CAST.index(who)
    request.getfixturevalue(who)
    found = {}
    for rule, method in ROWS:
        browser = browser_of(who, app, cast)
        answer = browser.open(address_of(rule, attempt), method=method, checks=False)
        found[rule, method] = answer.status_code
    wrong = {row: (status, ROWS[row][place]) for row, status in found.items()}
    assert {row: pair for row, pair in wrong.items() if pair[0] != pair[1]} == {}


def browser_of(who: str, app: Flask, cast: Cast) -> CheckingClient:
    """A new browser for each request, so that no row acts on the next."""
    names = {name.split()[1].lower(): name for name in cast.users}
    if who == "stranger":
        return app.test_client()  # type: ignore[return-value]
    return cast.browser(names[who])


def test_whatever_needs_an_account_sends_strangers_to_sign_in(app: Flask, attempt: str) -> None:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if view.permission == "everyone":  # type: ignore[attr-defined]
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            stranger = app.test_client()
            answers = [
                stranger.open(address_of(rule.rule, code), method=method)
                for code in (attempt, "no-such-attempt")
            ]
            for answer in answers:
                assert answer.status_code == (302 if method == "GET" else 303), rule.rule
                assert answer.location.startswith("/sign-in?next=/"), rule.rule
            assert answers[0].text == answers[1].text.replace("no-such-attempt", attempt)


@pytest.mark.parametrize("who", CAST)
def test_every_unsafe_route_refuses_a_request_without_its_token(
    who: str, request: pytest.FixtureRequest, app: Flask, cast: Cast, attempt: str
) -> None:
    """Where a link of a letter is already refused, or somebody sent away, nothing is left to
    refuse; everything else says 400 and writes nothing."""
    app.config["LIMITS_ENABLED"] = False
    request.getfixturevalue(who)
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}
    for (rule, method), statuses in ROWS.items():
        if method == "GET":
            continue
        browser = browser_of(who, app, cast)
        status = browser.open(
            address_of(rule, attempt), method=method, headers=foreign, csrf=False, checks=False
        ).status_code
        before = who == "stranger" and permission_of(app, rule, method) != "everyone"
        roles = permission_of(app, rule, method) not in ("everyone", "learner")
        before = before or (roles and statuses[CAST.index(who)] == 403)
        before = before or rule.endswith(("/<token>", "/certificate", "/hooks/push"))
        assert status == (statuses[CAST.index(who)] if before else 400), (rule, who)


def permission_of(app: Flask, rule: str, method: str) -> str:
    """What the view of a route declares."""
    for known in app.url_map.iter_rules():
        if known.rule == rule and method in (known.methods or set()):
            return str(app.view_functions[known.endpoint].permission)  # type: ignore[attr-defined]
    raise LookupError(rule)
