"""How true the captioners' claims are: precision, what another clip's caption gets by chance, and every pair."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from lib.captioning import claims
from lib.captioning.claims import Checked
from lib.captioning.claims.verdicts import Verdict
from lib.corpus.corpus import Corpus
from lib.metrics.intervals import Measure, share
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.compared_texts import texts
from lib.sections.captioners.metrics import claim_pairs
from lib.sections.captioners.metrics.claim_pairs import ClaimCounts

CLIPS = 1000
"""Clips whose captions are held against motions at most, since every caption has to be parsed."""
SHUFFLES = 3
"""How often captions are dealt to other clips."""
CONSTANTS = 100
"""Captions of which the best one is told of every clip: what saying the same of all earns."""
FORMATS = {
    "precision": "percent low high",
    "claims_a_caption": ".2",
    "decidable": "percent",
    "false_captions": "percent",
    "by_chance": "percent",
    "true_claims": ".2",
}
"""How the columns of a captioner are shown, see `lib.draw.table.render`."""
OF_PAIRS = {
    "clips": "hidden",
    "precision": ".1 precision_low precision_high",
    "precision_p": "hidden",
    "precision_p_holm": "p-in-full",
    "true_claims": ".2 true_claims_low true_claims_high",
    "true_claims_p": "hidden",
    "true_claims_p_holm": "p-in-full",
}
"""Those of a pair, of whose p values the corrected ones are shown."""
FALSE = Verdict.CONTRADICTED
SHOWN = 6
"""Contradicted claims of a captioner that the page lists."""


@dataclass(frozen=True)
class Constant:
    """The trivial captioner, who says the same of every clip.

    Attributes:
        tried: captions that were tried.
        precision: share of the decided claims that the motions support, on the clips that did not choose the caption.
        true_claims: supported claims a clip, on the same clips.
    """

    tried: int
    precision: Measure
    true_claims: float


@dataclass(frozen=True)
class ClaimPrecision:
    """What motions say of the captioners; tables without rows where nothing could be checked.

    Attributes:
        by_captioner: from `lib.captioning.claims.precision`, and ``by_chance``, the precision of the captioner's
            captions on other clips, and ``true_claims``, supported claims a caption.
        pairs: from `metrics.claim_pairs.pairs`.
        kinds: ``kind, claims, decidable, by_chance`` of all captioners together, and a column a captioner: how many of
            its decided claims of the kind the motion supports.
        contradicted: ``captioner, clip_id, caption, kind, claim_text``: some claims that the motion contradicts.
        above_chance: precision less what chance gives, of all captioners together, in points; None without motions.
        constant: what one caption for all clips earns; None with a single base clip.
        clips: how many were looked at.
        why_not: what is lacking; empty where nothing is.
    """

    by_captioner: pd.DataFrame = field(default_factory=pd.DataFrame)
    pairs: pd.DataFrame = field(default_factory=pd.DataFrame)
    kinds: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    contradicted: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    above_chance: Measure | None = None
    constant: Constant | None = None
    clips: int = 0
    why_not: str = ""


def claim_precision(
    compared: ComparedCaptions,
    retrieval: CaptionerRetrieval,
    *,
    draws: int,
    rng: np.random.Generator,
    clips: int = CLIPS,
    progress: bool = True,
) -> ClaimPrecision:
    """Holds the captions that are compared against the motions of their clips, and of other clips for comparison.

    The captions are those of the chosen settings on the clips that report recall, or without recall those of the first
    settings. A caption dealt to another clip shows what the checker grants by chance, since some claims, such as that
    somebody walks, are true of many clips. Every captioner's captions are dealt to the same other clips.

    Args:
        compared: the captions.
        retrieval: which settings and clips.
        draws: bootstrap replicates, and sign patterns.
        rng: source of randomness.
        clips: at most so many, drawn at random.
        progress: whether to show a bar.

    Raises:
        ModelError: no spaCy model is installed.
    """
    if compared.corpus is None or compared.by == "position":
        return ClaimPrecision(why_not="no captioner's claims are held against motions")
    captions = _checkable(compared, retrieval)
    if captions.empty:
        return ClaimPrecision(why_not="no clip that all captioners cover has a motion")
    ids = np.sort(captions["clip_id"].unique())
    ids = np.sort(rng.permutation(ids)[:clips])
    captions = captions[captions["clip_id"].isin(ids)].reset_index(drop=True)
    dealt = [_dealt(captions, ids, number, rng) for number in range(SHUFFLES if len(ids) > 1 else 0)]
    told = pd.concat([captions, *dealt], ignore_index=True)
    whole = claims.check_corpus(told, compared.corpus, progress=progress)
    own, other = _only(whole, captions["caption_id"]), _only(whole, captions["caption_id"], others=True)
    base = dict(zip(captions["clip_id"], captions["base_id"], strict=True))
    of_caption = dict(zip(captions["caption_id"], captions["base_id"], strict=True))
    counts = claim_pairs.counted(own, other, of_caption)
    return ClaimPrecision(
        _by_captioner(own, counts, base, draws, rng),
        claim_pairs.pairs(counts, draws=draws, rng=rng),
        _kinds(own, other),
        _contradicted(own, captions),
        claim_pairs.above_chance(counts, draws=draws, rng=rng) if dealt else None,
        _constant(compared.corpus, captions, draws, rng, progress) if captions["base_id"].nunique() > 1 else None,
        len(ids),
    )


def _constant(corpus: Corpus, captions: pd.DataFrame, draws: int, rng: np.random.Generator, progress: bool) -> Constant:
    """Every one of some captions with every clip; half of the base clips choose the best, the others report it.

    The best has the most supported less contradicted claims, which is how settings are chosen as well. The captions
    are drawn from a stream of their own, so that they do not depend on what else was drawn before.
    """
    rng = rng.spawn(1)[0]
    texts = captions["text"].unique()
    texts = texts[rng.permutation(len(texts))[:CONSTANTS]]
    clips = captions[["clip_id", "base_id"]].drop_duplicates("clip_id")
    said = clips.merge(pd.DataFrame({"text": texts, "captioner": [str(n) for n in range(len(texts))]}), how="cross")
    said = said.assign(caption_id=said["clip_id"] + "#" + said["captioner"])
    bases = np.sort(clips["base_id"].unique())
    choosing = said["base_id"].isin(rng.permutation(bases)[: len(bases) // 2]).to_numpy()
    checked = claims.check_corpus(said, corpus, progress=progress)
    net = checked.flags["decided"] - 2 * checked.flags["contradicted"]
    best = str(net[choosing].groupby(said["captioner"][choosing]).sum().idxmax())
    reporting = said[~choosing & (said["captioner"] == best)]
    told = checked.claims[checked.claims["caption_id"].isin(reporting["caption_id"])]
    decided = told[told["verdict"] != Verdict.UNDECIDABLE]
    supported = decided["verdict"] == Verdict.SUPPORTED
    base = decided["clip_id"].map(dict(zip(clips["clip_id"], clips["base_id"], strict=True)))
    precision = share(supported, base, draws=draws, rng=rng)
    return Constant(len(texts), precision, float(supported.sum()) / len(reporting))


def _checkable(compared: ComparedCaptions, retrieval: CaptionerRetrieval) -> pd.DataFrame:
    """One caption a captioner and clip, of clips that all captioners cover and that have a motion."""
    rows = texts(compared, retrieval).drop_duplicates(["captioner", "clip_id"])
    assert compared.corpus is not None
    moving = compared.corpus.clips.loc[compared.corpus.clips["has_motion"], "clip_id"]
    covered = rows.groupby("clip_id")["captioner"].transform("nunique") == len(compared.names)
    return rows[covered & rows["clip_id"].isin(moving)].reset_index(drop=True)


def _dealt(captions: pd.DataFrame, ids: np.ndarray, number: int, rng: np.random.Generator) -> pd.DataFrame:
    """Every caption with another clip, all captions of a clip with the same one."""
    order = rng.permutation(ids)
    other = dict(zip(order, np.roll(order, 1), strict=True))
    return captions.assign(clip_id=captions["clip_id"].map(other), caption_id=captions["caption_id"] + _suffix(number))


def _suffix(number: int) -> str:
    return f"\0{number}"


def _only(whole: Checked, own: "pd.Series[str]", *, others: bool = False) -> Checked:
    """What was said of the captions on their own clips, or of those dealt to others, these under their own ids."""
    rows = {name: getattr(whole, name)["caption_id"].isin(own) != others for name in ("claims", "flags")}
    parts = {name: getattr(whole, name)[kept].reset_index(drop=True) for name, kept in rows.items()}
    if others:
        parts = {n: part.assign(caption_id=part["caption_id"].str.partition("\0")[0]) for n, part in parts.items()}
    return replace(whole, **parts)


def _by_captioner(
    own: Checked, counts: ClaimCounts, base: Mapping[str, str], draws: int, rng: np.random.Generator
) -> pd.DataFrame:
    table = claims.precision(own, base, draws=draws, rng=rng)
    chance = dict(zip(counts.captioners, counts.by_chance, strict=True))
    told = dict(zip(counts.captioners, counts.supported.mean(axis=0), strict=True))
    return table.assign(by_chance=table["captioner"].map(chance), true_claims=table["captioner"].map(told))


def _kinds(own: Checked, other: Checked) -> pd.DataFrame:
    rows = []
    for kind, made in own.claims.groupby("kind", sort=True):
        chance = other.claims[other.claims["kind"] == kind]
        row = {"kind": kind, "claims": len(made), "decidable": (made["verdict"] != Verdict.UNDECIDABLE).mean()}
        row["by_chance"] = _supported(chance)
        for name in own.flags["captioner"].unique():
            mine = made[made["captioner"] == name]
            supported, contradicted = ((mine["verdict"] == said).sum() for said in (Verdict.SUPPORTED, FALSE))
            row[name] = f"{supported} of {supported + contradicted}" if supported + contradicted else "–"
        rows.append(row)
    table = pd.DataFrame(rows)
    return table.sort_values("claims", ascending=False, ignore_index=True) if rows else table


def _supported(claimed: pd.DataFrame) -> float:
    decided = claimed[claimed["verdict"] != Verdict.UNDECIDABLE]
    return float((decided["verdict"] == Verdict.SUPPORTED).mean())


def _contradicted(own: Checked, captions: pd.DataFrame) -> pd.DataFrame:
    table = own.false_claims().groupby("captioner", sort=False).head(SHOWN)
    text = captions.set_index("caption_id")["text"]
    table = table.assign(caption=table["caption_id"].map(text)).rename(columns={"words": "claim_text"})
    order = {name: place for place, name in enumerate(captions["captioner"].unique())}
    table = table.sort_values("captioner", key=lambda names: names.map(order), kind="stable")
    return table[["captioner", "clip_id", "caption", "kind", "claim_text"]].reset_index(drop=True)
