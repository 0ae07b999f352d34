"""PyTorch as the fourth witness: forward and all gradients, float64, to 1e-10.

It needs PyTorch and fails without it; `make test` leaves it out, `make test-all` runs it.
"""

import re
from pathlib import Path

import numpy as np
import pytest
from cases import drawn, drawn_params, drawn_state, parts

from rnnlib import (
    GRU,
    LSTM,
    RNN,
    Conv,
    EncoderDecoder,
    Network,
    NetworkParams,
    Pair,
    activations,
    cross_entropy,
    mask_from_lengths,
    taught,
)
from rnnlib.cells.torch_weights import from_torch, to_torch

pytestmark = pytest.mark.torch

T, B, N_X, N_S, N_Y = 12, 5, 3, 7, 4
CELLS = {
    "rnn-tanh": RNN(),
    "rnn-relu": RNN(activations.relu),
    "lstm": LSTM(),
    "gru": GRU(reset="after"),
}
WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)


def equal(ours, theirs):
    theirs = theirs.detach().numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10 * max(1, np.abs(theirs).max()))


def torch_net(torch, cell, params, n_x=N_X):
    """Return the nn module with the weights of ours, one layer for each of `params`."""
    choices = {"nonlinearity": cell.phi.name} if isinstance(cell, RNN) else {}
    net = getattr(torch.nn, type(cell).__name__)(n_x, N_S, len(params), dtype=torch.float64, **choices)
    with torch.no_grad():
        for i, layer in enumerate(params):
            for name, weight in zip(WEIGHTS, to_torch(layer), strict=True):
                getattr(net, f"{name}_l{i}").copy_(torch.tensor(weight))
    return net


def torch_states(torch, s_0):
    """Return (what the module takes as its initial state, the tensors in it) for one state a layer."""
    stacked = [np.stack(layers) for layers in zip(*map(parts, s_0), strict=True)]
    tensors = [torch.tensor(part, requires_grad=True) for part in stacked]
    return (tensors[1], tensors[0]) if len(tensors) == 2 else tensors[0], tensors  # theirs is (STM, LTM)


def torch_last(last):
    """Return the parts of the module's last state in our order."""
    return last[::-1] if isinstance(last, tuple) else (last,)


def equal_weights(ours, net, i):
    """Compare the gradients of layer i; the second bias is only in N of a GRU another one."""
    for name, grad in zip(WEIGHTS[:3], to_torch(ours), strict=False):
        equal(grad, getattr(net, f"{name}_l{i}").grad)
    if getattr(ours, "b_ns", None) is not None:
        equal(to_torch(ours).bias_hh[2 * N_S :], getattr(net, f"bias_hh_l{i}").grad[2 * N_S :])


def drawn_case(cell, layers):
    rng = np.random.default_rng(layers)
    network = Network((cell,) * layers)
    params = network.init(rng, N_X, N_S, N_Y)
    widths = (N_X, *[N_S] * (layers - 1))
    if cell != CELLS["rnn-relu"]:
        params = params._replace(cells=tuple(drawn_params(rng, cell, n_x, N_S) for n_x in widths))
    s_0 = tuple(drawn_state(rng, cell, B, N_S) for _ in range(layers))
    return rng, params, rng.standard_normal((T, B, N_X)), s_0


@pytest.mark.parametrize("layers", [1, 2])
@every_cell
def test_network_equals_pytorch(cell, layers):
    import torch

    rng, params, x, s_0 = drawn_case(cell, layers)
    labels = rng.integers(0, N_Y, (T, B))
    network = Network((cell,) * layers)
    run = network.forward(params, x, s_0)
    E, dE_dy = cross_entropy(run.y, labels)
    grads = network.backward(params, run, dE_dy)

    net, (start, states) = torch_net(torch, cell, params.cells), torch_states(torch, s_0)
    x_, W_y = (torch.tensor(a, requires_grad=True) for a in (x, params.W_y))
    s_, last = net(x_, start)
    y_ = s_ @ W_y
    total = torch.nn.CrossEntropyLoss(reduction="sum")(y_.flatten(0, 1), torch.tensor(labels).flatten())
    E_ = total / B
    E_.backward()

    equal(E, E_)
    equal(run.y, y_)
    equal(run.runs[-1].output, s_)
    equal(grads.params.W_y, W_y.grad)
    equal(grads.x, x_.grad)
    for ours, theirs in zip(zip(*map(parts, run.last), strict=True), torch_last(last), strict=True):
        equal(np.stack(ours), theirs)
    for ours, theirs in zip(zip(*map(parts, grads.s_0), strict=True), states, strict=True):
        equal(np.stack(ours), theirs.grad)
    for i, ours in enumerate(grads.params.cells):
        equal_weights(ours, net, i)


@every_cell
def test_gradient_entering_at_the_last_state(cell):
    import torch

    rng, params, x, s_0 = drawn_case(cell, 1)
    dE_ds, dE_dlast = rng.standard_normal((T, B, N_S)), drawn_state(rng, cell, B, N_S)
    run = cell.forward(params.cells[0], x, s_0[0])
    grads = cell.backward(params.cells[0], run, dE_ds, dE_dlast)

    net, (start, states) = torch_net(torch, cell, params.cells), torch_states(torch, s_0)
    x_ = torch.tensor(x, requires_grad=True)
    s_, last = net(x_, start)
    entering = [torch.tensor(part[None]) for part in parts(dE_dlast)]
    torch.autograd.backward([s_, *torch_last(last)], [torch.tensor(dE_ds), *entering])

    equal(run.output, s_)
    equal(grads.x, x_.grad)
    for ours, theirs in zip(parts(grads.s_0), states, strict=True):
        equal(ours, theirs.grad[0])
    equal_weights(grads.params, net, 0)


@every_cell
def test_weights_that_pytorch_drew(cell):
    import torch

    choices = {"nonlinearity": cell.phi.name} if isinstance(cell, RNN) else {}
    net = getattr(torch.nn, type(cell).__name__)(N_X, N_S, dtype=torch.float64, **choices)
    kind = type(cell.init(np.random.default_rng(0), N_X, N_S))
    params = from_torch(kind, *(weight.detach().numpy() for weight in net.parameters()))
    x = np.random.default_rng(0).standard_normal((T, B, N_X))
    equal(cell.forward(params, x).output, net(torch.tensor(x))[0])


def test_readout_bias_is_a_linear_layer():
    import torch

    rng, params, x, s_0 = drawn_case(RNN(), 1)
    network = Network(bias_y=True)
    params = NetworkParams(params.cells, params.W_y, rng.standard_normal(N_Y))
    run = network.forward(params, x, s_0)
    dE_dy = rng.standard_normal((T, B, N_Y))
    grads = network.backward(params, run, dE_dy)
    s_, W_y, b_y = (torch.tensor(a, requires_grad=True) for a in (run.runs[0].output, params.W_y, params.b_y))
    y_ = torch.nn.functional.linear(s_, W_y.T, b_y)
    y_.backward(torch.tensor(dE_dy))
    equal(run.y, y_)
    equal(grads.params.W_y, W_y.grad)
    equal(grads.params.b_y, b_y.grad)


def torch_conv(torch, cell, params, frames):
    """Return convolution, phi and pooling of (T · B, channels, H, W) frames, flattened pixel by pixel."""
    functional = torch.nn.functional
    a = functional.conv2d(frames, params[0].permute(3, 2, 0, 1), params[1])
    phi = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "identity": lambda z: z}
    pool = functional.max_pool2d if cell.pooling == "max" else functional.avg_pool2d
    return pool(phi[cell.phi.name](a), cell.pool).permute(0, 2, 3, 1)


@every_cell
def test_encoder_decoder_equals_pytorch(cell):
    """Each source alone in PyTorch, for its own length; the error is that of the batch."""
    import torch

    rng, model = np.random.default_rng(0), EncoderDecoder((cell,), Network((cell,)))
    params = model.init(rng, N_X, N_S, N_Y)
    source, lengths = rng.standard_normal((T, B, N_X)), np.array([12, 3, 12, 1, 7])
    d, mask = rng.integers(0, N_Y, (6, B)), mask_from_lengths([6, 1, 3, 6, 2], 6)
    run = model.forward(params, Pair(source, taught(d, N_Y), lengths))
    E, dE_dy = cross_entropy(run.y, d, mask)
    grads = model.backward(params, run, dE_dy)

    reader = torch_net(torch, cell, params.encoder, N_X)
    writer = torch_net(torch, cell, params.decoder.cells, N_Y)
    x_, W_y = (torch.tensor(a, requires_grad=True) for a in (source, params.decoder.W_y))
    shown, total = torch.tensor(taught(d, N_Y)), 0
    for b, length in enumerate(lengths):
        y_ = writer(shown[:, b : b + 1], reader(x_[T - length :, b : b + 1])[1])[0] @ W_y
        equal(run.y[:, b : b + 1], y_)
        asked = torch.tensor(mask[:, b])
        loss = torch.nn.CrossEntropyLoss(reduction="sum")
        total = total + loss(y_[asked, 0], torch.tensor(d[:, b])[asked]) / B
    total.backward()

    equal(E, total)
    equal(grads.x.source, x_.grad)
    equal(grads.params.decoder.W_y, W_y.grad)
    equal_weights(grads.params.encoder[0], reader, 0)
    equal_weights(grads.params.decoder.cells[0], writer, 0)


@pytest.mark.parametrize("pooling", ["max", "mean"])
@pytest.mark.parametrize("phi", ["tanh", "relu", "identity"])
@pytest.mark.parametrize(("frame", "size", "pool"), [((8, 7), 3, 2), ((5, 6, 3), 2, 3), ((4, 4, 2), 1, 1)])
@pytest.mark.parametrize("ties", [False, True])
def test_conv_equals_pytorch(frame, size, pool, phi, pooling, ties):
    import torch

    cell, rng = Conv(frame, 4, size, pool, pooling, activations.by_name(phi)), np.random.default_rng(0)
    params = cell.init(rng)._replace(b_s=drawn(rng, 4))
    x, dE_ds = rng.standard_normal((T, B, cell.n_x)), rng.standard_normal((T, B, cell.n_s))
    if ties:  # whole numbers: many sums are equal, and so are the activations
        x, params = np.sign(x), type(params)(np.sign(params.W_x), np.zeros(4))
    run = cell.forward(params, x)
    grads = cell.backward(params, run, dE_ds)

    tensors = [torch.tensor(a, requires_grad=True) for a in (*params, x)]
    frames = tensors[2].reshape(T * B, *frame[:2], -1).permute(0, 3, 1, 2)
    s_ = torch_conv(torch, cell, tensors, frames).reshape(T, B, -1)
    s_.backward(torch.tensor(dE_ds))

    equal(run.output, s_)
    for ours, theirs in zip((*grads.params, grads.x), tensors, strict=True):
        equal(ours, theirs.grad)


def test_lesson_9_quotes_pytorch():
    import torch

    rng = np.random.default_rng(0)
    params, x = GRU().init(rng, n_x=3, n_s=4), rng.standard_normal((8, 3))
    net = torch.nn.GRU(3, 4, dtype=torch.float64)
    with torch.no_grad():
        for name, weight in to_torch(params._replace(b_ns=np.full(4, 0.5)))._asdict().items():
            getattr(net, f"{name}_l0").copy_(torch.tensor(weight))
        last = net(torch.tensor(x[:, None]))[1].numpy().ravel()
    lesson = Path(__file__).resolve().parent.parent / "notebooks" / "09_variations.ipynb"
    quoted = re.search(r"torch_says = \[(.+?)\]", lesson.read_text(encoding="utf-8"))[1]
    assert last == pytest.approx([float(number) for number in quoted.split(",")], abs=5e-9)
