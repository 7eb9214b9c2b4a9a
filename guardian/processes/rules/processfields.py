"""The fields rules may ask about a process, and where each is found."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from guardian.processes.model import (
    Component,
    DeviceKind,
    Place,
    Process,
    Seen,
    Socket,
    StartEntry,
    Unknown,
)
from guardian.processes.rules.matching import LONGEST_TEXT
from guardian.processes.rules.paths import is_shell, name_of
from guardian.processes.rules.sigma import FieldValue, Partly
from guardian.processes.rules.world import World

T = TypeVar("T")
Field = Callable[[Process, World], FieldValue]
ADMINISTRATORS = ("root", "SYSTEM", "NT AUTHORITY\\SYSTEM")
OTHERS_MAY_WRITE = 0o002
TAIL = 4_096
"""Characters of the end of a long command line that are kept."""
LENT_PORTS = 32768
RAW = ("packet", "raw", "raw6")


def then(value: Seen[T], make: Callable[[T], FieldValue]) -> FieldValue:
    """``make(value)`` where there is a value; what is unknown stays so."""
    return value if isinstance(value, Unknown) else make(value)


def last_part(value: Seen[str | None]) -> FieldValue:
    return name_of(value) if isinstance(value, str) else value


def of_parent(field: Field) -> Field:
    """A field of the parent. A parent that has ended is nobody, not a secret."""

    def find(process: Process, world: World) -> FieldValue:
        parent = world.parent(process)
        return parent if isinstance(parent, Unknown) or parent is None else field(parent, world)

    return find


def of_tracer(field: Field) -> Field:
    """A field of the program that looks into this one; None where nobody does."""

    def find(process: Process, world: World) -> FieldValue:
        if isinstance(process.tracer, Unknown):
            return process.tracer
        if process.tracer == 0:
            return None
        tracer = world.by_pid.get(process.tracer)
        return Unknown.DENIED if tracer is None else field(tracer, world)

    return find


def held(kind: DeviceKind) -> Field:
    """Devices of one kind, or the kind's own name where the system itself says «in use»."""

    def find(process: Process, world: World) -> FieldValue:
        devices, sensors = process.devices, process.sensors
        paths: tuple[str, ...] = ()
        if not isinstance(devices, Unknown) and devices:
            paths = tuple(sorted({each.path for each in devices if each.kind is kind}))
        if not isinstance(sensors, Unknown) and kind in sensors:
            paths += (kind.value,)
        if Unknown.DENIED in (devices, sensors):
            return Partly(paths, Unknown.DENIED)
        if isinstance(devices, Unknown) and isinstance(sensors, Unknown):
            return Unknown.ABSENT
        return paths

    return find


def standard(number: int) -> Field:
    """What a standard stream is wired to: ``connected``, ``listening``, or None for no socket."""
    return lambda process, world: then(process.stdio, lambda streams: state(streams[number]))


def state(socket: Socket | None) -> str | None:
    if socket is None:
        return None
    return "connected" if socket.connected else "listening" if socket.listening else "open"


def stdio_remote(process: Process, world: World) -> FieldValue:
    """Who is at the other end of the standard streams."""
    return then(
        process.stdio,
        lambda streams: addresses(remote(each) for each in streams if each and each.connected),
    )


def sockets(choose: Callable[[Socket], str | None]) -> Field:
    """What ``choose`` makes of each socket, without those it makes nothing of."""
    return lambda process, world: then(
        process.sockets, lambda all_of_them: addresses(map(choose, all_of_them))
    )


def addresses(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({each for each in found if each}))


def local(socket: Socket) -> str:
    return written(socket.local, socket.local_port)


def remote(socket: Socket) -> str:
    return written(socket.remote, socket.remote_port)


def written(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@lru_cache(maxsize=4096)
def is_loopback(host: str) -> bool:
    """Whether an address stays on this computer."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (inner or address).is_loopback


def is_open(socket: Socket) -> bool:
    """Whether other computers can call it.

    Programs that ask over UDP wait for their answer at a port the system lends them, from 32768
    on (ip_local_port_range); nobody is meant to call there.
    """
    if not socket.listening or is_loopback(socket.local):
        return False
    return not socket.protocol.startswith("udp") or socket.local_port < LENT_PORTS


def components(
    fits: Callable[[Component], bool], show: Callable[[Component], str], foreign: bool
) -> Field:
    """Code inside the process; ``foreign``: only what no package brought."""

    def find(process: Process, world: World) -> FieldValue:
        found = process.components
        if isinstance(found, Unknown):
            return found
        if not found:
            return ()
        wanted = [each for each in found if fits(each)]
        sure = [each for each in wanted if not foreign or each.owner is None]
        texts = tuple(dict.fromkeys(show(each) for each in sure))
        unsure = {each.owner for each in wanted if isinstance(each.owner, Unknown)}
        if foreign and unsure:
            return Partly(texts, Unknown.DENIED if Unknown.DENIED in unsure else Unknown.ABSENT)
        return texts

    return find


def runs_as_root(process: Process, world: World) -> FieldValue:
    numbers = (process.uid, process.effective_uid)
    if 0 in numbers:
        return True
    if Unknown.DENIED in numbers:
        return Unknown.DENIED
    if isinstance(process.uid, Unknown):  # Windows has no such numbers
        return then(process.user, lambda name: name in ADMINISTRATORS)
    return False


def raised_rights(process: Process, world: World) -> FieldValue:
    return then(
        process.uid, lambda real: then(process.effective_uid, lambda effective: real != effective)
    )


def is_mine(process: Process, world: World) -> FieldValue:
    if world.me is None:
        return Unknown.ABSENT
    return then(process.uid, lambda uid: uid == world.me)


def image_open_to_others(process: Process, world: World) -> FieldValue:
    """It runs as root, but an ordinary user could change what it runs."""
    root = runs_as_root(process, world)
    if root is not True:
        return root
    return then(
        process.exe_file,
        lambda file: (
            file is not None
            and (file.uid != 0 or bool(file.mode & OTHERS_MAY_WRITE) or file.folder_open)
        ),
    )


def seconds_since(moment: Seen[float], world: World) -> FieldValue:
    return then(moment, lambda when: max(0, int(world.now - when)))


def image_age(process: Process, world: World) -> FieldValue:
    return then(
        process.exe_file,
        lambda file: None if file is None else seconds_since(file.changed, world),
    )


def inline_code(process: Process, world: World) -> FieldValue:
    return then(process.script, is_inline)


def is_inline(script: str | None) -> bool:
    """Code given on the command line itself, not in a file and not as a module's name."""
    return script is not None and script.startswith("-") and not script.startswith("-m")


def pty_shell(process: Process, world: World) -> FieldValue:
    """It holds the far side of a terminal in which a command window runs, as remote shells do."""
    return then(
        process.pty, lambda holds: holds and any(map(has_shell, world.children[process.pid]))
    )


def has_shell(child: Process) -> bool:
    if child.terminal is None and child.reads_terminal is not True:
        return False
    return is_shell(name_of(child.exe) if isinstance(child.exe, str) else child.name)


def ancestors(process: Process, world: World) -> FieldValue:
    line = [each.exe for each in world.ancestors(process)]
    texts = tuple(each for each in line if isinstance(each, str))
    if any(isinstance(each, Unknown) for each in line):
        why = Unknown.DENIED if Unknown.DENIED in line else Unknown.ABSENT
        return Partly(texts, why)
    return texts


def starts(make: Callable[[tuple[StartEntry, ...]], FieldValue]) -> Field:
    return lambda process, world: then(world.entries(process), make)


def places(entries: tuple[StartEntry, ...]) -> tuple[str, ...]:
    met = {entry.place for entry in entries}
    return tuple(place.value for place in Place if place in met)


def joined(argv: Seen[tuple[str, ...]]) -> FieldValue:
    """The command line; of one that is longer than any honest one, its beginning and its end."""
    if isinstance(argv, Unknown):
        return argv
    line = " ".join(argv)
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - TAIL] + line[-TAIL:]


PROCESS_FIELDS: dict[str, Field] = {
    "Image": lambda process, world: process.exe,
    "ImageName": lambda process, world: last_part(process.exe),
    "ImageDeleted": lambda process, world: process.exe_deleted,
    "ImageReplaced": lambda process, world: process.exe_replaced,
    "ImageInMemory": lambda process, world: process.exe_in_memory,
    "ImageMountReadOnly": lambda process, world: process.exe_read_only,
    "ImageOwner": lambda process, world: process.owner,
    "ImageSigner": lambda process, world: process.signer,
    "ImageAge": image_age,
    "ImageOpenToOthers": image_open_to_others,
    "Age": lambda process, world: seconds_since(process.started, world),
    "AppImage": lambda process, world: process.appimage,
    "WorkFolder": lambda process, world: process.folder,
    "Script": lambda process, world: process.script,
    "ScriptOwner": lambda process, world: process.script_owner,
    "ScriptDeleted": lambda process, world: process.script_deleted,
    "InlineCode": inline_code,
    "Comm": lambda process, world: process.name,
    "Argv0": lambda process, world: then(process.argv, lambda argv: argv[0] if argv else None),
    "CommandLine": lambda process, world: joined(process.argv),
    "KernelThread": lambda process, world: process.kernel_thread,
    "Hidden": lambda process, world: process.hidden,
    "User": lambda process, world: process.user,
    "Uid": lambda process, world: process.uid,
    "RunsAsRoot": runs_as_root,
    "IsMine": is_mine,
    "RaisedRights": raised_rights,
    "Capabilities": lambda process, world: process.capabilities,
    "Container": lambda process, world: process.container,
    "Unit": lambda process, world: process.unit,
    "Terminal": lambda process, world: process.terminal,
    "HoldsPty": lambda process, world: process.pty,
    "PtyShell": pty_shell,
    "TracerPid": lambda process, world: process.tracer,
    "TracerImage": of_tracer(lambda process, world: process.exe),
    "TracerOwner": of_tracer(lambda process, world: process.owner),
    "TracerUser": of_tracer(lambda process, world: process.user),
    "TracesOthers": lambda process, world: then(world.tracing, lambda pids: process.pid in pids),
    "Keyboard": held(DeviceKind.KEYBOARD),
    "Pointer": held(DeviceKind.POINTER),
    "Camera": held(DeviceKind.CAMERA),
    "Microphone": held(DeviceKind.MICROPHONE),
    "Screen": held(DeviceKind.SCREEN),
    "Typing": held(DeviceKind.TYPING),
    "Memory": held(DeviceKind.MEMORY),
    "NetworkDevice": held(DeviceKind.NETWORK),
    "Watcher": held(DeviceKind.WATCHER),
    "StdinSocket": standard(0),
    "StdoutSocket": standard(1),
    "StderrSocket": standard(2),
    "StdioRemote": stdio_remote,
    "Listen": sockets(lambda each: local(each) if each.listening else None),
    "ListenOpen": sockets(lambda each: local(each) if is_open(each) else None),
    "Connected": sockets(
        lambda each: remote(each) if each.connected and not is_loopback(each.remote) else None
    ),
    "ConnectedAnywhere": sockets(lambda each: remote(each) if each.connected else None),
    "RawSocket": sockets(lambda each: each.protocol if each.protocol in RAW else None),
    "Preload": components(
        lambda each: bool(each.via), lambda each: f"{each.via}={each.path}", False
    ),
    "PreloadForeign": components(lambda each: bool(each.via), lambda each: each.path, True),
    "Components": components(lambda each: not each.via, lambda each: each.path, True),
    "ComponentsDeleted": components(lambda each: each.deleted, lambda each: each.path, False),
    "PrivateFiles": lambda process, world: process.private_files,
    "ParentImage": of_parent(lambda process, world: process.exe),
    "ParentOwner": of_parent(lambda process, world: process.owner),
    "ParentScript": of_parent(lambda process, world: process.script),
    "ParentComm": of_parent(lambda process, world: process.name),
    "Ancestors": ancestors,
    "StartsByItself": starts(bool),
    "StartPlaces": starts(places),
    "StartHidden": starts(lambda entries: any(entry.hidden for entry in entries)),
}
