"""Clips whose consent was withdrawn are nowhere any more, whatever else there was stays, and the rest is named."""

import json
import shutil
import subprocess
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from lib.base import cache_use, seals
from lib.base.errors import RunError, UserError
from lib.forgetting import places as removing
from lib.forgetting.forget import forget
from lib.survey.key import read as read_key
from lib.text.store import Store, key
from tests.faults import kill
from tests.unit.forgetting import world
from tests.unit.forgetting.world import CLIP, MIRROR, MIRRORED, OTHERS, OWN, PERTURBED, SHARED, kept, vector

TRACES = (CLIP, OWN, MIRRORED, PERTURBED, "take of Ann")
"""What nobody else has; the mirror's id holds the clip's."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    world.write(tmp_path)
    return tmp_path


def run(place: Path, *clips: str, refused: bool = False, published: tuple[Path, ...] = ()) -> list[str]:
    profile, root = world.profile(place), place / "checkout"
    return [*forget(profile, "own", clips, refused=refused, published=published, root=root)]


def test_a_forgotten_clip_is_in_no_byte_of_any_file(place: Path) -> None:
    root = place / "checkout"
    vectors = [vector(file.name + text) for file in kept(root) for text in (OWN, MIRRORED, PERTURBED)]
    before = world.holding(root, *TRACES, *vectors)
    assert len(before) > 20 and "results/world/04_embedding_gap/interactive/map.js" in before
    said = run(place, CLIP)
    assert world.holding(root, *TRACES, *vectors) == []
    stay = "with 2 captions of their own; 1 that other clips have too stay stored"
    assert said[0] == f"Own data: forgetting {MIRROR}, {CLIP}, {stay}"
    assert said[-1].startswith("searched ") and said[-1].endswith("no trace of it is left")
    assert not [path for path in root.rglob("*") if removing.ASIDE in path.name]


def test_no_note_of_what_the_cache_holds_tells_of_a_forgotten_text(place: Path) -> None:
    root = place / "checkout"
    steps = [*cache_use.folder_of(root / ".cache", "world").iterdir()]
    stores = {file.relative_to(root / ".cache").as_posix(): makers for file, makers in kept(root).items()}
    run(place, CLIP)
    for store, makers in stores.items():
        noted = cache_use.rows(steps, store)
        assert not noted & {key(maker, text)[: cache_use.SHORT] for maker in makers for text in (OWN, MIRRORED)}
        assert {key(maker, SHARED)[: cache_use.SHORT] for maker in makers} <= noted


def test_what_is_not_the_clip_s_stays(place: Path) -> None:
    root = place / "checkout"
    run(place, CLIP)
    for file, makers in kept(root).items():
        with Store(file) as store:
            others = (SHARED, f"{SHARED}, take {OTHERS[0]}")
            stays = {key(maker, text): vector(file.name + text) for maker in makers for text in others}
            assert store.get([*stays]) == stays
    assert (root / "results/elsewhere/00_data_preparation/values.json").is_file()
    assert (root / "build/pages/elsewhere/index.qmd").is_file()
    assert [
        json.loads(line)["clip_id"] for line in (root / ".cache/captions/journal.jsonl").read_text().splitlines()
    ] == OTHERS[:1]
    assert [*json.loads((root / ".cache/hashes.json").read_text())] == [f"{place}/data/joints/{OTHERS[0]}.npy"]
    assert [item.clip_id for item in read_key(root / "build/survey/world.key.json").items.values()] == OTHERS[:1]
    assert [video.name for video in (root / "build/survey/world_videos").iterdir()] == ["bbbb.mp4"]
    assert not (root / "build/survey/world.html").exists(), "the page shows the clip's motion, whoever has its caption"
    assert not (root / "build/survey/world.tasks.json").exists(), "tasks lead to the clip's video likewise"
    assert pd.read_csv(root / "survey.csv").clip_id.tolist() == OTHERS[:1]
    cells = nbformat.read(root / "notebooks/02_action_distribution.ipynb", 4).cells
    assert [(cell.source, len(cell.outputs)) for cell in cells] == [("show()", 0), ("count()", 1)]


def test_results_computed_with_the_clip_go_even_where_they_do_not_name_it(place: Path) -> None:
    root = place / "checkout"
    run(place, CLIP)
    assert not (root / "results/world").exists() and not (root / "results/.part/world").exists()
    assert not (root / "build/pages/world").exists()
    assert not (root / "site").exists() and not (root / "build/explored/world").exists()
    assert [*(root / ".cache/generations").iterdir()] == []
    assert not [*(root / ".cache").glob("**/partitions")]
    assert not (root / ".cache/arrays").exists()


def test_lists_of_a_trained_model_are_freed_and_its_seal_is_right(place: Path) -> None:
    trained = place / "checkout/.cache/models/tmr-0123"
    said = run(place, CLIP)
    assert json.loads((trained / "training.json").read_text())["clips"] == OTHERS
    assert pd.read_csv(trained / "pairs.csv").clip_id.tolist() == OTHERS[:1]
    assert seals.intact(trained)
    (line,) = [line for line in said if "tmr-0123" in line and line.startswith("  ")]
    assert "weights, trained on it" in line
    assert any("tmr-4567" in line and "perhaps" in line for line in said), "its data is not here: nobody can tell"


def test_weights_are_named_only_where_the_clip_was_trained_on(place: Path) -> None:
    said = run(place, OTHERS[2])
    assert not any("weights," in line for line in said), "a clip of the test split teaches nothing"


def test_a_second_run_finds_nothing_and_the_source_is_as_it_was(place: Path) -> None:
    before = {path.name: path.read_bytes() for path in (place / "data").iterdir()}
    first, second = run(place, CLIP), run(place, CLIP)
    assert any(line.startswith("removed ") for line in first)
    assert second[1] == "nothing of it was left to remove"
    assert {path.name: path.read_bytes() for path in (place / "data").iterdir()} == before
    (source,) = [line for line in first if "the source data" in line]
    assert "captions.parquet, clips.parquet" in source and "set their consent to false" in source


def test_copies_that_hold_the_clip_go_whole_and_the_others_check(place: Path) -> None:
    shared = world.publications(place)
    said = run(place, CLIP, published=(shared,))
    assert sorted(path.name for path in shared.iterdir()) == ["2026-01-30-aaa", "latest"]
    assert world.holding(shared, *TRACES) == []
    assert (shared / "latest/index.html").read_text() == "<html><p>nobody</p></html>"
    command = ["sha256sum", "--check", "--strict", "--quiet", "MANIFEST.sha256"]
    assert subprocess.run(command, cwd=shared / "2026-01-30-aaa").returncode == 0
    assert any("2026-01-30-aaa" in line and "computed with them" in line for line in said)


def test_an_unfinished_export_is_known_by_the_names_that_exports_give(place: Path) -> None:
    """Nothing in it says an id as the corpus has it, and ids such as these tell nobody by themselves."""
    for name in ("clips", "captions"):
        table = pd.read_parquet(place / f"data/{name}.parquet")
        table.replace({"clip_id": {OTHERS[1]: "a b", OTHERS[2]: "12", OTHERS[3]: "13"}}).to_parquet(
            place / f"data/{name}.parquet"
        )
    shared = place / "shared"
    for export, name in (("one", "own-a~20b"), ("two", "Mown-12"), ("three", "own-13")):
        (shared / f".{export}.part/new_joint_vecs").mkdir(parents=True)
        (shared / f".{export}.part/new_joint_vecs/{name}.npy").write_bytes(b"motion")
        (shared / f".{export}.record").write_text(json.dumps([f"new_joint_vecs/{name}.npy", 6, "aa", 44]))
    run(place, "a b", "12", published=(shared,))
    assert sorted(path.name for path in shared.iterdir()) == [".three.part", ".three.record"]


def test_the_checkout_s_own_folder_of_copies_is_searched_unasked(place: Path) -> None:
    root = place / "checkout"
    world.publications(place).rename(root / "published")
    run(place, CLIP)
    assert world.holding(root, *TRACES) == []
    assert sorted(path.name for path in (root / "published").iterdir()) == ["2026-01-30-aaa", "latest"]


def test_a_folder_that_is_a_copy_itself_is_left_empty(place: Path) -> None:
    copy = world.publications(place) / "export"
    for _ in range(2):
        run(place, CLIP, published=(copy,))
        assert [*copy.iterdir()] == []


def test_a_file_that_is_no_copy_is_left_alone_and_reported(place: Path) -> None:
    shared = world.publications(place)
    (shared / "mail.txt").write_text(f"They said: {OWN.upper()}!")
    with pytest.raises(RunError, match=r"a trace is left in .*mail\.txt; delete them by hand"):
        run(place, CLIP, published=(shared,))
    assert (shared / "mail.txt").is_file()


def test_a_backup_of_the_source_is_nobody_s_to_delete(place: Path) -> None:
    shared = world.publications(place)
    shutil.copytree(place / "data", shared / "backup")
    with pytest.raises(RunError, match=r"backup/captions\.parquet"):
        run(place, CLIP, published=(shared,))
    assert world.holding(shared / "backup", OWN) == ["captions.parquet"]


def test_the_source_is_no_copy_even_where_it_lies_among_them(place: Path) -> None:
    before = {path.name for path in (place / "data").iterdir()}
    run(place, CLIP, published=(place,))
    assert {path.name for path in (place / "data").iterdir()} == before


def test_refused_finds_what_the_manifest_withholds_now(place: Path) -> None:
    assert run(place, refused=True) == ["Own data: no row is without consent, nothing to forget"]
    world.manifest(place / "data", refused=(CLIP,))
    said = run(place, refused=True)
    assert MIRROR in said[0] and CLIP in said[0]
    assert world.holding(place / "checkout", *TRACES) == []
    assert any("the source data" in line and "it withholds them now" in line for line in said)


def test_a_result_of_the_corpus_as_it_is_now_stays(place: Path) -> None:
    world.manifest(place / "data", refused=(CLIP,))
    now = world.corpus_fingerprint(place / "data")
    again = place / "checkout/results/world/00_data_preparation"
    world.result(again, now, named=False)
    world.site(place / "checkout/site", "world", "<p>nobody</p>", sha256=now)
    staged = world.site(place / "checkout/build/pages/world", "world", "<p>nobody</p>", sha256=now)
    (staged / "provenance.html").rename(staged / "provenance.qmd")
    run(place, refused=True)
    assert (again / "values.json").is_file() and (place / "checkout/site/index.html").is_file()
    assert (staged / "provenance.qmd").is_file()
    assert not (place / "checkout/results/world/04_embedding_gap").exists()


@pytest.mark.parametrize("at", [0, 3, 6, 9, 12])
def test_killed_before_any_rename_it_can_be_run_again(place: Path, at: int) -> None:
    shared = world.publications(place)
    assert kill.killed_before(at, lambda: run(place, CLIP, published=(shared,)))
    run(place, CLIP, published=(shared,))
    assert world.holding(place / "checkout", *TRACES) == [] and world.holding(shared, *TRACES) == []


@pytest.mark.parametrize(
    ("corpus", "clips", "line"),
    [
        ("own", ["zq9"], "no clip 'zq9'; a row stays in the corpus, with consent false, until its clip is forgotten"),
        ("own", ["zq9", "zq8"], "no clip 'zq8', and 1 more"),
        ("dm", [CLIP], "dm: no corpus of that key; name one of own"),
        ("own", [], "own: no clip named"),
    ],
)
def test_what_cannot_be_forgotten_is_one_line(place: Path, corpus: str, clips: list[str], line: str) -> None:
    with pytest.raises(UserError) as caught:
        next(forget(world.profile(place), corpus, clips, root=place / "checkout"))
    assert line in str(caught.value) and "\n" not in str(caught.value)
    assert world.holding(place / "checkout", CLIP), "nothing was removed"
