"""The facts of learning. Rows are written once; what follows is computed by pure rules."""

from mooc.learning.models.attempts import Attempt, Mark, Response
from mooc.learning.models.enrollments import Completion, Enrollment, PracticeAnswer, Run

__all__ = ["Attempt", "Completion", "Enrollment", "Mark", "PracticeAnswer", "Response", "Run"]
