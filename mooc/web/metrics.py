"""Figures for Prometheus: how many requests, how long, how many jobs. By endpoint, not path."""

from __future__ import annotations

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

# The library looks once, when it is loaded, whether several processes share their figures.
_shared = os.environ.get("PROMETHEUS_MULTIPROC_DIR")

REQUESTS = Counter("mooc_requests", "Requests answered", ("method", "endpoint", "status"))
SECONDS = Histogram("mooc_request_seconds", "Time to answer", ("endpoint",))
CACHED = Counter("mooc_cached_pages", "Pages for strangers answered from memory")
JOBS = Gauge("mooc_jobs", "Jobs by state", ("state",), multiprocess_mode="mostrecent")


def init(app: Flask) -> None:
    """Count and time every request that enters Flask."""

    @app.before_request
    def start_clock() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        REQUESTS.labels(request.method, endpoint, response.status_code).inc()
        if "started" in g:
            SECONDS.labels(endpoint).observe(time.perf_counter() - g.started)
        return response


def text() -> bytes:
    """All figures, of all processes of this machine where they share them."""
    if _shared is None:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
