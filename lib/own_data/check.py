"""A folder of data looked over: which layout it has, all that is amiss in it, and whether the loader takes it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.corpus import KINDS, load
from lib.own_data import humanml3d_files, loaded_corpus, manifest_files
from lib.own_data.diagnosis import Diagnosis, Finding

MARKS = {
    "manifest": ("clips.parquet", "captions.parquet"),
    "tmr_annotations": ("annotations.json",),
    "humanml3d": ("texts", "texts.zip", "new_joint_vecs", "new_joints", "train.txt", "test.txt"),
}
FILES: dict[str, Callable[[Path], Iterator[Finding]]] = {
    "humanml3d": humanml3d_files.findings,
    "manifest": manifest_files.findings,
}


def check(root: Path, kind: str | None = None, *, motions: bool = True) -> Diagnosis:
    """Looks a folder over.

    Whatever the loader would refuse or leave out is wrong, and every such row is gathered, where the loader stops at
    the first; so are tables and motions of which nothing joins, and bodies in other units or axes. Rows without consent
    are counted and not quoted.

    Args:
        root: the folder.
        kind: its layout; recognised by its files without it.
        motions: read every motion to the end (HumanML3D in full is 4 GB); else headers and lengths alone.

    Raises:
        CorpusError: no such folder, or one whose layout cannot be told.
    """
    if not root.is_dir():
        raise CorpusError("no such folder", where=root, fix="name the folder that holds the dataset")
    atomic.arrive(root)
    used = kind or recognised(root)
    if used not in KINDS:
        raise CorpusError(f"unknown kind {used!r}", where=root, fix=f"use one of {', '.join(KINDS)}")
    findings = list(FILES[used](root)) if used in FILES else []
    try:
        corpus = load(used, root, check_motions=motions)
    except CorpusError as error:
        if not any(finding.level == "wrong" for finding in findings):
            findings.append(Finding("wrong", error.what, fix=error.fix or ""))
    else:
        findings += loaded_corpus.findings(corpus, used)
    return Diagnosis(root, used, findings)


def recognised(root: Path) -> str:
    """The layout of a folder, by the files that only it has.

    Raises:
        CorpusError: none of them is there.
    """
    for kind, names in MARKS.items():
        if any((root / name).exists() for name in names):
            return kind
    wanted = "clips.parquet and captions.parquet (a manifest), or texts/ and train.txt (HumanML3D)"
    raise CorpusError("no dataset that is known here", where=root, fix=f"it should hold {wanted}; or give --kind")
