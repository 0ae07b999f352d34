"""Tables of many controls: what needs few controls has few frames, and many frames are read at once."""

import numpy as np
import pytest
from explorer_samples import everything, line_explorer, unpacked

from rnnlib.explorers.base import Explorer, Slider
from rnnlib.explorers.marks import COARSE


def test_a_table_computed_at_once_is_the_same():
    x = np.linspace(0, 6, 20)

    def wave(i, high):
        return {"line": (x, np.sin(x + i) * high), "dots": (x, np.cos(x * i)), "note": f"{i}", "name": high}

    def draw_waves(fig, arrays):
        ax = fig.subplots()
        (line,), (dots,) = ax.plot(*arrays["line"], "--"), ax.plot(*arrays["dots"], "o")
        return {"line": line, "dots": dots, "note": ax.text(1, 0, ""), "name": ax.text(1, 1, "")}

    def table(names, i, high):
        rows = [wave(*at) for at in zip(i, high, strict=True)]
        return {name: np.array([row[name] for row in rows]) for name in names}

    def explorer(**options):
        controls = [Slider("i", range(4), 1), Slider("high", [1, 2], 1)]
        words = [lambda arrays, i, high: f"i = {i}, ", lambda arrays, i, high: f"high: {high}, "]
        words.append(lambda arrays, i, high: f"again {i}.")
        needs = {"dots": ["i"], "note": ["i"], "name": ["high"], words[0]: ["i"], words[1]: ["high"]}
        needs[words[2]] = ["i"]
        texts = {"title": "T", "alt": "A.", "words": words, "needs": needs}
        return Explorer(wave, draw_waves, controls, **texts, **options)

    one, two = explorer(), explorer(compute_table=table)
    (first, read), (second, read_too) = unpacked(one._frames), unpacked(two._frames)
    assert [(sheet["axes"], sheet["settings"]) for sheet in first["sheets"]] == [
        ([0, 1], 8), ([0], 4), ([1], 2),
    ]  # fmt: skip
    assert second["sheets"] == first["sheets"]
    assert second["said"]([0, 3, 1]) == first["said"]([0, 3, 1]) == "i = 3, high: 2, again 3."
    for m, mark in enumerate(first["marks"]):
        for setting in range(first["sheets"][mark["sheet"]]["settings"]):
            for channel in mark["channels"]:
                pair = (place(m, channel, setting) for place in (read, read_too))
                np.testing.assert_allclose(*pair, atol=COARSE / 2)


def test_needs_must_name_controls():
    with pytest.raises(ValueError, match=r"needs names \['size'\]; expected some of \['turn'"):
        everything(needs={"dashed": ["size"]})


def test_a_line_of_a_whole_table_must_be_finite():
    nothing = np.full((2, 2, 2), np.nan)
    with pytest.raises(ValueError, match="not finite"):
        line_explorer([[0.0, 1.0]] * 2, compute_table=lambda names, i: {"line": nothing})
