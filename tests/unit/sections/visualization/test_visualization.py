"""What 07 shows follows from rules and parameters, and says only what may be said of private motions."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.base.errors import ParamsError, RunError
from lib.base.withheld import WITHHELD
from lib.corpus.generations import read_generations, write_generations
from lib.draw.exhibits import Player
from lib.draw.motion_player import Choice, payload
from lib.models.latents import Latents
from lib.motion.canonical import canonical
from lib.motion.features import FEATURE_BLOCKS, from_joints
from lib.motion.skeleton import OFFSETS, PARENTS
from lib.run import declared
from lib.sections.visualization import motion_rows, sentences
from lib.sections.visualization.chosen_prompts import by_rule, table
from lib.sections.visualization.copying import Points
from lib.sections.visualization.displayed_motions import TRUTH, DisplayedMotions, _points, of_prompts
from lib.sections.visualization.motion_rows import of_prompt
from lib.sections.visualization.training_motions import posed, trained_on

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

    def motion(self, clip_id: str) -> np.ndarray:
        """Every joint at 0.02 m a frame to the left, which is 0.4 m/s at 20 frames a second."""
        frames = np.zeros((60, 263), dtype=np.float32)
        frames[:, FEATURE_BLOCKS["positions"]][:, 0::3] = 0.02 * np.arange(60)[:, None]
        return frames


def test_the_rule_draws_an_unmirrored_clip_of_each_frequent_verb_once() -> None:
    drawn = {tuple(by_rule(CLIPS, 3, ["begin"], seed=seed)["clip_id"]) for seed in range(20)}
    for clips in drawn:
        run, walk, *jump = clips
        assert run in {"b", "d"} and walk in {"a", "c"} and jump == ([] if walk == "c" else ["c"])
    assert len(drawn) > 1, "the seed draws"
    found = by_rule(CLIPS, 3, ["begin"], seed=3)
    assert by_rule(CLIPS.sample(frac=1, random_state=1), 3, ["begin"], seed=3).equals(found)
    assert found[["verb", "count"]].values.tolist()[:2] == [["run", 2], ["walk", 2]]
    assert by_rule(CLIPS, 1, ["begin"], seed=3)["verb"].tolist() == ["run"]


def test_prompts_of_the_parameters_must_have_been_given_to_the_generators() -> None:
    captions = CLIPS.rename_axis("n").reset_index().assign(caption_id=lambda rows: rows["clip_id"] + "#0")
    captions = pd.concat([captions, captions[:1].assign(caption_id="c#1", text="another")])
    about = CLIPS.assign(split="test", has_motion=True, has_captions=True)
    benchmark = SimpleNamespace(name="one", clips=about, captions=captions, splits={"test": CLIPS["clip_id"].tolist()})
    what = SimpleNamespace(clips=CLIPS[CLIPS["clip_id"] != "d"])

    def asked(*named: str) -> pd.DataFrame:
        return table(benchmark, what, named, rows=2, not_actions=["begin"], seed=3)

    assert asked("b", "jump then walk")[["prompt", "clip_id", "caption"]].values.tolist() == [
        [1, "b", "run"],
        [2, "c", "jump then walk"],
    ]
    assert asked()["verb"].tolist() == ["walk", "run"]
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


def gathered(corpora: dict[str, Made], folder: Path) -> DisplayedMotions:
    """Two regimes of two seeds and a model of others, which made something for clip a alone."""
    motion = from_joints(canonical(corpora["x"].joints("a").astype(float)))
    names = {"x": ["x seed 0", "x seed 1"], "x+y": ["x+y seed 0", "x+y seed 1"], "theirs (external)": ["theirs"]}
    for at, name in enumerate(name for some in names.values() for name in some):
        write_generations(folder, name, 0, {"a": motion + 0.001 * at})
    files = {name: (read_generations(folder, ["a", "b"]), some) for name, some in names.items()}
    regimes = [
        SimpleNamespace(name=name, rows=pd.DataFrame({"corpus": at, "clip_id": "a"}))
        for name, at in {"x": [0], "x+y": [0, 1]}.items()
    ]
    about = pd.DataFrame({"clip_id": ["a", "b"], "energy": [0.4, 0.0]})
    real = Points(about, np.array([[0.0, 0.0], [1.0, 0.0]]), np.eye(2))
    made = {
        name: Points(
            pd.DataFrame({"clip_id": "a", "seed": range(len(some))}), np.array([[0.3, 0.4]] * len(some)), real.meaning
        )
        for name, some in names.items()
    }
    table = pd.DataFrame({"corpus": ["x", "y"], "clip_id": ["b", "c"], "caption": ["a walk", "<b>secret"]})
    training = Points(table, np.zeros((2, 2)), np.eye(2))
    return DisplayedMotions(SimpleNamespace(), regimes, files, real, made, {}, training, {})


def test_a_model_of_which_nothing_is_kept_is_told_with_what_to_do(tmp_path: Path) -> None:
    write_generations(tmp_path, "x seed 0", 0, {"a": np.zeros((40, 263))})
    kept = read_generations(tmp_path, ["a"])
    prompts = SimpleNamespace(clips=pd.DataFrame({"clip_id": ["a"], "base_id": "a"}))
    what = SimpleNamespace(prompts=prompts, latents=lambda motions: np.ones((len(motions), 2)))
    found = _points(kept, ["x seed 0"], what)
    assert len(found.shape) == 1 and found.table["energy"].tolist() == [0.0]
    with pytest.raises(RunError, match=f"{tmp_path}: no motion is left .* 06_evaluation kept of x seed 1; delete"):
        _points(kept, ["x seed 0", "x seed 1"], what)


def distances(found: DisplayedMotions) -> pd.DataFrame:
    """What `copying.distances` says of clip a, and of clip b, for which nobody was asked."""
    rows = [(name, "real test", np.nan, clip) for name in found.generated for clip in "ab"]
    rows += [(name, "generated", at, "a") for name, (_, some) in found.files.items() for at in range(len(some))]
    at = {"shape": 0.1, "shape_at": [int(name == "x+y") for name, *_ in rows], "meaning": 0.1, "meaning_at": 0}
    at["energy"] = [0.4 if kind == "real test" else 0.1 + 0.2 * seed for _, kind, seed, _ in rows]
    return pd.DataFrame(rows, columns=["model", "kind", "seed", "clip_id"]).assign(**at)


def test_a_row_has_every_model_and_what_each_was_trained_on_beside_it(tmp_path: Path) -> None:
    corpora = {"x": Made("one", ["a", "b"]), "y": Made("two", ["a", "c"])}
    found = gathered(corpora, tmp_path)
    prompted = pd.DataFrame({"prompt": [1], "clip_id": ["a"], "caption": ["a moves"]})
    rows = of_prompts(prompted, found, distances(found))
    assert rows["model"].tolist() == [TRUTH, "x", "x", "x+y", "x+y", "theirs (external)"]
    assert rows["apart"].tolist() == pytest.approx([0, 0.5, 0.5, 0.5, 0.5, 0.5])
    assert rows["of_real"].tolist() == pytest.approx([1, 0.25, 0.75, 0.25, 0.75, 0.25])
    assert rows["nearest_by_shape_caption"].tolist() == ["a walk"] * 3 + ["<b>secret"] * 2 + ["a walk"]
    figures = of_prompt(corpora, found, rows, public={"x"}, notes=True)
    seeds = [f"{model}, seed {seed}" for model in ("x", "x+y") for seed in (0, 1)]
    assert [one.label for one in figures[::2]] == [TRUTH, *seeds, "theirs (external)"]
    assert [one.label for one in figures[1::2]] == [f"in training, nearest to {name}" for name in rows["model"]]
    assert figures[0].note == "energy 0.40 m/s"
    assert figures[4].note == "energy 0.30 m/s, 0.75 × real; 0.50 m from the ground truth"
    assert figures[3].note == "energy 0.40 m/s; 0.10 m apart, x: “a walk”"
    assert [one.public for one in figures] == [True] * 6 + [False] * 6
    assert [one.options for one in figures] == [()] * 2 + [(0,), (0,), (1,), (1,)] * 2 + [()] * 2
    assert not any(
        "walk" in one.note or "secret" in one.note for one in of_prompt(corpora, found, rows, public={"x"}, notes=False)
    )
    alt = sentences.row(rows, "a moves")
    assert "of 3 models x comes nearest to the real motion, 0.50 m away" in alt


def test_a_model_that_made_nothing_for_a_prompt_has_no_figure(tmp_path: Path) -> None:
    corpora = {"x": Made("one", ["a", "b"]), "y": Made("two", ["a", "c"])}
    found = gathered(corpora, tmp_path)
    assert found.joints("theirs (external)", "b") is None
    first, second = found.joints("x", "a"), found.joints("x+y", "a")
    assert first is not None and second is not None and first.shape == (59, 22, 3)
    prompted = pd.DataFrame({"prompt": [1], "clip_id": ["b"], "caption": ["b moves"]})
    rows = of_prompts(prompted, found, distances(found))
    assert rows["model"].tolist() == [TRUTH]
    assert found.joints("x", "a", 1) is not None and found.takes("x") == ["seed 0", "seed 1"]
    assert len(of_prompt(corpora, found, rows, public={"x", "y"}, notes=True)) == 2
    assert sentences.row(rows, "b moves") == "Stick figures for “b moves”."


def test_where_motions_would_be_too_much_for_a_page_frames_are_left_out_and_figures_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpora = {"x": Made("one", ["a", "b"]), "y": Made("two", ["a", "c"])}
    found = gathered(corpora, tmp_path)
    prompted = pd.DataFrame({"prompt": [1], "clip_id": ["a"], "caption": ["a moves"]})
    rows = of_prompts(prompted, found, distances(found))
    given = {"public": {"x", "y"}, "notes": True}
    whole = motion_rows.players(corpora, found, prompted, rows, **given)
    monkeypatch.setattr(motion_rows, "MOST", 40_000)
    fewer = motion_rows.players(corpora, found, prompted, rows, **given)
    player, thin = whole.players[1], fewer.players[1]
    assert player.label == "Prompt 1: a moves" and "comes nearest" in player.alt and whole.fps == 20
    assert player.alt.endswith(whole.looks[1]) and whole.looks[1].startswith("Watch ")
    assert player.choice == Choice("training seed", ("seed 0", "seed 1"))
    assert [one.label for one in thin.motions] == [one.label for one in player.motions] and len(player.motions) == 12
    assert [one.options for one in thin.motions] == [one.options for one in player.motions]
    assert sum(len(payload(one.joints, one.fps)) for one in player.motions) > 60_000
    assert sum(len(payload(one.joints, one.fps)) for one in thin.motions) < 42_000
    assert fewer.fps < 20 and {one.fps for one in thin.motions} == {fewer.fps}


def test_what_to_watch_is_said_of_what_may_be_shown_alone(tmp_path: Path) -> None:
    corpora = {"x": Made("one", ["a", "b"]), "y": Made("two", ["a", "c"])}
    found = gathered(corpora, tmp_path)
    prompted = pd.DataFrame({"prompt": [1], "clip_id": ["a"], "caption": ["a moves"]})
    rows = of_prompts(prompted, found, distances(found))
    open_, part, closed = (
        motion_rows.look(corpora, found, rows, public=public) for public in ({"x", "y"}, {"x"}, {"y"})
    )
    assert "x+y" not in part and "theirs" not in part and "Of what the models made, x (seed 0) is farthest" in part
    assert open_.startswith("Watch ") and closed == ""


def test_a_model_that_lacks_a_seed_keeps_its_first() -> None:
    seeds = Choice("training seed", ("seed 0", "seed 1", "seed 5"))
    three = [motion_rows.options(at, ["seed 0", "seed 1", "seed 5"], seeds) for at in range(3)]
    assert three == [(0,), (1,), (2,)]
    assert [motion_rows.options(at, ["seed 5", "seed 0"], seeds) for at in range(2)] == [(1, 2), (0,)]
    assert motion_rows.options(0, ["seed 0"], seeds) == motion_rows.options(0, [""], None) == ()


def test_the_table_beside_the_figures_has_a_row_a_seed_and_its_energy(tmp_path: Path) -> None:
    corpora = {"x": Made("one", ["a", "b"]), "y": Made("two", ["a", "c"])}
    found = gathered(corpora, tmp_path)
    prompted = pd.DataFrame({"prompt": [1], "clip_id": ["a"], "caption": ["a moves"]})
    rows = sentences.beside(of_prompts(prompted, found, distances(found)), found)
    assert rows["seed"].tolist() == [None, "0", "1", "0", "1", None]
    assert rows["energy_m/s"].tolist() == pytest.approx([0.4, 0.1, 0.3, 0.1, 0.3, 0.1])
    assert rows["energy_of_real"].isna().tolist() == rows["to_truth_m"].isna().tolist() == [True] + [False] * 5


def test_a_player_is_saved_for_every_prompt_under_its_number() -> None:
    class Shown(Player):
        def show(self, folder: Path, name: str, redaction: object) -> None:
            saved.append((folder, name, redaction))

    saved: list[tuple[object, ...]] = []
    players = motion_rows.PromptPlayers({number: Shown([], "") for number in (1, 2)}, 20.0, {})
    players.show(Path("x"), "prompt", None)  # type: ignore[arg-type]
    assert saved == [(Path("x"), "prompt_1", None), (Path("x"), "prompt_2", None)]


def test_captions_are_recorded_only_where_they_may_be_shown(tmp_path: Path) -> None:
    found = gathered({"x": Made("one", ["a", "b"]), "y": Made("two", ["a", "c"])}, tmp_path)
    chosen = pd.DataFrame({"prompt": [1, 2], "caption": ["a secret dance", "a walk"]})
    clips = pd.DataFrame({"clip_id": ["a", "Ma"], "base_id": "a"})
    motions = replace(found, captions=SimpleNamespace(clips=clips))
    open_, closed = (
        sentences.prompts(chosen, motions, fps=20.0, looks={1: look, 2: look}, withheld=not look)
        for look in ("Watch the left arm.", "")
    )
    assert open_["look_2"] == "Watch the left arm." and closed["look_1"] == WITHHELD
    assert open_["prompt_1"] == "a secret dance" and "withheld" not in open_ and open_["base_clips"] == 1
    assert "secret" not in str(closed) and closed["withheld"] and {*open_} < {*closed}
    assert all(declared.is_value("visualization", name) for name in closed)
