"""The machine-readable description of an export: Croissant 1.1 with its responsible-AI part."""

import datetime
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lib.base.errors import RunError
from lib.base.prose import listed, number
from lib.dataset.account import About, Account
from lib.dataset.card import title
from lib.dataset.members import Member

CONFORMS = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
FILE_SETS = {
    "motions": ("new_joint_vecs/*.npy", "application/x-npy", "HumanML3D's features (T, 263), 20 frames a second"),
    "texts": ("texts/*.txt", "text/plain", "captions of a clip, as HumanML3D's loaders read them"),
}
TABLES = ("clips.parquet", "captions.parquet")
CROISSANT = "croissant.json"


def croissant(
    folder: Path, hashes: Mapping[str, str], about: About, account: Account, members: Sequence[Member]
) -> str:
    """The content of `croissant.json`, validated.

    Args:
        folder: that holds the two tables.
        hashes: SHA-256 of the files that it names one by one.
        about: where the export comes from.
        account: its counts.
        members: its corpora.

    Raises:
        RunError: mlcroissant refuses it.
    """
    logging.getLogger("absl").setLevel(logging.ERROR)
    import mlcroissant as mlc

    context = mlc.Context(conforms_to=CONFORMS[0])
    described = mlc.Metadata(
        ctx=context,
        name=title(about),
        description=f"{about.description or title(about)}: {account.clips:,} clips, {account.captions:,} captions.",
        conforms_to=CONFORMS,
        license=list(dict.fromkeys(one.corpus.provenance.licence for one in members)),
        version="1.0.0",
        date_published=datetime.datetime.fromisoformat(about.date),
        cite_as=f"{title(about)}, of {listed([one.corpus.name for one in members])}, {about.date}",
        in_language=["en"],
        keywords=["text-to-motion", "human motion"],
        distribution=[*_files(mlc, context, hashes), *_file_sets(mlc, context)],
        record_sets=[_record_set(mlc, context, folder / name) for name in TABLES],
        **_responsible(about, account),
    )
    content: dict[str, Any] = described.to_json()
    text = json.dumps(content, indent=1, ensure_ascii=False, default=str)
    validate(json.loads(text))
    return text


def validate(content: dict[str, Any]) -> None:
    """Has mlcroissant check a description; it asks the network for nothing.

    Raises:
        RunError: it finds an error.
    """
    import mlcroissant as mlc

    try:
        mlc.Dataset(jsonld=content)
    except (mlc.ValidationError, ValueError) as error:
        raise RunError(f"mlcroissant refuses it ({str(error)[:300]})", where=CROISSANT) from None


def _files(mlc: Any, context: Any, hashes: Mapping[str, str]) -> list[Any]:
    kinds = {".parquet": "application/x-parquet", ".json": "application/json", ".txt": "text/plain"}
    kinds |= {".npy": "application/x-npy", ".tar": "application/x-tar"}
    files = []
    for name, sha256 in hashes.items():
        place = {"id": name, "name": name, "content_url": name, "sha256": sha256}
        files.append(mlc.FileObject(ctx=context, encoding_formats=[kinds[Path(name).suffix]], **place))
    return files


def _file_sets(mlc: Any, context: Any) -> list[Any]:
    return [
        mlc.FileSet(ctx=context, id=name, name=name, description=told, encoding_formats=[kind], includes=[glob])
        for name, (glob, kind, told) in FILE_SETS.items()
    ]


def _record_set(mlc: Any, context: Any, table: Path) -> Any:
    kinds = mlc.DataType
    fields = []
    for column in pq.read_schema(table):
        kind = kinds.TEXT
        for is_kind, data_type in ((pa.types.is_boolean, kinds.BOOL), (pa.types.is_integer, kinds.INTEGER)):
            kind = data_type if is_kind(column.type) else kind
        kind = kinds.FLOAT if pa.types.is_floating(column.type) else kind
        source = mlc.Source(ctx=context, file_object=table.name, extract=mlc.Extract(ctx=context, column=column.name))
        name = f"{table.stem}/{column.name}"
        fields.append(mlc.Field(ctx=context, id=name, name=column.name, data_types=[kind], source=source))
    return mlc.RecordSet(ctx=context, id=table.stem, name=table.stem, fields=fields)


def _responsible(about: About, account: Account) -> dict[str, Any]:
    """The responsible-AI part, in sentences of the run's own values."""
    machines = sorted({*account.captioners["captioner"]} - {"human", "crowd"})
    lost = int(account.left_out.loc[account.left_out["reason"].str.startswith("filter"), "clips"].sum())
    made = "a program, which made bodies and captions" if about.synthetic else "recordings of people, as features"
    drawn = zip(account.clusters["name"], account.clusters["share"], strict=True)
    shares = [f"{name}: {100 * share:.1f} % of the draws" for name, share in drawn]
    per_clip = account.captions / max(account.clips, 1)
    return {
        "data_collection": f"Of {listed(list(dict.fromkeys(account.counts['name'])))}: {made}.",
        "data_preprocessing_protocol": [
            f"The filter of the run left {lost:,} clips of train out; val and test are as the benchmark has them.",
            "Rows without consent were left out before anything was looked at.",
        ],
        "data_annotation_protocol": ["A caption says what the body of a clip does."],
        "machine_annotation_tools": machines,
        "annotations_per_item": f"{number(per_clip, 2)} captions a clip on average",
        "personal_sensitive_information": ["Movement can identify a person; no name, face or voice is in the files."],
        "data_biases": ["Clips are drawn by cluster:", *shares] if shares else ["No clusters were made."],
        "data_use_cases": ["Training and judging models of motion from text."],
        "data_limitations": ["Not for telling who a person is, nor for judging health or ability."],
        "data_social_impact": "Models trained on it move as the people recorded here do.",
        "data_release_maintenance_plan": "Internal." if about.internal else "Made anew by make dataset.",
    }
