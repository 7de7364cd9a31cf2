"""“Suggest a change”: where the git host lets anybody edit the file behind a page.

The host's editor makes a copy of the repository and a pull request by itself, for people who never
used git. Files of overlays are nobody's business: they never get a link.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from mooc.catalog.queries import LiveCourse
from mooc.content.layers import is_overlay
from mooc.web.config import Settings, settings

GITHUB = "{repository}/edit/{branch}/{path}"
# By a word in the host's name; a host of another name says its form with MOOC_EDIT_URL.
FORMS = {
    "gitlab": "{repository}/-/edit/{branch}/{path}",
    "gitea": "{repository}/_edit/{branch}/{path}",
    "forgejo": "{repository}/_edit/{branch}/{path}",
    "codeberg": "{repository}/_edit/{branch}/{path}",
}


def edit_address(live: LiveCourse, path: str) -> str:
    """The editor of one file of a course; empty where there is none to lead to."""
    source = live.sources[0]
    current = settings()
    repository = repository_of(current, source.get("root", ""))
    if not repository or not path or is_overlay(path) or "prefix" not in source:
        return ""
    form = current.edit_url or _form(repository)
    whole = f"{source['prefix']}/{path}".strip("/")
    parts = {"{repository}": repository, "{branch}": quote(current.repository_branch)}
    parts["{path}"] = quote(whole)
    for name, value in parts.items():
        form = form.replace(name, value)
    return form


def repository_of(current: Settings, root: str) -> str:
    """The web address of the repository that holds a content root; empty for none."""
    pairs = zip(current.roots, current.repositories, strict=False)
    return next((address for name, address in pairs if name.rstrip("/") == root), "")


def _form(repository: str) -> str:
    host = urlsplit(repository).hostname or ""
    return next((form for word, form in FORMS.items() if word in host), GITHUB)
