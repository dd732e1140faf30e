"""A checkout in which a run left something of every kind, and a search of every byte that is not the project's."""

import base64
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import nbformat
import numpy as np
import pandas as pd
import yaml
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lib.base import cache_use, seals
from lib.base.device import Precision
from lib.base.hashes import corpus_fingerprint, file_sha256
from lib.corpus.generations import write_generations
from lib.draw.interactive import caption_map
from lib.draw.interactive.caption_map import CaptionMap, Colouring
from lib.draw.interactive.map_motions import PointMotion
from lib.draw.motion_player import Motion, Track, write_player
from lib.models.latents import Latents
from lib.models.latents import write as write_latents
from lib.own_data import manifest_writer
from lib.run import params
from lib.run.params import Profile
from lib.site import record
from lib.site.publish import publish
from lib.survey.key import Key, KeyItem
from lib.survey.key import write as write_key
from lib.text import language, mpnet, tokens
from lib.text.encoder import producer_of
from lib.text.store import Store, key

CLIP, MIRROR = "zq0000007", "Mzq0000007"
OWN, MIRRORED = "The dancer juggles seven burning torches", "The dancer juggles seven torches mirrored"
SHARED = "a person walks home slowly now"
PERTURBED = "The dog juggles seven burning torches"
"""What a probe of the retrieval model makes of the caption."""
OTHERS = [f"zq000010{n}" for n in range(4)]


def manifest(root: Path, *, refused: tuple[str, ...] = ()) -> None:
    """Six clips, one of them a mirror; a caption of the planted clip is another's too."""
    ids = [CLIP, MIRROR, *OTHERS]
    clips = pd.DataFrame({"clip_id": ids, "split": ["train", "train", "train", "val", "test", "test"],
                          "source": ["take of Ann", "take of Ann", *["take of Bob"] * 4], "body_mode": "full",
                          "person_count": 1, "consent": [clip not in refused for clip in ids],
                          "mirror_of": [None, CLIP, *[None] * 4]})  # fmt: skip
    said = [(CLIP, OWN), (CLIP, SHARED), (MIRROR, MIRRORED), *((clip, f"{SHARED}, take {clip}") for clip in OTHERS),
            (OTHERS[0], SHARED)]  # fmt: skip
    captions = pd.DataFrame(said, columns=["clip_id", "text"]).assign(captioner="human", start_s=0.0, end_s=0.0)
    joints = {clip: np.full((44, 22, 3), n / 10) + np.arange(66).reshape(22, 3) / 90 for n, clip in enumerate(ids)}
    with manifest_writer.writing(root) as part:
        manifest_writer.write(part, clips, captions, joints)
    corpus_fingerprint.cache_clear()


def profile(place: Path) -> Profile:
    """Of the corpus in ``place/data``."""
    file = place / "world.yml"
    corpora = {"own": {"label": "Own data", "kind": "manifest", "root": str(place / "data")}}
    file.write_text(yaml.safe_dump({"profile": "world", "corpora": corpora}), encoding="utf-8")
    return params.load(file)


def vector(text: str, n: int = 192) -> bytes:
    """Bytes that stand for what a model makes of a text and occur nowhere else."""
    return np.random.default_rng([*text.encode()]).normal(size=n).astype(np.float32).tobytes()


def kept(root: Path) -> dict[Path, list[str]]:
    """The makers by store, as the project's own modules name them."""
    producers = [producer_of(mpnet.model_hash(), precision) for precision in get_args(Precision)]
    embeddings, tags = root / ".cache/embeddings", root / ".cache/tags"
    return {
        embeddings / "sentences.sqlite": producers,
        embeddings / "tokens.sqlite": ["tokens of " + producer for producer in producers],
        tags / "tokens.sqlite": [tokens.maker()],
        tags / "languages.sqlite": [language.maker()],
    }


def write(place: Path) -> Path:
    """The checkout, with what was made of the corpus while it had the clip."""
    manifest(place / "data")
    root = place / "checkout"
    texts = [OWN, SHARED, MIRRORED, PERTURBED, f"{SHARED}, take {OTHERS[0]}"]
    for file, makers in kept(root).items():
        with Store(file) as store:
            store.put((key(maker, text), vector(file.name + text)) for maker in makers for text in texts)
        with cache_use.collected("world", f"{file.parent.name} {file.stem}", cache=root / ".cache"):
            cache_use.note_rows(file, [key(maker, text) for maker in makers for text in texts], cache=root / ".cache")
    _cache(root, place / "data")
    result(root / "results/world/04_embedding_gap", corpus_fingerprint(place / "data"), named=True)
    result(root / "results/world/00_data_preparation", corpus_fingerprint(place / "data"), named=False)
    result(root / "results/elsewhere/00_data_preparation", "ab" * 32, named=False, label="Other data")
    (root / "results/.part/world/06_evaluation").mkdir(parents=True)
    (root / "results/.part/world/06_evaluation/provenance.json").write_text(json.dumps({"models": {}, "warnings": []}))
    _build(root)
    site(root / "site", "world", f"<p>{OWN}</p>")
    nbformat.write(_notebook(), root / "notebooks/02_action_distribution.ipynb") if _folder(
        root / "notebooks"
    ) else None
    (root / "survey.csv").write_text(f"respondent,clip_id,rank\nr1,{CLIP},1\nr1,{OTHERS[0]},2\n")
    return root


def result(folder: Path, sha256: str, *, named: bool, label: str = "Own data") -> None:
    """A results folder; one that names the clip does so in every way that a notebook can."""
    for kind in ("figures", "tables"):
        _folder(folder / kind)
    (folder / "values.json").write_text(json.dumps({"finding": "Clips differ."}))
    about = {"corpora": {"own": {"label": label, "sha256": sha256}}, "models": {"TMR": "fa" * 32}}
    (folder / "provenance.json").write_text(json.dumps(about))
    Image.new("L", (4, 4)).save(folder / "figures/plain.png")
    if not named:
        return
    info = PngInfo()
    info.add_itxt("Title", OWN, zip=True)
    Image.new("L", (4, 4)).save(folder / "figures/strip.png", pnginfo=info)
    pd.DataFrame({"clip_id": [CLIP, *OTHERS]}).to_parquet(folder / "sampling_weights.parquet")
    (folder / "tables/leak_free_test.txt").write_text(f"{OTHERS[2]}\n{MIRROR}\n")
    captions = pd.DataFrame({"clip_id": [CLIP], "caption_id": [f"{CLIP}#0"]})
    write_latents(
        Latents([CLIP], np.ones((1, 8), np.float32), captions, np.ones((1, 8), np.float32), "fa"), folder, "own"
    )
    write_player(folder, "pairs", [Track.of(Motion(np.zeros((9, 22, 3)), CLIP))], label="a pair")
    texts = [OWN, *map(str, OTHERS)]
    groups = [Colouring("cluster", ["all"], np.zeros(len(texts), np.int64))]
    motions = [PointMotion(0, np.zeros((9, 22, 3)))]
    caption_map.write(folder, "map", CaptionMap(np.eye(len(texts))[:, :2], texts, groups, motions=motions))
    nbformat.write(_notebook(), folder / "notebook.ipynb")


def site(folder: Path, shows: str, markup: str, *, sha256: str = "cd" * 32) -> Path:
    """A finished site of a profile, made from a corpus of this SHA-256."""
    _folder(folder)
    (folder / "index.html").write_text(f"<html>{markup}</html>")
    (folder / "provenance.html").write_text(f"<table><tr><td>Own data</td><td>{sha256}</td><td>00</td></tr></table>")
    record.write(folder, shows=shows, name="2026-01-31-0123abc", made_from="")
    return folder


def publications(place: Path) -> Path:
    """A shared folder: a copy that shows nobody, one that shows the clip and is the latest, two exports."""
    shared = place / "shared"
    publish(site(place / "first", "world", "<p>nobody</p>"), shared, name="2026-01-30-aaa")
    publish(site(place / "second", "world", f"<p>{OWN}</p>"), shared, name="2026-01-31-bbb")
    export = _folder(shared / "export")
    pd.DataFrame({"id": ["x1"], "source_clip": [MIRROR]}).to_parquet(export / "clips.parquet")
    (export / "SHA256SUMS").write_text(f"{file_sha256(export / 'clips.parquet')}  clips.parquet\n")
    (export / "croissant.json").write_text("{}")
    grown = _folder(shared / ".second.part/texts")
    (grown / "own-1.txt").write_text(f"{OWN}#the/DET#0.0#0.0")
    (shared / ".second.record").write_text(json.dumps(["texts/own-1.txt", 40, "aa", CLIP]))
    return shared


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _cache(root: Path, data: Path) -> None:
    cache = root / ".cache"
    run = _folder(cache / "models/tmr-0123")
    files = {name: file_sha256(data / name) for name in ("clips.parquet", "captions.parquet", "joints.npy")}
    facts = {"corpora": [files], "fingerprint": "fa" * 32, "clips": [CLIP, MIRROR, *OTHERS]}
    (run / "training.json").write_text(json.dumps(facts))
    (run / "pairs.csv").write_text(f"clip_id,text\n{CLIP},{OWN}\n{OTHERS[0]},{SHARED}\n")
    seals.seal(run)
    other = _folder(cache / "models/tmr-4567")
    (other / "training.json").write_text(json.dumps({"corpora": [{"train.txt": "ee" * 32}], "fingerprint": "fb" * 32}))
    material = _folder(cache / "models/.momask.material")
    np.save(material / "motions.npy", np.ones((4, 263)))
    pd.DataFrame({"clip_id": [CLIP]}).to_parquet(material / "clips.parquet")
    scores = pd.DataFrame({"clip_id": [CLIP, OTHERS[0]], "floor": 0.0})
    scores.to_parquet(_folder(cache / "partitions/motion quality") / f"{'0b' * 32}.parquet")
    vectors = pd.DataFrame({"first": [0.5, 0.25]})
    vectors.to_parquet(_folder(cache / "partitions/vectors of nobody named") / f"{'0c' * 32}.parquet")
    pd.DataFrame({"made": [OWN]}).to_parquet(_folder(cache / "tags/partitions/tags") / f"{'0d' * 32}.parquet")
    np.save(_folder(cache / "arrays") / f"{'0e' * 32}.npy", np.ones((2, 3)))
    vectors.to_parquet(_folder(cache / "embeddings/partitions/sentence vectors") / f"{'0f' * 32}.parquet")
    made = cache / "generations/89ab"
    write_generations(made, "own seed 0", 0, {CLIP: np.ones((44, 263)), OTHERS[2]: np.ones((44, 263))})
    seals.seal(made)
    known = {f"{data}/joints/{name}.npy": [9, 1, 1, 1, "aa"] for name in (CLIP, OTHERS[0])}
    (cache / "hashes.json").write_text(json.dumps(known))
    lines = [json.dumps({"clip_id": clip, "text": text}) for clip, text in ((CLIP, OWN), (OTHERS[0], SHARED))]
    (_folder(cache / "captions") / "journal.jsonl").write_text("\n".join(lines) + "\n")


def _build(root: Path) -> None:
    build = root / "build"
    (_folder(build / "pages/world") / "index.qmd").write_text("A page that names nobody.")
    (_folder(build / "pages/elsewhere") / "index.qmd").write_text("A page that names nobody.")
    (_folder(build / "explored/world/00_data_preparation") / "values.json").write_text("{}")
    (_folder(build / "motion") / f"{CLIP}.html").write_text("<html></html>")
    survey = _folder(build / "survey")
    items = {
        code: KeyItem(clip_id=clip, captioners={code * 2: "a"}) for code, clip in (("aaaa", CLIP), ("bbbb", OTHERS[0]))
    }
    write_key(Key(survey="s1", profile="world", items=items), survey / "world.key.json")
    (survey / "world.html").write_text(f"<p>{SHARED}</p>")
    (survey / "world.tasks.json").write_text(json.dumps([{"data": {"item": "aaaa", "left": SHARED}}]))
    for code in items:
        (_folder(survey / "world_videos") / f"{code}.mp4").write_bytes(b"video of " + code.encode())


def _notebook() -> nbformat.NotebookNode:
    shown = [new_output("execute_result", data={"text/html": f"<td>{OWN}</td>"}, execution_count=1)]
    quiet = [new_output("stream", text="2 clips")]
    return new_notebook(cells=[new_code_cell("show()", outputs=shown), new_code_cell("count()", outputs=quiet)])


def layers(path: Path) -> Iterator[bytes]:
    """What a file says, unpacked by hand: itself, its name, tables, texts of pictures, base64, deflate, zip members."""
    data = path.read_bytes()
    yield str(path).encode()
    yield data
    if path.suffix == ".parquet":
        yield pd.read_parquet(path).to_csv().encode()
    if path.suffix == ".png":
        yield str(Image.open(path).info).encode()
    if zipfile.is_zipfile(path):
        archive = zipfile.ZipFile(io.BytesIO(data))
        yield from (archive.read(name) for name in archive.namelist())
    for run in re.findall(rb"[A-Za-z0-9+/]{40,}", data):
        packed = base64.b64decode(run[: len(run) // 4 * 4] if len(run) % 4 == 1 else run + b"=" * (-len(run) % 4))
        yield packed
        try:
            yield zlib.decompress(packed)
        except zlib.error:
            continue


def holding(folder: Path, *sought: str | bytes) -> list[str]:
    """The files below a folder that hold one of these, whatever their case."""
    wanted = [(text.encode() if isinstance(text, str) else text).lower() for text in sought]
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    return [
        path.relative_to(folder).as_posix()
        for path in paths
        if any(text in layer.lower() for layer in layers(path) for text in wanted)
    ]
