"""Figures: every committed SVG is what its script draws, and says in words what it shows."""

import importlib.util
import platform
import re
import sys
from itertools import zip_longest
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest

FIGURES = Path(__file__).parents[1] / "figures"
SVG = "{http://www.w3.org/2000/svg}"


def load_build():
    spec = importlib.util.spec_from_file_location("build_figures", FIGURES / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = load_build()


NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
INVISIBLE = 1e-3
"""Points, 1/72 inch. In the wall of the cliff the last digits, 2e-6 points, depend on the processor."""


def lines_can_be_equal():
    """Tell whether this is the tested matplotlib on the tested platform; others may draw differently."""
    pinned = re.search(r"^matplotlib==(\S+)", (FIGURES.parent / "constraints.txt").read_text(), re.MULTILINE)
    same_platform = (sys.platform, platform.machine()) == ("linux", "x86_64")
    return same_platform and pinned is not None and pinned[1] == matplotlib.__version__


def structure(text):
    """Return what a reader sees, whatever the rounding: tags, ids and colors in their order."""
    paint = re.compile(r"(?:fill|stroke): #[0-9a-f]{6}")
    return [
        (element.tag, paint.findall(element.get("style", "")))
        for element in ElementTree.fromstring(text).iter()
        if not element.tag.endswith(("defs", "style", "use"))
    ]


def differences(drawn, committed):
    """Return the pairs of lines that differ by more than numbers that nobody could see."""
    pairs = list(zip_longest(drawn.splitlines(), committed.splitlines(), fillvalue=""))
    return [(one, other) for one, other in pairs if one != other and not looks_like(one, other)]


def looks_like(one, other):
    same_words = NUMBER.sub("", one) == NUMBER.sub("", other)
    numbers = [np.array(NUMBER.findall(line), float) for line in (one, other)]
    return same_words and np.allclose(*numbers, rtol=0, atol=INVISIBLE)


@pytest.mark.parametrize("name", build.NAMES)
def test_figure_is_what_its_script_draws(name):
    committed = (FIGURES / f"{name}.svg").read_text(encoding="utf-8")
    drawn = build.svg(name)
    if lines_can_be_equal():
        assert not differences(drawn, committed), f"run: python figures/build.py {name}"
    else:
        assert structure(drawn) == structure(committed)


@pytest.mark.parametrize("name", build.NAMES)
def test_figure_has_a_title_and_a_description(name):
    root = ElementTree.parse(FIGURES / f"{name}.svg").getroot()
    assert root.get("role") == "img"
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == build.load(name).TITLE
    assert len(root[1].text) > 60


def test_no_figure_is_left_over_and_none_is_missing():
    assert sorted(path.stem for path in FIGURES.glob("*.svg")) == build.NAMES


@pytest.mark.parametrize("name", build.NAMES)
def test_the_drawn_title_is_the_spoken_one(name):
    with build.style():
        fig = build.load(name).figure()
        titles = [text.get_text() for ax in fig.axes for text in ax.texts] + [fig.get_suptitle()]
        build.plt.close(fig)
    assert build.load(name).TITLE in titles


def test_drawing_twice_gives_the_same_bytes():
    assert build.svg("folded") == build.svg("folded")


def test_an_unknown_figure_is_named(capsys):
    assert build.main(["nothing"]) == 2
    assert f"No such figure: nothing; there are {build.NAMES[0]}, " in capsys.readouterr().err


def test_a_named_figure_is_written(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(build, "svg", lambda name: f"<svg>{name}</svg>\n")
    monkeypatch.setattr(build, "HERE", tmp_path)
    assert build.main(["folded"]) == 0
    assert (tmp_path / "folded.svg").read_text() == "<svg>folded</svg>\n"
    assert capsys.readouterr().out == "figures/folded.svg\n"
