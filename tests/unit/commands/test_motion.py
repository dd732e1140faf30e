"""``python -m lib motion``: a page or a file comes out, and a wrong input is one line."""

import re
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from lib.base.errors import CorpusError, ParamsError
from lib.commands.motion import app
from lib.draw import animation
from lib.draw.motion_player import read
from tests.unit.motion.bodies import swinging


def call(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output.strip()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    np.save(tmp_path / "own <b>.npy", swinging(12, speed=1.0))
    return tmp_path / "own <b>.npy"


def test_play_writes_one_page_that_needs_nothing_else(own: Path, tmp_path: Path) -> None:
    said = call("play", own, own, "--fps", 30, "-o", tmp_path / "new" / "page.html", "--no-open")
    page = Path(said).read_text(encoding="utf-8")
    assert "own <b>" not in page and page.count("own &lt;b&gt;") >= 3
    assert not re.findall(r"""(?:src|href)=["'](?!data:,)""", page)
    motions = re.findall(r'data-motion="([^"]+)"', page)
    assert len(motions) == 2 and read(motions[0])[0].shape == (12, 22, 3) and read(motions[0])[1] == 30


def test_a_gif_has_every_frame_moves_and_lasts_as_long(own: Path, tmp_path: Path) -> None:
    with Image.open(call("export", own, "-o", tmp_path / "own.gif")) as gif:
        assert gif.n_frames == 12 and gif.info["loop"] == 0
        lasted, seen = 0, set()
        for frame in range(gif.n_frames):
            gif.seek(frame)
            lasted += gif.info["duration"]
            seen.add(gif.convert("RGB").tobytes())
    assert lasted == 12 * 50 and len(seen) == 12


def test_a_fast_clip_is_thinned_and_keeps_its_pace(tmp_path: Path) -> None:
    animation.save_gif(swinging(60), tmp_path / "fast.gif", fps=120)
    with Image.open(tmp_path / "fast.gif") as gif:
        assert gif.n_frames == 30 and gif.info["duration"] == 20


def test_a_bvh_comes_out(own: Path, tmp_path: Path) -> None:
    text = Path(call("export", own, "-o", tmp_path / "own.BVH", "--fps", 30)).read_text(encoding="utf-8")
    assert text.startswith("HIERARCHY") and "Frames: 12" in text and "Frame Time: 0.033333" in text


def test_a_video_comes_out(own: Path, tmp_path: Path) -> None:
    said = call("render", own, "-o", tmp_path / "new" / "own.mp4", "--fps", 10, "--size", 64)
    with av.open(said) as video:
        stream = video.streams.video[0]
        assert (stream.width, stream.frames, stream.average_rate) == (64, 24, 20)
    assert call("render", own, "--size", 64) == str(own.with_suffix(".mp4"))
    with pytest.raises(ParamsError, match=r"use \.mp4"):
        call("render", own, "-o", tmp_path / "x.gif")
    for wrong in ([], [own, "--corpus", "dm"]):
        with pytest.raises(ParamsError, match="a file or --corpus"):
            call("render", *wrong)


@pytest.mark.parametrize("name", ["x.mp4", "x"])
def test_an_unknown_kind_of_file_is_refused(own: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ParamsError, match=r"use \.gif or \.bvh"):
        call("export", own, "-o", tmp_path / name)


def test_what_is_no_motion_or_too_many_is_refused(own: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such file"):
        call("play", tmp_path / "gone.npy", "--no-open")
    with pytest.raises(ParamsError, match="at most 6"):
        call("play", *[own] * 7, "--no-open")
    np.save(tmp_path / "long.npy", swinging(animation.LONGEST + 1))
    with pytest.raises(CorpusError, match=r"long\.npy: 1,201 frames"):
        call("export", tmp_path / "long.npy", "-o", tmp_path / "long.gif")
