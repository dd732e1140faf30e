"""What was made of clips in this checkout, removed: results, pages, the site, surveys, and what the cache holds."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock

from lib.base import atomic, seals, state
from lib.corpus.texts_without_consent import CLIPS
from lib.dataset.part import SUMS
from lib.engine.arrays import ARRAYS
from lib.engine.results import PARTITIONS
from lib.forgetting import stores
from lib.forgetting.clips import Forgotten
from lib.forgetting.lists import take_out
from lib.forgetting.places import Places, discard, shows
from lib.forgetting.traces import Traces, files, in_folder
from lib.run import provenance
from lib.site import record
from lib.site.publish import MANIFEST
from lib.survey.key import SurveyError
from lib.survey.key import read as read_key
from lib.text import mpnet

Removed = tuple[Path, str]
"""What was removed, and why or how much of it."""
FOLDERS = (CLIPS, SUMS, MANIFEST, record.NAME)
"""Files that make the folder they lie in one thing, which goes whole."""
_SHA256 = "[0-9a-f]{64}"


def remove(places: Places, forgotten: Forgotten, traces: Traces) -> Iterator[Removed]:
    """Removes clips from everything that was made here; each step can be interrupted and run again.

    A result that was computed with a clip goes whole, numbers and pictures that do not name it too, and is made anew by
    the next run. One that was made from the corpus as it is now, which withholds the clips, stays.

    Args:
        places: the checkout.
        forgotten: the clips.
        traces: of them.
    """
    yield from _results(places, forgotten, traces)
    yield from _explored(places, forgotten, traces)
    yield from _pages(places, forgotten, traces)
    yield from _survey(places, forgotten)
    yield from _cache(places, forgotten, traces)
    for path in [*files(places.build, without=kept(places, forgotten))]:
        yield from _one(path, places.build, traces)
    for path in sorted(places.root.glob("survey*.csv")):
        yield from _one(path, places.root, traces)
    for path in sorted(places.root.glob("notebooks/**/*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            yield from _one(path, places.root, traces)
        elif _free_outputs(path, traces):
            yield path, "outputs of cells that show it"


def kept(places: Places, forgotten: Forgotten) -> set[Path]:
    """Files and folders here that are passed over: source data, other corpora's profiles, fetched models and locks."""
    folders = {*places.sources, places.cache / "locks"}
    folders |= {folder for folder in places.cache.glob("models/*") if folder.name.startswith(mpnet.NAME)}
    for base in (places.results, places.build / "pages", places.build / "explored"):
        folders |= {folder for name, folder in places.profiles_in(base) if places.reads(name, forgotten.root) is False}
    folders |= {site for site in places.sites if places.reads(shows(site), forgotten.root) is False}
    for file in (places.build / "survey").glob("*"):
        name = file.name.partition(".")[0].removesuffix("_videos")
        folders |= {file} if places.reads(name, forgotten.root) is False else set()
    return folders


def made_of(folder: Path, label: str) -> set[str]:
    """The SHA-256 of a corpus that staged or rendered pages say they were made from."""
    pages = (folder / "provenance.html", folder / "provenance.qmd")
    told = "\n".join(page.read_text(encoding="utf-8", errors="ignore") for page in pages if page.is_file())
    return {*re.findall(rf">{re.escape(html.escape(label))}</td>\s*<td[^>]*>({_SHA256})</td>", told)}


def is_current(folder: Path, forgotten: Forgotten) -> bool:
    """Whether pages were made from the corpus as it is now, which withholds the clips."""
    return forgotten.withdrawn and made_of(folder, forgotten.label) == {forgotten.fingerprint}


def _results(places: Places, forgotten: Forgotten, traces: Traces) -> Iterator[Removed]:
    for name, folder in [*places.profiles_in(places.results)]:
        reads = places.reads(name, forgotten.root)
        for result in sorted(folder.iterdir()) if reads is not False else ():
            if _holds(result, forgotten, traces, reads=reads):
                discard(result)
                yield result, "a result computed with it"
        if reads is not False and not any(folder.iterdir()):
            folder.rmdir()


def _holds(result: Path, forgotten: Forgotten, traces: Traces, *, reads: bool | None) -> bool:
    """Whether a result was computed with the clips, or may have been."""
    corpora = ((result.is_dir() and provenance.record(result)) or {}).get("corpora", {}).values()
    if reads and not corpora:  # it came to no end, or nobody can tell what it was made of
        return True
    made_from = {corpus["sha256"] for corpus in corpora if corpus["label"] == forgotten.label}
    older = made_from and not (forgotten.withdrawn and made_from == {forgotten.fingerprint})
    return bool(older) or in_folder(result, traces)


def _explored(places: Places, forgotten: Forgotten, traces: Traces) -> Iterator[Removed]:
    for name, folder in [*places.profiles_in(places.build / "explored")]:
        reads = places.reads(name, forgotten.root)
        if reads or (reads is None and in_folder(folder, traces)):
            discard(folder)
            yield folder, "explored with it"


def _pages(places: Places, forgotten: Forgotten, traces: Traces) -> Iterator[Removed]:
    staged = [*places.profiles_in(places.build / "pages")]
    for name, folder in [*staged, *((shows(site), site) for site in places.sites)]:
        reads = places.reads(name, forgotten.root)
        if reads is False or (is_current(folder, forgotten) and not in_folder(folder, traces)):
            continue
        if reads or folder.name.startswith(".") or in_folder(folder, traces):
            discard(folder)
            yield folder, "pages made of results with it"


def _survey(places: Places, forgotten: Forgotten) -> Iterator[Removed]:
    """Page, tasks and videos that a key says are the clips'; the key itself is a list, which `_one` frees of them."""
    for file in sorted((places.build / "survey").glob("*.key.json")):
        try:
            key = read_key(file)
        except SurveyError:
            continue
        codes = {code for code, item in key.items.items() if {item.clip_id, item.false_from} & set(forgotten.ids)}
        folder = file.with_name(f"{key.profile}_videos")
        videos = [video for video in folder.glob("*") if video.stem in codes]
        shown = [file.with_name(f"{key.profile}.{kind}") for kind in ("html", "tasks.json")]
        for path in [*videos, *shown] if codes else ():
            if path.is_file():
                discard(path)
                yield path, "shows it to respondents"


def _cache(places: Places, forgotten: Forgotten, traces: Traces) -> Iterator[Removed]:
    for file, n in stores.remove(places.cache, places.profile, forgotten.captions, forgotten.others).items():
        yield file, f"{n:,} value{'s' * (n != 1)} kept for its captions alone"
    material = places.cache / "models" / ".momask.material"
    if material.is_dir():
        with FileLock(material.with_name(".momask.lock")):
            discard(material)
        yield material, "motions of a training that did not end"
    for folder in sorted(places.cache.glob("generations/*")):
        if in_folder(folder, traces):
            discard(folder)
            yield folder, "motions generated for its captions"
    for folder in (places.cache / kind / PARTITIONS.name for kind in ("", "tags", "embeddings")):
        if folder.is_dir():  # without rows of a clip a partition would be another one's, and many name no clip
            discard(folder)
            yield folder, "results of partitions, which are made anew"
    if (folder := places.cache / ARRAYS.name).is_dir():
        discard(folder)
        yield folder, "arrays that partitions read, which are made anew"
    for path in [*files(places.cache, without=kept(places, forgotten))]:
        if path.suffix != ".sqlite":
            yield from _one(path, places.cache, traces)


def _one(path: Path, base: Path, traces: Traces) -> Iterator[Removed]:
    """A file that holds a trace: rows of it, the file, or the folder that is one thing with it."""
    if not (path.exists() or path.is_symlink()) or not traces.in_path(path, base):
        return
    above = [folder for folder in path.parents if folder.is_relative_to(base) and folder != base]
    if whole := [folder for folder in above if is_one_thing(folder) or traces.in_name(folder)]:
        discard(whole[-1])
        yield whole[-1], "a copy that holds it"
    elif traces.in_name(path) or not take_out(path, traces):
        atomic.remove(path)
        yield path, "holds it"
    else:
        for folder in filter(seals.is_sealed, above):
            seals.seal(folder)
        yield path, "its rows"


def _free_outputs(notebook: Path, traces: Traces) -> bool:
    """Clears what cells of a notebook in the checkout show of the clips; the cells stay as they are."""
    if not traces.in_file(notebook):
        return False
    content = state.required(notebook, dict[str, Any], fix="take it from the checkout again")
    ran = [cell for cell in content["cells"] if cell.get("outputs")]
    shown = [cell for cell in ran if traces.in_data(json.dumps(cell["outputs"]).encode())]
    for cell in shown:
        cell.update(outputs=[], execution_count=None)
    return bool(shown) and atomic.write_text(notebook, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def is_one_thing(folder: Path) -> bool:
    """Whether a folder is a site, a published copy, an exported dataset or a copy of a manifest, which goes whole."""
    return any((folder / name).is_file() for name in FOLDERS)
