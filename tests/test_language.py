"""English to French: no number is both learned from and judged by; the stored result is the code's."""

import numpy as np
import pytest

from rnnlib import data, tasks
from rnnlib.experiments import language, run

FEW = {"steps": 60, "seeds": 2, "pairs": 300, "nets": {"GRU": {}, "RNN": {"cell": "RNN"}}, "tried": [{}]}


@pytest.fixture(scope="module")
def stored():
    return data.load_results("language")


def test_nothing_is_learned_from_and_judged_by():
    known, validation, test, thousands = map(set, language.split())
    assert (len(known), len(validation), len(test), len(thousands)) == (2000, 500, 1000, 898)
    assert known >= set(range(100))
    assert not known & (validation | test | thousands)
    assert not validation & test
    assert min(validation | test) >= 100
    assert {n % 1000 for n in thousands} == {0}
    digits = np.bincount([len(str(n)) for n in test])
    assert digits[:3].sum() == 0
    assert min(digits[4:]) > 200


def test_more_pairs_add_to_fewer():
    few, many = (language.split(pairs=pairs) for pairs in (500, 5000))
    assert set(few.train) < set(language.split().train) < set(many.train)
    assert few[1:3] == many[1:3] == language.split()[1:3]
    assert not set(many.train) & set(many.test)


def test_training_sees_the_pairs_to_learn_from_only(monkeypatch):
    seen = []

    def pairs(numbers, dtype):
        seen.extend(numbers)
        return number_pairs(numbers, dtype)

    number_pairs = tasks.number_pairs
    monkeypatch.setattr(tasks, "number_pairs", pairs)
    language.train(progress=False, steps=1)
    assert seen == language.split().train


def test_some_pairs_are_cut_to_what_they_need():
    numbers = [999_999, 7, 80, 200, 777_777]
    x, d, mask = language._some(tasks.number_pairs(numbers, np.float32), np.array([3, 1]))
    (source, previous, lengths), own_d, own_mask = tasks.number_pairs([200, 7], np.float32)
    for one, other in zip((*x, d, mask), (source, previous, lengths, own_d, own_mask), strict=True):
        np.testing.assert_array_equal(one, other)


def slow_edits(a, b):
    if not a or not b:
        return len(a) + len(b)
    same = slow_edits(a[1:], b[1:]) + (a[0] != b[0])
    return min(same, slow_edits(a[1:], b) + 1, slow_edits(a, b[1:]) + 1)


def test_edit_distance_by_its_definition():
    rng = np.random.default_rng(0)
    lengths = rng.integers(0, 6, (2, 40))
    rows = [
        np.where(np.arange(5) < length[:, None], rng.integers(0, 3, (40, 5)), -1) for length in lengths
    ]
    expected = [
        slow_edits(*(row[row >= 0].tolist() for row in pair)) for pair in zip(*rows, strict=True)
    ]
    assert language.edits(*rows).tolist() == expected
    assert language.edits(rows[0][:1], rows[1]).shape == (40,)


def test_what_is_right_and_what_is_wrong():
    right, wrong = language.judged(["quatre-vingts", "deux cents un", ""], [80, 201, 7])
    assert right == 1 / 3
    assert wrong == (0 + 1 + 1) / (2 + 3 + 1)


def test_the_dictionary_counts_pairs():
    known = language.dictionary(range(20))
    assert known["three"] == "trois"
    assert known["seventeen"] == "-sept"  # dix is in 10 as well
    numbers = language.split().train
    known = language.dictionary(numbers)
    read = [tasks.numbers.pieces(tasks.english(n)) for n in numbers]
    written = [tasks.numbers.pieces(tasks.french(n)) for n in numbers]
    for piece in ("one", "-one", "eighty", "hundred"):
        score = {}
        for french in tasks.FRENCH_PIECES:
            both = sum(piece in e and french in f for e, f in zip(read, written, strict=True))
            either = sum(piece in e for e in read) + sum(french in f for f in written)
            score[french] = 2 * both / max(either, 1)
        assert known[piece] == max(score, key=score.get)


def test_the_baselines_by_hand():
    numbers, texts = language.split(), language._texts()
    known = language.dictionary(numbers.train)
    for n, text in list(zip(numbers.test, texts["word by word"], strict=True))[:50]:
        assert text == " ".join(known[p] for p in tasks.numbers.pieces(tasks.english(n))).replace(" -", "-")
    english = [tasks.numbers.pieces(tasks.english(n)) for n in numbers.train]
    short = [i for i, n in enumerate(numbers.test) if n < 1000][:2]
    for i in short:
        asked = tasks.numbers.pieces(tasks.english(numbers.test[i]))
        distance = [slow_edits(asked, cut) if len(cut) < 6 else 99 for cut in english]
        assert texts["nearest known number"][i] == tasks.french(numbers.train[int(np.argmin(distance))])
    right = np.mean([t == tasks.french(n) for t, n in zip(texts["word by word"], numbers.test, strict=True)])
    assert language.baselines()["word by word"][0] == right
    assert language.baselines()["nearest known number"][0] == 0


def test_the_stored_result_is_what_the_code_gives(stored):
    arrays, settings = stored
    assert settings.items() >= language.SETTINGS.items()
    assert np.allclose(arrays["baselines"], list(language.baselines().values()))
    shape = len(settings["nets"]), settings["seeds"]
    assert arrays["right"].shape == arrays["wrong"].shape == arrays["thousands_right"].shape == shape
    assert arrays["curve"].shape == (*shape, 20)
    assert arrays["tried"].shape == (len(settings["tried"]), settings["tried_seeds"])
    for i, changes in list(enumerate(settings["nets"].values()))[:4]:
        history = language.train(1, progress=False, **settings | changes | {"steps": 100}).history
        first = history.loss.reshape(2, 50).mean(axis=1)
        assert first == pytest.approx(arrays["curve"][i, 1, :2], rel=0.02)


def test_a_whole_training_does_what_is_stored(stored):
    arrays, settings = stored
    trained, numbers = language.train(0, progress=False), language.split()
    right, wrong = language.judged(language.translated(trained, numbers.test), numbers.test)
    assert right == pytest.approx(arrays["right"][0, 0], abs=0.03)
    assert wrong < 0.02
    assert language.translated(trained, [97, 80]) == ["quatre-vingt-dix-sept", "quatre-vingts"]


def test_what_the_lesson_says(stored):
    arrays, settings = stored
    nets = dict(zip(settings["nets"], arrays["right"], strict=True))
    baseline = arrays["baselines"][:, 0].max()
    assert nets["GRU"].min() > 0.97 > 0.5 > baseline
    sizes = [nets[f"GRU{name}"].mean() for name in (", 500 pairs", ", 1,000 pairs", "", ", 5,000 pairs")]
    assert sizes == sorted(sizes)
    assert arrays["thousands_right"][0].max() < 0.5 < 0.97 < arrays["right"][0].min()  # not the rule
    tried = dict(zip(map(str, settings["tried"]), arrays["tried"].mean(axis=1), strict=True))
    assert tried["{}"] == max(score for changes, score in tried.items() if "1500" not in changes)


def test_rows_of_the_table(stored):
    rows = language.scores(stored)
    assert [row.kind for row in rows] == ["ours", "ours", "ours", "baseline", "baseline"] * 2
    assert rows[0].scores.shape == (stored[1]["seeds"],)
    assert rows[3].scores == rows[3].scores.max() > 0.3
    assert rows[8].scores < rows[9].scores


def test_it_runs_by_name(tmp_path):
    arrays, settings = run("language", tmp_path, progress=False, **FEW)
    assert arrays["right"].shape == (2, 2)
    assert arrays["curve"].shape == (2, 2, 2)
    assert arrays["curve"][0, :, 1].max() < arrays["curve"][0, :, 0].min()
    assert settings["pairs"] == 300
