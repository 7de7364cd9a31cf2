"""The repositories of courses that a site fetches by itself, into mirrors in its var folder."""

from __future__ import annotations

from collections.abc import Iterator

from mooc.catalog.mirror import Commit, check_address, check_branch, fetch, name_of
from mooc.errors import Invalid
from mooc.web.config import Settings, SettingsError

SHORTEST = 16  # characters of the hook's secret


def fetch_all(settings: Settings) -> Iterator[tuple[str, Commit]]:
    """Fetch each repository of MOOC_FETCH. Raises Invalid or Conflict, see `catalog.mirror`."""
    for address in settings.fetched:
        yield (
            address,
            fetch(
                address,
                settings.var_path,
                settings.repository_branch,
                files=settings.fetch_files,
            ),
        )


def check(settings: Settings) -> None:
    """Raises SettingsError for what could never be fetched."""
    if settings.fetch_files and settings.production:
        raise SettingsError("MOOC_FETCH_FILES is for tests; production fetches by https or ssh.")
    for address in settings.fetched:
        try:
            check_address(address, files=settings.fetch_files)
        except Invalid as error:
            # The address may hold a password: it is not said again.
            raise SettingsError(
                f"An address in MOOC_FETCH cannot be used: {error.params['why']}."
            ) from None
    try:
        check_branch(settings.repository_branch)
    except Invalid:
        raise SettingsError("MOOC_REPOSITORY_BRANCH is not the name of a branch.") from None
    if 0 < len(settings.hook_secret) < SHORTEST:
        raise SettingsError(f"MOOC_HOOK_SECRET is shorter than {SHORTEST} characters.")
    names = {name_of(address) for address in settings.fetched}
    if len(names) < len(settings.fetched):
        raise SettingsError("MOOC_FETCH names two repositories whose mirrors would have one name.")
