"""From tokens to HTML that may go into any page: the only place that knows bleach and nh3."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from mooc.content.links import Links
from mooc.content.reading import File
from mooc.content.tokens import ALERTS, Finder, inline_of, line_at, siblings

TAGS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "figcaption", "figure", "h2", "h3", "h4",
    "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "s", "span", "strong", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href", "title", "rel", "aria-label"},
    "div": {"role", "tabindex"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "ol": {"start"},
    "th": {"scope"},
}
SCHEMES = {"http", "https", "mailto"}
CLASSES = re.compile(
    r"(alert|alert-title|table-wrap|figure|footnotes|footnote-ref|footnote-back"
    rf"|alert-({'|'.join(ALERTS)})|align-(left|center|right)|language-[\w+#-]{{1,30}})"
)
IDS = re.compile(r"(s|q|fn|fnref)-[\w-]{1,200}")
ROLES = {"note"}

# An alert's title speaks the language of the text around it, not of the interface.
ALERT_TITLES = {
    "en": ("Note", "Tip", "Important", "Warning", "Caution", "Example"),
    "ru": ("Примечание", "Совет", "Важно", "Внимание", "Осторожно", "Пример"),
    "fr": ("Note", "Conseil", "Important", "Avertissement", "Attention", "Exemple"),
    "es": ("Nota", "Consejo", "Importante", "Advertencia", "Precaución", "Ejemplo"),
    "ar": ("ملاحظة", "نصيحة", "مهم", "تحذير", "تنبيه", "مثال"),
    "zh": ("注", "提示", "重要", "警告", "注意", "示例"),
}
BACK_TO_TEXT = {
    "en": "Back to the text", "ru": "Назад к тексту", "fr": "Retour au texte",
    "es": "Volver al texto", "ar": "العودة إلى النص", "zh": "返回正文",
}  # fmt: skip

_local = threading.local()  # bleach's cleaner may not be shared between threads


@dataclass(frozen=True)
class Page:
    """What a stretch of Markdown must know of its surroundings to be rendered."""

    file: File
    links: Links
    language: str


def render(tokens: Sequence[Token], page: Page) -> str:
    """Blocks as sanitised HTML. The tokens are used up: render them once."""
    shaped = _shape(tokens, page)
    return sanitize(_renderer(page.language).render(shaped, _OPTIONS, {})).strip()


def render_inline(token: Token | None, page: Page) -> str:
    """The text of one paragraph or heading as sanitised HTML without a block around it."""
    if token is None:
        return ""
    children = _shape_inline(token, page)
    return sanitize(_renderer(page.language).renderInline(children, _OPTIONS, {})).strip()


def sanitize(html: str) -> str:
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
        _local.cleaner.clean(html),
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
    if name in ("href", "src"):
        return value if _safe_address(value, image=name == "src") else None
    rules = {
        "role": ROLES,
        "rel": {"noopener"},
        "tabindex": {"0"},
        "loading": {"lazy"},
        "scope": {"col"},
    }
    if name in rules:
        return value if value in rules[name] else None
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
        for token in block:
            if token.type == "comment":
                continue
            if token.type == "inline":
                token.children = _shape_inline(token, page)
            _shape_block(token, page)
            shaped.append(token)
    return _close_alerts(shaped)


def _figures(tokens: Sequence[Token]) -> list[list[Token]]:
    """A paragraph that holds only an image becomes a figure, its title the caption."""
    blocks = siblings(tokens)
    for block in blocks:
        if block[0].type == "paragraph_open":
            _figure(block)
        elif (
            len(block) > 2
            and block[0].type
            in (
                "blockquote_open",
                "list_item_open",
                "footnote_block_open",
            )
        ) or (
            len(block) > 2
            and block[0].type
            in (
                "bullet_list_open",
                "ordered_list_open",
                "footnote_open",
            )
        ):
            block[1:-1] = [token for inner in _figures(block[1:-1]) for token in inner]
    return blocks


def _figure(block: list[Token]) -> None:
    inline = inline_of(block)
    shown = [c for c in (inline.children if inline else None) or [] if (c.type != "comment" and c.content.strip(" "))
             or c.type in ("image", "link_open", "softbreak", "hardbreak")]  # fmt: skip
    if len(shown) != 1 or shown[0].type != "image" or block[0].hidden:
        return
    for end in (block[0], block[-1]):
        end.type, end.tag = end.type.replace("paragraph", "figure"), "figure"
    caption = str(shown[0].attrs.pop("title", ""))
    if caption:
        block[-1].meta = {"caption": caption}


def _shape_block(token: Token, page: Page) -> None:
    if token.type in ("th_open", "td_open"):
        style = str(token.attrs.pop("style", ""))
        if style:
            token.attrSet("class", "align-" + style.removeprefix("text-align:"))
        if token.type == "th_open":
            token.attrSet("scope", "col")
    elif token.type == "heading_open" and "anchor" in token.meta:
        token.attrSet("id", token.meta["anchor"])
    elif token.type == "list_item_open" and "mark" in token.meta:
        page.file.problem(
            "E311",
            line_at(token),
            1,
            "a task list outside a question",
            "Put <!-- question: an-id --> under the question's heading, or drop the brackets.",
        )


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
    href = str(token.attrs.get("href", ""))
    address = page.links.address(page.file, href, place)
    if address is None:
        return False
    token.attrSet("href", address)
    if not address.startswith(("/", "#")):
        token.attrSet("rel", "noopener")
    return True


def _shape_image(token: Token, page: Page, place: Finder) -> bool:
    image = page.links.image(page.file, token, place)
    if image is None:
        return False
    token.attrSet("src", image.address)
    token.attrSet("loading", "lazy")
    if image.width and image.height:
        token.attrSet("width", str(image.width))
        token.attrSet("height", str(image.height))
    return True


# ---------------------------------------------------------------------------------- tokens to HTML

_OPTIONS = OptionsDict(MarkdownIt("commonmark").options)
_renderers: dict[str, RendererHTML] = {}


def _renderer(language: str) -> RendererHTML:
    language = language.split("-", maxsplit=1)[0]
    language = language if language in ALERT_TITLES else "en"
    if language not in _renderers:
        _renderers[language] = _Renderer(language)
    return _renderers[language]


class _Renderer(RendererHTML):
    """The parser's own renderer, with our alerts, figures, tables and footnotes."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.titles = dict(zip(ALERTS, ALERT_TITLES[language], strict=True))
        self.back = BACK_TO_TEXT[language]
        for name in ("blockquote_open", "blockquote_close", "figure_close", "table_open", "table_close",
                     "footnote_ref", "footnote_block_open", "footnote_block_close", "footnote_open",
                     "footnote_close", "footnote_anchor"):  # fmt: skip
            self.rules[name] = getattr(self, "_" + name)

    def _blockquote_open(
        self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        kind = tokens[at].meta.get("alert")
        if not kind:
            return "<blockquote>\n"
        return f'<div class="alert alert-{kind}" role="note">\n<p class="alert-title">{self.titles[kind]}</p>\n'

    def _blockquote_close(
        self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        return "</div>\n" if tokens[at].meta.get("alert") else "</blockquote>\n"

    def _figure_close(self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType) -> str:
        caption = tokens[at].meta.get("caption")
        return (
            f"<figcaption>{escapeHtml(caption)}</figcaption>" if caption else ""
        ) + "</figure>\n"

    # A wide table scrolls by itself; `tabindex` lets a keyboard scroll it.
    def _table_open(self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType) -> str:
        return '<div class="table-wrap" tabindex="0">\n<table>\n'

    def _table_close(self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType) -> str:
        return "</table>\n</div>\n"

    def _footnote_ref(self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType) -> str:
        number, sub = tokens[at].meta["id"] + 1, tokens[at].meta["subId"]
        return f'<sup class="footnote-ref"><a href="#fn-{number}" id="{_back(number, sub)}">{number}</a></sup>'

    def _footnote_block_open(
        self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        return '<div class="footnotes">\n<ol>\n'

    def _footnote_block_close(
        self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        return "</ol>\n</div>\n"

    def _footnote_open(self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType) -> str:
        return f'<li id="fn-{tokens[at].meta["id"] + 1}">'

    def _footnote_close(self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType) -> str:
        return "</li>\n"

    def _footnote_anchor(
        self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        number, sub = tokens[at].meta["id"] + 1, tokens[at].meta["subId"]
        return (
            f' <a href="#{_back(number, sub)}" class="footnote-back" aria-label="{self.back}">↩</a>'
        )


def _back(number: int, sub: int) -> str:
    return f"fnref-{number}-{sub + 1}" if sub else f"fnref-{number}"
