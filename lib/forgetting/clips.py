"""Whose traces are removed: clips of a corpus with their mirrors, and what is said of them and of nobody else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib import corpus
from lib.base import atomic
from lib.base.errors import CorpusError, ParamsError
from lib.base.hashes import corpus_fingerprint
from lib.corpus.manifest_table import read_table, with_consent
from lib.corpus.texts_without_consent import CLIPS, caption_tables, theirs_alone
from lib.run.params import CorpusSource, Profile

MANIFEST = "manifest"


@dataclass(frozen=True, eq=False)
class Forgotten:
    """Clips to be forgotten.

    Attributes:
        label: the corpus, as the report calls it.
        kind: its layout.
        root: its folder.
        ids: of the clips and of the clips that mirror them.
        told: ids, sources, labels and captions that no other clip of the corpus has.
        captions: every caption of theirs, those of others too.
        shared: those of them that a clip with consent has too, in any corpus of the profile.
        others: the captions of clips with consent, of all corpora of the profile, and the ids of other corpora.
        splits: the clips' splits.
        withdrawn: whether the corpus itself withholds all of them now.
        fingerprint: of the corpus as it is now.
    """

    label: str
    kind: str
    root: Path
    ids: frozenset[str]
    told: frozenset[str]
    captions: frozenset[str]
    shared: frozenset[str]
    others: frozenset[str]
    splits: frozenset[str]
    withdrawn: bool
    fingerprint: str

    @property
    def sought(self) -> frozenset[str]:
        """What is looked for: everything that points to these clips and to no other."""
        return self.told - self.others


def of(profile: Profile, key: str, asked: Collection[str], *, refused: bool = False) -> Forgotten:
    """The clips that are to be forgotten, with their mirrors.

    Args:
        profile: whose corpora are read.
        key: of the corpus in the parameter file.
        asked: ids of clips.
        refused: also every clip that the manifest withholds.

    Raises:
        ParamsError: no corpus of that key, or no clip asked for.
        CorpusError: an id that the corpus does not know, a corpus that cannot be read, or one that tells no consent.
    """
    source = profile.corpora.get(key)
    if source is None:
        raise ParamsError("no corpus of that key", where=key, fix=f"name one of {', '.join(profile.corpora)}")
    clips, captions, withheld = _tables(source)
    if refused and source.kind != MANIFEST:
        raise CorpusError(f"a {source.kind} corpus tells no consent", where=source.root, fix="name the clips")
    if not (asked or refused):
        raise ParamsError("no clip named", where=key, fix="name clips by their ids, or pass --refused")
    if unknown := sorted({*asked} - {*clips["clip_id"]}):
        more = f", and {len(unknown) - 1:,} more" if unknown[1:] else ""
        fix = "a row stays in the corpus, with consent false, until its clip is forgotten"
        raise CorpusError(f"no clip {unknown[0]!r}{more}", where=source.root, fix=fix)
    ids = _with_mirrors({*asked} | (withheld if refused else set()), clips)
    tables = {CLIPS: clips, **captions}
    kept = {name: table[~table["clip_id"].isin(withheld - ids)] for name, table in tables.items()}
    others = _said(captions, without=ids | withheld)
    for other, one in profile.corpora.items():
        if other != key:
            loaded = corpus.load(one.kind, one.root, name=one.label)
            others |= {*loaded.clips["clip_id"]} | _said(_caption_tables(loaded))
    mine = _said({name: table[table["clip_id"].isin(ids)] for name, table in captions.items()})
    return Forgotten(
        label=source.label,
        kind=source.kind,
        root=Path(source.root),
        ids=frozenset(ids),
        told=frozenset(theirs_alone(kept, ids)),
        captions=frozenset(mine),
        shared=frozenset(mine & others),
        others=frozenset(others),
        splits=frozenset(clips[clips["clip_id"].isin(ids)].get("split", pd.Series(dtype=str)).dropna()),
        withdrawn=bool(ids) and ids <= withheld,
        fingerprint=corpus_fingerprint(Path(source.root)),
    )


def _tables(source: CorpusSource) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], set[str]]:
    """The clips, the tables of captions, and the ids that are withheld; of a manifest every row that it holds."""
    root = Path(source.root)
    if source.kind == MANIFEST:
        atomic.arrive(root)
        clips = read_table(root / CLIPS)
        return clips, caption_tables(root), with_consent(clips, root / CLIPS)[1]
    loaded = corpus.load(source.kind, root, name=source.label)
    return loaded.clips, _caption_tables(loaded), set()


def _caption_tables(loaded: corpus.Corpus) -> dict[str, pd.DataFrame]:
    tables = {"captions": loaded.captions, "candidates": loaded.candidates}
    return {name: table for name, table in tables.items() if table is not None}


def _said(captions: Mapping[str, pd.DataFrame], *, without: Collection[str] = ()) -> set[str]:
    rows = [table.loc[~table["clip_id"].isin(without), "text"].dropna() for table in captions.values()]
    return {text for texts in rows for text in texts if isinstance(text, str)}


def _with_mirrors(ids: set[str], clips: pd.DataFrame) -> set[str]:
    """The ids, and those of clips that mirror them, be it through other mirrors."""
    if "mirror_of" not in clips:
        return ids
    while new := {*clips.loc[clips["mirror_of"].isin(ids), "clip_id"]} - ids:
        ids = ids | new
    return ids
