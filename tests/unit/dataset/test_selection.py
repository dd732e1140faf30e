"""What enters an export, from cases written by hand."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.base.errors import CorpusError, ParamsError, RunError
from lib.corpus import Corpus
from lib.dataset.ids import file_ids
from lib.dataset.members import Member, allowed
from tests.unit.dataset import small


def test_a_test_clip_that_an_added_corpus_shows_is_not_on_the_list(inputs: Path, tmp_path: Path) -> None:
    root = tmp_path / "in"
    shutil.copytree(inputs, root)
    own = root / "results" / "01_similarity_test" / "tables" / "leak_free_test.txt"
    own.write_text("# Own rule.\n000007\nM000007\n000008\nM000008\n")
    own.with_name("leak_free_test_dm.txt").write_text("# Rule with Own.\n000008\nM000008\n")
    own.with_name("leak_free_test_other.txt").write_text("# Not exported.\n")
    small.make(root, tmp_path / "both")
    small.make(root, tmp_path / "public", keys=("h3d",))
    listed = {name: (tmp_path / name / "test_leak_free.txt").read_text().split() for name in ("both", "public")}
    assert listed["both"] == ["h3d-000008", "Mh3d-000008"] and len(listed["public"]) == 4
    assert "Own rule. Rule with Own." in (tmp_path / "both" / "README.md").read_text(encoding="utf-8")


def test_without_the_list_of_an_added_corpus_no_clip_is_called_leak_free(inputs: Path, tmp_path: Path) -> None:
    root, out = tmp_path / "in", tmp_path / "out"
    shutil.copytree(inputs, root)
    (root / "results" / "01_similarity_test" / "tables" / "leak_free_test_dm.txt").unlink()
    small.make(root, out)
    assert not (out / "test_leak_free.txt").exists() and not (out / "splits" / "test_leak_free.txt").exists()
    assert pd.read_parquet(out / "clips.parquet")["leak_free"].isna().all()
    assert "There is no leak-free test list for this train" in (out / "README.md").read_text(encoding="utf-8")


def test_a_damaged_table_of_judged_clips_is_refused(inputs: Path, tmp_path: Path) -> None:
    root = tmp_path / "in"
    shutil.copytree(inputs, root)
    file = root / "results" / "00_data_preparation" / "kept.parquet"
    table = pd.read_parquet(file)
    pd.concat([table, table.head(1).assign(kept=False, reason="high-pass")]).to_parquet(file, index=False)
    with pytest.raises(CorpusError, match=r"kept.parquet: a clip is judged twice"):
        small.make(root, tmp_path / "out")


def test_a_private_corpus_leaves_no_trace_where_it_is_not_named(inputs: Path, tmp_path: Path) -> None:
    small.make(inputs, tmp_path / "out", keys=("h3d",), webdataset=True)
    written = small.files(tmp_path / "out")
    assert not [name for name in written if "dm-" in name]
    for trace in (b"video 2", b"someone spins", b"a person dances", b"take 2"):
        assert not [name for name, content in written.items() if trace in content], trace
    clips = pd.read_parquet(tmp_path / "out" / "clips.parquet")
    assert {*clips["corpus"]} == {"h3d"} and clips["weight"].sum() == pytest.approx(1)
    assert clips.set_index("id").loc["h3d-000001", "weight"] == pytest.approx(0.4 / 0.7 / 2)
    card = written["README.md"].decode()
    assert "**internal**" not in card and "Own is private and not in it" in card


def test_private_corpora_are_named_by_their_keys() -> None:
    corpora = {"h3d": False, "dm": True, "own": True}
    assert allowed(corpora, ["own"]) == ["h3d", "own"]
    with pytest.raises(ParamsError, match="PRIVATE names h3d, which is no private corpus here.*dm and own"):
        allowed(corpora, ["h3d"])
    with pytest.raises(ParamsError, match="h3d is private, and val and test are the benchmark's own; name it"):
        allowed({"h3d": True, "dm": False}, [])


def test_without_results_all_clips_with_consent_are_there_and_the_card_says_so(inputs: Path, tmp_path: Path) -> None:
    shutil.copytree(inputs / "h3d", tmp_path / "h3d")
    shutil.copytree(inputs / "dm", tmp_path / "dm")
    small.make(tmp_path, tmp_path / "out", mirrors=False)
    clips = pd.read_parquet(tmp_path / "out" / "clips.parquet")
    train = clips[clips["split"] == "train"]
    assert {*train["clip_id"]} == {*small.PUBLIC["train"], "000001", "take 2/b.é", "dull"}
    assert {*train["weight"].round(9)} == {round(1 / 7, 9)} and train["cluster"].isna().all()
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "Own has no filter: all its clips with consent are here." in card and "There are no clusters" in card
    assert "There is no leak-free test list" in card and not (tmp_path / "out" / "test_leak_free.txt").exists()


def test_without_clusters_a_mirror_shares_the_weight_of_its_base_too(inputs: Path, tmp_path: Path) -> None:
    shutil.copytree(inputs / "h3d", tmp_path / "h3d")
    (tmp_path / "h3d" / "train.txt").write_text("000001\nM000001\n000002\n")
    small.make(tmp_path, tmp_path / "out", keys=("h3d",))
    weights = pd.read_parquet(tmp_path / "out" / "clips.parquet").set_index("id")["weight"].dropna()
    assert weights.to_dict() == pytest.approx({"h3d-000001": 1 / 4, "Mh3d-000001": 1 / 4, "h3d-000002": 1 / 2})


def test_a_clip_that_was_not_clustered_is_never_drawn_and_counted(inputs: Path, tmp_path: Path) -> None:
    root = tmp_path / "in"
    shutil.copytree(inputs, root)
    file = root / "results" / "05_clustering" / "sampling_weights.parquet"
    table = pd.read_parquet(file)
    table[table["clip_id"] != "dm/000001"].to_parquet(file, index=False)
    small.make(root, tmp_path / "out")
    clips = pd.read_parquet(tmp_path / "out" / "clips.parquet").set_index("id")
    assert clips.loc["dm-000001", "weight"] == 0 and clips["weight"].sum() == pytest.approx(1)
    assert "1 clip of train has the weight 0" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_captioners_are_those_that_were_asked_for(inputs: Path, tmp_path: Path) -> None:
    small.make(inputs, tmp_path / "both", captioners=["good", "bad"])
    captions = pd.read_parquet(tmp_path / "both" / "captions.parquet").query("corpus == 'dm'")
    assert sorted(captions["text"]) == [
        "a person cooks",
        "a person dances",
        "a person jumps",
        "someone spins\nand bows",
        "someone spins back",
    ]
    with pytest.raises(ParamsError, match="Own has no training captions by nobody; .*bad and good"):
        small.make(inputs, tmp_path / "none", captioners=["nobody"])


def test_a_chosen_captioner_without_training_captions_is_told(inputs: Path, tmp_path: Path) -> None:
    root = tmp_path / "in"
    shutil.copytree(inputs, root)
    file = root / "dm" / "captions.parquet"
    captions = pd.read_parquet(file)
    captions[captions["captioner"] == "bad"].to_parquet(file, index=False)
    small.make(root, tmp_path / "out")
    assert {*pd.read_parquet(tmp_path / "out" / "captions.parquet").query("corpus == 'dm'")["captioner"]} == {"bad"}
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "The chosen captioner, good, wrote no caption of a training clip of Own; its captions are by bad." in card


def test_captions_that_were_made_to_compare_may_be_trained_on_and_the_card_says_what_was_compared(
    inputs: Path, tmp_path: Path
) -> None:
    root = tmp_path / "in"
    shutil.copytree(inputs, root)
    captions = pd.read_parquet(root / "dm" / "captions.parquet")
    good = captions["captioner"] == "good"
    captions[~good].to_parquet(root / "dm" / "captions.parquet", index=False)
    candidates = captions[good].assign(prompt="describe", temperature=0.0)
    candidates.to_parquet(root / "dm" / "captioner_captions.parquet", index=False)
    small.make(root, tmp_path / "out")
    exported = pd.read_parquet(tmp_path / "out" / "captions.parquet").query("corpus == 'dm'")
    assert sorted(exported["text"]) == ["a person dances", "someone spins\nand bows", "someone spins back"]
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "leak-free test lists were made with its captions by bad, so that these may repeat test captions" in card


def test_a_motion_that_cannot_be_read_is_counted_and_in_no_list(inputs: Path, tmp_path: Path) -> None:
    root = tmp_path / "in"
    shutil.copytree(inputs, root)
    file = root / "h3d" / "new_joint_vecs" / "000001.npy"
    content = bytearray(file.read_bytes())
    content[-4:] = b"\x00\x00\xc0\x7f"  # not a number, which the header does not tell
    file.write_bytes(content)
    small.make(root, tmp_path / "out")
    out = tmp_path / "out"
    assert "\nh3d-000001\n" not in "\n" + (out / "train.txt").read_text()
    assert "h3d-000001" not in json.loads((out / "annotations.json").read_text())
    assert not (out / "texts" / "h3d-000001.txt").exists()
    assert pd.read_parquet(out / "clips.parquet")["weight"].sum() == pytest.approx(1)
    assert "| Public | train | motion that cannot be used | 1 |" in (out / "README.md").read_text(encoding="utf-8")


def test_a_file_that_went_while_it_was_exported_is_no_clip_without_motion(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "in"
    shutil.copytree(inputs, root)

    def going(key: str, loaded: Corpus, *, private: bool = False) -> Member:
        (root / "h3d" / "new_joint_vecs" / "000003.npy").unlink(missing_ok=True)
        return Member(key, loaded, private)

    monkeypatch.setattr(small, "Member", going)
    with pytest.raises(RunError, match=r"^clips: rows 0 to 16 failed: .*000003.npy: no such file"):
        small.make(root, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@given(
    st.lists(
        st.tuples(st.sampled_from(["dm", "dm_2", "h3d"]), st.text(min_size=1, max_size=300), st.booleans()),
        unique_by=lambda one: one[:2],
        max_size=20,
    )
)
def test_ids_never_collide_and_fit_every_file_system(clips: list[tuple[str, str, bool]]) -> None:
    clips = [(key, clip_id.encode("utf-8", "replace").decode(), mirror) for key, clip_id, mirror in clips]
    clips = [*{one[:2]: one for one in clips}.values()]
    first: dict[str, str] = {}
    rows = [(key, clip_id, first.get(key) if mirror else first.setdefault(key, clip_id) and None)
            for key, clip_id, mirror in clips]  # fmt: skip
    names = file_ids(rows)
    assert len({name.casefold() for name in names}) == len(clips)
    for name, (key, _, _) in zip(names, rows, strict=True):
        assert name.removeprefix("M").split("-")[0] == key
        assert len(f"{name}.npy") <= 255 and name.isascii() and not {*name} & {*"/\\.: \"'*?<>|%#"}
