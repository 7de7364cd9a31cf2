"""The content roots that commands read; one that is not there is the operator's trouble."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from mooc.content.roots import Root


def read_roots(
    names: Sequence[str], ref: str | None = None, *, worktree: bool = False
) -> list[Root]:
    """All roots, see `content.places`. Raises Trouble for one that is not there."""
    from mooc.content import places

    try:
        return places.read_roots(names, ref, worktree=worktree)
    except places.NoRoot as error:
        raise Trouble(str(error)) from error
