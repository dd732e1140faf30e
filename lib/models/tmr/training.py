"""Training TMR on corpora: once for each content, with a checkpoint an epoch and early stopping."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

import torch
from filelock import FileLock
from tqdm import tqdm

from lib.base import seals
from lib.base.device import device_in_key, resolve_device
from lib.base.paths import CACHE
from lib.corpus import Corpus
from lib.models.tmr import checkpoint
from lib.models.tmr.checkpoint import Standing
from lib.models.tmr.epoch import learn, recall
from lib.models.tmr.model import TMR
from lib.models.tmr.pairs import Pairs, files_of, read_motions, rows_hash, segments
from lib.models.tmr.sizes import TMRSizes, TMRTraining
from lib.models.tmr.text import STORE, TokenFeatures

VERSION = 4
"""Raised with every change to the code that changes the weights it makes."""


def train(
    corpora: Sequence[Corpus],
    *,
    sizes: TMRSizes | None = None,
    training: TMRTraining | None = None,
    text_model: str | Path | None = None,
    sentence_model: Path | None = None,
    cache: Path = CACHE / "models",
    store: Path = STORE,
    progress: bool = True,
) -> Path:
    """The run folder of a TMR trained on the train splits, which is made unless it exists.

    The folder's name is a hash of the corpora's files and segments, the sizes, the training, the text model and
    `VERSION`, and of the kind of device unless it is a processor: equal content trains once. An interrupted training
    goes on from its last epoch and ends with the same weights, to the bit on the same machine and number of threads.

    Source: Petrovich et al. 2023 + Mathux/TMR: train.py. It differs in stopping early, by recall on the val splits.

    Args:
        corpora: with motions and captions; they are pooled.
        sizes: of the networks; the paper's by default.
        training: how; the paper's by default.
        text_model: folder or name of the model whose token states are read; MPNet by default.
        sentence_model: a folder that holds all-mpnet-base-v2.
        cache: where run folders are kept.
        store: where token states and sentence vectors are kept.
        progress: whether to show bars.

    Returns:
        The folder, for `TMR.from_run_dir`. Beside the weights it holds `log.csv` (a row an epoch: losses, validation
        R@1 in percent, seconds) and `training.json` (what was trained, on how much, for how long).

    Raises:
        CorpusError: no segment to train or validate on, or an unreadable motion.
        ModelError: the text model cannot be had, or the training diverged.
    """
    sizes, training = sizes or TMRSizes(), training or TMRTraining()
    text = TokenFeatures(text_model, sentence_model=sentence_model, store=store)
    rows = {split: segments(corpora, split, training) for split in ("train", "val")}
    content = {
        "version": VERSION,
        "sizes": asdict(sizes),
        "training": asdict(training),
        "text_model": text.producer,
        "corpora": files_of(corpora),
        "segments": {split: rows_hash(table) for split, table in rows.items()},
        **device_in_key(),
    }
    target = checkpoint.run_folder(cache, "tmr", content)
    if checkpoint.is_sound(target, TMR):
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f".{target.name}.lock"):
        if not checkpoint.is_sound(target, TMR):
            seals.say_damage(target, checkpoint.AGAIN)
            text.prepare([*rows["train"].text, *rows["val"].text], progress=progress)
            read = partial(read_motions, corpora, stride=sizes.stride, progress=progress)
            pairs = {split: Pairs(table, read(table), sizes.stride) for split, table in rows.items()}
            mean, std = pairs["train"].statistics()
            with torch.random.fork_rng(devices=[]), threads(training.threads):
                torch.manual_seed(training.seed)
                tmr = TMR(sizes, mean, std, text_model=text_model, sentence_model=sentence_model, store=store)
                tmr.to(resolve_device())
                resume_file = cache / f".{target.name}.part" / "checkpoint.pt"
                standing = _trained(tmr, pairs["train"], pairs["val"], training, resume_file, progress)
                facts = {
                    **content,
                    **{split: {"clips": len(some), "captions": len(some.rows)} for split, some in pairs.items()},
                    "epochs": standing.epoch,
                    "best_epoch": standing.best_epoch,
                    "best_recall": standing.best_score,
                    "seconds": sum(row["seconds"] for row in standing.log),
                    "threads": torch.get_num_threads(),
                }
                checkpoint.publish(tmr, standing, facts, resume_file.parent, target)
    return target


@contextmanager
def threads(asked: int | None) -> Iterator[None]:
    """As many threads of the processor as a training asks for, and as before afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(asked or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _trained(tmr: TMR, train: Pairs, val: Pairs, training: TMRTraining, resume_file: Path, progress: bool) -> Standing:
    optimiser = torch.optim.AdamW(tmr.parameters(), lr=training.lr, fused=True)
    standing = checkpoint.resume(resume_file, tmr, optimiser)
    texts = train.rows.text.unique().tolist()
    vectors = dict(zip(texts, tmr.text.sentences(texts), strict=True))
    steps = -(-len(train) // training.batch)
    total, done = training.epochs * steps, standing.epoch * steps
    with tqdm(total=total, initial=done, desc="training TMR", unit=" steps", disable=not progress) as bar:
        shown = {"R@1": "-" if not standing.log else f"{standing.log[-1]['R@1']:.1f}"}

        def stepped(loss: float) -> None:
            bar.set_postfix(shown | {"loss": f"{loss:.3f}"}, refresh=False)
            bar.update()

        while not standing.ended(training.epochs, training.patience):
            start, epoch = time.perf_counter(), standing.epoch
            row = learn(
                tmr,
                optimiser,
                train,
                training,
                epoch,
                sentences=lambda texts: torch.stack([vectors[text] for text in texts]),
                told=stepped,
            )
            found = recall(tmr, val)
            shown["R@1"] = f"{found['R@1']:.1f}"
            row = {"epoch": epoch, **row, **found, "seconds": time.perf_counter() - start}
            standing.note(row, found["R@1"], tmr)
            checkpoint.save(resume_file, standing, tmr, optimiser)
        bar.total = bar.n
    return standing
