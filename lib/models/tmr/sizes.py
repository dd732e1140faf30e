"""What a TMR is made of and how it is trained, without torch; a profile may replace any of the paper's numbers."""

from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from lib.base.errors import ModelError

Count = Annotated[int, Field(ge=1, strict=True)]
Seed = Annotated[int, Field(ge=0, strict=True)]
Weight = Annotated[float, Field(ge=0, strict=True)]
Positive = Annotated[float, Field(gt=0, strict=True)]
Share = Annotated[float, Field(ge=0, lt=1, strict=True)]
Cosine = Annotated[float, Field(ge=-1, le=1, strict=True)]
STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)

MOTION_FEATURES = 263
TEXT_FEATURES = 768
NETWORKS = ("motion_encoder", "text_encoder", "motion_decoder")
STATISTICS = ("mean.pt", "std.pt")


@dataclass(frozen=True, config=STRICT)
class TMRSizes:
    """Sizes of the three networks, which the two encoders and the decoder share.

    Source: Petrovich et al. 2023, section 4 + Mathux/TMR: configs/model/temos.yaml. `stride` is ours: a small model on
    a small machine need not read all 20 frames a second.

    Attributes:
        latent_dim: width of the networks and of the joint space; even, and a multiple of `num_heads`.
        num_layers: transformer layers of each network.
        num_heads: attention heads.
        ff_size: width of the feed-forward layers.
        dropout: share of activations dropped in training.
        motion_features: numbers a frame.
        text_features: numbers a token, the width of the text model.
        stride: every how many frames one is read; 2 makes 10 fps of 20.

    Raises:
        ValueError: sizes that no transformer can have.

    Example:
        >>> TMRSizes(latent_dim=96, num_heads=5)  # doctest: +IGNORE_EXCEPTION_DETAIL
        Traceback (most recent call last):
        ValidationError: latent_dim even and a multiple of num_heads, not 96 and 5
    """

    latent_dim: Count = 256
    num_layers: Count = 6
    num_heads: Count = 4
    ff_size: Count = 1024
    dropout: Share = 0.1
    motion_features: Count = MOTION_FEATURES
    text_features: Count = TEXT_FEATURES
    stride: Count = 1

    def __post_init__(self) -> None:
        """Refuses widths that the heads cannot share."""
        if self.latent_dim % 2 or self.latent_dim % self.num_heads:
            told = f"latent_dim even and a multiple of num_heads, not {self.latent_dim} and {self.num_heads}"
            raise ValueError(told)


@dataclass(frozen=True, config=STRICT)
class TMRTraining:
    """How a TMR is trained.

    Source: Mathux/TMR: configs/model/tmr.yaml, configs/train.yaml, configs/trainer.yaml, src/data/text_motion.py. They
    train 1,000 epochs and take the last; we stop when validation recall has not risen for `patience` epochs and take
    the best. Their threshold of 0.80 is on the (cos + 1) / 2 scale: it is the raw cosine 0.60.

    Attributes:
        lr: the paper's suits the full size on 23,000 clips; 96-d on 2,000 clips wants 5e-4.
        batch: pairs a step; each pair's negatives are the others.
        epochs: passes over the training clips at most.
        patience: epochs without a better validation recall after which training ends.
        temperature: of the contrastive loss.
        threshold: raw sentence cosine above which another caption of the batch is no negative.
        recons: weight of the reconstruction loss.
        latent: weight of the distance between the two latents of a pair.
        kl: weight of the divergences.
        contrastive: weight of the contrastive loss.
        min_seconds: shorter segments are neither trained nor validated on.
        max_seconds: nor are longer ones.
        seed: of the weights, of what is drawn for a batch, and of the noise.
        threads: of the processor; by default as many as PyTorch takes. Sums round by their number, so that weights are
            the same to the bit only at equal numbers; a small model gains little from a second one.
    """

    lr: Positive = 1e-4
    batch: Annotated[int, Field(ge=2, strict=True)] = 32
    epochs: Count = 1000
    patience: Count = 50
    temperature: Positive = 0.1
    threshold: Cosine = 0.60
    recons: Weight = 1.0
    latent: Weight = 1e-5
    kl: Weight = 1e-5
    contrastive: Weight = 0.1
    min_seconds: Weight = 2.0
    max_seconds: Positive = 10.0
    seed: Seed = 0
    threads: Count | None = None


def statistics_folder(folder: Path, base: str) -> Path:
    """The folder of a run's statistics: `base` in the run folder, else in the nearest folder above it that holds them.

    Raises:
        ModelError: they are nowhere.
    """
    places = [place / base for place in (folder.resolve(), *folder.resolve().parents)]
    for place in places:
        if all((place / name).is_file() for name in STATISTICS):
            return place
    fix = f"copy the run's mean.pt and std.pt to {folder / base}"
    raise ModelError(f"its statistics {base}/mean.pt and std.pt are not found", where=folder, fix=fix)
