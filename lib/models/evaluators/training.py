"""Training a small evaluator on corpora, where the public one is not at hand: once for each content, resumable."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from filelock import FileLock
from tqdm import tqdm

from lib.base import seals
from lib.base.device import device_in_key, resolve_device
from lib.base.paths import CACHE
from lib.corpus import Corpus
from lib.models.evaluators import matching, movements
from lib.models.evaluators.folder import grouped, weighted
from lib.models.evaluators.model import Evaluator
from lib.models.evaluators.movements import Autoencoder, Windows
from lib.models.evaluators.networks import WORD
from lib.models.evaluators.sizes import EvaluatorSizes, EvaluatorTraining
from lib.models.evaluators.words import of_captions
from lib.models.tmr import checkpoint
from lib.models.tmr.checkpoint import Standing
from lib.models.tmr.pairs import Pairs, Seconds, files_of, read_motions, rows_hash, segments
from lib.models.tmr.training import threads
from lib.text.tokens import pos_key

VERSION = 1
"""Raised with every change to the code that changes the weights it makes."""
LASTING = Seconds(2.0, 9.95)
"""Segments of 40 to 199 frames, those that the public loader reads."""
SPREAD = 0.3
"""Deviation of the numbers of a word's vector before it is learnt, about that of GloVe's."""

Bar = Any


def train(
    corpora: Sequence[Corpus],
    *,
    sizes: EvaluatorSizes | None = None,
    training: EvaluatorTraining | None = None,
    cache: Path = CACHE / "models",
    progress: bool = True,
) -> Path:
    """The folder of an evaluator trained on the train splits, which is made unless it exists.

    First the movement encoder learns to rebuild windows of frames; then it stays as it is, and both other encoders
    learn to bring captions near their motions. Words have vectors that are learnt with them, since there are no GloVe
    files, so that nothing is shared with TMR and its text model. The folder's name is a hash of the corpora's files,
    segments and tokens, the sizes, the training, `VERSION`, and of the kind of device unless it is a processor: equal
    content trains once. An interrupted training goes on from its last epoch and ends with the same weights, to the bit
    on the same machine and number of threads.

    Source: Guo et al. 2022 + text-to-motion: train_decomp_v3.py, train_tex_mot_match.py. It differs in the words, and
    in choosing the epoch by R@1 on the val splits, not by the loss.

    Args:
        corpora: with motions and captions; they are pooled.
        sizes: of the networks; the public ones by default.
        training: how; the public one by default.
        cache: where folders are kept.
        progress: whether to show bars.

    Returns:
        The folder, for `Evaluator.from_run_dir`. Beside the evaluator it holds `log.csv` (a row an epoch of the
        matching) and `training.json` (what was trained, on how much, for how long).

    Raises:
        CorpusError: no segment to train or validate on, or an unreadable motion.
        ModelError: captions must be tagged and no spaCy model is installed, or the training diverged.
    """
    sizes, training = sizes or EvaluatorSizes(), training or EvaluatorTraining()
    rows = {split: _with_keys(corpora, segments(corpora, split, LASTING), progress) for split in ("train", "val")}
    content = {
        "version": VERSION,
        "sizes": asdict(sizes),
        "training": asdict(training),
        "corpora": files_of(corpora),
        "segments": {split: rows_hash(table) for split, table in rows.items()},
        **device_in_key(),
    }
    target = checkpoint.run_folder(cache, "evaluator", content)
    if checkpoint.is_sound(target, Evaluator):
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f".{target.name}.lock"):
        if not checkpoint.is_sound(target, Evaluator):
            seals.say_damage(target, checkpoint.AGAIN)
            read = partial(read_motions, corpora, stride=1, progress=progress)
            pairs = {split: Pairs(table, read(table), 1) for split, table in rows.items()}
            mean, std = pairs["train"].statistics()
            vocabulary = of_captions(rows["train"]["key"].tolist(), fewest=training.fewest)
            scratch = cache / f".{target.name}.part"
            with torch.random.fork_rng(devices=[]), threads(training.threads):
                torch.manual_seed(training.seed)
                vectors = SPREAD * torch.randn(len(vocabulary.words), WORD)
                evaluator = Evaluator(sizes, mean, weighted(grouped(std)), vocabulary, vectors).to(resolve_device())
                moved = _movements(evaluator, pairs, training, scratch / "movements.pt", progress)
                standing = _matching(evaluator, pairs, training, scratch / "checkpoint.pt", progress)
                facts = {
                    **content,
                    **{split: {"clips": len(some), "captions": len(some.rows)} for split, some in pairs.items()},
                    "words": len(vocabulary.words),
                    "movement_epochs": moved.epoch,
                    "movement_error": -moved.best_score,
                    "epochs": standing.epoch,
                    "best_epoch": standing.best_epoch,
                    "best_precision": standing.best_score,
                    "seconds": sum(row["seconds"] for row in [*moved.log, *standing.log]),
                    "threads": torch.get_num_threads(),
                }
                checkpoint.publish(evaluator, standing, facts, scratch, target)
    return target


def _with_keys(corpora: Sequence[Corpus], rows: pd.DataFrame, progress: bool) -> pd.DataFrame:
    """Segments with their captions as tokens, the corpus' own where it has them."""
    parts = []
    for at, part in rows.groupby("corpus", sort=True):
        captions = corpora[int(str(at))].captions
        captions = captions[captions["text"].isin(set(part["text"]))].drop_duplicates(["clip_id", "text"])
        captions = captions.assign(key=pos_key(captions, progress=progress))
        parts.append(part.merge(captions[["clip_id", "text", "key"]], on=["clip_id", "text"], how="left"))
    return pd.concat(parts, ignore_index=True)


def _movements(
    evaluator: Evaluator, pairs: dict[str, Pairs], training: EvaluatorTraining, resume_file: Path, progress: bool
) -> Standing:
    model = Autoencoder(evaluator).to(evaluator.mean.device)
    optimiser = torch.optim.Adam(model.parameters(), lr=training.movement_lr)
    standing = checkpoint.resume(resume_file, model, optimiser)
    windows = {split: Windows(some, training.window) for split, some in pairs.items()}
    steps = -(-windows["train"].count // training.movement_batch)
    total, done = training.movement_epochs * steps, standing.epoch * steps
    with tqdm(total=total, initial=done, desc="training movements", unit=" steps", disable=not progress) as bar:
        while standing.epoch < training.movement_epochs:
            start, epoch = time.perf_counter(), standing.epoch
            row = movements.learn(
                evaluator, model, optimiser, windows["train"], training, epoch, told=lambda loss: bar.update()
            )
            error = movements.rebuilt(evaluator, model, windows["val"], training)
            seconds = time.perf_counter() - start
            standing.note({"epoch": epoch, **row, "error": error, "seconds": seconds}, -error, model)
            checkpoint.save(resume_file, standing, model, optimiser)
    model.load_state_dict(standing.best)
    return standing


def _matching(
    evaluator: Evaluator, pairs: dict[str, Pairs], training: EvaluatorTraining, resume_file: Path, progress: bool
) -> Standing:
    learnt = [*evaluator.text_encoder.parameters(), *evaluator.motion_encoder.parameters(), evaluator.vectors]
    optimiser = torch.optim.Adam(learnt, lr=training.lr)
    standing = checkpoint.resume(resume_file, evaluator, optimiser)
    keys = {split: some.rows["key"].tolist() for split, some in pairs.items()}
    steps = -(-len(pairs["train"]) // training.batch)
    total, done = training.epochs * steps, standing.epoch * steps
    with tqdm(total=total, initial=done, desc="training evaluator", unit=" steps", disable=not progress) as bar:
        while not standing.ended(training.epochs, training.patience):
            start, epoch = time.perf_counter(), standing.epoch
            row = matching.learn(
                evaluator,
                optimiser,
                pairs["train"],
                keys["train"],
                training,
                epoch,
                told=lambda loss: bar.update(),
            )
            right = matching.precision(evaluator, pairs["val"], keys["val"])
            bar.set_postfix({"R@1": f"{right:.1f}"}, refresh=False)
            seconds = time.perf_counter() - start
            standing.note({"epoch": epoch, **row, "R@1": right, "seconds": seconds}, right, evaluator)
            checkpoint.save(resume_file, standing, evaluator, optimiser)
        bar.total = bar.n
    return standing
