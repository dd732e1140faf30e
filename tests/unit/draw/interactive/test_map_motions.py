"""What a map holds of motions: a sample of its points', and under redaction those of public corpora alone."""

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.draw.interactive import caption_map
from lib.draw.interactive.caption_map import CaptionMap, Colouring, Plane
from lib.draw.interactive.map_motions import PointMotion, thinned
from lib.draw.motion_player.payload import read
from lib.run.redaction import Redaction
from lib.sections.clustering import clip_map, two_spaces
from tests.unit.sections.clustering.test_two_spaces import clips

JOINTS = np.random.default_rng(0).normal(size=(6, 90, 22, 3)).round(3)


def made(public: tuple[bool, ...] = (False,) * 6) -> CaptionMap:
    rng = np.random.default_rng(1)
    one = Colouring("cluster", ["a", "b"], np.arange(30) % 2)
    other = Colouring("motion cluster", ["x", "y", "z"], np.arange(30) % 3)
    motions = [PointMotion(5 * n, JOINTS[n], 30.0, public[n]) for n in range(6)]
    texts = [f"a person {rng.integers(999)} walks" for _ in range(30)]
    return CaptionMap(
        rng.normal(size=(30, 2)),
        texts,
        [one],
        "text",
        {"motion": Plane(rng.normal(size=(30, 2)), [other])},
        motions=motions,
    )


def held(folder: Path, name: str) -> bytes:
    script = (folder / "interactive" / f"{name}.js").read_text(encoding="ascii")
    (text,) = re.findall(rf'\["{name}"\] = "([A-Za-z0-9+/=]*)";\n$', script)
    return zlib.decompress(base64.b64decode(text))


def motions(folder: Path) -> list[np.ndarray]:
    """The motions of a written map, unpacked by the layout that `packed` states."""
    raw = held(folder, "map_played")
    count = int.from_bytes(raw[:4], "little")
    lengths = np.frombuffer(raw, "<u4", count, 4)
    body = raw[4 + 4 * count :]
    whole = np.empty(len(body), dtype=np.uint8)
    half = -(-len(body) // 2)
    whole[0::2], whole[1::2] = (np.frombuffer(part, np.uint8) for part in (body[:half], body[half:]))
    ends = np.cumsum(lengths)
    parts = [whole[end - length : end].tobytes() for end, length in zip(ends, lengths, strict=True)]
    return [read(base64.b64encode(part).decode())[0] for part in parts]


def test_each_motion_stands_with_its_point_ten_times_a_second(tmp_path: Path) -> None:
    some = made()
    caption_map.write(tmp_path, "map", some)
    content = json.loads((tmp_path / "interactive" / "map.json").read_text(encoding="utf-8"))
    listed = json.loads(held(tmp_path, "map"))
    for number, poses in zip(content["motions"]["numbers"], motions(tmp_path), strict=True):
        (row,) = [row for row in range(0, 30, 5) if some.captions[row] == listed[number]]
        assert poses == pytest.approx(JOINTS[row // 5][::3], abs=6e-4)


@pytest.mark.parametrize(("fps", "frames", "kept"), [(20.0, 200, 100), (30.0, 900, 101), (12.5, 26, 21), (20.0, 1, 1)])
def test_poses_are_those_nearest_to_tenths_of_a_second(fps: float, frames: int, kept: int) -> None:
    poses = np.arange(frames, dtype=float)[:, None, None] * np.ones((1, 22, 3))
    taken = thinned(poses, fps)[:, 0, 0]
    assert len(taken) == kept and np.abs(taken / fps - np.arange(kept) / 10).max() <= 0.5 / fps + 1e-9


def test_places_in_the_other_space_follow_the_order_of_the_points(tmp_path: Path) -> None:
    some = made()
    caption_map.write(tmp_path, "map", some)
    listed = json.loads(held(tmp_path, "map"))
    planes = np.frombuffer(held(tmp_path, "map_motion"), np.uint8)[4:].reshape(5, 30).astype(int)
    units = np.stack([planes[0] + 256 * planes[1], planes[2] + 256 * planes[3]], axis=1)
    there = some.further["motion"].places
    lowest, extent = there.min(axis=0), (there - there.min(axis=0)).max()
    for number, caption in enumerate(listed):
        rows = [row for row in range(30) if some.captions[row] == caption]
        assert planes[4][number] in {row % 3 for row in rows}
        places = there[rows]
        found = lowest + units[number] / 65_535 * extent
        assert min(np.abs(place - found).max() for place in places) < extent / 65_000


def test_a_private_profile_shows_motions_of_public_corpora_alone(tmp_path: Path) -> None:
    public = (True, False, False, True, False, False)
    made(public).show(tmp_path, "map", Redaction(["dm"], dict))
    content = json.loads((tmp_path / "interactive" / "map.json").read_text(encoding="utf-8"))
    shown = motions(tmp_path)
    assert len(content["motions"]["numbers"]) == len(shown) == 2
    for poses in shown:
        assert min(np.abs(poses - JOINTS[n][::3]).max() for n in (0, 3)) < 6e-4
    made().show(tmp_path, "map", Redaction(["dm"], dict))
    content = json.loads((tmp_path / "interactive" / "map.json").read_text(encoding="utf-8"))
    files = {path.name for path in (tmp_path / "interactive").iterdir()}
    assert content["motions"] is None and files == {"map.json", "map_motion.js"}
    assert "motion-player" not in caption_map.markup(content, "assets/map.js")


def test_the_sample_holds_the_middles_then_others_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Some:
        def __init__(self, ids: list[str], fps: float) -> None:
            self.clips = pd.DataFrame({"clip_id": ids, "fps": fps})

        def joints(self, clip_id: str) -> np.ndarray:
            return np.full((4, 22, 3), float(clip_id))

    whole = clips()
    ids = {key: whole.table.loc[whole.table["key"] == key, "clip_id"].tolist() for key in "ab"}
    corpora = {"a": Some(ids["a"], 20.0), "b": Some(ids["b"], 30.0)}
    middles = pd.DataFrame({"key": ["b", "a", "b"], "clip_id": ["200", "007", "200"], "rank": [1, 1, 2]})
    monkeypatch.setattr(clip_map, "PLAYED", 50)
    found = clip_map.played(whole, corpora, middles, public={"a"}, seed=0)  # type: ignore[arg-type]
    assert len(found) == len({one.row for one in found}) == 50 and {one.row for one in found[:2]} == {7, 200}
    for one in found:
        key, clip_id = whole.table.loc[one.row, ["key", "clip_id"]]
        assert one.joints[0, 0, 0] == float(clip_id)
        assert (one.fps, one.public) == ((20.0, True) if key == "a" else (30.0, False))


def test_the_map_of_a_profile_has_both_spaces_and_the_clusters_of_each(tmp_path: Path) -> None:
    whole = clips()
    sizes = {"centroids": 1000, "rows_per_centroid": 10, "clusters": 4}
    found = two_spaces.clustered(whole, **sizes, seed=0, linkage="ward", metric="euclidean")
    called = two_spaces.named(whole, found, words=1, least=1)
    motions = [PointMotion(3, JOINTS[0], public=True)]
    made = clip_map.clip_map(whole, found, called, motions=motions, seed=0)
    made.show(tmp_path, "map", Redaction([], dict))
    content = json.loads((tmp_path / "interactive" / "map.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in content["colourings"]] == ["text cluster", "verb", "dataset"]
    assert [one["name"] for one in content["spaces"]] == ["text", "motion"]
    (there,) = content["spaces"][1]["colourings"]
    assert there["name"] == "motion cluster" and len(there["classes"]) == found["motion"].n_clusters
    planes = np.frombuffer(held(tmp_path, "map_motion"), np.uint8)[4:].reshape(5, 240)
    assert np.bincount(planes[4]).tolist() == found["motion"].cluster_sizes.tolist()
    assert 'class="motion-player"' in caption_map.markup(content, "assets/map.js")
