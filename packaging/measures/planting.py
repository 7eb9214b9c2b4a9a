"""Plants sleeping programs and files inside a throw-away computer, and writes down the truth.

Runs inside, by that computer's own Python, with nothing but the standard library:
python3 -m measures.planting MODULE. Every program is a copy of one that sleeps, or an interpreter
that sleeps; devices are made-up nodes that are held without being opened (O_PATH).
"""

from __future__ import annotations

import importlib
import json
import os
import pwd
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from measures.props import ANNA, SLEEPER, Open, install, make_program, terminal, write

TOLD = 199  # the descriptor by which the sleeper is told what to do
BEHAVIOUR, LOOK_ALIKE = "behaviour", "look-alike"


@dataclass
class Truth:
    """What was planted. ``paths`` are files that lead to it; ``root_only``: an ordinary user
    cannot see what gives it away. ``notice``: a word about it is enough, it need not be asked.
    ``markers`` hint at it without naming the program, such as a port."""

    name: str
    kind: str
    shape: str
    root_only: bool = False
    notice: bool = False
    pids: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Program:
    """One process. ``keep`` opens what it holds, ``stdio`` its input, output and errors.

    ``short`` is the short name it takes, ``library`` a file it loads, ``wipe`` whether it wipes
    its command line: only for copies of the sleeper. ``inner`` are its children. ``before`` is
    done in the process, as root, before it becomes the program.
    """

    argv: Sequence[str]
    exe: str = ""
    uid: int = ANNA
    env: dict[str, str] = field(default_factory=dict)
    cwd: str = "/"
    keep: Sequence[Open] = ()
    stdio: Sequence[Open] = ()
    short: str = ""
    library: str = ""
    wipe: bool = False
    inner: Sequence[Program] = ()
    before: Callable[[], None] | None = None


class Stage:
    """The hands of a planter, and the truth about what they do."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth

    def lead(self, *paths: str) -> None:
        self.truth.paths += paths

    def start(self, program: Program, count: bool = True) -> list[int]:
        """Start a process and its children. Returns all their numbers, its own first."""
        pids = fork_into(program)
        if count:
            self.truth.pids += pids
        return pids

    def start_at_terminal(self, program: Program) -> list[int]:
        """Start it as a person does: in a command window, from a shell."""
        window = "/usr/libexec/gnome-terminal-server"
        if not Path(window).exists():
            make_program(window)
            install("gnome-terminal", window)
        master, slave = terminal()
        streams = [slave, slave, slave]
        inner = [program if program.stdio else replace(program, stdio=streams)]
        shell = Program(["bash"], stdio=streams, before=os.setsid, inner=inner, cwd=program.cwd)
        return self.start(Program([window], keep=[master], inner=[shell]))

    def sleep_as(self, path: str, *words: str, uid: int = ANNA, **more: object) -> int:
        """A copy of the sleeper at ``path``, running; the path leads to it."""
        make_program(path)
        self.lead(path)
        return self.start(Program([path, *words], uid=uid, **more))[0]  # type: ignore[arg-type]

    def write(self, path: str, text: str, mode: int = 0o644) -> str:
        write(path, text, mode)
        return path


# ---- processes -----------------------------------------------------------------------------------


def fork_into(program: Program, cut: bool = True) -> list[int]:
    """Start it. Raises ``RuntimeError`` where it could not become what it should be."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        become(program, writing, cut)
    os.close(writing)
    told = b""
    while part := os.read(reading, 65536):
        told += part
    os.close(reading)
    answer = json.loads(told.splitlines()[-1])  # what went wrong last comes last
    if isinstance(answer, str):
        raise RuntimeError(f"{program.argv}: {answer}")
    return [pid, *answer]


def become(program: Program, writing: int, cut: bool) -> None:
    """Never returns: the process turns into the program, and says which children it has."""
    try:
        if cut:
            os.setsid()
        if program.before:
            program.before()
        kept = [make() for make in program.keep]
        streams = [make() for make in program.stdio]
        children = [pid for one in program.inner for pid in fork_into(one, cut=False)]
        nothing = os.open(os.devnull, os.O_RDWR)
        streams += [nothing] * (3 - len(streams))
        safe = [os.dup(stream) for stream in streams]
        for number, stream in enumerate(safe):
            os.dup2(stream, number)
        tell_sleeper(program)
        for one in kept:
            os.set_inheritable(one, True)
        os.write(writing, json.dumps(children).encode() + b"\n")
        switch(program)
    except BaseException as error:
        os.write(writing, json.dumps(f"{type(error).__name__}: {error}").encode())
    os._exit(1)


def tell_sleeper(program: Program) -> None:
    if not (program.short or program.library or program.wipe):
        return
    reading, writing = os.pipe()
    lines = (program.short or "-", program.library or "-", "w" if program.wipe else "-")
    os.write(writing, "\n".join(lines).encode())
    os.close(writing)
    os.dup2(reading, TOLD)
    os.set_inheritable(TOLD, True)


def switch(program: Program) -> None:
    """Become the right person in the right folder, then the program."""
    person = pwd.getpwuid(program.uid)
    os.initgroups(person.pw_name, person.pw_gid)
    os.setresgid(person.pw_gid, person.pw_gid, person.pw_gid)
    os.setresuid(program.uid, program.uid, program.uid)
    os.chdir(program.cwd)
    path = "/usr/local/bin:/usr/bin:/bin" + (":/usr/sbin:/sbin" if program.uid == 0 else "")
    world = {"HOME": person.pw_dir, "USER": person.pw_name, "PATH": path, "LANG": "C.UTF-8"}
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    exe = program.exe or shutil.which(program.argv[0], path=path) or program.argv[0]
    os.execve(exe, list(program.argv), world | program.env)


# ---- the planter ---------------------------------------------------------------------------------

Plant = Callable[[Stage], None]


class Plants:
    """The plants of one module, in the order in which they are planted."""

    def __init__(self) -> None:
        self.all: list[tuple[Truth, Plant]] = []

    def add(
        self,
        name: str,
        shape: str,
        kind: str = BEHAVIOUR,
        root_only: bool = False,
        notice: bool = False,
    ) -> Callable[[Plant], Plant]:
        """Marks the function that plants it."""

        def keep(make: Plant) -> Plant:
            self.all.append((Truth(name, kind, shape, root_only, notice), make))
            return make

        return keep


def plant(module: str) -> tuple[list[Truth], list[str]]:
    """Plant everything of a module. Returns the truth, and what could not be planted."""
    done, failed = [], []
    for truth, make in importlib.import_module(module).PLANTS.all:
        try:
            make(Stage(truth))
        except Exception as error:
            failed.append(f"{truth.name}: {type(error).__name__}: {error}")
            continue
        done.append(truth)
    time.sleep(0.5)  # programs that were just started load their code
    for truth in done:
        if dead := [pid for pid in truth.pids if not alive(pid)]:
            failed.append(f"{truth.name}: process {dead} ended")
    return done, failed


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True  # it hides
    except OSError:
        return False
    return state != "Z"


def main() -> None:
    done, failed = plant(f"measures.{sys.argv[1]}")
    Path(SLEEPER).unlink()
    print(json.dumps({"plants": [asdict(one) for one in done], "failed": failed}))


if __name__ == "__main__":
    main()
