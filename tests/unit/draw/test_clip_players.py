"""Which clips play beside examples, and which a private profile keeps back."""

import numpy as np
import pandas as pd
import pytest

from lib.draw.exhibits import Players


class Clips:
    """As much of a corpus as players ask for; the clip "mute" has no motion."""

    def __init__(self, name: str) -> None:
        self.name = name
        ids = [*(f"{name}{n}" for n in range(9)), "mute"]
        self.clips = pd.DataFrame({"clip_id": ids, "has_motion": [one != "mute" for one in ids]})

    def joints(self, clip_id: str) -> np.ndarray:
        return np.full((2, 22, 3), float(clip_id[-1]), dtype=np.float32)


CORPORA = {"h": Clips("open"), "d": Clips("own")}


def rows(keys: str, ids: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"key": list(keys), "clip_id": ids, "label": [f"<{n}>" for n in ids], "note": "he walks"})


def test_clips_without_motion_are_passed_over() -> None:
    table = rows("h" * 9, [*(f"open{n}" for n in range(8)), "mute"])
    players = Players.of_clips(CORPORA, table, public="hd", notes=True, label="some")
    assert [motion.joints[0, 0, 0] for motion in players.motions] == [*range(8)]
    assert {motion.note for motion in players.motions} == {"he walks"}


@pytest.mark.parametrize("table", [None, rows("", [])])
def test_a_profile_without_examples_has_no_motion(table: pd.DataFrame | None) -> None:
    assert Players.of_clips(CORPORA, table, public="hd", notes=True, label="some").motions == []


def test_a_private_profile_keeps_captions_and_marks_its_own_clips() -> None:
    players = Players.of_clips(CORPORA, rows("hd", ["open1", "own2"]), public="h", notes=False, label="some")
    assert [motion.public for motion in players.motions] == [True, False]
    assert {motion.note for motion in players.motions} == {""}
