"""Drives the real Firefox and Chromium, headless, through their own remote controls."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PORT = 2828
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--password-store=basic",
    "--remote-debugging-pipe",
]


def unix(day: str) -> int:
    """Noon UTC of ``day``, in seconds."""
    return int(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC).timestamp())


def chromium_time(day: str | None) -> int:
    """Microseconds since 1601, as Chromium counts; 0 for never."""
    return (unix(day) + 11_644_473_600) * 1_000_000 if day else 0


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    return {**kept, "HOME": str(home), "MOZ_HEADLESS": "1"}


class Marionette:
    """Firefox's remote control: JSON arrays, each preceded by its length and a colon."""

    def __init__(self) -> None:
        self.socket = self.connect()
        self.number = 0
        self.receive()  # the greeting

    @staticmethod
    def connect() -> socket.socket:
        end = time.monotonic() + 60
        while True:
            try:
                return socket.create_connection(("127.0.0.1", PORT), timeout=60)
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.3)

    def receive(self) -> Any:
        length = b""
        while (byte := self.socket.recv(1)) != b":":
            if not byte:
                raise SystemExit("Firefox hung up")
            length += byte
        data = b""
        while len(data) < int(length):
            data += self.socket.recv(int(length) - len(data))
        return json.loads(data)

    def send(self, command: str, **parameters: Any) -> Any:
        self.number += 1
        data = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(f"{len(data)}:".encode() + data)
        _, _, error, result = self.receive()
        if error:
            raise SystemExit(f"{command}: {error}")
        return result


@contextmanager
def firefox(home: Path, options: Sequence[str] = ()) -> Iterator[Marionette]:
    """A Firefox with ``home`` as its home, told what to do in its own privileged context."""
    command = ["firefox-esr", "--headless", "--no-remote", "--marionette"]
    command += ["--remote-allow-system-access", *options]
    with subprocess.Popen(command, env=environment(home)) as process:
        try:
            remote = Marionette()
            remote.send("WebDriver:NewSession", capabilities={})
            remote.send("Marionette:SetContext", value="chrome")
            yield remote
            time.sleep(3)  # files are written a moment later
            with suppress(SystemExit):  # it may be gone before it answers
                remote.send("Marionette:Quit", flags=["eAttemptQuit"])
            remote.socket.close()
            process.wait(60)
        finally:
            process.kill()


class Pipe:
    """Chromium's remote control over file descriptors 3 and 4: JSON, each ended by a zero byte."""

    def __init__(self, folder: Path, profile: str, *flags: str) -> None:
        theirs_in, self.out = os.pipe()
        self.inp, theirs_out = os.pipe()
        command = ["chromium", *CHROMIUM_FLAGS, *flags, f"--user-data-dir={folder}"]
        command += [f"--profile-directory={profile}"]
        # the shell puts the two ends where Chromium looks for them
        line = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(
            ["bash", "-c", line, "bash", *command],
            pass_fds=(theirs_in, theirs_out),
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.number = 0
        self.rest = b""

    def send(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        self.number += 1
        call: dict[str, Any] = {"id": self.number, "method": method, "params": parameters}
        if session:
            call["sessionId"] = session
        os.write(self.out, json.dumps(call).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                data = os.read(self.inp, 65536)
                if not data:
                    raise SystemExit("Chromium hung up")
                self.rest += data
            raw, _, self.rest = self.rest.partition(b"\0")
            answer = json.loads(raw)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]

    def open(self, url: str) -> str:
        """A new tab; the number of the session with it."""
        target = self.send("Target.createTarget", url=url)["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        return str(attached["sessionId"])

    def evaluate(self, session: str, expression: str) -> Any:
        """The value of a script, run as if a person had just clicked."""
        answer = self.send(
            "Runtime.evaluate",
            session,
            expression=expression,
            awaitPromise=True,
            userGesture=True,
            returnByValue=True,
        )
        return answer["result"].get("value", answer)

    def close(self) -> None:
        self.send("Browser.close")
        self.process.wait(30)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
