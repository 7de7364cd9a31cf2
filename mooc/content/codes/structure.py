"""E2: ids, the outline, links, draw lines, and what else holds a course together."""

from __future__ import annotations

from mooc.content.codes.code import Code

TOP = (
    "---\nid: sample\ntitle: Sample\nlanguage: en\nsummary: A sample.\n---\n\n"
    "## Learning outcomes\n\n- See.\n\n"
)
OUTLINE = "## Outline\n\n1. Part <!-- module: part -->\n"
LINKS = "   - [One](one.md)\n   - [Quiz](quiz.md)\n"
WHOLE = TOP + OUTLINE + LINKS

STRUCTURE = {
    "E201": Code(
        "Id of a wrong form",
        "Ids become addresses: 2 to 60 of a-z, 0-9 and hyphens.",
        "---\nid: Lesson One\ntitle: One\n---\n",
        "---\nid: lesson-one\ntitle: One\n---\n",
    ),
    "E202": Code(
        "Id used twice",
        "Lessons, quizzes, pools and modules are known by their ids alone.",
        "---\nid: basics\ntitle: One\n---\n",
        "---\nid: one\ntitle: One\n---\n",
    ),
    "E203": Code(
        "Id that the site needs itself",
        "`progress`, `certificate`, `enroll`, `leave` and `glossary` are pages of every course.",
        "---\nid: progress\ntitle: Progress\n---\n",
        "---\nid: technical-progress\ntitle: Progress\n---\n",
    ),
    "E204": Code(
        "Alias that is taken",
        "An alias sends an old address on; it cannot be an address in use.",
        "---\nid: one\ntitle: One\naliases: [basics]\n---\n",
        "---\nid: one\ntitle: One\naliases: [first]\n---\n",
    ),
    "E210": Code(
        "No outline",
        "Learners meet lessons in the order of the outline in course.md.",
        TOP.rstrip() + "\n",
        WHOLE,
        "course",
    ),
    "E211": Code(
        "Outline of a wrong shape",
        "An outline is a numbered list of modules, each with a list of links, one a line.",
        TOP + OUTLINE + LINKS + "   - and so on\n",
        WHOLE,
        "course",
    ),
    "E212": Code(
        "Outline line to something that is no lesson or quiz",
        "Pools are drawn from, not read.",
        TOP + OUTLINE + LINKS + "   - [Pool](pool.md)\n",
        WHOLE,
        "course",
    ),
    "E213": Code(
        "File that the outline leaves out",
        "Nobody could find it; most often a line was forgotten or a file renamed by half.",
        TOP + OUTLINE + "   - [Quiz](quiz.md)\n",
        WHOLE,
        "course",
    ),
    "E214": Code(
        "File listed twice",
        "An item has one place in the order of teaching.",
        TOP + OUTLINE + LINKS + "   - [Again](one.md)\n",
        WHOLE,
        "course",
    ),
    "E215": Code(
        "Module without title or id",
        "A module's id keeps progress by module when its title changes.",
        TOP + OUTLINE.replace(" <!-- module: part -->", "") + LINKS,
        WHOLE,
        "course",
    ),
    "E216": Code(
        "Word that stands for two terms",
        "A lesson could link it to one of them only, and readers would not know which was meant.",
        "- **mark**: a sign. <!-- term: mark; also: brand -->\n"
        "- **name**: a word. <!-- term: name; also: brand -->\n",
        "- **mark**: a sign. <!-- term: mark; also: brand -->\n"
        "- **name**: a word. <!-- term: name -->\n",
        "glossary",
    ),
    "E217": Code(
        "Glossary entry of a wrong shape",
        "The term stands in bold, then what it means in one paragraph, its id in a comment at "
        "the end. A form is a few words, found whole.",
        "- **right**: what one may do.\n",
        "- **right**: what one may do. <!-- term: right -->\n",
        "glossary",
    ),
    "E219": Code(
        "Term id used twice",
        "The id is the term's address on the page of the glossary.",
        "- **mark**: a sign. <!-- term: sign -->\n- **logo**: a picture. <!-- term: sign -->\n",
        "- **mark**: a sign. <!-- term: sign -->\n- **logo**: a picture. <!-- term: logo -->\n",
        "glossary",
    ),
    "E220": Code(
        "Link to a file that is not there",
        "It would lead learners nowhere.",
        "See [the quiz](quizz.md).\n",
        "See [the quiz](quiz.md).\n",
    ),
    "E221": Code(
        "Link to a heading that is not there",
        "Anchors are headings in lower case with hyphens, as the git host makes them.",
        "## Novelty\n\nSee [above](#novel).\n",
        "## Novelty\n\nSee [above](#novelty).\n",
    ),
    "E222": Code(
        "Link to a file without a page",
        "Pools hold answers and have no address; translations share their source's.",
        "See [the pool](pool.md).\n",
        "See [the quiz](quiz.md).\n",
    ),
    "E223": Code(
        "Link out of the course",
        "Absolute paths work on one host only; pictures from other sites are not loaded.",
        "See [it](/courses/other).\n",
        "See [it](https://example.org/courses/other).\n",
    ),
    "E224": Code(
        "Link of a kind that is not allowed",
        "Course text may lead to https, http and mailto, and to files of the course.",
        "See [it](javascript:alert).\n",
        "See [it](https://example.org/alert).\n",
    ),
    "E225": Code(
        "Question id used twice",
        "Answers are recorded under the question's id.",
        "### A\n\n<!-- question: base -->\n\n- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n  > Why.\n",
        "### A\n\n<!-- question: own -->\n\n- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n  > Why.\n",
    ),
    "E230": Code(
        "Draw line that cannot be read",
        "The line is both a link on the git host and an order to the machine.",
        "- Draw some from [Pool](pool.md)\n",
        "- Draw 1 from [Pool](pool.md)\n",
        "quiz",
    ),
    "E231": Code(
        "Draw from a file that is no pool",
        "Only files of `kind: pool` are drawn from.",
        "- Draw 1 from [Pool](one.md)\n- Draw 1 from [Pool](pool.md)\n",
        "- Draw 1 from [Pool](pool.md)\n",
        "quiz",
    ),
    "E232": Code(
        "Quiz without questions",
        "Nobody could pass it.",
        "Nothing yet.\n",
        "- Draw 1 from [Pool](pool.md)\n",
        "quiz",
    ),
    "E233": Code(
        "Text in a pool outside its questions",
        "Learners see questions one by one, so they would never see it.",
        "For the reviewer.\n",
        "<!-- For the reviewer. -->\n",
        "pool",
    ),
}
