"""A comparison of two runs, and the lines that a terminal shows of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib.base.withheld import WITHHELD
from lib.comparison.inputs import Changed, changed
from lib.comparison.moves import SAYS, Move, moves
from lib.comparison.results import Results, read, shown

LONGEST = 88


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side.

    Args:
        before: the first run.
        after: the second run.
        moves: values that moved, the most important first.
        inputs: inputs that changed.
        compared: how many values there are in the notebooks that both runs have.
    """

    before: Results
    after: Results
    moves: list[Move]
    inputs: list[Changed]
    compared: int

    @property
    def summary(self) -> str:
        """How much moved, in one sentence."""
        if not self.moves:
            return f"Nothing moved: {self.compared:,} values are the same in both runs."
        counts = Counter(move.kind for move in self.moves)
        told = ", ".join(f"{SAYS[kind]} {counts[kind]:,}" for kind in SAYS if counts[kind])
        return f"{len(self.moves):,} of {self.compared:,} values moved. {told[:1].upper()}{told[1:]}."

    def lines(self) -> Iterator[str]:
        """What a terminal shows."""
        yield f"{self.before.folder} → {self.after.folder}"
        yield self.summary
        for move in self.moves:
            before, after, change = move.told
            told = f"{_short(before) or '–'} → {_short(after) or '–'}"
            yield f"  {SAYS[move.kind]}: {move.stem[:2]} {move.name}: {told}{f' ({change})' if change else ''}"
        yield "Inputs that changed:" if self.inputs else "No input changed."
        for one in self.inputs:
            yield f"  {one.kind}: {one.name}: {one.before} → {one.after} ({numbers(one.stems)})"

    def record(self) -> dict[str, Any]:
        """What the lines say, for programs: values as the results have them, withheld where the site withholds them."""
        moved = ("stem", "name", "kind", "before", "after", "change")
        changed = ("kind", "name", "before", "after", "stems")
        return {
            "before": str(self.before.folder),
            "after": str(self.after.folder),
            "summary": self.summary,
            "compared": self.compared,
            "moves": [{name: getattr(move, name) for name in moved} for move in self.moves],
            "inputs": [{name: getattr(one, name) for name in changed} for one in self.inputs],
        }


def compare(before: Path, after: Path) -> Comparison:
    """Compares two folders of results, such as ``results/demo`` of two checkouts, and withholds what the site would.

    Raises:
        RunError: one of them is no folder of results.
    """
    first, second, left = shown(read(before), read(after))
    shared = {*first.values} & {*second.values}
    every = {(stem, name) for stem in shared for results in (first, second) for name in results.values[stem]}
    says = {"first": (WITHHELD, "not compared"), "second": ("not compared", WITHHELD)}
    withheld = [Changed("notebook", stem, *says[holds], stems=(stem,)) for stem, holds in left.items()]
    inputs = [*withheld, *changed(first, second)]
    return Comparison(first, second, moves(first.values, second.values), inputs, len(every))


def numbers(stems: Sequence[str]) -> str:
    """Notebooks by their numbers.

    Example:
        >>> numbers(["00_data_preparation", "01_similarity_test"])
        '00, 01'
    """
    return ", ".join(stem[:2] for stem in stems)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
