"""MDM's `results.npy`: a pickled dictionary of all motions, their prompts and lengths."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError, refuse_limits
from lib.corpus.foreign_generations.plain_pickle import array_of, content_of, loads, values_of

Result = tuple[NDArray[np.generic], int, int, str | None]
BODY = (22, 3)
FIX = "take the results.npy that sample/generate.py wrote"
HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def read(path: Path) -> Iterator[Result]:
    """The motions of a file, repetition by repetition: joints (T, 22, 3), number of the prompt, repetition, prompt.

    Nothing in the file is run (`plain_pickle`). All of it is checked before the first motion is given.

    Source: motion-diffusion-model: sample/generate.py. `motion` (n, 22, 3, T) is padded to one length, `lengths` (n,)
        says how much of it counts, `text` has a prompt a motion; n is `num_repetitions` times `num_samples`.

    Args:
        path: a `.npy` file of pickled objects.

    Raises:
        CorpusError: a forbidden name in the pickle, a key is missing, or what it holds does not belong together.
    """
    content = content_of(loads(_pickle_of(path), path))
    if not isinstance(content, dict):
        raise CorpusError(f"holds a {type(content).__name__}, not MDM's dictionary", where=path, fix=FIX)
    motions = _array(content, "motion", path)
    if motions.ndim != 4 or motions.shape[1:3] != BODY or motions.dtype.kind != "f":
        what = f"motion is {motions.dtype} {motions.shape} instead of floats (n, 22, 3, T)"
        raise CorpusError(what, where=path, fix="generate with --dataset humanml")
    count, longest = len(motions), motions.shape[3]
    lengths = _array(content, "lengths", path)
    if lengths.shape != (count,) or lengths.dtype.kind not in "iu":
        raise CorpusError(f"lengths are not {count} whole numbers, one a motion", where=path, fix=FIX)
    if wrong := [int(one) for one in lengths if not 0 < one <= longest]:
        raise CorpusError(f"lengths say {wrong[0]} frames of {longest}", where=path, fix=FIX)
    texts = _texts(content.get("text"), count, path)
    samples = content.get("num_samples", count)
    if type(samples) is not int or samples < 1 or count % samples:
        what = f"num_samples is {str(samples)[:20]}, of which {count} motions are no whole repetitions"
        raise CorpusError(what, where=path, fix=FIX)
    return _results(motions, lengths, texts, samples)


def _results(
    motions: NDArray[np.generic], lengths: NDArray[np.generic], texts: list[str | None], samples: int
) -> Iterator[Result]:
    for at, (motion, length, text) in enumerate(zip(motions, lengths, texts, strict=True)):
        yield motion[..., : int(length)].transpose(2, 0, 1), at % samples, at // samples, text


def _pickle_of(path: Path) -> bytes:
    """What follows the header of a `.npy` file."""
    try:
        with path.open("rb") as stream:
            HEADERS.get(np.lib.format.read_magic(stream), HEADERS[2, 0])(stream)
            return stream.read()
    except (OSError, ValueError) as error:
        refuse_limits(error)
        raise CorpusError(f"cannot be read ({error})", where=path, fix="take a fresh copy of the file") from error


def _array(content: dict[Any, Any], key: str, path: Path) -> NDArray[np.generic]:
    try:
        array = array_of(content[key])
    except KeyError:
        raise CorpusError(f"has no {key}", where=path, fix=FIX) from None
    except ValueError:
        array = None
    if array is None:
        raise CorpusError(f"{key} is no array of numbers", where=path, fix=FIX)
    return array


def _texts(value: Any, count: int, path: Path) -> list[str | None]:
    """The prompts; results without text conditions say nothing useful, and later releases give a list a motion."""
    if value is None:
        return [None] * count
    texts = values_of(value)
    if texts is None or len(texts) != count:
        raise CorpusError(f"text is not {count} prompts, one a motion", where=path, fix=FIX)
    return [one if isinstance(one, str) else None for one in texts]
