"""`opt.txt`, in which the public code writes what a network is made of."""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from lib.base.errors import ModelError, refuse_limits
from lib.models.momask.sizes import CLIP_WIDTH, FRAMES_A_TOKEN, MoMaskSizes

Options = dict[str, str]

TOKENIZER = {
    "width": "width",
    "code_dim": "code_dim",
    "codes": "nb_code",
    "quantizers": "num_quantizers",
    "depth": "depth",
    "dilation_growth": "dilation_growth_rate",
}
"""Sizes of the tokenizer, by their names here and in `opt.txt`."""
TRANSFORMER = {"latent_dim": "latent_dim", "num_layers": "n_layers", "num_heads": "n_heads", "ff_size": "ff_size"}
"""Likewise of the transformers."""
TOKENIZER_KIND = {"down_t": "2", "stride_t": "2", "vq_act": "relu", "vq_norm": "None", "shared_codebook": "False"}
"""What the tokenizer of every public run is; another kind is refused."""
RESIDUAL_KIND = {"share_weight": "True"}
FIX = "point at a run of momask-codes, whose opt.txt says what it is made of"
NUMBER = re.compile(r"\d{1,4}")


def read_options(file: Path) -> Options:
    """The lines `key: value` of an `opt.txt`.

    Source: momask-codes: utils/get_opt.py, options/base_option.py.

    Raises:
        ModelError: there is no such file, or it is no text.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise ModelError("is missing", where=file, fix=FIX) from None
    except (OSError, UnicodeDecodeError) as error:
        refuse_limits(error)
        raise ModelError(f"unreadable ({type(error).__name__})", where=file, fix="copy the file again") from error
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}


def tokenizer_sizes(options: Mapping[str, str], where: Path) -> MoMaskSizes:
    """What the RVQ-VAE of an `opt.txt` is made of.

    Raises:
        ModelError: a line is missing, or says something else than a number; another kind of tokenizer.
    """
    _same(options, TOKENIZER_KIND | {"output_emb_width": options.get("code_dim", "")}, where)
    return _sizes({name: _number(options, line, where) for name, line in TOKENIZER.items()}, where)


def transformer_sizes(options: Mapping[str, str], tokenizer: MoMaskSizes, where: Path) -> MoMaskSizes:
    """What a transformer of an `opt.txt` is made of, over the tokens of a tokenizer.

    Raises:
        ModelError: as for `tokenizer_sizes`.
    """
    own = {name: _number(options, line, where) for name, line in TRANSFORMER.items()}
    condition = _number(options, "clip_dim", where) if "clip_dim" in options else CLIP_WIDTH
    shared = {name: getattr(tokenizer, name) for name in TOKENIZER}
    return _sizes({**shared, **own, "condition": condition}, where)


def needed(options: Mapping[str, str], line: str, where: Path) -> str:
    """The value of a line.

    Raises:
        ModelError: there is no such line.

    Example:
        >>> needed({"n_layers": "8"}, "n_heads", Path("opt.txt"))
        Traceback (most recent call last):
        lib.base.errors.ModelError: opt.txt: has no line n_heads; copy the opt.txt that the run was trained with
    """
    if line not in options:
        raise ModelError(f"has no line {line}", where=where, fix="copy the opt.txt that the run was trained with")
    return options[line]


def refuse_other_kinds(options: Mapping[str, str], where: Path) -> None:
    """Refuses a residual transformer whose tables of input and output are not shared.

    Raises:
        ModelError: it is one; momask-codes' own arithmetic for it is broken.
    """
    _same(options, RESIDUAL_KIND, where)


def tokenizer_options(sizes: MoMaskSizes, name: str) -> Options:
    """The lines from which `tokenizer_sizes`, and momask-codes, read a tokenizer."""
    own = {line: str(getattr(sizes, ours)) for ours, line in TOKENIZER.items()}
    other = {"mu": "0.99", "output_emb_width": str(sizes.code_dim), "quantize_dropout_prob": "0.2"}
    return _run(name) | own | TOKENIZER_KIND | other


def transformer_options(
    sizes: MoMaskSizes, name: str, tokenizer: str, *, unconditional: float, condition: str
) -> Options:
    """The lines from which `transformer_sizes`, and momask-codes, read a transformer.

    Args:
        sizes: of the transformer.
        name: of its folder.
        tokenizer: name of the tokenizer's folder.
        unconditional: share of conditions that training left out.
        condition: name of the text model; only we read it, and the width of its vectors.
    """
    own = {line: str(getattr(sizes, ours)) for ours, line in TRANSFORMER.items()}
    own |= {"dropout": str(sizes.dropout), "cond_drop_prob": str(unconditional), "vq_name": tokenizer}
    return _run(name) | own | RESIDUAL_KIND | {"clip_dim": str(sizes.condition), "condition": condition}


def write_options(options: Mapping[str, str], file: Path) -> None:
    """Writes `opt.txt` as momask-codes does."""
    lines = [f"{key}: {value}" for key, value in sorted(options.items())]
    text = "\n".join(["------------ Options -------------", *lines, "-------------- End ----------------"])
    file.write_text(text + "\n", encoding="utf-8")


def _run(name: str) -> Options:
    return {
        "checkpoints_dir": "./checkpoints",
        "dataset_name": "t2m",
        "name": name,
        "unit_length": str(FRAMES_A_TOKEN),
    }


def _number(options: Mapping[str, str], line: str, where: Path) -> int:
    value = needed(options, line, where)
    if not NUMBER.fullmatch(value):
        raise ModelError(f"{line} is {value[:40]!r}, not a number of up to four digits", where=where, fix=FIX)
    return int(value)


def _same(options: Mapping[str, str], expected: Mapping[str, str], where: Path) -> None:
    if (data := options.get("dataset_name", "t2m")) != "t2m":
        raise ModelError(
            f"was trained on {data[:40]!r}", where=where, fix="point at a run of HumanML3D's features: t2m"
        )
    for line, value in expected.items():
        if (found := needed(options, line, where)) != value:
            fix = "point at a run of the published kind"
            raise ModelError(f"{line} is {found[:40]!r}, and only {value!r} is supported", where=where, fix=fix)


def _sizes(values: Mapping[str, int], where: Path) -> MoMaskSizes:
    try:
        return MoMaskSizes(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        told = f"{place} cannot be {values[place]}" if place in values else first["msg"]
        raise ModelError(f"impossible sizes: {told[:200]}", where=where, fix=FIX) from None
