"""``python -m lib generate``: one motion for a sentence comes out, from the weights that were asked for."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib.base.errors import ModelError, ParamsError, UserError
from lib.models.momask.model import MoMask
from lib.models.momask.sizes import Sampling
from lib.motion.skeleton import PARENTS
from tests.unit.commands.conftest import World, arrays, printed
from tests.unit.motion.test_bvh import in_order

TEXT = "a man jumps"


def call(world: World, out: Path, *options: object, text: str = TEXT) -> str:
    return printed("generate", "--text", text, "-o", out, "--params", world.params, *options)


def test_features_are_those_of_the_regime_and_of_the_seed(world: World) -> None:
    said = call(world, world.root / "new" / "x.npy", "--regime", "h3d", "--seconds", 4)
    assert said == f"{world.root / 'new' / 'x.npy'}: 4 s by h3d, seed 0, draw 0"
    model = MoMask.from_run_dir(world.run("h3d", 0))
    expected = model.generate(model.vectors([TEXT]), [80], seed=0, sampling=Sampling())[0]
    np.testing.assert_array_equal(arrays(world.root / "new" / "x.npy"), expected)
    call(world, world.root / "y.npy", "--regime", "h3d", "--seconds", 4, "--seed", 3)
    assert not np.array_equal(arrays(world.root / "y.npy"), expected)


def test_a_draw_is_repeated_and_another_one_is_another_motion(world: World) -> None:
    made = []
    for draw in (7, 7, 8):
        call(world, world.root / "x.npy", "--regime", "h3d", "--seconds", 3, "--draw", draw)
        made.append(arrays(world.root / "x.npy"))
    np.testing.assert_array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])


def test_without_a_length_the_estimator_draws_one(world: World) -> None:
    lengths = set()
    for draw in range(3):
        said = call(world, world.root / "x.npy", "--regime", "h3d", "--draw", draw)
        frames = len(arrays(world.root / "x.npy"))
        assert frames % 4 == 0 and 4 <= frames <= 196 and f": {frames / 20:g} s by" in said
        lengths.add(frames)
    assert len(lengths) > 1


def test_the_same_motion_comes_out_as_joints_as_bvh_and_as_a_picture(world: World) -> None:
    options = "--regime", "h3d", "--seconds", 2
    call(world, world.root / "f.npy", *options)
    call(world, world.root / "j.npy", *options, "--joints")
    call(world, world.root / "x.bvh", *options)
    call(world, world.root / "x.GIF", *options)
    features, joints = arrays(world.root / "f.npy"), arrays(world.root / "j.npy")
    assert features.shape == (40, 263) and joints.shape == (40, 22, 3) and joints[..., 1].min() == 0
    # by hand: a joint's height over the root is a feature of its own, whatever way the body faces
    heights = features[:, 5:67:3] - features[:, 3:4]
    np.testing.assert_allclose(joints[:, 1:, 1] - joints[:, :1, 1], heights, atol=1e-5)
    read, frame = in_order((world.root / "x.bvh").read_text())
    assert frame == pytest.approx(0.05) and read.shape == joints.shape
    assert np.abs(read - joints).max() < 0.05
    bones = np.linalg.norm(read[:, 1:] - read[:, list(PARENTS[1:])], axis=-1)
    assert np.ptp(bones, axis=0).max() < 1e-4
    with Image.open(world.root / "x.GIF") as gif:
        assert gif.n_frames == 40 and gif.info["duration"] == 50


def test_weights_of_the_public_code_are_read_from_their_folder(world: World) -> None:
    said = call(world, world.root / "x.npy", "--momask", world.run("h3d", 3), "--seconds", 4)
    assert str(world.run("h3d", 3)) in said
    call(world, world.root / "y.npy", "--regime", "h3d", "--seed", 3, "--seconds", 4)
    np.testing.assert_array_equal(arrays(world.root / "x.npy"), arrays(world.root / "y.npy"))


WRONG = {
    "another format": (
        ("x.mp4", "--regime", "h3d"),
        ParamsError,
        r"cannot export to \.mp4; use \.bvh or \.npy or \.gif",
    ),
    "no weights": (("x.npy",), ParamsError, "one of --regime and --momask"),
    "two weights": (("x.npy", "--regime", "h3d", "--momask", "t2m"), ParamsError, "one of --regime and --momask"),
    "joints of a picture": (("x.gif", "--regime", "h3d", "--joints"), ParamsError, "about .npy files"),
    "a seed of public weights": (("x.npy", "--momask", "t2m", "--seed", 1), ParamsError, "give --draw"),
    "CLIP of a regime": (("x.npy", "--regime", "h3d", "--clip", "clip"), ParamsError, "are about --momask"),
    "no such folder": (("x.npy", "--momask", "nowhere"), ModelError, "nowhere: no such folder"),
    "no such regime": (
        ("x.npy", "--regime", "dm"),
        ModelError,
        r"no regime 'dm' is trained; there are h3d and h3d\+dm",
    ),
    "no such seed": (
        ("x.npy", "--regime", "h3d", "--seed", 9),
        ModelError,
        "not trained with seed 9; its seeds are 0 and",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_one_line_and_nothing_is_written(world: World, name: str) -> None:
    (out, *options), kind, what = WRONG[name]
    with pytest.raises(kind, match=what):
        call(world, world.root / out, *options)
    assert not (world.root / out).exists()


def test_an_empty_text_is_refused(world: World) -> None:
    with pytest.raises(UserError, match="an empty text"):
        call(world, world.root / "x.npy", "--regime", "h3d", text="  ")


def test_what_is_not_trained_is_said_with_the_command_that_trains_it(world: World) -> None:
    (world.results / "provenance.json").unlink()
    with pytest.raises(
        ModelError, match="no generator of the profile own_small is trained yet; run python -m lib run 06"
    ):
        call(world, world.root / "x.npy", "--regime", "h3d")


def test_weights_that_are_gone_or_damaged_are_not_trained_in_silence(world: World) -> None:
    (world.run("h3d", 3) / "rvq" / "opt.txt").write_text("code_dim: 8\n")
    with pytest.raises(ModelError, match=r"rvq/opt\.txt is missing or damaged; run python -m lib run 06"):
        call(world, world.root / "x.npy", "--regime", "h3d", "--seed", 3)
    for path in (world.run("h3d", 0) / "training.json",):
        path.unlink()
    with pytest.raises(
        ModelError, match=r"h3d, seed 0, was trained, and its weights are no longer in the cache; .*--force"
    ):
        call(world, world.root / "x.npy", "--regime", "h3d")
