"""The comparison of captioners from files to sentences, on manifests that lack one thing or another."""

import re
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from lib import corpus
from lib.sections.captioners import caption_space, compared_texts, figures, measures, planted, sentences
from lib.sections.captioners.caption_space import Space, space
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval, captioner_retrieval
from lib.sections.captioners.claim_precision import ClaimPrecision
from lib.sections.captioners.compared_captions import ComparedCaptions, compared_captions
from lib.sections.captioners.metrics.paired_retrieval import video_to_text_r1
from lib.sections.captioners.picture import example
from lib.sections.captioners.recall_and_preference import rank_agreement, recall_and_preference
from lib.sections.captioners.votes import Votes, votes
from lib.survey.parameters import SurveyParameters

CLIPS = [f"c{i:03d}" for i in range(60)]


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


Compared = tuple[ComparedCaptions, Space, CaptionerRetrieval]


def compared(one: corpus.Corpus, **options: Any) -> Compared:
    captions = compared_captions({"dm": one}, options.pop("by", "captioner"), splits=["test"], **options)
    assert not caption_space.needs_tmr(captions)
    vectors = space(captions, tmr=None, mpnet=None)
    return captions, vectors, captioner_retrieval(captions, vectors, draws=100, rng=np.random.default_rng(0))


def finding(all_three: Compared, cast: Votes | None = None) -> str:
    cast = cast or Votes(why_not="no survey lies beside the captions")
    return sentences.finding(*all_three, cast, ClaimPrecision(), None)


def test_a_better_captioner_is_distinguished_and_the_sentence_says_by_what(tmp_path):
    all_three = compared(write(tmp_path, {("good", None): 0.2, ("poor", None): 3.0}))
    vectors, retrieval = all_three[1:]
    leader = retrieval.leader
    assert leader is not None and leader.name == "good" and not leader.undistinguished and not vectors.stand_in
    text = finding(all_three)
    assert "N = 60 clips, chance 1.7 %: good 1" in text and "by the video-text embeddings" in text
    assert "McNemar's test distinguishes good from every other one" in text
    values = measures.of_retrieval(*all_three) | measures.of_captioners(retrieval, Votes())
    assert (values["captioner_1"], values["leader"]) == ("good", "good") and "stand_in" not in values
    assert values["captioner_1_recall"].value > 90 and values["chance"].text == "1.7 %"
    assert "no_comparison" not in values and "clips_needed" not in values


def test_a_leader_by_chance_is_stated_with_what_it_would_take(tmp_path):
    all_three = compared(write(tmp_path, {("x", None): 1.0, ("y", None): 1.05}, seed=1))
    leader = all_three[2].leader
    assert leader is not None and len(leader.undistinguished) == 1
    assert f"does not distinguish {leader.name} from {leader.undistinguished[0]}" in finding(all_three)
    found = {name: ranks["v2t"].above == 0 for name, ranks in all_three[2].retrieved.ranks.items()}
    either, less = ((found["x"] != found["y"]).mean(), found["x"].mean() - found["y"].mean())
    needed = ((norm.ppf(0.975) * either**0.5 + norm.ppf(0.8) * (either - less**2) ** 0.5) / less) ** 2
    assert f". Some {ceil(needed):,} clips (95 % CI " in finding(all_three)
    recorded = measures.of_retrieval(*all_three)["clips_needed"]
    assert recorded.value == ceil(needed) and recorded.low < recorded.value < recorded.high
    assert measures.of_captioners(all_three[2], Votes())["pair_1_clips_needed"] == recorded


def test_only_clips_that_all_cover_with_vectors_are_compared_and_the_rest_is_counted(tmp_path):
    one = write(tmp_path, {("whole", None): 1.0, ("part", None): 1.0}, covered={"part": 40}, embedded=50)
    captions, vectors, retrieval = compared(one)
    rows = vectors.coverage.set_index("captioner")
    assert rows["clips_captioned"].to_dict() == {"whole": 60, "part": 40}
    assert rows["clips_with_vectors"].to_dict() == {"whole": 50, "part": 40}
    assert rows["clips_compared"].eq(40).all() and len(retrieval.clip_ids) == 40
    assert set(retrieval.clip_ids) == set(CLIPS[:40]) and len(captions.captions) == 100


def test_too_few_common_clips_are_no_gallery(tmp_path):
    all_three = compared(write(tmp_path, {("x", None): 1.0, ("y", None): 1.0}, covered={"y": 5}))
    _, vectors, retrieval = all_three
    assert vectors.gallery is None and retrieval.recalls.empty and retrieval.leader is None
    assert vectors.coverage["clips_compared"].eq(5).all()
    assert measures.of_retrieval(*all_three)["no_comparison"] == "no vectors to retrieve by"


def test_one_captioner_is_measured_and_the_page_says_why_nothing_is_compared(tmp_path):
    captions, _, retrieval = all_three = compared(write(tmp_path, {("only", None): 0.5}))
    values = measures.of_retrieval(*all_three) | measures.of_captioners(retrieval, Votes())
    assert values["no_comparison"] == "dm has one captioner, only"
    assert (values["captioners"], values["captioner_1"], values["pairs"]) == (1, "only", 0)
    text = finding(all_three)
    assert text.startswith("Nothing is compared, since dm has one captioner") and re.search("only [89]", text)
    assert figures.differences(retrieval.differences, retrieval.tests).figure is None
    assert figures.example_item(captions, None).figure is None


def test_without_vectors_and_motions_recall_is_missing_and_said_so(tmp_path):
    all_three = compared(write(tmp_path, {("x", None): 1.0, ("y", None): 1.0}, vectors=False))
    assert all_three[1].gallery is None and "neither" in all_three[1].name
    assert "Recall cannot be measured" in finding(all_three)
    assert figures.recalls(all_three[2].recalls).figure is None and figures.by_gallery(pd.DataFrame()).figure is None


def test_a_corpus_of_people_s_captions_alone_gives_a_sentence_and_no_failure(tmp_path):
    all_three = captions, vectors, retrieval = compared(write(tmp_path, {("human", None): 1.0}))
    assert captions.corpus is None and vectors.coverage.empty and retrieval.recalls.empty
    assert "no dataset of this profile has captions by a named captioner" in finding(all_three)
    assert recall_and_preference(retrieval.recalls, votes(None, draws=10, rng=np.random.default_rng(0))) is None


def test_settings_are_chosen_on_one_half_and_the_rest_compared_on_the_other(tmp_path):
    noise = {("grid", "good"): 0.3, ("grid", "bad"): 3.0, ("plain", None): 0.6}
    captions, vectors, retrieval = compared(write(tmp_path, noise))
    assert retrieval.selection.chosen == {"grid": "grid, prompt “good”", "plain": "plain"}
    assert len(retrieval.clip_ids) == 30 and retrieval.recalls["clips"].eq(30).all()
    texts = compared_texts.texts(captions, retrieval)
    assert len(texts) == 60 and set(texts["setting"]) == {"grid, prompt “good”", "plain"}
    truth = {
        "dm": {"captioners": {"order": ["grid", "plain"], "best": {"grid": {"prompt": "good", "temperature": None}}}}
    }
    assert planted.settings(truth, captions, retrieval)["same"].tolist() == [True]
    first = video_to_text_r1(retrieval.recalls).set_index("captioner")[["value", "low", "high"]]
    grid = retrieval.grid
    chosen = grid.query("chosen").set_index("captioner")[["recall", "low", "high"]]
    assert np.allclose(100 * chosen.loc[first.index], first) and len(grid) == 3
    left = grid.query("not chosen").iloc[0]
    assert left["low"] <= left["recall"] <= left["high"] < chosen["low"].min()
    flattery = 100 * (grid.query("chosen and captioner == 'grid'")["choosing"] - chosen.loc["grid", "recall"]).iloc[0]
    recorded = measures.of_retrieval(captions, vectors, retrieval)
    assert recorded["optimism"].value == pytest.approx(flattery)
    assert (f"falls by {flattery:.1f} points" in recorded["luck"]) == (flattery > 0)


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
    captions, vectors, retrieval = all_three = compared(one, by="position", positions=3)
    assert captions.names == ["first caption", "second caption", "third caption"]
    units = [made[f"c000 {place}"] / np.linalg.norm(made[f"c000 {place}"]) for place in range(3)]
    assert vectors.gallery.videos["second caption"][0] == pytest.approx((units[0] + units[2]) / 2)
    assert vectors.gallery.captions["second caption"][0] == pytest.approx(units[1])
    assert not retrieval.tests["different"].any()
    assert "McNemar's test distinguishes no two of them (least adjusted p of 3 tests: " in finding(all_three)
    assert measures.of_retrieval(*all_three)["by_position"] is True
    different = replace(retrieval, tests=retrieval.tests.assign(different=[True, False, False]))
    text = finding((captions, vectors, different))
    assert "McNemar's test distinguishes first caption and second caption (least adjusted p of 3 tests: " in text


def test_clips_with_too_few_captions_are_left_out_by_position(tmp_path):
    captions = compared_captions({"p": people(tmp_path, positions=2)}, "position", splits=["test"], positions=3)
    assert captions.corpus is None and "3 captions of a clip" in captions.why_not


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
    retrieval = compared(loaded)[2]
    cast = votes(loaded, draws=60, rng=np.random.default_rng(0))
    both = recall_and_preference(retrieval.recalls, cast)
    assert both["captioner"].tolist() == ["good", "fair", "poor"]
    assert {"recall_1", "recall_low", "preferred_high", "mean_rank", "rank_low", "ability_high"} <= {*both.columns}
    agreement = rank_agreement(both, rng=np.random.default_rng(0))
    assert agreement.rho == 1 and agreement.p == agreement.least_p == pytest.approx(2 / 6)
    values = measures.of_survey(cast, agreement)
    assert (values["respondents"], values["ballots"], values["preferred"]) == (6, 30, "good")
    assert values["rho"].text == "1.00"
    drawings = [
        figures.recalls(retrieval.recalls),
        figures.preferences(cast.shares, cast.abilities),
        figures.recall_and_preference(both, agreement),
    ]
    assert all(drawing.figure is not None and drawing.alt for drawing in drawings)
    same = both.assign(recall_1=10.0)  # all captioners alike in recall, as on few clips
    assert rank_agreement(same, rng=np.random.default_rng(0)) is None
    assert figures.recall_and_preference(same, None).alt.startswith("Recall and ability of the captioners, of which")


def test_a_survey_of_one_captioner_is_explained_and_fails_nothing(tmp_path):
    loaded = write(tmp_path, {("x", None): 1.0, ("y", None): 1.0})
    survey(tmp_path, ["x"])
    cast = votes(loaded, draws=20, rng=np.random.default_rng(0))
    assert cast.ballots is None and "no respondent ranked two captioners" in cast.why_not
    assert cast.places is None and cast.set_aside is None and cast.shares.empty
    assert figures.preferences(cast.shares, cast.abilities).figure is None
    assert measures.of_survey(cast, None) == {"no_survey": cast.why_not}


def test_two_respondents_prefer_nobody_surely(tmp_path):
    loaded = write(tmp_path, {("x", None): 1.0, ("y", None): 1.0, ("z", None): 1.0})
    survey(tmp_path, ["x", "y", "z"], respondents=2)
    cast = votes(loaded, draws=40, rng=np.random.default_rng(0))
    assert not cast.pairs["different"].any()
    values = measures.of_captioners(compared(loaded)[2], cast)
    assert min(values[f"pair_{number}_preferred_p"] for number in (1, 2, 3)) > 0.05


def test_texts_are_measured_at_one_size_and_probed_in_the_space_of_the_comparison(tmp_path, monkeypatch):
    def encode(texts, model=None):
        vectors = np.array([[sum(map(ord, text)) % 7 + 1.0, len(text), text.count("left") + 0.1] for text in texts])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).reshape(len(texts), 3)

    monkeypatch.setattr(compared_texts, "encode", encode)
    loaded = write(tmp_path, {("x", None): 0.2, ("y", None): 2.0, ("human", None): 1.0})
    captions, vectors, retrieval = compared(loaded)
    drawn = {"draws": 20, "rng": np.random.default_rng(0)}
    texts = compared_texts.text_quality(captions, retrieval, mpnet=None, **drawn)
    wide = texts.quality.table()
    assert wide.columns.tolist() == ["measure", "x", "y"] and texts.quality.size == 30
    assert {"length, words", "distinct-1", "vendi, captions", "agreement, cosine"} <= {*wide["measure"]}
    assert len(texts.human) == 60 and texts.growth.groupby("captioner")["captions"].max().tolist() == [60, 60]
    assert compared_texts.probes(captions, vectors, retrieval, **drawn) is None
    nothing, _, empty = compared(loaded, by="position", positions=3)
    bare = compared_texts.text_quality(nothing, empty, mpnet=None, **drawn)
    assert bare.quality.table().empty and figures.growth(bare.growth).figure is None


def test_people_are_not_held_against_themselves(tmp_path, monkeypatch):
    def encode(texts, model=None):
        vectors = np.random.default_rng(0).normal(size=(len(texts), 6))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    monkeypatch.setattr(caption_space, "encode", encode)
    monkeypatch.setattr(compared_texts, "encode", encode)
    captions, vectors, retrieval = all_three = compared(people(tmp_path, positions=4), by="position", positions=3)
    drawn = {"draws": 20, "rng": np.random.default_rng(0)}
    texts = compared_texts.text_quality(captions, retrieval, mpnet=None, **drawn)
    assert texts.human.empty and not texts.quality.table()["measure"].str.startswith("agreement").any()
    probes = compared_texts.probes(captions, vectors, retrieval, **drawn)
    assert probes["captions_of"].eq(retrieval.leader.name).all()
    text = finding(all_three)
    assert "of 3 tests" in text and "survey" not in text


@pytest.mark.parametrize("missing", ["motions", "embeddings", "nothing"])
def test_tmr_is_asked_for_only_where_it_stands_in(tmp_path, missing):
    one = write(tmp_path, {("x", None): 1.0, ("y", None): 1.0}, vectors=missing != "embeddings")
    one.clips["has_motion"] = missing != "motions"
    captions = compared_captions({"dm": one}, "captioner", splits=["test"])
    assert caption_space.needs_tmr(captions) == (missing == "embeddings")
    assert not caption_space.needs_tmr(compared_captions({"dm": one}, "position", splits=["test"], positions=1))


def test_the_example_is_an_item_of_the_survey_and_no_private_motion(tmp_path):
    stature = np.repeat(np.arange(62), 10)[:, None, None] * 0.002 + 0.5  # of each clip another
    body = np.random.default_rng(0).normal(size=(1, 22, 3)) * [1, 0, 1] + np.linspace(0, 1, 22)[:, None] * [0, 1, 0]
    joints = np.round(1000 * stature * body).astype(np.int16)
    np.save(tmp_path / "joints.npy", joints)
    one = {"dm": write(tmp_path, {("a", None): 1.0, ("b", None): 1.0})}
    asked = SurveyParameters(split="test", items=5, seed=3)
    shown = example(asked, one, shown=lambda corpus: corpus)
    assert shown is not None and shown.seed == "3" and shown.fps == 20
    assert {caption.captioner for caption in shown.item.captions} == {"a", "b"}
    at = CLIPS.index(shown.item.clip_id) * 10
    np.testing.assert_allclose(shown.joints, joints[at : at + 10] / 1000, atol=1e-6)
    assert example(asked, one, shown=lambda corpus: None) is None
    alone = {"dm": write(tmp_path / "alone", {("a", None): 1.0})}
    assert example(asked, alone, shown=lambda corpus: corpus) is None
