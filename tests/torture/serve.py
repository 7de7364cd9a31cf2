"""Serve the site with several processes to be killed: `python -m tests.torture.serve PORT N T`."""

from __future__ import annotations

import sys

from mooc.cli import serve
from mooc.web import create_app
from mooc.web.config import load


def main() -> None:
    port, processes, threads = (int(word) for word in sys.argv[1:4])
    app = create_app(load(port=port, workers=processes, threads=threads))
    app.config["LIMITS_ENABLED"] = False  # these learners submit more often than any person
    serve.serve(app, ready=lambda: None)


if __name__ == "__main__":
    main()
