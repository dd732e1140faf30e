"""A judge of two ONNX encoders, one of videos and one of texts, which is how InternVideo2-CLIP is handed on."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from lib.base.device import resolve_device
from lib.base.errors import ModelError, refuse_limits
from lib.base.hashes import digest, file_sha256
from lib.corpus.videos import Video
from lib.models.onnx_preparation import PREPARATION, Preparation, inside
from lib.models.video_frames import frames as frames_of

PIXELS = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
TOKENS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class OnnxPair:
    """Two encoders and how their inputs are made; a folder of data, none of whose content is run as code.

    Attributes:
        name: the folder.
        sha256: of the JSON, both encoders, the weights beside them and the tokenizer.
        preparation: from the folder's JSON.
        video: onnxruntime's session of the video encoder.
        text: likewise of the text encoder.
        tokenizer: from the folder, neither cutting nor filling.
    """

    name: str
    sha256: str
    preparation: Preparation
    video: Any
    text: Any
    tokenizer: Any

    @classmethod
    def load(cls, folder: Path, *, frames: int | None = None) -> Self:
        """Loads a pair from a folder.

        Args:
            folder: with `onnx_pair.json`, and the encoders and the tokenizer that it names.
            frames: how many a video; they have to be those of the JSON.

        Raises:
            ModelError: a file that is missing, cannot be read or keeps its weights outside the folder, an encoder
                without the inputs and outputs that the JSON names, or of other shapes; onnxruntime is not installed.
        """
        preparation = Preparation.read(folder)
        if frames and frames != preparation.video.frames:
            fix = f"set models.video_text.frames to {preparation.video.frames}, or leave it out"
            raise ModelError(f"made for {preparation.video.frames} frames a video, not {frames}", where=folder, fix=fix)
        video, text = preparation.video, preparation.text
        names = [video.file, text.file, text.tokenizer]
        for name in names:
            if not (folder / name).is_file():
                raise ModelError("no such file", where=folder / name, fix=f"put it there, or mend {PREPARATION}")
        weights = [weight for name in (video.file, text.file) for weight in _weights(folder / name, folder)]
        sessions = [_session(folder / part.file) for part in (video, text)]
        _check(sessions[0], folder / video.file, {video.input: (video.shape, PIXELS)}, video.output, preparation.dims)
        shapes = {name: ((1, text.length), TOKENS) for name in (text.input, text.mask) if name}
        _check(sessions[1], folder / text.file, shapes, text.output, preparation.dims)
        files = {PREPARATION, *names, *weights}
        sha256 = digest((name, file_sha256(folder / name)) for name in files)
        return cls(str(folder), sha256, preparation, sessions[0], sessions[1], _tokenizer(folder / text.tokenizer))

    @property
    def longest(self) -> int:
        """Tokens of the longest text that is read whole."""
        return self.preparation.text.length

    def encode_videos(self, paths: Sequence[Path | Video], *, progress: bool = True) -> Vectors:
        """Vectors of videos (n, d), L2-normalised.

        Raises:
            CorpusError: a file that is no readable video.
            ModelError: the encoder fails, or gives a vector that is not finite.
        """
        part = self.preparation.video
        kind = PIXELS[self.video.get_inputs()[0].type]
        found = []
        for path in tqdm(paths, desc="embedding videos", disable=not progress):
            pixels = part.prepare(frames_of(path, part.frames, part.spans)).astype(kind)
            found.append(self._vector(self.video, part.output, {part.input: pixels}))
        return self._stacked(found)

    def encode_texts(self, texts: Sequence[str], *, progress: bool = True) -> Vectors:
        """Vectors of captions (n, d), L2-normalised; each is read alone, so that equal ones have equal vectors.

        Raises:
            ModelError: the encoder fails, or gives a vector that is not finite.
        """
        part = self.preparation.text
        types = {one.name: TOKENS[one.type] for one in self.text.get_inputs()}
        vectors: dict[str, Vectors] = {}
        for text in tqdm(sorted(set(texts)), desc="embedding captions", disable=not progress):
            ids, mask = self._ids(text)
            fed = {part.input: np.array([ids], dtype=types[part.input])}
            fed |= {part.mask: np.array([mask], dtype=types[part.mask])} if part.mask else {}
            vectors[text] = self._vector(self.text, part.output, fed)
        return self._stacked([vectors[text] for text in texts])

    def tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Tokens of each caption before any is cut, those added at both ends included (n,)."""
        return np.array([len(self.tokenizer.encode(self._spelt(text)).ids) for text in texts], dtype=np.int64)

    def _spelt(self, text: str) -> str:
        return text.lower() if self.preparation.text.lower else text

    def _ids(self, text: str) -> tuple[list[int], list[int]]:
        """Tokens of a text and where they are no filling; what is added at both ends outlives the cut."""
        part = self.preparation.text
        encoding = self.tokenizer.encode(self._spelt(text), add_special_tokens=False)
        encoding.truncate(part.length - self.tokenizer.num_special_tokens_to_add(False))
        ids = self.tokenizer.post_process(encoding).ids
        lacking = part.length - len(ids)
        return [*ids, *[part.pad] * lacking], [*[1] * len(ids), *[0] * lacking]

    def _vector(self, session: Any, output: str, fed: Mapping[str, NDArray[Any]]) -> Vectors:
        try:
            (given,) = session.run([output], dict(fed))
        except Exception as error:  # onnxruntime has a class of its own for each kind of failure
            refuse_limits(error)
            what = " ".join(f"the encoder fails ({error})".split())[:300]
            raise ModelError(what, where=self.name, fix="export it again, or mend the JSON") from None
        vector = np.asarray(given, dtype=np.float32)
        length = float(np.linalg.norm(vector))
        if vector.shape != (1, self.preparation.dims) or not np.isfinite(length) or length == 0:
            told = f"gives {vector.shape}" if vector.shape != (1, self.preparation.dims) else "gives no finite vector"
            fix = f"one vector of {self.preparation.dims} numbers is needed: name another output, or mend dims"
            raise ModelError(f"output {output!r} {told}", where=self.name, fix=fix)
        return vector / np.float32(length)

    def _stacked(self, parts: Sequence[Vectors]) -> Vectors:
        return np.concatenate(parts) if parts else np.zeros((0, self.preparation.dims), dtype=np.float32)


def _weights(path: Path, folder: Path) -> Iterator[str]:
    """Files beside an encoder that hold weights of it, by their path in the folder; none may lie outside."""
    onnx = _package("onnx")
    try:
        model = onnx.load(str(path), load_external_data=False)
    except Exception as error:  # protobuf's errors are its own
        refuse_limits(error)
        fix = "take a fresh copy"
        raise ModelError(f"not a readable ONNX file ({type(error).__name__})", where=path, fix=fix) from None
    from onnx.external_data_helper import _get_all_tensors, uses_external_data

    for tensor in _get_all_tensors(model):
        if not uses_external_data(tensor):
            continue
        name = next((entry.value for entry in tensor.external_data if entry.key == "location"), "")
        where = path.parent / name
        try:
            inside(name)
            held = where.resolve().is_relative_to(folder.resolve())
        except ValueError:
            held = False
        if not held:
            fix = "export it with its weights in the folder"
            raise ModelError(f"keeps weights outside the folder ({name[:80]!r})", where=path, fix=fix)
        if not where.is_file():
            raise ModelError("no such file", where=where, fix=f"put it beside {path.name}, which keeps weights there")
        yield os.path.relpath(where, folder)


def _session(path: Path) -> Any:
    runtime = _package("onnxruntime")
    device = resolve_device()
    there = runtime.get_available_providers()
    wanted: list[Any] = ["CPUExecutionProvider"]
    if device.type == "cuda" and "CUDAExecutionProvider" in there:
        wanted.insert(0, ("CUDAExecutionProvider", {"device_id": device.index or 0}))
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    # One thread on a processor, as the engine has it: then no number of workers changes a vector or slows another.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        return runtime.InferenceSession(str(path), options, providers=wanted)
    except Exception as error:  # onnxruntime has a class of its own for each kind of failure
        refuse_limits(error)
        what = " ".join(f"cannot be loaded ({error})".split())[:300]
        raise ModelError(what, where=path, fix="export it again with operators of ONNX itself") from None


def _check(
    session: Any,
    path: Path,
    inputs: Mapping[str, tuple[tuple[int, ...], Mapping[str, Any]]],
    output: str,
    dims: int,
) -> None:
    """Refuses an encoder whose inputs or output are not those that the JSON tells."""
    there = {one.name: one for one in session.get_inputs()}
    if set(there) != set(inputs):
        fix = f"mend {PREPARATION}, or export it with these inputs"
        raise ModelError(f"has the inputs {', '.join(there)}, not {', '.join(inputs)}", where=path, fix=fix)
    for name, (shape, types) in inputs.items():
        if not _fits(there[name].shape, shape):
            fix = f"mend {PREPARATION}: frames, size, layout or length"
            raise ModelError(f"input {name!r} is {there[name].shape}, not {list(shape)}", where=path, fix=fix)
        if there[name].type not in types:
            raise ModelError(f"input {name!r} is of {there[name].type}", where=path, fix=f"give {' or '.join(types)}")
    outputs = {one.name: one for one in session.get_outputs()}
    if output not in outputs:
        raise ModelError(f"has no output {output!r}", where=path, fix=f"name one of {', '.join(outputs)}")
    if not _fits(outputs[output].shape, (1, dims)):
        fix = f"mend dims in {PREPARATION}, or name the output of one vector each"
        raise ModelError(f"output {output!r} is {outputs[output].shape}, not [1, {dims}]", where=path, fix=fix)


def _fits(declared: Sequence[Any], wanted: Sequence[int]) -> bool:
    """Whether a declared shape admits another; axes without a number admit any."""
    if not declared:
        return True  # an exporter need not tell the shape of an output
    fixed = [not isinstance(one, int) or one == size for one, size in zip(declared, wanted, strict=False)]
    return len(declared) == len(wanted) and all(fixed)


def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises bare exceptions
        refuse_limits(error)
        fix = "give a tokenizers JSON; transformers writes one of a vocabulary or a sentencepiece model"
        raise ModelError(" ".join(f"no tokenizer ({error})".split())[:300], where=path, fix=fix) from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _package(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        fix = "install it with: pip install -c constraints.txt -e .[judge]"
        raise ModelError(f"a pair of ONNX encoders needs the package {name}", fix=fix) from None
