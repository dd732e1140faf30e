"""Which clips and captions an export holds, each clip with its cluster and its weight."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus.splits import SPLITS
from lib.dataset.caption_files import readable
from lib.dataset.ids import file_ids
from lib.dataset.members import Member, captions_of
from lib.dataset.upstream import JUDGED, Upstream
from lib.motion.skeleton import FPS

CLIPS = ["id", "corpus", "clip_id", "split", "recording", "mirror_of", "frames", "kept", "cluster", "cluster_name",
         "weight", "leak_free", "licence"]  # fmt: skip
"""Columns of `clips.parquet`; the scores of the filter follow them."""
CAPTIONS = ["id", "caption_id", "corpus", "clip_id", "split", "text", "captioner", "tokens", "start_s", "end_s"]
LEFT_OUT = ["corpus", "split", "reason", "clips"]
SCORE = "score_"


@dataclass(frozen=True, eq=False)
class Selection:
    """What an export holds.

    Attributes:
        clips: a row a clip, `CLIPS` and a column a score (null where the filter did not judge a clip).
        captions: a row a caption, `CAPTIONS` and its ``line`` in the text file.
        left_out: counts of the clips that stay out, by corpus, split and reason.
        notes: sentences that a reader of the export must know.
    """

    clips: pd.DataFrame
    captions: pd.DataFrame
    left_out: pd.DataFrame
    notes: list[str] = field(default_factory=list)

    def without(self, ids: Sequence[tuple[str, str]]) -> "Selection":
        """The selection without clips that proved unusable.

        Args:
            ids: (id, reason).
        """
        if not ids:
            return self
        gone = dict(ids)
        lost = self.clips[self.clips["id"].isin(gone)]
        counted = _counted(lost.assign(reason=lost["id"].map(gone)))
        clips = self.clips[~self.clips["id"].isin(gone)].reset_index(drop=True)
        captions = self.captions[~self.captions["id"].isin(gone)].reset_index(drop=True)
        clips["weight"] = _to_one(clips["weight"])
        return Selection(clips, captions, pd.concat([self.left_out, counted], ignore_index=True), self.notes)


def select(
    members: Sequence[Member],
    upstream: Upstream,
    *,
    captioners: Sequence[str] = (),
    strict: bool = False,
    mirrors: bool = True,
) -> Selection:
    """Chooses clips and captions.

    The benchmark gives val and test whole and of train what the filter keeps; the other corpora give what it keeps of
    their train. A mirror stands or falls with its base clip, and the two share the weight of the base clip.

    Args:
        members: the corpora, the benchmark first.
        upstream: results of the profile.
        captioners: of the other corpora, see `captions_of`.
        strict: see `captions_of`.
        mirrors: whether mirrored clips are in train.

    Raises:
        ParamsError: a captioner without captions.
        CorpusError: a split without a clip.
    """
    notes = _notes(members, upstream)
    clips, captions = [], []
    for member in members:
        ours = member is members[0]
        said, note = (member.corpus.captions, "") if ours else captions_of(member, captioners, strict=strict)
        notes += [note] if note else []
        spoken = readable(said[said["clip_id"].isin(_wanted(member, ours)["clip_id"])])
        clips.append(_judged(_wanted(member, ours), member, upstream, {*spoken["clip_id"]}, mirrors=mirrors))
        captions.append(spoken.assign(corpus=member.key))
    table = pd.concat(clips, ignore_index=True)
    chosen = table[table["reason"] == ""].reset_index(drop=True)
    for split in SPLITS:
        if not (chosen["split"] == split).any():
            raise CorpusError(f"no clip of {split} has a motion, a caption and the filter's consent", where="dataset")
    own = [*zip(chosen["corpus"], chosen["clip_id"], strict=True)]
    bases = chosen["mirrored"].astype(object).where(chosen["mirrored"].notna(), None)
    chosen["id"] = file_ids((key, clip_id, base) for (key, clip_id), base in zip(own, bases, strict=True))
    ids = dict(zip(own, chosen["id"], strict=True))
    chosen["mirror_of"] = [ids.get((key, base)) for (key, _), base in zip(own, bases, strict=True)]
    chosen, weighed = _weighed(chosen, upstream.weights)
    chosen["leak_free"] = _leak_free(chosen, members[0].key, upstream)
    spoken = pd.concat(captions, ignore_index=True).merge(chosen[["corpus", "clip_id", "id", "split"]])
    scores = [column for column in chosen.columns if column.startswith(SCORE)]
    counted = _counted(table[table["reason"] != ""])
    return Selection(chosen[[*CLIPS, *scores]], spoken[[*CAPTIONS, "line"]], counted, notes + weighed)


def _wanted(member: Member, benchmark: bool) -> pd.DataFrame:
    """The clips of the splits that a corpus gives, base clips before their mirrors."""
    clips = member.corpus.clips
    clips = clips if benchmark else clips[clips["split"] == "train"]
    return clips.iloc[clips["mirror_of"].notna().argsort(kind="stable")]


def _judged(
    clips: pd.DataFrame, member: Member, upstream: Upstream, spoken: set[str], *, mirrors: bool
) -> pd.DataFrame:
    """The clips with what keeps each out ("" for none), what the filter says of it, and its licence."""
    table = pd.DataFrame(
        {
            "corpus": member.key,
            "clip_id": clips["clip_id"],
            "split": clips["split"],
            "recording": clips["source"],
            "mirrored": clips["mirror_of"],
            "base": clips["base_id"],
            "frames": clips["n_frames"],
            "licence": member.corpus.provenance.licence,
        }
    ).reset_index(drop=True)
    train = table["split"] == "train"
    reason = pd.Series("", index=table.index)
    judged = upstream.kept[upstream.kept["corpus"] == member.key] if upstream.kept is not None else None
    if judged is not None and len(judged):
        row = judged.set_index("clip_id").reindex(table["base"]).set_axis(table.index)
        table["kept"] = row["kept"].astype("boolean")
        failed = "filter: " + row["reason"].astype("str")
        reason = reason.mask(train & ~table["kept"].fillna(False), failed.where(row["kept"].notna(), "not judged"))
        for score in row.columns.difference(JUDGED, sort=False):
            table[f"{SCORE}{score}"] = row[score]
    else:
        table["kept"] = pd.array([pd.NA] * len(table), dtype="boolean")
    faults = {
        "mirror": train & table["mirrored"].notna() & (not mirrors),
        "no motion": ~clips["has_motion"].to_numpy(dtype=bool),
        "not at 20 frames a second": clips["fps"].to_numpy() != FPS,
        "no caption": ~table["clip_id"].isin(spoken),
    }
    for name, faulty in faults.items():
        reason = reason.mask((reason == "") & faulty, name)
    return table.assign(reason=reason)


def _weighed(clips: pd.DataFrame, weights: pd.DataFrame | None) -> tuple[pd.DataFrame, list[str]]:
    """The clips with cluster, name and weight; weights of train sum to one, others are null."""
    train = clips["split"] == "train"
    base = clips["base"].where(clips["mirrored"].notna(), clips["clip_id"])
    copies = base.groupby([clips["corpus"], base]).transform("size")
    if weights is None:
        plain = (1.0 / copies).where(train)
        empty = {"cluster": pd.array([pd.NA] * len(clips), dtype="Int64"), "cluster_name": None}
        note = "There are no clusters: every clip of train has the same weight, which its mirror shares."
        return clips.assign(**empty, weight=_to_one(plain)), [note]
    known = weights.set_index("clip_id")
    prefixed = clips["corpus"] + "/" + base
    at = prefixed.where(prefixed.isin(known.index), base)
    row = known.reindex(at).set_axis(clips.index)
    each = (row["weight"].fillna(0.0) / copies).where(train)
    unknown = int((train & row["weight"].isna()).sum())
    clusters = row["cluster"].where(train).astype("Int64")
    table = clips.assign(cluster=clusters, cluster_name=row["name"].where(train), weight=_to_one(each))
    clip, one = ("clips", "they were") if unknown != 1 else ("clip", "it was")
    note = f"{unknown:,} {clip} of train {'have' if unknown != 1 else 'has'} the weight 0, since {one} not clustered."
    return table, [note] if unknown else []


def _to_one(weights: "pd.Series[float]") -> "pd.Series[float]":
    """Weights scaled to the sum one; all alike where none is positive."""
    total = float(weights.sum())
    return weights / total if total > 0 else weights.where(weights.isna(), 1 / max(int(weights.notna().sum()), 1))


def _leak_free(clips: pd.DataFrame, benchmark: str, upstream: Upstream) -> pd.Series:
    """Whether training has not seen a test clip; null for other clips, and where no list says so."""
    test = (clips["split"] == "test") & (clips["corpus"] == benchmark)
    if upstream.leak_free is None:
        return pd.Series(pd.array([pd.NA] * len(clips), dtype="boolean"), index=clips.index)
    return clips["clip_id"].isin(upstream.leak_free[1]).astype("boolean").where(test)


def _counted(clips: pd.DataFrame) -> pd.DataFrame:
    return clips.groupby(LEFT_OUT[:-1], sort=True).size().reset_index(name="clips")


def _notes(members: Sequence[Member], upstream: Upstream) -> list[str]:
    whole = [
        member.corpus.name
        for member in members
        if upstream.kept is None or not (upstream.kept["corpus"] == member.key).any()
    ]
    notes = [f"{name} has no filter: all its clips with consent are here." for name in whole]
    if upstream.leak_free is None:
        notes.append("There is no leak-free test list for this train: test may hold what train has.")
    return notes
