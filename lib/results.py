"""What a notebook writes: values, figures and tables, in the layout every later step relies on."""

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML, display
from matplotlib.figure import Figure

from lib import corpus, state
from lib.exploring import session, write_back
from lib.metrics.intervals import Estimate
from lib.models import mpnet
from lib.paths import BUILD
from lib.pipeline import BY_STEM
from lib.redaction import Redaction, captioners
from lib.report import motion_player, style, table
from lib.report.motion_player import Motion, Track, still, write_player


class Run:
    """One execution of a notebook: its parameters, its corpora, and the folder its results go to.

    Under papermill the folder is the runner's; in Jupyter it is ``build/explored/<profile>/<stem>``, so that looking
    around never alters a result.

    Args:
        stem: the notebook, as named in ``lib.pipeline``.
        variables: the notebook's ``vars()``; what its parameters cell set is checked against the schema.

    Raises:
        UserError: a parameter out of range; in Jupyter also what is not there yet, with the command that makes it.

    Attributes:
        params: the validated section of the notebook.
        profile: the whole profile.
    """

    def __init__(self, stem: str, variables: Mapping[str, Any]) -> None:
        self.notebook, self._variables = BY_STEM[stem], variables
        self.profile, self._file = session.settle(self.notebook, variables)
        self.params: Any = getattr(self.profile, self.notebook.section)
        self.folder = Path(os.environ.get("LIB_RESULTS") or BUILD / "explored" / self.profile.profile / stem)
        self._values: dict[str, Any] = {}
        self._noted: dict[str, Any] = {"models": {}, "warnings": []}
        style.use()
        for kind in ("figures", "tables"):
            (self.folder / kind).mkdir(parents=True, exist_ok=True)

    @cached_property
    def corpora(self) -> dict[str, corpus.Corpus]:
        """The profile's corpora by key, the benchmark first; what each of them lacks is noted as a warning."""
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

    @cached_property
    def redaction(self) -> Redaction:
        """What may be shown; everything that this writes has been through it."""
        private, named = self.profile.private_corpora, self.profile.report.named
        return Redaction(private, lambda: self.__dict__.get("corpora", {}), named)

    @property
    def benchmark(self) -> corpus.Corpus:
        """The first corpus of the profile, the one whose test set is reported on."""
        return next(iter(self.corpora.values()))

    @cached_property
    def truth(self) -> dict[str, Any] | None:
        """What was planted in the embedded corpora, or None on real data."""
        file = self.profile.truth
        return state.required(file, dict[str, Any], fix="make corpora writes it again") if file else None

    @cached_property
    def mpnet(self) -> Path | None:
        """The folder of MPNet that the profile names, or None for the fetched one; noted as what results rest on."""
        folder = Path(self.profile.models.mpnet) if self.profile.models.mpnet else None
        self.model(mpnet.NAME, mpnet.model_hash(folder))
        return folder

    def results(self, stem: str) -> Path:
        """The results folder of an earlier notebook of the same profile."""
        return BY_STEM[stem].results(self.profile.profile)

    def write_back(self, file: str | None = None) -> Path:
        """Writes the parameters changed in the notebook to its parameter file, or to a new one."""
        return write_back.write_back(self.notebook, self._variables, self._file, file)

    def rng(self) -> np.random.Generator:
        """A generator seeded with the profile's seed, the same on every call."""
        return np.random.default_rng(self.profile.seed)

    def value(self, name: str, value: float | int | str | bool | Estimate) -> None:
        """Records one number or verdict for prose, under ``name`` in ``values.json``.

        A number or an interval that is not finite could not be measured on these data and is left out.
        """
        plain = value.item() if isinstance(value, np.generic) else value
        parts = plain.as_dict() if isinstance(plain, Estimate) else {"value": plain}
        if not all(math.isfinite(part) for part in parts.values() if isinstance(part, float)):
            return
        self._values[name] = self.redaction.value(parts if isinstance(plain, Estimate) else plain)
        self._write("values.json", self._values)
        if self.redaction.on:
            self._noted["withheld"] = self._noted.get("withheld", {}) | self.redaction.account()
            self._write("provenance.json", self._noted)

    def values(self, many: Mapping[str, Any]) -> None:
        """Records several values at once."""
        for name, value in many.items():
            self.value(name, value)

    def figure(self, name: str, figure: Figure | None, alt: str = "", data: pd.DataFrame | None = None) -> None:
        """Saves a figure with its alternative text and plotted data, and shows it.

        Args:
            name: file name without suffix.
            figure: the figure, or None where the profile has nothing to draw.
            alt: one sentence that states the takeaway.
            data: what was drawn, written as ``tables/<name>.csv``.
        """
        if figure is None:
            display(HTML(f"<p>{name}: nothing to draw in this profile.</p>"))
            return
        style.legible(figure)
        self.redaction.figure(figure)
        alt = self.redaction.text(alt)
        figure.savefig(self.folder / "figures" / f"{name}.png", metadata={"Software": None})
        (self.folder / "figures" / f"{name}.txt").write_text(alt, encoding="utf-8")
        if data is not None:
            self.redaction.frame(data).to_csv(self.folder / "tables" / f"{name}.csv", index=False)
        display(figure, metadata={"image/png": {"alt": alt}})
        plt.close(figure)

    def player(self, name: str, motions: Sequence[Motion], *, label: str, alt: str = "") -> None:
        """Saves motions to be played in the page, with a still picture of them for print, and shows them.

        The page includes them as ``assets/<stem>/<name>.html``. Under redaction only motions that are marked public are
        saved, and the label, which may be a caption, gives way to the name.

        Args:
            name: file name without suffix.
            motions: up to six, side by side, under one clock and one view; none where the profile has none.
            label: what a screen reader calls them.
            alt: alternative text of the picture; one made of the labels by default.
        """
        if self.redaction.on:
            label, alt, clear = name.replace("_", " "), "", self.redaction.text
            shown = self.redaction.motions(motions)
            motions = [replace(one, label=clear(one.label), note=clear(one.note)) for one in shown]
        if not motions:
            display(HTML(f"<p>{name}: no motion to show in this profile.</p>"))
            return
        told = f"Stick figures of {label}: " + ", ".join(motion.label for motion in motions)
        self.figure(name, still.still(motions), alt or told)
        write_player(self.folder, name, tracks := [Track.of(motion) for motion in motions], label=label)
        display({"text/html": motion_player.framed(tracks, title=label)}, raw=True)

    def table(self, name: str, frame: pd.DataFrame | None, formats: Mapping[str, str] | None = None) -> None:
        """Saves a table as CSV and as an escaped HTML fragment, and shows it.

        Args:
            name: file name without suffix.
            frame: the table, or None where the profile has none.
            formats: how columns are shown, see :func:`lib.report.table.render`.
        """
        if frame is None or frame.empty:
            display(HTML(f"<p>{name}: no rows in this profile.</p>"))
            return
        shown = self.redaction.frame(frame)
        shown.to_csv(self.folder / "tables" / f"{name}.csv", index=False)
        how = {self.redaction.text(column): self.redaction.text(told) for column, told in (formats or {}).items()}
        fragment = table.render(shown, how, name)
        (self.folder / "tables" / f"{name}.html").write_text(fragment, encoding="utf-8")
        display(HTML(fragment))

    def lines(self, name: str, lines: Sequence[str]) -> None:
        """Writes a list, one entry a line, as ``tables/<name>.txt``; such lists stay in the results, off the site.

        A captioner who is known by a number stands there by name.
        """
        names = {number: name for one in self.corpora.values() for name, number in one.called.items()}
        lines = [names.get(line, line) for line in lines]
        (self.folder / "tables" / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def warn(self, message: str) -> None:
        """Notes something a reader of the results must know; shown on the provenance page."""
        message = self.redaction.text(message)
        if message not in self._noted["warnings"]:
            self._noted["warnings"].append(message)
            self._write("provenance.json", self._noted)

    def model(self, name: str, sha256: str) -> None:
        """Notes which model the results rest on."""
        self._noted["models"][name] = sha256
        self._write("provenance.json", self._noted)

    def _write(self, name: str, content: dict[str, Any]) -> None:
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        (self.folder / name).write_text(text, encoding="utf-8")
