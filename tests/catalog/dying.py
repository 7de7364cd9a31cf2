"""Publish a folder in a process of its own that dies at a step: `python -m tests.catalog.dying`."""

from __future__ import annotations

import sys

from mooc.catalog import faults
from mooc.content.places import read_roots
from mooc.content.roots import site
from mooc.web import create_app
from mooc.web.config import load
from mooc.web.publishing import publish_all


def main(var: str, url: str, folder: str, step: str, patience: str) -> None:
    """Publish, and print what came of it if it comes to that."""
    faults.ARMED.add(step)
    app = create_app(load({}, var=var, database_url=url, secret_key="x" * 40))
    found = site(read_roots([folder]))
    done = publish_all(app, found, holder=f"the test of {step}", patience=float(patience))
    sys.stdout.write(" ".join(report.outcome for _course, report in done) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
