"""The fields rules may ask about what starts by itself, files that give rights, and interfaces."""

from __future__ import annotations

from collections.abc import Callable

from guardian.processes.model import Interface, PowerFile, Seen, StartEntry, Unknown
from guardian.processes.rules.paths import in_hidden_folder, is_temporary
from guardian.processes.rules.sigma import FieldValue


def of_path(target: Seen[str | None], test: Callable[[str], bool]) -> FieldValue:
    """What starts no program has none in an odd place."""
    return target if isinstance(target, Unknown) else target is not None and test(target)


ENTRY_FIELDS: dict[str, Callable[[StartEntry], FieldValue]] = {
    "Place": lambda entry: entry.place.value,
    "Kind": lambda entry: entry.kind,
    "Source": lambda entry: entry.source,
    "SourceOwner": lambda entry: entry.owner,
    "EntryName": lambda entry: entry.name,
    "Command": lambda entry: entry.command or None,
    "Target": lambda entry: entry.target,
    "TargetExists": lambda entry: entry.target_exists,
    "TargetOwner": lambda entry: entry.target_owner,
    "TargetSigner": lambda entry: entry.target_signer,
    "TargetTemporary": lambda entry: of_path(entry.target, is_temporary),
    "TargetHiddenFolder": lambda entry: of_path(entry.target, in_hidden_folder),
    "EntryUser": lambda entry: entry.user,
    "Enabled": lambda entry: entry.enabled,
    "EntryHidden": lambda entry: entry.hidden,
    "Facts": lambda entry: entry.facts,
}

POWER_FIELDS: dict[str, Callable[[PowerFile], FieldValue]] = {
    "Path": lambda file: file.path,
    "FileUser": lambda file: file.uid,
    "Setuid": lambda file: file.setuid,
    "Setgid": lambda file: file.setgid,
    "Capabilities": lambda file: file.capabilities,
    "FileOwner": lambda file: file.owner,
}

INTERFACE_FIELDS: dict[str, Callable[[Interface], FieldValue]] = {
    "Interface": lambda interface: interface.name,
    "Promiscuous": lambda interface: interface.promiscuous,
    "Bridged": lambda interface: interface.bridged,
}
