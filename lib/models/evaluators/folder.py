"""The evaluator's files as the public code lays them out: weights, word vectors and statistics, read strictly."""

import io
import json
import pickle
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import ValidationError
from torch import Tensor

from lib.base.errors import CorpusError, ModelError, refuse_limits
from lib.corpus.feature_statistics import read_feature_statistics
from lib.models.evaluators.networks import WORD
from lib.models.evaluators.sizes import EvaluatorSizes
from lib.models.evaluators.words import END, START, UNKNOWN, Vocabulary
from lib.models.tmr.run import load, save
from lib.motion.features import FEATURE_BLOCKS
from lib.motion.motion_array import open_array

CHECKPOINT = Path("text_mot_match/model/finest.tar")
REPOSITORY = Path("checkpoints/t2m")
NETWORKS = ("text_encoder", "motion_encoder", "movement_encoder")
SIZES = "sizes.json"
GLOVE = ("glove", ".", "../../glove")
STATISTICS = ("meta", "Comp_v6_KLD01/meta", "Comp_v6_KLD005/meta")
FIX = "name a copy of text-to-motion, or its folder checkpoints/t2m with glove/ in it"
COPY = "copy the file again"
BIAS = 25.0
"""By what deviations of the root and the contacts are divided: the public code's `feat_bias` of 5, applied twice."""
WEIGHTED = (slice(0, 4), FEATURE_BLOCKS["contacts"])
LARGEST = 0.51 / BIAS
"""A contact is 0 or 1 in the public data, so that its deviation is half at most, and this much once divided."""


@dataclass(frozen=True)
class Files:
    """What an evaluator's folder holds.

    Attributes:
        sizes: of the networks.
        public: whether they are the public ones, which a folder has that says nothing of sizes.
        weights: state dict by network.
        vocabulary: words that have a vector.
        vectors: (words, 300).
        mean: (263,).
        std: (263,), with the root's and the contacts' divided.
    """

    sizes: EvaluatorSizes
    public: bool
    weights: dict[str, dict[str, Tensor]]
    vocabulary: Vocabulary
    vectors: Tensor
    mean: Tensor
    std: Tensor


def read_files(folder: Path) -> Files:
    """Reads an evaluator's folder; nothing in it is executed.

    It holds `text_mot_match/model/finest.tar`; the word vectors `our_vab_data.npy`, `our_vab_words.pkl` and
    `our_vab_idx.pkl` in `glove/`, beside it, or where the public repository has them; the statistics `mean.npy` and
    `std.npy` in `meta/`, `Comp_v6_KLD01/meta/` or `Comp_v6_KLD005/meta/`, or else HumanML3D's own `Mean.npy` and
    `Std.npy`, of which the evaluator's follow. A copy of the public repository has all of it under `checkpoints/t2m/`.

    Source: text-to-motion: networks/evaluator_wrapper.py, utils/word_vectorizer.py, data/dataset.py.

    Raises:
        ModelError: a file is missing, unreadable, holds code, or contradicts another.

    Example:
        >>> read_files(Path("no/such"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.ModelError: no/such: text_mot_match/model/finest.tar is missing; name a copy ...
    """
    if not (folder / CHECKPOINT).is_file():
        if not (folder / REPOSITORY / CHECKPOINT).is_file():
            raise ModelError(f"{CHECKPOINT} is missing", where=folder, fix=FIX)
        folder = folder / REPOSITORY
    sizes_file = folder / SIZES
    public = not sizes_file.is_file()
    sizes = EvaluatorSizes() if public else _sizes(sizes_file)
    weights = _weights(folder / CHECKPOINT)
    vocabulary, vectors = _words(folder)
    return Files(sizes, public, weights, vocabulary, vectors, *_statistics(folder, public))


def write_files(files: Files, folder: Path) -> None:
    """Writes an evaluator's folder, in the public layout but for the sizes, which the public code has in its options.

    Args:
        files: what it holds.
        folder: made where it is not there.
    """
    for name in (CHECKPOINT.parent, "glove", "meta"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    weights = {net: {name: one.cpu() for name, one in state.items()} for net, state in files.weights.items()}
    save(weights, folder / CHECKPOINT)
    for name, array in (("mean", files.mean), ("std", files.std)):
        np.save(folder / "meta" / f"{name}.npy", array.cpu().numpy(), allow_pickle=False)
    glove = folder / "glove"
    np.save(glove / "our_vab_data.npy", files.vectors.detach().cpu().numpy(), allow_pickle=False)
    words = files.vocabulary.words
    for name, listed in (("words", list(words)), ("idx", files.vocabulary.row)):
        (glove / f"our_vab_{name}.pkl").write_bytes(pickle.dumps(listed, protocol=3))
    (folder / SIZES).write_text(json.dumps(asdict(files.sizes), indent=1) + "\n", encoding="utf-8")


def grouped(std: Tensor) -> Tensor:
    """Deviations (263,) averaged within each block of the features, as HumanML3D's `Std.npy` has them.

    Source: HumanML3D: cal_mean_variance.ipynb.

    Example:
        >>> std = torch.ones(263)
        >>> std[1] = 3
        >>> grouped(std)[:4]
        tensor([1., 2., 2., 1.])
    """
    std = std.clone()
    for block in FEATURE_BLOCKS.values():
        std[block] = std[block].mean()
    return std


def weighted(std: Tensor) -> Tensor:
    """The deviations that the evaluator normalises by, of those of the features (263,).

    Source: text-to-motion: data/dataset.py, which divides the root's and the contacts' by `feat_bias` and saves them,
    and does so again when the movement autoencoder is trained.

    Example:
        >>> weighted(torch.ones(263))[[0, 3, 4, 258, 259]]
        tensor([0.0400, 0.0400, 1.0000, 1.0000, 0.0400])
    """
    std = std.clone()
    for block in WEIGHTED:
        std[block] /= BIAS
    return std


class _NotPlain(Exception):
    pass


class _PlainUnpickler(pickle.Unpickler):
    """Reads lists, dicts, strings and numbers; what needs a class or function is refused before it is found."""

    def find_class(self, module: str, name: str) -> Any:
        raise _NotPlain(f"{module}.{name}")


def _plain(path: Path) -> Any:
    try:
        return _PlainUnpickler(io.BytesIO(path.read_bytes())).load()
    except _NotPlain as error:
        told = f"holds more than words and numbers ({error}), perhaps code, and was not opened"
        raise ModelError(told, where=path, fix=COPY) from error
    except Exception as error:  # a damaged pickle raises whatever its bytes ask for
        refuse_limits(error)
        raise ModelError(f"unreadable ({type(error).__name__})", where=path, fix=COPY) from error


def _sizes(path: Path) -> EvaluatorSizes:
    try:
        return EvaluatorSizes(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, RecursionError, ValidationError) as error:
        told = f"not the sizes of an evaluator ({type(error).__name__})"
        raise ModelError(told, where=path, fix="train it again, or remove the file from a public folder") from error


def _weights(path: Path) -> dict[str, dict[str, Tensor]]:
    held = load(path)
    for name in NETWORKS:
        state = held.get(name) if isinstance(held, dict) else None
        if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
            raise ModelError(f"has no state dict {name}", where=path, fix=FIX)
        if unsound := next((key for key, value in state.items() if not torch.isfinite(value).all()), None):
            raise ModelError(f"{name}.{unsound} has values that are not finite", where=path, fix=COPY)
    return {name: held[name] for name in NETWORKS}


def _words(folder: Path) -> tuple[Vocabulary, Tensor]:
    places = [folder / place for place in GLOVE]
    glove = next((place for place in places if (place / "our_vab_words.pkl").is_file()), None)
    if glove is None:
        raise ModelError("glove/our_vab_words.pkl is missing", where=folder, fix=FIX)
    files = {name: glove / f"our_vab_{name}" for name in ("data.npy", "words.pkl", "idx.pkl")}
    if missing := next((path for path in files.values() if not path.is_file()), None):
        raise ModelError("is missing", where=missing, fix=FIX)
    words, rows = _plain(files["words.pkl"]), _plain(files["idx.pkl"])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words) or len({*words}) < len(words):
        raise ModelError("not a list of distinct words", where=files["words.pkl"], fix=COPY)
    if lacking := next((word for word in (START, END, UNKNOWN) if word not in words), None):
        raise ModelError(f"lacks the word {lacking}", where=files["words.pkl"], fix=COPY)
    if not isinstance(rows, dict) or not all(type(rows.get(word)) is int for word in words):
        raise ModelError("not the row of every word", where=files["idx.pkl"], fix=COPY)
    vectors = _array(files["data.npy"], "an array (words, 300)")
    if vectors.ndim != 2 or vectors.shape[1] != WORD:
        raise ModelError(f"has shape {vectors.shape} instead of (words, {WORD})", where=files["data.npy"], fix=COPY)
    order = [rows[word] for word in words]
    if not all(0 <= row < len(vectors) for row in order):
        told = f"names rows that {files['data.npy'].name} has not, which holds {len(vectors)}"
        raise ModelError(told, where=files["idx.pkl"], fix=COPY)
    return Vocabulary(tuple(words)), torch.from_numpy(vectors[order])


def _statistics(folder: Path, public: bool) -> tuple[Tensor, Tensor]:
    places = [folder / place for place in STATISTICS]
    own = next((place for place in places if (place / "mean.npy").is_file() and (place / "std.npy").is_file()), None)
    if own is None:
        try:
            statistics = read_feature_statistics(folder)
        except CorpusError as error:
            raise ModelError(error.what, where=error.where, fix=error.fix) from error
        if statistics is None:
            told = f"its statistics {STATISTICS[0]}/mean.npy and std.npy are missing, and HumanML3D's Mean.npy, Std.npy"
            raise ModelError(told, where=folder, fix=FIX)
        return torch.from_numpy(statistics.mean), weighted(torch.from_numpy(statistics.std))
    mean, std = (_array(own / f"{name}.npy", "an array (263,)") for name in ("mean", "std"))
    for name, array in (("mean", mean), ("std", std)):
        if array.shape != (263,):
            raise ModelError(f"has shape {array.shape} instead of (263,)", where=own / f"{name}.npy", fix=COPY)
    if not (std > 0).all():
        raise ModelError("a deviation is not positive", where=own / "std.npy", fix=COPY)
    if public and std[FEATURE_BLOCKS["contacts"]].max() > LARGEST:
        told = "the deviations of the contacts are not divided by 25, so they are not the evaluator's"
        fix = "put the evaluator's own there, or HumanML3D's as Mean.npy and Std.npy into the folder"
        raise ModelError(told, where=own / "std.npy", fix=fix)
    return torch.from_numpy(mean), torch.from_numpy(std)


def _array(path: Path, wanted: str) -> NDArray[np.float32]:
    try:
        array = open_array(path, wanted=wanted)
    except CorpusError as error:
        raise ModelError(error.what, where=error.where, fix=error.fix) from error
    if array.dtype.kind != "f" or not np.isfinite(array).all():
        raise ModelError(f"not finite floats but {array.dtype}, or infinite ones", where=path, fix=COPY)
    return array.astype(np.float32)
