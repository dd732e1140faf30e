"""What 06 asks of the generators: which clips count, by which protocol, and what the differences decide."""

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.corpus import Corpus
from lib.metrics.intervals import Measure
from lib.models.latents import Latents
from lib.models.pairs import pair
from lib.models.temos.regimes import of_clips
from lib.models.tmr.model import TMR
from lib.sections.evaluation.generation_made import Asked
from lib.sections.evaluation.generation_sets import Mask
from lib.text.tokens import pos_key, verbs

HELPS, HURTS, MIXED, OPEN = "helps", "hurts", "helps by one measure and hurts by another", "is not shown to matter"
LEAK_FREE, NEW = "leak-free", "new actions"


def protocol(what: Asked, evaluator: TMR, *, pool: int) -> str:
    """The protocol of every number of a table, in one sentence, to print with it."""
    size = "of unit length" if what.normalised else "not normalised"
    n, base = len(what.clips), what.clips["base_id"].nunique()
    return (
        f"Evaluator TMR {evaluator.fingerprint[:12]}, {what.test.text.shape[1]} dimensions, latents {size}, Euclidean "
        f"distance, pools of {min(pool, n)}, {n:,} test clips of {what.corpus}, N = {base:,} without mirrors."
    )


def protocols(every: Mapping[str, Asked], evaluator: TMR, judged_by: Sequence[str], *, pool: int) -> dict[str, str]:
    """The protocol on the benchmark and elsewhere, and the metrics that decide, for prose."""
    told = [protocol(one, evaluator, pool=pool) for one in every.values()]
    found = {"protocol": told[0], "judged_by": " and ".join(judged_by)}
    return found | ({"protocol_elsewhere": " ".join(told[1:])} if told[1:] else {})


def leak_free(what: Asked, folder: Path) -> dict[str, Mask]:
    """The clips on the leak-free list that 01 left in its results folder; nothing where there is none."""
    file = folder / "tables" / "leak_free_test.txt"
    if not file.is_file():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    mask = what.clips["clip_id"].isin([line for line in lines if not line.startswith("#")]).to_numpy()
    return {LEAK_FREE: mask} if mask.any() else {}


def clusters(
    what: Asked,
    weights: pd.DataFrame | None,
    corpora: Mapping[str, Corpus],
    latents: Mapping[str, Latents],
    names: Mapping[str, str],
) -> dict[str, Mask]:
    """The clips of each cluster of 05: the cluster whose training captions have the nearest mean direction.

    Args:
        what: the test clips.
        weights: ``clip_id, cluster`` of training clips; None gives no cluster.
        corpora: by key.
        latents: by key, of the same evaluator.
        names: of clusters, where they have any.
    """
    if weights is None:
        return {}
    pairs = {key: pair(latents[key], one) for key, one in corpora.items()}
    split = pd.concat([one.clips["split"] for one in pairs.values()], ignore_index=True)
    text = np.concatenate([one.text for one in pairs.values()])
    column = weights.drop_duplicates("clip_id").set_index("clip_id")["cluster"].astype(str)
    labels = zip(pairs.values(), of_clips(column, corpora), strict=True)
    label = pd.concat([one.clips["clip_id"].map(known) for one, known in labels], ignore_index=True)
    known = label.notna() & (split == "train")
    directions = text / np.linalg.norm(text, axis=1, keepdims=True)
    kinds = sorted(label[known].unique(), key=lambda kind: (len(kind), kind))
    centres = np.stack([directions[(known & (label == kind)).to_numpy()].mean(axis=0) for kind in kinds])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    nearest = (what.test.text @ centres.T).argmax(axis=1)
    return {names.get(kind, f"cluster {kind}"): nearest == at for at, kind in enumerate(kinds) if (nearest == at).any()}


def new_actions(what: Asked, benchmark: Corpus, *, rare: int, not_actions: Sequence[str]) -> dict[str, Mask]:
    """The clips whose captions name actions that the benchmark hardly has.

    Args:
        what: test clips of another corpus.
        benchmark: whose training captions are counted.
        rare: an action is hardly there when its verb describes fewer unmirrored training clips.
        not_actions: verbs that name no action.
    """
    train = benchmark.clips[(benchmark.clips["split"] == "train") & benchmark.clips["mirror_of"].isna()]
    captions = benchmark.captions[benchmark.captions["clip_id"].isin(set(train["clip_id"]))]
    known = captions.assign(verb=pos_key(captions).map(verbs).to_numpy()).explode("verb")
    often = known.groupby("verb")["clip_id"].nunique()
    common = set(often[often >= rare].index)
    named = pos_key(what.clips).map(lambda key: {*verbs(key)} - {*not_actions})
    mask = named.map(lambda some: bool(some) and not some & common).to_numpy(dtype=bool)
    return {NEW: mask} if mask.any() else {}


def decided(differences: pd.DataFrame, model: str, subset: str, judged_by: Sequence[str]) -> str:
    """What a regime does, by the rule of the parameters: an interval that excludes zero decides, nothing else does."""
    rows = differences[(differences["model"] == model) & (differences["subset"] == subset)].set_index("metric")
    signs: set[bool] = set()
    for metric in [metric for metric in judged_by if metric in rows.index]:
        row = rows.loc[metric]
        if row["low"] > 0 or row["high"] < 0:
            signs.add(bool((row["difference"] > 0) == (row["better"] == "higher")))
    return {(): OPEN, (True,): HELPS, (False,): HURTS}.get(tuple(signs), MIXED)


def estimate(differences: pd.DataFrame, model: str, metric: str, subset: str, digits: int = 3) -> Measure | None:
    """One paired difference with its interval over clips and seeds; None where there is none. N counts base clips."""
    rows = differences[
        (differences["model"] == model) & (differences["metric"] == metric) & (differences["subset"] == subset)
    ]
    if rows.empty or not np.isfinite(rows.iloc[0]["low"]):
        return None
    row = rows.iloc[0]
    return Measure(row["difference"], row["low"], row["high"], int(row["base_clips"]), digits=digits)


def wide(table: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """The main table: a row a model, a column a metric, each the value, its replication interval and seed interval.

    A cell reads ``expected ± replication [low–high over seeds]``: about the value that replications converge to, which
    the seeds' interval and the paired differences are about too.
    """
    cells = table.assign(text=[_cell(row) for row in table.to_dict("records")])
    told = cells.pivot(index="model", columns="metric", values="text").reindex(columns=[*metrics])
    return told.loc[[*dict.fromkeys(table["model"])]].reset_index()


def _cell(row: Mapping[Hashable, Any]) -> str:
    digits = 4 if row["metric"] == "KID" else 2 if abs(row["expected"]) >= 10 else 3
    text = f"{row['expected']:.{digits}f}"
    if np.isfinite(row["replication_low"]):
        text += f" ± {(row['replication_high'] - row['replication_low']) / 2:.{digits}f}"
    if np.isfinite(row["seed_low"]):
        ends = [f"{row[end]:.{digits}f}".replace("-", "−") for end in ("seed_low", "seed_high")]
        text += f" [{(' to ' if row['seed_low'] < 0 else '–').join(ends)}]"
    return text
