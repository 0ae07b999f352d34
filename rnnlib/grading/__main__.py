"""The judge's process: a question as JSON on standard input, the verdict as JSON on standard output."""

import json
import sys

from rnnlib.grading import judging

if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")
    json.dump(judging.judge(*json.load(sys.stdin)), sys.stdout)
