"""Trees of thousands of rows: whoever claims to be above whom, all are shown, once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from guardian.ui.kit.rows import Row
from guardian.ui.kit.tree import TOP, TreeList, TreeModel, plant


def rows_of(names: list[str]) -> list[Row]:
    return [Row(str(number), name) for number, name in enumerate(names)]


def shown(model: TreeModel) -> list[int]:
    """The numbers of all nodes from above, as a view walks through them."""
    found, stack = [], [model.index(row, 0) for row in range(model.rowCount())]
    while stack:
        index = stack.pop()
        found.append(model.number(index))
        for row in range(model.rowCount(index)):
            child = model.index(row, 0, index)
            assert model.parent(child) == index
            stack.append(child)
    return found


@st.composite
def claims(draw: st.DrawFn) -> list[int]:
    """Who says that who is above him: loops, himself and nobody included."""
    count = draw(st.integers(0, 30))
    return draw(st.lists(st.integers(TOP, max(count - 1, TOP)), min_size=count, max_size=count))


@given(claims(), st.text(alphabet="ab ", max_size=3))
def test_every_row_stands_in_the_tree_exactly_once(parents: list[int], text: str) -> None:
    names = ["ab"[number % 2] * (1 + number % 3) for number in range(len(parents))]
    forest = plant(rows_of(names), parents)
    model = TreeModel()
    model.show_forest(forest)
    assert sorted(shown(model)) == list(range(len(parents)))
    model.search(text)
    fitting = {
        number for number, name in enumerate(names) if all(word in name for word in text.split())
    }
    listed = shown(model)
    assert len(listed) == len(set(listed))
    assert fitting <= set(listed)
    for number in set(listed) - fitting:
        assert any(forest.parents[other] == number for other in listed), "it leads to one that fits"
    first = model.first_hit()
    assert (first in fitting) if fitting else first is None


def test_what_was_chosen_stays_chosen_while_the_tree_changes(qtbot: QtBot) -> None:
    tree = TreeList("Tree")
    qtbot.addWidget(tree)
    names = ["root", "mail", "music", "editor"]
    tree.show_forest(plant(rows_of(names), [TOP, 0, 0, 1]))
    tree.choose("2")
    tree.search("m")
    assert tree.current_key() == "2"
    tree.search("editor")
    assert tree.current_key() == "", "it is not shown now"
    tree.choose_first()
    assert tree.currentIndex().data() == "editor"
    tree.search("")
    tree.order_by(lambda row: row.title[::-1])
    assert tree.current_key() == "3"
    tree.choose("no such key")
    assert tree.current_key() == "3"
