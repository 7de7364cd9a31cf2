"""Verbs of learning. They check the rules and write facts; they never commit."""

from mooc.learning.actions.attempts import Given, Saved, close_expired, mark, save, start, submit
from mooc.learning.actions.enrollments import enroll, leave
from mooc.learning.actions.lessons import (
    answer_practice,
    answer_practice_again,
    complete,
    practised,
    uncomplete,
)

__all__ = [
    "Given",
    "Saved",
    "answer_practice",
    "answer_practice_again",
    "close_expired",
    "complete",
    "enroll",
    "leave",
    "mark",
    "practised",
    "save",
    "start",
    "submit",
    "uncomplete",
]
