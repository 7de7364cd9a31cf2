"""The yardstick: a Flask page that does nothing."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/bare")
def bare() -> str:
    return "Hello, world!"
