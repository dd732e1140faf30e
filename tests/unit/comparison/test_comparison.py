"""Two runs compared: hand-made folders for every kind of move and input, a real result against a changed copy."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lib.base.errors import RunError
from lib.base.paths import ROOT
from lib.commands import app
from lib.comparison import compare
from lib.comparison.comparison import Comparison

REAL = ROOT / "results" / "demo"
STEM = "01_similarity_test"
RECORD: dict[str, Any] = {
    "git": {"sha": "a" * 40, "dirty": False},
    "params": {"seed": 0, "similarity": {"leak_share": 0.05, "thresholds": [0.9, 0.95]}, "demo": None},
    "corpora": {"h3d": {"label": "HumanML3D", "sha256": "b" * 64}},
    "models": {"mpnet": "c" * 64},
    "versions": {"numpy": "2.4.0"},
    "seed": 0,
    "device": "cpu",
    "stamp": {"notebook": "d" * 64, "constraints": "e" * 64, "lib": {"lib/a.py": "f" * 64, "lib/b.py": "0" * 64}},
}


def estimate(value: float, low: float, high: float, unit: str = "share") -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "n": 9, "unit": unit, "text": f"{value} ({low}–{high})"}


def write(folder: Path, values: dict[str, Any], record: dict[str, Any] = RECORD, stem: str = STEM) -> Path:
    (folder / stem).mkdir(parents=True, exist_ok=True)
    (folder / stem / "values.json").write_text(json.dumps(values), encoding="utf-8")
    (folder / stem / "provenance.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.fixture
def pair(tmp_path: Path) -> Any:
    def made(before: dict[str, Any], after: dict[str, Any], record: dict[str, Any] = RECORD) -> Comparison:
        return compare(write(tmp_path / "a", before), write(tmp_path / "b", after, record))

    made.folder = tmp_path  # type: ignore[attr-defined]
    return made


BASE = estimate(0.3, 0.2, 0.4)


@pytest.mark.parametrize(
    ("before", "after", "kind", "change"),
    [
        (BASE, estimate(0.5, 0.45, 0.6), "apart", "+20 points"),
        (BASE, estimate(0.5, 0.4, 0.6), "outside", "+20 points"),  # the ends meet
        (BASE, estimate(0.45, 0.25, 0.6), "outside", "+15 points"),  # the new value leaves the old interval
        (BASE, estimate(0.38, 0.35, 0.9), "outside", "+8 points"),  # the old value is outside of the new interval
        (BASE, estimate(0.35, 0.25, 0.45), "within", "+5 points"),
        (BASE, estimate(0.3, 0.1, 0.5), "within", "+0 points"),  # only the interval moved
        (estimate(4.0, 3, 5, "words"), estimate(3.5, 3, 5, "words"), "within", "−0.5 words"),
        (500, 510, "no interval", "+10"),
        (0.25, BASE, "no interval", "+5 points"),
        ("yes, it is", "no, it is not", "text", ""),
        (True, False, "verdict", ""),
        (True, 1, "verdict", ""),
    ],
)
def test_a_move_is_judged_by_both_intervals(pair: Any, before: Any, after: Any, kind: str, change: str) -> None:
    made = pair({"x": before}, {"x": after})
    assert [move.kind for move in made.moves] == [kind]
    assert made.moves[0].told[2] == change


def test_what_one_run_lacks_is_listed(pair: Any) -> None:
    made = pair({"gone": 1, "x": 1}, {"new": BASE, "x": 1})
    assert [(move.kind, move.name) for move in made.moves] == [("only before", "gone"), ("only after", "new")]
    assert made.compared == 3


def test_what_matters_most_stands_first(pair: Any) -> None:
    before = {
        "verdict": "Yes.",
        "a": BASE,
        "b": BASE,
        "c": BASE,
        "d": BASE,
        "n": 10,
        "m": 10,
        "finding": "x",
        "gone": 1,
    }
    after = {"verdict": "No.", "a": estimate(0.31, 0.2, 0.4), "b": estimate(0.5, 0.3, 0.7)}
    after |= {"c": estimate(0.6, 0.5, 0.7), "d": estimate(0.9, 0.8, 1.0), "n": 11, "m": 20, "finding": "y"}
    assert [move.name for move in pair(before, after).moves] == [
        "verdict",
        "d",
        "c",
        "b",
        "gone",
        "m",
        "n",
        "a",
        "finding",
    ]


def test_rounding_of_another_machine_is_no_move(pair: Any) -> None:
    near = {**BASE, "value": BASE["value"] * (1 + 1e-12)}
    made = pair({"x": BASE, "y": 0.1 + 0.2, "z": 0}, {"x": near, "y": 0.3, "z": 0})
    assert made.moves == [] and made.inputs == []
    assert made.summary == "Nothing moved: 3 values are the same in both runs."


def test_every_kind_of_input_that_changed_is_named(pair: Any) -> None:
    other = copy.deepcopy(RECORD)
    other["git"] = {"sha": "1" * 40, "dirty": True}
    other["params"]["similarity"] |= {"leak_share": 0.1, "thresholds": [0.9], "new": None}
    other["params"]["seed"] = other["seed"] = 1
    other["corpora"]["h3d"]["sha256"] = "2" * 64
    other["models"]["mpnet"] = "3" * 64
    other["versions"] = {"numpy": "2.5.0", "torch": "2.13.0"}
    other["stamp"] = {
        "notebook": "4" * 64,
        "constraints": "e" * 64,
        "lib": {"lib/a.py": "5" * 64, "lib/c.py": "6" * 64},
    }
    found = [(one.kind, one.name, one.before, one.after) for one in pair({"x": 1}, {"x": 1}, other).inputs]
    assert found == [
        ("parameter", "seed", "0", "1"),
        ("parameter", "similarity.leak_share", "0.05", "0.1"),
        ("parameter", "similarity.new", "–", "not set"),
        ("parameter", "similarity.thresholds", "0.9, 0.95", "0.9"),
        ("seed", "seed", "0", "1"),
        ("data", "HumanML3D", "b" * 12, "2" * 12),
        ("model", "mpnet", "c" * 12, "3" * 12),
        ("code", "commit", "a" * 12, "1" * 12 + " with local changes"),
        ("code", "lib/a.py", "f" * 12, "5" * 12),
        ("code", "lib/b.py", "0" * 12, "–"),
        ("code", "lib/c.py", "–", "6" * 12),
        ("code", "the notebook", "d" * 12, "4" * 12),
        ("version", "numpy", "2.4.0", "2.5.0"),
        ("version", "torch", "–", "2.13.0"),
    ]


def test_an_input_of_several_notebooks_is_named_once_and_notebooks_of_one_run_are_named(tmp_path: Path) -> None:
    other = copy.deepcopy(RECORD) | {"versions": {"numpy": "2.5.0"}}
    a, b = tmp_path / "a", tmp_path / "b"
    for stem in (STEM, "02_action_distribution"):
        write(a, {"x": 1}, stem=stem)
        write(b, {"x": 1}, other, stem=stem)
    write(b, {"x": 1}, stem="06_evaluation")
    found = [(one.kind, one.name, one.before, one.after, one.stems) for one in compare(a, b).inputs]
    assert found == [
        ("notebook", "06_evaluation", "missing", "there", ("06_evaluation",)),
        ("version", "numpy", "2.4.0", "2.5.0", (STEM, "02_action_distribution")),
    ]


PRIVATE: dict[str, Any] = {
    "redact": True,
    "corpora": {"dm": {"label": "DM", "private": True}, "h3d": {"label": "HumanML3D", "private": False}},
    "visualization": {"prompts": ["a secret caption"], "rows": 3},
    "survey": {"contact": "write to Ann", "videos": "/elsewhere/ann/videos"},
    "evaluation": {"generations": "/elsewhere/ann/made", "seeds": [0]},
    "models": {"mpnet": "/elsewhere/ann/mpnet"},
    "corpus": {"cache": "/elsewhere/ann/cache"},
}


def told(made: Comparison) -> str:
    return "\n".join(made.lines()) + json.dumps(made.record(), ensure_ascii=False)


def test_prompts_places_and_survey_texts_of_a_private_run_are_withheld_and_that_they_changed_is_told(pair: Any) -> None:
    first, second = copy.deepcopy(RECORD) | {"params": PRIVATE}, copy.deepcopy(RECORD)
    second["params"] = json.loads(
        json.dumps(PRIVATE).replace("secret", "quiet").replace("Ann", "Ben").replace("/elsewhere/ann", "/data/ben")
    ) | {"visualization": {"prompts": ["a quiet caption"], "rows": 4}}
    made = compare(write(pair.folder / "a", {"x": 1}, first), write(pair.folder / "b", {"x": 1}, second))
    assert [(one.name, one.before, one.after) for one in made.inputs] == [
        (name, "[withheld]", "[withheld]")
        for name in ("corpus.cache", "evaluation.generations", "models.mpnet", "survey.contact", "survey.videos",
                     "visualization.prompts")
    ] + [("visualization.rows", "3", "4")]  # fmt: skip
    for word in ("secret caption", "quiet caption", "Ann", "Ben", "/elsewhere/ann", "/data/ben"):
        assert word not in told(made)


def test_a_public_run_tells_its_prompts_and_of_places_only_the_last_part(pair: Any) -> None:
    first, second = (
        copy.deepcopy(RECORD)
        | {"params": {"survey": {"videos": f"/elsewhere/{who}/videos-{who}"}, "models": {"mpnet": f"/elsewhere/{who}"},
                      "visualization": {"prompts": [f"{who} walks", "runs"]}}}
        for who in ("ann", "ben")
    )  # fmt: skip
    made = compare(write(pair.folder / "a", {"x": 1}, first), write(pair.folder / "b", {"x": 1}, second))
    assert [(one.name, one.before, one.after) for one in made.inputs] == [
        ("models.mpnet", "[withheld]", "[withheld]"),
        ("survey.videos", "videos-ann", "videos-ben"),
        ("visualization.prompts", "ann walks, runs", "ben walks, runs"),
    ]


@pytest.mark.parametrize("older", ["a", "b"])
def test_a_result_made_before_its_corpus_was_private_is_left_out_whole(pair: Any, older: str) -> None:
    private = copy.deepcopy(RECORD) | {"params": PRIVATE}
    opened = copy.deepcopy(RECORD)
    opened["corpora"] = {"dm": {"label": "DM", "sha256": "d" * 64}}
    newer = "b" if older == "a" else "a"
    write(pair.folder / older, {"nearest": "Ann juggles torches", "won_by_zed": 3}, opened)
    write(pair.folder / newer, {"nearest": "[withheld]", "won_by_zed": 4}, private)
    for folder, n in (("a", 1), ("b", 2)):
        write(pair.folder / folder, {"clips": n}, RECORD, stem="02_action_distribution")  # of a public corpus alone
    made = compare(pair.folder / "a", pair.folder / "b")
    assert [move.name for move in made.moves] == ["clips"]
    values = ("[withheld]", "not compared")
    left = made.inputs[0]
    assert (left.kind, left.name) == ("notebook", STEM) and (left.before, left.after) in {values, values[::-1]}
    assert "Ann" not in told(made) and "zed" not in told(made)


@pytest.mark.parametrize("content", [None, "{", "[1]"])
def test_what_is_no_result_is_refused_in_a_line(tmp_path: Path, content: str | None) -> None:
    folder = write(tmp_path / "a", {"x": 1})
    bad = tmp_path / "b"
    bad.mkdir()
    if content is not None:
        write(bad, {})
        (bad / STEM / "values.json").write_text(content, encoding="utf-8")
    with pytest.raises(RunError, match=str(bad)):
        compare(folder, bad)


def test_json_holds_every_move_and_input(pair: Any) -> None:
    changed = copy.deepcopy(RECORD) | {"seed": 1}
    pair({"x": BASE, "n": 1, "gone": True}, {"x": estimate(0.9, 0.8, 1.0), "n": 3}, changed)
    run = CliRunner().invoke(app, ["compare", str(pair.folder / "a"), str(pair.folder / "b"), "--json"])
    record = json.loads(run.stdout)
    moves = {move["name"]: (move["stem"], move["kind"], move["before"], move["after"]) for move in record["moves"]}
    assert moves == {
        "x": (STEM, "apart", BASE, estimate(0.9, 0.8, 1.0)),
        "n": (STEM, "no interval", 1, 3),
        "gone": (STEM, "only before", True, None),
    }
    assert record["inputs"] == [{"kind": "seed", "name": "seed", "before": "0", "after": "1", "stems": [STEM]}]
    assert (record["before"], record["after"]) == (str(pair.folder / "a"), str(pair.folder / "b"))
    assert record["compared"] == 3 and record["summary"].startswith("3 of 3 values moved.")


def test_a_real_run_against_a_changed_copy(tmp_path: Path) -> None:
    if not (REAL / STEM / "values.json").is_file():
        pytest.skip("no results of the demo")
    copied = tmp_path / "demo"
    for file in REAL.glob("*/*.json"):
        (copied / file.parent.name).mkdir(parents=True, exist_ok=True)
        (copied / file.parent.name / file.name).write_bytes(file.read_bytes())
    assert compare(REAL, copied).moves == [] and compare(REAL, copied).inputs == []
    values = json.loads((copied / STEM / "values.json").read_text(encoding="utf-8"))
    shifted = {part: values["clip_cosine_095"][part] + 0.6 for part in ("value", "low", "high")}
    values["clip_cosine_095"] |= shifted
    values["train_clips"]["value"] += 1
    (copied / STEM / "values.json").write_text(json.dumps(values), encoding="utf-8")
    record = json.loads((copied / STEM / "provenance.json").read_text(encoding="utf-8"))
    record["params"]["similarity"]["leak_share"] = 0.2
    (copied / STEM / "provenance.json").write_text(json.dumps(record), encoding="utf-8")
    made = compare(REAL, copied)
    assert [(move.name, move.kind) for move in made.moves] == [
        ("clip_cosine_095", "apart"),
        ("train_clips", "no interval"),
    ]
    assert [(one.name, one.after, one.stems) for one in made.inputs] == [("similarity.leak_share", "0.2", (STEM,))]
    told = list(made.lines())
    assert any("clip_cosine_095" in line and "+60 points" in line for line in told)
