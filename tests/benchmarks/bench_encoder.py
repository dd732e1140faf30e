"""Sentences per second of the encoder, a plain forward pass, and sentence-transformers as it is, as shares.

python -m tests.benchmarks.bench_encoder [--captions FILE] [--threads N] [--cpu-time]

Shares are of the machine's matrix rate, and of what transformers' model does with the same batches and no more. The
last line is what keeping vectors as float16 does to cosines.
Every measurement is taken between two of the matrix product's rate, in turns, several times over; medians are printed.
On a machine that others use, one thread and CPU time are the fairer clock.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from lib.text import mpnet, text_model

WORDS = ["a", "person", "man", "walks", "runs", "slowly", "forward", "then", "turns", "left", "around", "and", "sits"]
SIDE = 2048
PEER = "transformers, mean and norm, 512 tokens"


def made_up(n: int, seed: int) -> list[str]:
    """Sentences as long as HumanML3D's captions: 14 tokens in the middle, 32 at the 95th percentile."""
    rng = np.random.default_rng(seed)
    sizes = np.clip(rng.lognormal(2.5, 0.48, n), 4, 160).astype(int)
    return [" ".join(rng.choice(WORDS, size)) for size in sizes]


def matrix_rate(clock: Callable[[], float]) -> float:
    """Best of six float32 products of 2048 x 2048, FLOP/s."""
    a, b = torch.rand(SIDE, SIDE), torch.rand(SIDE, SIDE)
    best = float("inf")
    for _ in range(6):
        start = clock()
        torch.mm(a, b)
        best = min(best, clock() - start)
    return 2 * SIDE**3 / best


def main() -> None:
    """Prints one line a contender."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--captions", type=Path, help="one a line")
    parser.add_argument("-n", type=int, default=400)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cpu-time", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    clock = time.process_time if options.cpu_time else time.perf_counter
    texts = made_up(options.n, 0)
    if options.captions:
        lines = sorted(set(options.captions.read_text(encoding="utf-8").splitlines()))
        texts = [lines[at] for at in np.random.default_rng(0).permutation(len(lines))[: options.n]]

    from sentence_transformers import SentenceTransformer
    from transformers import AutoModel, AutoTokenizer

    folder = mpnet.fetch()
    model = text_model.TextModel(folder, device="cpu")
    theirs = SentenceTransformer(str(folder), device="cpu")
    tokenizer, network = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    lengths = [len(ids) for ids in tokenizer(texts, truncation=True)["input_ids"]]
    tokens = sum(lengths)
    layers = sum(weight.numel() for name, weight in theirs.named_parameters() if ".layer." in name and weight.ndim == 2)
    work = 2 * tokens * layers

    def ours(budget: int) -> None:
        text_model.TOKENS_AT_ONCE["cpu"] = budget
        for batch in model.batches(texts):
            model.vectors(batch)

    @torch.inference_mode()
    def plain(budget: int) -> None:
        for batch in text_model.batches(lengths, budget):
            some = tokenizer([texts[at] for at in batch], padding=True, truncation=True, return_tensors="pt")
            mask = some["attention_mask"][..., None]
            sums = (network(**some).last_hidden_state * mask).sum(dim=1)
            torch.nn.functional.normalize(sums / mask.sum(dim=1), dim=1).numpy()

    contenders: dict[str, Callable[[], object]] = {PEER: lambda: plain(512)}
    for budget in (256, 512, 1024):
        contenders[f"lib.text.encoder, {budget} tokens"] = lambda budget=budget: ours(budget)
    for size in (32, 128):
        contenders[f"sentence-transformers, {size} sentences"] = lambda size=size: theirs.encode(texts, batch_size=size)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    theirs.encode(texts[:32])
    for _ in range(options.rounds):
        for name, run in contenders.items():
            before = matrix_rate(clock)
            start = clock()
            run()
            seconds = clock() - start
            found[name].append((len(texts) / seconds, work / seconds / max(before, matrix_rate(clock))))
    print(f"{len(texts)} sentences, {tokens / len(texts):.1f} tokens each, {options.threads} threads")
    pace = statistics.median(speed for speed, _ in found[PEER])
    for name, rounds in found.items():
        speed, share = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{name:40} {speed:7.1f} sentences/s  {share:6.1%} of the matrix rate  {speed / pace:6.1%} of the first")
    vectors = np.concatenate([model.vectors(batch) for batch in model.batches(texts)])
    halves = vectors.astype(np.float16).astype(np.float32)
    change = np.abs(halves @ halves.T - vectors @ vectors.T).max()
    print(f"kept as float16, vectors move the cosines of all pairs by {change:.2g} at most")


if __name__ == "__main__":
    main()
