"""The losses of TMR against closed forms and sums written out by hand."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from lib.models.tmr.losses import Outputs, contrastive, divergence, losses
from lib.models.tmr.sizes import TMRTraining


def smooth_l1(a: Tensor, b: Tensor) -> float:
    gaps = (a - b).abs().double().numpy().ravel()
    return float(np.mean(np.where(gaps < 1, gaps**2 / 2, gaps - 0.5)))


def gaussian(seed: int, rows: int = 4, d: int = 6) -> tuple[Tensor, Tensor]:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(rows, d, generator=draw), torch.randn(rows, d, generator=draw)


def test_divergence_is_that_of_two_gaussians() -> None:
    q, p = gaussian(0), gaussian(1)
    exact = kl_divergence(Normal(q[0], (q[1] / 2).exp()), Normal(p[0], (p[1] / 2).exp())).mean()
    torch.testing.assert_close(divergence(q, p), exact, rtol=1e-5, atol=1e-6)
    assert divergence(q, q).item() == pytest.approx(0, abs=1e-7)


def info_nce(text: Tensor, motion: Tensor, allowed: np.ndarray, temperature: float) -> float:
    unit = [(x / x.norm(dim=1, keepdim=True)).double().numpy() for x in (text, motion)]
    odds = np.exp(unit[0] @ unit[1].T / temperature) * allowed
    own = np.diag(odds)
    return float(-(np.log(own / odds.sum(1)).mean() + np.log(own / odds.sum(0)).mean()) / 2)


def test_contrastive_loss_is_the_sum_written_out() -> None:
    text, motion = gaussian(2)
    assert contrastive(text, motion, torch.eye(4), 0.1, 0.6).item() == pytest.approx(
        info_nce(text, motion, np.ones((4, 4)), 0.1), rel=1e-5
    )


def test_only_negatives_above_the_raw_cosine_are_left_out() -> None:
    text, motion = gaussian(3)
    angle = torch.tensor([0.0, math.acos(0.59), -math.acos(0.61), math.pi])
    sentences = torch.stack([angle.cos(), angle.sin()], dim=1)
    allowed = np.ones((4, 4))
    allowed[0, 2] = allowed[2, 0] = 0
    assert contrastive(text, motion, sentences, 0.1, 0.6).item() == pytest.approx(
        info_nce(text, motion, allowed, 0.1), rel=1e-5
    )


def test_a_cosine_that_equals_the_threshold_is_a_negative() -> None:
    text, motion = gaussian(4, rows=2)
    sentences = torch.tensor([[1.0, 0.0], [0.5, math.sqrt(0.75)]])
    strict, below = (contrastive(text, motion, sentences, 0.1, at).item() for at in (0.5, 0.49))
    assert strict > 0
    assert below == 0


def test_the_gradient_is_finite_where_negatives_are_left_out() -> None:
    text, motion = gaussian(5)
    text.requires_grad_()
    contrastive(text, motion, torch.ones(4, 1), 0.1, 0.6).backward()
    assert text.grad is not None and text.grad.isfinite().all()


def test_the_loss_is_the_weighted_sum_and_each_part_is_the_papers() -> None:
    text, motion = gaussian(6), gaussian(7)
    latents = text[0] + 1, motion[0] - 1
    draw = torch.Generator().manual_seed(8)
    motions, of_text, of_motion = (2 * torch.randn(4, 9, 5, generator=draw) for _ in range(3))
    found = losses(Outputs(latents, (text, motion), (of_text, of_motion)), motions, torch.eye(4), TMRTraining())
    prior = torch.zeros_like(text[0]), torch.zeros_like(text[0])
    pairs = [(text, motion), (motion, text), (motion, prior), (text, prior)]
    kl = sum(float(kl_divergence(*(Normal(g[0], (g[1] / 2).exp()) for g in pair)).mean()) for pair in pairs)
    expected = {
        "recons": smooth_l1(of_text, motions) + smooth_l1(of_motion, motions),
        "latent": smooth_l1(*latents),
        "kl": kl,
        "contrastive": info_nce(*latents, np.ones((4, 4)), 0.1),
    }
    expected["loss"] = expected["recons"] + 1e-5 * (expected["latent"] + kl) + 0.1 * expected["contrastive"]
    assert {name: value.item() for name, value in found.items()} == pytest.approx(expected, rel=1e-5)
