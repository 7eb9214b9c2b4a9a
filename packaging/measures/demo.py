"""How long the demonstration takes: to its window, to the checkup in it, and to be gone again."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 3.0  # seconds from the start of the process to the whole checkup
WATCHED = """
import json, os, sys, time
sys.argv = ["guardian", "demo"]
from guardian.ui import demo
from guardian.demo.service import begin

def show(inside):
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication
    from guardian.ui import demo_app
    seen = {}
    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                now = time.time() - float(os.environ["BEGAN"])
                seen.setdefault("window", now)
                if type(watched).__name__ == "CheckupPage" and "checkup" not in seen:
                    seen["checkup"] = now
                    QTimer.singleShot(300, lambda: QApplication.instance().quit())
            return False
    show = QApplication.exec
    def watched():
        global watch
        watch = Watch()
        QApplication.instance().installEventFilter(watch)
        return show()
    QApplication.exec = staticmethod(watched)
    code = demo_app.show_demo(inside)
    print(json.dumps(seen), flush=True)
    return code

sys.exit(begin(show, lambda problem: 1))
"""


def demo(runs: int = 5) -> None:
    """Seconds from the start of the process, of ``runs`` after one warm-up.

    On a busy machine, what the processors worked (cpu, all processes of it) tells more.
    """
    with tempfile.TemporaryDirectory() as folder:
        measure(folder)
        measured = [measure(folder) for _ in range(runs)]
        left = [path.name for path in Path(folder).iterdir()]
    print(f"{runs} demonstrations after one warm-up; seconds from the start of the process")
    for name in ("window", "checkup", "wiped", "cpu"):
        each = sorted(one[name] for one in measured)
        print(f"{name:8} median {statistics.median(each):.2f}   longest {each[-1]:.2f}")
    slow = max(one["checkup"] for one in measured)
    kept = "kept" if slow < LIMIT else "broken"
    print(f"limit {LIMIT:.0f} s: {kept}; left behind: {left or 'nothing'}")


def measure(folder: str) -> dict[str, float]:
    began, before = time.time(), os.times()
    environment = {
        **os.environ, "BEGAN": str(began), "PYTHONPATH": str(ROOT), "TMPDIR": folder,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], env=environment, capture_output=True, text=True, check=True
    )
    seen: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    after = os.times()
    spent = sum(after[2:4]) - sum(before[2:4])
    return {**seen, "wiped": time.time() - began, "cpu": spent}
