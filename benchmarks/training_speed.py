"""One training step of rnnlib's RNN, LSTM and GRU against PyTorch's on the CPU, in the same run.

    python benchmarks/training_speed.py               the tables
    python benchmarks/training_speed.py --cell LSTM   one cell alone
    python benchmarks/training_speed.py --check       one thread only; fails if one is twice below its limit

What is timed, on both sides, in float32 with standard choices: forward over the whole sequence from a
zero state, then backward from a given dE_ds. Out come the outputs of all steps, and the gradients of
all weights, the biases (PyTorch keeps two of each) and x. rnnlib also checks its input and returns the
gradients of s_0 and of every state. The GRU is the one that resets after the product, as PyTorch's does.

For float32 on the CPU, PyTorch hands its nn.LSTM to oneDNN, one compiled kernel for all steps; its RNN and
GRU have none. "LSTM-plain" is the same step with oneDNN switched off: PyTorch's own loop over the steps.

Both take turns, step by step, so a busy moment hits both alike; the ratio is that of the medians.
Ratio above 1: rnnlib is faster. Each number of threads gets its own process, since BLAS reads it once.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import tracemalloc

SIZES = [(20, 1, 4, 8), (30, 32, 8, 32), (50, 32, 16, 64), (100, 32, 32, 128), (100, 64, 64, 256)]
LENGTHS = [100, 200, 400, 800, 1600]
THREADS = [1, 2]
PLAIN = "-plain"
LEAST = {"RNN": 0.8, "LSTM": 0.4, "LSTM-plain": 0.7, "GRU": 0.8}  # well below what was measured; for the
# LSTM on any processor, since oneDNN's kernel gains more from a newer one than NumPy's products do
BUDGET = 3.0  # seconds for each size,
ROUNDS = 6  # but at least so many rounds: a step may wait long for its second thread


def rnnlib_step(name, rng, T, B, n_x, n_s):
    """Return a function that does one training step, and the arrays to give PyTorch."""
    import numpy as np

    from rnnlib import GRU, LSTM, RNN

    cell = {"RNN": RNN(), "LSTM": LSTM(), "GRU": GRU(reset="after")}[name.removesuffix(PLAIN)]
    params = cell.init(rng, n_x, n_s, np.float32)
    x = rng.standard_normal((T, B, n_x), np.float32)
    dE_ds = rng.standard_normal((T, B, n_s), np.float32)

    def step():
        run = cell.forward(params, x)
        return run.output, cell.backward(params, run, dE_ds)

    return step, (params, x, dE_ds)


def torch_step(name, params, x, dE_ds):
    """Return a function that does the same step with PyTorch's layer."""
    import torch

    from rnnlib.cells.torch_weights import to_torch

    net = getattr(torch.nn, name.removesuffix(PLAIN))(x.shape[-1], dE_ds.shape[-1])
    with torch.no_grad():
        for weight, value in to_torch(params)._asdict().items():
            getattr(net, f"{weight}_l0").copy_(torch.tensor(value))
    x, dE_ds = torch.tensor(x, requires_grad=True), torch.tensor(dE_ds)

    def step():
        net.zero_grad(set_to_none=True)
        x.grad = None
        output, _ = net(x)
        output.backward(dE_ds)
        return output, net.weight_ih_l0.grad, net.weight_hh_l0.grad, x.grad

    return step


def assert_same(ours, theirs):
    """Refuse to compare the speed of two things that differ."""
    import numpy as np

    from rnnlib.cells.torch_weights import to_torch

    output, grads = ours()
    weights = to_torch(grads.params)
    for a, b in zip((output, weights.weight_ih, weights.weight_hh, grads.x), theirs(), strict=True):
        b = b.detach().numpy()
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-3 * np.abs(b).max())


def seconds(step):
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def compare(name, size, budget):
    """Return the median seconds of a step of rnnlib and of PyTorch, taking turns."""
    import numpy as np

    ours, arrays = rnnlib_step(name, np.random.default_rng(0), *size)
    theirs = torch_step(name, *arrays)
    assert_same(ours, theirs)
    pairs, end = [], time.perf_counter() + budget
    while time.perf_counter() < end or len(pairs) < 2 * ROUNDS:
        pairs.append((seconds(ours), seconds(theirs)))
        pairs.append((seconds(theirs), seconds(ours))[::-1])
    return np.median(pairs, axis=0).tolist()


def growth(name):
    """Return, for growing T, the median seconds and the peak bytes of one step of rnnlib."""
    import numpy as np

    steps = [rnnlib_step(name, np.random.default_rng(0), T, 32, 8, 32)[0] for T in LENGTHS]
    times = np.median([[seconds(step) for step in steps] for _ in range(15)], axis=0)
    return times.tolist(), [peak_bytes(step) for step in steps]


def peak_bytes(step):
    tracemalloc.start()
    kept = step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return peak


def worker(name, threads, budget):
    """Measure in this process; print the result as JSON."""
    import torch

    torch.set_num_threads(threads)
    torch.backends.mkldnn.enabled = not name.endswith(PLAIN)
    result = {"steps": [compare(name, size, budget) for size in SIZES]}
    if threads == 1 and not name.endswith(PLAIN):
        result["growth"] = growth(name)
    print(json.dumps(result))


def measure(name, threads, budget):
    """Measure in a process of its own with this many threads."""
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    command = [sys.executable, __file__, "--cell", name, "--worker", str(threads), "--budget", str(budget)]
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    environment = os.environ | dict.fromkeys(variables, str(threads)) | {"PYTHONPATH": root}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def compared(name, numbers, budget):
    """Measure with each number of threads and print the table; return all results, and the ratios."""
    results = {threads: measure(name, threads, budget) for threads in numbers}
    return results, print_steps(name, results)


def print_steps(name, results):
    """Print the table of ratios; return those at one thread."""
    columns = "".join(f" | {n} thread{'s' * (n > 1)}: rnnlib  torch  ratio" for n in results)
    print(f"{name:>10} {'(T, B, n_x, n_s)':>18}{columns}      (ms for a training step)")
    ratios = []
    for i, size in enumerate(SIZES):
        line = f"{str(size):>29}"
        for threads, result in results.items():
            ours, theirs = result["steps"][i]
            line += f" | {1e3 * ours:18.3f} {1e3 * theirs:6.2f} {theirs / ours:6.2f}"
            ratios += [theirs / ours] if threads == 1 else []
        print(line)
    return ratios


def print_growth(name, times, peaks):
    import numpy as np

    exponents = [np.polyfit(np.log(LENGTHS), np.log(values), 1)[0] for values in (times, peaks)]
    print(f"\n{'T':>6} {'ms':>8} {'peak kB':>9} {'bytes a step':>13}   of {name} (32, 8, 32)")
    for T, t, peak in zip(LENGTHS, times, peaks, strict=True):
        print(f"{T:6} {1e3 * t:8.2f} {peak / 1e3:9.0f} {peak / T:13.0f}")
    print(f"time grows as T^{exponents[0]:.2f}, memory as T^{exponents[1]:.2f}\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help=f"fail below {LEAST} at one thread")
    parser.add_argument("--cell", choices=list(LEAST), help="this one alone")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--budget", type=float, default=BUDGET, help="seconds for each size")
    arguments = parser.parse_args()
    if arguments.worker:
        worker(arguments.cell, arguments.worker, arguments.budget)
        return
    slow = []
    for name in [arguments.cell] if arguments.cell else LEAST:
        numbers = [1] if arguments.check else THREADS
        results, ratios = compared(name, numbers, arguments.budget)
        if arguments.check and min(ratios) < LEAST[name]:
            print(f"{name} was below {LEAST[name]}; measured once again:")
            results, ratios = compared(name, numbers, arguments.budget)
        if "growth" in results[1]:
            print_growth(name, *results[1]["growth"])
        if min(ratios) < LEAST[name]:
            slow.append(f"{name} runs at {min(ratios):.2f} of the speed of PyTorch; expected {LEAST[name]}")
    if arguments.check and slow:
        sys.exit("FAILED: " + "; ".join(slow))


if __name__ == "__main__":
    main()
