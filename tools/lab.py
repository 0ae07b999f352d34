"""Open the course in JupyterLab, on a free port, without questions that a newcomer cannot answer."""

import json
import os
import re
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START = "notebooks/00_start_here.ipynb"
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}


def write_settings(prefix=sys.prefix):
    """Defaults for this environment only; what a reader sets by hand still wins."""
    path = Path(prefix, "share", "jupyter", "lab", "settings", "overrides.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(SETTINGS, indent=2) + "\n")
    return path


def is_free(port):
    """Whether a server could listen on this port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        if os.name != "nt":
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(wanted, free=is_free):
    """`wanted` or the next free one after it.

    Raises
    ------
    SystemExit
        When none of twenty is free.
    """
    for port in range(wanted, wanted + 20):
        if free(port):
            if port != wanted:
                print(f"Port {wanted} is taken (is another JupyterLab running?); using {port}.")
            return port
    raise SystemExit(
        f"Ports {wanted} to {wanted + 19} are all taken. Close a JupyterLab, "
        "or name another port: make lab LAB_FLAGS=--port=9000"
    )


def split_port(flags, default=8888):
    """Take `--port=N` out of the flags: (N, the other flags)."""
    ports = [match[1] for flag in flags if (match := re.fullmatch(r"--(?:ServerApp\.)?port=(\d+)", flag))]
    others = [flag for flag in flags if not re.fullmatch(r"--(?:ServerApp\.)?port=\d+", flag)]
    return (int(ports[-1]) if ports else default), others


def arguments(flags, as_root):
    """Everything `jupyter lab` is told; the reader's own flags come last and win."""
    port, others = split_port(flags)
    chosen = [
        f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url=/lab/tree/{START}",
        f"--ServerApp.port={choose_port(port)}",
        "--ServerApp.log_level=WARN",
        "--LabApp.log_level=WARN",
    ]
    return chosen + ["--allow-root"] * as_root + others


def main(flags):
    from jupyterlab.labapp import main as start_lab

    write_settings()
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    told = arguments(flags, as_root)
    print("Starting JupyterLab; stop it with Ctrl-C here, twice.", flush=True)
    sys.argv = ["jupyter-lab", *told]
    start_lab()


if __name__ == "__main__":
    main(sys.argv[1:])
