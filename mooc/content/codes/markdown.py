"""E3 and M: Markdown that is unsafe, unsupported or leaves someone out."""

from __future__ import annotations

from mooc.content.codes.code import Code

DEEP = "> > > > > > > > > deep\n"

MARKDOWN = {
    "E301": Code(
        "HTML",
        "Course text is Markdown: it must look the same everywhere and hold nothing that runs.",
        "A <b>bold</b> word.\n",
        "A **bold** word.\n",
    ),
    "E302": Code(
        "Nested too deeply",
        "Lists and quotations go eight levels deep at most.",
        DEEP,
        DEEP[2:],
    ),
    "E303": Code(
        "Table too large",
        "A table has at most 2,000 rows and 50 columns.",
        "|" + "a|" * 51 + "\n|" + "-|" * 51 + "\n",
        "|" + "a|" * 3 + "\n|" + "-|" * 3 + "\n",
    ),
    "E304": Code(
        "Paragraph too long",
        "A paragraph has at most 20,000 characters; most often a line break was lost.",
        "word " * 4001 + "\n",
        "word " * 10 + "\n",
    ),
    "E305": Code(
        "Heading of the first level",
        "The title in the header is the page's only first-level heading.",
        "# One\n",
        "## One\n",
    ),
    "E306": Code(
        "Comment in the wrong place",
        "A comment takes the rest of its line, and a question marker follows a heading.",
        "<!-- note --> Text.\n",
        "<!-- note -->\n\nText.\n",
    ),
    "E307": Code(
        "Unknown alert",
        "Alerts are NOTE, TIP, IMPORTANT, WARNING, CAUTION and EXAMPLE, alone on their line.",
        "> [!NOTTE]\n> Text.\n",
        "> [!NOTE]\n> Text.\n",
    ),
    "E308": Code(
        "Footnote that is not defined",
        "Readers would see the mark and no note.",
        "A claim.[^1]\n",
        "A claim.[^1]\n\n[^1]: Its proof.\n",
    ),
    "E311": Code(
        "Task list outside a question",
        "Options without a question marker would show everyone the key.",
        "## Which?\n\n- [x] This\n- [ ] That\n",
        "### Which?\n\n<!-- question: which -->\n\n"
        "- [x] This <!-- a -->\n- [ ] That <!-- b -->\n  > Why.\n",
    ),
    "E312": Code(
        "Jurisdiction that is not known",
        "Two letters name a country (ISO 3166: RU, US) or an office: EU, EP, EA, WO, AP, OA, BX, "
        "GC.",
        "## Term\n\n<!-- only: UK -->\n\nText.\n",
        "## Term\n\n<!-- only: GB -->\n\nText.\n",
    ),
    "E313": Code(
        "Limited section within another",
        "Nobody could say which of the two limits counts.",
        "## Term\n\n<!-- only: EU -->\n\n### Sooner\n\n<!-- only: DE -->\n\nText.\n",
        "## Term\n\n<!-- only: EU -->\n\n### Sooner\n\nText.\n",
    ),
    "E314": Code(
        "Needed question that some do not see",
        "A lesson that is complete by its questions asks the same of every learner.",
        "---\nid: one\ntitle: One\ncomplete: questions\n---\n\n## Term\n\n<!-- only: EU -->\n\n"
        "### Is it so?\n\n<!-- question: own -->\n\n- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n"
        "  > Why.\n",
        "---\nid: one\ntitle: One\n---\n\n## Term\n\n<!-- only: EU -->\n\n"
        "### Is it so?\n\n<!-- question: own -->\n\n- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n"
        "  > Why.\n",
    ),
    "M101": Code(
        "Picture without a description",
        "People who cannot see it need the words.",
        "![](dot.svg)\n",
        "![A dot](dot.svg)\n",
    ),
    "M102": Code(
        "Picture that is not there",
        "Learners would see a broken image.",
        "![A dot](dots.svg)\n",
        "![A dot](dot.svg)\n",
    ),
    "M103": Code(
        "File of a kind that cannot be shown",
        "Pages show png, jpg, gif, webp, svg, mp4, webm, mp3 and ogg; links lead to pictures and "
        "pdf.",
        "![A dot](dot.bmp)\n",
        "![A dot](dot.svg)\n",
    ),
    "M104": Code(
        "SVG that is more than a picture",
        "Scripts, links and loaded files in pictures are a danger to learners.",
        "![A dot](script.svg)\n",
        "![A dot](dot.svg)\n",
    ),
    "M105": Code(
        "File too large",
        "20 MiB is far more than any page can bear.",
        "a picture of 30 MiB",
        "a picture of 100 KiB",
        "tree",
    ),
    "M106": Code(
        "File that is not what its name says",
        "Browsers refuse a picture that pretends to be another kind.",
        "![A dot](fake.png)\n",
        "![A dot](dot.svg)\n",
    ),
    "M107": Code(
        "Heading level skipped",
        "Those who listen to a page find their way by its headings.",
        "## One\n\n#### Two\n",
        "## One\n\n### Two\n",
    ),
    "M108": Code(
        "Film or sound within a sentence",
        "A player needs room, and its transcript stands below it.",
        "See ![a film](film.mp4) here.\n",
        "![A film](film.mp4)\n",
    ),
    "M109": Code(
        "Film without captions",
        "People who cannot hear it, or may not turn the sound on, need the words: in "
        "`name.en.vtt`, or `name.vtt` for the language of the course.",
        "![A film](mute.mp4)\n",
        "![A film](film.mp4)\n",
    ),
    "M110": Code(
        "Film or sound without a transcript",
        "People who can neither see nor hear it, and those in a hurry, read it instead: in "
        "`name.transcript.md`.",
        "![A sound](tone.ogg)\n",
        "![A film](film.mp4)\n",
    ),
    "M111": Code(
        "Captions that cannot be read",
        "A player would leave them out without a word.",
        "![A film](bad.mp4)\n",
        "![A film](film.mp4)\n",
    ),
    "M112": Code(
        "Picture of too many pixels",
        "More than 40 million pixels bring a phone to its knees, however small the file is.",
        "![A dot](huge.gif)\n",
        "![A dot](dot.svg)\n",
    ),
    "M113": Code(
        "Transcript that is more than text",
        "It stands folded inside a lesson, so it has no headings, footnotes or pictures.",
        "![A film](headed.mp4)\n",
        "![A film](film.mp4)\n",
    ),
}
