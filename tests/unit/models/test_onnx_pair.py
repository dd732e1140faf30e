"""A judge of two tiny ONNX encoders made here: its vectors against sums in numpy, and everything that it refuses."""

import json
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import av
import numpy as np
import onnx
import pandas as pd
import pytest
import yaml
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from typer.testing import CliRunner

from lib.base import cache_use
from lib.base.errors import ModelError
from lib.commands.command_line import app
from lib.corpus import load
from lib.corpus.embeddings import captions_cut, judge_of, read_embeddings
from lib.corpus.videos import Video
from lib.engine import results
from lib.engine.parameters import CHOSEN, EngineParameters
from lib.models.judge import load_judge, truncated
from lib.models.judged import caption_vectors, video_vectors
from lib.models.onnx_pair import OnnxPair
from lib.models.onnx_preparation import VideoInput
from lib.models.parameters import VideoTextModel

SIDE, FRAMES, LENGTH, DIMS = 6, 4, 7, 5
WORDS = ["<pad>", "<start>", "<end>", "<unk>", "a", "person", "waves", "left", "right", "walks"]
DICE = np.random.default_rng(7)
SEEING: NDArray[np.float32] = DICE.normal(size=(FRAMES * 3 * SIDE * SIDE, DIMS)).astype(np.float32)
READING: NDArray[np.float32] = DICE.normal(size=(len(WORDS), DIMS)).astype(np.float32)
MEAN, STD = [0.5, 0.4, 0.3], [0.2, 0.25, 0.5]


def encoder(path: Path, nodes: list[Any], inputs: list[Any], weights: dict[str, Any], dims: int = DIMS) -> None:
    """An ONNX file with one output of one vector each."""
    output = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [inputs[0].type.tensor_type.shape, dims][:0])
    output = helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["n", dims])
    held = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "encoder", inputs, [output], held)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))


def pair(folder: Path, layout: str = "BTCHW", **changes: Any) -> Path:
    """A folder whose video encoder is one matrix, and whose text encoder adds up the vectors of words."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {"T": FRAMES, "C": 3, "H": SIDE, "W": SIDE}
    shape = ["n", *(sizes[axis] for axis in layout[1:])]
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)
    seeing = [helper.make_node("Flatten", ["pixels"], ["flat"]), helper.make_node("MatMul", ["flat", "w"], ["vector"])]
    encoder(folder / "video.onnx", seeing, [pixels], {"w": SEEING})
    ids, mask = (helper.make_tensor_value_info(name, TensorProto.INT64, ["n", LENGTH]) for name in ("ids", "mask"))
    reading = [
        helper.make_node("Gather", ["table", "ids"], ["words"]),
        helper.make_node("Cast", ["mask"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weights", "last"], ["column"]),
        helper.make_node("Mul", ["words", "column"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["vector"], keepdims=0),
    ]
    axes = {"last": np.array([2], dtype=np.int64), "middle": np.array([1], dtype=np.int64)}
    encoder(folder / "text.onnx", reading, [ids, mask], {"table": READING, **axes})
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="<start> $A <end>", special_tokens=[("<start>", 1), ("<end>", 2)]
    )
    tokenizer.enable_truncation(3)  # what a file says of cutting and filling is not what its JSON asks for
    tokenizer.enable_padding(length=20)
    tokenizer.save(str(folder / "tokenizer.json"))
    video = {"file": "video.onnx", "input": "pixels", "output": "vector", "frames": FRAMES, "size": SIDE}
    video |= {"mean": MEAN, "std": STD, "layout": layout}
    text = {"file": "text.onnx", "input": "ids", "mask": "mask", "output": "vector", "length": LENGTH}
    told: dict[str, Any] = {"format": "onnx-pair/1", "dims": DIMS, "video": video, "text": text}
    for key, value in changes.items():
        place, _, name = key.partition("_")
        if name:
            told[place][name] = value
        else:
            told[key] = value
    (folder / "onnx_pair.json").write_text(json.dumps(told))
    return folder


def film(path: Path, count: int = 13, height: int = 24, width: int = 40) -> tuple[Path, list[NDArray[np.uint8]]]:
    """A video of colours that change over place and time, and its frames as they are decoded again."""
    rows, columns = np.mgrid[:height, :width]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for at in range(count):
            image = np.stack([rows * 9 + at, columns * 5, np.full_like(rows, 15 * at)], axis=-1).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    with av.open(str(path)) as container:
        return path, [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.parametrize("layout", ["BTCHW", "BCTHW"])
def test_vectors_are_those_of_numpy_by_hand(tmp_path: Path, layout: str) -> None:
    judge = OnnxPair.load(pair(tmp_path / "pair", layout))
    path, shown = film(tmp_path / "film.mp4")
    # Thirteen frames in four spans: their ends are 0, 3, 6, 9, 13 by InternVideo2's rule, so the middles are these.
    prepared = np.zeros((FRAMES, 3, SIDE, SIDE), dtype=np.float64)
    for at, frame in enumerate(shown[n] for n in (1, 4, 7, 10)):
        small = np.asarray(Image.fromarray(frame).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
        for channel in range(3):
            prepared[at, channel] = (small[:, :, channel] / 255 - MEAN[channel]) / STD[channel]
    ordered = prepared if layout == "BTCHW" else prepared.swapaxes(0, 1)
    wanted = ordered.reshape(-1) @ SEEING
    found = judge.encode_videos([path], progress=False)
    assert found.shape == (1, DIMS) and found.dtype == np.float32
    np.testing.assert_allclose(found[0], wanted / np.linalg.norm(wanted), atol=1e-5)
    texts = ["a person waves left", "right", "a person waves left"]
    sums = [READING[[1, 4, 5, 6, 7, 2]].sum(axis=0), READING[[1, 8, 2]].sum(axis=0)]
    read = judge.encode_texts(texts, progress=False)
    for vector, total in zip(read, [*sums, sums[0]], strict=True):
        np.testing.assert_allclose(vector, total / np.linalg.norm(total), atol=1e-5)
    assert (read[0] == read[2]).all() and judge.encode_texts([], progress=False).shape == (0, DIMS)


def test_a_long_caption_is_cut_between_its_ends_and_told(tmp_path: Path) -> None:
    judge = OnnxPair.load(pair(tmp_path))
    texts = ["a person waves left", "a person waves left right", "a person waves left right walks", ""]
    assert judge.tokens(texts).tolist() == [6, 7, 8, 2] and judge.longest == LENGTH
    assert truncated(judge, texts).tolist() == [False, False, True, False]
    cut = READING[[1, 4, 5, 6, 7, 8, 2]].sum(axis=0)
    vectors = judge.encode_texts(texts, progress=False)
    np.testing.assert_allclose(vectors[2], cut / np.linalg.norm(cut), atol=1e-5)
    assert (vectors[1] == vectors[2]).all()


def test_small_letters_where_the_json_asks_for_them(tmp_path: Path) -> None:
    as_is, lower = (OnnxPair.load(pair(tmp_path / str(lower), text_lower=lower)) for lower in (False, True))
    assert np.allclose(
        lower.encode_texts(["A Person"], progress=False), as_is.encode_texts(["a person"], progress=False)
    )
    assert not np.allclose(
        as_is.encode_texts(["A Person"], progress=False), as_is.encode_texts(["a person"], progress=False)
    )


def ramp(height: int, width: int) -> NDArray[np.uint8]:
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows * 255 // (height - 1), columns * 255 // (width - 1), (rows * columns) % 256], -1).astype(
        np.uint8
    )


def input_of(**changes: Any) -> VideoInput:
    return VideoInput(file="v", input="i", output="o", mean=[0.0, 0.0, 0.0], std=[1.0, 1.0, 1.0], **changes)


@pytest.mark.parametrize(("height", "width"), [(30, 50), (50, 30), (7, 9)])
def test_a_crop_keeps_the_middle_of_the_shorter_side(height: int, width: int) -> None:
    image = ramp(height, width)
    short = min(height, width)
    scaled = Image.fromarray(image).resize((int(8 * width / short), int(8 * height / short)), Image.Resampling.BILINEAR)
    left, top = round((scaled.width - 8) / 2), round((scaled.height - 8) / 2)
    wanted = np.asarray(scaled.crop((left, top, left + 8, top + 8)))
    found = input_of(frames=1, size=8, resize="crop", interpolation="bilinear").prepare(image[None])
    np.testing.assert_allclose(found[0, 0].transpose(1, 2, 0) * 255, wanted, atol=1e-3)


def test_without_antialiasing_one_new_pixel_is_made_of_its_four_neighbours() -> None:
    image = ramp(40, 40)
    found = input_of(frames=1, size=4, interpolation="bilinear", antialias=False).prepare(image[None])[0, 0] * 255
    for y in range(4):
        for x in range(4):  # the new pixel's middle lies between the old pixels 4 and 5 of its ten
            block = image[10 * y + 4 : 10 * y + 6, 10 * x + 4 : 10 * x + 6].astype(float).mean(axis=(0, 1))
            np.testing.assert_allclose(found[:, y, x], block, atol=0.51)
    smooth = input_of(frames=1, size=4, interpolation="bilinear").prepare(image[None])[0, 0] * 255
    assert np.abs(smooth - found).max() > 5


def test_the_hash_is_of_everything_that_the_answers_depend_on(tmp_path: Path) -> None:
    first = OnnxPair.load(pair(tmp_path / "a")).sha256
    assert OnnxPair.load(pair(tmp_path / "b")).sha256 == first
    for name in ("video.onnx", "text.onnx", "tokenizer.json", "onnx_pair.json"):
        folder = pair(tmp_path / name)
        text = (folder / name).read_bytes()
        if name.endswith(".onnx"):
            model = onnx.load(str(folder / name))
            model.doc_string = "another"
            onnx.save(model, str(folder / name))
        else:
            (folder / name).write_bytes(text + b"\n")
        assert OnnxPair.load(folder).sha256 != first, name


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"video_frames": 8}, r"video.onnx: input 'pixels' is \['n', 4, 3, 6, 6\], not \[1, 8, 3, 6, 6\]; mend"),
        ({"video_layout": "BCTHW"}, r"not \[1, 3, 4, 6, 6\]"),
        ({"text_length": 77}, r"text.onnx: input 'ids' is \['n', 7\], not \[1, 77\]"),
        ({"dims": 512}, r"output 'vector' is \['n', 5\], not \[1, 512\]; mend dims"),
        ({"text_mask": None}, "has the inputs ids, mask, not ids"),
        ({"video_output": "pooled"}, "has no output 'pooled'; name one of vector"),
        ({"video_input": "ids"}, "has the inputs pixels, not ids"),
        ({"video_file": "../video.onnx"}, "video.file: Value error, a path within the folder"),
        ({"video_file": "/etc/passwd"}, "video.file: Value error, a path within the folder"),
        ({"text_tokenizer": "other.json"}, "other.json: no such file"),
        ({"text_tokenizer": "video.onnx"}, "no tokenizer .*give a tokenizers JSON"),
        ({"video_size": "224"}, "video.size: Input should be a valid integer"),
        ({"video_std": [0.2, 0.0, 0.2]}, "video.std.1: Input should be greater than 0"),
        ({"code": "import os"}, "code: Extra inputs are not permitted"),
        ({"format": "onnx-pair/2"}, "format: Input should be 'onnx-pair/1'"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ModelError, match=told) as error:
        OnnxPair.load(pair(tmp_path / "pair", **changes))
    assert "\n" not in str(error.value) and len(str(error.value)) < 700


def test_unreadable_files_are_told_in_one_line(tmp_path: Path) -> None:
    for name in ("video.onnx", "text.onnx", "onnx_pair.json", "tokenizer.json"):
        folder = pair(tmp_path / name)
        (folder / name).write_bytes(b"\xff\x00 nothing")
        with pytest.raises(ModelError, match=name) as error:
            OnnxPair.load(folder)
        assert "\n" not in str(error.value)
        (folder / name).unlink()
        with pytest.raises(ModelError, match=name):
            OnnxPair.load(folder)
    with pytest.raises(ModelError, match="made for 4 frames a video, not 8"):
        OnnxPair.load(pair(tmp_path / "pair"), frames=8)


def with_weights_beside(folder: Path, location: str) -> Path:
    pair(folder)
    model = onnx.load(str(folder / "video.onnx"))
    onnx.save(model, str(folder / "video.onnx"), save_as_external_data=True, location="video.weights", size_threshold=0)
    raw = onnx.load(str(folder / "video.onnx"), load_external_data=False)
    for tensor in raw.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = location
    (folder / "video.onnx").write_bytes(raw.SerializeToString())
    return folder


def test_weights_beside_an_encoder_count_and_never_lie_outside(tmp_path: Path) -> None:
    beside = OnnxPair.load(with_weights_beside(tmp_path / "in" / "pair", "video.weights"))
    path, _ = film(tmp_path / "film.mp4")
    within = OnnxPair.load(pair(tmp_path / "plain"))
    assert (beside.encode_videos([path], progress=False) == within.encode_videos([path], progress=False)).all()
    weights = tmp_path / "in" / "pair" / "video.weights"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\0")
    assert OnnxPair.load(tmp_path / "in" / "pair").sha256 != beside.sha256
    shutil.copy(weights, tmp_path / "out.weights")
    for number, location in enumerate(["../../out.weights", str(tmp_path / "out.weights"), "link.weights"]):
        folder = with_weights_beside(tmp_path / "out" / str(number), location)
        (folder / "link.weights").symlink_to(tmp_path / "out.weights")
        with pytest.raises(ModelError, match="keeps weights outside the folder"):
            OnnxPair.load(folder)
    with pytest.raises(ModelError, match="gone.weights: no such file"):
        OnnxPair.load(with_weights_beside(tmp_path / "gone", "gone.weights"))


def test_an_operator_of_somebodys_own_is_not_run(tmp_path: Path) -> None:
    folder = pair(tmp_path)
    model = onnx.load(str(folder / "video.onnx"))
    model.graph.node[1].domain = "somebody.own"
    model.opset_import.append(helper.make_opsetid("somebody.own", 1))
    (folder / "video.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(ModelError, match="video.onnx: cannot be loaded") as error:
        OnnxPair.load(folder)
    assert "\n" not in str(error.value)


def test_an_encoder_that_gives_no_vector_is_told(tmp_path: Path) -> None:
    folder = pair(tmp_path / "pair")
    model = onnx.load(str(folder / "text.onnx"))
    for tensor in model.graph.initializer:
        if tensor.name == "table":
            tensor.CopyFrom(numpy_helper.from_array(np.full_like(READING, np.nan), "table"))
    onnx.save(model, str(folder / "text.onnx"))
    with pytest.raises(ModelError, match="output 'vector' gives no finite vector"):
        OnnxPair.load(folder).encode_texts(["a"], progress=False)


def test_the_command_embeds_with_a_pair_and_the_files_name_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[str, str]] = []
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")
    monkeypatch.setattr(cache_use, "collected", lambda *step: nullcontext(steps.append(step)))
    ids = ["a", "b", "c"]
    root = tmp_path / "corpus"
    (root / "videos").mkdir(parents=True)
    clips = pd.DataFrame({"clip_id": ids, "split": ["train", "val", "test"], "fps": 20.0, "n_frames": 10})
    clips = clips.assign(source="v", body_mode="full", person_count=1, mirror_of=pd.array([None] * 3, dtype="str"))
    clips.assign(consent=True, offset=pd.array([None] * 3, dtype="Int64")).to_parquet(root / "clips.parquet")
    texts = {"brief": "a person waves", "wordy": "a person waves left right left right"}
    rows = [(one, f"{one}#{who}", text, who) for who, text in texts.items() for one in ids]
    captions = pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "captioner"])
    captions.assign(tokens=pd.array([None] * 6, dtype="str"), start_s=0.0, end_s=0.0).to_parquet(
        root / "captions.parquet"
    )
    for one in ids:
        film(root / f"videos/{one}.mp4")
    block = {"dm": {"label": "DM", "kind": "manifest", "root": str(root)}}
    judge = {"video_text": {"name": str(pair(tmp_path / "pair"))}}
    profile = tmp_path / "made.yml"
    profile.write_text(yaml.safe_dump({"profile": "made", "corpora": block, "models": judge}))
    done = CliRunner().invoke(app, ["embed-videos", "dm", "--params", str(profile)], catch_exceptions=False)
    sha256 = OnnxPair.load(tmp_path / "pair").sha256
    assert steps == [("made", "judge-dm")]
    assert done.exit_code == 0
    cut = "6 captions, 3 of them longer than the 7 tokens that are read"
    assert done.stdout == f"DM: 3 videos, {cut}, 0 clips without a video; judge {sha256[:12]}\n"
    corpus = load("manifest", root)
    assert read_embeddings(corpus, "video")[1].shape == (3, DIMS)
    note = judge_of(corpus)
    assert note is not None and (note.name, note.sha256, note.longest) == ("pair", sha256, LENGTH)
    assert captions_cut(corpus).to_dict() == {f"{one}#{who}": who == "wordy" for one in ids for who in texts}


@pytest.mark.parametrize(("rows", "workers"), [((4, 128), 2), ((7, 64), 1), ((1, 32), 1)])
def test_workers_give_the_vectors_of_one_judge_to_the_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: tuple[int, int], workers: int
) -> None:
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")
    monkeypatch.setenv(CHOSEN, EngineParameters(workers=workers).model_dump_json())
    judge = OnnxPair.load(pair(tmp_path / "pair"))
    films = [film(tmp_path / f"c{n}.mp4", 5 + n)[0] for n in range(7)]
    texts = [f"a {WORDS[4 + n % 6]} {' '.join(WORDS[4 + k % 6] for k in range(n))}" for n in range(100)] * 2
    wanted = VideoTextModel(name=judge.name)
    seen = video_vectors(wanted, {file.stem: Video(file) for file in films}, rows=rows[0], progress=False)
    np.testing.assert_array_equal(seen, judge.encode_videos(films, progress=False))
    read, tokens = caption_vectors(wanted, texts, rows=rows[1], progress=False)
    np.testing.assert_array_equal(read, judge.encode_texts(texts, progress=False))
    np.testing.assert_array_equal(tokens, judge.tokens(texts))
    assert [len([*(tmp_path / f"kept/{kind} vectors").iterdir()]) for kind in ("video", "caption")] == [
        -(-7 // rows[0]),
        -(-100 // rows[1]),
    ]


def test_a_profile_names_either_kind_of_judge(tmp_path: Path) -> None:
    assert isinstance(load_judge(VideoTextModel(name=str(pair(tmp_path / "pair")))), OnnxPair)
    with pytest.raises(ModelError, match="a model of the hub needs a commit"):
        load_judge(VideoTextModel(name="owner/name"))
