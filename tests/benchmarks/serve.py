"""Serve one application for a measurement: `python -m tests.benchmarks.serve bare|mooc PORT`."""

from __future__ import annotations

import sys

from mooc.cli import serve
from mooc.web.config import load


def main() -> None:
    name, port = sys.argv[1], int(sys.argv[2])
    settings = load(port=port, workers=1, threads=int(sys.argv[3]) if len(sys.argv) > 3 else 4)
    if name == "bare":
        from tests.benchmarks.bare import app

        app.extensions["mooc.settings"] = settings
    else:
        from mooc.web import create_app

        app = create_app(settings)
    serve.serve(app, ready=lambda: None)


if __name__ == "__main__":
    main()
