"""Trying to leak: fifty markers in rows without consent and in a private corpus, and none of them in the site."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from lib.base.paths import RESULTS
from lib.demo.corpora import build
from lib.run import runner
from lib.run.params import load
from lib.site import publication, site
from lib.site.decoded_layers import readings

pytestmark = pytest.mark.notebook
NAME = "leak"
MARKERS = [f"zqmark{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(50)]
CONTROL = "zqcontrol"
RECORDER = """
import os
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.text import Text
printing, print_figure, draw = [], FigureCanvasBase.print_figure, Text.draw
def noted_print(self, *args, **kwargs):
    printing.append(1)
    try:
        return print_figure(self, *args, **kwargs)
    finally:
        printing.pop()
def noted_draw(self, *args, **kwargs):
    if printing and self.get_visible():
        with open(os.environ["DRAWN"], "a") as file:
            file.write(self.get_text() + "\\n")
    return draw(self, *args, **kwargs)
FigureCanvasBase.print_figure, Text.draw = noted_print, noted_draw
"""
"""Run in every kernel: notes each text that is drawn into a picture, where no search of bytes would find it."""
ASKED = {
    "profile": NAME,
    "models": {
        "tmr": {
            "sizes": {"latent_dim": 32, "num_layers": 1, "ff_size": 64, "dropout": 0.0, "stride": 4},
            "training": {"lr": 2e-3, "epochs": 2, "patience": 2},
        },
        "momask": {
            "sizes": {"width": 16, "code_dim": 16, "codes": 32, "quantizers": 2, "depth": 1, "latent_dim": 32}
            | {"num_layers": 1, "num_heads": 2, "ff_size": 64},
            "training": {
                stage: {"lr": 3e-3, "warmup": 5, "batch": 16, "steps": 10, "every": 10}
                for stage in ("tokenizer", "masked", "residual", "lengths")
            },
        },
        "evaluator": {
            "sizes": {"movement_hidden": 32, "movement": 32, "text_hidden": 32, "motion_hidden": 32, "latent_dim": 16},
            "training": {"movement_epochs": 1, "batch": 32, "epochs": 1, "patience": 1, "threads": 1},
        },
    },
    "report": {"renderer": "preview"},
    "preparation": {"discriminator_epochs": 1, "discriminator_poses": 2000, "bootstrap": 20},
    "captioners": {"bootstrap": 100, "quality_draws": 20},
    "embedding": {"batch": 8, "bootstrap": 100, "permutations": 19},
    "clustering": {"seeds": 2, "bootstraps": 1, "permutations": 19, "growth": [50, 100]},
    "evaluation": {"seeds": [0], "repeats": 2, "repeats_elsewhere": 1, "bootstrap": 100},
}


def planted(folder: Path, markers: Iterator[str]) -> Path:
    """The embedded corpora with markers in the second one, which thereby says something of its own everywhere."""
    build(folder / "made", seed=1, h3d_clips=100, dm_clips=140)
    root = folder / next(markers) / f"{next(markers)} dm"
    shutil.copytree(folder / "made" / "demo-dm", root)
    clips, captions, candidates = (
        pd.read_parquet(root / f"{name}.parquet") for name in ("clips", "captions", "captioner_captions")
    )
    clips["performer"] = [f"performer {i % 9}" for i in range(len(clips))]
    votes = pd.read_csv(root / "survey.csv")
    consented = clips["consent"].fillna(False).astype(bool).to_numpy()
    refused, asked = clips["clip_id"][~consented].tolist(), votes["clip_id"].unique().tolist()
    tested = clips["clip_id"][consented & (clips["split"] == "test").to_numpy()].tolist()
    others = [c for c in clips["clip_id"][consented] if c not in {*asked, *tested}]

    names = {clip: f"{next(markers)}" for clip in [*refused[:2], *asked[:2], *tested[:1], *others[:2]]}
    for table in (clips, captions, candidates, votes):
        table["clip_id"] = table["clip_id"].replace(names)
    refused, asked, tested, others = ([names.get(c, c) for c in some] for some in (refused, asked, tested, others))
    for some in (refused, asked, others):
        clips.loc[clips["clip_id"] == some[3], "source"] = f"video_{next(markers)}"
        clips.loc[clips["clip_id"] == some[3], "performer"] = next(markers).title()
    clips.loc[clips["clip_id"] == others[4], "mirror_of"] = refused[0]
    clips.loc[clips["clip_id"] == others[4], "performer"] = next(markers)

    says = captions.set_index("clip_id")["text"]
    for clip, text in {
        refused[4]: "A person {}s across the room.",
        refused[5]: "<b onmouseover='{}'>walks</b> on & on",
        tested[3]: "A person {}s across the room.",
        others[5]: "A person {}s across the room.",
        tested[4]: "Someone is {}ing the {} of <img src=x onerror=alert('{}')> slowly",
        others[6]: "[{}](http://{}.example) *walks* `{}` {{{{< include {} >}}}} ?@fig-{}",
        others[7]: r"$\{}_{{{}}}^2$ \input{{{}}} walks % {}",
        others[8]: '=HYPERLINK("{}"); "{}", {}\u202e walks',
        asked[4]: "{}",
        asked[5]: "{} {}",
    }.items():
        marker = next(markers)
        says[clip] = text.format(*[marker] * 6)
    captions["text"] = says.reindex(captions["clip_id"]).to_numpy()
    candidates["text"] = [
        f"{text} {next(markers)}s" if i in {0, 40, 90, 130} else text for i, text in enumerate(candidates["text"])
    ]
    for some in (refused, others):
        ids = captions["clip_id"] == some[-1]
        captions.loc[ids, "caption_id"] = next(markers)
        captions.loc[ids, "captioner"] = next(markers)
    first, second = candidates["captioner"].unique()[:2]
    called = {first: next(markers), second: f"{next(markers)}-4"}
    candidates["captioner"], votes["captioner"] = (t["captioner"].replace(called) for t in (candidates, votes))
    prompts = candidates["prompt"].dropna().unique()
    candidates["prompt"] = candidates["prompt"].replace({prompts[0]: f"be {next(markers)}", prompts[1]: next(markers)})
    captions["tokens"] = None
    captions.loc[captions["clip_id"] == others[9], "tokens"] = f"a/DET man/NOUN {next(markers)}/VERB"
    votes["respondent"] = votes["respondent"].replace({"r01": next(markers), "r02": next(markers).upper()})
    votes = pd.concat([votes, votes.iloc[:2].assign(respondent=next(markers), clip_id=next(markers))])

    clips.to_parquet(root / "clips.parquet")
    captions.to_parquet(root / "captions.parquet")
    candidates.to_parquet(root / "captioner_captions.parquet")
    votes.to_csv(root / "survey.csv", index=False)
    (root / f"{next(markers)}.txt").write_text(next(markers), encoding="utf-8")
    made = folder / next(markers) / "some-model" / "0"
    made.mkdir(parents=True)
    np.save(made / f"{next(markers)}.npy", np.zeros((40, 22, 3), np.float32))
    return root


def prompts(root: Path) -> list[str]:
    """The id of one test clip and the caption of another, each with a marker."""
    clips = pd.read_parquet(root / "clips.parquet").query("split == 'test' and consent == True")
    clips = clips[(20 * clips["n_frames"] / clips["fps"]).between(45, 195)]
    said = pd.read_parquet(root / "captions.parquet").drop_duplicates("clip_id").set_index("clip_id")["text"]
    named = clips["clip_id"][clips["clip_id"].str.contains("zqmark")]
    captions = [said[clip] for clip in clips["clip_id"] if "zqmark" in said[clip]]
    return [named.iloc[0], captions[0]]


@pytest.fixture(scope="module")
def leaked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The site of a profile with markers, and every text that its figures draw."""
    folder, markers = tmp_path_factory.mktemp("leak"), iter(MARKERS)
    root = planted(folder, markers)
    generations = next(folder.glob("zqmark*/some-model")).parent
    corpora = {  # the private one is the benchmark, whose test captions, nearest captions and generations are shown
        "dm": {"label": f"demo {CONTROL}", "kind": "manifest", "root": str(root), "private": True},
        "h3d": {"label": "demo-h3d", "kind": "humanml3d", "root": str(folder / "made" / "demo-h3d")},
    }
    file = folder / next(markers) / "params.yml"
    file.parent.mkdir()
    asked = ASKED | {"corpora": corpora, "evaluation": ASKED["evaluation"] | {"generations": str(generations)}}
    rest = [*markers]
    videos = folder / rest.pop()
    videos.mkdir()
    asked["visualization"] = {"prompts": prompts(root)}
    chosen = next(name for name in pd.read_csv(root / "survey.csv")["captioner"] if "zqmark" in name)
    asked["findings"] = {"captioner": chosen}
    asked["survey"] = {"contact": f"write to {rest.pop()}", "videos": str(videos)}
    file.write_text(yaml.safe_dump(asked, sort_keys=False), encoding="utf-8")
    assert not rest, f"{len(rest)} markers are planted nowhere"
    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "record.py").write_text(RECORDER, encoding="utf-8")
    profile, drawn = load(file), folder / "drawn.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("DRAWN", str(drawn))
        shutil.rmtree(RESULTS / NAME, ignore_errors=True)
        runner.run_all(profile, str(file))
        patch.setattr("lib.site.stage.BUILD", folder)
        out = site.build(publication._staged(profile, []), folder / "site", renderer="preview").path
    yield out, drawn.read_text(encoding="utf-8")
    shutil.rmtree(RESULTS / NAME, ignore_errors=True)


def found(data: bytes, markers: list[str]) -> set[str]:
    texts = [text.lower() for text in readings(data)]
    return {marker for marker in markers if any(marker.encode() in text for text in texts)}


def test_no_marker_is_in_any_byte_of_the_site(leaked: tuple[Path, str]) -> None:
    out, _ = leaked
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {".html", ".js", ".css", ".png", ".csv", ".ipynb"} <= {path.suffix for path in files}
    assert {marker for path in files for marker in MARKERS if marker in str(path.relative_to(out)).lower()} == set()
    held = {path.relative_to(out).as_posix(): found(path.read_bytes(), [*MARKERS, CONTROL]) for path in files}
    assert sum(CONTROL in some for some in held.values()) > 20
    assert {name: some - {CONTROL} for name, some in held.items() if some - {CONTROL}} == {}


def test_no_marker_is_drawn_into_a_picture_and_no_private_motion(leaked: tuple[Path, str]) -> None:
    out, drawn = leaked
    assert CONTROL in drawn and "captioner 2" in drawn
    assert {line for line in drawn.splitlines() if "zqmark" in line.lower()} == set()
    assert not list(out.rglob("example_item.png")) and list(out.rglob("worst_kept.png")), "the clips are of demo-h3d"


def test_the_overview_judges_the_chosen_captioner_by_its_number(leaked: tuple[Path, str]) -> None:
    told = json.loads((leaked[0] / "findings.json").read_text(encoding="utf-8"))["answers"]
    answer = next(one for one in told if one["key"] == "captioner")
    assert re.search("“captioner [1-9]”", answer["question"]) and answer["verdict"] != "not answered"


def test_the_provenance_page_counts_what_is_withheld(leaked: tuple[Path, str]) -> None:
    page = (leaked[0] / "provenance.html").read_text(encoding="utf-8")
    assert "no consent" in page and "the corpus is private" in page and "[withheld]" not in page


def test_the_executed_notebooks_keep_what_was_shown_and_nothing_printed(leaked: tuple[Path, str]) -> None:
    for path in (leaked[0] / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        kinds = {output["output_type"] for cell in cells for output in cell.get("outputs", [])}
        assert kinds == {"display_data"}, path.name
