"""Reading GLB: files written byte by byte, forward kinematics by hand, every sampler, and every way to be damaged."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.base.errors import CorpusError
from lib.demo.synthesis import Spec, synthesise
from lib.motion import fitting, recording, rig
from lib.motion.file_to_clip import clip_of
from lib.motion.glb import read
from lib.motion.glb_pose import Glb
from lib.motion.skeleton import JOINT_NAMES, PARENTS

from .glb_files import Writer, about, matrix, wrapped
from .test_rig import grounded

ARM = [
    {"name": "shoulder", "translation": [0, 1, 0], "children": [1]},
    {"name": "elbow", "translation": [1, 0, 0], "children": [2]},
    {"name": "hand", "translation": [2, 0, 0]},
]


def opened(content: bytes, folder: Path) -> Glb:
    (folder / "a.glb").write_bytes(content)
    return read(folder / "a.glb")


def hand_at(glb: Glb, *seconds: float) -> list[list[float]]:
    return glb.at(np.array(seconds))[:, glb.names.index("hand")].round(5).tolist()


def arm(folder: Path, *channels: tuple[int, str, Any, Any], mode: str = "LINEAR", **more: Any) -> Glb:
    writer = Writer()
    return opened(writer.content(ARM, [writer.animation(*channels, mode=mode)], **more), folder)


def test_a_linear_turn_is_even_and_stays_outside_its_keys(tmp_path: Path) -> None:
    glb = arm(tmp_path, (1, "rotation", [0.0, 1.0], about("Z", [0, 90])))
    half = 2 * np.cos(np.pi / 4)
    assert glb.names == ["shoulder", "elbow", "hand"] and glb.in_metres and glb.seconds.tolist() == [0.0, 1.0]
    third = [1 + 2 * np.cos(np.pi / 6), 1 + 2 * np.sin(np.pi / 6)]
    assert hand_at(glb, -1, 0, 0.5, 1, 9) == [
        [3, 1, 0],
        [3, 1, 0],
        *np.round([[1 + half, 1 + half, 0]], 5).tolist(),
        [1, 3, 0],
        [1, 3, 0],
    ]
    np.testing.assert_allclose(hand_at(glb, 1 / 3)[0], [*third, 0], atol=1e-5)


def test_a_linear_turn_takes_the_short_way_and_bears_keys_alike(tmp_path: Path) -> None:
    glb = arm(tmp_path, (1, "rotation", [0.0, 1.0, 2.0], about("Z", [0, 90, 90]) * [[1], [-1], [1]]))
    half = round(2 * np.cos(np.pi / 4), 5)
    assert hand_at(glb, 0.5, 1.5) == [[round(1 + half, 5), round(1 + half, 5), 0], [1, 3, 0]]


def test_a_step_holds_until_the_next_key(tmp_path: Path) -> None:
    glb = arm(tmp_path, (2, "translation", [0.0, 0.05, 0.1], [[2.0, 0, 0], [3, 0, 0], [4, 0, 0]]), mode="STEP")
    assert hand_at(glb, 0, 0.049, 0.05, 0.09, 0.1, 1) == [[x, 1, 0] for x in (3, 3, 4, 4, 5, 5)]


def test_a_cubic_spline_follows_its_tangents(tmp_path: Path) -> None:
    """Over two seconds from 0 with slope 3 to 10 with slope -1: 10 (3u2 - 2u3) + 6 (u3 - 2u2 + u) - 2 (u3 - u2)."""
    before, value, after = [9.0, 9, 9], [0.0, 0, 0], [3.0, 0, 0]
    rows = np.array([before, value, after, [-1.0, 0, 0], [10.0, 0, 0], [9.0, 9, 9]])
    glb = arm(tmp_path, (0, "translation", [1.0, 3.0], rows), mode="CUBICSPLINE")
    u = np.array([0.0, 0.25, 0.5, 1.0])
    wanted = 10 * (3 * u**2 - 2 * u**3) + 6 * (u**3 - 2 * u**2 + u) - 2 * (u**3 - u**2)
    np.testing.assert_allclose(glb.at(1 + 2 * u)[:, 0, 0], wanted, atol=1e-5)
    np.testing.assert_allclose(glb.at(np.array([0.0, 9.0]))[:, 0, 0], [0, 10], atol=1e-5)


def test_a_cubic_spline_of_turns_is_brought_back_to_a_turn(tmp_path: Path) -> None:
    start, end, slope = about("Z", 0), about("Z", 90), np.array([0, 0, 0.5, 0.0])
    rows = np.array([slope, start, slope, slope, end, slope])
    glb = arm(tmp_path, (1, "rotation", [0.0, 1.0], rows), mode="CUBICSPLINE")
    u = 0.25
    blended = (2 * u**3 - 3 * u**2 + 1) * start + (3 * u**2 - 2 * u**3) * end
    blended += (u**3 - 2 * u**2 + u) * slope + (u**3 - u**2) * slope
    np.testing.assert_allclose(hand_at(glb, u)[0], matrix(blended) @ [2, 0, 0] + [1, 1, 0], atol=1e-5)


def test_a_cubic_spline_through_no_turn_at_all_is_still_a_place(tmp_path: Path) -> None:
    start, none = about("Z", 30), np.zeros(4)
    glb = arm(tmp_path, (1, "rotation", [0.0, 1.0], [none, start, none, none, -start, none]), mode="CUBICSPLINE")
    assert np.isfinite(hand_at(glb, 0, 0.5, 1)).all()


def test_an_armature_that_turns_and_shrinks_bears_on_all_below(tmp_path: Path) -> None:
    """As Blender writes centimetres with Z up: the armature turns -90 degrees about X and has scale 0.01."""
    armature = {"name": "Armature", "rotation": about("X", -90).tolist(), "scale": [0.01] * 3, "children": [1]}
    nodes = [
        armature,
        {"name": "hips", "translation": [0, 0, 90], "children": [2]},
        {"name": "hand", "translation": [0, -50, 30]},
    ]
    writer = Writer()
    glb = opened(writer.content(nodes, [writer.animation((1, "rotation", [0.0, 1.0], about("Z", [0, 90])))]), tmp_path)
    # By hand: -90 degrees about X takes (x, y, z) to (x, z, -y). Frame 0: hips (0, 0.9, 0), hand (0, -50, 120) cm.
    # Frame 1: the hips' quarter about Z takes (0, -50, 30) to (50, 0, 30).
    np.testing.assert_allclose(glb.at(np.array([0.0, 1.0]))[:, 1], [[0, 0.9, 0]] * 2, atol=1e-6)
    np.testing.assert_allclose(hand_at(glb, 0, 1), [[0, 1.2, 0.5], [0.5, 1.2, 0]], atol=1e-5)


def test_scales_are_animated_and_bear_on_children_alone(tmp_path: Path) -> None:
    glb = arm(tmp_path, (1, "scale", [0.0, 1.0], [[1.0, 1, 1], [3.0, 1, 1]]))
    assert hand_at(glb, 0, 0.5, 1) == [[3, 1, 0], [5, 1, 0], [7, 1, 0]]
    assert glb.at(np.array([1.0]))[0, 1].tolist() == [1, 1, 0]


def test_a_node_may_have_a_matrix_which_is_written_by_columns(tmp_path: Path) -> None:
    # Columns: X to Y, Y to -X, Z stays; then a translation of (5, 6, 7).
    nodes = [
        {"name": "root", "matrix": [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 5, 6, 7, 1], "children": [1]},
        {"name": "hand"},
    ]
    writer = Writer()
    glb = opened(
        writer.content(nodes, [writer.animation((1, "translation", [0.0, 1.0], [[0.0, 0, 0], [1, 0, 0]]))]), tmp_path
    )
    assert hand_at(glb, 0, 1) == [[5, 6, 7], [5, 7, 7]]


@pytest.mark.parametrize(("kind", "most"), [("int8", 127), ("int16", 32767), ("uint8", 255), ("uint16", 65535)])
def test_turns_may_be_normalised_integers(tmp_path: Path, kind: str, most: int) -> None:
    turns = np.rint(about("Z", [0, 90]) * most).astype(kind)
    writer = Writer()
    keys = writer.accessor(turns, normalized=True)
    glb = opened(writer.content(ARM, [writer.animation((1, "rotation", [0.0, 1.0], keys))]), tmp_path)
    np.testing.assert_allclose(hand_at(glb, 1)[0], [1, 3, 0], atol=3 / most)


def test_the_least_signed_integer_is_minus_one(tmp_path: Path) -> None:
    writer = Writer()
    keys = writer.accessor(np.array([[-128, 127, 0], [-127, 127, 0]], dtype=np.int8), normalized=True)
    glb = opened(writer.content(ARM, [writer.animation((0, "translation", [0.0, 1.0], keys))]), tmp_path)
    assert glb.at(np.array([0.0, 1.0]))[:, 0].tolist() == [[-1, 1, 0]] * 2


@pytest.mark.parametrize("base", [True, False])
def test_sparse_values_replace_those_of_the_base_or_zeros(tmp_path: Path, base: bool) -> None:
    writer = Writer()
    keys = writer.accessor(np.ones((3, 3)))
    sparse = {
        "count": 1,
        "indices": {"bufferView": writer.view(np.array([2], dtype=np.uint16).tobytes()), "componentType": 5123},
        "values": {"bufferView": writer.view(np.array([7, 8, 9], dtype=np.float32).tobytes())},
    }
    writer.accessors[keys]["sparse"] = sparse
    if not base:
        del writer.accessors[keys]["bufferView"]
    glb = opened(writer.content(ARM, [writer.animation((0, "translation", [0.0, 1.0, 2.0], keys))]), tmp_path)
    assert glb.at(np.arange(3.0))[:, 0].tolist() == [[base] * 3, [base] * 3, [7, 8, 9]]


def test_values_may_be_interleaved(tmp_path: Path) -> None:
    writer = Writer()
    table = np.array([[0.0, 1, 2, 3], [1.0, 4, 5, 6]], dtype=np.float32)
    view = writer.view(table.tobytes(), byteStride=16)
    told = {"bufferView": view, "componentType": 5126, "count": 2}
    writer.accessors += [{**told, "type": "SCALAR"}, {**told, "type": "VEC3", "byteOffset": 4}]
    glb = opened(writer.content(ARM, [writer.animation((0, "translation", 0, 1))]), tmp_path)
    assert glb.at(np.array([0.0, 1.0]))[:, 0].tolist() == [[1, 2, 3], [4, 5, 6]]


def test_the_first_animation_that_moves_the_skeleton_is_taken_and_said(tmp_path: Path) -> None:
    nodes = [*ARM, {"name": "camera"}]
    writer = Writer()
    still = [[0.0, 0, 0], [0, 0, 0]]
    camera = writer.animation((3, "translation", [0.0, 5.0], still), name="camera")
    finger = writer.animation((2, "translation", [0.0, 4.0], still), name="finger")
    chosen = [writer.animation(*((n, "translation", [0.0, t], still) for n in range(3))) for t in (2.0, 3.0)]
    for skins in ([], [{"joints": [0, 1, 2]}]):
        glb = opened(writer.content(nodes, [camera, finger, *chosen], skins=skins), tmp_path)
        assert glb.seconds[-1] == 2.0
        assert glb.notes == ["several animations: the first that moves the skeleton is read"]
    assert not opened(writer.content(nodes, chosen[:1]), tmp_path).notes


def test_a_joint_keeps_its_name_where_a_mesh_has_it_too(tmp_path: Path) -> None:
    nodes = [{"name": "hips"}, {"name": "hips", "translation": [0, 9, 0]}, {}]
    writer = Writer()
    animation = writer.animation((1, "translation", [0.0, 1.0], [[0.0, 9, 0]] * 2))
    glb = opened(writer.content(nodes, [animation], skins=[{"joints": [1]}]), tmp_path)
    assert sorted(glb.names) == ["hips", "hips (node 0)", "node 2"]
    assert glb.at(np.array([0.0]))[0, glb.names.index("hips")].tolist() == [0, 9, 0]


NAMES = rig.load("animate3d").joints


def body(scale: float = 1.0) -> list[dict[str, Any]]:
    """Nodes in the names of Animate 3D below an armature; every joint is moved to its place, none turns."""
    nodes = [
        {"name": NAMES[name], "children": [c + 1 for c, p in enumerate(PARENTS) if p == n]}
        for n, name in enumerate(JOINT_NAMES)
    ]
    return [{"name": "Armature", "scale": [scale] * 3, "children": [1]}, *nodes, {"name": "l_index1_JNT"}]


def moved(writer: Writer, joints: np.ndarray, fps: float, scale: float = 1.0) -> dict[str, Any]:
    times = writer.accessor(np.arange(len(joints)) / fps + 0.5)
    bones = joints.copy()
    bones[:, 1:] -= joints[:, PARENTS[1:]]
    return writer.animation(*((n + 1, "translation", times, bones[:, n] / scale) for n in range(22)))


@pytest.fixture(scope="module")
def walk() -> np.ndarray:
    return synthesise([Spec("walk", seconds=2.0)], np.random.default_rng(0)).astype(float)


@pytest.mark.parametrize(("fps", "scale"), [(20.0, 1.0), (60.0, 0.01)])
def test_a_body_in_the_names_of_animate_3d_becomes_humanml3d_s(
    walk: np.ndarray, fps: float, scale: float, tmp_path: Path
) -> None:
    """At 60 fps the walk is slowed to a third by keys of its own; the poses at 20 fps are every third of it."""
    writer = Writer()
    content = writer.content(body(scale), [moved(writer, walk, fps, scale)], skins=[{"joints": list(range(1, 23))}])
    glb = opened(content, tmp_path)
    found = fitting.fitting(glb, "a.glb")
    assert found.rig == "animate3d"
    clip = clip_of(glb, found, "a.glb")
    np.testing.assert_allclose(clip.joints, grounded(walk[:: round(fps / 20)]), atol=1e-4)
    assert not clip.notes


def test_turning_joints_are_where_kinematics_by_hand_puts_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    offsets, turns = rng.normal(size=(22, 3)).astype(np.float32), rng.normal(size=(5, 22, 4)).astype(np.float32)
    turns /= np.linalg.norm(turns, axis=-1, keepdims=True)
    scales = rng.uniform(0.5, 2, size=(22, 3)).astype(np.float32)
    writer = Writer()
    nodes = body()
    for n in range(22):
        nodes[n + 1] |= {"translation": offsets[n].tolist(), "scale": scales[n].tolist()}
    times = writer.accessor(np.arange(5) / 20)
    glb = opened(
        writer.content(nodes, [writer.animation(*((n + 1, "rotation", times, turns[:, n]) for n in range(22)))]),
        tmp_path,
    )
    for frame in range(5):
        worlds: list[tuple[np.ndarray, np.ndarray]] = []
        for n, parent in enumerate(PARENTS):
            linear, place = worlds[parent] if parent >= 0 else (np.eye(3), np.zeros(3))
            worlds.append((linear @ matrix(turns[frame, n]) @ np.diag(scales[n]), place + linear @ offsets[n]))
        wanted = np.array([place for _, place in worlds])
        order = [glb.names.index(NAMES[name]) for name in JOINT_NAMES]
        np.testing.assert_allclose(glb.at(np.array([frame / 20]))[0, order], wanted, atol=1e-4 * np.abs(wanted).max())


def test_a_file_in_centimetres_against_the_format_is_read_as_such_and_noted(walk: np.ndarray, tmp_path: Path) -> None:
    writer = Writer()
    glb = opened(writer.content(body(), [moved(writer, walk * 100, 20)]), tmp_path)
    clip = clip_of(glb, rig.load("animate3d"), "a.glb")
    np.testing.assert_allclose(clip.joints, grounded(walk), atol=1e-3)
    assert clip.notes == ["lengths that are no metres, as glTF asks for; a unit of 0.01 m is taken"]
    assert fitting.fits(glb)[0].legs == pytest.approx(0.82, abs=0.02)


def test_a_lying_body_is_noted_without_advice_on_a_rig_that_has_no_say(walk: np.ndarray, tmp_path: Path) -> None:
    writer = Writer()
    lying = walk @ np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]).T
    glb = opened(writer.content(body(), [moved(writer, lying, 20)]), tmp_path)
    notes = clip_of(glb, rig.load("animate3d"), "a.glb").notes
    assert notes == ["a head that is never well above the feet; see that Y points up"]


GOOD = Writer()
GOOD_ANIMATION = GOOD.animation((1, "rotation", [0.0, 1.0], about("Z", [0, 90])))
DOCUMENT = json.loads(GOOD.content(ARM, [GOOD_ANIMATION])[20:].split(b"BIN\0")[0][:-4])


def damaged(**changes: Any) -> bytes:
    return wrapped(json.dumps({**DOCUMENT, **changes}).encode(), GOOD.blob)


def sampled(**changes: Any) -> bytes:
    return damaged(animations=[{**GOOD_ANIMATION, "samplers": [{**GOOD_ANIMATION["samplers"][0], **changes}]}])


def accessed(**changes: Any) -> bytes:
    return damaged(accessors=[{**one, **changes} for one in DOCUMENT["accessors"]])


def keyed(times: list[float], values: Any) -> bytes:
    writer = Writer()
    return writer.content(ARM, [writer.animation((1, "rotation", times, values))])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no binary glTF"),
        (b"HIERARCHY\nROOT hips\n{\n}\n", "no binary glTF"),
        (GOOD.content(ARM, [GOOD_ANIMATION])[:-9], "cut short"),
        (b"glTF" + (1).to_bytes(4, "little") + bytes(20), "glTF of version 1, not 2"),
        (damaged(animations=[]), "no animation"),
        (damaged(animations=[{**GOOD_ANIMATION, "channels": []}]), "no animation that moves a joint"),
        (damaged(skins=[{"joints": [0]}]), "no animation that moves a joint"),
        (damaged(buffers=[{"byteLength": 9, "uri": "motion.bin"}]), "its data lie in another file, 'motion.bin'"),
        (damaged(buffers=[{"byteLength": 9, "uri": "/etc/passwd"}]), "its data lie in another file"),
        (damaged(extensionsRequired=["EXT_meshopt_compression"]), "compressed by EXT_meshopt_compression"),
        (damaged(nodes=[*ARM, {"children": [2]}]), "a node with two parents"),
        (
            damaged(nodes=[{**ARM[0], "children": []}, {"children": [2]}, {"children": [1]}]),
            "node 1 is its own ancestor",
        ),
        (damaged(nodes=[{"children": [7]}, *ARM[1:]]), "a child that is no node of the file"),
        (damaged(nodes=[*ARM[:2], {**ARM[2], "children": [-1]}]), "a child that is no node of the file"),
        (damaged(nodes=[{**ARM[0], "translation": [1, 2]}, *ARM[1:]]), "node 0 has no finite translation"),
        (damaged(nodes=[{}] * 2001), "more than 2,000 nodes"),
        (sampled(interpolation="BEZIER"), "a sampler of the unknown kind 'BEZIER'"),
        (sampled(interpolation="CUBICSPLINE"), "2 values of rotation for 2 keys"),
        (sampled(input=-1), "not a whole binary glTF"),
        (sampled(input=9), "not a whole binary glTF"),
        (accessed(count=10**12), "1,000,000,000,000 keys"),
        (accessed(count=-1), "-1 keys"),
        (accessed(count=0), "0 values"),
        (accessed(byteOffset=-4), "cut short or damaged"),
        (accessed(byteOffset=10**30), "cut short or damaged"),
        (accessed(type="MAT4"), "not a whole binary glTF"),
        (accessed(componentType=1), "not a whole binary glTF"),
        (accessed(bufferView="x"), "not a whole binary glTF"),
        (keyed([0.0, 0.0], about("Z", [0, 90])), "times do not increase"),
        (keyed([0.0, np.nan], about("Z", [0, 90])), "a number that is not finite"),
        (keyed([0.0, 1e6], about("Z", [0, 90])), "an animation of 1e+06 s"),
        (keyed([0.0, 1.0], np.zeros((2, 4))), "a rotation whose quaternion is 0"),
        (wrapped(b"[" * 100_000, b""), "not a whole binary glTF"),
        (wrapped(b'{"nodes": 5}', b""), "not a whole binary glTF"),
        (wrapped(b"\xff\xfe", b""), "not a whole binary glTF"),
        (wrapped(json.dumps(DOCUMENT).encode(), b""), "cut short or damaged"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(content: bytes, told: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as error:
        opened(content, tmp_path)
    assert told in str(error.value) and "a.glb" in str(error.value) and "\n" not in str(error.value)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_ends_in_anything_but_a_motion_or_one_line(data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(GOOD.content(ARM, [GOOD_ANIMATION]))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content
    try:
        glb = opened(bytes(content), tmp_path)
    except CorpusError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(glb.at(glb.seconds)).all()


def test_data_may_stand_in_the_document_itself(tmp_path: Path) -> None:
    inline = "data:application/octet-stream;base64," + base64.b64encode(GOOD.blob).decode()
    glb = opened(damaged(buffers=[{"byteLength": len(GOOD.blob), "uri": inline}]), tmp_path)
    assert hand_at(glb, 1) == [[1, 3, 0]]


def test_what_a_library_writes_is_read_too(tmp_path: Path) -> None:
    gltf = pygltflib.GLTF2(
        nodes=[pygltflib.Node(**node) for node in ARM],
        accessors=[
            pygltflib.Accessor(bufferView=0, componentType=pygltflib.FLOAT, count=2, type=pygltflib.SCALAR),
            pygltflib.Accessor(bufferView=1, componentType=pygltflib.FLOAT, count=2, type=pygltflib.VEC4),
        ],
        bufferViews=[
            pygltflib.BufferView(buffer=0, byteLength=8),
            pygltflib.BufferView(buffer=0, byteOffset=8, byteLength=32),
        ],
        animations=[
            pygltflib.Animation(
                channels=[
                    pygltflib.AnimationChannel(
                        sampler=0, target=pygltflib.AnimationChannelTarget(node=1, path=pygltflib.ROTATION)
                    )
                ],
                samplers=[pygltflib.AnimationSampler(input=0, output=1)],
            )
        ],
        buffers=[pygltflib.Buffer(byteLength=40)],
    )
    blob = np.array([0, 2], dtype="<f4").tobytes() + about("Z", [0, 90]).astype("<f4").tobytes()
    gltf.set_binary_blob(blob)
    gltf.save_binary(tmp_path / "a.glb")
    half = round(2 * np.cos(np.pi / 4), 5)
    assert hand_at(read(tmp_path / "a.glb"), 0, 1, 2) == [
        [3, 1, 0],
        [round(1 + half, 5), round(1 + half, 5), 0],
        [1, 3, 0],
    ]


def test_a_missing_file_and_another_suffix_are_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        recording.read(tmp_path / "gone.glb")
    with pytest.raises(CorpusError, match="give .bvh or .glb"):
        recording.read(tmp_path / "a.fbx")
    for name in ("pipe.glb", "pipe.bvh"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(CorpusError, match="not a file that can be read to its end"):
            recording.read(tmp_path / name)
