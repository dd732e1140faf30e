"""Planted falsehoods of the demo's captioners, found by the checker, which sees sentences and joints only."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from lib.captioning.claims import Checked, check
from lib.captioning.claims.verdicts import LEFTWARD, Verdict
from lib.demo.corpora import mllm
from lib.demo.corpora.captioners import as_seen, confused, invented
from lib.demo.corpora.cuts import Cut, plan
from lib.demo.corpora.dm import SHARED_SOURCES, SPANS
from lib.demo.corpora.scenario import DANCE_HEAVY, shares
from lib.demo.synthesis import Spec, synthesise
from lib.text.probes import order_reversed

SEED, CLIPS = 0, 1200
AUC, FALSE_ALARMS = 0.9, 0.05
Specs = Sequence[Spec]


def _described(cuts: list[Cut], told: Callable[[Specs, np.random.Generator], Specs], name: str) -> pd.DataFrame:
    rng = np.random.default_rng([SEED, len(name)])
    rows = []
    for i, cut in enumerate(cuts):
        specs = told(cut.specs, rng)
        rows.append(
            (str(i), f"{i}#{name}", mllm.description(specs, 1, rng).text, name, tuple(specs) != tuple(cut.specs))
        )
    return pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "captioner", "planted"])


@pytest.fixture(scope="module")
def planted() -> tuple[pd.DataFrame, Checked]:
    recordings = plan(CLIPS, shares(DANCE_HEAVY), SHARED_SOURCES, SPANS, np.random.default_rng([SEED, 2]))
    cuts = [cut for cut in recordings.cuts if cut.split == "test"]

    def joints(clip_id: str) -> np.ndarray:
        cut = cuts[int(clip_id)]
        whole = synthesise(recordings.takes[cut.source], np.random.default_rng([SEED, cut.source]))
        return whole[cut.start : cut.end]

    true = _described(cuts, as_seen, "true")
    reverse = true.assign(text=true.text.map(order_reversed), captioner="reversed", planted=True)
    reverse = reverse.assign(caption_id=reverse.clip_id + "#reversed").dropna(subset="text")
    tables = [true, reverse, _described(cuts, confused, "confused"), _described(cuts, invented, "invented")]
    captions = pd.concat(tables, ignore_index=True)
    return captions, check(captions, joints, progress=False)


def _pairs(
    planted: tuple[pd.DataFrame, Checked], name: str, decides: Callable[[pd.DataFrame], pd.Series]
) -> list[float]:
    """Share of pairs where a claim of the falsified kind is decided, and the AUC over those.

    It is how often the false caption scores below the true one of its clip, a tie counting half.
    """
    captions, checked = planted
    false = captions[(captions.captioner == name) & captions.planted]
    scores = checked.flags.set_index("caption_id").score.fillna(1.0)
    claims = checked.claims[checked.claims.verdict != Verdict.UNDECIDABLE]
    won = []
    for row in false.itertuples():
        mine = claims[claims.caption_id == row.caption_id]
        true = claims[claims.caption_id == f"{row.clip_id}#true"]
        fresh = mine[~mine.action.isin(set(true.action))] if name == "invented" else mine
        if decides(fresh).any():
            one, other = scores[f"{row.clip_id}#true"], scores[row.caption_id]
            won.append(1.0 if other < one else 0.5 if other == one else 0.0)
    share, auc = len(won) / len(false), float(np.mean(won))
    print(f"{name}: {len(false)} pairs, {share:.1%} decidable, AUC {auc:.3f}")
    return [share, auc]


def test_swapped_sides_are_found(planted: tuple[pd.DataFrame, Checked]) -> None:
    share, auc = _pairs(planted, "confused", lambda claims: claims.value.isin(LEFTWARD))
    assert auc >= AUC and share >= 0.6


def test_a_reversed_order_is_found(planted: tuple[pd.DataFrame, Checked]) -> None:
    share, auc = _pairs(planted, "reversed", lambda claims: claims.kind == "order")
    assert auc >= AUC and share >= 0.6


def test_invented_actions_are_found(planted: tuple[pd.DataFrame, Checked]) -> None:
    share, auc = _pairs(planted, "invented", lambda claims: claims.kind.isin(["action", "posture"]))
    assert auc >= AUC and share >= 0.4


def test_true_captions_raise_few_alarms(planted: tuple[pd.DataFrame, Checked]) -> None:
    _, checked = planted
    flags = checked.flags[checked.flags.captioner == "true"]
    print(f"false alarms on {len(flags)} true captions: {flags.is_false.mean():.1%}")
    assert len(flags) > 100 and flags.is_false.mean() <= FALSE_ALARMS
