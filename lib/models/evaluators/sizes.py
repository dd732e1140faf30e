"""What the original evaluator is made of and how it is trained, without torch; the public numbers unless replaced."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from lib.models.tmr.sizes import STRICT, Count, Positive, Seed, Weight


@dataclass(frozen=True, config=STRICT)
class EvaluatorSizes:
    """Widths of the three networks; those of the public weights by default.

    Source: Guo et al. 2022 + text-to-motion: networks/evaluator_wrapper.py, options/train_options.py.

    Attributes:
        movement_hidden: channels between the convolutions of the movement encoder.
        movement: width of a movement.
        text_hidden: of the text's recurrent network, one way.
        motion_hidden: of the motion's recurrent network, one way.
        latent_dim: of the joint space.
    """

    movement_hidden: Count = 512
    movement: Count = 512
    text_hidden: Count = 512
    motion_hidden: Count = 1024
    latent_dim: Count = 512


@dataclass(frozen=True, config=STRICT)
class EvaluatorTraining:
    """How an evaluator is trained where its public files are not at hand.

    Source: Guo et al. 2022 + text-to-motion: options/train_options.py, networks/trainers.py (`DecompTrainerV3`,
    `TextMotionMatchTrainer`), data/dataset.py. They train 270 and 300 epochs; we stop when the validation R@1 has not
    risen for `patience` epochs and take the best.

    Attributes:
        movement_epochs: passes over the frames, for the movement autoencoder, in windows.
        window: frames of a window, a multiple of 4.
        movement_batch: windows a step.
        movement_lr: Adam's learning rate for the autoencoder.
        smooth: weight of the difference between neighbouring movements.
        sparse: weight of the size of movements.
        batch: pairs a step of the matching.
        epochs: passes over the training clips at most.
        patience: epochs without a better validation R@1 after which training ends.
        lr: Adam's learning rate for the matching.
        margin: mismatched pairs farther apart than this are left alone.
        rolls: by how many different numbers of places the motions of a batch are rolled against its captions, each
            roll giving as many mismatched pairs as there are matched ones; the public code has one, by chance.
        fewest: times a word must occur in the training captions to have a vector of its own.
        seed: of the weights, of what is drawn for a batch, and of the dropout.
        threads: of the processor; by default as many as PyTorch takes. Weights are the same to the bit only at equal
            numbers.
    """

    movement_epochs: Count = 270
    window: Annotated[int, Field(ge=4, multiple_of=4, strict=True)] = 24
    movement_batch: Count = 128
    movement_lr: Positive = 1e-4
    smooth: Weight = 0.001
    sparse: Weight = 0.001
    batch: Annotated[int, Field(ge=2, strict=True)] = 32
    epochs: Count = 300
    patience: Count = 50
    lr: Positive = 1e-4
    margin: Positive = 10.0
    rolls: Count = 1
    fewest: Count = 2
    seed: Seed = 0
    threads: Count | None = None
