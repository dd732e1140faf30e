"""``python -m lib models …``: the models of a profile, made or handed on."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lib.base.errors import ParamsError
from lib.commands.profile import DEFAULT, ParamsFile, checked, embed_corpora

if TYPE_CHECKING:
    from lib.models.momask.card import Origin
    from lib.run.params import Profile

app = typer.Typer()


@app.command()
def export(
    name: Annotated[str, typer.Argument(help="a trained regime of the profile, such as 'h3d+dm weighted'")],
    dest: Annotated[Path, typer.Argument(help="folder to make; an earlier export there is replaced whole")],
    seed: Annotated[int | None, typer.Option(help="of its training; the first without it", min=0)] = None,
    private: Annotated[
        list[str] | None, typer.Option("--private", help="key of a private corpus that the weights may be made of")
    ] = None,
    params_file: ParamsFile = DEFAULT,
) -> None:
    """Writes the weights of a generator as checkpoints/t2m/<name>/… with a model card; nothing is trained for it."""
    from lib.models.momask.card import model_card
    from lib.models.momask.export import PLACE, check_place, export_weights
    from lib.run.trained_generators import trained_generator

    profile = checked(params_file)
    seed, run = trained_generator(profile, name, seed)
    used = _corpora(profile, name)
    internal = _allowed(profile, name, used, private or [])
    dest = dest.expanduser().resolve()
    check_place(dest)
    embed_corpora(profile)
    generator = _training(run)
    card = model_card(_origin(profile, name, seed, used, internal), generator, _training(_tokenizer(run, generator)))
    export_weights(run, dest, card)
    size = sum(path.stat().st_size for path in dest.rglob("*") if path.is_file())
    print(f"{dest}: {name}, seed {seed}, {size / 1e6:,.1f} MB" + ("; internal, do not pass it on" if internal else ""))
    print(f"next: python -m lib generate --momask {dest / PLACE} --text … -o x.bvh")


def _corpora(profile: "Profile", name: str) -> list[str]:
    """The keys of the corpora that a regime draws from: the benchmark alone, or all."""
    keys = [*profile.corpora]
    return keys[:1] if name == keys[0] else keys


def _allowed(profile: "Profile", name: str, used: list[str], given: list[str]) -> list[str]:
    """The private corpora that the weights are made of, all of which were named."""
    named = [key for one in given for key in re.split(r"[,\s]+", one) if key]
    if unknown := [key for key in named if key not in profile.private_corpora]:
        raise ParamsError(f"--private names {unknown[0]}, which is no private corpus here", fix="leave it out")
    internal = [key for key in used if key in profile.private_corpora]
    if hidden := [key for key in internal if key not in named]:
        options = " ".join(f"--private {key}" for key in internal)
        raise ParamsError(f"{name} is trained on {hidden[0]}, which is private", fix=f"say that it may go: {options}")
    return internal


def _origin(profile: "Profile", name: str, seed: int, used: list[str], internal: list[str]) -> "Origin":
    from lib import corpus
    from lib.models.momask.card import Origin
    from lib.run.runner import git_state
    from lib.run.trained_generators import judged

    sources = {key: profile.corpora[key] for key in used}
    loaded = [corpus.load(one.kind, one.root, name=one.label, **one.licensed) for one in sources.values()]
    commit = git_state()
    day, metrics = judged(profile, name)
    return Origin(
        profile=profile.profile,
        description=profile.description,
        regime=name,
        seed=seed,
        synthetic=profile.synthetic,
        internal=[profile.corpora[key].label for key in internal],
        corpora=[(one.name, one.provenance.licence) for one in loaded],
        commit=f"{commit.get('sha') or ''}{' with changes' if commit.get('dirty') else ''}",
        judged=day,
        metrics=metrics,
    )


def _training(run: Path) -> dict[str, Any]:
    from lib.base import state

    return state.read(run / "training.json", dict[str, Any], then="the card says less") or {}


def _tokenizer(run: Path, generator: dict[str, Any]) -> Path:
    return run.parent / str(generator.get("tokenizer", ""))
