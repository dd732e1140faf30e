"""Inputs in which two runs differ, as their provenance has them: parameters, data, code, models, versions, seeds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lib.base.withheld import WITHHELD, hides, is_redacted
from lib.comparison.results import Results

Kind = Literal["parameter", "data", "model", "version", "code", "seed", "device", "notebook"]
SHORT = 12
NOTHING = "–"


@dataclass(frozen=True)
class Changed:
    """One input that is not the same in both runs.

    Args:
        kind: what it is.
        name: which one.
        before: in the first run, in a few words.
        after: in the second.
        stems: the notebooks whose results rest on it.
    """

    kind: Kind
    name: str
    before: str
    after: str
    stems: tuple[str, ...]


def changed(before: Results, after: Results) -> list[Changed]:
    """Every input that differs, once for all notebooks that it is the same for.

    That a parameter changed is told also where what it holds is withheld on the site.
    """
    redacted = any(is_redacted(record) for run in (before, after) for record in run.provenance.values())
    shared = sorted({*before.values} & {*after.values})
    users: dict[tuple[Kind, str, str, str], list[str]] = {}
    for stem in shared:
        first, second = dict(_inputs(before.provenance[stem])), dict(_inputs(after.provenance[stem]))
        for key in [*first, *(key for key in second if key not in first)]:
            old, new = first.get(key, NOTHING), second.get(key, NOTHING)
            if old != new:
                told = (_told(key, old, redacted), _told(key, new, redacted))
                users.setdefault((*key, *told), []).append(stem)
    found = [Changed(*key, tuple(stems)) for key, stems in users.items()]
    found += [Changed("notebook", stem, "there", "missing", (stem,)) for stem in before.values if stem not in shared]
    found += [Changed("notebook", stem, "missing", "there", (stem,)) for stem in after.values if stem not in shared]
    order = ["notebook", "parameter", "seed", "data", "model", "code", "version", "device"]
    return sorted(found, key=lambda one: (order.index(one.kind), one.name, one.stems))


def _told(key: tuple[Kind, str], value: str, redacted: bool) -> str:
    """A value as the site would show it: nothing of what it hides, and of a place at most the last part."""
    kind, name = key
    if kind != "parameter" or value == NOTHING:
        return value
    if hides(name, redacted=redacted) or (redacted and _PLACE.search(value)):
        return WITHHELD
    return _PLACE.sub(lambda place: f"{place[1]}{place[2]}", value)


_PLACE = re.compile(r"(^|, )(?:[~/]|[A-Za-z]:[\\/])(?:[^,]*[/\\])?([^,/\\]*)")
"""A path from the root of a machine, alone or in a list."""


def _inputs(record: Mapping[str, Any]) -> Iterator[tuple[tuple[Kind, str], str]]:
    for name, value in _flat(record.get("params", {})):
        yield ("parameter", name), _plain(value)
    if "seed" in record:
        yield ("seed", "seed"), _plain(record["seed"])
    for key, corpus in record.get("corpora", {}).items():
        yield ("data", str(corpus.get("label", key))), str(corpus.get("sha256", ""))[:SHORT]
    for name, sha in record.get("models", {}).items():
        yield ("model", name), str(sha)[:SHORT]
    git = record.get("git", {})
    if git.get("sha"):
        yield ("code", "commit"), str(git["sha"])[:SHORT] + (" with local changes" if git.get("dirty") else "")
    stamp = record.get("stamp", {})
    if "notebook" in stamp:
        yield ("code", "the notebook"), str(stamp["notebook"])[:SHORT]
    for file, sha in stamp.get("lib", {}).items():
        yield ("code", file), str(sha)[:SHORT]
    if "constraints" in stamp:
        yield ("version", "constraints.txt"), str(stamp["constraints"])[:SHORT]
    for name, version in record.get("versions", {}).items():
        yield ("version", name), str(version)
    if "device" in record:
        yield ("device", "device"), str(record["device"])


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{prefix}.{key}" if prefix else str(key))
    elif prefix:
        yield prefix, value


def _plain(value: Any) -> str:
    if isinstance(value, list | dict):
        return ", ".join(map(_plain, value)) or "none"
    if value is None or isinstance(value, bool):
        return "not set" if value is None else "yes" if value else "no"
    return str(value)
