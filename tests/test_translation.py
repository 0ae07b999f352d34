"""The encoder–decoder: steps by hand, differences, one by one as in a batch, and an end sign."""

import numpy as np
import pytest
from cases import (
    drawn,
    drawn_params,
    drawn_state,
    grus,
    lstms,
    mapped,
    output_of,
    quick,
    refuses,
    repeated_step,
    same,
    simple_cells,
    sizes,
    thorough,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib import (
    GRU,
    LSTM,
    RNN,
    Adam,
    Batch,
    Conv,
    EncoderDecoder,
    EncoderDecoderParams,
    Feedforward,
    Network,
    Pair,
    cross_entropy,
    fit,
    gradients,
    load,
    mask_from_lengths,
    one_hot,
    save,
    taught,
)


@st.composite
def models(draw):
    """Draw an encoder and a decoder: one or two cells each, and the same kinds of states."""
    kinds = draw(st.lists(st.sampled_from(["simple", "LSTM", "GRU"]), min_size=1, max_size=2))
    drawing = {"simple": simple_cells(), "LSTM": lstms(), "GRU": grus()}
    encoder, decoder = (tuple(draw(drawing[kind]) for kind in kinds) for _ in range(2))
    return EncoderDecoder(encoder, Network(decoder, bias_y=draw(st.booleans())))


def drawn_model(model, sizes, T_y):
    """Parameters, sources of unequal lengths padded with noise, what the decoder is shown, and labels."""
    rng, (T, B, n_x, n_s, n_y, _) = sizes.rng, sizes
    params = model.init(rng, n_x, n_s, n_y)

    def of_cells(cells, n_in):
        widths = zip(cells, [n_in, n_s], strict=False)
        return tuple(drawn_params(rng, cell, n, n_s) for cell, n in widths)

    decoder = params.decoder._replace(cells=of_cells(model.decoder.cells, n_y))
    params = EncoderDecoderParams(of_cells(model.encoder, n_x), decoder)
    x = Pair(drawn(rng, (T, B, n_x)), drawn(rng, (T_y, B, n_y)), rng.integers(1, T + 1, B))
    return params, x, rng.integers(0, n_y, (T_y, B)), mask_from_lengths(rng.integers(1, T_y + 1, B), T_y)


def stepped(cells, params, x, s_0):
    """Stacked cells, one step after the other: their outputs and their last states."""
    last = []
    for cell, of_cell, start in zip(cells, params, s_0, strict=True):
        states = repeated_step(cell, of_cell, x, start)
        final = tuple(part[-1] for part in states)
        x = output_of(states)
        last.append(type(states)(*final) if isinstance(cell, LSTM) else final[0])
    return x, last


@quick
@given(models(), sizes(T=6, B=4, n=3), st.integers(1, 4))
def test_forward_is_the_steps_of_each_source_alone(model, sizes, T_y):
    params, x, _, _ = drawn_model(model, sizes, T_y)
    y = model.forward(params, x).y
    for b, length in enumerate(x.lengths):
        some = [drawn_state(sizes.rng, cell, 1, sizes.n_s) for cell in model.encoder]
        start = [mapped(np.zeros_like, state) for state in some]
        _, state = stepped(model.encoder, params.encoder, x.source[-length:, b : b + 1], start)
        s, _ = stepped(model.decoder.cells, params.decoder.cells, x.previous[:, b : b + 1], state)
        b_y = 0 if params.decoder.b_y is None else params.decoder.b_y
        np.testing.assert_allclose(y[:, b : b + 1], s @ params.decoder.W_y + b_y, rtol=1e-11, atol=1e-11)


class Fixed:
    """A model whose lengths do not move when its inputs do."""

    def __init__(self, model, lengths):
        self.model, self.lengths, self.backward = model, lengths, model.backward

    def forward(self, params, x):
        return self.model.forward(params, x._replace(lengths=self.lengths))


@settings(thorough, max_examples=50)
@given(models(), sizes(T=4, B=3, n=3), st.integers(1, 3), st.booleans())
def test_backward_is_the_difference_quotient(model, sizes, T_y, unequal):
    params, x, d, mask = drawn_model(model, sizes, T_y)
    fixed = Fixed(model, x.lengths if unequal else None)
    x = x._replace(lengths=None)
    report = gradients.check(fixed, params, x, None, lambda y: cross_entropy(y, d, mask), h=2e-4)
    assert report.passed, f"{model}\n{report}"


@quick
@given(models(), sizes(T=6, B=4, n=3), st.integers(1, 4))
def test_a_batch_is_its_pairs_one_by_one(model, sizes, T_y):
    params, x, d, mask = drawn_model(model, sizes, T_y)
    B, alone = len(x.lengths), []
    run = model.forward(params, x)
    grads = model.backward(params, run, cross_entropy(run.y, d, mask)[1])
    for b, length in enumerate(x.lengths):
        one = np.s_[:, b : b + 1]
        pair = Pair(x.source[-length:, b : b + 1], x.previous[one])
        own = model.forward(params, pair)
        np.testing.assert_allclose(run.y[one], own.y, rtol=1e-10, atol=1e-10)
        alone.append(model.backward(params, own, cross_entropy(own.y, d[one], mask[one])[1]))
        np.testing.assert_allclose(B * grads.x.source[-length:, b : b + 1], alone[-1].x.source, atol=1e-10)
        np.testing.assert_allclose(B * grads.x.previous[one], alone[-1].x.previous, atol=1e-10)
        assert not grads.x.source[:-length, b].any()
    of_each = [dict(gradients._trees.leaves("params", grads.params)) for grads in alone]
    for name, found in gradients._trees.leaves("params", grads.params):
        mean = sum(of_one[name] for of_one in of_each) / B
        np.testing.assert_allclose(found, mean, rtol=1e-9, atol=1e-10, err_msg=name)


def test_two_nets_with_the_same_weights_are_one_net():
    """Read three steps, write four: the states are those of one RNN that runs over seven."""
    rng, cell = np.random.default_rng(0), RNN()
    model = EncoderDecoder((cell,), Network((cell,)))
    params = model.init(rng, 2, 5, 2)
    params = params._replace(encoder=params.decoder.cells)
    x, dE_dy = rng.standard_normal((7, 3, 2)), rng.standard_normal((4, 3, 2))
    run = model.forward(params, Pair(x[:3], x[3:]))
    whole = model.decoder.forward(params.decoder, x)
    np.testing.assert_allclose(run.y, whole.y[3:], rtol=1e-13)
    grads = model.backward(params, run, dE_dy)
    late = np.concatenate([np.zeros((3, 3, 2)), dE_dy])
    expected = model.decoder.backward(params.decoder, whole, late)
    np.testing.assert_allclose(np.concatenate(grads.x[:2]), expected.x, rtol=1e-12)
    both = [a + b for a, b in zip(grads.params.encoder[0], grads.params.decoder.cells[0], strict=True)]
    same(tuple(both), tuple(expected.params.cells[0]))
    np.testing.assert_allclose(grads.s_0[0], expected.states[0].s[3], rtol=1e-12)


def test_what_is_padded_is_not_read():
    model = EncoderDecoder((LSTM(),), Network((LSTM(),)))
    params = model.init(np.random.default_rng(0), 2, 4, 3)
    rng, previous = np.random.default_rng(1), np.zeros((2, 2, 3))
    source = rng.standard_normal((5, 2, 2))
    other = source.copy()
    other[:3, 1] = 99
    first, second = (model.forward(params, Pair(s, previous, np.array([5, 2]))).y for s in (source, other))
    np.testing.assert_array_equal(first, second)
    longer = np.concatenate([np.ones((4, 2, 2)), source])
    third = model.forward(params, Pair(longer, previous, np.array([5, 2])))
    np.testing.assert_allclose(third.y, first, rtol=1e-12)
    grads = model.backward(params, third, third.y)
    assert grads.x.source.shape == (9, 2, 2)
    assert not grads.x.source[:4].any()
    assert not grads.x.source[:7, 1].any()
    assert grads.x.source[7:].all()


def test_a_clip_can_be_read():
    conv = Conv((4, 4), kernels=3)
    model = EncoderDecoder((conv, GRU()), Network((Feedforward(), GRU())))
    rng = np.random.default_rng(0)
    params = model.init(rng, conv.n_x, (conv.n_s, 5), 2)
    run = model.forward(params, Pair(rng.standard_normal((3, 2, 16)), np.zeros((4, 2, 2))))
    grads = model.backward(params, run, np.ones((4, 2, 2)))
    assert grads.x.source.shape == (3, 2, 16)
    assert grads.params.encoder[0].W_x.any()


def reversing():
    """Pairs: three symbols of four, and the same backwards, with the end sign 0."""
    sources = np.array(list(np.ndindex(4, 4, 4))).T + 1
    lengths = np.where(np.arange(64) % 5 == 0, 2, 3)
    d = np.where(np.arange(4)[:, None] < lengths, np.concatenate([sources[::-1], sources[:1] * 0]), 0)
    mask = mask_from_lengths(lengths + 1, 4)
    x = Pair(one_hot(sources, 5)[..., 1:], taught(np.where(mask, d, -1), 5), lengths)
    return Batch(x, d, mask), lengths


def test_fit_learns_to_write_backwards_and_to_stop(tmp_path):
    batch, lengths = reversing()
    model = EncoderDecoder((GRU(),), Network((GRU(),), bias_y=True))
    params = model.init(np.random.default_rng(0), 4, 24, 5)
    optimizer = Adam(0.02)
    params, history = fit(model, params, [batch] * 200, cross_entropy, optimizer, clip=1.0, progress=False)
    assert history.loss[-1] < 0.1 * history.loss[0]
    written = model.greedy(params, batch.x.source, lengths, steps=9)
    assert written.shape == (4, 64)
    assert np.all(written == batch.d, axis=0).mean() > 0.95
    save(tmp_path / "net.npz", model, params)
    loaded, numbers = load(tmp_path / "net.npz")
    assert loaded == model
    same(numbers, params, rtol=0, atol=0)
    np.testing.assert_array_equal(loaded.greedy(numbers, batch.x.source, lengths, steps=9), written)


def test_greedy_decoding_is_the_decoder_shown_what_it_wrote():
    model = EncoderDecoder((RNN(),), Network((RNN(),), bias_y=True))
    params = model.init(np.random.default_rng(3), 2, 6, 4)
    source, lengths = np.random.default_rng(0).standard_normal((5, 30, 2)), np.arange(30) % 5 + 1
    written = model.greedy(params, source, lengths, steps=6)
    ended = np.cumsum(written == 0, axis=0) > 0
    assert 0 < ended[-1].sum() < 30  # some have ended, some ran out of steps
    assert not written[ended].any()
    y = model.forward(params, Pair(source, taught(written, 4), lengths)).y
    asked = np.concatenate([np.ones((1, 30), bool), ~ended[:-1]])
    np.testing.assert_array_equal(y.argmax(axis=-1)[asked], written[asked])
    cut = model.greedy(params, source, lengths, steps=2)
    np.testing.assert_array_equal(cut, written[:2])


def test_decoding_ends_when_all_have_ended():
    model = EncoderDecoder((RNN(),), Network((RNN(),), bias_y=True))
    params = model.init(np.random.default_rng(0), 2, 3, 4)
    decoder = params.decoder._replace(b_y=np.array([0.0, 0, 99, 0]))
    written = model.greedy(params._replace(decoder=decoder), np.ones((2, 5, 2)), steps=8, end=2)
    np.testing.assert_array_equal(written, np.full((1, 5), 2))


def test_one_hot_and_what_a_teacher_shows():
    np.testing.assert_array_equal(one_hot([[1, -1]], 3), [[[0, 1, 0], [0, 0, 0]]])
    assert one_hot([0], 2, np.float32).dtype == np.float32
    d = np.array([[2, 1], [0, 0], [-1, 1]])
    expected = [[[0, 0, 0], [0, 0, 0]], [[0, 0, 1], [0, 1, 0]], [[1, 0, 0], [1, 0, 0]]]
    np.testing.assert_array_equal(taught(d, 3), expected)


def test_float32_stays():
    model = EncoderDecoder((LSTM(), GRU()), Network((LSTM(), GRU())))
    params = model.init(np.random.default_rng(0), 2, 3, 4, np.float32)
    run = model.forward(params, Pair(np.ones((3, 2, 2)), np.zeros((2, 2, 4)), np.array([3, 1])))
    grads = model.backward(params, run, run.y)
    dtypes = {array.dtype for _, array in gradients._trees.leaves("params", (grads.params, grads.x[:2]))}
    assert dtypes == {run.y.dtype} == {np.dtype(np.float32)}


class TestBadInput:
    model = EncoderDecoder()
    params = model.init(np.random.default_rng(0), 2, 3, 4)
    x = Pair(np.ones((5, 2, 2)), np.ones((3, 2, 4)))

    def test_cells(self):
        with refuses("encoder has 2 entries; expected a tuple of 1, one for each cell"):
            EncoderDecoder((RNN(), RNN()), Network((RNN(),)))
        with refuses("decoder is RNN", TypeError):
            EncoderDecoder((RNN(),), RNN())
        with refuses("expected a tuple of at least one cell", TypeError):
            EncoderDecoder(RNN())

    def test_states_that_do_not_fit(self):
        model = EncoderDecoder((RNN(),), Network((LSTM(),)))
        with refuses("s_0 is of type ndarray; expected LSTMState(LTM, STM)", TypeError):
            model.forward(model.init(np.random.default_rng(0), 2, 3, 4), self.x)

    def test_parameters(self):
        with refuses("params is of type NetworkParams; expected EncoderDecoderParams", TypeError):
            self.model.forward(self.params.decoder, self.x)
        with refuses("params.cells has 2 entries; expected a tuple of 1"):
            self.model.forward(self.params._replace(encoder=self.params.encoder * 2), self.x)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"lengths": np.array([5, 6])}, "lengths[1] is 6; expected 1 to 5"),
            ({"lengths": np.array([5, 0])}, "lengths[1] is 0; expected 1 to 5"),
            ({"lengths": np.array([5])}, "lengths has shape (1,); expected (B,) = (2,)"),
            ({"source": np.ones((5, 2))}, "source has shape (5, 2); expected (T_x, B, n_x)"),
            ({"source": np.ones((5, 2, 3))}, "x has shape (5, 2, 3); expected (T, B, n_x) = (any, any, 2)"),
            ({"previous": np.ones((3, 2, 5))}, "expected (T, B, n_x) = (any, any, 4)"),
            ({"previous": np.ones((3, 1, 4))}, "s_0 has shape (2, 3); expected (B, n_s) = (1, 3)"),
        ],
    )
    def test_inputs(self, change, message):
        with refuses(message):
            self.model.forward(self.params, self.x._replace(**change))

    def test_kind_of_inputs(self):
        with refuses("x is of type ndarray; expected Pair(source, previous, lengths)", TypeError):
            self.model.forward(self.params, self.x.source)

    @pytest.mark.parametrize("symbols", [[3], [-2], [0.5]])
    def test_symbols(self, symbols):
        with refuses(f"symbols are {symbols}; expected whole numbers from -1 to 2"):
            one_hot(symbols, 3)

    def test_steps(self):
        with refuses("steps is 0; expected a whole number >= 1"):
            self.model.greedy(self.params, self.x.source, steps=0)

    @pytest.mark.parametrize("end", [-1, 4])
    def test_an_end_sign_that_is_no_symbol(self, end):
        with refuses(f"end is {end}; expected"):
            self.model.greedy(self.params, self.x.source, end=end)


def test_small_integer_types_are_counted_with():
    model = EncoderDecoder()
    params, source = model.init(np.random.default_rng(0), 2, 3, 4), np.ones((300, 1, 2))
    short = model.greedy(params, source, np.array([200], np.uint8), steps=3)
    assert short.tolist() == model.greedy(params, source, np.array([200]), steps=3).tolist()
    shown = taught(np.array([[1], [0]], np.uint8), 2)
    assert shown.tolist() == [[[0, 0]], [[0, 1]]]
