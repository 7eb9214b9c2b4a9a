"""What a check of the vault found, in words, and what can be done about each thing."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import confirm
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, clear, column, fill, plain, row
from guardian.ui.kit.rows import Row, RowList
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault import choose
from guardian.ui.pages.vault.care import work as care_work
from guardian.ui.pages.vault.care.panel import Panel
from guardian.ui.pages.vault.names import breakable
from guardian.ui.pages.vault.outcome import head
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import CheckReport, Condition, Finding, Remedy, VaultInfo, shown
from guardian.vault.service import Vault

ICONS = {Condition.AS_WRITTEN: "fine", Condition.CHANGED: "info", Condition.DAMAGED: "act"}
TOKENS = {Condition.AS_WRITTEN: "fine", Condition.CHANGED: "accent", Condition.DAMAGED: "act"}
ORDER = {Condition.DAMAGED: 0, Condition.CHANGED: 1, Condition.AS_WRITTEN: 2}


class FindingsDialog(Panel):
    """Shows ``report``, or that there is none yet; ``changed`` carries each new one."""

    changed = Signal(object)
    asked_check = Signal(bool)

    def __init__(
        self, tools: Tools, vault: Vault, info: VaultInfo | None, report: CheckReport | None
    ) -> None:
        super().__init__(tools, vault, tools.words.say("vault.check.title"))
        self._words = tools.words
        self._last_full = info.last_full_check if info else None
        self._report: CheckReport | None = None
        self._findings: dict[str, Finding] = {}
        self._main: Button | None = None  # the first of the buttons for all of it
        self._top = column(gap=12)
        self.rows = RowList(self.tr("What the check found"))
        self.rows.chosen.connect(self._show_chosen)
        self._card = self._chosen_card()
        self._listed = plain(column(self.rows, self._card, gap=12))
        self._bottom = column(gap=12)
        fill(self.body, (self._top, self._listed, self._bottom))
        self.show_report(report)

    def _chosen_card(self) -> Card:
        self._icon = Icon("info", "accent", 22)
        self._name = Text(role="strong")
        self._what = Text()
        self._place = Text(role="small")
        self.act = Button("", "primary", clicked=self._act)
        line = row(self._icon, gap=12, top=True)
        line.addLayout(column(self._name, self._what, self._place, row(self.act, None), gap=5), 1)
        return Card(line, margin=16)

    def show_report(self, report: CheckReport | None) -> None:
        """Say what ``report`` says, or that nothing was checked yet."""
        self._report = report
        if report is not None and report.full:
            self._last_full = report.when
        clear(self._top)
        for part in self._told():
            self._top.addLayout(part)
        findings = report.findings if report else ()
        self._findings = {str(number): one for number, one in enumerate(findings)}
        self._listed.setVisible(bool(findings))
        self.rows.show_rows([self._row(key, one) for key, one in self._findings.items()])
        self.fit_rows(self.rows)
        self.rows.choose_first()
        self._show_buttons()

    def _told(self) -> list[QLayout]:
        words, report = self._words, self._report
        if report is None:
            return [
                head("unknown", "dim", words.say("vault.check.never"),
                     words.say("vault.check.never.why"), self._full_line())
            ]  # fmt: skip
        if not report.listed:
            fixed = self.vault.read_only
            why = words.say("vault.check.read-only" if fixed else "vault.check.no-list.why")
            first = head("info", "accent", words.say("vault.check.no-list"), why,
                         *self._facts(report))  # fmt: skip
        else:
            condition, kind = report.condition, report.condition.value
            if condition is Condition.CHANGED and not report.full:
                kind = "changed-quick"  # it did not read what it would call intact
            first = head(
                ICONS[condition], TOKENS[condition], words.say(f"vault.check.{kind}"),
                words.say(f"vault.check.{kind}.why"), *self._facts(report),
            )  # fmt: skip
        if not report.older:
            return [first]
        older = head("ask", "ask", words.say("vault.check.older"),
                     words.say("vault.check.older.why"))  # fmt: skip
        return [older, first]

    def _facts(self, report: CheckReport) -> list[str]:
        words = self._words
        kind = "vault.check.was-full" if report.full else "vault.check.was-quick"
        when = report.when.astimezone()
        line = words.say(kind, day=when, time=f"{when:%H:%M}")
        numbers = [
            words.say("vault.check.documents", count=report.documents),
            words.say("vault.check.folders", count=report.folders),
        ]
        if report.full:
            numbers.append(words.say("vault.check.read", size=words.size(report.read)))
        facts = [" · ".join((line, *numbers))]
        return facts if report.full else [*facts, self._full_line()]

    def _full_line(self) -> str:
        return tell_full(self._words, self._last_full)

    def _row(self, key: str, finding: Finding) -> Row:
        condition = finding.condition
        return Row(
            key, called(finding), self._words.tell(finding.what),
            self._words.say(f"vault.check.mark.{condition.value}"),
            TOKENS[condition], ICONS[condition], (ORDER[condition],),
        )  # fmt: skip

    def _show_chosen(self, key: str) -> None:
        finding = self._findings.get(key)
        if finding is None:
            return
        self._icon.change(ICONS[finding.condition], TOKENS[finding.condition])
        self._name.setText(breakable(called(finding)))
        self._what.setText(breakable(self._words.tell(finding.what)))
        self._place.setText(
            breakable(self._words.say("vault.check.place", place=shown(finding.place)))
        )
        labels = {
            Remedy.SAVE_PART: self.tr("Save the intact part …"),
            Remedy.REBUILD: self.tr("Put the folder back"),
            Remedy.ADOPT: self.tr("Give it its name here"),
        }
        label = labels.get(finding.remedy) if finding.remedy else None
        self.act.setText(label or "")
        self.act.setVisible(label is not None)
        self._choose_primary()
        self.act.setAccessibleName(f"{label}: {called(finding)}" if label else "")

    # what can be done

    def _show_buttons(self) -> None:
        """Accept what is intact, look at every byte, look again, close."""
        clear(self._bottom)
        report = self._report
        able = report is not None and not self.vault.read_only
        intact = bool(able and report and care_work.acceptable(report))
        accepts = intact or bool(able and report and (report.older or not report.listed))
        if intact:
            self._bottom.addWidget(Text(self._words.say("vault.check.accept.why"), "dim"))
        quick = self.tr("Check again") if report else self.tr("Check now")
        buttons = [
            Button(self.tr("Check every byte now"), clicked=lambda: self.asked_check.emit(True)),
            Button(quick, clicked=lambda: self.asked_check.emit(False)),
            Button(self.tr("Close"), clicked=self.reject),
        ]  # fmt: skip
        if accepts:
            whole = self.tr("Accept it as it is now")
            label = self.tr("Accept all that is intact") if intact else whole
            buttons.insert(0, Button(label, clicked=self._accept))
        self._bottom.addLayout(Flow(*buttons, gap=12))
        self._main = buttons[0]
        self._choose_primary()

    def _choose_primary(self) -> None:
        """One button stands out: what the chosen finding needs, or else the first of all."""
        acts = bool(self._findings) and not self.act.isHidden()
        if self._main is not None:
            self._main.change_role("plain" if acts else "primary")

    def _accept(self) -> None:
        title = self.tr("Taking over what is intact")
        self.run(title, care_work.accept, self._report, done=self._changed)

    def _changed(self, report: CheckReport) -> None:
        self.show_report(report)
        self.changed.emit(report)

    def _act(self) -> None:
        """The remedy of the chosen finding."""
        finding = self._findings.get(self.rows.current_key())
        if finding is None or finding.remedy is None:
            return
        if finding.remedy is Remedy.SAVE_PART:
            self._ask_save(finding)
            return
        title = self.tr("Putting it right")
        self.run(title, care_work.mend, self._report, finding, done=self._mended)

    def _mended(self, mended: care_work.Mended) -> None:
        self.tools.changed()
        self._changed(mended.report)
        said = self._words.say("vault.check.mended", path=breakable(mended.path))
        self._top.insertLayout(0, head("fine", "fine", said))

    def _ask_save(self, finding: Finding) -> None:
        """First what such a copy is and is not, then the place."""
        agreed = confirm(
            self, self.tr("Save the intact part outside the vault?"),
            self._words.say("vault.check.part"), self.tr("Choose where …"), self.tr("Cancel"),
        )  # fmt: skip
        if not agreed or self.vault.locked:
            return
        name = finding.path.rpartition("/")[2]
        target = choose.choose_target(self, self.tr("Save the intact part"), name)
        if target is None or self.vault.locked:
            return

        def saved(count: int) -> None:
            size, folder = self._words.size(count), shown(target.parent.name) or "/"
            said = self._words.say(
                "vault.check.part-saved", name=shown(target.name), size=size, folder=folder
            )
            why = self._words.say("vault.check.part-saved.why")
            self._top.insertLayout(0, head("fine", "fine", breakable(said), why))

        title = self.tr("Saving the intact part")
        self.run(title, care_work.save_part, finding.path, target, done=saved)


def called(finding: Finding) -> str:
    """What to call a thing: its path in the vault, or else where it lies on the disk."""
    return finding.path or shown(finding.place)


def tell_full(words: Words, last: datetime | None) -> str:
    """When every byte was last read."""
    if last is None:
        return words.say("vault.check.never-full")
    return words.say("vault.check.last-full", day=last.astimezone())
