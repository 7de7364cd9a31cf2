"""The addresses of the site are a contract: they change only together with this list."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

ROUTES = Path(__file__).parent / "routes.txt"


def routes(app: Flask) -> list[str]:
    """`METHODS address endpoint` for each route, sorted by address."""
    lines = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        lines.append((rule.rule, methods, rule.endpoint))
    return [f"{methods:<8} {rule}  {endpoint}" for rule, methods, endpoint in sorted(lines)]


def test_the_routes_are_those_in_the_list(app: Flask) -> None:
    current = routes(app)
    known = ROUTES.read_text().splitlines()
    assert current == known, (
        "The routes changed. If that is meant, write the list anew: "
        ".venv/bin/python -m tests.test_routes"
    )


def test_every_route_declares_who_may_use_it(app: Flask) -> None:
    undeclared = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "permission")
    ]
    assert not undeclared


if __name__ == "__main__":
    import tempfile

    from mooc.web import create_app
    from mooc.web.config import load

    with tempfile.TemporaryDirectory() as var:
        ROUTES.write_text("\n".join(routes(create_app(load({}, var=var)))) + "\n")
