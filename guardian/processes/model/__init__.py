"""The nouns of this pillar: what was seen of this computer, and what is made of it."""

from guardian.processes.model.commands import hide_in_words, hide_secrets
from guardian.processes.model.entry import Place, StartEntry
from guardian.processes.model.finding import (
    EVIDENCE_WORDS,
    Autostart,
    Baseline,
    Explanation,
    Finding,
    Hit,
    Known,
    NotSeen,
    Program,
    Reach,
    Running,
    Scan,
)
from guardian.processes.model.machine import LIMIT_WORDS, Interface, Limit, PowerFile, Snapshot
from guardian.processes.model.posture import Answer, Check
from guardian.processes.model.process import (
    Component,
    Device,
    DeviceKind,
    Process,
    ProgramFile,
    Socket,
    Standard,
)
from guardian.processes.model.seen import Seen, System, Unknown
from guardian.processes.model.setup import (
    AddOn,
    Backup,
    Person,
    Redirect,
    SavedLogins,
    ScreenLock,
    Setup,
    Updates,
)

__all__ = [
    "EVIDENCE_WORDS",
    "LIMIT_WORDS",
    "AddOn",
    "Answer",
    "Autostart",
    "Backup",
    "Baseline",
    "Check",
    "Component",
    "Device",
    "DeviceKind",
    "Explanation",
    "Finding",
    "Hit",
    "Interface",
    "Known",
    "Limit",
    "NotSeen",
    "Person",
    "Place",
    "PowerFile",
    "Process",
    "Program",
    "ProgramFile",
    "Reach",
    "Redirect",
    "Running",
    "SavedLogins",
    "Scan",
    "ScreenLock",
    "Seen",
    "Setup",
    "Snapshot",
    "Socket",
    "Standard",
    "StartEntry",
    "System",
    "Unknown",
    "Updates",
    "hide_in_words",
    "hide_secrets",
]
