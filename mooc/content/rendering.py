"""Tokens as HTML: the parser's own renderer, with our alerts, figures, tables and footnotes."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from mooc.content.recordings import Recording, Track
from mooc.content.tokens import ALERTS

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

TRANSCRIPT = {
    "en": "Transcript", "ru": "Расшифровка", "fr": "Transcription", "es": "Transcripción",
    "ar": "النص المكتوب", "zh": "文字稿",
}  # fmt: skip
DOWNLOAD = {
    "en": "Download", "ru": "Скачать", "fr": "Télécharger", "es": "Descargar", "ar": "تنزيل",
    "zh": "下载",
}  # fmt: skip
UNITS = {"ru": ("кБ", "МБ"), "fr": ("ko", "Mo")}

_OPTIONS = MarkdownIt("commonmark").options
_renderers: dict[str, _Renderer] = {}


def html(tokens: Sequence[Token], language: str) -> str:
    """Blocks as HTML, not yet sanitised; titles of alerts in a language."""
    return str(_renderer(language).render(tokens, _OPTIONS, {}))


def inline_html(children: Sequence[Token], language: str) -> str:
    """The children of an inline token as HTML, not yet sanitised."""
    return _renderer(language).renderInline(children, _OPTIONS, {})


def below_recording(found: Recording, said: str, language: str) -> str:
    """Transcript and download of a film or a sound; what is said in it as HTML."""
    language = language.split("-", maxsplit=1)[0]
    media = found.file.media
    kilo, mega = UNITS.get(language, ("kB", "MB"))
    size = max(1, round(media.bytes / 1000))
    words = f"{size} {kilo}" if size < 1000 else f"{round(size / 1000)} {mega}"
    name = escapeHtml(posixpath.basename(media.path))
    link = f'<a href="{found.file.address}" download="{name}">'
    title = TRANSCRIPT.get(language, TRANSCRIPT["en"])
    return (
        f'<details class="transcript"><summary>{title}</summary>\n{said}\n</details>\n'
        f'<p class="recording-file">{link}{DOWNLOAD.get(language, DOWNLOAD["en"])}</a>'
        f" ({media.extension}, {words})</p>\n"
    )


def _track(track: Track) -> str:
    usual = ' default=""' if track.usual else ""
    return (
        f'<track kind="captions" src="{track.address}" srclang="{track.language}" '
        f'label="{escapeHtml(track.label)}"{usual}>'
    )


def _renderer(language: str) -> _Renderer:
    language = language.split("-", maxsplit=1)[0]
    language = language if language in ALERT_TITLES else "en"
    if language not in _renderers:
        _renderers[language] = _Renderer(language)
    return _renderers[language]


class _Renderer(RendererHTML):
    """Each method without an underscore renders the tokens of its name."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.titles = dict(zip(ALERTS, ALERT_TITLES[language], strict=True))
        self.back = BACK_TO_TEXT[language]

    def blockquote_open(
        self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        kind = tokens[at].meta.get("alert")
        if not kind:
            return "<blockquote>\n"
        title = f'<p class="alert-title">{self.titles[kind]}</p>'
        return f'<div class="alert alert-{kind}" role="note">\n{title}\n'

    def blockquote_close(
        self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        return "</div>\n" if tokens[at].meta.get("alert") else "</blockquote>\n"

    def figure_close(self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType) -> str:
        caption = tokens[at].meta.get("caption")
        below = f"<figcaption>{escapeHtml(caption)}</figcaption>" if caption else ""
        return f"{below}</figure>\n{tokens[at].meta.get('after', '')}"

    def recording(self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType) -> str:
        found: Recording = tokens[at].meta["recording"]
        tag = "audio" if found.sound else "video"
        start = f'<{tag} src="{found.file.address}" controls="" preload="metadata"'
        start += f' aria-label="{escapeHtml(found.label)}"'
        if found.poster:
            start += f' poster="{found.poster.address}"'
            if found.poster.width and found.poster.height:
                start += f' width="{found.poster.width}" height="{found.poster.height}"'
        return f"{start}>{''.join(map(_track, found.tracks))}</{tag}>"

    # A wide table scrolls by itself; `tabindex` lets a keyboard scroll it.
    def table_open(self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType) -> str:
        return '<div class="table-wrap" tabindex="0">\n<table>\n'

    def table_close(self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType) -> str:
        return "</table>\n</div>\n"

    def footnote_ref(self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType) -> str:
        number, sub = tokens[at].meta["id"] + 1, tokens[at].meta["subId"]
        link = f'<a href="#fn-{number}" id="{_back(number, sub)}">{number}</a>'
        return f'<sup class="footnote-ref">{link}</sup>'

    def footnote_block_open(
        self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        return '<div class="footnotes">\n<ol>\n'

    def footnote_block_close(
        self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        return "</ol>\n</div>\n"

    def footnote_open(self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType) -> str:
        return f'<li id="fn-{tokens[at].meta["id"] + 1}">'

    def footnote_close(self, _t: Sequence[Token], _a: int, _o: OptionsDict, _e: EnvType) -> str:
        return "</li>\n"

    def footnote_anchor(
        self, tokens: Sequence[Token], at: int, _o: OptionsDict, _e: EnvType
    ) -> str:
        number, sub = tokens[at].meta["id"] + 1, tokens[at].meta["subId"]
        return (
            f' <a href="#{_back(number, sub)}" class="footnote-back" aria-label="{self.back}">↩</a>'
        )


def _back(number: int, sub: int) -> str:
    return f"fnref-{number}-{sub + 1}" if sub else f"fnref-{number}"
