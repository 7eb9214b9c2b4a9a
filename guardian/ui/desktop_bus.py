"""The desktop's D-Bus connections through Qt: only this file knows how they are spoken to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusUnixFileDescriptor,
)

from guardian.ui.session_signs import LOGIN, LOGIN_PATH, Hear, Sign


class DesktopBus(QObject):
    """Hears signals, and holds the lock of logind that delays a sleep (systemd.io/INHIBITOR_LOCKS).

    That lock is an open file: closing it lets the computer sleep. logind waits five seconds for
    it at most.
    """

    def __init__(self) -> None:
        super().__init__()
        self._hear: Hear | None = None
        self._held: int | None = None
        self._asked: QDBusPendingCallWatcher | None = None
        self._system = QDBusConnection.systemBus()

    def listen(self, signs: Sequence[Sign], hear: Hear) -> bool:
        self._hear = hear
        buses = {"system": self._system, "session": QDBusConnection.sessionBus()}
        connected = [
            buses[sign.bus].connect(
                sign.service, sign.path, sign.interface, sign.member, self,
                SLOT("receive(QDBusMessage)"),
            )
            for sign in signs
            if buses[sign.bus].isConnected()
        ]  # fmt: skip
        return any(connected)

    @Slot(QDBusMessage)
    def receive(self, message: QDBusMessage) -> None:
        if self._hear is not None:
            self._hear(message.interface(), message.member(), message.arguments())

    def delay_sleep(self) -> None:
        if self._held is not None or self._asked is not None or not self._system.isConnected():
            return
        call = QDBusMessage.createMethodCall(LOGIN, LOGIN_PATH, f"{LOGIN}.Manager", "Inhibit")
        call.setArguments(["sleep", "Guardian", "Locking the vault", "delay"])
        self._asked = QDBusPendingCallWatcher(self._system.asyncCall(call), self)
        self._asked.finished.connect(self._answered)

    def _answered(self, asked: QDBusPendingCallWatcher) -> None:
        answer = asked.reply().arguments()
        wanted, self._asked = self._asked is asked, None
        # without logind the answer is a text that says so; it is then locked a moment later
        if wanted and answer and isinstance(answer[0], QDBusUnixFileDescriptor):
            self._held = os.dup(answer[0].fileDescriptor())
        asked.deleteLater()

    def let_sleep(self) -> None:
        self._asked = None
        held, self._held = self._held, None
        if held is not None:
            with suppress(OSError):
                os.close(held)
