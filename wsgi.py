"""The application for a WSGI server: `gunicorn --preload wsgi:app`."""

from mooc.web import create_app
from mooc.web.logs import set_up

app = create_app()
set_up(app.extensions["mooc.settings"])
