"""Writing replaces ordinary files only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guardian.core.errors import Problem
from guardian.core.files import write_atomically


def test_a_device_or_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Problem) as caught:
        write_atomically(pipe, b"x")
    assert caught.value.code == "file-not-ordinary"
    assert pipe.is_fifo()
