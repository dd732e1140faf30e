"""Pools of processes: what each calls first, and how many are worth having. How they end: tests/unit/models."""

import os

import pytest

from lib.base.processes import pool, processors

_given: list[int] = []


def take(*numbers: int) -> None:
    _given[:] = numbers


def given() -> tuple[int, list[int]]:
    return os.getpid(), _given


def test_a_worker_calls_its_initializer_first() -> None:
    with pool(1, take, 3, 4) as one:
        pid, numbers = one.submit(given).result()
    assert pid != os.getpid() and numbers == [3, 4] and not _given


def test_processors_are_those_that_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.sched_getaffinity(0)
    assert processors() == len(own)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2, 5})
    assert processors() == 3
