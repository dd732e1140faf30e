"""What a TMR is made of and how it is trained: the paper's numbers, any of which a profile may replace."""

from dataclasses import dataclass

from lib.errors import ParamsError

MOTION_FEATURES = 263
TEXT_FEATURES = 768


@dataclass(frozen=True)
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
        ParamsError: sizes that no transformer can have.

    Example:
        >>> TMRSizes(latent_dim=96, num_heads=5)
        Traceback (most recent call last):
        lib.errors.ParamsError: latent_dim = 96 with num_heads = 5; make latent_dim even and a multiple of num_heads
    """

    latent_dim: int = 256
    num_layers: int = 6
    num_heads: int = 4
    ff_size: int = 1024
    dropout: float = 0.1
    motion_features: int = MOTION_FEATURES
    text_features: int = TEXT_FEATURES
    stride: int = 1

    def __post_init__(self) -> None:
        """Refuses impossible sizes."""
        counts = ("latent_dim", "num_layers", "num_heads", "ff_size", "motion_features", "text_features", "stride")
        if small := [name for name in counts if getattr(self, name) < 1]:
            raise ParamsError(f"{small[0]} = {getattr(self, small[0])}", fix="it must be 1 or more")
        if self.latent_dim % 2 or self.latent_dim % self.num_heads:
            fix = "make latent_dim even and a multiple of num_heads"
            raise ParamsError(f"latent_dim = {self.latent_dim} with num_heads = {self.num_heads}", fix=fix)


@dataclass(frozen=True)
class TMRTraining:
    """How a TMR is trained.

    Source: Mathux/TMR: configs/model/tmr.yaml, configs/train.yaml, configs/trainer.yaml, src/data/text_motion.py. They
    train 1,000 epochs and take the last; we stop when validation recall has not risen for `patience` epochs and take
    the best. Their threshold of 0.80 is on the (cos + 1) / 2 scale: it is the raw cosine 0.60.

    Attributes:
        lr: AdamW's learning rate. The paper's suits the full size on 23,000 clips; 96-d on 2,000 clips wants 5e-4.
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
        seed: of the weights, the order, the captions drawn and the noise.
    """

    lr: float = 1e-4
    batch: int = 32
    epochs: int = 1000
    patience: int = 50
    temperature: float = 0.1
    threshold: float = 0.60
    recons: float = 1.0
    latent: float = 1e-5
    kl: float = 1e-5
    contrastive: float = 0.1
    min_seconds: float = 2.0
    max_seconds: float = 10.0
    seed: int = 0
