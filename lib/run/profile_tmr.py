"""The TMR of a profile: a public run where the parameters name one, else one trained on the profile's corpora."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lib import corpus
from lib.base import state
from lib.base.errors import RunError
from lib.base.parameters import Clips
from lib.base.prose import listed
from lib.corpus import Corpus
from lib.corpus.leak_free import leak_free_clips
from lib.corpus.sample import sampled
from lib.models.latents import Latents, read
from lib.models.tmr.model import TMR
from lib.models.tmr.pairs import FPS, Bounds, segments
from lib.models.tmr.text import TokenFeatures
from lib.run.params import Profile
from lib.run.results import Run
from lib.run.selection import selected

EMBEDDING = "04_embedding_gap"


def prepare(profile: Profile) -> None:
    """Passes the captions of all corpora and splits through the text model, those that have not been."""
    texts = [text for corpus in loaded(profile).values() for text in corpus.captions["text"]]
    TokenFeatures(profile.models.tmr.text_model, sentence_model=profile.mpnet).prepare(texts)


def run_dir(profile: Profile) -> Path:
    """The run folder, which is trained now unless it exists.

    Args:
        profile: for the corpora, of whose train and val splits the clips are used that `models.tmr` asks for.

    Returns:
        The folder, for `TMR.from_run_dir`.

    Raises:
        CorpusError: nothing to train on.
        ModelError: a text model cannot be had, or the training diverged.
    """
    asked = profile.models.tmr
    if asked.run_dir:
        return Path(asked.run_dir)
    from lib.models.tmr.training import train

    return train(
        [*training_corpora(profile).values()],
        sizes=asked.sizes,
        training=asked.training,
        text_model=asked.text_model,
        sentence_model=profile.mpnet,
    )


_folders: dict[str, Path] = {}
"""The run folders that this process asked for, by profile: for each the corpora are read, a minute at full size."""


def _folder(run: Run) -> Path:
    profile = run.profile.model_dump_json()
    if profile not in _folders:
        _folders[profile] = run_dir(run.profile)
    return _folders[profile]


def training_corpora(profile: Profile) -> dict[str, Corpus]:
    """The corpora by key as TMR is trained on them: the clips that `models.tmr` asks for, or its sample of them."""
    asked = profile.models.tmr
    return sampled(selected(profile, loaded(profile), asked.clips), asked.sample, profile.seed)


def loaded(profile: Profile) -> dict[str, Corpus]:
    """The corpora of a profile by key, whole."""
    sources = profile.corpora.items()
    return {key: corpus.load(source.kind, source.root, name=source.label) for key, source in sources}


def trained_on(run: Run) -> str:
    """What a page says of the clips that TMR was trained on: how many of how many of each corpus, mirrors counted."""
    asked = run.profile.models.tmr
    if asked.run_dir:
        return "TMR is a run that the parameters name; what it was trained on is not known here."
    return f"TMR was trained on {_tmr_clips(run)}."


def _tmr_clips(run: Run) -> str:
    asked = run.profile.models.tmr
    of = training_clips(run, asked.clips, asked.training)
    whole = run.selected(asked.clips)
    used = sampled(whole, asked.sample, run.profile.seed)
    if all(used[key] is one for key, one in whole.items()):
        return of
    drawn = _by_corpus(used, asked.training)
    return f"a random sample, {listed([f'{n:,} training clips of {name}' for name, n in drawn.items()])}, of {of}"


def training_clips(run: Run, clips: Clips, training: Bounds) -> str:
    """The training clips that a block of the parameters asks for, as prose counts them.

    Args:
        run: for its corpora.
        clips: what the block asks for.
        training: for the seconds a captioned segment may last.
    """
    of = _by_corpus(run.all_clips, training)
    used = _by_corpus(run.selected(clips), training)
    if used == of:
        return f"all {listed([f'{n:,} training clips of {name}' for name, n in of.items()])}"
    counts = [f"{used[name]:,} of {n:,} training clips of {name}" for name, n in of.items()]
    return f"what the filter keeps, {listed(counts)}"


def _by_corpus(corpora: Mapping[str, Corpus], training: Bounds) -> dict[str, int]:
    names = [one.name for one in corpora.values()]
    clips = segments([*corpora.values()], "train", training).groupby("corpus")["clip_id"].nunique()
    return {name: int(clips.get(at, 0)) for at, name in enumerate(names)}


def leak_free(run: Run) -> dict[str, frozenset[str]]:
    """The benchmark's test clips that TMR has met in training neither by recording nor by text, by name of the corpus.

    A TMR that was trained here has seen every corpus of the profile; a public run is taken to have seen the benchmark's
    training set and no other data. Empty where 01 left no list.
    """
    _, *others = run.corpora
    folder = run.results("01_similarity_test")
    clips = leak_free_clips(folder, () if run.profile.models.tmr.run_dir else others)
    return {} if clips is None else {run.benchmark.name: clips}


def load(run: Run) -> TMR:
    """The TMR of a notebook's profile, its fingerprint noted as a model that the results rest on."""
    tmr = TMR.from_run_dir(_folder(run), text_model=run.profile.models.tmr.text_model, sentence_model=run.mpnet)
    run.model("TMR", tmr.fingerprint)
    return tmr


def latents(run: Run, tmr: TMR | None = None) -> dict[str, Latents]:
    """The latents that 04 left, by key of the corpus; their TMR is noted as a model that the results rest on.

    Args:
        run: the notebook's.
        tmr: the TMR that they must be of, where the notebook encodes more by it.

    Raises:
        RunError: they are missing, or of another TMR.
    """
    by_key = {key: read(run.results(EMBEDDING), key) for key in run.corpora}
    for of_corpus in by_key.values():
        if tmr is not None and of_corpus.fingerprint != tmr.fingerprint:
            differ = f"latents are of TMR {of_corpus.fingerprint[:12]}, the evaluator is {tmr.fingerprint[:12]}"
            raise RunError(differ, where=EMBEDDING, fix="run it again: make report")
        run.model("TMR", of_corpus.fingerprint)
    return by_key


def log(run: Run) -> pd.DataFrame | None:
    """The training log, a row an epoch, or None for a run made elsewhere."""
    file = _folder(run) / "log.csv"
    return pd.read_csv(file) if file.is_file() else None


def summary(run: Run, tmr: TMR) -> pd.DataFrame:
    """What the model is and how it came about: ``what, value``."""
    folder = _folder(run)
    file = folder / "training.json"
    told = state.required(file, dict[str, Any], fix="train it again: make models") if file.is_file() else {}
    sizes = tmr.sizes
    rows = [
        ("origin", "trained on this profile" if told else "a public run, given by the parameters"),
        ("fingerprint (sha256)", tmr.fingerprint[:16]),
        ("text model", tmr.text.name),
        (
            "width, layers, heads, feed-forward",
            f"{sizes.latent_dim}, {sizes.num_layers}, {sizes.num_heads}, {sizes.ff_size}",
        ),
        ("frames a second", f"{FPS / sizes.stride:g}"),
        ("parameters", f"{sum(one.numel() for one in tmr.parameters()):,}"),
    ]
    asked = run.profile.models.tmr
    if told and not asked.run_dir:
        rows.append(("trained on", _tmr_clips(run)))
    if told:
        counts = [
            f"{split} {told[split]['clips']:,} ({told[split]['captions']:,} captions)" for split in ("train", "val")
        ]
        best, threads = told["best_epoch"] + 1, f"{told['threads']} thread{'s' if told['threads'] > 1 else ''}"
        last = " (the last, so it may not have converged)" if best == told["epochs"] else ""
        rows += [
            ("clips", ", ".join(counts)),
            ("epochs, best one", f"{told['epochs']}, {best}{last}"),
            ("validation R@1 among 32, mean of both directions", f"{told['best_recall']:.1f} %"),
            (
                "training",
                f"{told['seconds']:.0f} s with {threads}; make report trains once, outside the notebooks' times",
            ),
        ]
    return pd.DataFrame(rows, columns=["what", "value"])
