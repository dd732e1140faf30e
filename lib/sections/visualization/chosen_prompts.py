"""The prompts that 07 shows: named in the parameters beforehand or drawn by a rule, never picked by their looks."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lib.base.errors import ParamsError
from lib.corpus import Corpus
from lib.models.evaluation_prompts import EvaluationPrompts
from lib.models.tmr.pairs import FPS
from lib.text.tokens import pos_key, verbs

_KEY = "visualization.prompts"
COLUMNS = ["prompt", "verb", "count", "clip_id", "caption", "seconds"]


def table(
    benchmark: Corpus,
    captions: EvaluationPrompts,
    named: Sequence[str],
    *,
    rows: int,
    not_actions: Sequence[str],
    seed: int,
) -> pd.DataFrame:
    """The prompts of the parameters, or those of the rule: ``prompt, verb, count, clip_id, caption, seconds``.

    Args:
        benchmark: whose motions are the ground truth.
        captions: those that generators were given.
        named: prompts of the parameters, see `chosen`; none leaves them to `by_rule`.
        rows: prompts of the rule.
        not_actions: verbs that name no action.
        seed: of the rule's draw.

    Raises:
        ParamsError: a prompt that names no caption that the generators were given.
    """
    if not named:
        return _numbered(by_rule(captions.clips, rows, not_actions, seed=seed))
    known = chosen(benchmark, named)
    given = dict(zip(captions.clips["clip_id"], captions.clips["text"], strict=True))
    for prompt, clip, text in known[["prompt", "clip_id", "text"]].itertuples(index=False):
        if given.get(clip) != text:
            fix = "name the first caption of a test clip of 2 to 10 seconds, or its id"
            raise ParamsError(f"the generators were not given {prompt!r}", where=_KEY, fix=fix)
    return _numbered(known[["clip_id"]].merge(captions.clips, on="clip_id")).drop(columns=["verb", "count"])


def chosen(corpus: Corpus, asked: Sequence[str], *, split: str = "test", key: str = _KEY) -> pd.DataFrame:
    """The captions and clips behind the prompts that the parameters name.

    Args:
        corpus: the benchmark, whose motions are the ground truth.
        asked: ids of clips, of which the first caption is the prompt, or captions as the corpus has them, save for
            capitals and spaces.
        split: where a prompt must come from.
        key: of the parameters, for the message.

    Returns:
        A row a prompt, in the order asked: prompt (as asked), clip_id, caption_id, text.

    Raises:
        ParamsError: a prompt that names no clip and no caption of the split, a clip without motion or caption, or
            a prompt asked twice.
    """
    clips = corpus.clips[corpus.clips["clip_id"].isin(set(corpus.splits.get(split, [])))]
    shown = set(clips.loc[clips["has_motion"] & clips["has_captions"], "clip_id"])
    captions = corpus.captions[corpus.captions["clip_id"].isin(shown)]
    by_clip = captions.drop_duplicates("clip_id").set_index("clip_id", drop=False)
    by_text = captions.assign(plain=captions["text"].map(_plain)).drop_duplicates("plain").set_index("plain")
    rows = []
    for prompt in asked:
        table, name = (by_clip, prompt) if prompt in by_clip.index else (by_text, _plain(prompt))
        if name not in table.index:
            raise _absent(corpus, prompt, split, key)
        row = table.loc[name]
        rows.append({"prompt": prompt, **{name: row[name] for name in ("clip_id", "caption_id", "text")}})
    prompts = pd.DataFrame(rows, columns=["prompt", "clip_id", "caption_id", "text"])
    repeated = prompts["caption_id"].duplicated()
    if repeated.any():
        twice = prompts.loc[repeated, "prompt"].iloc[0]
        raise ParamsError(f"{twice!r} is asked for twice", where=key, fix="take one of the two out")
    return prompts


def by_rule(clips: pd.DataFrame, n: int, not_actions: Sequence[str], *, seed: int) -> pd.DataFrame:
    """For each of the n most frequent verbs one clip, drawn among those whose captions have it and not taken yet.

    Mirrored clips neither count nor are drawn; verbs of equal count are taken in alphabetical order. No motion is
    looked at.

    Args:
        clips: clip_id, mirrored, text, tokens, and whatever else is to be kept.
        n: prompts wanted; fewer where verbs or clips run out.
        not_actions: verbs that name no action.
        seed: of the draw.

    Returns:
        The clips drawn, with their ``verb`` and its ``count``, the number of clips whose caption has it.

    Example:
        >>> clips = pd.DataFrame({"clip_id": ["a", "b"], "mirrored": False, "text": ["run", "run and jump"]})
        >>> clips["tokens"] = ["run/VERB", "run/VERB jump/VERB"]
        >>> by_rule(clips, 2, ["jump"], seed=0)[["verb", "count"]].values.tolist()
        [['run', 2]]
    """
    own = clips[~clips["mirrored"].astype(bool)].sort_values("clip_id", ignore_index=True)
    named = pos_key(own, progress=False).map(lambda key: sorted({*verbs(key)} - {*not_actions}))
    drawn = own.assign(verb=named).iloc[np.random.default_rng(seed).permutation(len(own))]
    each = drawn.explode("verb").dropna(subset="verb")
    counts = each.groupby("verb").size().rename("count").reset_index()
    taken = pd.DataFrame(columns=[*each.columns, "count"])
    for verb, count in counts.sort_values(["count", "verb"], ascending=[False, True]).itertuples(index=False):
        free = each[(each["verb"] == verb) & ~each["clip_id"].isin(taken["clip_id"])]
        if len(taken) < n and len(free):
            taken.loc[len(taken)] = {**free.iloc[0], "count": count}
    return taken.astype({"count": int})


def _numbered(clips: pd.DataFrame) -> pd.DataFrame:
    numbered = clips.assign(prompt=range(1, len(clips) + 1), seconds=clips["frames"] / FPS)
    return numbered.rename(columns={"text": "caption"}).reindex(columns=COLUMNS).reset_index(drop=True)


def _absent(corpus: Corpus, prompt: str, split: str, key: str) -> ParamsError:
    fix = f"name a clip of the {split} split or one of its captions, word for word"
    clip = corpus.clips[corpus.clips["clip_id"] == prompt]
    if clip.empty:
        return ParamsError(f"{corpus.name} has no clip and no caption {prompt!r} in {split}", where=key, fix=fix)
    row = clip.iloc[0]
    lacks = [what for what in ("motion", "captions") if not row[f"has_{what}"]]
    why = f"is of the {row['split']} split" if row["split"] != split else f"has no {' and no '.join(lacks)}"
    return ParamsError(f"clip {prompt} of {corpus.name} {why}", where=key, fix=fix)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
