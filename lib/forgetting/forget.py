"""Consent withdrawn later: everything that was made of clips removed, what cannot be is named, and all is searched."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from lib.base.errors import RunError
from lib.base.paths import ROOT, shown
from lib.forgetting import captions, copies, made_here, out_of_reach
from lib.forgetting.clips import Forgotten, of
from lib.forgetting.places import Places, finish
from lib.forgetting.traces import Traces, files
from lib.run.params import Profile

PUBLISHED = "published"
"""Where `make publish` puts copies unless it is told otherwise."""
LISTED = 20
"""Files that still hold a trace and are named; more are counted."""


def forget(
    profile: Profile,
    corpus: str,
    clips: Collection[str],
    *,
    refused: bool = False,
    published: Sequence[Path] = (),
    root: Path = ROOT,
) -> Iterator[str]:
    """Removes clips from everything that this project made, and says line by line what it removed.

    It can be interrupted and run again, and a second run finds nothing to remove. Weights, the source data and what has
    left this machine stay and are listed.

    Args:
        profile: whose corpora are read.
        corpus: key of the corpus in the parameter file.
        clips: ids.
        refused: also every clip that the corpus withholds.
        published: folders of published copies and exported datasets, beside the checkout's own.
        root: the checkout whose folders are cleaned.

    Yields:
        Lines to print.

    Raises:
        UserError: no such corpus, clip or folder.
        RunError: a file still holds a trace when all is done.
    """
    forgotten = of(profile, corpus, clips, refused=refused)
    if not forgotten.ids:
        yield f"{forgotten.label}: no row is without consent, nothing to forget"
        return
    yield _announced(forgotten)
    places = Places(root, profile)
    ids = (forgotten.ids & forgotten.sought) | places.exported(forgotten.root, forgotten.ids)
    traces = Traces(ids, forgotten.sought, forgotten.others)
    folders = [folder.resolve() for folder in dict.fromkeys([*filter(Path.is_dir, [root / PUBLISHED]), *published])]
    for folder in (places.cache, places.results, places.build, root / "notebooks", root / "site", *folders):
        finish(folder)
    found = {folder: copies.copies(folder, places.sources) for folder in folders}
    unreached = out_of_reach.weights(places, forgotten)
    steps = [made_here.remove(places, forgotten, traces), captions.remove(profile, forgotten)]
    steps += [copies.remove(some, traces) for some in found.values()]
    removed = 0
    for step in steps:
        for path, why in step:
            removed += 1
            yield f"removed {_named(path, root)}: {why}"
    for folder in folders:
        folder.mkdir(exist_ok=True)  # one that was a copy itself is empty now
    if not removed:
        yield "nothing of it was left to remove"
    yield from _table([*unreached, out_of_reach.source(forgotten), *_left(found, forgotten)])
    yield _searched(places, forgotten, traces, found)


def _announced(forgotten: Forgotten) -> str:
    ids, alone = sorted(forgotten.ids), len(forgotten.captions - forgotten.shared)
    more = f" and {len(ids) - 5:,} more" if ids[5:] else ""
    stay = f"; {len(forgotten.shared):,} that other clips have too stay stored" if forgotten.shared else ""
    own = f"{alone:,} caption{'s' * (alone != 1)} of their own"
    return f"{forgotten.label}: forgetting {', '.join(ids[:5])}{more}, with {own}{stay}"


def _left(found: dict[Path, list[Path]], forgotten: Forgotten) -> Iterator[out_of_reach.Unreached]:
    for some in found.values():
        for copy in copies.computed_with(some, forgotten):
            what = "it names them nowhere, but its numbers were computed with them; delete the folder if it must go"
            yield str(copy), f"a published copy of earlier data; {what}"
    yield "other folders of published copies or exports", "not searched; name each with --published"
    yield "pages of surveys that were handed out, and their answers", "ask for them back; make survey makes a new page"


def _table(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield "not reached:"
    width = min(max(len(what) for what, _ in rows), 60)
    for what, why in rows:
        yield f"  {what:<{width}}  {why}"


def _searched(places: Places, forgotten: Forgotten, traces: Traces, found: dict[Path, list[Path]]) -> str:
    """How many files were searched last of all.

    Raises:
        RunError: one of them holds a trace.
    """
    passed = made_here.kept(places, forgotten)
    bases = [places.cache, places.results, places.build, *places.sites, places.root / "notebooks"]
    paths = [(path, base) for base in bases for path in files(base, without=passed)]
    paths += [(path, places.root) for path in places.root.glob("survey*.csv")]
    paths += [(path, folder) for folder, some in found.items() for path in copies.outside(folder, some, places.sources)]
    paths += [(path, one) for some in found.values() for one in some if one.exists() for path in files(one)]
    holding = [path for path, base in paths if traces.in_path(path, base)]
    if not holding:
        return f"searched {len(paths):,} files: no trace of it is left"
    names = ", ".join(_named(path, places.root) for path in holding[:LISTED])
    more = f" and {len(holding) - LISTED:,} more" if holding[LISTED:] else ""
    raise RunError(f"a trace is left in {names}{more}", where=forgotten.label, fix="delete them by hand and run again")


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else shown(path)
