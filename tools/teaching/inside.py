"""What runs in the sandbox: the cells of a submission, then its functions on inputs that are handed in.

Sees no right answer: the right versions of earlier tasks are asked for, one call at a time. What it says is
plain data in lines of JSON, and whoever reads them trusts none of it. Needs the standard library,
IPython, and of rnnlib only `grading.calling` and `grading.plain`.
"""

import contextlib
import json
import os
import pickle
import signal
import sys

SHOWN = 20_000
"""Characters of output kept of one cell."""
OUTPUTS = 20


class Channel:
    """Takes standard input and output for the conversation; what a submission prints goes nowhere else."""

    def __init__(self):
        self._in = os.fdopen(os.dup(0), "rb")
        self._out = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)

    def request(self):
        """The trusted side's request: its length in a line, then a pickle."""
        return pickle.loads(self._in.read(int(self._in.readline())))

    def say(self, **words):
        self._out.write(json.dumps(words).encode() + b"\n")
        self._out.flush()

    def answer(self):
        return json.loads(self._in.readline())


def main():
    channel = Channel()
    request = channel.request()
    shell = make_shell()
    for index, source in request["cells"]:
        channel.say(cell=index, outputs=run_cell(shell, source, request["seconds"]))
    for number, asking in request["tasks"].items():
        in_a_process_of_its_own(lambda: answer(channel, shell, number, asking, request["seconds"]))  # noqa: B023
    channel.say(done=True)


def make_shell():
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    return InteractiveShell.instance(config=config)


def run_cell(shell, source, seconds):
    """Execute one cell; its outputs in the notebook's format."""
    from IPython.utils.capture import capture_output

    with capture_output() as caught, alarm(seconds):
        shell.run_cell(source, store_history=True)
    texts = {"stdout": caught.stdout, "stderr": caught.stderr}
    stream = {"output_type": "stream"}
    outputs = [{**stream, "name": name, "text": shortened(text)} for name, text in texts.items() if text]
    for shown in caught.outputs:
        data = {kind: shortened(value) for kind, value in shown.data.items() if kind == "text/plain"}
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    return outputs[:OUTPUTS]


def shortened(text):
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}\n… {len(text) - SHOWN:,} more characters"


@contextlib.contextmanager
def alarm(seconds):
    """Interrupt a cell that takes too long; one that cannot be interrupted is ended from outside."""

    def ring(*_):
        signal.alarm(1)  # again, for code that catches the first one
        raise KeyboardInterrupt(f"This cell took longer than {seconds} s.")

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def in_a_process_of_its_own(work):
    """What ends this process ends one task only."""
    process = os.fork()
    if process == 0:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(process, 0)


def answer(channel, shell, number, asking, seconds):
    """Say the records of one task."""
    from rnnlib.grading import calling, plain

    def earlier(name):
        def ask(*arguments):
            channel.say(ask=name, task=number, arguments=[plain.encode(argument) for argument in arguments])
            told = channel.answer()
            if "error" in told:
                raise ValueError(told["error"])
            return plain.natural(plain.decode(told["value"]))

        return ask

    function = shell.user_ns.get(asking.function)
    if not callable(function):
        records = [{"error": f"there is no function {asking.function}"}] * len(asking.inputs)
    else:
        asking = asking._replace(earlier={name: earlier(name) for name in asking.earlier})
        records = calling.asked(asking, function, seconds)
    channel.say(task=number, records=records)


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    main()
