"""YAML that people hand in: read with limits, and with the line of everything.

Imported late: only people's own rules and filters need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

MOST_DOCUMENTS = 500


class YamlFault(ValueError):  # noqa: N818 - it is the person's text that is at fault
    """A text that cannot be read: the ``line``, from 1, and the ``reason``."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class Loader(yaml.SafeLoader):
    """Plain data only. One alias of another can make a small text fill the memory."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases (*) are not read", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        # what the library's readers of dates, numbers and yes or no raise for other text
        except (ValueError, LookupError, AttributeError, ArithmeticError) as error:
            kind = node.tag.rpartition(":")[2]
            raise yaml.MarkedYAMLError(
                problem=f"this cannot be read as “{kind}”", problem_mark=node.start_mark
            ) from error


@dataclass(frozen=True)
class Document:
    """One of the documents of a text, the line it begins in, and the lines of its words."""

    data: Any
    line: int
    lines: dict[str, int]

    def line_of(self, word: str) -> int:
        """Where ``word`` first stands as a whole key or value; the beginning if nowhere."""
        return self.lines.get(word, self.line)


def read_documents(text: str, most: int = MOST_DOCUMENTS) -> Iterator[Document]:
    """Every document that holds anything. Raises :class:`YamlFault`."""
    try:
        loader = Loader(text)
        for _ in range(most):
            if not loader.check_node():
                return
            node = loader.get_node()
            assert node is not None
            lines: dict[str, int] = {}
            note_lines(node, lines)
            data = loader.construct_document(node)
            if data is not None:
                yield Document(data, node.start_mark.line + 1, lines)
        raise YamlFault(1, f"it has more than {most} documents")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlFault(mark.line + 1 if mark else 1, str(error.problem)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlFault(line, f"the sign {error.character!r} is not allowed") from error
    except RecursionError as error:
        raise YamlFault(1, "it is nested too deep") from error


def note_lines(node: yaml.Node, lines: dict[str, int]) -> None:
    """The first line of every scalar. Raises :class:`YamlFault` for a key that comes twice."""
    if isinstance(node, yaml.ScalarNode):
        lines.setdefault(str(node.value), node.start_mark.line + 1)
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            note_lines(part, lines)
    elif isinstance(node, yaml.MappingNode):
        met = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in met:
                    raise YamlFault(key.start_mark.line + 1, f"“{key.value}” stands here twice")
                met.add(key.value)
            note_lines(key, lines)
            note_lines(value, lines)
