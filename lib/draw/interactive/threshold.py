"""A slider over a threshold: the share of each line at or above it, read on either scale."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import display
from markupsafe import Markup

from lib.draw.exhibits import Redaction
from lib.draw.fragment import inert
from lib.draw.interactive.assets import FOLDER

KIND = "threshold"


@dataclass(frozen=True, eq=False)
class ThresholdSlider:
    """Shares at every threshold, for a reader to choose one.

    Args:
        shares: ``line, interval, unit, n, cosine, share, low, high``, the
            same cosines for all, evenly from 0 to 1.
        start: where the slider stands at first.
    """

    shares: pd.DataFrame
    start: float

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes the slider and, as its table, ``tables/<name>.csv``; the notebook displays the table."""
        shares = redaction.frame(self.shares)
        shares.to_csv(folder / "tables" / f"{name}.csv", index=False)
        write(folder, name, shares, start=self.start)
        display(shares)


def write(folder: Path, name: str, made: pd.DataFrame, *, start: float) -> None:
    """Writes a slider into a results folder, as ``interactive/<name>.json``.

    Args:
        folder: of the results.
        name: file name without suffix.
        made: ``line, interval, unit, n, cosine, share, low, high``, the
            same cosines for all, evenly from 0 to 1.
        start: where the slider stands at first.
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    lines: list[dict[str, Any]] = []
    for (line, interval), rows in made.groupby(["line", "interval"], sort=False):
        units = {
            str(unit): {"n": int(some["n"].iloc[0]), **{key: _tenths(some[key]) for key in ("share", "low", "high")}}
            for unit, some in rows.groupby("unit", sort=False)
        }
        lines.append({"name": line, "interval": interval, "units": units})
    content = {"kind": KIND, "name": name, "start": start, "lines": lines}
    (folder / FOLDER / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def markup(content: Mapping[str, Any], address: str) -> str:
    """The HTML of a slider; the script and the style of the interactive pieces bring it to life.

    Args:
        content: of the JSON file that :func:`write` left.
        address: of the table of its name, with another suffix.
    """
    table = address.rsplit(".", 1)[0] + ".csv"
    told = json.dumps({key: content[key] for key in ("start", "lines")}, ensure_ascii=False)
    html = Markup(
        '<div class="threshold piece" role="group" aria-label="Shares by threshold" data-shares="{}">\n'
        "<noscript><p>The slider needs JavaScript; the figure and the tables show the same shares.</p></noscript>\n"
        '</div>\n<p class="downloads">'
        '<a href="{}" download aria-label="Download the shares by threshold as CSV">CSV</a></p>'
    )
    return inert(str(html.format(told, table)))


def _tenths(shares: "pd.Series[float]") -> list[int]:
    # Tenths of a percent, rounded as the tables of the page round them, so that both say the same.
    return [round(10 * float(f"{100 * share:.1f}")) for share in shares]
