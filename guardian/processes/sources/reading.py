"""Turns what /proc tells of one process into the fields of the model."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guardian.processes.model import ProgramFile, Seen, Unknown
from guardian.processes.sources.components import Piece, find_pieces, read_variables
from guardian.processes.sources.devices import DeviceNames
from guardian.processes.sources.handles import HandleReader, Holder
from guardian.processes.sources.mounts import Mount, Mounts
from guardian.processes.sources.private_files import find_private_files
from guardian.processes.sources.procfs import (
    PF_KTHREAD,
    name_capabilities,
    parse_cgroup,
    parse_cmdline,
    parse_status,
    parse_terminal,
)
from guardian.processes.sources.rawprocess import (
    DELETED,
    Exe,
    Gone,
    Raw,
    Tree,
    allowed,
    exe_link,
    exists,
    find_exe,
    find_tree,
    inside,
    link_of,
    open_process,
    read,
    read_lines,
    read_links,
    read_text,
    shown,
)
from guardian.processes.sources.scripts import find_script
from guardian.processes.sources.sockets import NOTHING, SocketTables

KTHREADD = 2
TERMINALS = ("/dev/pts/", "/dev/tty")
TRIES = 3
"""Readings of a process that starts one program after the other, before the last one counts."""
INNER_FIELDS = (
    "exe", "exe_deleted", "exe_replaced", "exe_in_memory", "exe_read_only", "exe_file", "owner",
    "appimage", "folder", "script", "script_owner",
    "script_deleted", "container", "pty", "reads_terminal", "devices", "stdio",
    "sockets", "components", "private_files",
)  # fmt: skip
"""What only the owner of a process and the administrator may see."""
KEPT_FROM_US: dict[str, Any] = dict.fromkeys(INNER_FIELDS, Unknown.DENIED)
OUTER_FIELDS = (
    "argv", "uid", "effective_uid", "user", "capabilities", "started", "tracer", "unit", "terminal",
)  # fmt: skip
OUTER_KEPT_FROM_US: dict[str, Any] = dict.fromkeys(OUTER_FIELDS, Unknown.DENIED)
OF_KERNEL: dict[str, Any] = {"exe": None, "script": None, "container": None, "argv": ()}


@dataclass(slots=True)
class Draft:
    """A process whose packages are not known yet. ``tree`` None: its files may not be seen."""

    pid: int
    fields: dict[str, Any]
    tree: Tree | None = None
    pieces: Seen[tuple[Piece, ...]] = Unknown.DENIED


@dataclass
class Shared:
    """What many processes have in common, read once."""

    mounts: dict[Tree, Mounts] = field(default_factory=dict)
    folders: dict[tuple[Tree, str], bool] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)


class Reader:
    """Reads one process after the other."""

    def __init__(self, proc: Path, handle: int) -> None:
        self.proc, self.handle = proc, handle
        self._boot = boot_time(read_text(proc / "stat"))
        self._tick = os.sysconf("SC_CLK_TCK")
        self._shared = Shared()
        self._handles = HandleReader(DeviceNames(proc))
        self._sockets = SocketTables()
        self._kernel_parent = False
        self._own = Tree(link_of(handle, "self/ns/mnt"), "")
        self._own_people = link_of(handle, "self/ns/user")
        self._all_rights = parse_status(allowed(handle, "self/status")).bounding
        self.own_mounts = Mounts(read_text(proc / "self" / "mountinfo"))
        self._shared.mounts[self._own] = self.own_mounts
        self.held_inodes: set[int] = set()
        self.covered: set[int] = set()
        """Processes whose folder shows another process."""

    def read(self, pid: int) -> Draft:
        """One process. Raises :class:`Gone`.

        If it starts another program meanwhile it is read again, so that no mix of two is told.
        """
        for _ in range(TRIES):
            draft, same = self._read_once(pid)
            if same:
                break
        return draft

    def _read_once(self, pid: int) -> tuple[Draft, bool]:
        """A process, and whether it ran the same program all the time."""
        raw = open_process(self.handle, pid)
        try:
            if raw.stat.pid != pid:
                self.covered.add(pid)
                raise Gone
            draft = self._read(raw)
            return draft, draft.tree is None or exe_link(raw.folder) == raw.link
        except (FileNotFoundError, ProcessLookupError) as error:
            raise Gone from error
        finally:
            os.close(raw.folder)

    def _read(self, raw: Raw) -> Draft:
        told, status = raw.stat, raw.status
        argv = () if told.flags & PF_KTHREAD else parse_cmdline(read(raw.folder, "cmdline"))
        kernel = bool(told.flags & PF_KTHREAD) or (
            # between being forked by the kernel and starting its program
            self._kernel_parent and told.ppid == KTHREADD and not argv
        )
        if raw.pid == KTHREADD:
            self._kernel_parent = kernel
        fields: dict[str, Any] = {
            "ppid": told.ppid,
            "name": told.name,
            "kernel_thread": kernel,
            "argv": argv,
            "uid": Unknown.DENIED if status.uid is None else status.uid,
            "effective_uid": Unknown.DENIED
            if status.effective_uid is None
            else status.effective_uid,
            "user": Unknown.DENIED if status.uid is None else self._user(status.uid),
            "started": self._boot + told.start_ticks / self._tick if self._boot else Unknown.DENIED,
            "tracer": status.tracer,
            "terminal": parse_terminal(told.terminal) if told.terminal else None,
        }
        if kernel:
            return Draft(raw.pid, {**fields, **OF_KERNEL, "unit": None, "capabilities": ()})
        fields["unit"], system = parse_cgroup(allowed(raw.folder, "cgroup"))
        fields["capabilities"] = self._rights(raw)
        if raw.link:
            return self._look_inside(raw, fields, raw.link, system)
        if raw.link is None or told.state in "ZXx":
            return Draft(raw.pid, fields | KEPT_FROM_US)
        raise Gone

    def _look_inside(
        self, raw: Raw, fields: dict[str, Any], link: str, system: str | None
    ) -> Draft:
        """Add what needs the rights of the process's owner."""
        folder = raw.folder
        tree = find_tree(folder, link, self._own)
        exe = find_exe(folder, link, tree.root)
        mounts = self._mounts_of(tree, folder)
        mount = None if exe.in_memory else mounts.of(exe.path)
        work_folder = shown(inside(link_of(folder, "cwd"), tree.root)) or None
        variables = read_variables(folder)
        appimage = find_appimage(mount, variables)
        fields.update(
            exe=exe.path,
            exe_deleted=exe.deleted and not exe.in_memory,
            exe_replaced=exe.replaced,
            exe_in_memory=exe.in_memory,
            exe_read_only=is_read_only(exe, mount, folder),
            exe_file=self._program_file(folder, exe, tree, mount, appimage),
            appimage=appimage,
            folder=work_folder,
            container=container_name(folder, tree.root, system, in_snap(mount, fields["unit"])),
        )
        holder = Holder(folder, tree, mounts, (raw.pid, raw.status.inner_pid))
        script = absolute(find_script(exe.path, fields["argv"]), work_folder)
        fields["script"] = opened_script(script, folder, tree.root)
        fields["script_deleted"] = is_script_deleted(fields["script"], folder, mounts)
        self._add_handles(fields, exe, holder)
        pieces: Seen[tuple[Piece, ...]]
        try:
            pieces = find_pieces(folder, exe, tree.root, work_folder, variables)
        except PermissionError:
            pieces = Unknown.DENIED
        return Draft(raw.pid, fields, tree, pieces)

    def _add_handles(self, fields: dict[str, Any], exe: Exe, holder: Holder) -> None:
        links = read_links(holder.folder)
        if isinstance(links, Unknown):
            for name in ("pty", "reads_terminal", "devices", "stdio", "sockets", "private_files"):
                fields[name] = links
            return
        held = self._handles.sort(links, holder)
        found = NOTHING
        if held.inodes:
            self.held_inodes.update(held.inodes.values())
            namespace = link_of(holder.folder, "ns/net")
            found = self._sockets.held(held.inodes, namespace, holder.folder)
        fields["stdio"], fields["sockets"] = found
        fields["pty"] = held.pty
        fields["reads_terminal"] = links.get(0, "").startswith(TERMINALS)
        fields["devices"] = tuple(sorted(held.devices, key=lambda each: (each.path, each.kind)))
        fields["private_files"] = find_private_files(held.files, exe.path) if held.files else ()

    def _program_file(
        self, folder: int, exe: Exe, tree: Tree, mount: Mount | None, appimage: str | None
    ) -> Seen[ProgramFile | None]:
        """The file's own record; of an AppImage the record of the image."""
        if mount is not None and mount.distant and appimage is None:
            return Unknown.ABSENT  # whoever serves this file may never answer
        if appimage and (place := self._shared.mounts[tree].of(appimage)) and place.distant:
            return Unknown.ABSENT
        try:
            about = os.stat(f"root{appimage}" if appimage else "exe", dir_fd=folder)
        except PermissionError:
            return Unknown.DENIED
        except (OSError, ValueError):
            return Unknown.ABSENT
        # the time of the last change of any kind: unlike the other one, no tool can set it back
        folder_open = not exe.in_memory and self._folder_open(
            folder, tree, (appimage or exe.path).rpartition("/")[0]
        )
        return ProgramFile(about.st_uid, stat.S_IMODE(about.st_mode), about.st_ctime, folder_open)

    def _folder_open(self, handle: int, tree: Tree, folder: str) -> bool:
        """Whether somebody else than root could put another file in the place of one there."""
        key = tree, folder
        if key not in self._shared.folders:
            try:
                about = os.stat(f"root{folder or '/'}", dir_fd=handle)
                others = about.st_mode & 0o002 and not about.st_mode & stat.S_ISVTX
                here = bool(others) or about.st_uid != 0
            except (OSError, ValueError):
                here = False
            self._shared.folders[key] = here or (
                bool(folder) and self._folder_open(handle, tree, folder.rpartition("/")[0])
            )
        return self._shared.folders[key]

    def _rights(self, raw: Raw) -> Seen[tuple[str, ...]]:
        """Special rights, but not those of an administrator, who has them all.

        Rights inside a user namespace of its own, as sandboxes make, mean nothing outside it.
        """
        held = raw.status.capabilities
        if not held:
            return ()
        if raw.status.effective_uid == 0 and held & self._all_rights == self._all_rights:
            return ()
        try:
            people = os.readlink("ns/user", dir_fd=raw.folder)
        except PermissionError:
            return Unknown.DENIED
        except OSError:
            return Unknown.ABSENT
        return name_capabilities(held) if people == self._own_people else ()

    def _mounts_of(self, tree: Tree, folder: int) -> Mounts:
        """What is mounted where, as seen from the process's own root."""
        mounts = self._shared.mounts.get(tree)
        if mounts is None:
            text = allowed_lines(folder, "mountinfo")
            mounts = self._shared.mounts[tree] = Mounts(text)
        return mounts

    def _user(self, uid: int) -> str:
        if uid not in self._shared.users:
            import pwd

            try:
                self._shared.users[uid] = pwd.getpwuid(uid).pw_name
            except KeyError:
                self._shared.users[uid] = str(uid)
        return self._shared.users[uid]


def boot_time(told: str) -> int:
    """Seconds since 1970 at which this system started; 0 where it does not say."""
    for line in told.split("\n"):
        if line.startswith("btime ") and line[6:].strip().isdecimal():
            return int(line[6:])
    return 0


def allowed_lines(folder: int, name: str) -> str:
    """A file of many lines, or nothing where it may not be read."""
    try:
        return read_lines(folder, name).decode("utf-8", "replace")
    except OSError:
        return ""


def in_snap(mount: Mount | None, unit: str | None) -> bool:
    """Whether a program runs from an image that snapd mounted, which ordinary users cannot do."""
    return mount is not None and mount.kind == "squashfs" and (unit or "").startswith("snap.")


def container_name(folder: int, root: str, system: str | None, snap: bool) -> str | None:
    """The kind of tree of its own a process lives in; None for the one this user sees."""
    if not root:
        return None
    if exists(folder, "root/.flatpak-info"):
        return "flatpak"
    if snap:
        return "snap"
    return system or ("chroot" if root != "/" else "sandbox")


def find_appimage(mount: Mount | None, variables: dict[str, str]) -> str | None:
    """The AppImage a program was unpacked from: it lies on a read-only mount that a program
    serves, and its variables name the image."""
    served = mount is not None and mount.read_only and mount.kind.startswith("fuse")
    image = variables.get("APPIMAGE", "")
    return image if served and image.startswith("/") else None


def is_read_only(exe: Exe, mount: Mount | None, folder: int) -> Seen[bool]:
    """Whether the program lies on a file system nobody writes to.

    Who lives in a root that is no mount of its own sees no line for it in mountinfo.
    """
    if exe.in_memory:
        return False
    if mount:
        return mount.read_only
    try:
        return bool(os.statvfs(f"/proc/self/fd/{folder}/root{exe.path}").f_flag & os.ST_RDONLY)
    except (OSError, ValueError):
        return Unknown.DENIED


def absolute(script: Seen[str | None], folder: str | None) -> Seen[str | None]:
    if isinstance(script, Unknown) or script is None or script.startswith(("/", "-")):
        return script
    return os.path.normpath(f"{folder}/{script}") if folder else script


def is_script_deleted(script: Seen[str | None], folder: int, mounts: Mounts) -> Seen[bool]:
    """Whether the script is no longer where it was started from. None is ever deleted."""
    if isinstance(script, Unknown):
        return script
    if script is None or not script.startswith("/"):
        return False
    mount = mounts.of(script)
    if mount is not None and mount.distant:  # whoever serves this file may never answer
        return Unknown.ABSENT
    return not exists(folder, f"root{script}")


OPENED = re.compile(r"/(?:dev/fd|proc/self/fd)/(\d+)|/dev/stdin")


def opened_script(script: Seen[str | None], folder: int, root: str) -> Seen[str | None]:
    """A script given as a number of the process's own open files is the file behind it."""
    match = OPENED.fullmatch(script) if isinstance(script, str) else None
    if match is None:
        return script
    link = inside(link_of(folder, f"fd/{match[1] or 0}"), root)
    return shown(link.removesuffix(DELETED)) if link.startswith("/") else script
