"""A JupyterLab of our own and a page in it: what every browser test needs."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(__file__).with_name("screenshots")
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SETTINGS = {
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "docmanager-extension/plugin": {"autosave": False},
}
PLACES = {  # where Jupyter would otherwise look into, or write to, the user's own folders
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
FLAGS = ["--no-browser", "--allow-root", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
FLAGS += ["--expose-app-in-browser"]  # so that a test can run commands and see the kernel's status
# Console errors that JupyterLab itself makes, whatever the notebook; everything else fails a test.
HARMLESS = (
    "favicon.ico",
    # It asks for optional files: workspaces, translations, custom.css.
    "the server responded with a status of 404",
)
READY = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  return panel?.context?.isReady && panel.context.sessionContext.session?.kernel?.status === 'idle';
}"""
RUN_ALL = """async () => {
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
}"""


def chromium() -> str:
    """Return the path of the browser; without one the tests fail rather than skip."""
    path = os.environ.get("COURSE_BROWSER") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError(
            "chromium is not installed; expected it on the PATH (Debian: apt install chromium)"
        )
    return path


@contextlib.contextmanager
def browser():
    """Start a headless browser and close it afterwards."""
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=chromium(), headless=True, args=CHROMIUM_ARGS)
        yield instance
        instance.close()


class Lab:
    """A JupyterLab server on a free port, with its own configuration, over a folder of notebooks."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "notebooks"
        self.root.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = self._start(folder)

    def _start(self, folder: Path) -> subprocess.Popen:
        for name, values in SETTINGS.items():
            path = folder / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))
        env = os.environ | {variable: str(folder / place) for variable, place in PLACES.items()}
        env |= {
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        command = [sys.executable, "-m", "jupyterlab", *FLAGS]
        command += [f"--ServerApp.root_dir={self.root}", f"--ServerApp.port={self.port}"]
        with (folder / "lab.log").open("w") as log:
            process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
        self._await(process, folder / "lab.log")
        return process

    def _await(self, process: subprocess.Popen, log: Path) -> None:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/api", timeout=5):
                return
            if process.poll() is not None:
                break
            time.sleep(0.2)
        raise RuntimeError(f"JupyterLab did not start on port {self.port}:\n{log.read_text()[-2000:]}")

    def stop(self) -> None:
        """End this server, its kernels, and nothing else."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def write(self, name: str, *sources: str) -> str:
        """Write a notebook with these code cells; return its path in the server."""
        cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(notebook, self.root / name)
        return name

    def copy(self, path: Path) -> str:
        """Copy a notebook into the server's folder; return its path there."""
        shutil.copy(path, self.root / path.name)
        return path.name


class NotebookPage:
    """A notebook open in a browser: run it, find its explorers, look at them."""

    def __init__(self, lab: Lab, page: Page) -> None:
        self.lab, self.page = lab, page
        self.errors: list[str] = []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.errors.append(f"page error: {e}"))

    def open(self, name: str, kernel: bool = True) -> None:
        """Open a notebook and wait until its kernel (if wanted) is idle."""
        self.page.goto(f"{self.lab.url}/lab/tree/{name}?reset")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        if kernel:
            self.page.wait_for_function(READY, timeout=60_000)

    def run_all(self, timeout: float = 180) -> None:
        """Run all cells, wait until they are done and the explorers are painted; fail on an error output."""
        self.page.set_default_timeout(timeout * 1000)
        self.page.evaluate(RUN_ALL)
        self.page.wait_for_function(READY)
        traceback = self.page.query_selector(
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
        )
        failed = self.page.evaluate(
            "() => [...window.jupyterapp.shell.currentWidget.model.cells].filter(c => c.type === 'code')"
            ".flatMap(c => c.sharedModel.outputs).filter(o => o.output_type === 'error').map(o => o.evalue)"
        )
        assert not failed, f"a cell failed: {failed} {traceback.inner_text() if traceback else ''}"

    def explorers(self) -> list:
        """Return the live explorers on the page, painted."""
        found = self.page.query_selector_all(".rnnlib-explorer")
        for explorer in found:
            explorer.scroll_into_view_if_needed()
            explorer.wait_for_selector("canvas[data-frame]", state="attached")
        return found

    def save(self) -> None:
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def restart_kernel(self) -> None:
        """Restart the kernel, without the question that JupyterLab asks before."""
        self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()"
        )
        self.page.wait_for_function(READY)

    def shut_down(self) -> None:
        """End the notebook's kernel."""
        self.page.evaluate("() => window.jupyterapp?.shell.currentWidget?.context?.sessionContext.shutdown()")

    def screenshot(self, name: str, node: object = None) -> None:
        """Keep a screenshot of the page, or of one node, to be looked at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        (node or self.page).screenshot(path=SCREENSHOTS / f"{name}.png")

    def unexpected_errors(self) -> list[str]:
        """Console errors that are not known to be harmless."""
        return [error for error in self.errors if not any(known in error for known in HARMLESS)]


def opened(lab: Lab, page: NotebookPage, name: str, *sources: str) -> list:
    """Run a new notebook; return its explorers."""
    page.open(lab.write(f"{name}.ipynb", *sources))
    page.run_all()
    return page.explorers()


def pixels(explorer: object) -> str:
    """Return what the explorer's canvas shows, as a data URL: equal exactly if the picture is."""
    return explorer.query_selector("canvas").evaluate("node => node.toDataURL()")


def said(explorer: object) -> str:
    """Return the sentence beside the picture."""
    return explorer.query_selector(".rnnlib-text").inner_text()


def set_range(explorer: object, control: object, value: int, wait: bool = True) -> None:
    """Move a slider as a drag would: the input event, then (unless not to wait) the frame that follows."""
    control.evaluate(
        "(node, value) => { node.value = value; node.dispatchEvent(new Event('input', {bubbles: true})); }",
        value,
    )
    if wait:
        settle(explorer)


SETTLED = """async node => {
  const at = box => {
    const [first, ...rest] = box.querySelectorAll("input, option");
    if (!first) return box.dataset.position;
    if (first.type === "range") return first.value;
    if (first.type === "checkbox") return Number(first.checked);
    return [first, ...rest].findIndex(i => i.checked || i.selected);
  };
  const wanted = () => [...node.querySelectorAll(".rnnlib-control")].map(at).join();
  const shown = () => node.querySelector("canvas").dataset.frame === wanted();
  const failed = () => node.querySelector("[role=alert]").checkVisibility();
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
  const end = performance.now() + 10000;
  do {
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    await pause(60);
  } while (!shown() && !failed() && performance.now() < end);
}"""


def settle(explorer: object) -> None:
    """Wait until the picture is that of the controls (the kernel may have to send it), or an error shows."""
    explorer.evaluate(SETTLED)
