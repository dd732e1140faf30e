"""The card of an export: a README with the metadata block that Hugging Face reads, made of the run's own values."""

from collections.abc import Sequence
from typing import Any

import yaml

from lib.base.markdown import table
from lib.base.prose import listed, number
from lib.dataset.account import USED, About, Account
from lib.dataset.members import Member

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
MACHINE = "machine-generated"
FILES = """\
| file | holds |
|---|---|
| `new_joint_vecs/<id>.npy` | (T, 263) float32, 20 frames a second, HumanML3D's features |
| `texts/<id>.txt` | a caption a line: `caption#word/POS word/POS#start#end`, seconds, 0 and 0 for the whole clip |
| `train.txt` `val.txt` `test.txt` | ids; `test_leak_free.txt`, where there is a list, those that train has not shown |
| `Mean.npy` `Std.npy` | (263,), of the clips of train; Std averaged within blocks of features, as HumanML3D's is |
| `annotations.json` `splits/` | the same for TMR; `path` is a file of `new_joint_vecs/` |
| `clips.parquet` | a row a clip: corpus, recording, scores of the filter, cluster, weight, licence |
| `captions.parquet` | a row a caption, its text unaltered |
| `croissant.json` | Croissant 1.1 with its responsible-AI part |
| `provenance.json` | the parameters, the commit, hashes of the corpora, what was left out |
| `SHA256SUMS` | the hash of every file: `sha256sum -c SHA256SUMS` |
"""
READING = """\
The loaders of MoMask, T2M-GPT and MDM read the folder in the place of `HumanML3D/`, TMR reads `annotations.json` and
`splits/` with `new_joint_vecs/` as its folder of motions. `datasets.load_dataset(folder, "clips")` and `"captions"`
read the tables. `lib.clustering.sampler.exported(folder, seed=0)` yields (motion, caption, clip_id) by weight.
"""


def title(about: About) -> str:
    """What an export is called."""
    return f"{about.profile}: curated motion-text training set" + (" (internal)" if about.internal else "")


def card(about: About, account: Account, members: Sequence[Member], notes: Sequence[str], shards: int) -> str:
    """The README of an export.

    Args:
        about: where it comes from.
        account: its counts.
        members: its corpora.
        notes: sentences that a reader must know.
        shards: of WebDataset.
    """
    licences = [(one.corpus.name, one.corpus.provenance.licence) for one in members]
    parts = [
        f"---\n{yaml.safe_dump(_metadata(about, account, members), sort_keys=False, allow_unicode=True)}---",
        f"# {title(about)}",
        *_warnings(about),
        _summary(about, account, members),
        table(
            account.counts.assign(hours=[number(hours, 1) for hours in account.counts["hours"]])[
                ["name", "split", "clips", "mirrors", "captions", "hours", "used"]
            ].itertuples(index=False),
            ["corpus", "split", "clips", "of them mirrors", "captions", "hours", "used by the public loaders"],
        ),
        f"The public loaders use clips of {USED[0]} to {USED[1] - 1} frames and pass over the others in silence.",
        "## Files",
        FILES + (f"| `shards/` | {shards:,} WebDataset shards: `<id>.npy` and `<id>.json` |\n" if shards else ""),
        READING,
        "## What was chosen",
        *_chosen(account, notes),
        "## Captions",
        table(account.captioners.itertuples(index=False), ["corpus", "captioner", "captions"]),
        f"Captions with a `#` or a line break, for which a space stands in the text files, since they cannot hold it: "
        f"{account.altered:,}. `captions.parquet` has them as they are."
        if account.altered
        else "",
        *_clusters(account),
        "## Test clips that training has not seen",
        _leak_free(account),
        "## Licences and consent",
        table(licences, ["corpus", "licence"]),
        "Rows without consent never enter an export. Whoever withdraws consent later is to be removed from every copy.",
        "## Limits",
        "Weights, clusters and scores are those of one run on one set of corpora. The parts of speech of captions that "
        "came without are a tagger's, which errs. Captions by machines may tell what is not in the motion.",
        _origin(about),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _metadata(about: About, account: Account, members: Sequence[Member]) -> dict[str, Any]:
    size = next((name for least, name in SIZES if account.clips < least), "n>1M")
    by_people = account.captioners["captioner"].isin(["human", "crowd"])
    creators = [name for name, there in (("crowdsourced", by_people.any()), (MACHINE, not by_people.all())) if there]
    return {
        "pretty_name": title(about),
        "license": "other",
        "license_name": "of-each-corpus",
        "language": ["en"],
        "annotations_creators": creators,
        "size_categories": [size],
        "tags": ["text-to-motion", "human-motion", "humanml3d", *(["synthetic"] if about.synthetic else [])],
        "configs": [
            {
                "config_name": name,
                "data_files": [{"split": name, "path": f"{name}.parquet"}],
                **({"default": True} if name == "clips" else {}),
            }
            for name in ("clips", "captions")
        ],
        "source_datasets": [one.corpus.name for one in members],
    }


def _warnings(about: About) -> list[str]:
    told = []
    if about.internal:
        told.append(f"**internal**: it holds clips and captions of {listed(about.internal)}. Do not pass it on.")
    if about.synthetic:
        told.append("Its corpora are synthetic: bodies and captions were made by a program.")
    return told


def _summary(about: About, account: Account, members: Sequence[Member]) -> str:
    first, *others = [one.corpus.name for one in members]
    train = account.counts[account.counts["split"] == "train"]
    more = f"; of {listed(others)} train alone is here" if others else ""
    without = f" {listed(about.left_out)} is private and not in it." if about.left_out else ""
    described = f" ({about.description})" if about.description else ""
    size = f"{account.clips:,} clips with {account.captions:,} captions, {number(account.hours, 1)} hours"
    return (
        f"The training set of the profile {about.profile}{described}: {size}; {int(train['clips'].sum()):,} clips "
        f"train. Val and test are those of {first}{more}.{without}"
    )


def _chosen(account: Account, notes: Sequence[str]) -> list[str]:
    scores = listed([f"`{name}`" for name in account.scores]) if account.scores else ""
    rows = account.left_out.sort_values(["corpus", "split", "clips"], ascending=[True, True, False])
    return [
        "Train holds what the filter of the run keeps; val and test are never shortened by it."
        + (f" Its scores are {scores} (`score_…` in `clips.parquet`)." if scores else ""),
        *notes,
        "Left out:" if len(rows) else "No clip was left out.",
        table(rows.itertuples(index=False), ["corpus", "split", "reason", "clips"]) if len(rows) else "",
    ]


def _clusters(account: Account) -> list[str]:
    if not len(account.clusters):
        return []
    shown = account.clusters.assign(share=[f"{100 * share:.1f} %" for share in account.clusters["share"]])
    return [
        "## Clusters and weights",
        "`weight` is the chance of a draw to take a clip of train; the weights sum to one, and a mirror shares that of "
        "its base clip.",
        table(shown.itertuples(index=False), ["cluster", "name", "clips", "share of the draws"]),
    ]


def _leak_free(account: Account) -> str:
    if account.leak_free is None:
        return "There is no such list for this train."
    rule, clips = account.leak_free
    test = int(account.counts.loc[account.counts["split"] == "test", "clips"].sum())
    return f"`test_leak_free.txt` has {clips:,} of the {test:,} test clips. {rule}"


def _origin(about: About) -> str:
    commit = about.commit.get("sha")
    changed = " with changes that were not committed" if about.commit.get("dirty") else ""
    told = f"commit {commit}{changed}" if commit else "code outside a git checkout"
    return f"Made of results of {about.date} by `make dataset`, {told}."
