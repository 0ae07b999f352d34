"""Numbers in words: what a grammar says of them, and the pairs that are made of them."""

import re

import numpy as np
import pytest
from cases import refuses
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import EncoderDecoder, Network, cross_entropy, one_hot
from rnnlib.tasks import ENGLISH_PIECES, FRENCH_PIECES, english, french, number_pairs, numbers, translations

KNOWN = {
    0: ("zero", "zéro"),
    1: ("one", "un"),
    10: ("ten", "dix"),
    16: ("sixteen", "seize"),
    17: ("seventeen", "dix-sept"),
    20: ("twenty", "vingt"),
    21: ("twenty-one", "vingt et un"),
    22: ("twenty-two", "vingt-deux"),
    31: ("thirty-one", "trente et un"),
    40: ("forty", "quarante"),
    59: ("fifty-nine", "cinquante-neuf"),
    61: ("sixty-one", "soixante et un"),
    70: ("seventy", "soixante-dix"),
    71: ("seventy-one", "soixante et onze"),
    72: ("seventy-two", "soixante-douze"),
    79: ("seventy-nine", "soixante-dix-neuf"),
    80: ("eighty", "quatre-vingts"),
    81: ("eighty-one", "quatre-vingt-un"),
    88: ("eighty-eight", "quatre-vingt-huit"),
    90: ("ninety", "quatre-vingt-dix"),
    91: ("ninety-one", "quatre-vingt-onze"),
    97: ("ninety-seven", "quatre-vingt-dix-sept"),
    100: ("one hundred", "cent"),
    101: ("one hundred one", "cent un"),
    121: ("one hundred twenty-one", "cent vingt et un"),
    171: ("one hundred seventy-one", "cent soixante et onze"),
    180: ("one hundred eighty", "cent quatre-vingts"),
    200: ("two hundred", "deux cents"),
    201: ("two hundred one", "deux cent un"),
    280: ("two hundred eighty", "deux cent quatre-vingts"),
    999: ("nine hundred ninety-nine", "neuf cent quatre-vingt-dix-neuf"),
    1000: ("one thousand", "mille"),
    1001: ("one thousand one", "mille un"),
    1100: ("one thousand one hundred", "mille cent"),
    1200: ("one thousand two hundred", "mille deux cents"),
    1999: ("one thousand nine hundred ninety-nine", "mille neuf cent quatre-vingt-dix-neuf"),
    2000: ("two thousand", "deux mille"),
    2080: ("two thousand eighty", "deux mille quatre-vingts"),
    21_000: ("twenty-one thousand", "vingt et un mille"),
    71_071: ("seventy-one thousand seventy-one", "soixante et onze mille soixante et onze"),
    80_000: ("eighty thousand", "quatre-vingt mille"),
    80_080: ("eighty thousand eighty", "quatre-vingt mille quatre-vingts"),
    81_000: ("eighty-one thousand", "quatre-vingt-un mille"),
    100_000: ("one hundred thousand", "cent mille"),
    101_000: ("one hundred one thousand", "cent un mille"),
    200_000: ("two hundred thousand", "deux cent mille"),
    200_200: ("two hundred thousand two hundred", "deux cent mille deux cents"),
    380_300: ("three hundred eighty thousand three hundred", "trois cent quatre-vingt mille trois cents"),
    999_999: (
        "nine hundred ninety-nine thousand nine hundred ninety-nine",
        "neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf",
    ),
}
SAMPLE = (*range(2000), *range(2000, 1_000_000, 997), *range(0, 1_000_000, 1000))
VALUES = dict(zip(["cent", "mille", "vingt", "quatre"], [100, 1000, 20, 4], strict=True))


@pytest.mark.parametrize("n", KNOWN)
def test_known_numbers(n):
    assert (english(n), french(n)) == KNOWN[n]


def test_no_two_numbers_are_called_alike():
    for spell in (english, french):
        assert len({spell(n) for n in SAMPLE}) == len(set(SAMPLE))


def value(text):
    """The number that a French text says, by adding and multiplying its words."""
    words = re.split("[ -]", re.sub(r"\b(vingt|cent)s\b", r"\1", text).replace(" et ", " "))
    total = below = 0
    for word in words:
        number = VALUES.get(word, numbers.UNS.index(word) if word in numbers.UNS else None)
        if number is None:
            number = 10 * (numbers.VINGTS.index(word) + 2)
        if word == "mille":
            total, below = 1000 * max(below, 1), 0
        elif word == "cent":
            below = 100 * max(below, 1)
        elif word == "vingt" and below % 100 == 4:
            below += 76
        else:
            below += number
    return total + below


def test_the_words_add_up():
    assert [value(french(n)) for n in SAMPLE] == list(SAMPLE)


def test_the_rules_of_spelling():
    for n in SAMPLE:
        text = french(n)
        assert bool(re.search("[^-]quatre-vingts$", " " + text)) == (n % 100 == 80)
        assert text.endswith(" cents") == (n % 100 == 0 and n % 1000 > 100)
        assert "vingts" not in text[:-1].removesuffix("vingt")
        assert "cents" not in text[:-1].removesuffix("cent")
        assert "milles" not in text
        assert text.startswith("mille") == (n // 1000 == 1)
        assert not re.search("et-|-et|un cent|zéro .|. zéro", text)
        below = n % 100
        assert text.endswith((" et un", " et onze")) == (below in (21, 31, 41, 51, 61, 71))


def test_american_english():
    for n in SAMPLE:
        assert " and " not in english(n)
        assert english(n).count("thousand") == (n >= 1000)
        assert english(n).count("-") == sum(part % 100 > 20 and part % 10 > 0 for part in divmod(n, 1000))


def test_texts_are_cut_and_joined():
    assert numbers.pieces("vingt et un mille quatre-vingt-dix") == [
        *("vingt", "et", "un", "mille", "quatre", "-vingt", "-dix")
    ]
    for spell, known in ((english, ENGLISH_PIECES), (french, FRENCH_PIECES)):
        for n in SAMPLE:
            cut = numbers.pieces(spell(n))
            assert set(cut) <= set(known)
            assert numbers.joined(cut) == spell(n)
    assert (len(ENGLISH_PIECES), len(FRENCH_PIECES)) == (39, 45)


@given(st.lists(st.integers(0, numbers.LAST), min_size=1, max_size=5))
def test_pairs(drawn):
    x, d, mask = number_pairs(drawn)
    assert x.source.shape == (max(x.lengths), len(drawn), 39)
    assert x.previous.shape == (*d.shape, 45) == (*mask.shape, 45)
    for b, n in enumerate(drawn):
        source, steps = x.source[:, b], int(mask[:, b].sum())
        assert not source[: -x.lengths[b]].any()
        read = [ENGLISH_PIECES[k] for k in source[-x.lengths[b] :].argmax(axis=1)]
        assert numbers.joined(read) == english(n)
        assert mask[:steps, b].all()
        assert d[steps - 1 :, b].tolist() == [0] * (len(d) - steps + 1)
        assert translations(d)[b] == french(n)
        np.testing.assert_array_equal(x.previous[1:steps, b], one_hot(d[: steps - 1, b], 45))
        assert not x.previous[0, b].any()


def test_translations_end_at_the_first_end_sign():
    un, mille = FRENCH_PIECES.index("un"), FRENCH_PIECES.index("mille")
    assert translations([[mille, 0, mille], [un, mille, mille], [0, un, mille]]) == [
        *("mille un", "", "mille mille mille")
    ]


def test_pairs_fit_an_encoder_decoder():
    batch = number_pairs([7, 77, 777_777], np.float32)
    model = EncoderDecoder(decoder=Network(bias_y=True))
    params = model.init(np.random.default_rng(0), 39, 5, 45, np.float32)
    run = model.forward(params, batch.x)
    E, dE_dy = cross_entropy(run.y, batch.d, batch.mask)
    assert np.isfinite(E)
    assert model.backward(params, run, dE_dy).x.source.dtype == batch.x.source.dtype == np.float32


def test_refuses():
    for spell in (english, french):
        with refuses("n is 1000000; expected at most 999999"):
            spell(1_000_000)
        with refuses("n is -1; expected a whole number >= 0"):
            spell(-1)
        with refuses("n is 1.0; expected a whole number >= 0"):
            spell(1.0)
    with refuses("there are no numbers; expected at least one"):
        number_pairs([])
