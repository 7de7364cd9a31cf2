"""E1: the header between the two lines of hyphens."""

from __future__ import annotations

from mooc.content.codes.code import Code

HEADERS = {
    "E101": Code(
        "No header",
        "The header holds the id, and the id is what a file is known by wherever it moves.",
        "---x\nid: one\n---\n",
        "---\nid: one\ntitle: One\n---\n",
    ),
    "E102": Code(
        "Header cannot be read",
        "Headers are YAML: a text that holds `: ` or ` #` must be quoted.",
        "---\nid: one\ntitle: One: the first\n---\n",
        '---\nid: one\ntitle: "One: the first"\n---\n',
    ),
    "E103": Code(
        "Unknown key",
        "A misspelt key would be ignored in silence.",
        "---\nid: one\ntitle: One\nminuts: 5\n---\n",
        "---\nid: one\ntitle: One\nminutes: 5\n---\n",
    ),
    "E104": Code(
        "Key given twice",
        "Nobody can tell which of the two values counts.",
        "---\nid: one\ntitle: One\ntitle: Two\n---\n",
        "---\nid: one\ntitle: One\n---\n",
    ),
    "E105": Code(
        "YAML beyond keys, lists and texts",
        "Anchors, aliases, tags and merge keys hide what a reviewer should see.",
        "---\nid: one\ntitle: &first One\n---\n",
        '---\nid: one\ntitle: "&first One"\n---\n',
    ),
    "E106": Code(
        "Key missing",
        "The file cannot be used without it.",
        "---\nid: one\n---\n",
        "---\nid: one\ntitle: One\n---\n",
    ),
    "E107": Code(
        "Value that does not fit",
        "Every key has one form: dates are written 2026-03-01, times 40m, switches yes and no.",
        "---\nid: one\ntitle: One\nminutes: about ten\n---\n",
        "---\nid: one\ntitle: One\nminutes: 10\n---\n",
    ),
}
