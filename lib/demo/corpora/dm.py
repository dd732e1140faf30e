"""The demo corpus in the manifest layout: dance-heavy, one model-written caption a clip, defects of video-to-motion.

The captions of the captioners to compare, and the survey about them, are drawn from random streams of their own, in
files of their own: the rest of the corpus is what it would be without them.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base import atomic
from lib.corpus import manifest_seal
from lib.demo.corpora.captioners import write_captions
from lib.demo.corpora.cuts import Cut, Recordings, plan
from lib.demo.corpora.defects import MOTION_DEFECTS, SHARES, upper_body
from lib.demo.corpora.mllm import description
from lib.demo.corpora.recordings_table import perform, performances, recordings_table
from lib.demo.corpora.scenario import DANCE_HEAVY, family, shares
from lib.demo.corpora.sentence import Sentence
from lib.demo.corpora.survey import write_survey
from lib.demo.corpora.unfinished import writing
from lib.demo.synthesis import Spec
from lib.motion.skeleton import FPS, PARENTS

SHARED_SOURCES = {"apart": 0.1}
SPANS = (0.8, 0.2)
CAPTIONER = "demo-mllm"
JOINTS, POSE_BYTES = "joints.npy", len(PARENTS) * 3 * np.dtype(np.int16).itemsize
DEFECTS = {**MOTION_DEFECTS, "upper body": upper_body}
UNNAMED = 0.8
"""Chance that the model calls a dance a dance and says nothing of its manner."""


class Said(NamedTuple):
    """What is kept of a caption: its words with their parts of speech would take a hundred times as much memory."""

    text: str
    verbs: tuple[str, ...]

    @classmethod
    def of(cls, sentence: Sentence) -> Self:
        """What is kept of a sentence."""
        return cls(sentence.text, tuple(map(sys.intern, sentence.verbs)))


def write_dm(folder: Path, *, seed: int, clips: int, defects: Mapping[str, float] = SHARES) -> dict[str, Any]:
    """Writes the corpus and returns its planted truths; counts are of clips with consent, lists of defects of all.

    Args:
        folder: in a folder that `unfinished` gave.
        seed: of everything random.
        clips: how many, before any filter.
        defects: share of clips with each defect, by the names of `SHARES`.
    """
    rng = np.random.default_rng([seed, 2])
    recordings, ids = drawn(clips, rng)
    cuts = recordings.cuts
    flaws = _plant(len(cuts), defects, rng)
    persons = np.where(flaws["multi-person"], rng.integers(2, 5, len(cuts)), 1)
    said = [Said.of(description(_noticed(cut.specs, rng), int(n), rng)) for cut, n in zip(cuts, persons, strict=True)]
    order = sorted(range(len(cuts)), key=lambda i: ids[i])
    frames, first = _write_joints(folder, recordings, order, flaws, seed)
    consent = np.where(flaws["no consent"], np.where(rng.random(len(cuts)) < 0.5, None, False), True)  # type: ignore[call-overload]
    table = pd.DataFrame(
        {
            "clip_id": [ids[i] for i in order],
            "split": [cuts[i].split for i in order],
            "fps": float(FPS),
            "n_frames": frames,
            "offset": first,
            "source": [f"video_{cuts[i].source:05d}" for i in order],
            "body_mode": ["upper" if flaws["upper body"][i] else "full" for i in order],
            "person_count": persons[order],
            "consent": pd.array(consent[order], dtype="boolean"),
            "mirror_of": pd.array([None] * len(cuts), dtype="str"),
        }
    )
    manifest_seal.write_tables(folder, table, _captions(order, ids, said))
    tests = {ids[i]: i for i in order if cuts[i].split == "test"}
    candidates, captioners = write_captions(
        {k: cuts[i] for k, i in tests.items()}, {k: int(persons[i]) for k, i in tests.items()}, seed
    )
    candidates.to_parquet(folder / "captioner_captions.parquet", index=False)
    shown = [k for k in candidates.clip_id.unique() if consent[tests[k]] is True]
    survey, answered = write_survey(shown, seed)
    survey.to_csv(folder / "survey.csv", index=False, lineterminator="\n")
    truth = _truth(cuts, ids, said, flaws, persons, consent)
    return {**truth, "captioners": captioners, "survey": answered}


def drawn(clips: int, rng: np.random.Generator) -> tuple[Recordings, list[str]]:
    """What is performed, and the id of every clip that is cut from it.

    Args:
        clips: how many.
        rng: the corpus' first random stream, from its beginning.
    """
    recordings = plan(clips, shares(DANCE_HEAVY), SHARED_SOURCES, SPANS, rng)
    return recordings, [f"dm{place:06d}" for place in rng.permutation(len(recordings.cuts))]


def performed(seed: int, clips: int) -> dict[str, tuple[Spec, ...]]:
    """What is performed in each clip of the corpus, by id.

    Args:
        seed: of the corpus.
        clips: how many it has.
    """
    recordings, ids = drawn(clips, np.random.default_rng([seed, 2]))
    return {clip: cut.specs for clip, cut in zip(ids, recordings.cuts, strict=True)}


def _noticed(specs: Sequence[Spec], rng: np.random.Generator) -> list[Spec]:
    dances = {spec for spec in specs if spec.action == "dance" and rng.random() < UNNAMED}
    return [replace(spec, style=None) if spec in dances else spec for spec in specs]


def _plant(clips: int, defects: Mapping[str, float], rng: np.random.Generator) -> dict[str, NDArray[np.bool_]]:
    """Exactly the asked share of each defect; those of motion exclude one another and upper-body clips."""
    flaws = {name: np.zeros(clips, dtype=bool) for name in defects}
    order = rng.permutation(clips)
    for name in ("upper body", *MOTION_DEFECTS):
        count = round(defects[name] * clips)
        flaws[name][order[:count]] = True
        order = order[count:]
    for name in ("multi-person", "no consent"):
        flaws[name][rng.permutation(clips)[: round(defects[name] * clips)]] = True
    return flaws


def write_motions(rows: pd.DataFrame, *, folder: str, seed: int) -> pd.DataFrame:
    """Performs some recordings, spoils their clips as planned, and writes each to its place in joints.npy.

    Args:
        rows: rows of `recordings_table` that tell of every clip its position, its first row in the file, its defects.
        folder: of the corpus, where the file lies in its full length.
        seed: of everything random.

    Returns:
        (frames), one row a clip, in their order.
    """
    file = Path(folder, JOINTS)
    begin = np.lib.format.open_memmap(file, mode="r").offset
    written = []
    with writing(Path(folder)), file.open("r+b") as stream:
        for (position, first, flaws), joints in performances(rows, seed + 1_000_000):
            rng = np.random.default_rng([seed, 3, position])
            for name, spoil in DEFECTS.items():
                if name in flaws:
                    joints = spoil(joints, rng)
            stream.seek(begin + first * POSE_BYTES)
            stream.write(np.round(joints * 1000.0).astype(np.int16).tobytes())
            written.append(len(joints))
    return pd.DataFrame({"frames": written})


def _write_joints(
    folder: Path, recordings: Recordings, order: Sequence[int], flaws: Mapping[str, NDArray[np.bool_]], seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Writes joints.npy, of which no more is in memory than a clip; gives frames and first rows of clips in order."""
    frames = np.array([recordings.cuts[i].end - recordings.cuts[i].start for i in order])
    first = np.cumsum([0, *frames[:-1]])
    shape = (int(frames.sum()), len(PARENTS), 3)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / JOINTS).is_file():
        with atomic.replaced(folder / JOINTS) as part:
            np.lib.format.open_memmap(part, mode="w+", dtype=np.int16, shape=shape)
    places = dict(zip(order, first.tolist(), strict=True))
    spoilt = [[name for name in DEFECTS if flaws[name][i]] for i in range(len(order))]
    told = [(i, places[i], spoilt[i]) for i in range(len(order))]
    perform(write_motions, recordings_table(recordings, told), folder, seed=seed)
    return frames, first


def _captions(order: Sequence[int], ids: Sequence[str], said: Sequence[Said]) -> pd.DataFrame:
    clip_ids = [ids[i] for i in order]
    return pd.DataFrame(
        {
            "clip_id": clip_ids,
            "caption_id": [f"{clip_id}#0" for clip_id in clip_ids],
            "text": [said[i].text for i in order],
            "captioner": CAPTIONER,
            "tokens": pd.array([None] * len(clip_ids), dtype="str"),
            "start_s": 0.0,
            "end_s": 0.0,
        }
    )


def _truth(
    cuts: Sequence[Cut],
    ids: Sequence[str],
    said: Sequence[Said],
    flaws: Mapping[str, NDArray[np.bool_]],
    persons: NDArray[np.int_],
    consent: NDArray[np.object_],
) -> dict[str, Any]:
    clips = sorted(range(len(cuts)), key=lambda i: ids[i])
    seen = [i for i in clips if consent[i] is True]
    trained = {cuts[i].source for i in seen if cuts[i].split == "train"}
    tests = [i for i in seen if cuts[i].split == "test"]
    leaking = [ids[i] for i in tests if cuts[i].source in trained]
    return {
        "clips": len(cuts),
        "defects": {name: [ids[i] for i in clips if has[i]] for name, has in flaws.items()},
        "consent": {"false": sum(c is False for c in consent), "null": sum(c is None for c in consent)},
        "persons": {ids[i]: int(persons[i]) for i in clips if persons[i] != 1},
        "sources": {"test_clips": len(tests), "shared": len(leaking), "shared_ids": leaking},
        "actions": {ids[i]: [spec.action for spec in cuts[i].specs] for i in clips},
        "action_mix": dict(Counter(cuts[i].specs[0].action for i in seen).most_common()),
        "verbs": dict(Counter(verb for i in seen for verb in said[i].verbs).most_common()),
        "families": {ids[i]: family(cuts[i].specs) for i in clips if family(cuts[i].specs)},
    }
