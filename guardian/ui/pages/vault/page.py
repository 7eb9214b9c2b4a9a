"""The vault page: which state it is in, and what leads from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath

from PySide6.QtCore import QCoreApplication, QPoint, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QMenu, QWidget
from shiboken6 import isValid

from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.dragging import dropped_files
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages, scrolling
from guardian.ui.pages.vault import choose, work
from guardian.ui.pages.vault.care.flow import Care
from guardian.ui.pages.vault.inside import deeds
from guardian.ui.pages.vault.inside.documents import Documents, shortened
from guardian.ui.pages.vault.inside.handling import Handling
from guardian.ui.pages.vault.inside.inside import Inside, only_entry
from guardian.ui.pages.vault.keys.flow import Keys
from guardian.ui.pages.vault.lending import Lending
from guardian.ui.pages.vault.names import Thing
from guardian.ui.pages.vault.opening import Opening
from guardian.ui.pages.vault.outcome import Outcome
from guardian.ui.pages.vault.runner import Runner
from guardian.ui.pages.vault.tools import Tools
from guardian.ui.pages.vault.viewer import Viewer
from guardian.ui.preferences import Preferences
from guardian.ui.proofs import Proofs
from guardian.ui.watch import Watch
from guardian.vault.model import Added, Addition, shown
from guardian.vault.service import Vault, VaultService

FURNISH_EVERY = 30  # milliseconds between two steps: the page is painted and keys are heard


class VaultPage(Page):
    """No vault yet, a locked door, or the inside of the one that is open.

    The inside is built while the person is still before the door, so that neither coming here nor
    unlocking has to wait for it.
    """

    key = "vault"
    widest = 1480

    def __init__(
        self,
        service: VaultService,
        desk: Desk,
        preferences: Preferences,
        proofs: Proofs | None = None,
    ) -> None:
        super().__init__(desk.words.say("page.vault"), desk.words.say("vault.page.intro"))
        self._service, self._words, self._preferences = service, desk.words, preferences
        self._clock = desk.clock
        self._proofs = proofs or Proofs()
        self._proofs.waiting.connect(self._take_proofs)
        self._focused: QWidget | None = None  # before the page waited
        self._arriving = False  # a vault was opened, and its list is to have the focus
        self._inside: Inside | None = None
        self._handling: Handling | None = None
        self._viewer: Viewer | None = None
        self._steps = self._furnishing()
        self._build(desk)
        self._watch = Watch(self, desk.clock, self._minutes)
        self._watch.idle.connect(self._lock_idle)
        self._watch.slept.connect(self._lock_asleep)
        self._watch.screen_locked.connect(self._lock_away)
        self._watch.asked_lock.connect(lambda: desk.lock() or self.lock())
        QCoreApplication.instance().aboutToQuit.connect(self._drop_keys)
        self.setAcceptDrops(True)
        self.opening.show()
        self._furnisher = QTimer(self, singleShot=True, interval=FURNISH_EVERY)
        self._furnisher.timeout.connect(self._furnish_next)
        self._furnisher.start()

    def _build(self, desk: Desk) -> None:
        words = desk.words
        self.menu_button = Button(self.tr("Vault"), icon_name="down", clicked=self._show_menu)
        self.menu_button.setAccessibleName(self.tr("More to do with this vault"))
        self.lock_button = Button(self.tr("Lock now"), icon_name="vault", clicked=self.lock)
        self.lock_button.setToolTip("Ctrl+L")
        for button in (self.menu_button, self.lock_button):
            self.head_buttons.addWidget(button)
        self._notice = Notice(words)
        self._outcome = Outcome(words)
        self.runner = Runner(self, desk)
        self.tools = Tools(
            self, self._service, desk, self.runner, self._notice, self._outcome,
            vault=self._vault, changed=self._list_again,
        )  # fmt: skip
        self.keys, self.care = Keys(self.tools), Care(self.tools)
        self.lending = Lending(self.tools)
        self.opening = Opening(self.tools, self.keys.recover)
        self.none, self.door = self.opening.none, self.opening.door
        self.stages = Stages(none=scrolling(self.none), door=scrolling(self.door))
        self._connect()
        for widget in (
            self._notice,
            self.runner,
            self.care.working,
            self.care.told,
            self.lending,
            self._outcome,
        ):
            self.content.addWidget(widget)
        self.content.addWidget(self.stages, 1)

    def _connect(self) -> None:
        self.runner.waiting.connect(self._wait)
        self.runner.rested.connect(self._rest)
        self.opening.stands.connect(self._stand)
        self.opening.opened.connect(self._opened)
        self.opening.made.connect(self.keys.offer_recovery)
        self.care.cared.connect(self._tell_standing)

    # what is seen of an open vault

    def _furnishing(self) -> Iterator[None]:
        """Build it, in steps too short to be felt."""
        self._viewer = Viewer(self.tools)
        yield
        documents = Documents(self._words, self._today)
        yield
        self._inside = Inside(self._words, documents, self._preferences, self._viewer)
        yield
        self._handling = Handling(self.tools, self._inside, self.lending.ask)
        self.stages.add_stage("inside", self._inside)
        self._inside.chosen.connect(self._preview)
        self._viewer.asked.connect(self._inside.asked)
        self._inside.asked_copy.connect(self._ask_copy)
        self._inside.panes.arranged.connect(self._tell_standing)

    def _furnish_next(self) -> None:
        if next(self._steps, self) is None:
            self._furnisher.start()

    def _furnish(self) -> None:
        """Build all that is not built yet: now it is needed."""
        for _ in self._steps:
            pass

    @property
    def furnished(self) -> bool:
        """Whether all of it is built."""
        return self._handling is not None

    @property
    def inside(self) -> Inside:
        self._furnish()
        return self._inside

    @property
    def viewer(self) -> Viewer:
        self._furnish()
        return self._viewer

    @property
    def handling(self) -> Handling:
        self._furnish()
        return self._handling

    # what every page answers to

    @property
    def is_open(self) -> bool:
        return self._vault() is not None

    def refresh(self) -> None:
        if self.is_open:
            self.handling.list_again()
        elif not self.runner.busy:
            self.opening.show()
            self._take_proofs()

    def _vault(self) -> Vault | None:
        return self._handling.vault if self._handling else None

    def _list_again(self) -> None:
        self.handling.list_again()

    def search_field(self) -> QLineEdit | None:
        full = self.is_open and self.inside.stages.stage == "full"
        return self.inside.search if full else None

    def go_back(self) -> bool:
        if not self._notice.isHidden():
            self._notice.hide()
        elif not self._outcome.isHidden():
            self._outcome.put_away()
        else:
            return self.is_open and self.inside.go_back()
        return True

    # work going on

    def _wait(self) -> None:
        self._focused = self.window().focusWidget()  # what is disabled loses the focus
        self.stages.setEnabled(False)

    def _rest(self) -> None:
        self.stages.setEnabled(True)
        self._watch.touch()  # being at work counts as being there
        before = self._focused or self.window().focusWidget()
        self._focused = None
        if before is not None and isValid(before) and before.isVisible() and not self._arriving:
            before.setFocus()
        else:
            self._take_focus()
        self._arriving = False
        self._take_proofs()

    def _take_focus(self) -> None:
        if not self.isVisible():
            return
        if self.stages.stage == "door":
            self.door.field.setFocus()
        elif self.stages.stage == "inside":
            self.inside.take_focus()

    # closed: no vault yet, or a door

    def _minutes(self) -> int:
        return int(self._preferences.settings.vault_lock.value)

    def _today(self) -> date:
        return self._clock().astimezone().date()

    def _stand(self, stage: str) -> None:
        """Show a stage of the closed page."""
        for button in (self.menu_button, self.lock_button):
            button.hide()
        self.subtitle.setText(self._words.say("vault.page.intro"))
        self.stages.show_stage(stage)

    # open

    def _opened(self, opened: work.Opened) -> None:
        vault = opened.vault
        self._furnish()
        self.destroyed.connect(vault.lock)
        self._watch.start()
        for button in (self.menu_button, self.lock_button):
            button.show()
        self.stages.show_stage("inside")
        self._arriving = True
        self.handling.take(opened)
        self._tell_standing()
        self.lending.opened(vault)
        self.care.opened(vault)

    def _take_proofs(self) -> None:
        """Put what another page laid out into the open vault, or say what it waits for."""
        parcel = self._proofs.parcel
        if parcel is None or self.runner.busy:
            return
        count = len(parcel.files)
        if not self.is_open:
            waiting = self._words.say("vault.page.proofs-wait", count=count, folder=parcel.folder)
            self._outcome.show_lines(
                waiting, self._words.say("vault.page.proofs-wait.why"), icon="info", token="dim"
            )
            return
        self._outcome.put_away()
        self._proofs.take()
        vault = self._vault().folder.name

        def kept(added: Sequence[Addition]) -> None:
            for one in added:
                name = PurePosixPath(one.path).name
                self._proofs.kept.emit(parcel.about, name, f"{vault}: {one.path}")

        self.handling.handing.add(parcel.files, parcel.folder, kept)

    def _tell_standing(self) -> None:
        """What locks the open vault, and when it was last looked after."""
        vault = self._vault()
        if vault is not None:
            narrow = self.inside.panes.mode == "narrow"  # two lines are all there is room for
            heard = self._watch.session.hears and not narrow
            opened = self._words.say(
                "vault.page.opened-watched" if heard else "vault.page.opened",
                name=shortened(shown(vault.folder.name)),
                minutes=self._minutes(),
            )
            standing = "" if narrow else self.care.standing(vault)
            self.subtitle.setText(f"{opened}\n{standing}".strip())

    def _show_menu(self) -> None:
        """What can be done with the vault as a whole: its keys, its care, its lock."""
        menu = deeds.new_menu(self)
        for part in (self.care.actions(), self.keys.actions()):
            menu.addActions(part)
            menu.addSeparator()
        action = menu.addAction(self.tr("Lock now"))
        action.triggered.connect(lambda _checked=False: self.lock())
        menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height() + 2)))

    def _preview(self, things: list[Thing]) -> None:
        self.viewer.show_document(only_entry(things))

    def _ask_copy(self) -> None:
        """A vault that can only be read: its documents go into a new one."""
        vault = self.tools.ready()
        answer = self.opening.ask_new() if vault else None
        if answer is None or self.handling.vault is not vault:
            return
        name = shown(answer[0].name)

        def done(added: Added) -> None:
            count = len(added.added)
            lines = (
                self._words.say("vault.page.copied", count=count, name=name),
                self._words.say("vault.page.copied.why"),
            )
            self._outcome.show_done(lines, [one.problem for one in added.refused])

        self.tools.run(
            self.tr("Copying into the new vault"), work.copy_to_new, self._service, *answer,
            done=done, bytes_per_step=1.0,
        )  # fmt: skip

    def lock(self, why: str = "", *, finish: bool = False) -> None:
        """Drop the keys and all that is shown. Work going on is stopped unless it may ``finish``;
        either way its keys live until it has ended."""
        if not self.is_open:
            return
        for part in (self.viewer, self.lending, self.care, self.keys):
            part.closed()
        vault = self.handling.let_go()
        assert vault is not None
        self._watch.stop()
        for menu in self.findChildren(QMenu):
            menu.close()
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()
        self._notice.hide()
        self.stages.setEnabled(True)
        self.runner.end(vault.lock, finish=finish)
        self.opening.show(vault.folder, why)
        self._take_focus()

    def _lock_idle(self) -> None:
        why = self._words.say("vault.page.locked-idle", minutes=self._minutes())
        self.lock(why, finish=True)

    def _lock_away(self) -> None:
        self.lock(self._words.say("vault.page.locked-screen"), finish=True)

    def _lock_asleep(self) -> None:
        """Work is stopped, for it would take the keys into the sleep."""
        self.lock(self._words.say("vault.page.locked-slept"))

    def leave(self) -> None:
        self._drop_keys()

    def _drop_keys(self) -> None:
        """At the very end, when there is no page to go back to."""
        vault = self._vault()
        if vault is not None:
            for part in (self.viewer, self.lending, self.care, self.keys):
                part.closed()
            vault.lock()

    # dragged files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Beside the list: into the folder shown; before a locked door: a vault to be opened."""
        if not self.runner.busy and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = dropped_files(event.mimeData())
        event.acceptProposedAction()
        if self.is_open and self.inside.writable:
            self.handling.handing.add(files, self.inside.path)
        elif not self.is_open and not self.runner.busy:
            self.opening.point_at(choose.vault_among(files))
