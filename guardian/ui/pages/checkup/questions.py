"""The seven questions: what Guardian has to know to ask only what concerns a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.checkup.model import Circumstances, Dependant, Device, Leak, Phone
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, Line, column, order_tabs, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text

MINUTES = (5, 20, 45)
NOBODY = "nobody"
ASIDE = 300  # pixels at 100 %: the column of the questions


class Several(QWidget):
    """Words side by side of which any number can be chosen; ``none`` stands for no other."""

    def __init__(self, name: str, texts: Mapping[str, str], none: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("role", "plain")
        self._none = none
        self.buttons = {key: Button(text, "segment") for key, text in texts.items()}
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, key=key: self._settle(key))
        self.setLayout(Flow(*self.buttons.values(), gap=8))

    def choose(self, keys: Collection[str]) -> None:
        for key, button in self.buttons.items():
            button.setChecked(key in keys)
        self._settle("")

    def chosen(self) -> set[str]:
        return {key for key, one in self.buttons.items() if one.isChecked() and key != self._none}

    def _settle(self, pressed: str) -> None:
        """“Nobody” and the others put each other out."""
        if not self._none:
            return
        if pressed == self._none:
            for key, button in self.buttons.items():
                button.setChecked(key == self._none)
        else:
            self.buttons[self._none].setChecked(not self.chosen())


class QuestionsPanel(QWidget):
    """``answered`` carries the Circumstances; skipping gives the usual ones."""

    answered = Signal(object)

    def __init__(self, words: Words, *, kept: bool = True) -> None:
        super().__init__()
        self._words, self._kept = words, kept
        say = words.say
        self.devices = Several(say("question.devices"), self._texts("devices", Device))
        dependants = self._texts("dependants", Dependant)
        dependants[NOBODY] = say("checkup.page.ask.dependants.nobody")
        self.dependants = Several(say("question.dependants"), dependants, NOBODY)
        self._one: dict[str, Switch] = {}
        self._answers: dict[str, str] = {}
        options = {
            "phone": self._texts("phone", Phone),
            "shared": self._texts("shared", ("no", "yes")),
            "public": self._texts("public", ("no", "yes")),
            "leaked": self._texts("leaked", Leak),
            "minutes": {str(n): say("checkup.page.ask.minutes.of", count=n) for n in MINUTES},
        }
        for name, texts in options.items():
            switch = Switch(say(f"question.{name}"), list(texts))
            switch.show_choices(texts, next(iter(texts)))
            switch.chosen.connect(lambda key, name=name: self._answers.update({name: key}))
            self._one[name] = switch
        self.save = Button(self.tr("Done"), "primary", clicked=self._give)
        self.skip = Button("", clicked=self._skip)
        self.setLayout(column(self._layout()))
        order_tabs(self)
        self.show_circumstances(Circumstances())

    def _texts(self, question: str, keys: Collection[str]) -> dict[str, str]:
        say = self._words.say
        return {str(key): say(f"checkup.page.ask.{question}.{key}") for key in keys}

    def _layout(self) -> QWidget:
        one = self._one
        card = Card(gap=0, margin=20)
        parts: tuple[tuple[str, QWidget], ...] = (
            ("devices", self.devices), ("phone", one["phone"]), ("dependants", self.dependants),
            ("shared", one["shared"]), ("public", one["public"]), ("leaked", one["leaked"]),
            ("minutes", one["minutes"]),
        )  # fmt: skip
        for number, (name, control) in enumerate(parts):
            if number:
                card.body.addWidget(Line())
            question = Text(self._words.say(f"question.{name}"))
            line = row(gap=16)
            line.setContentsMargins(0, 8, 0, 8)
            line.addWidget(question, 5)
            line.addWidget(control, 8)
            card.body.addWidget(plain(line))
        card.body.setSpacing(0)
        stays = "checkup.page.ask.stays" if self._kept else "checkup.page.ask.forgotten"
        foot = Text(self._words.say(stays), "small")
        return scrolling(card, Flow(self.save, self.skip, gap=12), foot, None, gap=14)

    def show_circumstances(self, now: Circumstances) -> None:
        """Begin with what was answered before, or with what most people would say."""
        self._before = now
        self.devices.choose({one.value for one in now.devices})
        self.dependants.choose({one.value for one in now.dependants})
        minutes = min(MINUTES, key=lambda one: abs(one - now.minutes))
        self._answers = {
            "phone": now.phone.value,
            "shared": "yes" if now.shared else "no",
            "public": "yes" if now.public else "no",
            "leaked": now.leaked.value,
            "minutes": str(minutes),
        }
        for name, key in self._answers.items():
            self._one[name].choose(key)
        self.skip.setText(self.tr("Cancel") if now.asked else self.tr("Skip"))
        self.setMinimumWidth(theme.px(ASIDE))

    def circumstances(self) -> Circumstances:
        """What is chosen now."""
        given = self._answers
        return Circumstances(
            devices=frozenset(map(Device, self.devices.chosen())),
            phone=Phone(given["phone"]),
            dependants=frozenset(map(Dependant, self.dependants.chosen())),
            shared=given["shared"] == "yes",
            public=given["public"] == "yes",
            leaked=Leak(given["leaked"]),
            minutes=int(given["minutes"]),
            asked=True,
        )

    def _give(self) -> None:
        self.answered.emit(self.circumstances())

    def _skip(self) -> None:
        """The usual answers, or those given before; the questions do not come up again."""
        before = self._before
        self.show_circumstances(before if before.asked else Circumstances())
        self.answered.emit(self.circumstances())
