"""The video-text adapter with an X-CLIP of random weights and videos of plain colours, both made here."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pandas as pd
import pytest
import torch
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from transformers import AutoModel

from lib.base.errors import CorpusError, ModelError, RunError
from lib.corpus import load
from lib.corpus.embeddings import read_embeddings
from lib.corpus.videos import Video
from lib.engine import results
from lib.engine.parameters import CHOSEN, EngineParameters
from lib.models import judged, video_text
from lib.models.judge import truncated
from lib.models.model_code import code_hash
from lib.models.parameters import VideoTextModel
from lib.models.video_frames import frames, shown_at
from lib.models.video_text import VideoText
from lib.models.video_text_files import embed

SIDE, COUNT = 32, 4


def film(path: Path, levels: list[int], *, fps: int = 10, side: int = 48) -> Path:
    """A video whose frames are plain grey, one level a frame."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=fps)
        stream.width, stream.height, stream.pix_fmt = side, side, "yuv420p"
        for level in levels:
            image = np.full((side, side, 3), level, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder as the hub would give it."""
    from transformers import CLIPTokenizer, VideoMAEImageProcessor, XCLIPConfig, XCLIPModel

    root = tmp_path_factory.mktemp("xclip")
    vocabulary = ["<|startoftext|>", "<|endoftext|>", *(f"{c}</w>" for c in "aelnprstvwighfo")]
    vocabulary += "aelnprstvwighfo"
    (root / "vocab.json").write_text(json.dumps({token: at for at, token in enumerate(vocabulary)}))
    (root / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer(str(root / "vocab.json"), str(root / "merges.txt"))
    small = {"hidden_size": 32, "intermediate_size": 37, "num_hidden_layers": 2, "num_attention_heads": 4}
    text = small | {"vocab_size": len(vocabulary), "max_position_embeddings": 16, "bos_token_id": 0, "eos_token_id": 1}
    vision = small | {"image_size": SIDE, "patch_size": 16, "num_frames": COUNT, "mit_hidden_size": 32}
    vision |= {"mit_intermediate_size": 37, "mit_num_hidden_layers": 1, "mit_num_attention_heads": 4}
    torch.manual_seed(0)
    XCLIPModel(XCLIPConfig(text_config=text, vision_config=vision, projection_dim=32)).save_pretrained(root)
    size = {"height": SIDE, "width": SIDE}
    VideoMAEImageProcessor(size={"shortest_edge": SIDE}, crop_size=size).save_pretrained(root)
    tokenizer.save_pretrained(root)
    return root


@pytest.fixture(scope="module")
def model(folder: Path) -> VideoText:
    return VideoText.load(str(folder))


@pytest.mark.parametrize("fps", [5, 25])
def test_frames_are_spread_evenly(tmp_path: Path, fps: int) -> None:
    levels = list(range(0, 240, 12))
    picked = frames(film(tmp_path / "ramp.mp4", levels, fps=fps), 4)
    assert picked.shape == (4, 48, 48, 3) and picked.dtype == np.uint8
    # Middles of four spans of five frames; what the codec changes is less than a step between frames.
    np.testing.assert_allclose(picked.mean(axis=(1, 2, 3)), [levels[at] for at in (2, 7, 12, 17)], atol=6)


def test_a_short_video_gives_frames_more_than_once(tmp_path: Path) -> None:
    picked = frames(film(tmp_path / "short.mp4", [40, 200]), 8)
    np.testing.assert_allclose(picked.mean(axis=(1, 2, 3)), [40] * 4 + [200] * 4, atol=6)
    assert frames(film(tmp_path / "one.mp4", [90]), 3).shape[0] == 3


def test_spans_are_of_time() -> None:
    slow_then_fast: NDArray[np.float64] = np.array([0.0, 1.0, 2.0, 3.0, 3.25, 3.5, 3.75])
    assert shown_at(slow_then_fast, 2) == [1, 4]


def test_what_is_no_video_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a film")
    silent = tmp_path / "sound.wav"
    with av.open(str(silent), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), dtype=np.int16), format="s16", layout="mono")
        sound.sample_rate = 8000
        container.mux(stream.encode(sound))
        container.mux(stream.encode())
    for name, told in (("text.mp4", "not a readable video"), ("sound.wav", "holds no video"), ("no.mp4", "No such")):
        with pytest.raises(CorpusError, match=told) as error:
            frames(tmp_path / name, 4)
        assert "\n" not in str(error.value)


def test_vectors_are_the_models_own(model: VideoText, tmp_path: Path) -> None:
    paths = [film(tmp_path / f"{level}.mp4", [level, 255 - level] * 4) for level in (20, 120)]
    videos = model.encode_videos(paths, progress=False)
    assert videos.shape == (2, 32) and model.count == COUNT
    np.testing.assert_allclose(np.linalg.norm(videos, axis=1), 1, rtol=1e-5)
    pixels = torch.cat([model.images(list(frames(p, COUNT)), return_tensors="pt")["pixel_values"] for p in paths])
    tokens = model.tokenizer(["a person walks"], return_tensors="pt")
    with torch.inference_mode():
        output = model.model(pixel_values=pixels, **tokens)
    np.testing.assert_allclose(videos, output.video_embeds.numpy(), atol=1e-5)


def test_inputs_go_where_the_model_is(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_text, "resolve_device", lambda: torch.device("meta"))
    model, devices = VideoText.load(str(folder)), []

    def features(**inputs: torch.Tensor) -> torch.Tensor:
        devices.extend(tensor.device for tensor in inputs.values())
        return torch.ones(1, 32)

    monkeypatch.setattr(model.model, "get_video_features", features)
    monkeypatch.setattr(model.model, "get_text_features", features)
    model.encode_videos([film(tmp_path / "grey.mp4", [20, 40])], progress=False)
    model.encode_texts(["a person waves"], progress=False)
    assert devices == [model.model.device] * 3 == [torch.device("meta")] * 3


def test_captions_do_not_depend_on_their_batch(model: VideoText) -> None:
    texts = ["a person waves left", "a person waves left", "a", "left " * 50]
    vectors = model.encode_texts(texts, progress=False)
    assert vectors.shape == (4, 32) and (vectors[0] == vectors[1]).all()
    for text, vector in zip(texts, vectors, strict=True):
        np.testing.assert_allclose(model.encode_texts([text], progress=False)[0], vector, atol=1e-5)


@pytest.fixture
def corpus_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A manifest of four clips, one of them without consent and one without a video, and a cache of its own."""
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")
    tmp_path = tmp_path / "corpus"
    tmp_path.mkdir()
    ids = ["a", "b", "c", "secret"]
    clips = pd.DataFrame({"clip_id": ids, "split": ["train", "val", "test", "test"], "fps": 20.0, "n_frames": 10})
    clips = clips.assign(source="v", body_mode="full", person_count=1, mirror_of=pd.array([None] * 4, dtype="str"))
    clips = clips.assign(consent=[True, True, True, False], offset=pd.array([None] * 4, dtype="Int64"))
    clips.to_parquet(tmp_path / "clips.parquet")
    rows = [(i, f"{i}#{who}", f"a person waves {who}", who) for who in ("left", "right", "human") for i in ids]
    captions = pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "captioner"])
    captions = captions.assign(tokens=pd.array([None] * len(rows), dtype="str"), start_s=0.0, end_s=0.0)
    captions.to_parquet(tmp_path / "captions.parquet")
    (tmp_path / "videos").mkdir()
    for clip_id in ("a", "c", "secret"):
        film(tmp_path / f"videos/{clip_id}.mp4", [10, 200 + len(clip_id)] * 4)
    return tmp_path


def test_a_corpus_gets_the_files_that_the_report_reads(model: VideoText, corpus_root: Path) -> None:
    tmp_path, wanted = corpus_root, VideoTextModel(name=model.name)
    done = embed(load("manifest", tmp_path), wanted, tmp_path / "videos", progress=False)
    assert (done.videos, done.captions, done.without_video) == (2, 9, 1)
    assert (done.judge, done.longest) == (model.sha256, 16)
    assert "secret" not in pd.read_parquet(tmp_path / "video_embeddings.parquet").to_csv()
    corpus = load("manifest", tmp_path)
    assert read_embeddings(corpus, "video")[0] == ["a", "c"]
    read, vectors = read_embeddings(corpus, "caption")
    assert len(read) == 9 and vectors.shape == (9, 32)
    film(tmp_path / "videos/a.avi", [10, 200])
    with pytest.raises(CorpusError, match="two videos for 'a'"):
        embed(corpus, wanted, tmp_path / "videos", progress=False)
    with pytest.raises(CorpusError, match="no such folder of videos"):
        embed(corpus, wanted, tmp_path / "elsewhere", progress=False)


def _seen_again(*_: object, **__: object) -> None:
    raise ValueError("a video is seen again")


def test_any_partitioning_gives_the_same_vectors_which_are_kept(
    model: VideoText, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")
    monkeypatch.setenv(CHOSEN, EngineParameters(workers=1).model_dump_json())
    wanted = VideoTextModel(name=model.name)
    films = {f"c{n}": film(tmp_path / f"c{n}.mp4", [10 * n, 255 - 9 * n] * (4 + n)) for n in range(7)}
    videos = {clip_id: Video(path) for clip_id, path in films.items()}
    videos["part"] = Video(films["c6"], (0.2, 0.9))
    texts = [f"a person {'waves ' * (n % 5)}{chr(97 + n % 26)}{n % 3 * 'l'}" for n in range(100)]
    with threadpool_limits(1):
        seen = model.encode_videos([*videos.values()], progress=False)
        read = model.encode_texts(texts, progress=False)
    assert len({*texts}) > 2 * 32 and (seen[-1] != seen[-2]).any()
    for some, block in ((8, 128), (4, 64), (1, 32)):
        how = {"progress": False}
        np.testing.assert_array_equal(judged.video_vectors(wanted, videos, rows=some, **how), seen)
        vectors, tokens = judged.caption_vectors(wanted, texts, rows=block, **how)
        np.testing.assert_array_equal(vectors, read)
        np.testing.assert_array_equal(tokens, model.tokens(texts))
    with pytest.raises(ValueError, match="cut blocks of 32"):
        judged.caption_vectors(wanted, texts, rows=50)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").rglob("*.parquet")}
    monkeypatch.setattr(VideoText, "encode_videos", _seen_again)
    np.testing.assert_array_equal(judged.video_vectors(wanted, videos, rows=8, progress=False), seen)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").rglob("*.parquet")} == kept
    film(films["c3"], [90, 20] * 6)
    with pytest.raises(RunError, match="a video is seen again"):
        judged.video_vectors(wanted, videos, rows=8, progress=False)


def test_a_judge_that_changes_in_a_run_and_a_broken_video_are_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")
    (tmp_path / "text.mp4").write_text("not a film")
    wanted = VideoTextModel(name=str(folder))
    with pytest.raises(RunError, match="^video vectors: rows 0 to 0 failed: .*text.mp4: not a readable video"):
        judged.video_vectors(wanted, {"a": Video(tmp_path / "text.mp4")}, progress=False)
    with pytest.raises(ModelError, match="is not what it was when the run began"):
        judged.read(pd.DataFrame({"text": ["a"]}), judge=wanted.model_dump_json(), sha256="another", packages="")


def test_a_judge_that_sees_other_frames_is_another_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretrained = AutoModel.from_pretrained

    def of_any_number(*place: str, **options: Any) -> Any:
        model = pretrained(*place, **options)
        model.config = SimpleNamespace(vision_config=SimpleNamespace())
        return model

    of_its_own = VideoText.load(str(folder))
    assert VideoText.load(str(folder), frames=COUNT).sha256 == of_its_own.sha256
    monkeypatch.setattr("transformers.AutoModel.from_pretrained", of_any_number)
    found = {frames: VideoText.load(str(folder), frames=frames) for frames in (None, 8, 5, 6)}
    assert [one.count for one in found.values()] == [8, 8, 5, 6]
    assert found[None].sha256 == found[8].sha256 == of_its_own.sha256
    assert len({one.sha256 for one in found.values()}) == 3


@pytest.mark.parametrize("revision", [None, "main", "v1.0", "abc1234"])
def test_a_model_of_the_hub_without_a_commit_is_refused_before_anything_is_fetched(
    revision: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transformers.AutoModel.from_pretrained", lambda *_, **__: pytest.fail("the hub was asked"))
    with pytest.raises(
        ModelError, match=r"owner/name: a model of the hub needs a commit.*models\.video_text\.revision"
    ):
        VideoText.load("owner/name", revision=revision)


def test_a_model_of_the_hub_is_asked_for_at_its_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def pretrained(place: str, **options: object) -> None:
        asked.append((place, options["revision"]))
        raise OSError("no hub here")

    monkeypatch.setattr("transformers.AutoModel.from_pretrained", pretrained)
    with pytest.raises(ModelError, match="cannot be loaded"):
        VideoText.load("owner/name", revision="0123456789" * 4)
    assert asked == [("owner/name", "0123456789" * 4)]


def test_code_of_a_model_is_not_run_unasked(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    config = {"model_type": "strange", "auto_map": {"AutoConfig": "own.Config", "AutoModel": "own.Model"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "own.py").write_text(f"open({str(ran)!r}, 'w').close()\nclass Config: ...\nclass Model: ...\n")
    with pytest.raises(ModelError, match="code of its own.*trust_remote_code to true"):
        VideoText.load(str(tmp_path))
    assert not ran.exists()


def test_unfit_models_are_refused_in_one_line(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match="made for 4 frames a video, not 6"):
        VideoText.load(str(folder), frames=6)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="cannot be loaded") as error:
        VideoText.load(str(tmp_path / "empty"))
    assert "\n" not in str(error.value)
    text_only = SimpleNamespace(eval=lambda: SimpleNamespace(get_text_features=None))
    monkeypatch.setattr("transformers.AutoModel.from_pretrained", lambda *_, **__: text_only)
    with pytest.raises(ModelError, match="has no get_video_features and get_text_features"):
        VideoText.load(str(folder))


def test_captions_longer_than_the_model_reads_are_told(model: VideoText) -> None:
    texts = ["left", "left left left le", "left left left lef"]  # a letter is a token here
    assert model.longest == 16 and model.tokens(texts).tolist() == [6, 16, 17] and model.tokens([]).tolist() == []
    assert truncated(model, texts).tolist() == [False, False, True]


def with_code(folder: Path, ran: Path, module: str = "own.Config") -> Path:
    """A model folder whose code leaves a file where it ran."""
    folder.mkdir()
    config = {"model_type": "strange", "auto_map": {"AutoConfig": module, "AutoModel": "own.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "own.py").write_text(f"open({str(ran)!r}, 'w').close()\nclass Config: ...\nclass Model: ...\n")
    return folder


def test_code_of_a_folder_runs_only_as_it_was_read(tmp_path: Path) -> None:
    ran, folder = tmp_path / "ran", with_code(tmp_path / "strange_model", tmp_path / "ran")
    agreed = code_hash(folder)
    with pytest.raises(ModelError, match=f"holds for known code only; read .*code_sha256 to {agreed}"):
        VideoText.load(str(folder), trust_remote_code=True)
    (folder / "inner").mkdir()
    (folder / "inner" / "more.py").write_text("import own")
    with pytest.raises(ModelError, match="its code is not what was agreed to") as error:
        VideoText.load(str(folder), trust_remote_code=True, code_sha256=agreed)
    assert not ran.exists() and "\n" not in str(error.value)
    with pytest.raises(ModelError, match="cannot be loaded"):  # the code ran, and is no model
        VideoText.load(str(folder), trust_remote_code=True, code_sha256=code_hash(folder))
    assert ran.exists()


def test_code_that_a_model_borrows_is_never_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    folder = with_code(tmp_path / "borrower", ran, "some/body--own.Config")
    with pytest.raises(ModelError, match=r"code of another repository \(some/body--own.Config\)"):
        VideoText.load(str(folder), trust_remote_code=True, code_sha256=code_hash(folder))
    assert not ran.exists()


@pytest.mark.parametrize("revision", [None, "main", "abc1234", "z" * 40])
def test_consent_to_code_of_the_hub_is_to_one_commit(revision: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("huggingface_hub.snapshot_download", "transformers.AutoModel.from_pretrained"):
        monkeypatch.setattr(place, lambda *_, **__: pytest.fail("the hub was asked"))
    with pytest.raises(ModelError, match="a model of the hub needs a commit"):
        VideoText.load("owner/name", revision=revision, trust_remote_code=True)


def test_code_of_the_hub_is_asked_for_at_the_commit_and_read_from_no_other_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, asked = "0123456789" * 4, []

    def pretrained(place: str, **options: object) -> None:
        asked.append((place, options["revision"], options["code_revision"], options["trust_remote_code"]))
        raise OSError("no hub here")

    monkeypatch.setattr("transformers.AutoModel.from_pretrained", pretrained)
    for module in ("own.Config", "some/body--own.Config"):
        folder = with_code(tmp_path / module.partition("/")[0], tmp_path / "ran", module)
        monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, folder=folder, **__: str(folder))
        with pytest.raises(ModelError, match="another repository" if "--" in module else "cannot be loaded"):
            VideoText.load("owner/name", revision=commit, trust_remote_code=True)
    assert asked == [("owner/name", commit, commit, True)]


def test_the_hash_of_a_folder_is_of_its_content(folder: Path, model: VideoText, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    assert VideoText.load(str(tmp_path / "copy")).sha256 == model.sha256
    config = tmp_path / "copy" / "preprocessor_config.json"
    config.write_text(config.read_text() + " ")
    assert VideoText.load(str(tmp_path / "copy")).sha256 != model.sha256
