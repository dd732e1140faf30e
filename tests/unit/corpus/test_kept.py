"""What the filter keeps: the table is read whole or refused, and a corpus reduced to it has nothing else anywhere."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.base.errors import UserError
from lib.corpus import Corpus, Provenance
from lib.corpus.kept import read_kept, restricted, used_clips

ROWS = [("dm", "a", True, "", 0.9), ("dm", "b", False, "pose realism", 0.1), ("dm", "c", False, "body mode", 0.5)]
COLUMNS = ["corpus", "clip_id", "kept", "reason", "realism"]


def table(rows: list[tuple] = ROWS) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype({"kept": bool})


def corpus(clips: dict[str, tuple[str, str]], lists: dict[str, list[str]] | None = None) -> Corpus:
    """Clips by id: their base clip and their split; each has a caption, and another to compare."""
    rows = [(clip, base, split) for clip, (base, split) in clips.items()]
    frame = pd.DataFrame(rows, columns=["clip_id", "base_id", "split"])
    frame["mirror_of"] = frame["base_id"].where(frame["base_id"] != frame["clip_id"])
    captions, candidates = (
        pd.DataFrame({"clip_id": frame["clip_id"], "caption_id": frame["clip_id"] + f"#{n}", "text": "x"})
        for n in range(2)
    )
    splits = {name: frame.loc[frame["split"] == name, "clip_id"].tolist() for name in ("train", "val", "test")}
    about = Provenance(Path("x"), {})
    return Corpus("DM", frame, captions, splits, None, about, candidates, subsets=lists or {})  # type: ignore[arg-type]


CLIPS = {
    "a": ("a", "train"),
    "Ma": ("a", "train"),
    "b": ("b", "train"),
    "Mb": ("b", "test"),
    "c": ("c", "test"),
    "unjudged": ("unjudged", "val"),
}


def test_a_corpus_is_reduced_everywhere_and_a_mirror_falls_with_its_base_clip() -> None:
    reduced = restricted(corpus(CLIPS, {"all": [*CLIPS, "never loaded"]}), table(), "dm")
    assert reduced.clips["clip_id"].tolist() == ["a", "Ma"] and [*reduced.clips.index] == [0, 1]
    assert reduced.captions["caption_id"].tolist() == ["a#0", "Ma#0"]
    assert reduced.candidates is not None and reduced.candidates["caption_id"].tolist() == ["a#1", "Ma#1"]
    assert reduced.splits == {"train": ["a", "Ma"], "val": [], "test": []}
    assert reduced.subsets == {"all": ["a", "Ma", "never loaded"]}


def test_splits_that_stay_whole_keep_every_clip_of_theirs() -> None:
    reduced = restricted(corpus(CLIPS), table(), "dm", whole=("val", "test"))
    assert reduced.clips["clip_id"].tolist() == ["a", "Ma", "Mb", "c", "unjudged"]
    assert reduced.splits["test"] == ["Mb", "c"]


def test_a_corpus_that_was_not_judged_stays_as_it_is() -> None:
    whole = corpus(CLIPS)
    assert restricted(whole, table(), "h3d") is whole


def test_a_filter_that_keeps_nothing_says_what_to_loosen() -> None:
    with pytest.raises(UserError, match="^DM: the filter keeps none of its clips; loosen the bounds of preparation"):
        restricted(corpus(CLIPS), table(ROWS[1:]), "dm", whole=("test",))


def test_what_a_page_says_counts_clips_without_mirrors() -> None:
    whole = {"dm": corpus(CLIPS), "h3d": replace(corpus({"x": ("x", "train")}), name="HumanML3D")}
    used = {**whole, "dm": restricted(whole["dm"], table(), "dm")}
    assert "those that the filter keeps are used: 1 of 4 of DM and all 1 of HumanML3D." in used_clips(whole, used)
    assert used_clips(whole, whole) == ""


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.sampled_from(["train", "test"]), st.booleans())))
def test_what_stays_is_what_the_table_and_the_whole_splits_say(judged: dict[str, tuple[str, bool]]) -> None:
    clips = {clip: (clip, split) for clip, (split, _) in judged.items()} | {"z": ("z", "train"), "Mz": ("z", "test")}
    rows = [("dm", clip, kept, "" if kept else "persons", 0.0) for clip, (_, kept) in judged.items()]
    reduced = restricted(corpus(clips), table([*rows, ("dm", "z", True, "", 0.0)]), "dm", whole=["test"])
    by_hand = {clip for clip, (split, kept) in judged.items() if kept or split == "test"} | {"z", "Mz"}
    assert {*reduced.clips["clip_id"]} == {*reduced.captions["clip_id"]} == by_hand
    assert {clip for ids in reduced.splits.values() for clip in ids} == by_hand


def test_a_table_is_read_as_it_was_written_and_an_empty_one_too(tmp_path: Path) -> None:
    for written in (table(), table([])):
        written.astype({"corpus": "str", "clip_id": "str", "reason": "str"}).to_parquet(tmp_path / "kept.parquet")
        assert read_kept(tmp_path / "kept.parquet")["clip_id"].tolist() == written["clip_id"].tolist()


def test_a_table_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not known yet which clips the filter keeps; make it again: .*run 00_"):
        read_kept(tmp_path / "kept.parquet")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda t: t.drop(columns="kept"), "column kept is missing"),
        (lambda t: t.assign(kept=["yes", "no", "no"]), "column kept is str instead of bool"),
        (lambda t: t.assign(reason=[None, "x", "y"]), "column reason, row 0: no value"),
        (lambda t: pd.concat([t, t[:1]], ignore_index=True), "a clip is judged twice"),
        (lambda t: t.assign(reason=["", "", "x"]), "dropped for none"),
        (lambda t: t.assign(reason=["x", "x", "x"]), "kept for a reason"),
    ],
)
def test_a_damaged_table_is_one_line_that_names_it(tmp_path: Path, spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    spoil(table()).to_parquet(tmp_path / "kept.parquet")
    with pytest.raises(UserError, match=said) as caught:
        read_kept(tmp_path / "kept.parquet")
    assert "kept.parquet: " in str(caught.value) and "run 00_data_preparation --force" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_cut_short_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "kept.parquet"
    table().to_parquet(file)
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(UserError, match="kept.parquet: not a readable parquet file .* make it again"):
        read_kept(file)
