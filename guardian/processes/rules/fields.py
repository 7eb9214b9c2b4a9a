"""The names rules may ask for, and where each is found on a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from guardian.processes.model import DeviceKind, Process, Seen, Socket, Unknown
from guardian.processes.rules.sigma import FieldValue

T = TypeVar("T")
LONGEST_SHOWN = 300
"""Characters of one piece of evidence that are kept."""


class Scene:
    """A process among the others of its snapshot."""

    def __init__(self, process: Process, by_pid: Mapping[int, Process]) -> None:
        self.process = process
        self.parent = by_pid.get(process.ppid)

    def look(self, name: str) -> FieldValue:
        return FIELDS[name](self)

    def evidence(self, name: str) -> tuple[str, ...]:
        """The field as texts to show; nothing where there is nothing or it was not seen."""
        value = self.look(name)
        if isinstance(value, Unknown) or value is None:
            return ()
        texts = value if isinstance(value, tuple) else (str(value),)
        return tuple(text[:LONGEST_SHOWN] for text in texts if text)


def then(value: Seen[T], make: Callable[[T], FieldValue]) -> FieldValue:
    """``make(value)`` where there is a value; what is unknown stays so."""
    return value if isinstance(value, Unknown) else make(value)


def of_parent(name: str) -> Callable[[Scene], FieldValue]:
    """A field of the parent. A parent that has ended is nobody, not a secret."""

    def find(scene: Scene) -> FieldValue:
        return None if scene.parent is None else FIELDS[name](Scene(scene.parent, {}))

    return find


def devices(kind: DeviceKind) -> Callable[[Scene], FieldValue]:
    return lambda scene: then(
        scene.process.devices,
        lambda held: tuple(sorted({device.path for device in held if device.kind is kind})),
    )


def standard(number: int) -> Callable[[Scene], FieldValue]:
    """What a standard stream is wired to: ``connected``, ``listening``, or None for no socket."""
    return lambda scene: then(scene.process.stdio, lambda streams: state(streams[number]))


def state(socket: Socket | None) -> str | None:
    if socket is None:
        return None
    return "connected" if socket.connected else "listening" if socket.listening else "open"


def remotes(scene: Scene) -> FieldValue:
    """Who is at the other end of the standard streams."""
    return then(
        scene.process.stdio,
        lambda streams: tuple(
            sorted({address(each) for each in streams if each is not None and each.connected})
        ),
    )


def address(socket: Socket) -> str:
    host = f"[{socket.remote}]" if ":" in socket.remote else socket.remote
    return f"{host}:{socket.remote_port}"


FIELDS: dict[str, Callable[[Scene], FieldValue]] = {
    "Image": lambda scene: scene.process.exe,
    "ImageDeleted": lambda scene: scene.process.exe_deleted,
    "ImageReplaced": lambda scene: scene.process.exe_replaced,
    "ImageInMemory": lambda scene: scene.process.exe_in_memory,
    "ImageMountReadOnly": lambda scene: scene.process.exe_read_only,
    "ImageOwner": lambda scene: scene.process.owner,
    "Script": lambda scene: scene.process.script,
    "ScriptOwner": lambda scene: scene.process.script_owner,
    "Comm": lambda scene: scene.process.name,
    "Argv0": lambda scene: then(scene.process.argv, lambda argv: argv[0] if argv else None),
    "CommandLine": lambda scene: then(scene.process.argv, " ".join),
    "KernelThread": lambda scene: scene.process.kernel_thread,
    "User": lambda scene: scene.process.user,
    "Container": lambda scene: scene.process.container,
    "Unit": lambda scene: scene.process.unit,
    "TracerPid": lambda scene: scene.process.tracer,
    "Keyboard": devices(DeviceKind.KEYBOARD),
    "Camera": devices(DeviceKind.CAMERA),
    "Microphone": devices(DeviceKind.MICROPHONE),
    "StdinSocket": standard(0),
    "StdoutSocket": standard(1),
    "StderrSocket": standard(2),
    "StdioRemote": remotes,
    "ParentImage": of_parent("Image"),
    "ParentOwner": of_parent("ImageOwner"),
}
FIELD_NAMES = frozenset(FIELDS)
