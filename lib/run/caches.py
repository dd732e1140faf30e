"""What the caches hold, which profile uses it, and the removal of what none does."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lib.base import atomic, cache_use
from lib.base.disk import require_room, size
from lib.base.errors import ParamsError, RunError, UserError
from lib.base.params_file import read
from lib.base.paths import CACHE, RESULTS, ROOT, shown
from lib.run import params
from lib.run.pipeline import BY_STEM
from lib.run.provenance import has_result
from lib.text import mpnet
from lib.text.store import Store

TRAININGS, VECTORS, MOTIONS, PARTITIONS = "trained models", "rows of texts", "generated motions", "partitions"
ARRAYS = "arrays that partitions read"
WEIGHTS, JOURNALS, ASIDE = "MPNet's weights", "journals of captioning", "damaged files, set aside"
HEX = "[0-9a-f]"
SHAPES = {
    TRAININGS: rf"models/(?P<dot>\.)?(tmr|evaluator|momask|rvq)-{HEX}{{16}}(?(dot)\.(part|lock))",
    WEIGHTS: rf"models/({re.escape(mpnet.NAME)}-{HEX}{{12}}|\.{re.escape(mpnet.NAME)}\.(part|lock))",
    MOTIONS: rf"generations/{HEX}{{16}}",
    PARTITIONS: rf"((embeddings|tags)/)?partitions/[^/]+/\.?{HEX}{{8,}}[^/]*",
    ARRAYS: rf"arrays/\.?{HEX}{{64}}\.npy(\.\d+)?",
    VECTORS: r"(embeddings|tags)/\w+\.sqlite",
    ASIDE: r"(embeddings|tags)/\w+\.sqlite\.damaged",
    JOURNALS: rf"captioning/{HEX}{{16}}",
}
"""What each kind of entry is called, from the cache on; whatever is called otherwise is a stranger's."""
HOUSEHOLD = (r"models/\.momask\.(material|lock)", r"[^/]+/\w+\.sqlite-journal", "hashes.json", "environment_seconds")
HOUSEHOLD_FOLDERS = ("locks", "uses", "quarto_styles")
DEEP = {"models": 1, "generations": 1, "captioning": 1, "partitions": 2, "arrays": 1, "embeddings": 1, "tags": 1}
"""How many folders below each of the cache's an entry lies; what a killed run left of texts lies as deep again."""


@dataclass
class Kind:
    """One kind of what is kept.

    Attributes:
        files: how many.
        taken: bytes of them all.
        used: bytes that each profile uses; what two use counts for both.
        unused: bytes that none uses, by the entry's path from the cache; of stores their rows.
    """

    files: int = 0
    taken: int = 0
    used: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unused: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Caches:
    """What the caches hold.

    Attributes:
        cache: the folder.
        kinds: by name.
        strangers: what nothing here made.
        untold: results of profiles that do not say what they use, as ``profile/notebook``.
        users: by profile, the folders of the notes that count.
    """

    cache: Path
    kinds: Mapping[str, Kind]
    strangers: list[Path]
    untold: list[str]
    users: Mapping[str, list[Path]]

    @property
    def unused(self) -> int:
        """Bytes that no profile uses."""
        return sum(sum(kind.unused.values()) for kind in self.kinds.values())

    def lines(self) -> Iterator[str]:
        """What there is, a kind a line, then what no profile uses and what is a stranger's."""
        for name, kind in self.kinds.items():
            told = [f"{profile} uses {size(taken)}" for profile, taken in sorted(kind.used.items())]
            told += [f"no profile uses {size(sum(kind.unused.values()))}"] if kind.unused else []
            told = ["never removed here: they were paid for"] if name == JOURNALS else told
            yield f"{name}: {size(kind.taken)} in {kind.files:,} file{'s' * (kind.files != 1)}; {', '.join(told)}"
        for name, kind in self.kinds.items():
            for entry, taken in sorted(kind.unused.items()):
                yield f"unused {shown(self.cache / entry)}: {size(taken)}{' of rows' if name == VECTORS else ''}"
        for stranger in self.strangers:
            yield f"left {shown(stranger)}: not made here"

    def remove(self) -> int:
        """Removes what no profile uses.

        Returns:
            Bytes of what was removed.

        Raises:
            RunError: some results do not say what they use; nothing is removed then.
            UserError: a store cannot be written, or the disk lacks the room to make one smaller.
        """
        if self.untold:
            what = f"{len(self.untold)} results do not say what they use, such as {self.untold[0]}; nothing is removed"
            fix = f"run python -m lib run {self.untold[0].partition('/')[2]} --force with its --params, or delete them"
            raise RunError(what, where=shown(RESULTS), fix=fix)
        for name, kind in self.kinds.items():
            for entry in kind.unused:
                if name == VECTORS:
                    self._remove_rows(entry)
                else:
                    atomic.remove(self.cache / entry)
        return self.unused

    def _remove_rows(self, entry: str) -> None:
        file = self.cache / entry
        used = cache_use.rows((folder for folders in self.users.values() for folder in folders), entry)
        with Store(file) as store:
            gone = [(key, taken) for key, taken in store.sizes() if key[: cache_use.SHORT] not in used]
            stays = file.stat().st_size - sum(taken for _, taken in gone)
            require_room(file.parent, stays, f"making {file.name} smaller")
            store.remove(key for key, _ in gone)
            store.shrink()


def survey(cache: Path = CACHE, *, folder: Path = ROOT / "params", results: Path = RESULTS) -> Caches:
    """Looks at everything that the caches hold.

    An entry is used where the last run of a notebook of a profile opened it, or the preparation of its models did; see
    `lib.base.cache_use`. Profiles are those of the parameter files: one that has its file elsewhere, or none any more,
    uses nothing.

    Args:
        cache: where the caches lie.
        folder: of the parameter files.
        results: of the notebooks; one whose notebook noted nothing is told, since what it uses is not known.

    Raises:
        ParamsError: a parameter file that does not say its profile.
    """
    users, untold = _users(cache, folder, results)
    noted = {profile: cache_use.entries(folders) for profile, folders in users.items()}
    kinds: dict[str, Kind] = defaultdict(Kind)
    strangers = []
    for path in _entries(cache):
        entry = path.relative_to(cache).as_posix()
        if any(re.fullmatch(shape, entry) for shape in HOUSEHOLD):
            continue
        name = next((name for name, shape in SHAPES.items() if re.fullmatch(shape, entry)), None)
        if name is None or path.is_symlink():
            strangers.append(path)
            continue
        kind, (files, taken) = kinds[name], _weight(path)
        kind.files, kind.taken = kind.files + files, kind.taken + taken
        if name == VECTORS:
            _rows(kind, path, entry, users)
        elif name != JOURNALS:
            owners = [profile for profile, entries in noted.items() if _made(entry) in entries]
            for profile in owners:
                kind.used[profile] += taken
            if not owners:
                kind.unused[entry] = taken
    return Caches(cache, {name: kinds[name] for name in SHAPES if name in kinds}, strangers, untold, users)


def _users(cache: Path, folder: Path, results: Path) -> tuple[dict[str, list[Path]], list[str]]:
    users: dict[str, list[Path]] = {}
    untold = []
    for file in sorted(folder.glob("*.yml")):
        name = read(file).get("profile")
        if not isinstance(name, str):
            raise ParamsError("does not say its profile", where=shown(file), fix="mend or remove it")
        noted = cache_use.folder_of(cache, name)
        try:
            profile = params.load(file)
            judging = map(cache_use.judging, profile.corpora)
            steps: set[str] | None = {cache_use.MODELS, *judging, *profile.notebooks}
        except UserError:  # its data is elsewhere: whatever it ever used may be wanted again
            steps = None
        users.setdefault(name, [])
        for step in sorted(noted.iterdir()) if noted.is_dir() else ():
            # Of a run that was killed there is a folder that is named as `lib.base.atomic.part_of` names it.
            plain = re.sub(r"^\.(.+)\.(\d+|old)$", r"\1", step.name)
            if step.is_dir() and (steps is None or plain in steps):
                users[name].append(step)
        for stem in BY_STEM if steps is None else sorted(steps & BY_STEM.keys()):
            if has_result(results / name / stem) and not (noted / stem).is_dir():
                untold.append(f"{name}/{stem}")
    return users, sorted(set(untold))


def _entries(cache: Path) -> Iterator[Path]:
    for path in sorted(cache.iterdir()) if cache.is_dir() else ():
        if path.name not in HOUSEHOLD_FOLDERS:
            yield from _below(path, DEEP.get(path.name, 0))


def _below(path: Path, depth: int) -> Iterator[Path]:
    if not depth or not path.is_dir() or path.is_symlink():
        yield path
        return
    for inside in sorted(path.iterdir()):
        yield from _below(inside, DEEP["partitions"] if inside.name == "partitions" else depth - 1)


def _made(entry: str) -> str:
    """The entry that a folder of an unfinished one, or its lock, belongs to."""
    folder, _, name = entry.rpartition("/")
    if name.startswith(f".{mpnet.NAME}."):
        return f"{folder}/{mpnet.place().name}"
    name = re.sub(r"^\.(.+)\.(part|lock|[0-9]+)$", r"\1", name)
    return f"{folder}/{name}"


def _weight(path: Path) -> tuple[int, int]:
    files: Iterable[Path] = path.rglob("*") if path.is_dir() else [path]
    sizes = [file.lstat().st_size for file in files if file.is_symlink() or file.is_file()]
    return len(sizes), sum(sizes)


def _rows(kind: Kind, path: Path, entry: str, users: Mapping[str, list[Path]]) -> None:
    used = {profile: cache_use.rows(folders, entry) for profile, folders in users.items()}
    unused = 0
    with Store(path) as store:
        for key, taken in store.sizes():
            owners = [profile for profile, keys in used.items() if key[: cache_use.SHORT] in keys]
            for profile in owners:
                kind.used[profile] += taken
            unused += 0 if owners else taken
    if unused:
        kind.unused[entry] = unused
