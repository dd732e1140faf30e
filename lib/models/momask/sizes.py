"""What a MoMask is made of and how it is trained, without torch; a profile may replace any of the public numbers."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from lib.models.tmr.sizes import MOTION_FEATURES, STRICT, Count, Positive, Seed, Share, Weight

FRAMES_A_TOKEN = 4
"""Two convolutions of stride 2."""
CLIP_WIDTH = 512
LENGTH_CLASSES = 50
"""Lengths of 0 to 49 tokens; 196 frames, the benchmark's longest, are 49."""


@dataclass(frozen=True, config=STRICT)
class MoMaskSizes:
    """Sizes of the tokenizer and of the two transformers.

    Source: Guo et al. 2023 (MoMask), section 4 + momask-codes: options/vq_option.py, options/base_option.py and the
    names of the public weights.

    Attributes:
        width: channels of the tokenizer's convolutions.
        code_dim: numbers a code vector.
        codes: code vectors of each quantizer.
        quantizers: how many; the first one's codes are the masked transformer's, the others the residual one's.
        depth: residual blocks of each of the two stages.
        dilation_growth: factor of the dilation from one residual block to the next.
        block_dropout: share of activations dropped in a residual block, in training.
        latent_dim: width of the transformers; even, and a multiple of `num_heads`.
        num_layers: transformer layers.
        num_heads: attention heads.
        ff_size: width of the feed-forward layers.
        dropout: share of activations dropped in the transformers, in training.
        motion_features: numbers a frame.
        condition: numbers of the text's vector, which the text model gives.

    Raises:
        ValueError: sizes that no transformer can have.

    Example:
        >>> MoMaskSizes(latent_dim=96, num_heads=5)  # doctest: +IGNORE_EXCEPTION_DETAIL
        Traceback (most recent call last):
        ValidationError: latent_dim even and a multiple of num_heads, not 96 and 5
    """

    width: Count = 512
    code_dim: Count = 512
    codes: Count = 512
    quantizers: Annotated[int, Field(ge=2, strict=True)] = 6
    depth: Count = 3
    dilation_growth: Count = 3
    block_dropout: Share = 0.2
    latent_dim: Count = 384
    num_layers: Count = 8
    num_heads: Count = 6
    ff_size: Count = 1024
    dropout: Share = 0.2
    motion_features: Count = MOTION_FEATURES
    condition: Count = CLIP_WIDTH

    def __post_init__(self) -> None:
        """Refuses widths that the heads cannot share."""
        if self.latent_dim % 2 or self.latent_dim % self.num_heads:
            told = f"latent_dim even and a multiple of num_heads, not {self.latent_dim} and {self.num_heads}"
            raise ValueError(told)


@dataclass(frozen=True, config=STRICT)
class Schedule:
    """How many steps a network is trained, on how much, and at which rate.

    Source: momask-codes: options/vq_option.py, options/train_option.py. They count milestones in steps; here they are
    shares of the steps, so that a shorter training lowers its rate as well.

    Attributes:
        lr: the learning rate, reached after `warmup` steps.
        warmup: steps over which it rises from 0.
        milestones: shares of the steps after each of which it is multiplied by `gamma`.
        gamma: that factor.
        weight_decay: AdamW's.
        batch: windows or segments a step.
        steps: how many.
        every: steps between two validations, after each of which an interrupted training can go on.
        bucket: batches whose segments are drawn together and sorted by length, so that little is padded.
    """

    lr: Positive = 2e-4
    warmup: Annotated[int, Field(ge=0, strict=True)] = 2000
    milestones: tuple[Share, ...] = (0.3,)
    gamma: Positive = 0.1
    weight_decay: Weight = 1e-5
    batch: Count = 64
    steps: Count = 180_000
    every: Count = 2000
    bucket: Count = 8

    @property
    def checks(self) -> int:
        """How often it is validated."""
        return -(-self.steps // self.every)

    def steps_of(self, check: int) -> int:
        """Steps before that validation and after the one before.

        Example:
            >>> [Schedule(steps=250, every=100).steps_of(check) for check in range(3)]
            [100, 100, 50]
        """
        return min(self.every, self.steps - check * self.every)

    def lr_at(self, step: int) -> float:
        """The learning rate of a step, from 0.

        Example:
            >>> halves = Schedule(lr=1.0, warmup=2, steps=8, milestones=(0.5, 0.75), gamma=0.1)
            >>> [round(halves.lr_at(step), 3) for step in (0, 1, 3, 4, 6)]
            [0.5, 1.0, 1.0, 0.1, 0.01]
        """
        rise = (step + 1) / self.warmup if step < self.warmup else 1.0
        passed = sum(step >= share * self.steps for share in self.milestones)
        return float(self.lr * rise * self.gamma**passed)


@dataclass(frozen=True, config=STRICT)
class TokenizerTraining(Schedule):
    """How the RVQ-VAE is trained.

    Source: momask-codes: options/vq_option.py, README.md, models/vq/vq_trainer.py. 50 epochs of all windows
    are some 390,000 steps of 256.

    Attributes:
        window: frames that are trained on at a time; a multiple of 4. Shorter segments are passed over.
        velocity: weight of the loss that momask-codes calls so; it is on the joints' positions.
        commitment: weight of the distance between what is encoded and its code vectors.
        decay: of the moving averages that the code vectors are.
        quantizer_dropout: share of steps at which only the first quantizers, a random number of them, are used.
        temperature: of the noise by which a code is drawn among the near ones; 0 takes the nearest.
    """

    milestones: tuple[Share, ...] = (0.4, 0.65)
    gamma: Positive = 0.05
    weight_decay: Weight = 0.0
    batch: Count = 256
    steps: Count = 390_000
    window: Annotated[int, Field(ge=4, multiple_of=FRAMES_A_TOKEN, strict=True)] = 64
    velocity: Weight = 0.5
    commitment: Weight = 0.02
    decay: Share = 0.99
    quantizer_dropout: Annotated[float, Field(ge=0, le=1, strict=True)] = 0.2
    temperature: Weight = 0.5


@dataclass(frozen=True, config=STRICT)
class TransformerTraining(Schedule):
    """How the masked transformer, or the residual one, is trained.

    Source: momask-codes: options/train_option.py, README.md.

    Attributes:
        unconditional: share of segments whose condition is left out, so that guidance has something to lead away from.
    """

    unconditional: Share = 0.1


@dataclass(frozen=True, config=STRICT)
class LengthTraining(Schedule):
    """How the length estimator is trained.

    Source: momask-codes: options/train_option.py (TrainLenEstOptions), models/vq/vq_trainer.py (LengthEstTrainer).
    """

    lr: Positive = 1e-4
    warmup: Annotated[int, Field(ge=0, strict=True)] = 0
    milestones: tuple[Share, ...] = ()
    weight_decay: Weight = 0.0
    steps: Count = 110_000


@dataclass(frozen=True, config=STRICT)
class MoMaskTraining:
    """How a MoMask is trained, network by network.

    Attributes:
        tokenizer: the RVQ-VAE.
        masked: the masked transformer.
        residual: the residual transformer.
        lengths: the length estimator.
        shifts: at how many starts, a frame apart, a segment is tokenised; 4 are all there are. momask-codes moves the
            start at random in every epoch.
        min_seconds: shorter segments are neither trained nor validated on.
        max_seconds: nor are longer ones.
        seed: of the weights, of what is drawn for a batch, and of the noise.
    """

    tokenizer: TokenizerTraining = TokenizerTraining()
    masked: TransformerTraining = TransformerTraining()
    residual: TransformerTraining = TransformerTraining(unconditional=0.2)
    lengths: LengthTraining = LengthTraining()
    shifts: Annotated[int, Field(ge=1, le=FRAMES_A_TOKEN, strict=True)] = FRAMES_A_TOKEN
    min_seconds: Weight = 2.0
    max_seconds: Positive = 10.0
    seed: Seed = 0


@dataclass(frozen=True, config=STRICT)
class Sampling:
    """How motions are generated from conditions.

    Source: Guo et al. 2023, section 4 + momask-codes: README.md (Evaluation), gen_t2m.py, options/eval_option.py.

    Attributes:
        steps: passes of the masked transformer; each keeps more of its tokens.
        guidance: how far the first quantizer's logits go from the unconditional ones past the conditional ones.
        residual_guidance: the same for the other quantizers.
        top_k: share of the codes, the least likely ones, that are never drawn.
        temperature: of the draw of the first quantizer's codes; the others are drawn at 1.
    """

    steps: Count = 10
    guidance: Weight = 4.0
    residual_guidance: Weight = 5.0
    top_k: Share = 0.9
    temperature: Positive = 1.0
