"""The built-in web server: gunicorn with threads, from the program that is already loaded."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import wsgi

if TYPE_CHECKING:
    from flask import Flask

    from mooc.web.config import Settings

GRACE = 5  # seconds that requests in progress get at the end


class OrphanAware(Arbiter):  # type: ignore[misc]
    """Ends when the program that started it is gone, so that nothing keeps the port."""

    parent = 0

    def manage_workers(self) -> None:
        if os.getppid() != self.parent:
            os.kill(os.getpid(), signal.SIGTERM)
        super().manage_workers()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured by our settings instead of its own files."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.app

    def run(self) -> None:
        OrphanAware.parent = os.getppid()
        OrphanAware(self).run()


def serve(app: Flask, ready: Callable[[], object]) -> None:
    """Serve until SIGTERM (requests in progress are finished) or SIGINT; `ready` says hello."""
    settings: Settings = app.extensions["mooc.settings"]
    _hide_server_name()
    gc.collect()
    gc.freeze()  # what is loaded stays shared between the web processes
    Server(app, options(settings) | {"when_ready": lambda _server: ready()}).run()


def options(settings: Settings) -> dict[str, Any]:
    """gunicorn's options."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    memory = Path("/dev/shm")  # noqa: S108 - heartbeats of workers, nothing else
    return {
        "bind": f"{host}:{settings.port}",
        "workers": settings.workers,
        "threads": settings.threads,
        "worker_class": "gthread",
        "preload_app": True,
        "control_socket_disable": True,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "timeout": 60,
        "graceful_timeout": GRACE,
        "keepalive": 10,
        "max_requests": 0,
        "forwarded_allow_ips": "",  # proxies are trusted by MOOC_TRUSTED_PROXIES alone
        "limit_request_line": 4094,
        "worker_tmp_dir": str(memory) if memory.is_dir() else None,
        "proc_name": "mooc",
    }


def _hide_server_name() -> None:
    """gunicorn always names itself; nobody needs to know."""
    named = wsgi.Response.default_headers

    def default_headers(self: Any) -> list[str]:
        return [line for line in named(self) if not line.startswith("Server:")]

    wsgi.Response.default_headers = default_headers
