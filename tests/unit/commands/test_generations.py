"""``python -m lib generations import``: what generators write is laid out clip by clip, or one line says why not."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from lib.base import atomic
from lib.base.errors import UserError
from lib.base.paths import ROOT
from lib.commands import app
from lib.motion.features import from_joints, recover_joints
from tests.unit.motion.bodies import swinging

PROFILE = """\
profile: own_small
corpora:
  h3d: {{label: Public, kind: humanml3d, root: "{root}/h3d"}}
notebooks: []
"""
CLIPS = {  # split, frames, captions: two share a caption, a mirror has its clip's, one is too short to be judged
    "000001": ("train", 50, ["a man trains"]),
    "000002": ("val", 50, ["a man is held out"]),
    "000010": ("test", 50, ["a man walks", "somebody goes"]),
    "M000010": ("test", 50, ["a man walks", "somebody goes"]),
    "000011": ("test", 60, ["he waves", "somebody greets"]),
    "000012": ("test", 44, ["a jump"]),
    "000013": ("test", 60, ["a jump"]),
    "000014": ("test", 30, ["a blink"]),
}
JUDGED = ["000010", "000011", "000012", "000013", "M000010"]


def motion(name: str, frames: int) -> np.ndarray:
    """(frames, 22, 3) metres, another motion for every name."""
    return swinging(frames, seed=sum(name.encode()), speed=0.5)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    root = tmp_path / "h3d"
    for part in ("texts", "new_joint_vecs"):
        (root / part).mkdir(parents=True)
    vectors = []
    for split in ("train", "val", "test"):
        names = [name for name, (own, *_) in CLIPS.items() if own == split]
        (root / f"{split}.txt").write_text("\n".join(names) + "\n")
    for name, (_, frames, texts) in CLIPS.items():
        vectors.append(from_joints(motion(name, frames + 1)))
        np.save(root / f"new_joint_vecs/{name}.npy", vectors[-1])
        (root / f"texts/{name}.txt").write_text("".join(f"{text}#a/DET#0.0#0.0\n" for text in texts))
    np.save(root / "Mean.npy", np.concatenate(vectors).mean(axis=0))
    np.save(root / "Std.npy", np.concatenate(vectors).std(axis=0) + np.float32(0.01))
    (tmp_path / "own.yml").write_text(PROFILE.format(root=tmp_path))
    return tmp_path / "own.yml"


def call(profile: Path, source: Path, *options: object, model: str = "theirs") -> Result:
    arguments = ["generations", "import", source, "--model", model, "--params", profile, *options]
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def imported(profile: Path, source: Path, *options: object, model: str = "theirs") -> tuple[Path, str]:
    done = call(profile, source, *options, model=model)
    assert done.exit_code == 0, (done.output, done.exception)
    return profile.parent / "h3d" / "generations" / model, done.output


def refusal(profile: Path, source: Path, *options: object, model: str = "theirs") -> str:
    """The one line; nothing is left behind."""
    done = call(profile, source, *options, model=model)
    assert isinstance(done.exception, UserError) and done.exception.exit_code == 2, (done.output, done.exception)
    assert "\n" not in str(done.exception)
    made = profile.parent / "h3d" / "generations"
    assert not made.exists() or not list(made.iterdir())
    return str(done.exception)


def files(folder: Path) -> dict[str, np.ndarray]:
    return {path.relative_to(folder).as_posix(): np.load(path) for path in sorted(folder.rglob("*.npy"))}


def mdm(path: Path, samples: list[tuple[str, str, int]], repetitions: int = 1, **other: object) -> Path:
    """`results.npy` as sample/generate.py saves it: (name of the motion, prompt, frames), padded with rubbish."""
    longest = max(frames for *_, frames in samples) + 10
    motions = np.full((len(samples) * repetitions, 22, 3, longest), 99.0, dtype=np.float32)
    for at, (name, _, frames) in enumerate(samples * repetitions):
        motions[at, ..., :frames] = motion(f"{name}{at // len(samples)}", frames).transpose(1, 2, 0)
    held = {
        "motion": motions,
        "text": [text for _, text, _ in samples] * repetitions,
        "lengths": np.array([frames for *_, frames in samples] * repetitions),
        "num_samples": len(samples),
        "num_repetitions": repetitions,
    }
    np.save(path, held | other)  # type: ignore[arg-type]
    return path


def test_mdm_s_results_are_cut_matched_by_text_and_every_repetition_is_a_repeat(profile: Path, tmp_path: Path) -> None:
    prompts = [("a", "a man walks", 50), ("b", "he waves", 60), ("c", "a jump", 44), ("d", "nobody's", 40)]
    source = mdm(tmp_path / "results.npy", prompts, repetitions=3)
    folder, said = imported(profile, source)
    made = files(folder)
    assert [*made] == [f"{repeat}/{clip}.npy" for repeat in range(3) for clip in ("000010", "000011")]
    for name, array in made.items():
        key, frames = ("a", 50) if "000010" in name else ("b", 60)
        np.testing.assert_allclose(array, motion(f"{key}{name[0]}", frames), atol=1e-6)
    assert "6 motions of 2 test clips, repeats: 3" in said
    assert "3 of 12 motions match no test clip" in said and "(first: results.npy, motion 3)" in said
    assert "3 of 12 motions have a text of several test clips" in said
    assert "9 of 15 motions are missing: 5 test clips a repeat" in said


def test_a_mirror_takes_the_next_motion_for_the_text_that_it_shares(profile: Path, tmp_path: Path) -> None:
    source = mdm(tmp_path / "results.npy", [(name, "a man walks", 50) for name in "abc"], repetitions=2)
    folder, said = imported(profile, source)
    made = files(folder)
    assert [*made] == [f"{repeat}/{clip}.npy" for repeat in range(2) for clip in ("000010", "M000010")]
    np.testing.assert_allclose(made["1/M000010.npy"], motion("b1", 50), atol=1e-6)
    assert "2 of 6 motions are for a clip that has a motion in the same repeat" in said


def test_a_list_of_clips_goes_before_the_text(profile: Path, tmp_path: Path) -> None:
    source = mdm(tmp_path / "results.npy", [("a", "a jump", 44), ("b", "a jump", 60)])
    (tmp_path / "ids.txt").write_text("000012\n000013\n\n")
    folder, said = imported(profile, source, "--ids", tmp_path / "ids.txt")
    assert [*files(folder)] == ["0/000012.npy", "0/000013.npy"] and "another length" not in said


def test_a_text_that_is_not_the_first_caption_and_another_length_are_told(profile: Path, tmp_path: Path) -> None:
    source = mdm(tmp_path / "results.npy", [("a", "somebody greets", 56), ("b", " he waves ", 60)])
    folder, said = imported(profile, source)
    assert "1 of 2 motions were made for another caption than their clip's first" in said
    assert "1 of 2 motions are for a clip that has a motion in the same repeat" in said
    assert "1 of 1 motions are of another length than their clip" in said
    assert "theirs/0/000011.npy, 56 frames instead of 60" in said
    assert files(folder)["0/000011.npy"].shape == (56, 22, 3)


def momask(root: Path, numbers: dict[int, tuple[str, int]]) -> Path:
    """`joints/` as gen_t2m.py lays it out."""
    for number, (name, frames) in numbers.items():
        place = root / "joints" / str(number)
        place.mkdir(parents=True)
        for repeat in range(2):
            array = motion(f"{name}{repeat}", frames)
            np.save(place / f"sample{number}_repeat{repeat}_len{frames}.npy", array)
            np.save(place / f"sample{number}_repeat{repeat}_len{frames}_ik.npy", array + np.float64(0.01))
    return root / "joints"


def test_momask_s_folders_are_matched_by_its_list_of_prompts(profile: Path, tmp_path: Path) -> None:
    source = momask(tmp_path, {0: ("a", 60), 1: ("b", 48), 2: ("c", 40)})
    (tmp_path / "prompts.txt").write_text("he waves#60\na man walks#48\nsomething else#NA\n")
    folder, said = imported(profile, source, "--captions", tmp_path / "prompts.txt")
    made = files(folder)
    assert [*made] == ["0/000010.npy", "0/000011.npy", "1/000010.npy", "1/000011.npy"]
    np.testing.assert_allclose(made["1/000011.npy"], motion("a1", 60), atol=1e-6)
    assert "6 files are passed over" in said and "feet put on the floor" in said
    assert "2 of 4 motions are of another length" in said and "48 frames instead of 50" in said
    feet, _ = imported(profile, source, "--captions", tmp_path / "prompts.txt", "--ik", model="theirs ik")
    np.testing.assert_allclose(files(feet)["1/000011.npy"], motion("a1", 60) + 0.01, atol=1e-6)


def test_t2m_gpt_s_files_are_named_by_clip_and_its_real_motions_are_left(profile: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name, frames in (("000010", 50), ("A_000011", 60), ("000012", 44)):
        np.save(out / f"{name}_pred.npy", motion(name, frames)[None])
        np.save(out / f"{name}_gt.npy", motion(name, frames)[None])
    folder, said = imported(profile, out)
    assert [*files(folder)] == ["0/000010.npy", "0/000012.npy"]
    assert "3 files are passed over" in said and "a real motion" in said and "1 of 3 motions match no test clip" in said


def test_several_motions_of_a_file_that_is_called_as_a_clip_are_repeats(profile: Path, tmp_path: Path) -> None:
    source = tmp_path / "out"
    (source / "7").mkdir(parents=True)
    np.save(source / "000011.npy", np.stack([motion(name, 60) for name in "abc"]))
    np.save(source / "7" / "000010.npy", motion("d", 50))
    folder, _ = imported(profile, source)
    assert [*files(folder)] == ["0/000011.npy", "1/000011.npy", "2/000011.npy", "7/000010.npy"]
    alone, _ = imported(profile, source / "000011.npy", model="alone")
    np.testing.assert_allclose(files(alone)["2/000011.npy"], motion("c", 60), atol=1e-6)


def test_one_array_of_all_motions_is_numbered_and_cut(profile: Path, tmp_path: Path) -> None:
    stack = np.full((2, 70, 22, 3), 5.0)
    stack[0, :50], stack[1, :60] = motion("a", 50), motion("b", 60)
    np.save(tmp_path / "all.npy", stack)
    (tmp_path / "ids.txt").write_text("000010\n000011\n")
    (tmp_path / "lengths.txt").write_text("50\n60\n")
    assert "is numbered, and nothing says which clip" in refusal(profile, tmp_path / "all.npy")
    options = "--ids", tmp_path / "ids.txt", "--lengths", tmp_path / "lengths.txt"
    folder, _ = imported(profile, tmp_path / "all.npy", *options)
    np.testing.assert_allclose(files(folder)["0/000011.npy"], motion("b", 60), atol=1e-6)


@pytest.mark.parametrize("told", [(), ("--features", "normalised")])
def test_normalised_features_come_back_to_their_units(profile: Path, tmp_path: Path, told: tuple[str, ...]) -> None:
    mean, std = (np.load(tmp_path / "h3d" / f"{name}.npy") for name in ("Mean", "Std"))
    plain = from_joints(motion("x", 61))
    np.save(tmp_path / "000011.npy", (plain - mean) / std)
    folder, said = imported(profile, tmp_path / "000011.npy", *told)
    made = files(folder)["0/000011.npy"]
    np.testing.assert_allclose(made, plain, atol=1e-4)
    assert np.abs(recover_joints(made) - recover_joints(plain)).max() < 1e-3
    assert ("taken for normalised: 0 of 1 motions are bodies as they are, 1 with Mean and Std" in said) != bool(told)


def test_statistics_of_another_folder_may_be_named(profile: Path, tmp_path: Path) -> None:
    plain, meta = from_joints(motion("x", 61)), tmp_path / "meta"
    meta.mkdir()
    np.save(meta / "mean.npy", np.full(263, 0.5, dtype=np.float32))
    np.save(meta / "std.npy", np.full(263, 2.0, dtype=np.float32))
    np.save(tmp_path / "000011.npy", (plain - 0.5) / 2)
    folder, _ = imported(profile, tmp_path / "000011.npy", "--features", "normalised", "--statistics", meta)
    np.testing.assert_allclose(files(folder)["0/000011.npy"], plain, atol=1e-5)
    assert "holds no Mean.npy" in str(call(profile, tmp_path / "000011.npy", "--statistics", tmp_path).exception)


def test_plain_features_stay_and_a_wrong_word_of_them_is_doubted(profile: Path, tmp_path: Path) -> None:
    plain = from_joints(motion("x", 61))
    np.save(tmp_path / "000011.npy", plain.astype(np.float64))
    folder, said = imported(profile, tmp_path / "000011.npy")
    np.testing.assert_array_equal(files(folder)["0/000011.npy"], plain)
    assert "features are taken for plain: 1 of 1" in said
    mean, std = (np.load(tmp_path / "h3d" / f"{name}.npy") for name in ("Mean", "Std"))
    np.save(tmp_path / "000011.npy", (plain - mean) / std)
    _, said = imported(profile, tmp_path / "000011.npy", "--features", "plain", model="wrong")
    assert "features were said to be plain, and 0 of 1 motions looked at are bodies so" in said
    assert "motions of wrong are not in metres" in said


def test_features_that_are_bodies_in_neither_way_are_not_guessed_at(profile: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "000011.npy", np.random.default_rng(0).normal(size=(60, 263)) * 9)
    said = refusal(profile, tmp_path / "000011.npy")
    assert "features may be normalised or not: 0 of 1" in said and "--features" in said


def test_another_rate_is_brought_to_twenty_frames_a_second(profile: Path, tmp_path: Path) -> None:
    times = np.arange(120) / 40
    np.save(tmp_path / "000011.npy", motion("x", 1) + times[:, None, None] * np.array([0.3, 0, 1.0]))
    folder, said = imported(profile, tmp_path / "000011.npy", "--fps", 40)
    made = files(folder)["0/000011.npy"]
    assert made.shape == (60, 22, 3) and "another length" not in said
    np.testing.assert_allclose(made[:, 0, 2] - made[0, 0, 2], np.arange(60) / 20, atol=1e-5)
    np.save(tmp_path / "000011.npy", from_joints(motion("x", 61)))
    done = call(profile, tmp_path / "000011.npy", "--fps", 40, model="other")
    assert "holds features, which are defined at 20 fps" in str(done.exception)


def test_what_is_unusable_is_left_out_with_its_reason(profile: Path, tmp_path: Path) -> None:
    source = tmp_path / "out"
    source.mkdir()
    np.save(source / "000010.npy", motion("a", 50))
    np.save(source / "000011.npy", np.full((60, 22, 3), np.nan))
    np.save(source / "000012.npy", np.zeros((44, 21, 3)))
    np.save(source / "000013.npy", np.zeros((60, 22, 3), dtype=int))
    (source / "M000010.npy").write_bytes(b"\x93NUMPY")
    folder, said = imported(profile, source)
    assert [*files(folder)] == ["0/000010.npy"]
    assert "3 files are passed over (first: 000012.npy, wrong shape (44, 21, 3))" in said
    assert "1 of 2 motions are left out: not finite" in said


BAD = {
    "no key": ({"motion": None}, "motion is no array of numbers"),
    "another body": ({"motion": np.zeros((2, 21, 3, 60), "f4")}, "instead of floats (n, 22, 3, T)"),
    "lengths beyond the end": ({"lengths": np.array([50, 900])}, "lengths say 900 frames of 70"),
    "a length of nothing": ({"lengths": [50, 0]}, "lengths say 0 frames"),
    "too few lengths": ({"lengths": np.array([50])}, "lengths are not 2 whole numbers"),
    "too few prompts": ({"text": ["a"]}, "text is not 2 prompts"),
    "broken repetitions": ({"num_samples": 3}, "no whole repetitions"),
}


@pytest.mark.parametrize("name", BAD)
def test_results_that_do_not_belong_together_are_one_line(profile: Path, tmp_path: Path, name: str) -> None:
    changed, what = BAD[name]
    prompts = [("a", "a man walks", 50), ("b", "he waves", 60)]
    assert what in refusal(profile, mdm(tmp_path / "results.npy", prompts, **changed))


def test_a_result_that_would_run_code_is_refused_and_not_run(profile: Path, tmp_path: Path) -> None:
    class Runs:
        def __reduce__(self) -> tuple[object, ...]:
            return os.system, (f"touch '{tmp_path / 'ran'}'",)

    source = mdm(tmp_path / "results.npy", [("a", "a man walks", 50)], hidden=Runs())
    assert "system, which is no array, list, string or number; nothing of it was run" in refusal(profile, source)
    (tmp_path / "plain.npy").write_bytes(pickle.dumps(Runs()))
    assert "not a readable .npy array" in refusal(profile, tmp_path / "plain.npy")
    assert not (tmp_path / "ran").exists()
    np.load(source, allow_pickle=True)
    assert (tmp_path / "ran").exists()  # it does run where nobody forbids it


def test_sources_names_and_lists_that_cannot_be_used_are_one_line(profile: Path, tmp_path: Path) -> None:
    good = mdm(tmp_path / "results.npy", [("a", "a man walks", 50)])
    (tmp_path / "empty").mkdir()
    (tmp_path / "lengths.txt").write_text("fifty\n")
    assert "no such file or folder" in refusal(profile, tmp_path / "nowhere")
    assert "holds no generated motion" in refusal(profile, tmp_path / "empty")
    assert "cannot name a file" in refusal(profile, good, model="../theirs")
    assert "no number of frames" in refusal(profile, good, "--lengths", tmp_path / "lengths.txt")
    lists = "--ids", tmp_path / "lengths.txt", "--captions", tmp_path / "lengths.txt"
    assert "say the same" in refusal(profile, good, *lists)
    foreign = mdm(tmp_path / "foreign.npy", [("a", "a cat", 50)])
    assert "theirs: no motion of it can be used; 1 of 1 motions match no test clip" in refusal(profile, foreign)


def test_an_earlier_import_is_replaced_only_when_asked(profile: Path, tmp_path: Path) -> None:
    first = mdm(tmp_path / "first.npy", [("a", "a man walks", 50)])
    second = mdm(tmp_path / "second.npy", [("b", "he waves", 60)])
    folder, _ = imported(profile, first)
    assert "is there already" in str(call(profile, second).exception) and [*files(folder)] == ["0/000010.npy"]
    imported(profile, second, "--replace")
    assert [*files(folder)] == ["0/000011.npy"] and os.listdir(folder.parent) == ["theirs"]


def test_an_import_that_is_cut_short_leaves_what_was_there(
    profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = imported(profile, mdm(tmp_path / "first.npy", [("a", "a man walks", 50)]))
    count = 0

    def stop(part: Path, target: Path) -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(atomic, "before_rename", stop)
    call(profile, mdm(tmp_path / "second.npy", [("b", "he waves", 60), ("a", "a man walks", 50)]), "--replace")
    assert count == 2 and [*files(folder)] == ["0/000010.npy"] and os.listdir(folder.parent) == ["theirs"]


def test_another_folder_is_named_for_the_parameters(profile: Path, tmp_path: Path) -> None:
    done = call(profile, mdm(tmp_path / "first.npy", [("a", "a man walks", 50)]), "--to", tmp_path / "made")
    assert f"next: evaluation: {{generations: {tmp_path / 'made'}}}" in done.output
    assert [*files(tmp_path / "made")] == ["theirs/0/000010.npy"]


def test_the_command_line_shows_one_line_and_exit_code_2(profile: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "000011.npy", np.zeros((60, 7)))
    arguments = "generations", "import", tmp_path / "000011.npy", "--model", "theirs", "--params", profile
    command = [sys.executable, "-m", "lib", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"error: {tmp_path / '000011.npy'}: wrong shape (60, 7)")
