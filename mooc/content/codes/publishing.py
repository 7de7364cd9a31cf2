"""Q2: what is wrong only beside the state of the course that is live."""

from __future__ import annotations

from mooc.content.codes.code import Code

PUBLISHING = {
    "Q201": Code(
        "Question of another type under an old id",
        "Answers recorded under the id could no longer be read.",
        "`<!-- question: priority -->` was single and is numeric now",
        "the numeric question has an id of its own, `<!-- question: priority-2 -->`",
        "site",
    ),
}
