"""The losses of TMR: reconstruction, divergences, distance of a pair's latents, and the contrastive loss."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize, smooth_l1_loss

from lib.models.tmr.networks import Gaussian
from lib.models.tmr.sizes import TMRTraining


@dataclass(frozen=True)
class Outputs:
    """What the networks make of a batch of B pairs, text first and motion second throughout.

    Attributes:
        latents: samples of the two Gaussians, (B, d) each.
        gaussians: the two Gaussians.
        decoded: motions decoded from the two latents, (B, T, nfeats) each, zero where padded.
    """

    latents: tuple[Tensor, Tensor]
    gaussians: tuple[Gaussian, Gaussian]
    decoded: tuple[Tensor, Tensor]


def losses(outputs: Outputs, motions: Tensor, sentences: Tensor, training: TMRTraining) -> dict[str, Tensor]:
    """Every loss and their weighted sum.

    Source: Petrovich et al. 2023, equation 3 + Mathux/TMR: src/model/tmr.py, compute_loss.

    Reconstruction is the mean over the batch as padded, zeros against zeros beyond a clip's end, as in the reference: a
    short clip among long ones weighs less than its share of the batch.

    Args:
        outputs: what the networks made of the batch.
        motions: (B, T, nfeats) normalised, zero where padded.
        sentences: (B, s) unit vectors of the captions.
        training: weights, temperature and threshold.

    Returns:
        Scalars `recons`, `latent`, `kl`, `contrastive` (unweighted) and `loss`.
    """
    terms = generative(outputs, motions)
    terms["contrastive"] = contrastive(*outputs.latents, sentences, training.temperature, training.threshold)
    terms["loss"] = sum((getattr(training, name) * term for name, term in terms.items()), motions.new_zeros(()))
    return terms


def generative(outputs: Outputs, motions: Tensor) -> dict[str, Tensor]:
    """The generative losses of TMR, unweighted: `recons`, `latent`, `kl`.

    Source: Petrovich et al. 2022, section 3.2 + Mathux/TMR: src/model/temos.py, compute_loss.

    Args:
        outputs: what the networks made of the batch.
        motions: (B, T, nfeats) normalised, zero where padded.
    """
    text, motion = outputs.gaussians
    prior = (torch.zeros_like(text[0]), torch.zeros_like(text[1]))
    return {
        "recons": sum((smooth_l1_loss(decoded, motions) for decoded in outputs.decoded), motions.new_zeros(())),
        "latent": smooth_l1_loss(*outputs.latents),
        "kl": divergence(text, motion) + divergence(motion, text) + divergence(motion, prior) + divergence(text, prior),
    }


def divergence(q: Gaussian, p: Gaussian) -> Tensor:
    """Kullback-Leibler divergence of q from p, the mean over batch and dimensions.

    Source: Mathux/TMR: src/model/losses.py, KLLoss: a mean over dimensions, where the divergence itself is a sum.

    Example:
        >>> unit = (torch.zeros(1, 4), torch.zeros(1, 4))
        >>> float(divergence((torch.full((1, 4), 2.0), torch.zeros(1, 4)), unit))
        2.0
    """
    ratio = q[1] - p[1]
    return 0.5 * (ratio.exp() + (p[0] - q[0]).square() / p[1].exp() - 1 - ratio).mean()


def contrastive(text: Tensor, motion: Tensor, sentences: Tensor, temperature: float, threshold: float) -> Tensor:
    """InfoNCE in both directions, blind to negatives whose captions say nearly the same.

    Source: Petrovich et al. 2023, section 3.3 + Mathux/TMR: src/model/losses.py, InfoNCE_with_filtering, whose 0.80
    stands for the raw cosine 0.60 that is given here.

    Args:
        text: (B, d) latents of the captions.
        motion: (B, d) latents of their motions, row by row.
        sentences: (B, s) unit vectors of the captions.
        temperature: what cosines are divided by.
        threshold: raw cosine; pairs of different rows strictly above it are left out.

    Returns:
        Scalar.

    Example:
        >>> same = torch.eye(2)
        >>> alike, apart = torch.ones(2, 1), torch.eye(2)
        >>> float(contrastive(same, same, alike, 0.1, 0.6)), bool(contrastive(same, same, apart, 0.1, 0.6) > 0)
        (0.0, True)
    """
    logits = normalize(text, dim=-1) @ normalize(motion, dim=-1).T / temperature
    other = ~torch.eye(len(text), dtype=torch.bool, device=text.device)
    logits = logits.masked_fill((sentences @ sentences.T > threshold) & other, -torch.inf)
    own = torch.arange(len(text), device=text.device)
    return (cross_entropy(logits, own) + cross_entropy(logits.T, own)) / 2
