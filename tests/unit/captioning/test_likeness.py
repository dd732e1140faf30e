"""One text for many unlike clips, told from true texts: on the demo's motions, by what is performed in them."""

import numpy as np
import pandas as pd
import pytest

from lib.captioning.claims.actions import profile
from lib.captioning.claims.motion import Motion
from lib.captioning.likeness import SHARED_BY, Profiles, told_of_unlike
from lib.demo.synthesis import Spec, synthesise

DEEDS = ("walk", "run", "jump", "kick", "wave", "sit", "punch", "turn")
EACH = 12


@pytest.fixture(scope="module")
def performed() -> Profiles:
    """Profiles of clips, by deed and number."""
    made = {}
    for number in range(EACH):
        for deed in DEEDS:
            joints = synthesise([Spec(deed)], np.random.default_rng([number, len(deed)]))
            made[f"{deed} {number}"] = profile(Motion(joints))
    return made


def flagged(texts: dict[str, str], known: Profiles, seed: int = 0) -> set[str]:
    table = pd.DataFrame({"clip_id": [*texts], "text": [*texts.values()], "captioner": "m"})
    found = told_of_unlike(table, lambda clips: {c: known[c] for c in clips}, np.random.default_rng(seed))
    return {*table.text[found]}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_said_of_every_clip_is_found_and_true_words_are_not(performed: Profiles, seed: int) -> None:
    assert flagged(dict.fromkeys(performed, "A person moves."), performed, seed) == {"A person moves."}
    assert not flagged({clip: f"A person does a {clip.split()[0]}." for clip in performed}, performed, seed)


def test_what_fits_some_clips_and_is_said_of_others_too_is_found(performed: Profiles) -> None:
    clips = np.random.default_rng(0).permutation([*performed])
    walks = {str(clip): "A person walks." for clip in clips[: len(clips) // 2]}
    rest = {str(clip): f"A person does what is number {n}." for n, clip in enumerate(clips[len(clips) // 2 :])}
    assert flagged(walks | rest, performed) == {"A person walks."}


def test_a_corpus_of_one_deed_is_described_alike(performed: Profiles) -> None:
    walks = {clip: one for clip, one in performed.items() if clip.startswith("walk")}
    assert len(walks) == EACH and not flagged(dict.fromkeys(walks, "A person walks."), walks)


def test_nothing_is_measured_where_no_text_is_told_of_many(performed: Profiles) -> None:
    asked: list[str] = []
    clips = [*performed][: SHARED_BY - 1]
    table = pd.DataFrame({"clip_id": clips, "text": "A person moves.", "captioner": "m"})

    def likeness(ids: object) -> Profiles:
        asked.append(str(ids))
        return performed

    assert not told_of_unlike(table, likeness, np.random.default_rng(0)).any() and not asked
