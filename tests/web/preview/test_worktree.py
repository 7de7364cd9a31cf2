"""The files as they are on disk: what is whole, what was whole, what the last commit says."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from mooc.web.preview.worktree import Worktree, draft

Save = Callable[..., None]


def test_nothing_is_compiled_while_nothing_changes(worktree: Worktree) -> None:
    before = worktree.drafts
    assert not worktree.look()
    assert worktree.drafts is before


def test_only_the_course_that_changed_is_compiled(folder: Path, worktree: Worktree) -> None:
    other = shutil.copytree(folder, folder.parent / "other")
    text = (other / "course.md").read_text()
    (other / "course.md").write_text(text.replace("id: tiny", "id: other"))
    assert worktree.look()
    before = worktree.draft("tiny")
    (other / "rights" / "work.md").write_text("---\nid: work\ntitle: New\n---\n\nText.\n")
    assert worktree.look()
    assert worktree.draft("tiny") is before
    draft = worktree.draft("other")
    assert draft
    assert draft.course.by_id["work"].title == "New"


def test_what_is_remembered_of_other_files_is_what_they_say(
    folder: Path, worktree: Worktree, save: Save
) -> None:
    save("rights/work.md", "case by case.", "case by case, always.")
    save("glossary.md", "a right in an invention", "the right in one invention")
    seen, anew = worktree.drafts[folder], draft(folder)
    assert seen.course == anew.course
    assert seen.problems == anew.problems
    assert "case by case, always." in str(seen.course.by_id["work"])
    assert "the right in one invention" in str(seen.course)


def test_a_broken_file_keeps_its_last_good_version(worktree: Worktree, save: Save) -> None:
    save("rights/work.md", "minutes: 5", "minuets: 5")
    draft = worktree.draft("tiny")
    assert draft
    sheet = draft.sheets["rights/work.md"]
    assert [problem.code for problem in sheet.errors] == ["E103"]
    assert sheet.content
    assert sheet.content.title == "What a work is"
    assert next(item.id for item in draft.course.items) == "work"


def test_a_broken_course_file_hides_no_lesson(worktree: Worktree, save: Save) -> None:
    save("course.md", "title: A tiny", "titel: A tiny")
    draft = worktree.draft("tiny")
    assert draft
    assert [module.id for module in draft.course.modules][:2] == ["rights", "final"]
    assert "patent" in draft.course.by_id


def test_a_course_that_was_never_whole_shows_what_is(folder: Path, save: Save) -> None:
    save("course.md", "---\nid: tiny\n---\n\nNo outline.\n")
    fresh = Worktree(folder)
    assert fresh.look()
    draft = fresh.draft("tiny")
    assert draft
    assert {"work", "patent", "rights-quiz", "exam"} <= set(draft.course.by_id)


def test_a_quiz_outlives_the_pool_it_draws_from(worktree: Worktree, save: Save) -> None:
    save("pools/rights.md", "kind: pool", "kind: pond")
    draft = worktree.draft("tiny")
    assert draft
    assert draft.sheets["pools/rights.md"].errors
    assert [pool.id for pool in draft.course.pools] == ["rights-pool"]


def test_a_file_outside_of_the_outline_is_whole(worktree: Worktree, save: Save) -> None:
    save("rights/idea.md", "---\nid: idea\ntitle: An idea\n---\n\nNot yet.\n")
    draft = worktree.draft("tiny")
    assert draft
    sheet = draft.sheets["rights/idea.md"]
    assert not sheet.errors
    assert not sheet.listed
    assert draft.course.items[-1].id == "idea"


def test_a_course_comes_and_goes_with_its_folder(folder: Path, worktree: Worktree) -> None:
    shutil.move(folder, folder.parent.parent / "away")
    assert worktree.look()
    assert not worktree.drafts
    shutil.move(folder.parent.parent / "away", folder)
    assert worktree.look()
    assert worktree.draft("tiny")


def test_links_are_not_followed(folder: Path, worktree: Worktree, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("---\nid: secret\ntitle: Secret\n---\n\nSecret.\n")
    (folder / "secret.md").symlink_to(secret)
    (folder / "rights" / "work.md").touch()
    worktree.look()
    draft = worktree.draft("tiny")
    assert draft
    assert draft.sheets["secret.md"].content is None


def test_whoever_waits_is_told_at_once(worktree: Worktree, save: Save) -> None:
    told: list[float] = []

    def wait() -> None:
        worktree.wait(worktree.version, 10)
        told.append(time.monotonic())

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.1)
    save("rights/work.md", "never bare ideas", "not ideas")
    saved = time.monotonic()
    thread.join(5)
    assert told
    assert told[0] - saved < 0.5


def test_the_last_commit_tells_what_is_scored_anew(worktree: Worktree, folder: Path) -> None:
    def git(*arguments: str) -> None:
        name = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(
            ["git", *name, *arguments], cwd=folder.parent, check=True, capture_output=True
        )

    assert not worktree.look_at_history()
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "First")
    quiz = folder / "rights" / "quiz.md"
    text = quiz.read_text().replace("works? (2 points)", "works? (3 points)")
    quiz.write_text(text.replace("A novel is a literary", "A novel is a written"))
    worktree.look()
    assert worktree.look_at_history()
    draft = worktree.draft("tiny")
    assert draft
    assert draft.committed
    asked = {question.id: question for question in draft.course.questions()}
    assert draft.committed.change(asked["quiz-works"]) == "scoring"
    assert draft.committed.change(asked["quiz-novel"]) == "text"
    assert draft.committed.change(asked["quiz-idea"]) == ""
