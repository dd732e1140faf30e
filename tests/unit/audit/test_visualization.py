"""What 07 shows follows from rules and parameters, and says only what may be said of private motions."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.audit.visualization import by_rule, posed, prompts, trained_on
from lib.errors import ParamsError
from lib.models.latents import Latents
from lib.motion.canonical import canonical
from lib.motion.skeleton import OFFSETS, PARENTS
from lib.report.motion_rows import of_prompt

CLIPS = pd.DataFrame(
    [
        ("c", False, "jump then walk", "jump/VERB walk/VERB"),
        ("a", False, "begin to walk", "begin/VERB walk/VERB"),
        ("Ma", True, "begin to walk", "begin/VERB walk/VERB"),
        ("b", False, "run", "run/VERB"),
        ("d", False, "run", "run/VERB"),
        ("e", False, "a pose", "a/DET pose/NOUN"),
    ],
    columns=["clip_id", "mirrored", "text", "tokens"],
).assign(frames=60, base_id=list("caabde"))


def pose() -> np.ndarray:
    joints = np.zeros((22, 3))
    for joint, parent in enumerate(PARENTS[1:], start=1):
        joints[joint] = joints[parent] + OFFSETS[joint]
    return joints


BODY = pose()


class Made:
    """A corpus of bodies that rise, a metre apart in the plane."""

    def __init__(self, name: str, ids: list[str], begin: float = 0.0, end: float = 0.0) -> None:
        self.name = name
        self.clips = pd.DataFrame({"clip_id": ids, "base_id": ids, "split": "train"})
        spans = {"start_s": begin, "end_s": end}
        self.captions = pd.DataFrame({"clip_id": ids, "text": [f"{one} moves" for one in ids]}).assign(**spans)

    def joints(self, clip_id: str) -> np.ndarray:
        rise = np.linspace(0, 1, 60)[:, None, None] * [0.0, 1.0, 0.0]
        return (BODY[None] + rise + [float(len(clip_id)), 0.0, 2.0]).astype(np.float32)


def test_the_rule_takes_the_first_unmirrored_clip_of_each_frequent_verb_once() -> None:
    found = by_rule(CLIPS, 3, ["begin"])
    assert found[["verb", "clip_id", "count"]].values.tolist() == [["run", "b", 2], ["walk", "a", 2], ["jump", "c", 1]]
    assert found["prompt"].tolist() == [1, 2, 3] and found["seconds"].tolist() == [3.0, 3.0, 3.0]
    assert by_rule(CLIPS.sample(frac=1, random_state=1), 3, ["begin"]).equals(found)
    assert by_rule(CLIPS, 9, [])["verb"].tolist() == ["run", "walk", "jump"], "no clip is left for begin"


def test_prompts_of_the_parameters_must_have_been_given_to_the_generators() -> None:
    captions = CLIPS.rename_axis("n").reset_index().assign(caption_id=lambda rows: rows["clip_id"] + "#0")
    captions = pd.concat([captions, captions[:1].assign(caption_id="c#1", text="another")])
    about = CLIPS.assign(split="test", has_motion=True, has_captions=True)
    benchmark = SimpleNamespace(name="one", clips=about, captions=captions, splits={"test": CLIPS["clip_id"].tolist()})
    what = SimpleNamespace(clips=CLIPS[CLIPS["clip_id"] != "d"])

    def asked(*named: str) -> pd.DataFrame:
        return prompts(SimpleNamespace(params=SimpleNamespace(prompts=[*named]), benchmark=benchmark), what)

    assert asked("b", "jump then walk")[["prompt", "clip_id", "caption"]].values.tolist() == [
        [1, "b", "run"],
        [2, "c", "jump then walk"],
    ]
    for named in ("d", "another"):
        with pytest.raises(ParamsError, match=r"visualization\.prompts: the generators were not given"):
            asked(named)


def test_a_motion_is_the_captioned_part_at_the_origin() -> None:
    whole, part = posed(Made("one", ["aa"]), ["aa"])[0], posed(Made("one", ["aa"], 1.0, 2.0), ["aa"])[0]
    assert whole.shape == (60, 22, 3) and part.shape == (20, 22, 3)
    assert np.abs(part[0, 0, [0, 2]]).max() < 1e-6 and abs(part[..., 1].min()) < 1e-6


def test_training_is_what_a_regime_draws_from() -> None:
    corpora = {"x": Made("one", ["a", "b"]), "y": Made("two", ["a", "c"])}
    latents = {
        key: Latents(["c", "b", "a"], np.eye(3, dtype=np.float32) * 2, pd.DataFrame(), np.eye(3), "") for key in corpora
    }
    rows = pd.DataFrame({"corpus": [0, 0, 0, 1, 1], "clip_id": ["a", "a", "b", "a", "c"]})
    regimes = [
        SimpleNamespace(name="x", rows=rows[:3], chances=np.array([0.5, 0.5])),
        SimpleNamespace(name="x+y weighted", rows=rows, chances=np.array([0.5, 0.0, 0.25, 0.25])),
    ]
    points, members = trained_on(corpora, latents, regimes)
    names = (points.table["corpus"] + "/" + points.table["clip_id"]).to_numpy()
    assert names.tolist() == points.table["base_id"].tolist() == ["x/a", "x/b", "y/a", "y/c"]
    assert names[members["x"]].tolist() == ["x/a", "x/b"]
    assert names[members["x+y weighted"]].tolist() == ["x/a", "y/a", "y/c"]
    assert points.meaning.argmax(axis=1).tolist() == [2, 1, 2, 0]
    np.testing.assert_allclose(np.linalg.norm(points.meaning, axis=1), 1)


def test_only_what_comes_from_public_data_alone_is_public() -> None:
    corpora = {"x": Made("one", ["a", "b"]), "y": Made("two", ["a", "c"])}
    table = pd.DataFrame({"corpus": ["x", "y"], "clip_id": ["b", "c"]})
    motion = canonical(corpora["x"].joints("a").astype(float))
    sources = {"x": [0], "x+y": [0, 1]}
    found = SimpleNamespace(
        regimes=[
            SimpleNamespace(name=name, rows=pd.DataFrame({"corpus": at, "clip_id": "a"}))
            for name, at in sources.items()
        ],
        first={name: {"a": motion} for name in sources},
        training=SimpleNamespace(table=table),
    )
    shown = pd.DataFrame({"regime": [*sources], "shape": 0.1, "cosine": 0.9, "shape_at": [0, 0], "meaning_at": [0, 1]})
    row = of_prompt(corpora, found, shown, "a", {"x": True, "y": False})
    assert [(one.label, one.public) for one in row] == [
        ("ground truth", True),
        ("x", True),
        ("x+y", False),
        ("nearest in training by shape", True),
        ("nearest in training by meaning", False),
    ]
    same = of_prompt(corpora, found, shown.assign(meaning_at=0), "a", {"x": True, "y": True})
    assert same[-1].label == "nearest in training by shape and meaning" and "0.10 m, cosine 0.90" in same[-1].note
