"""From tokens to HTML that may go into any page: the only place that knows bleach and nh3."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

import bleach
import nh3
from markdown_it.token import Token

from mooc.content.blocks import Finder, inline_of, line_at, siblings
from mooc.content.first_use import Index
from mooc.content.links import Links
from mooc.content.model import Question
from mooc.content.reading import File
from mooc.content.recordings import Recording
from mooc.content.rendering import below_recording, html, inline_html
from mooc.content.tokens import ALERTS

TAGS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "figcaption", "figure", "h2", "h3", "h4",
    "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "s", "span", "strong", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "ul", "audio", "details", "summary", "track", "video",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href", "title", "rel", "aria-label", "download"},
    "audio": {"aria-label", "controls", "preload", "src"},
    "div": {"role", "tabindex"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "ol": {"start"},
    "th": {"scope"},
    "track": {"default", "kind", "label", "src", "srclang"},
    "video": {"aria-label", "controls", "height", "poster", "preload", "src", "width"},
}
SCHEMES = {"http", "https", "mailto"}
CLASSES = re.compile(
    r"(term|transcript|recording-file|alert|alert-title|table-wrap|figure|footnotes|footnote-ref|footnote-back"
    rf"|alert-({'|'.join(ALERTS)})|align-(left|center|right)|language-[\w+#-]{{1,30}})"
)
IDS = re.compile(r"(s|q|fn|fnref)-[\w-]{1,200}")
PLAIN = re.compile(r"[\w.-]{1,200}")
ROLES = {"note"}
SIBLINGS = 200
CONTAINERS = {
    "blockquote_open", "bullet_list_open", "footnote_block_open", "footnote_open", "list_item_open",
    "ordered_list_open",
}  # fmt: skip

_unseen: ContextVar[bool] = ContextVar("unseen", default=False)
_local = threading.local()  # bleach's cleaner may not be shared between threads


@dataclass(frozen=True)
class Page:
    """What a stretch of Markdown must know of its surroundings to be rendered.

    `originals` are the questions that a translation is of, by id; None in a source. A translation
    carries prose only, so what it leaves out of its settings is no mistake.
    """

    file: File
    links: Links
    language: str
    originals: Mapping[str, Question] | None = None
    terms: Index | None = None  # of the glossary in this language


def render(tokens: Sequence[Token], page: Page) -> str:
    """Blocks as sanitised HTML. The tokens are used up: render them once."""
    shaped = siblings(_shape(tokens, page))
    if page.file.broken:  # shaping has reported what it had to, and nobody will see the rest
        return ""
    # bleach takes the square of the number of siblings: a long page goes through it in pieces.
    parts = [shaped[at : at + SIBLINGS] for at in range(0, len(shaped), SIBLINGS)]
    flat = ([token for block in part for token in block] for part in parts)
    return "".join(_clean(html(part, page.language)) for part in flat).strip()


def render_inline(token: Token | None, page: Page) -> str:
    """The text of one paragraph or heading as sanitised HTML without a block around it."""
    if token is None:
        return ""
    return _clean(inline_html(_shape_inline(token, page), page.language)).strip()


@contextmanager
def unseen() -> Iterator[None]:
    """HTML made in this block is for nobody's eyes: it is not sanitised, which halves the time.

    Only for those who throw all of it away and keep the problems.
    """
    before = _unseen.set(True)
    try:
        yield
    finally:
        _unseen.reset(before)


def is_unseen() -> bool:
    """Whether HTML is made for nobody's eyes just now."""
    return _unseen.get()


def _clean(text: str) -> str:
    return text if is_unseen() else sanitize(text)


def sanitize(text: str) -> str:
    """HTML with nothing in it but the tags, attributes, classes and schemes above. Idempotent."""
    if not hasattr(_local, "cleaner"):
        _local.cleaner = bleach.Cleaner(
            tags=TAGS,
            attributes=_bleach_attribute,
            protocols=SCHEMES,
            strip=True,
            strip_comments=True,
        )
    # bleach alone is not idempotent, nh3 alone not mandated: together they survive fuzzing.
    return nh3.clean(
        # An HTML parser takes one byte order mark off the front, each time it is asked.
        _local.cleaner.clean(text.lstrip("\ufeff")).lstrip("\ufeff"),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        attribute_filter=_attribute,
        link_rel=None,
        strip_comments=True,
    )


def _bleach_attribute(tag: str, name: str, value: str) -> bool:
    allowed = name in ATTRIBUTES["*"] or name in ATTRIBUTES.get(tag, ())
    return allowed and _attribute(tag, name, value) is not None


def _attribute(_tag: str, name: str, value: str) -> str | None:
    """The value if it may stay. Its form is ours, so anything else was smuggled in."""
    if name == "class":
        return value if all(CLASSES.fullmatch(word) for word in value.split()) else None
    if name == "id":
        return value if IDS.fullmatch(value) else None
    if name in ("href", "src", "poster"):
        return value if _safe_address(value, image=name != "href") else None
    rules = {
        "role": ROLES,
        "rel": {"noopener"},
        "tabindex": {"0"},
        "loading": {"lazy"},
        "scope": {"col"},
        "controls": {""},
        "default": {""},
        "kind": {"captions"},
        "preload": {"metadata"},
    }
    if name in rules:
        return value if value in rules[name] else None
    if name in ("download", "srclang"):
        return value if PLAIN.fullmatch(value) else None
    if name in ("width", "height", "start"):
        return value if value.isascii() and value.isdigit() and len(value) <= 9 else None
    return value


def _safe_address(value: str, *, image: bool) -> bool:
    if image:
        return value.startswith("/media/")
    if value.startswith(("/courses/", "/media/", "#")):
        return True
    scheme, colon, _ = value.partition(":")
    return bool(colon) and scheme.lower() in SCHEMES


# -------------------------------------------------------------------------------- tokens to tokens


def _shape(tokens: Sequence[Token], page: Page) -> list[Token]:
    shaped: list[Token] = []
    for block in _figures(tokens):
        after = ""
        for token in block:
            if token.type == "comment":
                continue
            if token.type == "inline":
                token.children = _shape_inline(token, page)
                after = _after(token.children, page)
            elif token.type == "figure_close" and after:
                token.meta = {**token.meta, "after": after}
            _shape_block(token)
            shaped.append(token)
    _refuse_tasks(shaped, page)
    return _close_alerts(shaped)


def _after(children: Sequence[Token], page: Page) -> str:
    """What comes below a film or a sound: all that is said in it, and the file itself."""
    for child in children:
        found = child.meta.get("recording")
        if isinstance(found, Recording):
            said = render(found.said, replace(page, file=found.transcript, terms=None))
            return below_recording(found, said, page.language)
    return ""


def _figures(tokens: Sequence[Token]) -> list[list[Token]]:
    """A paragraph that holds only an image becomes a figure, its title the caption."""
    blocks = siblings(tokens)
    for block in blocks:
        if block[0].type == "paragraph_open":
            _figure(block)
        elif block[0].type in CONTAINERS:
            block[1:-1] = [token for inner in _figures(block[1:-1]) for token in inner]
    return blocks


def _figure(block: list[Token]) -> None:
    inline = inline_of(block)
    shown = [
        child
        for child in (inline.children if inline else None) or []
        if child.type in ("image", "link_open", "softbreak", "hardbreak")
        or (child.type != "comment" and child.content.strip(" "))
    ]
    if len(shown) != 1 or shown[0].type != "image" or block[0].hidden:
        return
    shown[0].meta = {"alone": True}
    for end in (block[0], block[-1]):
        end.type, end.tag = end.type.replace("paragraph", "figure"), "figure"
    caption = str(shown[0].attrs.pop("title", ""))
    if caption:
        block[-1].meta = {"caption": caption}


def _shape_block(token: Token) -> None:
    if token.type in ("th_open", "td_open"):
        style = str(token.attrs.pop("style", ""))
        if style:
            token.attrSet("class", "align-" + style.removeprefix("text-align:"))
        if token.type == "th_open":
            token.attrSet("scope", "col")
    elif token.type == "heading_open" and "anchor" in token.meta:
        token.attrSet("id", token.meta["anchor"])


def _refuse_tasks(tokens: Sequence[Token], page: Page) -> None:
    """Report the first option of each run of options that no question holds."""
    before = False
    for token in tokens:
        if token.type != "list_item_open":
            continue
        if "mark" in token.meta and not before:
            page.file.problem(
                "E311",
                line_at(token),
                1,
                "a task list outside a question",
                "Put <!-- question: an-id --> under the question's heading, or drop the brackets.",
            )
        before = "mark" in token.meta


def _close_alerts(tokens: list[Token]) -> list[Token]:
    """Give each closing quotation the kind of its opening one."""
    stack: list[dict[str, Any]] = []
    for token in tokens:
        if token.type == "blockquote_open":
            stack.append(token.meta)
        elif token.type == "blockquote_close" and stack:
            token.meta = stack.pop()
    return tokens


def _shape_inline(token: Token, page: Page) -> list[Token]:
    place = Finder(token, page.file)
    children: list[Token] = []
    dropped = 0
    for child in token.children or []:
        if child.type == "comment":
            continue
        if child.type == "link_open":
            if not _shape_link(child, page, place):
                dropped += 1
                continue
        elif child.type == "link_close" and dropped:
            dropped -= 1  # links do not nest, so this is the end of the one dropped
            continue
        elif child.type == "image" and not _shape_image(child, page, place):
            continue
        children.append(child)
    if children and children[-1].type == "text":  # what stood before a comment
        children[-1].content = children[-1].content.rstrip(" ")
    return children


def _shape_link(token: Token, page: Page, place: Finder) -> bool:
    if "term" in token.meta:
        return True
    href = str(token.attrs.get("href", ""))
    address = page.links.address(page.file, href, place)
    if address is None:
        return False
    token.attrSet("href", address)
    if not address.startswith(("/", "#")):
        token.attrSet("rel", "noopener")
    return True


def _shape_image(token: Token, page: Page, place: Finder) -> bool:
    image = page.links.image(page.file, token, place, page.language)
    if image is None:
        return False
    if isinstance(image, Recording):
        token.type, token.meta = "recording", {"recording": image}
        return True
    token.attrSet("src", image.address)
    token.attrSet("loading", "lazy")
    if image.width and image.height:
        token.attrSet("width", str(image.width))
        token.attrSet("height", str(image.height))
    return True
