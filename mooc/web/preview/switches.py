"""How the preview shows a page: chosen by plain links, kept in one cookie, on no server."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

from flask import g, request

COOKIE = "preview"
CHOICES = {
    "view": ("learner", "reviewer"),
    "direction": ("", "rtl"),
    "width": ("", "narrow"),
    "medium": ("", "print"),
    "theme": ("", "light", "dark"),
}
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*|")
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@dataclass(frozen=True, slots=True)
class Switches:
    """What is switched on. Empty is the usual: as written, wide, on a screen, as the device."""

    view: str = "learner"
    direction: str = ""
    width: str = ""
    medium: str = ""
    theme: str = ""
    language: str = ""  # of the content

    @property
    def reviewer(self) -> bool:
        return self.view == "reviewer"

    def but(self, **changes: str) -> str:
        """The query of a link that changes something and comes back to this page."""
        known = {f"{name}": value for name, value in changes.items()}
        return urlencode({**known, "next": here()})

    def cookie(self) -> str:
        """The switches that are not as usual, as text."""
        usual = asdict(Switches())
        return urlencode({k: v for k, v in asdict(self).items() if v != usual[k]})


def switches() -> Switches:
    """Those of this request."""
    if "switches" not in g:
        kept = dict(parse_qsl(request.cookies.get(COOKIE, "")[:400]))
        g.switches = changed(Switches(), kept)
        if "lang" in request.args:
            g.switches = changed(g.switches, {"language": request.args["lang"]})
        if framed():
            g.switches = replace(g.switches, width="")
    found: Switches = g.switches
    return found


def changed(known: Switches, wishes: dict[str, str]) -> Switches:
    """With the wishes that make sense; all others are as if never said."""
    sound = {
        name: value
        for name, value in wishes.items()
        if name in {each.name for each in fields(Switches)}
        and (value in CHOICES[name] if name in CHOICES else LANGUAGE.fullmatch(value))
    }
    return replace(known, **sound)


def framed() -> bool:
    """Whether this page stands in the narrow frame of another one."""
    return "frame" in request.args or request.headers.get("Sec-Fetch-Dest") == "iframe"


def here() -> str:
    """The address of this page; of a form that was sent, the page it stands on."""
    if request.method == "POST":
        return request.path.rpartition("/")[0] or "/"
    kept = [(name, value) for name, value in request.args.items() if name != "lang"]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def local(target: str | None) -> str:
    """An address of this preview, or its first page."""
    return target if target and len(target) < 2000 and LOCAL.fullmatch(target) else "/"
