import numpy as np
import pytest
from cases import (
    drawn,
    drawn_params,
    drawn_state,
    far_from_ties,
    free_cells,
    fronts,
    output_of,
    quick,
    refuses,
    repeated_step,
    same,
    sizes,
    sizes_of,
    thorough,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnlib import (
    GRU,
    LSTM,
    RNN,
    Adam,
    Batch,
    Conv,
    Feedforward,
    Network,
    NetworkParams,
    Readouts,
    Streams,
    activations,
    cross_entropy,
    fit,
    gradients,
    last_step_mask,
    mask_from_lengths,
    squared_error,
)
from rnnlib.gradients._trees import leaves


@st.composite
def networks(draw):
    """Draw a stack of cells of all kinds, with or without something in front of them."""
    front, behind = draw(fronts()), draw(st.lists(free_cells(), min_size=1, max_size=3))
    return Network((*front, *behind), bias_y=draw(st.booleans()))


def random_network(network, sizes, dtype=np.float64):
    """Parameters (away from ReLU's kink), inputs and an initial state for each cell."""
    rng = sizes.rng
    n_x, _ = sizes_of(network.cells[0], sizes.n_x, None)
    drawn_widths = rng.integers(1, sizes.n_s + 1, len(network.cells))
    widths = tuple(sizes_of(cell, None, n)[1] for cell, n in zip(network.cells, drawn_widths, strict=True))
    params = network.init(rng, n_x, widths, sizes.n_y, dtype)
    layers = list(zip(network.cells, (n_x, *widths), widths, strict=False))
    params = params._replace(cells=tuple(drawn_params(rng, *layer, dtype) for layer in layers))
    if network.bias_y:
        params = params._replace(b_y=drawn(rng, sizes.n_y))
    s_0 = tuple(drawn_state(rng, cell, sizes.B, n_s) for cell, _, n_s in layers)
    return params, drawn(rng, (sizes.T, sizes.B, n_x)), s_0


@quick
@given(networks(), sizes())
def test_forward_is_the_steps_of_its_cells_and_the_readout(network, sizes):
    params, x, s_0 = random_network(network, sizes)
    run = network.forward(params, x, s_0)
    flow = x
    for cell, cell_params, start, cell_run in zip(network.cells, params.cells, s_0, run.runs, strict=True):
        states = repeated_step(cell, cell_params, flow, start)
        same(cell_run.states, states)
        flow = output_of(states)
    y = flow @ params.W_y + (0 if params.b_y is None else params.b_y)
    np.testing.assert_allclose(run.y, y, rtol=1e-11, atol=1e-11)
    assert run.output is run.y


@thorough
@given(networks(), sizes(T=5, B=3, n=3), st.booleans(), st.booleans())
def test_backward_is_the_difference_quotient(network, sizes, zero_start, answer_at_the_end):
    params, x, s_0 = random_network(network, sizes)
    rng = sizes.rng
    labels = rng.integers(0, sizes.n_y, (sizes.T, sizes.B))
    lengths = rng.integers(1, sizes.T + 1, sizes.B)
    mask = (last_step_mask if answer_at_the_end else mask_from_lengths)(lengths, sizes.T)
    starts = (None,) * len(s_0) if zero_start else s_0
    run = network.forward(params, x, starts)
    assume(all(map(far_from_ties, network.cells, run.runs)))
    report = gradients.check(network, params, x, starts, lambda y: cross_entropy(y, labels, mask), h=2e-4)
    assert report.passed, f"{network}\n{report}"


@quick
@given(networks(), sizes(T=6), st.data())
def test_two_halves_make_the_whole(network, sizes, data):
    params, x, s_0 = random_network(network, sizes._replace(T=sizes.T + 1))
    cut = data.draw(st.integers(1, sizes.T))
    dE_dy = drawn(sizes.rng, (sizes.T + 1, sizes.B, sizes.n_y))
    first = network.forward(params, x[:cut], s_0)
    second = network.forward(params, x[cut:], first.last)
    late = network.backward(params, second, dE_dy[cut:])
    early = network.backward(params, first, dE_dy[:cut], dE_dlast=late.s_0)
    whole = network.backward(params, network.forward(params, x, s_0), dE_dy)
    np.testing.assert_allclose(whole.x, np.concatenate([early.x, late.x]), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(whole.params.W_y, early.params.W_y + late.params.W_y, rtol=1e-9, atol=1e-9)
    same(whole.s_0, early.s_0, rtol=1e-9, atol=1e-9)


class TestMixedStack:
    """A convolution beside an RNN, an LSTM, a GRU and two readouts, on sequences of unequal lengths."""

    front = Streams((Conv((6, 6), kernels=2), RNN()), (36, 2), (8, 3))
    network = Network((front, LSTM(), GRU()), bias_y=True)
    readouts = Readouts({"who": (3, cross_entropy), "where": (2, squared_error)})
    lengths, T, B = np.array([2, 7, 1, 4]), 7, 4

    def drawn(self):
        rng = np.random.default_rng(0)
        params = self.network.init(rng, self.front.n_x, (self.front.n_s, 6, 5), self.readouts.n_y)
        x = rng.standard_normal((self.T, self.B, self.front.n_x))
        d = {"who": rng.integers(0, 3, (self.T, self.B)), "where": rng.standard_normal((self.T, self.B, 2))}
        return params, x, d

    def masks(self, lengths, T):
        return {"who": last_step_mask(lengths, T), "where": mask_from_lengths(lengths, T)}

    def gradient(self, params, x, d, lengths):
        run = self.network.forward(params, x)
        E, dE_dy = self.readouts(run.y, d, self.masks(lengths, len(x)))
        return E, self.network.backward(params, run, dE_dy)

    def test_backward_is_the_difference_quotient(self):
        params, x, d = self.drawn()
        masks = self.masks(self.lengths, self.T)
        report = gradients.check(self.network, params, x, None, lambda y: self.readouts(y, d, masks), 1e-5)
        assert report.passed, report

    def test_unequal_lengths_are_the_sequences_one_by_one(self):
        params, x, d = self.drawn()
        E, together = self.gradient(params, x, d, self.lengths)
        alone = []
        for b, length in enumerate(self.lengths):
            one = np.s_[:length, b : b + 1]
            own = {name: target[one] for name, target in d.items()}
            alone.append(self.gradient(params, x[one], own, self.lengths[b : b + 1]))
            np.testing.assert_allclose(together.x[one], alone[-1][1].x / self.B, rtol=1e-9, atol=1e-12)
            assert not together.x[length:, b].any()
        assert pytest.approx(np.mean([E_b for E_b, _ in alone])) == E
        of_each = [leaves("params", grads.params) for _, grads in alone]
        for (name, found), *expected in zip(leaves("params", together.params), *of_each, strict=True):
            mean = np.mean([grad for _, grad in expected], axis=0)
            np.testing.assert_allclose(found, mean, rtol=1e-9, atol=1e-12, err_msg=name)

    def test_fit_learns_and_never_sees_the_padding(self):
        params, x, d = self.drawn()
        masks, trained = self.masks(self.lengths, self.T), []
        for filler in (0, 1):
            padded = np.where(mask_from_lengths(self.lengths, self.T)[..., None], x, filler)
            batches = [Batch(padded, d, masks)] * 150
            after, history = fit(self.network, params, batches, self.readouts, Adam(0.01), progress=False)
            assert history.loss[-1] < 0.2 * history.loss[0]
            trained.append(after)
        same(*trained, rtol=1e-6, atol=1e-6)
        y = self.readouts.split(self.network.forward(after, padded).y)
        answers = y["who"].argmax(axis=-1)
        assert (answers == d["who"])[masks["who"]].all()


@pytest.mark.parametrize("bias_y", [False, True])
def test_gradients_have_the_form_of_the_parameters(bias_y):
    network = Network((RNN(), Feedforward(activations.relu)), bias_y)
    params = network.init(np.random.default_rng(0), 2, (3, 4), 5)
    run = network.forward(params, np.ones((6, 2, 2)))
    grads = network.backward(params, run, run.y)
    assert type(grads.params) is NetworkParams
    assert [type(cell) for cell in grads.params.cells] == [type(cell) for cell in params.cells]
    assert grads.params.W_y.shape == (4, 5)
    assert (grads.params.b_y is None) == (params.b_y is None) == (not bias_y)
    assert [s.s.shape for s in grads.states] == [(7, 2, 3), (7, 2, 4)]


def test_no_gradient_from_above_is_zero():
    network = Network()
    params = network.init(np.random.default_rng(0), 2, 3, 1)
    grads = network.backward(params, network.forward(params, np.ones((4, 1, 2))))
    assert not grads.params.W_y.any()
    assert not grads.params.cells[0].W_s.any()


def test_float32_stays():
    network = Network((RNN(), RNN()), bias_y=True)
    params = network.init(np.random.default_rng(0), 2, 3, 1, np.float32)
    run = network.forward(params, np.ones((4, 1, 2)))
    grads = network.backward(params, run, np.ones((4, 1, 1)))
    assert run.y.dtype == grads.params.W_y.dtype == grads.params.b_y.dtype == grads.x.dtype == np.float32


class TestBadInput:
    network = Network((RNN(), RNN()))
    params = network.init(np.random.default_rng(0), 2, 3, 1)
    x = np.ones((4, 2, 2))
    run = network.forward(params, x)

    @pytest.mark.parametrize("wrong", [(), [RNN()], RNN()])
    def test_cells(self, wrong):
        with pytest.raises(TypeError, match="expected a tuple of at least one cell"):
            Network(wrong)

    def test_number_of_widths(self):
        with pytest.raises(ValueError, match="n_s has 3 entries; expected a tuple of 2, one for each cell"):
            self.network.init(np.random.default_rng(0), 2, (3, 4, 5), 1)

    def test_kind_of_parameters(self):
        with pytest.raises(TypeError, match="params is of type RNNParams; expected NetworkParams"):
            self.network.forward(self.params.cells[0], self.x)

    def test_number_of_cells(self):
        with pytest.raises(ValueError, match=r"params.cells has 1 entries; expected a tuple of 2"):
            self.network.forward(self.params._replace(cells=self.params.cells[:1]), self.x)

    def test_number_of_states(self):
        with pytest.raises(ValueError, match="s_0 has ndarray; expected a tuple of 2"):
            self.network.forward(self.params, self.x, np.zeros((2, 3)))
        with pytest.raises(ValueError, match="dE_dlast has 1 entries; expected a tuple of 2"):
            self.network.backward(self.params, self.run, None, (None,))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"W_y": np.zeros((4, 1))}, "W_y has shape (4, 1); expected (n_s, n_y) = (3, any)"),
            ({"W_y": np.full((3, 1), np.nan)}, "W_y[0, 0] is nan; expected finite numbers"),
            ({"b_y": np.zeros(1)}, "b_y is an array; expected None, since bias_y=False"),
        ],
    )
    def test_readout(self, change, message):
        with refuses(message):
            self.network.forward(self.params._replace(**change), self.x)

    def test_missing_or_wrong_bias(self):
        network = Network((RNN(), RNN()), bias_y=True)
        with pytest.raises(ValueError, match="b_y is None; expected an array, since bias_y=True"):
            network.forward(self.params, self.x)
        with refuses("b_y has shape (2,); expected (n_y,) = (1,)"):
            network.forward(self.params._replace(b_y=np.zeros(2)), self.x)

    def test_gradient_from_above(self):
        with refuses("dE_dy has shape (4, 2, 2); expected (T, B, n_y) = (4, 2, 1)"):
            self.network.backward(self.params, self.run, np.ones((4, 2, 2)))

    def test_the_cell_speaks_for_itself(self):
        with refuses("x has shape (4, 2); expected (T, B, n_x) = (any, any, 2)"):
            self.network.forward(self.params, self.x[:, 0])
