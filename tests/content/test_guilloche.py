"""Rosettes: a pure function from a seed to a few kilobytes of curves."""

from __future__ import annotations

from math import cos, dist, hypot, sin, tau
from xml.etree import ElementTree as ET

import pytest

from mooc.content.guilloche import STRANDS, rosette, sector_paths, svg

SEEDS = ["ip-essentials", "patent-information", "lab-to-market", "K7Q2-9FDM-3TXA", "", "курс"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_draws_the_same_picture(seed: str) -> None:
    assert svg(rosette(seed), 400) == svg(rosette(seed), 400)


def test_other_seeds_draw_other_pictures() -> None:
    assert len({svg(rosette(seed), 400) for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_it_has_three_rings_of_nine_strands_and_waves_that_grow_outwards(seed: str) -> None:
    shape = rosette(seed)
    assert 10 <= shape.petals <= 17
    assert [len(strands) for strands in sector_paths(shape)] == [STRANDS] * 3
    waves = [ring.waves for ring in shape.rings]
    assert waves == sorted(waves)
    assert all(count % shape.petals == 0 for count in waves)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_turned_sector_goes_on_where_the_last_one_ended(seed: str) -> None:
    shape = rosette(seed)
    angle = tau / shape.petals
    for strand in (strand for strands in sector_paths(shape, 1000) for strand in strands):
        x, y = strand.start
        turned = (x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle))
        assert dist(turned, strand.curves[-1][2]) < 1e-6
        assert all(hypot(*end) <= 1000.001 for _, _, end in strand.curves)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_svg_is_small_and_needs_no_style(seed: str) -> None:
    text = svg(rosette(seed), 800, "#1d3f72", opacity=0.5)
    root = ET.fromstring(text)
    assert len(text) < 10_000
    assert not any(
        name == "style" or name.startswith("on") for node in root.iter() for name in node.attrib
    )
    assert len(root.findall("{http://www.w3.org/2000/svg}use")) == rosette(seed).petals - 1


def test_a_stroke_cannot_break_out_of_its_attribute() -> None:
    ET.fromstring(svg(rosette("a"), 10, '"><script>'))
