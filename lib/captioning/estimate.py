"""What a run would ask, take and cost, without asking anything."""

from collections import defaultdict

import pandas as pd

from lib.captioning.journal import ANSWERED, Journal
from lib.captioning.question import Question

TOKENS_OUT, SECONDS = 100, 5.0
"""Of an answer, before this captioner has given any."""
COLUMNS = ("captioner", "prompt", "requests", "tokens_in", "tokens_out", "seconds", "dollars", "dollars_most")


def estimate(pending: dict[str, list[Question]], journal: Journal, concurrency: int) -> pd.DataFrame:
    """Estimates the questions that wait, from what the same captioner's earlier answers took where there are any.

    Args:
        pending: questions by captioner.
        journal: of the corpus.
        concurrency: requests at a time.

    Returns:
        One row a captioner and prompt: requests, tokens of question and answer, seconds until all are answered, US
        dollars expected, and at most.
    """
    attempts = journal.attempts()
    answered = attempts[attempts.outcome == ANSWERED]
    groups: dict[tuple[str, str], list[Question]] = defaultdict(list)
    for name, questions in pending.items():
        for question in questions:
            groups[name, question.prompt.name].append(question)
    rows = []
    for (name, prompt), questions in groups.items():
        before = answered[answered.captioner == name]
        known = before.input.notna().any()
        most_in = sum(question.tokens for question in questions)
        tokens_in = round(before.input.mean() * len(questions)) if known else most_in
        tokens_out = round((before.output.mean() if known else TOKENS_OUT) * len(questions))
        each = float(before.seconds.mean()) if len(before) else SECONDS
        dollars = questions[0].cost(tokens_in, 0, tokens_out)
        most = sum(question.most for question in questions)
        seconds = each * len(questions) / min(concurrency, len(questions))
        rows.append((name, prompt, len(questions), tokens_in, tokens_out, seconds, min(dollars, most), most))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def lines(table: pd.DataFrame) -> list[str]:
    """The estimate in words, one line a captioner and prompt, and one for all.

    Example:
        >>> row = ("gemini", "describe", 10, 20_000, 1_000, 12.5, 0.01, 0.04)
        >>> lines(pd.DataFrame([row], columns=list(COLUMNS)))[0]
        'gemini, describe: 10 requests, about 20,000 + 1,000 tokens, 12 s, $0.0100 (at most $0.0400)'
    """
    spelled = [
        f"{row['captioner']}, {row['prompt']}: {row['requests']:,} requests, about {row['tokens_in']:,} + "
        f"{row['tokens_out']:,} tokens, {row['seconds']:.0f} s, {_dollars(row['dollars'], row['dollars_most'])}"
        for row in table.to_dict("records")
    ]
    total = f"all: {table.requests.sum():,} requests, {_dollars(table.dollars.sum(), table.dollars_most.sum())}"
    return [*spelled, total]


def _dollars(expected: float, most: float) -> str:
    return f"${expected:.4f} (at most ${most:.4f})"
