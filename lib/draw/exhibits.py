"""What a notebook shows: a figure, a table, players of motions or an interactive piece, saved and displayed alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import HTML, display
from matplotlib.figure import Figure

from lib.draw import motion_player, style, table, vector
from lib.draw.motion_player import Choice, Motion, Track, at_first, still, write_player
from lib.draw.untangle import untangle

if TYPE_CHECKING:
    from lib.corpus import Corpus

AT_ONCE = 6
"""Motions that one player shows side by side."""


class Shown(Protocol):
    """A motion that says whether a private profile may show it."""

    @property
    def public(self) -> bool:
        """Whether it comes from a public corpus."""
        ...


Item = TypeVar("Item", bound=Shown)


class Redaction(Protocol):
    """What an exhibit asks before anything of it is written; `lib.run.redaction` answers."""

    @property
    def on(self) -> bool:
        """Whether anything is withheld at all."""
        ...

    def text(self, text: str) -> str:
        """A text without what is private in it."""
        ...

    def value(self, value: Any) -> Any:
        """The same of every text in an object or a list."""
        ...

    def frame(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A table without raw columns, every other text cleared."""
        ...

    def figure(self, figure: Figure) -> None:
        """Clears every text that a figure draws, in place."""
        ...

    def motions(self, motions: Sequence[Item]) -> list[Item]:
        """The motions that may be played."""
        ...


class Exhibit(Protocol):
    """Anything that `Run.show` takes."""

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes the exhibit into a results folder under a name, and displays it in the notebook."""
        ...


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure with its takeaway and the plotted data.

    Args:
        figure: None where the profile has nothing to draw.
        alt: one sentence that states the takeaway, for readers who do not see the figure.
        data: what was drawn, written as ``tables/<name>.csv``.
        as_vector: whether pages show an SVG of it.
    """

    figure: Figure | None
    alt: str = ""
    data: pd.DataFrame | None = None
    as_vector: bool = True

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes ``figures/<name>.png``, its text and, where it is light, the same as SVG beside it, and the data."""
        if self.figure is None:
            _nothing(name, "nothing to draw")
            return
        style.legible(self.figure)
        redaction.figure(self.figure)
        untangle(self.figure)
        alt = redaction.text(self.alt)
        self.figure.savefig(folder / "figures" / f"{name}.png", metadata={"Software": None})
        if self.as_vector:
            vector.write(self.figure, folder / "figures" / f"{name}.svg")
        (folder / "figures" / f"{name}.txt").write_text(alt, encoding="utf-8")
        if self.data is not None:
            redaction.frame(self.data).to_csv(folder / "tables" / f"{name}.csv", index=False)
        display(self.figure, metadata={"image/png": {"alt": alt}})
        plt.close(self.figure)


@dataclass(frozen=True, eq=False)
class Listing:
    """A table, and how its columns are shown.

    Args:
        frame: None or empty where the profile has none.
        formats: by column, see :func:`lib.draw.table.render`.
    """

    frame: pd.DataFrame | None
    formats: Mapping[str, str] = field(default_factory=dict)

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes ``tables/<name>.csv`` and the same as an escaped HTML fragment."""
        if self.frame is None or self.frame.empty:
            _nothing(name, "no rows")
            return
        shown = redaction.frame(self.frame)
        shown.to_csv(folder / "tables" / f"{name}.csv", index=False)
        formats = {redaction.text(column): redaction.text(how) for column, how in self.formats.items()}
        fragment = table.render(shown, formats, name)
        (folder / "tables" / f"{name}.html").write_text(fragment, encoding="utf-8")
        display(HTML(fragment))


@dataclass(frozen=True, eq=False)
class Player:
    """Motions to be played in the page, side by side under one clock and one view.

    Under redaction only motions that are marked public are saved, and the label, which may be a caption, gives way to
    the name.

    Args:
        motions: none where the profile has none.
        label: what a screen reader calls them.
        alt: alternative text of the still picture for print; one made of the labels where it is empty.
        choice: what the options of the motions are; the picture has those of the first.
    """

    motions: Sequence[Motion]
    label: str
    alt: str = ""
    choice: Choice | None = None

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes ``motions/<name>.json``, which a page includes as ``assets/<stem>/<name>.html``, and the picture."""
        motions, label, alt = list(self.motions), self.label, self.alt
        if redaction.on:
            label, alt = name.replace("_", " "), ""
            public = redaction.motions(motions)
            motions = [replace(one, label=redaction.text(one.label), note=redaction.text(one.note)) for one in public]
        if not motions:
            _nothing(name, "no motion to show")
            return
        choice = self.choice if any(motion.options for motion in motions) else None
        first = (at_first(motions) if choice else motions) or motions
        labels = f"Stick figures of {label}: " + ", ".join(motion.label for motion in first)
        Drawing(still.still(first), alt or labels, as_vector=False).show(folder, name, redaction)
        tracks = [Track.of(motion) for motion in motions]
        write_player(folder, name, tracks, label=label, choice=choice)
        display({"text/html": motion_player.framed(tracks, title=label, choice=choice)}, raw=True)


@dataclass(frozen=True, eq=False)
class Players:
    """Motions six a player, saved as ``<name>_1``, ``<name>_2`` and so on.

    Args:
        motions: any number.
        label: what a screen reader calls the players.
    """

    motions: Sequence[Motion]
    label: str

    @classmethod
    def of_clips(
        cls,
        corpora: "Mapping[str, Corpus]",
        rows: pd.DataFrame | None,
        *,
        public: Collection[str],
        notes: bool,
        label: str,
    ) -> "Players":
        """Players of the clips of a table, those that have a motion.

        Args:
            corpora: by key.
            rows: ``key`` (of the corpus), ``clip_id``, ``label`` and ``note``; none where the profile has none.
            public: keys of the corpora whose motions a private profile may show.
            notes: whether notes, which may be captions, are shown.
            label: what a screen reader calls the players.
        """
        motions = []
        for row in rows.to_dict("records") if rows is not None else []:
            corpus = corpora[row["key"]]
            if corpus.clips.loc[corpus.clips["clip_id"] == row["clip_id"], "has_motion"].any():
                note = row["note"] if notes else ""
                motions.append(Motion(corpus.joints(row["clip_id"]), row["label"], note, public=row["key"] in public))
        return cls(motions, label)

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes a player for every six motions."""
        for number, start in enumerate(range(0, max(len(self.motions), 1), AT_ONCE), 1):
            Player(self.motions[start : start + AT_ONCE], self.label).show(folder, f"{name}_{number}", redaction)


def exhibit(thing: Any, formats: Mapping[str, str]) -> Exhibit:
    """Anything that a section returns to be shown, as an exhibit: a table or None becomes a `Listing`."""
    return Listing(thing, formats) if thing is None or isinstance(thing, pd.DataFrame) else thing


def _nothing(name: str, what: str) -> None:
    display(HTML(f"<p>{name}: {what} in this profile.</p>"))
