"""What is on offer: the home page, the catalog, a course's own page, search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from mooc.catalog import queries as catalog
from mooc.catalog.queries import Catalog, LiveCourse
from mooc.catalog.search import fold, search
from mooc.content.model import Course, Item, Quiz
from mooc.learning import packing, queries
from mooc.learning.models import Enrollment
from mooc.learning.progress import progress, requirements
from mooc.web import covers, editions, outline
from mooc.web.config import settings
from mooc.web.i18n import _
from mooc.web.learn import seated
from mooc.web.levels import LEVELS, level_name
from mooc.web.page_cache import cached_for_strangers
from mooc.web.security import allow, viewer

bp = Blueprint("catalog", __name__)
bp.app_template_global("rosette_svg")(covers.rosette_svg)
bp.app_template_global("accent")(covers.accent)
bp.app_template_global("level_name")(level_name)

ON_HOME = 6  # courses shown on the home page


@dataclass(frozen=True, slots=True)
class Mine:
    """How far the reader is in a course, for its card. `next_item` None when all is done."""

    done: int
    total: int
    next_item: Item | None
    passed: bool


# --------------------------------------------------------------------------------- the catalog


@bp.get("/")
@cached_for_strangers
@allow("everyone")
def home() -> Any:
    live = catalog.live()
    courses = [editions.read(one).course for one in live.courses.values()]
    return render_template(
        "catalog/home.html", courses=courses[:ON_HOME], total=len(courses), mine=_mine(live)
    )


@bp.get("/courses")
@cached_for_strangers
@allow("everyone")
def courses() -> Any:
    """All courses, narrowed by plain links and one form."""
    live = catalog.live()
    chosen = {name: _asked(name) for name in FILTERS}
    offered = [_shown(one.course, chosen["language"]) for one in live.courses.values()]
    return render_template(
        "catalog/courses.html",
        courses=[course for course in offered if _matches(course, chosen)],
        offered=offered,
        chosen=chosen,
        options=_options(offered),
        mine=_mine(live),
    )


FILTERS = ("q", "language", "level", "subject")


def _asked(name: str) -> str:
    """What the address asks for, without what cannot be shown."""
    return "".join(c for c in request.args.get(name, "")[:200] if c.isprintable()).strip()


def _shown(course: Course, language: str) -> Course:
    """The edition on a card: in the language looked for, else the reader's own."""
    return course.edition(language if language in course.languages else editions.language(course))


def _matches(course: Course, chosen: dict[str, str]) -> bool:
    spoken = [course.edition(language) for language in course.languages]
    said = [fold(f"{each.title} {each.summary} {' '.join(each.subjects)}") for each in spoken]
    return (
        any(all(word in text for word in fold(chosen["q"]).split()) for text in said)
        and chosen["language"] in ("", *course.languages)
        and chosen["level"] in ("", course.level)
        and (not chosen["subject"] or any(chosen["subject"] in each.subjects for each in spoken))
    )


def _options(offered: list[Course]) -> dict[str, list[str]]:
    """What the filters can be set to: only what some course has."""
    levels = {course.level for course in offered}
    return {
        "language": sorted({language for course in offered for language in course.languages}),
        "level": [level for level in catalog.LEVELS if level in levels],
        "subject": sorted({subject for course in offered for subject in course.subjects}),
    }


def _mine(live: Catalog) -> dict[str, Mine]:
    """Where the reader stands in each course, by one query; empty for strangers."""
    person = viewer()
    if person is None:
        return {}
    return {
        course_id: _standing(live.courses[course_id], row)
        for course_id, row in queries.enrollments_of(person.id).items()
        if course_id in live.courses
    }


def _standing(live: LiveCourse, row: Enrollment) -> Mine:
    live = editions.read(live)
    agreed, packed = queries.agreed(row, live.course), queries.packed(row, live.course)
    counted = progress(agreed, packing.states(packed), live.course.by_id)
    following = queries.continue_at(live, agreed, packed, row.latest_item)
    return Mine(counted.done, counted.total, following, counted.passed)


# ------------------------------------------------------------------------------ a course's page


@bp.get("/courses/<course_id>")
@cached_for_strangers
@allow("everyone", check="view")
def course(course_id: str) -> Any:
    """The landing page: what the course is, what it takes, and one button."""
    live = catalog.course(course_id)
    desk = seated(course_id)
    live = editions.read(live)  # now that the reader is known, their language costs no query
    enrolled = desk is not None and desk.enrollment_id is not None
    following, counted = None, None
    if desk is not None and enrolled:
        counted = outline.progress_of(live, desk)
        following = queries.continue_at(live, desk.requirements, desk.states, desk.latest_item)
    return render_template(
        "catalog/course.html",
        live=live,
        course=live.course,
        chapters=outline.chapters(live, desk),
        counts=_counts(live.course),
        takes=requirements(live.course),
        earlier=_earlier(live.course),
        enrolled=enrolled,
        progress=counted,
        next_item=following,
        linked_data=linked_data(live.course),
    )


def _counts(course: Course) -> dict[str, int]:
    quizzes = [item for item in course.items if isinstance(item, Quiz)]
    return {
        "lessons": len(course.items) - len(quizzes),
        "quizzes": sum(not quiz.exam for quiz in quizzes),
        "exams": sum(quiz.exam for quiz in quizzes),
    }


def _earlier(course: Course) -> list[Course]:
    """The courses to take first, as far as they are live."""
    offered = catalog.live().courses
    return [editions.read(offered[name]).course for name in course.prerequisites if name in offered]


def linked_data(course: Course) -> dict[str, Any]:
    """The course as https://schema.org/Course, for search engines."""
    address = f"{settings().base_url.rstrip('/')}{url_for('.course', course_id=course.id)}"
    organization = {"@type": "Organization", "name": settings().organization}
    instances = [_instance(course, language) for language in course.languages]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": address,
        "url": address,
        "name": course.title,
        "description": course.summary,
        "inLanguage": course.language,
        "provider": organization,
        "educationalLevel": str(LEVELS[course.level]),
        "about": list(course.subjects),
        "isAccessibleForFree": True,
        "offers": {"@type": "Offer", "price": 0, "category": "Free"},
        "hasCourseInstance": instances if len(instances) > 1 else instances[0],
        "syllabusSections": [
            {"@type": "Syllabus", "name": module.title} for module in course.modules
        ],
    }
    if course.license:
        data["license"] = f"https://spdx.org/licenses/{course.license}"
    if course.instructors:
        people = [{"@type": "Person", "name": each.name} for each in course.instructors]
        data["instructor"] = people
    return data


def _instance(course: Course, language: str) -> dict[str, str]:
    instance = {"@type": "CourseInstance", "courseMode": "online", "inLanguage": language}
    if course.hours.isdigit():
        instance["courseWorkload"] = f"PT{course.hours}H"
    return instance


# ---------------------------------------------------------------------------------------- search


@bp.get("/search")
@allow("everyone")
def find() -> Any:
    """Courses and lessons that hold all the words asked for."""
    query = _asked("q")
    hits = search(catalog.live(), query, editions.language)
    return render_template(
        "catalog/search.html",
        query=query,
        courses=[hit for hit in hits if hit.item is None],
        lessons=[hit for hit in hits if hit.item is not None],
        title=_("Search: %(query)s", query=query) if query else _("Search"),
    )
