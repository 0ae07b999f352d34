import numpy as np
import pytest
from cases import (
    cells,
    drawn,
    drawn_params,
    drawn_state,
    quick,
    refuses,
    repeated_step,
    same,
    sizes,
    thorough,
)
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    RNN,
    Feedforward,
    Network,
    NetworkParams,
    activations,
    cross_entropy,
    gradients,
    last_step_mask,
    mask_from_lengths,
)

networks = st.builds(
    Network, st.lists(cells(), min_size=1, max_size=3).map(tuple), bias_y=st.booleans()
)


def random_network(network, sizes, dtype=np.float64):
    """Parameters (away from ReLU's kink), inputs and an initial state for each cell."""
    rng = sizes.rng
    widths = tuple(rng.integers(1, sizes.n_s + 1, len(network.cells)))
    params = network.init(rng, sizes.n_x, widths, sizes.n_y, dtype)
    layers = list(zip(network.cells, (sizes.n_x, *widths), widths, strict=False))
    params = params._replace(cells=tuple(drawn_params(rng, *layer, dtype) for layer in layers))
    if network.bias_y:
        params = params._replace(b_y=drawn(rng, sizes.n_y))
    s_0 = tuple(drawn_state(rng, cell, sizes.B, n_s) for cell, _, n_s in layers)
    return params, drawn(rng, (sizes.T, sizes.B, sizes.n_x)), s_0


@quick
@given(networks, sizes())
def test_forward_is_the_steps_of_its_cells_and_the_readout(network, sizes):
    params, x, s_0 = random_network(network, sizes)
    run = network.forward(params, x, s_0)
    flow = x
    for cell, cell_params, start, cell_run in zip(network.cells, params.cells, s_0, run.runs, strict=True):
        states = repeated_step(cell, cell_params, flow, start)
        same(cell_run.states, states)
        flow = states[-1][1:]
    y = flow @ params.W_y + (0 if params.b_y is None else params.b_y)
    np.testing.assert_allclose(run.y, y, rtol=1e-11, atol=1e-11)
    assert run.output is run.y


@thorough
@given(networks, sizes(T=5, B=3, n=3), st.booleans(), st.booleans())
def test_backward_is_the_difference_quotient(network, sizes, zero_start, answer_at_the_end):
    params, x, s_0 = random_network(network, sizes)
    rng = sizes.rng
    labels = rng.integers(0, sizes.n_y, (sizes.T, sizes.B))
    lengths = rng.integers(1, sizes.T + 1, sizes.B)
    mask = (last_step_mask if answer_at_the_end else mask_from_lengths)(lengths, sizes.T)
    starts = (None,) * len(s_0) if zero_start else s_0
    report = gradients.check(network, params, x, starts, loss=lambda y: cross_entropy(y, labels, mask))
    assert report.passed, f"{network}\n{report}"


@quick
@given(networks, sizes(T=6), st.data())
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
