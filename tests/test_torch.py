"""PyTorch as the fourth witness: forward and all gradients, float64, to 1e-10.

It needs PyTorch and fails without it; `make test` leaves it out, `make test-all` runs it.
"""

import numpy as np
import pytest

from rnnlib import RNN, Network, NetworkParams, RNNParams, activations, cross_entropy

pytestmark = pytest.mark.torch

T, B, N_X, N_S, N_Y = 12, 5, 3, 7, 4


def equal(ours, theirs):
    theirs = theirs.detach().numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10 * max(1, np.abs(theirs).max()))


def torch_rnn(torch, params, phi):
    """Return an nn.RNN with the weights of ours: transposed, and with its second bias at zero."""
    layers = len(params)
    net = torch.nn.RNN(N_X, N_S, num_layers=layers, nonlinearity=phi.name, dtype=torch.float64)
    with torch.no_grad():
        for i, (W_x, W_s, b_s) in enumerate(params):
            getattr(net, f"weight_ih_l{i}").copy_(torch.tensor(W_x.T.copy()))
            getattr(net, f"weight_hh_l{i}").copy_(torch.tensor(W_s.T.copy()))
            getattr(net, f"bias_ih_l{i}").copy_(torch.tensor(b_s))
            getattr(net, f"bias_hh_l{i}").zero_()
    return net


def torch_grads(net, i):
    """Return the gradients of layer i in our shapes."""
    W_x, W_s, b_s = (getattr(net, f"{name}_l{i}").grad for name in ("weight_ih", "weight_hh", "bias_ih"))
    return RNNParams(W_x.T, W_s.T, b_s)


def drawn_case(layers):
    rng = np.random.default_rng(layers)
    network = Network((RNN(),) * layers)
    params = network.init(rng, N_X, N_S, N_Y)
    cells = tuple(cell._replace(b_s=rng.standard_normal(N_S)) for cell in params.cells)
    x, s_0 = rng.standard_normal((T, B, N_X)), rng.standard_normal((layers, B, N_S))
    return rng, params._replace(cells=cells), x, s_0


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("phi", [activations.tanh, activations.relu], ids=lambda phi: phi.name)
def test_network_equals_nn_rnn(phi, layers):
    import torch

    rng, params, x, s_0 = drawn_case(layers)
    labels = rng.integers(0, N_Y, (T, B))
    network = Network((RNN(phi),) * layers)
    run = network.forward(params, x, tuple(s_0))
    E, dE_dy = cross_entropy(run.y, labels)
    grads = network.backward(params, run, dE_dy)

    net = torch_rnn(torch, params.cells, phi)
    x_, s_0_, W_y = (torch.tensor(a, requires_grad=True) for a in (x, s_0, params.W_y))
    s_, last = net(x_, s_0_)
    y_ = s_ @ W_y
    total = torch.nn.CrossEntropyLoss(reduction="sum")(y_.flatten(0, 1), torch.tensor(labels).flatten())
    E_ = total / B
    E_.backward()

    equal(E, E_)
    equal(run.y, y_)
    equal(run.runs[-1].output, s_)
    equal(np.stack(run.last), last)
    equal(grads.params.W_y, W_y.grad)
    equal(grads.x, x_.grad)
    equal(np.stack(grads.s_0), s_0_.grad)
    for i, ours in enumerate(grads.params.cells):
        for a, b in zip(ours, torch_grads(net, i), strict=True):
            equal(a, b)


@pytest.mark.parametrize("phi", [activations.tanh, activations.relu], ids=lambda phi: phi.name)
def test_gradient_entering_at_the_last_state(phi):
    import torch

    rng, params, x, s_0 = drawn_case(1)
    cell = RNN(phi)
    dE_ds, dE_dlast = rng.standard_normal((T, B, N_S)), rng.standard_normal((B, N_S))
    run = cell.forward(params.cells[0], x, s_0[0])
    grads = cell.backward(params.cells[0], run, dE_ds, dE_dlast)

    net = torch_rnn(torch, params.cells, phi)
    x_, s_0_ = (torch.tensor(a, requires_grad=True) for a in (x, s_0))
    s_, last = net(x_, s_0_)
    torch.autograd.backward([s_, last], [torch.tensor(dE_ds), torch.tensor(dE_dlast[None])])

    equal(run.output, s_)
    equal(grads.x, x_.grad)
    equal(grads.s_0, s_0_.grad[0])
    for a, b in zip(grads.params, torch_grads(net, 0), strict=True):
        equal(a, b)


def test_readout_bias_is_a_linear_layer():
    import torch

    rng, params, x, s_0 = drawn_case(1)
    network = Network(bias_y=True)
    params = NetworkParams(params.cells, params.W_y, rng.standard_normal(N_Y))
    run = network.forward(params, x, tuple(s_0))
    dE_dy = rng.standard_normal((T, B, N_Y))
    grads = network.backward(params, run, dE_dy)
    s_, W_y, b_y = (torch.tensor(a, requires_grad=True) for a in (run.runs[0].output, params.W_y, params.b_y))
    y_ = torch.nn.functional.linear(s_, W_y.T, b_y)
    y_.backward(torch.tensor(dE_dy))
    equal(run.y, y_)
    equal(grads.params.W_y, W_y.grad)
    equal(grads.params.b_y, b_y.grad)
