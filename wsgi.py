"""The application for a WSGI server: `gunicorn --preload wsgi:app`."""

from mooc.web import create_app
from mooc.web.config import load
from mooc.web.logs import set_up

settings = load()
set_up(settings)
app = create_app(settings)
