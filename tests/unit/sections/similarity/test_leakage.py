import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.sections.similarity.leakage import shared_sources, source_overlap

CUT = st.tuples(st.sampled_from(["a/1", "a/2", "b/1"]), st.integers(0, 20), st.integers(1, 12), st.booleans())


def index_of(cuts: list[tuple[str, int, int, bool]]) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    rows = [(source, start, start + length, f"{i}.npy") for i, (source, start, length, _) in enumerate(cuts)]
    index = pd.DataFrame(rows, columns=["source_path", "start_frame", "end_frame", "new_name"])
    ids: dict[str, list[str]] = {"train": [], "test": []}
    for i, (*_, tested) in enumerate(cuts):
        ids["test" if tested else "train"] += [str(i), f"M{i}"]
    return index, ids


@given(st.lists(CUT, min_size=1, max_size=12))
def test_overlap_is_that_of_the_sets_of_frames(cuts: list[tuple[str, int, int, bool]]) -> None:
    audit = source_overlap(*index_of(cuts))
    frames = [{(source, frame) for frame in range(start, start + length)} for source, start, length, _ in cuts]
    train = [i for i, cut in enumerate(cuts) if not cut[3]]
    assert audit.flags["clip_id"].tolist() == [str(i) for i, cut in enumerate(cuts) if cut[3]]
    for row in audit.flags.itertuples():
        i = int(row.clip_id)
        shares = {str(j): len(frames[i] & frames[j]) / len(frames[i]) for j in train if cuts[j][0] == cuts[i][0]}
        assert row.shares_source == bool(shares)
        assert row.shares_folder == any(cuts[j][0][0] == cuts[i][0][0] for j in train)
        assert row.overlap == pytest.approx(max(shares.values(), default=0))
        assert row.overlaps == any(shares.values())
        assert row.half_covered == any(share >= 0.5 for share in shares.values())
        assert not shares or shares[row.train_clip] == pytest.approx(max(shares.values()))


def test_an_end_of_minus_one_is_the_end_of_the_file() -> None:
    index = pd.DataFrame(
        {
            "source_path": ["s"] * 2 + ["t"] * 2 + ["u"] * 2,
            "start_frame": [0, 10, 5, 0, 0, 0],
            "end_frame": [-1, 30, -1, 9, -1, -1],
            "new_name": [f"{i}.npy" for i in range(6)],
        }
    )
    flags = source_overlap(index, {"train": ["0", "3", "4"], "test": ["1", "2", "5"]}).flags.set_index("clip_id")
    assert flags.loc["1", "overlap"] == 1
    assert flags.loc["2", "overlaps"] and pd.isna(flags.loc["2", "overlap"]) and not flags.loc["2", "half_covered"]
    assert flags.loc["5", "overlap"] == 1 and flags.loc["5", "half_covered"]


def test_adjacent_cuts_do_not_overlap() -> None:
    index, ids = index_of([("s", 0, 10, False), ("s", 10, 5, True)])
    audit = source_overlap(index, ids)
    assert (audit.count("shares_source"), audit.count("overlaps")) == (1, 0)


def test_what_is_not_in_the_index_is_counted() -> None:
    index, ids = index_of([("s", 0, 10, False), ("s", 2, 4, True)])
    audit = source_overlap(index, {**ids, "test": [*ids["test"], "stranger"]})
    assert audit.info["not_in_index"] == 1 and audit.info["mirrors_left_out"] == 1
    assert audit.summary.set_index("flag")["of"].eq(1).all()


def test_manifest_sources() -> None:
    clips = pd.DataFrame(
        {
            "clip_id": ["a", "b", "Mb", "c", "d", "e"],
            "split": ["train", "test", "test", "test", "test", "val"],
            "source": ["x", "x", "x", "y", None, "x"],
            "mirror_of": [None, None, "b", None, None, None],
        }
    )
    audit = shared_sources(clips)
    assert audit.flags["clip_id"].tolist() == ["b", "c"]
    assert audit.count("shares_source") == 1 and audit.flags["train_clip"].tolist()[0] == "a"
    assert audit.info["without_source"] == 1 and audit.info["mirrors_left_out"] == 1


def test_nothing_to_audit() -> None:
    index, _ = index_of([("s", 0, 10, False)])
    audit = source_overlap(index, {"train": ["0"], "test": []})
    assert audit.summary["clips"].eq(0).all()
