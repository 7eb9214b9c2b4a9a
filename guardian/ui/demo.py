"""Opens the demonstration. Loads no Qt by itself."""

from __future__ import annotations

from guardian.core.errors import Problem
from guardian.demo.service import Demo, begin

EXIT_PROBLEM = 2


def run_demo(projector: bool = False) -> int:
    """Show the demonstration's window until it is closed, and wipe everything afterwards."""

    def show(demo: Demo) -> int:
        from guardian.ui.demo_app import show_demo

        return show_demo(demo, projector)

    def refused(problem: Problem) -> int:
        from guardian.ui.demo_app import say_why_not

        say_why_not(problem)
        return EXIT_PROBLEM

    return begin(show, refused)
