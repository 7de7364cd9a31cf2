"""The built-in web server: gunicorn with threads, from the program that is already loaded."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import wsgi

from mooc.web.page_cache import Ready

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


class Response(wsgi.Response):  # type: ignore[misc]
    """gunicorn's answer, without its name, in one packet where headers and body are at hand.

    Headers that the page cache has already put into words are not examined and worded again.
    """

    ready = ""
    headers_sent: bool

    def process_headers(self, headers: list[tuple[str, str]]) -> None:
        if isinstance(headers, Ready):
            self.ready, self.response_length = headers.text, headers.length
        else:
            super().process_headers(headers)

    def head(self) -> bytes:
        """The status line and all headers, as they go over the wire."""
        own = [line for line in self.default_headers() if not line.startswith("Server:")]
        worded = [f"{name}: {value}\r\n" for name, value in self.headers]
        return "".join((*own, self.ready, *worded, "\r\n")).encode("latin-1")

    def send_headers(self) -> None:
        if not self.headers_sent:
            util.write(self.sock, self.head())
            self.headers_sent = True

    def write(self, data: bytes) -> None:
        if self.headers_sent or self._omits_body or self.response_length != len(data):
            super().write(data)
            return
        util.write(self.sock, self.head() + data)
        self.headers_sent = True
        self.sent = len(data)


def serve(app: Flask, ready: Callable[[], object]) -> None:
    """Serve until SIGTERM (requests in progress are finished) or SIGINT; `ready` says hello."""
    settings: Settings = app.extensions["mooc.settings"]
    wsgi.Response = Response
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
