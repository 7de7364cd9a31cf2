"""Logs: readable lines on a terminal, JSON in production. Never answers, tokens or addresses."""

from __future__ import annotations

import logging
import sys

import structlog

from mooc.web.config import Settings


def set_up(settings: Settings) -> None:
    """Send everything that Python logs through one formatter to the standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor]
    if settings.production:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        last = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("mooc.web").handlers.clear()  # Flask's own, made when it first logs
    for quiet in ("huey", "weasyprint", "fontTools", "PIL"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
