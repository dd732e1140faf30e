"""What a notebook writes: values, figures and tables, in the layout every later step relies on."""

import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib import corpus
from lib.base import cache_use, state
from lib.base.device import choose, resolve_device
from lib.base.errors import RunError
from lib.base.parameters import Clips
from lib.base.paths import BUILD
from lib.draw import style
from lib.draw.exhibits import Exhibit, exhibit
from lib.engine.parameters import choose_engine
from lib.metrics.intervals import Counted, Measure
from lib.run import declared, selection
from lib.run.exploring import session, write_back
from lib.run.pipeline import BY_STEM
from lib.run.redaction import Redaction, captioners
from lib.text import mpnet
from lib.text.stand_in import NAME, seed_of

REPLACED = {
    "value": "run.record({name: value})",
    "values": "run.record",
    "figure": "run.show(name, Drawing(figure, alt, data))",
    "player": "run.show(name, Player(motions, label))",
    "table": "run.show(name, frame, column=format)",
}
"""Methods of version 0.1.0 that notebooks of others may call, and what they call now."""


class Run:
    """One execution of a notebook: its parameters, its corpora, and the folder its results go to.

    Under papermill the folder is the runner's; in Jupyter it is ``build/explored/<profile>/<stem>``, so that looking
    around never alters a result.

    Args:
        stem: the notebook, as named in ``lib.run.pipeline``.
        variables: the notebook's ``vars()``; what its parameters cell set is checked against the schema.

    Raises:
        UserError: a parameter out of range; in Jupyter also what is not there yet, with the command that makes it.

    Attributes:
        params: the validated section of the notebook.
        profile: the whole profile.
    """

    def __init__(self, stem: str, variables: Mapping[str, Any]) -> None:
        self.notebook, self._variables = BY_STEM[stem], variables
        self.profile, self._file = session.resolve_parameters(self.notebook, variables)
        choose(self.profile.device, self.profile.precision)
        choose_engine(self.profile.engine)
        self.params: Any = getattr(self.profile, self.notebook.section)
        self.folder = Path(os.environ.get("LIB_RESULTS") or BUILD / "explored" / self.profile.profile / stem)
        self._values: dict[str, Any] = {}
        self._noted: dict[str, Any] = {"models": {}, "warnings": []}
        style.use()
        for kind in ("figures", "tables"):
            (self.folder / kind).mkdir(parents=True, exist_ok=True)

    @cached_property
    def corpora(self) -> dict[str, corpus.Corpus]:
        """The profile's corpora by key, the benchmark first, with the clips that the section asks for.

        Raises:
            UserError: see `lib.run.selection.selected`.
        """
        return self.selected(getattr(self.params, "clips", "all"))

    @cached_property
    def all_clips(self) -> dict[str, corpus.Corpus]:
        """The same corpora whole; what each of them lacks is noted as a warning."""
        loaded = {}
        for key, asked in self.profile.corpora.items():
            loaded[key] = corpus.load(asked.kind, asked.root, name=asked.label, **asked.licensed)
        loaded = captioners.numbered(loaded, self.profile.private_corpora, self.profile.report.named)
        self._noted["withheld"] = {"rows": {one.name: dict(one.provenance.withheld) for one in loaded.values()}}
        for one in loaded.values():
            for row in one.provenance.counts().query("kind not in ('listed', 'withheld') and n > 0").itertuples():
                self.warn(f"{one.name}: {row.what} {row.kind}: {row.n:,}")
        self._write("provenance.json", self._noted)
        return loaded

    def selected(self, clips: Clips) -> dict[str, corpus.Corpus]:
        """The corpora by key as another block of the parameters asks for them."""
        return selection.selected(self.profile, self.all_clips, clips)

    @property
    def selection(self) -> dict[str, str]:
        """The value ``selection``, what the page says of the clips that it is about."""
        return {"selection": selection.said(self.profile, self.all_clips, self.corpora, self.params.clips)}

    @cached_property
    def redaction(self) -> Redaction:
        """What may be shown; everything that this writes has been through it."""
        private, named = self.profile.private_corpora, self.profile.report.named
        return Redaction(private, lambda: self.__dict__.get("all_clips", {}), named)

    @property
    def keys(self) -> dict[str, str]:
        """The key of each corpus by its name, which the names of values begin with."""
        return {corpus.name: key for key, corpus in self.corpora.items()}

    @property
    def benchmark(self) -> corpus.Corpus:
        """The first corpus of the profile, the one whose test set is reported on."""
        return next(iter(self.corpora.values()))

    @property
    def public(self) -> frozenset[str]:
        """Keys of the corpora that are not private."""
        return frozenset(key for key, source in self.profile.corpora.items() if not source.private)

    @cached_property
    def truth(self) -> dict[str, Any] | None:
        """What was planted in the embedded corpora, or None on real data."""
        file = self.profile.truth
        return state.required(file, dict[str, Any], fix="make corpora writes it again") if file else None

    @cached_property
    def mpnet(self) -> Path | None:
        """The folder of MPNet that the profile names, or None for the fetched one; noted as what results rest on."""
        name = mpnet.NAME if seed_of(self.profile.mpnet) is None else NAME
        self.model(name, mpnet.model_hash(self.profile.mpnet))
        if self.profile.mpnet is None:
            cache_use.note(mpnet.place())
        return self.profile.mpnet

    def results(self, stem: str) -> Path:
        """The results folder of an earlier notebook of the same profile."""
        return BY_STEM[stem].results(self.profile.profile)

    def write_back(self, file: str | None = None) -> Path:
        """Writes the parameters changed in the notebook to its parameter file, or to a new one."""
        return write_back.write_back(self.notebook, self._variables, self._file, file)

    def rng(self, name: str) -> np.random.Generator:
        """An independent stream of random numbers for every name, the same in every run with the profile's seed.

        Args:
            name: what the stream is for; two results that share it rest on the same draws.
        """
        return np.random.default_rng([self.profile.seed, *name.encode()])

    def record(self, values: Mapping[str, Measure | Counted | float | int | str | bool]) -> None:
        """Records numbers and texts that prose quotes, by name, in ``values.json``; a plain number is a `Counted`.

        A number or an interval that is not finite could not be measured on these data and is left out.

        Args:
            values: by name, each of which the section declares in its `VALUES`.

        Raises:
            RunError: a name that the section does not declare, so that no page could rely on it.
        """
        for name, value in values.items():
            declared.check(self.notebook.section, name)
            plain = value.item() if isinstance(value, np.generic) else value
            if isinstance(plain, int | float) and not isinstance(plain, bool):
                plain = Counted(plain)
            if not isinstance(plain, Measure | Counted):
                self._values[name] = self.redaction.value(plain)
            elif all(math.isfinite(part) for part in astuple(plain) if isinstance(part, int | float)):
                self._values[name] = self.redaction.value(plain.as_dict())
        self._write("values.json", self._values)
        noted = self._noted | self._device()
        if self.redaction.on:
            noted["withheld"] = noted.get("withheld", {}) | self.redaction.account()
        if noted != self._noted:
            self._noted = noted
            self._write("provenance.json", noted)

    def show(self, name: str, thing: Exhibit | pd.DataFrame | None, **formats: str) -> None:
        """Saves whatever a section returns to be seen, figure, table, player, map or slider, and displays it.

        Args:
            name: file name without suffix; pages include ``assets/<stem>/<name>.png`` or ``.html``.
            thing: a table, or any exhibit of `lib.draw`; None where the profile has none.
            formats: of a table, how each column is shown, see :func:`lib.draw.table.render`.
        """
        exhibit(thing, formats).show(self.folder, name, self.redaction)

    def data(self, name: str, frame: pd.DataFrame) -> None:
        """Writes a table for others to read as ``<name>.parquet``; such tables stay in the results, off the site."""
        frame.to_parquet(self.folder / f"{name}.parquet", index=False)

    def lines(self, name: str, lines: Sequence[str]) -> None:
        """Writes a list, one entry a line, as ``tables/<name>.txt``; such lists stay in the results, off the site.

        A captioner who is known by a number stands there by name.
        """
        names = {number: name for one in self.all_clips.values() for name, number in one.called.items()}
        lines = [names.get(line, line) for line in lines]
        (self.folder / "tables" / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def lists(self, lists: Mapping[str, Sequence[str]]) -> None:
        """Writes several lists by name, each as `lines` does."""
        for name, lines in lists.items():
            self.lines(name, lines)

    def warn(self, message: str) -> None:
        """Notes something a reader of the results must know; shown on the provenance page."""
        message = self.redaction.text(message)
        if message not in self._noted["warnings"]:
            self._noted["warnings"].append(message)
            self._write("provenance.json", self._noted)

    def model(self, name: str, sha256: str) -> None:
        """Notes which model the results rest on, and what networks run on here."""
        self._noted["models"][name] = sha256
        self._noted |= self._device()
        self._write("provenance.json", self._noted)

    def _device(self) -> dict[str, str]:
        """What networks run on here; nothing where PyTorch, and so a GPU, has had no part."""
        if "torch" not in sys.modules:
            return {}
        halved = "" if self.profile.precision == "float32" else f", sentences in {self.profile.precision}"
        return {"device": f"{resolve_device()}{halved}"}

    def __getattr__(self, name: str) -> Any:
        """Says what took the place of a method of version 0.1.0.

        Raises:
            RunError: one of these methods.
            AttributeError: any other name.
        """
        if name in REPLACED:
            fix = "change the call; CHANGELOG.md has an example"
            raise RunError(f"run.{name} of version 0.1.0 is {REPLACED[name]}", where="the notebook", fix=fix)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _write(self, name: str, content: dict[str, Any]) -> None:
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        (self.folder / name).write_text(text, encoding="utf-8")
