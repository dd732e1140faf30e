"""The comparison of captioners from files to sentences, on manifests that lack one thing or another."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib import corpus
from lib.run.redaction import Redaction
from lib.sections.captioners import caption_quality, caption_space, captioner_retrieval, captioners, votes
from lib.sections.captioners import captioner_calibration as calibration
from lib.sections.captioners import figures as plots
from lib.sections.captioners.captioners import material
from lib.sections.captioners.sentences import captioner_figures as alts
from lib.sections.captioners.sentences import captioners as findings
from lib.survey.parameters import SurveyParameters as Survey

CLIPS = [f"c{i:03d}" for i in range(60)]


def never():
    raise AssertionError("TMR is not needed here")


def write(
    root: Path,
    noise: dict[tuple[str, str | None], float],
    *,
    covered: dict[str, int] | None = None,
    embedded: int = 60,
    vectors: bool = True,
    seed: int = 0,
) -> corpus.Corpus:
    """A manifest of 60 test clips; each (captioner, prompt) tells a clip's vector with that much noise.

    Args:
        root: the folder.
        noise: by captioner and prompt.
        covered: how many clips a captioner captions, all by default.
        embedded: how many clips have a video vector.
        vectors: whether there are embeddings at all.
        seed: of the vectors.
    """
    rng = np.random.default_rng(seed)
    root.mkdir(parents=True, exist_ok=True)
    ids = [*CLIPS, "t0", "v0"]
    clips = pd.DataFrame({"clip_id": ids, "split": ["test"] * 60 + ["train", "val"], "fps": 20.0, "n_frames": 10})
    clips = clips.assign(offset=np.arange(62) * 10, source=None, body_mode="full", person_count=1, consent=True)
    clips.assign(mirror_of=None).astype({"source": "str", "mirror_of": "str"}).to_parquet(root / "clips.parquet")
    plain = {"tokens": pd.array([None], dtype="str")[0], "start_s": 0.0, "end_s": 0.0}
    rows, told, videos = [], [], rng.normal(size=(60, 8))
    for (name, prompt), sd in noise.items():
        for i, clip in enumerate(CLIPS[: (covered or {}).get(name, 60)]):
            key = f"{clip}#{name}-{prompt}"
            rows.append(
                {
                    "clip_id": clip,
                    "caption_id": key,
                    "text": f"{name} {i}",
                    "captioner": name,
                    "prompt": prompt,
                    **plain,
                }
            )
            told.append((key, videos[i] + sd * rng.normal(size=8)))
    table = pd.DataFrame(rows).astype({"tokens": "str", "prompt": "str"})
    table.to_parquet(root / "captioner_captions.parquet")
    own = pd.DataFrame(
        [{"clip_id": clip, "caption_id": f"{clip}#0", "text": "x", "captioner": "m", **plain} for clip in ids]
    )
    own.astype({"tokens": "str"}).to_parquet(root / "captions.parquet")
    if vectors:
        seen = list(zip(CLIPS[:embedded], map(list, videos), strict=False))
        pd.DataFrame(seen, columns=["clip_id", "vector"]).to_parquet(root / "video_embeddings.parquet")
        said = [(key, list(vector)) for key, vector in told]
        pd.DataFrame(said, columns=["caption_id", "vector"]).to_parquet(root / "caption_embeddings.parquet")
    return corpus.load("manifest", root, name="dm")


def compared(one: corpus.Corpus) -> tuple[captioners.Material, caption_space.Space, captioner_retrieval.Contest]:
    found = material({"dm": one}, "captioner", splits=["test"])
    space = caption_space.space(found, "captioner", never, None)
    return found, space, captioner_retrieval.contest(found, space, draws=100, rng=np.random.default_rng(0))


def said(found, space, one, cast=None) -> tuple[str, str]:
    cast = cast or votes.Votes(why_not="no survey lies beside the captions")
    return findings.verdict(found, one, cast, "captioner"), findings.finding(found, space, one, cast, None)


def test_a_better_captioner_wins_and_the_sentence_says_by_what(tmp_path):
    found, space, one = compared(write(tmp_path, {("good", None): 0.2, ("poor", None): 3.0}))
    assert one.choice.leader == "good" and one.choice.won and not space.stand_in
    verdict, finding = said(found, space, one)
    assert verdict == "“good” wins on retrieval."
    assert "N = 60 clips, chance 1.7 %: good 1" in finding and "by the video-text embeddings" in finding
    told = findings.values(found, space, one, votes.Votes(), None, "captioner")
    assert told["recall_good"].value > 90 and told["leader"] == "good" and "stand_in" not in told


def test_no_winner_is_said_with_its_size_and_what_it_would_take(tmp_path):
    found, space, one = compared(write(tmp_path, {("x", None): 1.0, ("y", None): 1.05}, seed=1))
    verdict, finding = said(found, space, one)
    assert not one.choice.won and verdict.startswith("No winner on retrieval at N = 60: ")
    assert "cannot be told from" in finding
    assert one.choice.clips_needed is None or f"{one.choice.clips_needed:,} clips would be needed" in finding


def test_only_clips_that_all_cover_with_vectors_are_compared_and_the_rest_is_told(tmp_path):
    one = write(tmp_path, {("whole", None): 1.0, ("part", None): 1.0}, covered={"part": 40}, embedded=50)
    found, space, outcome = compared(one)
    rows = space.coverage.set_index("captioner")
    assert rows["clips_captioned"].to_dict() == {"whole": 60, "part": 40}
    assert rows["clips_with_vectors"].to_dict() == {"whole": 50, "part": 40}
    assert rows["clips_compared"].eq(40).all() and len(outcome.clip_ids) == 40
    assert set(outcome.clip_ids) == set(CLIPS[:40]) and len(found.captions) == 100


def test_too_few_common_clips_are_no_gallery(tmp_path):
    found, space, one = compared(write(tmp_path, {("x", None): 1.0, ("y", None): 1.0}, covered={"y": 5}))
    assert space.gallery is None and one.recalls.empty and one.choice is None
    assert space.coverage["clips_compared"].eq(5).all()
    assert said(found, space, one)[0].startswith("No comparison")


def test_one_captioner_is_measured_and_the_page_says_why_nothing_is_compared(tmp_path):
    found, space, one = compared(write(tmp_path, {("only", None): 0.5}))
    verdict, finding = said(found, space, one)
    assert verdict == "No comparison: dm has one captioner, only."
    assert finding.startswith("Nothing is compared, since dm has one captioner") and re.search("only [89]", finding)
    assert (
        plots.differences(one.differences, one.tests) is None
        and plots.example_item(found, Survey(), {}, Redaction([], dict)) is None
    )


def test_without_vectors_and_motions_recall_is_missing_and_said_so(tmp_path):
    found, space, one = compared(write(tmp_path, {("x", None): 1.0, ("y", None): 1.0}, vectors=False))
    assert space.gallery is None and "neither" in space.name
    assert "Recall cannot be measured" in said(found, space, one)[1]
    assert plots.recalls(one.recalls) is None and plots.by_gallery(pd.DataFrame()) is None


def test_a_corpus_of_people_s_captions_alone_gives_a_sentence_and_no_failure(tmp_path):
    found, space, one = compared(write(tmp_path, {("human", None): 1.0}))
    assert found.corpus is None and space.coverage.empty and one.recalls.empty
    assert "no dataset of this profile has captions by a named captioner" in said(found, space, one)[1]
    assert votes.side_by_side(one.recalls, votes.votes(None, draws=10, rng=np.random.default_rng(0))) is None


def test_settings_are_chosen_on_one_half_and_the_rest_compared_on_the_other(tmp_path):
    noise = {("grid", "good"): 0.3, ("grid", "bad"): 3.0, ("plain", None): 0.6}
    found, _, one = compared(write(tmp_path, noise))
    assert one.selection.chosen == {"grid": "grid, prompt “good”", "plain": "plain"}
    assert len(one.clip_ids) == 30 and one.recalls["clips"].eq(30).all()
    texts = captioner_retrieval.texts(found, one)
    assert len(texts) == 60 and set(texts["setting"]) == {"grid, prompt “good”", "plain"}
    truth = {
        "dm": {"captioners": {"order": ["grid", "plain"], "best": {"grid": {"prompt": "good", "temperature": None}}}}
    }
    assert calibration.settings(truth, found, one)["same"].tolist() == [True]
    first = findings.first_recalls(one.recalls).set_index("captioner")[["value", "low", "high"]]
    chosen = one.selection.grid.query("chosen").set_index("captioner")[["recall", "low", "high"]]
    assert np.allclose(100 * chosen.loc[first.index], first) and len(one.selection.grid) == 3
    left = one.selection.grid.query("not chosen").iloc[0]
    assert left["low"] <= left["recall"] <= left["high"] < chosen["low"].min()


def people(root: Path, positions: int = 3, clips: int = 60) -> corpus.Corpus:
    one = write(root, {("human", None): 1.0})
    rows = [
        {"clip_id": clip, "caption_id": f"{clip}#{place}", "text": f"{clip} {place}", "captioner": "human"}
        for clip in CLIPS[:clips]
        for place in range(positions)
    ]
    table = pd.DataFrame(rows).assign(tokens=None, start_s=0.0, end_s=0.0).astype({"tokens": "str"})
    table.to_parquet(root / "captions.parquet")
    (root / "captioner_captions.parquet").unlink()
    return corpus.load("manifest", one.provenance.root, name="people")


def test_positions_stand_for_captioners_and_a_clip_is_the_mean_of_its_other_captions(tmp_path, monkeypatch):
    one = people(tmp_path)
    made = {}

    def encode(texts, model):
        rng = np.random.default_rng(0)
        clip = {c: rng.normal(size=6) for c in CLIPS}
        made.update({text: clip[text.split()[0]] + rng.normal(size=6) for text in texts})
        return np.stack([made[text] for text in texts])

    monkeypatch.setattr(caption_space, "encode", encode)
    found = material({"people": one}, "position", splits=["test"], positions=3)
    space = caption_space.space(found, "position", never, None)
    assert found.names == ["first caption", "second caption", "third caption"]
    units = [made[f"c000 {place}"] / np.linalg.norm(made[f"c000 {place}"]) for place in range(3)]
    assert space.gallery.videos["second caption"][0] == pytest.approx((units[0] + units[2]) / 2)
    assert space.gallery.captions["second caption"][0] == pytest.approx(units[1])
    outcome = captioner_retrieval.contest(found, space, draws=100, rng=np.random.default_rng(0))
    assert not outcome.tests["different"].any()
    told = findings.verdict(found, outcome, votes.Votes(), "position")
    assert told == "No two caption positions differ, as it should be."
    assert findings.values(found, space, outcome, votes.Votes(), None, "position")["by_position"] is True


def test_clips_with_too_few_captions_are_left_out_by_position(tmp_path):
    found = material({"people": people(tmp_path, positions=2)}, "position", splits=["test"], positions=3)
    assert found.corpus is None and "3 captions of a clip" in found.why_not


def survey(root: Path, names: list[str], respondents: int = 6) -> None:
    rows = [
        (f"r{r}", clip, name, 1 + (1 - place if r == 0 and place < 2 else place), 1 + (place + i) % len(names))
        for r in range(respondents)
        for i, clip in enumerate(CLIPS[:5])
        for place, name in enumerate(names)
    ]
    pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank", "position"]).to_csv(
        root / "survey.csv", index=False
    )


def test_recall_and_votes_stand_side_by_side_and_are_correlated_exactly(tmp_path):
    loaded = write(tmp_path, {("good", None): 0.3, ("fair", None): 1.0, ("poor", None): 2.5})
    survey(tmp_path, ["good", "fair", "poor"])
    found, space, one = compared(loaded)
    cast = votes.votes(loaded, draws=60, rng=np.random.default_rng(0))
    both = votes.side_by_side(one.recalls, cast)
    assert both["captioner"].tolist() == ["good", "fair", "poor"] and set(votes.SHOWN) <= {*both.columns}
    agreed = votes.alike(both, rng=np.random.default_rng(0))
    assert agreed.rho == 1 and agreed.p == agreed.least_p == pytest.approx(2 / 6)
    verdict = findings.verdict(found, one, cast, "captioner")
    assert "good" in verdict
    told = findings.values(found, space, one, cast, agreed, "captioner")
    assert told["respondents"] == 6 and told["ballots"] == 30 and told["preferred"] == "good" and told["rho"] == "1.00"
    figures = [
        plots.recalls(one.recalls),
        plots.preferences(cast.shares, cast.abilities),
        plots.recall_and_preference(both),
    ]
    assert all(figure is not None for figure in figures)


def test_a_survey_of_one_captioner_is_explained_and_fails_nothing(tmp_path):
    loaded = write(tmp_path, {("x", None): 1.0, ("y", None): 1.0})
    survey(tmp_path, ["x"])
    cast = votes.votes(loaded, draws=20, rng=np.random.default_rng(0))
    assert cast.ballots is None and "no respondent ranked two captioners" in cast.why_not
    assert alts.preferences(cast) == "" and plots.preferences(cast.shares, cast.abilities) is None


def test_two_respondents_prefer_nobody_surely(tmp_path):
    loaded = write(tmp_path, {("x", None): 1.0, ("y", None): 1.0, ("z", None): 1.0})
    survey(tmp_path, ["x", "y", "z"], respondents=2)
    found, _, one = compared(loaded)
    cast = votes.votes(loaded, draws=40, rng=np.random.default_rng(0))
    assert not cast.pairs["different"].any()
    assert "no captioner is surely preferred" in findings.verdict(found, one, cast, "captioner")


def test_texts_are_judged_at_one_size_and_probed_in_the_space_of_the_comparison(tmp_path, monkeypatch):
    def encode(texts, model=None):
        vectors = np.array([[sum(map(ord, text)) % 7 + 1.0, len(text), text.count("left") + 0.1] for text in texts])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).reshape(len(texts), 3)

    monkeypatch.setattr(caption_quality, "encode", encode)
    loaded = write(tmp_path, {("x", None): 0.2, ("y", None): 2.0, ("human", None): 1.0})
    found, space, one = compared(loaded)
    texts = caption_quality.qualities(found, one, None, draws=20, rng=np.random.default_rng(0))
    wide = texts.wide()
    assert wide.columns.tolist() == ["measure", "x", "y"] and texts.quality.size == 30
    assert {"length, words", "distinct-1", "vendi, captions", "agreement, cosine"} <= {*wide["measure"]} and len(
        texts.human
    ) == 60
    assert texts.growth.groupby("captioner")["captions"].max().tolist() == [60, 60]
    assert caption_quality.probes(found, space, one, draws=20, rng=np.random.default_rng(0)) is None
    nothing = material({"dm": loaded}, "position", splits=["test"], positions=3)
    empty = captioner_retrieval.contest(
        nothing, caption_space.space(nothing, "position", never, None), draws=20, rng=np.random.default_rng(0)
    )
    bare = caption_quality.qualities(nothing, empty, None, draws=20, rng=np.random.default_rng(0))
    assert bare.wide().empty and plots.growth(bare.growth) is None and alts.growth(bare.growth) == ""


def test_people_are_not_held_against_themselves(tmp_path, monkeypatch):
    def encode(texts, model=None):
        vectors = np.random.default_rng(0).normal(size=(len(texts), 6))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    monkeypatch.setattr(caption_space, "encode", encode)
    monkeypatch.setattr(caption_quality, "encode", encode)
    found = material({"people": people(tmp_path, positions=4)}, "position", splits=["test"], positions=3)
    space = caption_space.space(found, "position", never, None)
    one = captioner_retrieval.contest(found, space, draws=20, rng=np.random.default_rng(0))
    texts = caption_quality.qualities(found, one, None, draws=20, rng=np.random.default_rng(0))
    assert texts.human.empty and not texts.wide()["measure"].str.startswith("agreement").any()
    told = caption_quality.probes(found, space, one, draws=20, rng=np.random.default_rng(0))
    assert told["captions_of"].eq(one.choice.leader).all()
    finding = findings.finding(found, space, one, votes.Votes(why_not="no survey"), None, "position")
    assert "least adjusted p of 3 McNemar tests" in finding and "survey" not in finding
