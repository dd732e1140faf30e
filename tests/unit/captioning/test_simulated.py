"""The demo's simulated captioners: asked by the real clients, counted as they were planted, asked once, gone after."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from lib import corpus
from lib.base.errors import ParamsError
from lib.captioning.hygiene import clean
from lib.commands import app, captions, simulated_captions
from lib.demo.mllm_server import plant
from lib.run import freshness
from lib.run.params import Profile, load
from lib.run.pipeline import PIPELINE
from lib.sections.captioners.making import making

CLIPS = 12
KEY = "SIMULATED_TEST_KEY"


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from lib.demo.corpora import build

    folder = tmp_path_factory.mktemp("simulated") / "corpora"
    build(folder, seed=3, h3d_clips=40, dm_clips=120)
    return folder


@pytest.fixture
def asked(corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Path, Profile]]:
    """A parameter file of two simulated captioners; what is given replaces keys of its block."""
    monkeypatch.setattr("lib.base.locks.LOCKS", tmp_path / "locks")
    monkeypatch.setattr("lib.commands.captions.embed_corpora", lambda profile: None)

    def written(**changed: Any) -> tuple[Path, Profile]:
        shared = {"key": KEY, "prompts": ["describe"], "fps": 4}
        first = {**shared, "client": "gemini", "model": "detailed", "base_url": "http://127.0.0.1:0"}
        second = {**shared, "client": "openai", "model": "terse", "base_url": "http://127.0.0.1:0/v1"}
        block = {
            "corpus": "dm",
            "clips": CLIPS,
            "backoff_s": 0.01,
            "folder": str(tmp_path / "captions"),
            "captioners": {
                "simulated_captioner_a": {
                    **first,
                    "prompts": ["describe", "steps"],
                    "price": {"input": 1, "output": 2},
                },
                "simulated_captioner_b": {**second, "temperatures": [0.2, 1.0]},
            },
        }
        roots = {"h3d": ("humanml3d", "demo-h3d"), "dm": ("manifest", "demo-dm")}
        profile = {
            "profile": "simulated",
            "demo": {"folder": str(corpora), "seed": 3, "h3d_clips": 40, "dm_clips": 120},
            "corpora": {
                key: {"label": name, "kind": kind, "root": str(corpora / name)} for key, (kind, name) in roots.items()
            },
            "models": {"video_text": {"videos": str(tmp_path / "captions" / "videos")}},
            "captioning": {**block, **changed},
        }
        file = tmp_path / "simulated.yml"
        file.write_text(yaml.safe_dump(profile))
        return file, load(file)

    return written


def test_simulated_captioners_are_asked_by_the_real_clients_and_their_planted_faults_counted(
    asked: Callable[..., tuple[Path, Profile]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, profile = asked()
    sent: list[str] = []
    for name in ("gemini.Gemini", "openai_protocol.OpenAIProtocol"):
        client = __import__(f"lib.captioning.clients.{name.split('.')[0]}", fromlist=["x"])
        kind = getattr(client, name.split(".")[1])

        def noted(self: Any, question: Any, ask: Any = kind.ask) -> Any:
            sent.append(os.environ[KEY])
            return ask(self, question)

        monkeypatch.setattr(kind, "ask", noted)
    captions.ensure_simulated(profile, str(file), PIPELINE)
    folder = tmp_path / "captions"
    assert len(list((folder / "videos").glob("*.mp4"))) == CLIPS
    planted = json.loads((folder / "captioner_planted.json").read_text())
    lost = {name: those.get("blocked", 0) + those.get("empty", 0) for name, those in planted.items()}
    repeated = sum(those.get("rate", 0) + those.get("server", 0) for those in planted.values())
    assert len(sent) == 4 * CLIPS + repeated
    table = pd.read_parquet(folder / "captioner_captions.parquet")
    assert table.captioner.value_counts().to_dict() == {name: 2 * CLIPS - lost[name] for name in planted}
    cleaned = clean(table).flags
    for name, those in planted.items():
        mine = cleaned[cleaned.captioner == name]
        for kind in ("refusal", "language", "fence", "meta", "loop", "cut"):
            assert int(mine[kind].sum()) == those.get(kind, 0), (name, kind)

    (key,) = {*sent}
    assert KEY not in os.environ
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".yml"]
    content = b"".join(path.read_bytes() for path in left)
    assert key.encode() not in content and str(tmp_path).encode() not in content

    loaded = corpus.load("manifest", profile.corpora["dm"].root, name="dm")
    made = making(profile.captioning, {"dm": loaded}, rng=np.random.default_rng(0))
    assert made.glance is not None and made.glance.captioner.tolist() == [
        "simulated captioner a",
        "simulated captioner b",
    ]
    assert made.glance.requests.sum() == len(sent)
    assert made.values["made_planted"] == made.values["made_recovered"] > 0

    candidates = pd.read_parquet(Path(profile.corpora["dm"].root) / "captioner_captions.parquet")
    assert not {*candidates.captioner} & {*table.captioner}


def test_nothing_is_asked_again_until_something_changes(
    asked: Callable[..., tuple[Path, Profile]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, profile = asked(clips=6)
    captions.ensure_simulated(profile, str(file), PIPELINE)
    before = freshness.stamp(next(one for one in PIPELINE if one.captioned), profile)
    assert simulated_captions.is_made(profile)
    assert not simulated_captions.is_made(asked(clips=5)[1])
    with monkeypatch.context() as without:
        without.setattr(captions, "make_captions", lambda *given, **more: pytest.fail("asked again"))
        captions.ensure_simulated(profile, str(file), PIPELINE)
    answers = (tmp_path / "captions" / "captioner_captions.parquet").read_bytes()
    (tmp_path / "captions" / "captioner_captions.parquet").unlink()
    assert not simulated_captions.is_made(profile)
    after = [freshness.stamp(one, profile) for one in PIPELINE]
    assert [one.stem for one, stamp in zip(PIPELINE, after, strict=True) if stamp["captions"]] == [
        "03_captioner_comparison"
    ]
    assert freshness.differences(before, after[3]) == "captions.captioner_captions.parquet"
    captions.ensure_simulated(profile, str(file), PIPELINE)  # from the answers that are kept
    assert (tmp_path / "captions" / "captioner_captions.parquet").read_bytes() == answers
    assert freshness.stamp(PIPELINE[3], profile) == before


def test_other_code_or_another_corpus_begins_anew(
    asked: Callable[..., tuple[Path, Profile]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, profile = asked()
    folder = tmp_path / "captions"
    simulated_captions.begin(profile)
    (folder / "videos").mkdir()
    simulated_captions.begin(profile)
    assert (folder / "videos").is_dir()
    monkeypatch.setattr(simulated_captions, "_origin", lambda profile: {"corpus": "another"})
    simulated_captions.begin(profile)
    assert not (folder / "videos").exists()


def test_a_folder_of_other_things_is_left_alone(asked: Callable[..., tuple[Path, Profile]], tmp_path: Path) -> None:
    file, _ = asked()
    (tmp_path / "captions").mkdir()
    (tmp_path / "captions" / "mine.txt").write_text("mine")
    with pytest.raises(ParamsError, match="holds other things"):
        app(["captions", "make", "--params", str(file)], standalone_mode=False)
    assert (tmp_path / "captions" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("case", ["no demo", "mixed", "inside"])
def test_what_cannot_be_simulated_is_refused_in_one_line(
    case: str, asked: Callable[..., tuple[Path, Profile]], corpora: Path
) -> None:
    _, profile = asked()
    if case == "no demo":
        profile, says = profile.model_copy(update={"demo": None}), "port 0 stands for the demo's simulated captioner"
    elif case == "mixed":
        both = dict(profile.captioning.captioners)
        both["simulated_captioner_b"] = both["simulated_captioner_b"].model_copy(update={"base_url": None})
        block = profile.captioning.model_copy(update={"captioners": both})
        profile, says = profile.model_copy(update={"captioning": block}), "stand beside others"
    else:
        profile, says = asked(folder=str(corpora / "demo-dm" / "captions"))[1], "a folder outside the corpus"
    with pytest.raises(ParamsError, match=says) as raised:
        simulated_captions.is_simulation(profile)
        simulated_captions.folder_of(profile)
    assert "\n" not in str(raised.value)


def test_real_captioners_are_not_asked_by_the_report(
    asked: Callable[..., tuple[Path, Profile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, profile = asked()
    real = {
        name: one.model_copy(update={"base_url": "http://127.0.0.1:9"})
        for name, one in profile.captioning.captioners.items()
    }
    block = profile.captioning.model_copy(update={"captioners": real})
    monkeypatch.setattr(captions, "make_captions", lambda *given, **more: pytest.fail("asked"))
    captions.ensure_simulated(profile.model_copy(update={"captioning": block}), str(file), PIPELINE)
    captions.ensure_simulated(load("params/smoke.yml"), "params/smoke.yml", PIPELINE)
    captions.ensure_simulated(profile, str(file), [one for one in PIPELINE if not one.captioned])


@pytest.mark.parametrize("questions", [1, 3])
def test_every_video_has_one_planted_fault_at_most(questions: int) -> None:
    videos = [f"{number:064x}" for number in range(60)]
    drawn = plant(videos, questions, np.random.default_rng(5))
    assert not {*drawn.wording} & {*drawn.faults} and 10 <= len({*drawn.wording, *drawn.faults}) <= 20
    for kind in ("refusal", "cut"):
        assert drawn.counts[kind] == questions * sum(one == kind for one in drawn.wording.values())
    passing = [those for those in drawn.faults.values() if those[0] in ("429:1", "500")]
    assert all(len(those) == 1 for those in passing)
    assert drawn.counts["rate"] + drawn.counts["server"] == len(passing)
    assert plant(videos, questions, np.random.default_rng(5)) == drawn
