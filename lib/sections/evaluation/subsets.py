"""Subsets of the test clips: the clusters of 05, and actions that the benchmark lacks."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.corpus import Corpus
from lib.models.evaluation_prompts import EvaluationPrompts, Judge
from lib.models.generated_latents import Mask
from lib.models.latents import Latents
from lib.models.momask.regimes import of_clips
from lib.models.pairs import pair
from lib.sections.evaluation.values import NEW
from lib.text.tokens import pos_key, verbs


def clusters(
    prompts: EvaluationPrompts,
    weights: pd.DataFrame | None,
    corpora: Mapping[str, Corpus],
    latents: Mapping[str, Latents],
    names: Mapping[str, str],
) -> dict[str, Mask]:
    """The clips of each cluster of 05: the cluster whose training captions have the nearest mean direction.

    Args:
        prompts: the test clips.
        weights: ``clip_id, cluster`` of training clips; None gives no cluster.
        corpora: by key.
        latents: by key, of the same evaluator.
        names: of clusters, where they have any.
    """
    if weights is None:
        return {}
    pairs = [pair(latents[key], corpus) for key, corpus in corpora.items()]
    split = pd.concat([paired.clips["split"] for paired in pairs], ignore_index=True)
    text = np.concatenate([paired.text for paired in pairs])
    column = weights.drop_duplicates("clip_id").set_index("clip_id")["cluster"].astype(str)
    labels = zip(pairs, of_clips(column, corpora), strict=True)
    label = pd.concat([paired.clips["clip_id"].map(of_clip) for paired, of_clip in labels], ignore_index=True)
    known = label.notna() & (split == "train")
    directions = text / np.linalg.norm(text, axis=1, keepdims=True)
    kinds = sorted(label[known].unique(), key=lambda kind: (len(kind), kind))
    centres = np.stack([directions[(known & (label == kind)).to_numpy()].mean(axis=0) for kind in kinds])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    nearest = (prompts.test.text @ centres.T).argmax(axis=1)
    return {names.get(kind, f"cluster {kind}"): nearest == at for at, kind in enumerate(kinds) if (nearest == at).any()}


def new_actions(
    judges: Mapping[str, Sequence[Judge]], benchmark: Corpus, *, rare: int, not_actions: Sequence[str]
) -> dict[str, dict[str, Mask]]:
    """The test clips of other corpora whose captions name only actions that the benchmark hardly has, by key.

    Args:
        judges: of every corpus, by key, the benchmark's first.
        benchmark: whose training captions are counted.
        rare: the benchmark hardly has an action whose verb describes fewer unmirrored training clips.
        not_actions: verbs that name no action.
    """
    train = benchmark.clips[(benchmark.clips["split"] == "train") & benchmark.clips["mirror_of"].isna()]
    captions = benchmark.captions[benchmark.captions["clip_id"].isin(set(train["clip_id"]))]
    named = captions.assign(verb=pos_key(captions).map(verbs).to_numpy()).explode("verb")
    clips = named.groupby("verb")["clip_id"].nunique()
    common = set(clips[clips >= rare].index)
    _, *others = judges
    masks = {key: _without(judges[key][0].prompts.clips, common, {*not_actions}) for key in others}
    return {key: {NEW: mask} if mask.any() else {} for key, mask in masks.items()}


def _without(clips: pd.DataFrame, common: set[str], not_actions: set[str]) -> Mask:
    actions = pos_key(clips).map(lambda key: {*verbs(key)} - not_actions)
    return actions.map(lambda named: bool(named) and not named & common).to_numpy(dtype=bool)
