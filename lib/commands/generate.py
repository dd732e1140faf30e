"""``python -m lib generate``: one motion for a sentence, from a trained regime or from public weights."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lib.base.errors import ParamsError
from lib.commands.motion import check_kind, write
from lib.commands.profile import DEFAULT, ParamsFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lib.models.momask.model import MoMask
    from lib.models.momask.sizes import Sampling
    from lib.run.params import Profile

FPS = 20
KINDS = (".bvh", ".npy", ".gif")


def generate(
    text: Annotated[str, typer.Option(help="what the motion shall be, in English")],
    out: Annotated[Path, typer.Option("-o", "--out", help="a .bvh, .npy (features, 263 a frame) or .gif file")],
    regime: Annotated[
        str | None, typer.Option(help="a trained regime of the profile, such as 'h3d+dm weighted'")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="of its training; the first without it", min=0)] = None,
    momask: Annotated[
        Path | None, typer.Option(help="weights to use instead: checkpoints/t2m of momask-codes, or an export")
    ] = None,
    masked: Annotated[
        str | None, typer.Option(help="folder of the masked transformer, where there are several")
    ] = None,
    residual: Annotated[str | None, typer.Option(help="folder of the residual transformer, likewise")] = None,
    clip: Annotated[
        Path | None, typer.Option(help="folder of CLIP ViT-B/32, which public weights read texts by")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="how long; drawn by the length estimator without", min=0.2, max=60)
    ] = None,
    draw: Annotated[int, typer.Option(help="another number is another motion", min=0)] = 0,
    joints: Annotated[bool, typer.Option("--joints", help="write joints (T, 22, 3) into the .npy file")] = False,
    params_file: ParamsFile = DEFAULT,
) -> None:
    """Makes a motion at 20 frames a second; nothing is trained for it."""
    from lib.base.device import choose
    from lib.run import params

    kind = check_kind(out, KINDS)
    if not text.strip():
        raise ParamsError("an empty text", where="--text", fix="say what the motion shall be")
    if joints and kind != ".npy":
        raise ParamsError(f"--joints is about .npy files, not {kind}", fix="leave it out")
    if (regime is None) == (momask is None):
        raise ParamsError("one of --regime and --momask says which weights", fix="give one of them")
    if momask is not None and seed is not None:
        raise ParamsError("--seed is that of a regime's training", fix="give --draw for another motion of --momask")
    if momask is None and (masked or residual or clip):
        raise ParamsError("--masked, --residual and --clip are about --momask", fix="leave them out")
    profile = params.load(params_file)
    choose(profile.device, profile.precision)
    model, sampling, name = _opened(profile, regime, seed, momask, masked, residual, clip)
    vectors = model.vectors([text])
    frames = model.drawn_frames(vectors, seed=draw)[0] if seconds is None else max(round(seconds * FPS), 1)
    features = model.generate(vectors, [frames], seed=draw, sampling=sampling)[0]
    _write(features, out, kind, joints=joints)
    print(f"{out}: {frames / FPS:g} s by {name}, draw {draw}")


def _opened(
    profile: "Profile",
    regime: str | None,
    seed: int | None,
    momask: Path | None,
    masked: str | None,
    residual: str | None,
    clip: Path | None,
) -> "tuple[MoMask, Sampling, str]":
    from lib.models.momask.model import MoMask
    from lib.models.momask.sizes import Sampling
    from lib.run.trained_generators import trained_generator

    if momask is not None:
        folder = momask.expanduser()
        model = MoMask.from_run_dir(folder, masked=masked, residual=residual, clip=clip, sentence_model=profile.mpnet)
        return model, Sampling(), str(folder)
    assert regime is not None
    trained, folder = trained_generator(profile, regime, seed)
    model = MoMask.from_run_dir(folder, sentence_model=profile.mpnet)
    return model, profile.models.momask.sampling, f"{regime}, seed {trained}"


def _write(features: "NDArray[np.float32]", out: Path, kind: str, *, joints: bool) -> None:
    import numpy as np

    from lib.base import atomic
    from lib.motion.features import recover_joints

    placed = recover_joints(features)
    placed[..., 1] -= placed[..., 1].min()
    if kind != ".npy":
        write(placed, out, kind, fps=FPS)
        return
    with atomic.replaced(out) as part, part.open("wb") as stream:
        np.save(stream, placed if joints else features, allow_pickle=False)
