"""What a GPU does in the time of a processor, in one call: sentences, steps of TMR, retrieval, neighbours, K-means.

    python -m tests.benchmarks.bench_device [--device cuda]

Sentences and steps are rates, so a processor is measured on fewer of them. Retrieval, neighbours and K-means are done
whole on the GPU; a processor does a share of the queries or of the iterations, and its line says so. Without a GPU all
is done on the processor at small sizes, so that the same code has run.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from lib.base.device import Precision, choose, resolve_device
from lib.clustering.kmeans import kmeans
from lib.clustering.spacing import spacing
from lib.metrics.nearest import nearest
from lib.metrics.ranking import rank_pairs
from lib.models.tmr.epoch import passed
from lib.models.tmr.losses import losses
from lib.models.tmr.model import TMR
from lib.models.tmr.networks import padded
from lib.models.tmr.sizes import TMRSizes, TMRTraining
from lib.text import mpnet
from lib.text.text_model import TextModel
from tests.benchmarks.bench_encoder import made_up
from tests.benchmarks.bench_retrieval import latents as pairs
from tests.benchmarks.latents import latents


@dataclass(frozen=True)
class Sizes:
    """How much of each kind is done, on a GPU and on a processor beside it.

    Attributes:
        sentences: to encode.
        steps: of TMR in the paper's sizes, batches of 32.
        frames: of every motion of a batch, 10 seconds' by default.
        retrieval: pairs, ranked both ways.
        clustered: rows.
        centroids: of K-means.
        iterations: of K-means.
        neighbours: rows whose tenth neighbour is searched for among them.
    """

    sentences: int
    steps: int
    retrieval: int
    clustered: int
    centroids: int = 1000
    iterations: int = 20
    neighbours: int = 2_000
    frames: int = 200


ON_A_GPU = Sizes(sentences=20_000, steps=200, retrieval=100_000, clustered=380_000, neighbours=100_000)
BESIDE_IT = Sizes(sentences=200, steps=5, retrieval=20_000, clustered=380_000, iterations=2, neighbours=20_000)
WITHOUT = Sizes(sentences=10, steps=1, retrieval=1_000, clustered=5_000, centroids=50, iterations=3, frames=20)


def synchronised(device: str) -> float:
    """Seconds, once a GPU has done what it was given."""
    if resolve_device(device).type == "cuda":
        torch.cuda.synchronize(resolve_device(device))
    return time.perf_counter()


def seconds(device: str, work: Callable[[], object]) -> float:
    """How long some work takes."""
    start = synchronised(device)
    work()
    return synchronised(device) - start


def sentences(device: str, count: int, precision: Precision) -> str:
    """Sentences a second of MPNet, batches of the device's token budget."""
    model, texts = TextModel(mpnet.fetch(), device=device, precision=precision), made_up(count, 0)

    def run() -> None:
        for batch in model.batches(texts):
            model.vectors(batch)

    model.vectors(texts[:8])
    return f"{count / seconds(device, run):12,.1f} sentences/s"


def steps(device: str, count: int, frames: int) -> str:
    """Steps a second of TMR in the paper's sizes: 32 pairs, forwards, backwards and AdamW."""
    sizes, training, rng = TMRSizes(), TMRTraining(), torch.Generator().manual_seed(0)
    statistics = torch.zeros(sizes.motion_features), torch.ones(sizes.motion_features)
    tmr = TMR(sizes, *statistics, text_model=None, sentence_model=None).to(resolve_device(device)).train()
    motions = [torch.randn(frames, sizes.motion_features, generator=rng) for _ in range(training.batch)]
    texts = [torch.randn(16, sizes.text_features, generator=rng) for _ in range(training.batch)]
    said = torch.nn.functional.normalize(torch.randn(training.batch, mpnet.WIDTH, generator=rng), dim=1)
    optimiser = torch.optim.AdamW(tmr.parameters(), lr=training.lr, fused=True)

    def run(times: int) -> None:
        there = tmr.mean.device
        for _ in range(times):
            seen = [motion.to(there) for motion in motions]
            outputs = passed(tmr, [text.to(there) for text in texts], seen)
            loss = losses(outputs, padded(seen)[0], said.to(there), training)["loss"]
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    run(1)
    return f"{count / seconds(device, lambda: run(count)):12,.2f} steps/s of {frames} frames"


def retrieval(device: str, count: int) -> str:
    """Ranks of all pairs, both ways, in float64."""
    text, motion = pairs(count)
    took = seconds(device, lambda: rank_pairs(text, motion, device=device))
    return f"{took:12,.1f} s for {count:,} pairs: {count**2 / took / 1e6:,.0f} million cosines/s"


def neighbours(device: str, count: int) -> str:
    """The nearest of all rows, and the tenth nearest of each, in float32."""
    rows = latents(count)
    first = seconds(device, lambda: nearest(rows, rows[: count // 2], device=device))
    tenth = seconds(device, lambda: spacing(rows, neighbours=10, device=device))
    return f"{first:12,.1f} s nearest of {count // 2:,}, {tenth:,.1f} s tenth of {count:,}, for {count:,} rows"


def clusters(device: str, sizes: Sizes) -> str:
    """K-means with its seeding and the exact assignment at its end."""
    rows, found = latents(sizes.clustered), []
    took = seconds(
        device,
        lambda: found.append(
            kmeans(rows, n_centroids=sizes.centroids, seed=0, iterations=sizes.iterations, device=device)
        ),
    )
    told = f"{sizes.clustered:,} rows, {sizes.centroids:,} centroids, {sizes.iterations} iterations"
    return f"{took:12,.1f} s for {told}: inertia {found[0].inertia:,.0f}"


def lines(device: str, sizes: Sizes) -> Iterator[tuple[str, Callable[[], str]]]:
    """What is measured on a device, by name."""
    yield "sentences, float32", lambda: sentences(device, sizes.sentences, "float32")
    yield "sentences, bf16", lambda: sentences(device, sizes.sentences, "bf16")
    yield "TMR", lambda: steps(device, sizes.steps, sizes.frames)
    yield "retrieval", lambda: retrieval(device, sizes.retrieval)
    yield "neighbours", lambda: neighbours(device, sizes.neighbours)
    yield "K-means", lambda: clusters(device, sizes)


def main() -> None:
    """Prints one line a kind and device."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="auto", help="auto, cuda or cuda:N; the processor is measured beside it")
    asked = parser.parse_args()
    gpu = resolve_device(asked.device)
    plan = {"cpu": BESIDE_IT, str(gpu): ON_A_GPU}
    if gpu.type == "cpu":
        print("no GPU is at hand: the processor alone, at small sizes", flush=True)
        plan = {"cpu": WITHOUT}
    else:
        print(f"{torch.cuda.get_device_name(gpu)}, PyTorch {torch.__version__}", flush=True)
    print(f"{torch.get_num_threads()} threads of the processor", flush=True)
    start = time.perf_counter()
    for device, sizes in plan.items():
        choose(device)
        for name, measured in lines(device, sizes):
            print(f"{device:<8}{name:<20}{measured()}", flush=True)
    print(f"{time.perf_counter() - start:,.0f} s in all")


if __name__ == "__main__":
    main()
