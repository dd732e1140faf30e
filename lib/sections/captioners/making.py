"""How the captions that lie beside a corpus were made: who was asked what, what it took, what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.base import state
from lib.base.withheld import WITHHELD
from lib.captioning import hygiene
from lib.captioning.failures import FAILURES
from lib.captioning.likeness import profiles
from lib.captioning.parameters import LEDGER, OUTCOMES, PLANTED, SETTINGS, CaptioningParameters
from lib.corpus import Corpus
from lib.corpus.manifest_captions import CANDIDATES
from lib.corpus.manifest_table import read_table
from lib.draw.table import records
from lib.metrics.intervals import number

AGAIN = "python -m lib captions make writes it again"
FAULTS = {
    "empty": "no text",
    "refusal": "refusal",
    "language": "another language than English",
    "fence": "markdown, JSON or code fence",
    "meta": "talk about the video or to the reader",
    "loop": "a phrase again and again",
    "cut": "ends in the middle of a sentence",
    "scene": "places and looks that no motion shows",
    "shared": "one text for many unlike clips",
}
"""What hygiene looks for, in words."""


@dataclass(frozen=True)
class Making:
    """What `make captions` left, as a reader wants it.

    Attributes:
        glance: one row a captioner: `captioner, client, model, requests, failed, captions, repaired, dropped,
            tokens_in, tokens_out, dollars, seconds_a_clip`; None where nothing was made.
        details: one row a captioner and prompt with its settings, class of failure or fault of wording: `captioner,
            what, n, dropped`, `planted` where the captioners are simulated, and `text`, a prompt or an example.
        values: for prose.
    """

    glance: pd.DataFrame | None = None
    details: pd.DataFrame | None = field(default=None, repr=False)
    values: Mapping[str, int | float | str | bool] = field(default_factory=dict)

    @property
    def at_a_glance(self) -> pd.DataFrame | None:
        """The same upright, which fits a page: one column a captioner."""
        if self.glance is None:
            return None
        digits = {"dollars": 4, "seconds_a_clip": 2}
        shown = self.glance.assign(model=self.glance.model + ", by the client " + self.glance.client)
        shown = shown.drop(columns="client").set_index("captioner")
        for name in shown:
            if pd.api.types.is_numeric_dtype(shown[name]):
                decimals = digits.get(str(name), 0)
                shown[name] = ["–" if pd.isna(one) else number(one, decimals) for one in shown[name]]
        upright = shown.T.rename_axis("of each captioner", axis=0).rename_axis(None, axis=1).reset_index()
        return upright.replace({"of each captioner": {name: str(name).replace("_", " ") for name in shown}})


def making(
    asked: CaptioningParameters,
    corpora: Mapping[str, Corpus],
    *,
    rng: np.random.Generator,
    private: Collection[str] = (),
    named: Collection[str] = (),
) -> Making:
    """Reads what `make captions` left for a profile and looks what its captions need before they can be judged.

    Args:
        asked: the block `captioning`.
        corpora: by key.
        rng: draws the clips by which one text for many unlike clips is told.
        private: keys of corpora of which neither texts nor the names of captioners, models and prompts are shown.
        named: captioners of private corpora that may be named.

    Returns:
        Empty without a block, and where nothing was made.

    Raises:
        CorpusError: a file of `make captions` is damaged.
    """
    corpus = corpora.get(asked.corpus or "")
    folder = asked.place(corpus.provenance.root) if corpus is not None else None
    if corpus is None or folder is None or not (folder / SETTINGS).is_file():
        return Making()
    settings = state.required(folder / SETTINGS, dict[str, dict[str, Any]], fix=AGAIN)
    captions = read_table(folder / CANDIDATES)
    captions = captions[captions.captioner.isin([*settings])]
    planted = _planted(folder)
    cleaned = hygiene.clean(captions, likeness=partial(profiles, corpus, rng=rng), rng=rng)
    glance = _glance(settings, pd.read_csv(folder / LEDGER), cleaned.flags)
    details = _details(settings, captions, pd.read_csv(folder / OUTCOMES), cleaned.summary, planted)
    values = _values(captions, settings, glance, details)
    hidden = [name for name in settings if asked.corpus in private and name not in named]
    glance.loc[glance.captioner.isin(hidden), ["client", "model"]] = WITHHELD
    details.loc[details.captioner.isin(hidden), "text"] = WITHHELD
    details.loc[details.captioner.isin(hidden) & details.what.str.startswith("prompt "), "what"] = WITHHELD
    labels = {name: str(name).replace("_", " ") if planted is not None else name for name in settings}
    labels |= {name: corpus.called.get(name, f"captioner made here {n}") for n, name in enumerate(hidden, 1)}
    glance, details = (table.assign(captioner=table.captioner.map(labels)) for table in (glance, details))
    return Making(glance, details, values)


def _planted(folder: Path) -> dict[str, dict[str, int]] | None:
    there = (folder / PLANTED).is_file()
    return state.required(folder / PLANTED, dict[str, dict[str, int]], fix=AGAIN) if there else None


def _glance(settings: Mapping[str, Mapping[str, Any]], ledger: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    sums: dict[str, dict[str, Any]] = ledger.groupby("captioner").sum(numeric_only=True).to_dict("index")  # type: ignore[assignment]
    rows = []
    for name, told in settings.items():
        mine = flags[flags.captioner == name]
        spent = sums.get(name, dict.fromkeys(ledger.columns, 0))
        changed = ~mine.dropped & (mine.cleaned != mine.text)
        rows.append(
            {
                "captioner": name,
                "client": told["client"],
                "model": told["model"],
                "requests": int(spent["requests"] + spent["unknown"]),
                "failed": int(spent["failed"] + spent["unknown"]),
                "captions": len(mine),
                "repaired": int(changed.sum()),
                "dropped": int(mine.dropped.sum()),
                "tokens_in": int(spent["tokens_in"]),
                "tokens_out": int(spent["tokens_out"]),
                "dollars": float(spent["dollars"] + spent["dollars_unknown"]) if told["priced"] else float("nan"),
                "seconds_a_clip": spent["seconds"] / told["clips"] if told["clips"] else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def _details(
    settings: Mapping[str, Mapping[str, Any]],
    captions: pd.DataFrame,
    outcomes: pd.DataFrame,
    faults: pd.DataFrame,
    planted: Mapping[str, Mapping[str, int]] | None,
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for name, told in settings.items():
        expected, own = (planted or {}).get(name, {}), captions[captions.captioner == name]
        for prompt, text in told["prompts"].items():
            n = int((own.prompt == prompt).sum())
            rows.append({"captioner": name, "what": _asked(prompt, told), "n": n, "text": text})
        mine = outcomes[outcomes.captioner == name]
        ends = dict(zip(mine.outcome, mine.requests, strict=True))
        for kind, words in FAILURES.items():
            if kind in ends or kind in expected:
                n = int(ends.get(kind, 0))
                what = f"request failed: {words}"
                rows.append({"captioner": name, "what": what, "n": n, "planted": expected.get(kind)})
        worded = {row["fault"]: row for row in records(faults[faults.captioner == name])}
        for kind, words in FAULTS.items():
            meant = expected.get(kind) if kind not in FAILURES else None
            if kind in worded or meant is not None:
                seen = worded.get(kind, {"captions": 0, "dropped": 0, "example": None})
                row = {"captioner": name, "what": f"wording: {words}", "planted": meant, "text": seen["example"]}
                rows.append(row | {"n": seen["captions"], "dropped": seen["dropped"]})
    columns = ["captioner", "what", "n", "dropped", "planted", "text"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.astype({"n": "int64", **dict.fromkeys(["dropped", "planted"], "Int64")})
    return table if planted is not None else table.drop(columns="planted")


def _asked(prompt: str, told: Mapping[str, Any]) -> str:
    heats = ", ".join(f"{heat:g}" for heat in told["temperatures"] or ()) or "the model's own"
    seen = "frames" if told["send"] == "frames" else "video"
    return f"prompt “{prompt}”; temperature {heats}; {seen} at {told['fps']:g} fps"


def _values(
    captions: pd.DataFrame, settings: Mapping[str, Any], glance: pd.DataFrame, details: pd.DataFrame
) -> dict[str, int | float | str | bool]:
    values: dict[str, int | float | str | bool] = {
        "made_captions": len(captions),
        "made_clips": int(captions.clip_id.nunique()),
        "made_captioners": len(settings),
        "made_requests": int(glance.requests.sum()),
        "made_failed": int(glance.failed.sum()),
        "made_repaired": int(glance.repaired.sum()),
        "made_dropped": int(glance.dropped.sum()),
    }
    if "planted" in details:
        rows = details[details.planted.notna()]
        counted = int(rows[["n", "planted"]].min(axis=1).sum())
        values |= {"made_simulated": True, "made_planted": int(rows.planted.sum()), "made_recovered": counted}
    return values
