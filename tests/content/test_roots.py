"""Several content roots: open courses, and what private repositories lay over them."""

from __future__ import annotations

from pathlib import Path

from mooc.content.loader import Loaded, load
from mooc.content.model import Course, Draw, Quiz
from mooc.content.roots import Root, Site, names, site
from mooc.content.source import Folder, GitTree
from tests.content.test_source import FILE, commit, write
from tests.content.trees import BASE, DOT, OPTIONS, POOL, QUIZ, SWAPPED, TODAY

OVERLAY = {"overlay.md": "---\noverlay: sample\n---\n\nKeep this to yourself.\n"}
SECRET = POOL + "".join(
    f"## Secret {n}\n\n<!-- question: secret-{n}; source: TRIPS {n} -->\n\n{options}\n"
    for n, options in enumerate((OPTIONS, OPTIONS, SWAPPED), 1)
)


def roots(folder: Path, *files: dict[str, str]) -> list[Root]:
    """Roots `1`, `2`, …, each with one folder `sample` of these files."""
    for number, each in enumerate(files, 1):
        write(folder / str(number) / "sample", each)
    numbers = [str(number) for number in range(1, len(files) + 1)]
    return [Root(number, Folder(folder / number), number) for number in numbers]


def loaded(folder: Path, *overlays: dict[str, str]) -> Loaded:
    made = site(roots(folder, BASE, *({**OVERLAY, **files} for files in overlays)))
    assert made.problems == []
    assert len(made.courses) == 1
    return load(made.courses[0].tree, TODAY)


def course(folder: Path, *overlays: dict[str, str]) -> Course:
    found = loaded(folder, *overlays)
    assert found.course is not None, found.problems
    return found.course


def problems(found: Loaded | Site) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in found.problems]


def test_a_setting_names_roots_between_colons_or_on_lines() -> None:
    assert names("courses") == ["courses"]
    assert names("courses:/srv/secret") == ["courses", "/srv/secret"]
    assert names(" courses \n\n /srv/secret\n") == ["courses", "/srv/secret"]


def test_a_private_pool_takes_the_place_of_the_open_one_with_its_id(tmp_path: Path) -> None:
    found = course(tmp_path, {"any/name.md": SECRET})
    assert [question.id for question in found.pools[0].questions] == [
        "secret-1", "secret-2", "secret-3",
    ]  # fmt: skip
    assert len(found.pools) == 1
    quiz = found.by_id["quiz"]
    assert isinstance(quiz, Quiz)
    assert isinstance(quiz.entries[0], Draw)
    assert quiz.entries[0].pool == "basics"


def test_a_private_exam_draws_from_private_pools_and_keeps_its_place(tmp_path: Path) -> None:
    exam = QUIZ.replace("kind: quiz", "kind: exam").replace("attempts: 2", "attempts: 1")
    secret = SECRET.replace("id: basics", "id: secrets")
    files = {"exam.md": exam + "- Draw 2 from [Secrets](pools/secrets.md)\n"}
    found = course(tmp_path, {**files, "pools/secrets.md": secret})
    assert [item.id for item in found.items] == ["one", "quiz"]
    quiz = found.items[1]
    assert isinstance(quiz, Quiz)
    assert quiz.exam
    assert {pool.id for pool in found.pools} == {"basics", "secrets"}


def test_the_last_root_wins(tmp_path: Path) -> None:
    later = SECRET.replace("secret-", "later-")
    found = course(tmp_path, {"pool.md": SECRET}, {"pool.md": later})
    assert {question.id for question in found.questions()} == {"later-1", "later-2", "later-3"}


def test_an_overlay_adds_modules_at_the_end_of_the_outline(tmp_path: Path) -> None:
    exam = QUIZ.replace("id: quiz", "id: exam") + "- Draw 1 from [Pool](pool.md)\n"
    header = OVERLAY["overlay.md"] + "\n## Outline\n\n1. Exam <!-- module: exam -->\n"
    files = {"overlay.md": header + "   - [Exam](exam.md)\n", "exam.md": exam}
    found = course(tmp_path, files)
    assert [module.id for module in found.modules] == ["part", "exam"]
    assert [item.id for item in found.items] == ["one", "quiz", "exam"]


def test_links_of_an_overlay_lead_to_files_of_the_course_and_pictures_of_both(
    tmp_path: Path,
) -> None:
    text = SECRET.replace(
        "## Secret 1\n\n<!-- question: secret-1; source: TRIPS 1 -->\n\n",
        "## Secret 1\n\n<!-- question: secret-1; source: TRIPS 1 -->\n\n"
        "See [one](../one.md), ![a dot](../dot.svg) and ![a ring](ring.svg).\n\n",
    )
    found = course(tmp_path, {"pools/p.md": text, "pools/ring.svg": DOT.replace("r=", "rx=")})
    prompt = found.pools[0].questions[0].prompt_html
    assert 'href="/courses/sample/one"' in prompt
    assert {media.path for media in found.media} == {"dot.svg", "2:/pools/ring.svg"}
    assert all(f"/media/{media.hash}.svg" in prompt for media in found.media)


def test_no_link_leads_from_the_course_into_an_overlay_or_out_of_it(tmp_path: Path) -> None:
    files = {"pool.md": SECRET, "two/overlay-notes.svg": DOT}
    base = {**BASE, "one.md": BASE["one.md"] + "\n![a dot](2:/two/overlay-notes.svg)\n"}
    made = site(roots(tmp_path, base, {**OVERLAY, **files}))
    assert ("E223", "one.md") in problems(load(made.courses[0].tree, TODAY))
    climbing = SECRET.replace("## Secret 1", "## [Up](../../1/sample/one.md) one", 1)
    made = site(roots(tmp_path / "more", BASE, {**OVERLAY, "pool.md": climbing}))
    assert ("E223", "2:/pool.md") in problems(load(made.courses[0].tree, TODAY))


def test_lessons_and_headerless_files_of_an_overlay_are_refused(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"two.md": BASE["one.md"].replace("id: one", "id: two")})
    assert problems(found) == [("E261", "2:/two.md")]


def test_an_overlay_must_name_a_course_of_an_earlier_root(tmp_path: Path) -> None:
    overlay = {**OVERLAY, "pool.md": SECRET}
    made = site(list(reversed(roots(tmp_path, BASE, overlay))))
    assert problems(made) == [("E260", "2/sample/overlay.md")]
    assert [one.id for one in made.courses] == ["sample"]
    (tmp_path / "1" / "sample" / "overlay.md").write_text("---\ntitle: x\n---\n")


def test_of_two_courses_with_one_id_only_the_first_counts(tmp_path: Path) -> None:
    made = site(roots(tmp_path, BASE, BASE))
    assert problems(made) == [("E264", "2/sample/course.md")]
    assert [one.sources[0].root for one in made.courses] == ["1"]


def test_a_course_alias_must_be_free(tmp_path: Path) -> None:
    renamed = BASE["course.md"].replace("id: sample", "id: new\naliases: [sample]")
    made = site(roots(tmp_path, BASE, {**BASE, "course.md": renamed}))
    assert problems(made) == [("E265", "2/sample/course.md")]
    assert [one.id for one in made.courses] == ["sample"]
    both = [BASE["course.md"].replace("id: sample", f"id: n{n}\naliases: [old]") for n in "12"]
    made = site(roots(tmp_path / "two", *({**BASE, "course.md": text} for text in both)))
    assert problems(made) == [("E265", "2/sample/course.md")]


def test_problems_name_root_and_file_and_sources_all_commits(tmp_path: Path) -> None:
    base = {f"courses/tea/{path}": (FILE, text.encode()) for path, text in BASE.items()}
    over = {**OVERLAY, "pool.md": SECRET.replace("[x]", "[ ]", 1)}
    commit(tmp_path / "open", base)
    commit(tmp_path / "secret", {f"x/{p}": (FILE, text.encode()) for p, text in over.items()})
    first = Root("courses", GitTree(tmp_path / "open", "HEAD", "courses"), "courses")
    made = site([first, Root("/srv/secret", GitTree(tmp_path / "secret"), "")])
    one = made.courses[0]
    assert one.name == "tea"
    assert [source.to_json()["prefix"] for source in one.sources] == ["courses/tea", "x"]
    assert one.sources[0].revision == one.tree.revision != one.sources[1].revision
    assert one.shown("pool.md") == "courses/tea/pool.md"
    broken = load(one.tree, TODAY).problems
    assert {one.shown(problem.path) for problem in broken} == {"/srv/secret/x/pool.md"}


def test_the_tree_hash_covers_every_root(tmp_path: Path) -> None:
    before = site(roots(tmp_path / "a", BASE, {**OVERLAY, "pool.md": SECRET})).courses[0].tree
    after = site(
        roots(tmp_path / "b", BASE, {**OVERLAY, "pool.md": SECRET.replace("Secret 1", "Changed")})
    )
    assert before.tree_hash != after.courses[0].tree.tree_hash
