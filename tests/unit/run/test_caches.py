"""A cache that a profile uses stays, one that none uses goes, a stranger's file is left and named."""

import json
from pathlib import Path

import pytest

from lib.base import cache_use
from lib.base.cache_use import collected, judging, note
from lib.base.errors import ParamsError, RunError, UserError
from lib.base.paths import ROOT
from lib.run import caches
from lib.run.caches import ARRAYS, JOURNALS, MOTIONS, PARTITIONS, TRAININGS, VECTORS, WEIGHTS, survey
from lib.text import mpnet
from lib.text.store import Store, key

STEM = "04_embedding_gap"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A cache, and the profiles one and two; one reads what no two does."""
    cache, folder = tmp_path / ".cache", tmp_path / "params"
    folder.mkdir()
    for name in ("one", "two"):
        text = (ROOT / "params" / "smoke.yml").read_text(encoding="utf-8")
        (folder / f"{name}.yml").write_text(text.replace("profile: smoke", f"profile: {name}"), encoding="utf-8")
    monkeypatch.setattr(cache_use.note_rows, "__kwdefaults__", {"cache": cache})
    return {"cache": cache, "folder": folder, "results": tmp_path / "results"}


def filled(path: Path, count: int = 1000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"w" * count)
    return path


def tmr(letter: str) -> str:
    return f"models/tmr-{letter * 16}"


def used(cache: Path, profile: str, step: str, *names: str, **ways: str) -> None:
    with collected(profile, step, cache=cache, **ways):
        for name in names:
            note(cache / name, cache=cache)


def test_what_a_profile_uses_stays_and_the_rest_goes(places: dict[str, Path]) -> None:
    cache = places["cache"]
    kept = [tmr("a"), f"generations/{'b' * 16}", "partitions/quality/0123456789abcdef.parquet", mpnet_place(cache)]
    kept.append(f"arrays/{'a' * 64}.npy")
    gone = [tmr("c"), f"generations/{'d' * 16}", "embeddings/partitions/vectors/fedcba9876543210.parquet", tmr("e")]
    gone += [f"arrays/{'b' * 64}.npy", f"arrays/.{'c' * 64}.npy.4194305"]
    for name in (*kept, *gone):
        filled(cache / name if name.endswith(".parquet") or name.startswith("arrays") else cache / name / "weights")
    (cache / "tags/partitions/tags").mkdir(parents=True)
    used(cache, "one", STEM, *kept[:2])
    used(cache, "two", "models", *kept[1:])
    used(cache, "nobody", STEM, *gone)
    found = survey(**places)
    assert {name: kind.taken for name, kind in found.kinds.items()} == {
        TRAININGS: 3000,
        WEIGHTS: 1000,
        MOTIONS: 2000,
        PARTITIONS: 2000,
        ARRAYS: 3000,
    }
    assert {entry for kind in found.kinds.values() for entry in kind.unused} == {*gone} and not found.strangers
    assert dict(found.kinds[MOTIONS].used) == {"one": 1000, "two": 1000} and found.unused == 6000
    assert all((cache / name).exists() for name in (*kept, *gone)), "looking removes nothing"
    assert found.remove() == 6000
    assert all((cache / name).exists() for name in kept) and not any((cache / name).exists() for name in gone)
    again = survey(**places)
    assert again.unused == again.remove() == 0


def mpnet_place(cache: Path) -> str:
    return mpnet.place(cache / "models").relative_to(cache).as_posix()


def test_rows_of_a_store_go_one_by_one_and_the_file_gets_smaller(places: dict[str, Path]) -> None:
    file = places["cache"] / "embeddings" / "sentences.sqlite"
    keys = {text: key("model", text) for text in map(str, range(400))}
    with Store(file) as store:
        store.put((one, bytes(3072)) for one in keys.values())
    with collected("one", STEM, cache=places["cache"]), Store(file) as store:
        store.get([keys["7"], keys["8"], key("model", "never kept")])
    before = file.stat().st_size
    found = survey(**places)
    row = 32 + 3072 + 16
    assert dict(found.kinds[VECTORS].used) == {"one": 2 * row}
    assert found.kinds[VECTORS].unused == {"embeddings/sentences.sqlite": 398 * row}
    assert found.remove() == 398 * row
    with Store(file) as store:
        assert store.has(list(keys.values())) == {keys["7"], keys["8"]}
        assert store.get([keys["7"]]) == {keys["7"]: bytes(3072)}
    assert file.stat().st_size < before / 20


def test_a_strangers_file_is_left_and_named(places: dict[str, Path]) -> None:
    cache = places["cache"]
    names = [
        "notes.txt",
        "models/my-own-model",
        "models/tmr-short",
        "generations/keep me",
        "embeddings/mine.npy",
        "mine",
    ]
    for name in names:
        filled(cache / name)
    filled(cache / "elsewhere")
    (cache / "models" / f"tmr-{'a' * 16}").symlink_to(cache / "elsewhere")
    found = survey(**places)
    strangers = {*names, "elsewhere", tmr("a")}
    assert {path.relative_to(cache).as_posix() for path in found.strangers} == strangers
    assert found.remove() == 0 and all((cache / name).exists() for name in strangers)
    assert {line.rpartition(":")[0].rpartition(".cache/")[2] for line in found.lines()} == strangers


def test_what_the_project_needs_to_run_is_no_strangers(places: dict[str, Path]) -> None:
    cache = places["cache"]
    for name in ("hashes.json", "environment_seconds", "locks/results.lock", "quarto_styles/css-1/light.css"):
        filled(cache / name)
    for name in ("models/.momask.lock", "models/.momask.material/x.npy", "uses/one/models/entries"):
        filled(cache / name)
    found = survey(**places)
    assert not found.strangers and not found.kinds and found.unused == 0


def test_journals_of_captioning_are_shown_and_never_removed(places: dict[str, Path]) -> None:
    file = filled(places["cache"] / "captioning" / ("a" * 16) / "journal.sqlite")
    found = survey(**places)
    assert found.kinds[JOURNALS].taken == 1000 and found.remove() == 0 and file.exists()
    assert "paid" in next(found.lines())


def test_a_training_under_way_or_killed_is_used_and_a_strangers_is_not(places: dict[str, Path]) -> None:
    cache = places["cache"]
    running, left = (f"models/.tmr-{letter * 16}.part" for letter in "ab")
    for folder in (running, left):
        filled(cache / folder / "checkpoint.pt")
        filled(cache / folder.replace(".part", ".lock"), 0)
    with collected("one", "models", cache=cache):
        note(cache / tmr("a"), cache=cache)
        found = survey(**places)
    assert {entry for entry in found.kinds[TRAININGS].unused} == {left, left.replace(".part", ".lock")}
    found.remove()
    assert (cache / running / "checkpoint.pt").is_file() and not (cache / left).exists()


def test_notes_of_a_notebook_that_the_profile_no_longer_runs_do_not_count(places: dict[str, Path]) -> None:
    cache = places["cache"]
    filled(cache / tmr("a") / "weights")
    used(cache, "one", STEM, tmr("a"))
    assert not survey(**places).unused
    file = places["folder"] / "one.yml"
    lines = file.read_text(encoding="utf-8").splitlines()
    assert any(STEM in line for line in lines)
    stay = [line for line in lines if not any(stem in line for stem in (STEM, "05_", "06_", "07_"))]
    file.write_text("\n".join(stay), encoding="utf-8")
    assert survey(**places).unused == 1000


def test_vectors_of_a_corpus_are_used_beside_those_of_another(places: dict[str, Path]) -> None:
    cache, names = places["cache"], [f"partitions/video vectors/{letter * 64}.parquet" for letter in "abc"]
    for name, corpus in zip(names, ("dm", "h3d", "gone"), strict=True):
        filled(cache / name)
        used(cache, "one", judging(corpus), name)
    assert set(survey(**places).kinds[PARTITIONS].unused) == {names[2]}


def test_a_profile_whose_data_is_elsewhere_keeps_all_that_it_ever_used(places: dict[str, Path]) -> None:
    cache, file = places["cache"], places["folder"] / "far.yml"
    file.write_text("profile: far\ncorpora: {dm: {label: dm, kind: manifest, root: '${NOT_SET_ANYWHERE}'}}\n")
    filled(cache / tmr("a") / "weights")
    used(cache, "far", STEM, tmr("a"))
    assert not survey(**places).unused
    file.unlink()
    assert survey(**places).unused == 1000


def test_results_that_do_not_say_what_they_use_stop_the_removal_in_one_line(places: dict[str, Path]) -> None:
    cache, folder = places["cache"], places["results"] / "one" / STEM
    filled(cache / tmr("a") / "weights")
    folder.mkdir(parents=True)
    for name in ("values.json", "provenance.json"):
        (folder / name).write_text(json.dumps({}), encoding="utf-8")
    found = survey(**places)
    assert found.untold == [f"one/{STEM}"]
    with pytest.raises(RunError, match=f"do not say what they use, such as one/{STEM}.*--force") as refused:
        found.remove()
    assert "\n" not in str(refused.value) and (cache / tmr("a") / "weights").is_file()
    used(cache, "one", STEM)
    assert survey(**places).remove() == 1000


def test_a_file_without_a_profile_stops_the_look_in_one_line(places: dict[str, Path]) -> None:
    (places["folder"] / "half.yml").write_text("corpora: {}\n")
    with pytest.raises(ParamsError, match=r"half.yml: does not say its profile"):
        survey(**places)


def test_a_store_is_not_made_smaller_where_the_disk_has_no_room(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = places["cache"] / "tags" / "tokens.sqlite"
    with Store(file) as store:
        store.put([(key("m", "t"), b"v")])

    def full(folder: Path, needed: int, what: str) -> None:
        raise UserError(f"{what} needs room", where=folder)

    monkeypatch.setattr(caches, "require_room", full)
    with pytest.raises(UserError, match="making tokens.sqlite smaller needs room"):
        survey(**places).remove()
    with Store(file) as store:
        assert store.has([key("m", "t")])


def test_no_cache_at_all_holds_nothing(places: dict[str, Path]) -> None:
    found = survey(**places)
    assert [*found.lines()] == [] and found.remove() == 0 and not places["cache"].exists()
