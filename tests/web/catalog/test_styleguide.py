"""The style guide shows every component; staff only."""

from __future__ import annotations

import pytest

from tests.conftest import Cast
from tests.pages import CheckingClient


@pytest.mark.parametrize("path", ["/styleguide", "/styleguide/lesson", "/styleguide/attempt"])
def test_staff_see_every_component(cast: Cast, path: str) -> None:
    cast.grant("Ines Instructor", "instructor")
    assert cast.browser("Ines Instructor").get(path).status_code == 200


def test_an_unknown_layout_is_a_404(admin: CheckingClient) -> None:
    assert admin.get("/styleguide/nothing").status_code == 404


def test_learners_are_refused_and_strangers_asked_to_sign_in(
    learner: CheckingClient, stranger: CheckingClient
) -> None:
    assert learner.get("/styleguide").status_code == 403
    assert stranger.get("/styleguide").status_code == 302
