"""Settings are data; nonsense refuses to start with one sentence."""

from __future__ import annotations

import stat
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from mooc.web.config import Settings, SettingsError, listing, load, secret_key

STRONG = "j7Q2v9XbR4mT8kW1cZ6nP3sL5hG0dF-aYeUiOo"


@pytest.mark.parametrize(
    "values",
    [
        {"MOOC_PORT": "many"},
        {"MOOC_PORT": "0"},
        {"MOOC_PORT": "70000"},
        {"MOOC_WORKERS": "0"},
        {"MOOC_SMTP_TLS": "perhaps"},
        {"MOOC_BASE_URL": "ip.example"},
        {"MOOC_LANGUAGES": " , "},
        {"MOOC_LANGUAGES": "en,../x"},
        {"MOOC_CONFIG": "/nowhere/settings.toml"},
        {"MOOC_PRODUCTION": "yes", "MOOC_BASE_URL": "https://x.example"},
        {
            "MOOC_PRODUCTION": "yes",
            "MOOC_BASE_URL": "https://x.example",
            "MOOC_SECRET_KEY": "a" * 60,
        },
        {"MOOC_PRODUCTION": "yes", "MOOC_SECRET_KEY": STRONG},
    ],
)
def test_nonsense_refuses_to_start_with_one_sentence(values: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(values)
    words = str(refusal.value)
    assert words[0].isupper()
    assert "\n" not in words


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mooc.toml"
    file.write_text('site_name = "From the file"\nport = 9000\n')
    settings = load({"MOOC_CONFIG": str(file), "MOOC_PORT": "9001"})
    assert (settings.site_name, settings.port) == ("From the file", 9001)


def test_an_unknown_setting_in_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mooc.toml"
    file.write_text("sight_name = 1\n")
    with pytest.raises(SettingsError, match="sight_name"):
        load({}, toml=file)


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"MOOC_PORT": "8100"}, "http://127.0.0.1:8100"),
        ({"MOOC_HOST": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ({"MOOC_HOST": "::1", "MOOC_PORT": "81"}, "http://[::1]:81"),
        ({"MOOC_PORT": "81", "MOOC_BASE_URL": "https://ip.example"}, "https://ip.example"),
    ],
)
def test_the_address_follows_host_and_port_unless_it_is_set(
    values: dict[str, str], address: str
) -> None:
    assert load(values).base_url == address


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    settings = load({}, var=str(tmp_path / "var"))
    first = secret_key(settings)
    assert len(first) > 40
    assert secret_key(settings) == first
    mode = (tmp_path / "var" / "secret_key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_the_listing_names_every_setting_and_hides_secrets() -> None:
    rows = listing(load({"MOOC_SECRET_KEY": STRONG, "MOOC_SMTP_PASSWORD": "hush"}))
    assert len(rows) == len(fields(Settings))
    assert all(words for _name, _kind, _value, words in rows)
    text: Any = str(rows)
    assert STRONG not in text
    assert "hush" not in text
