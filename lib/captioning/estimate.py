"""What a run would ask, take and cost, without asking anything."""

from collections import defaultdict

import pandas as pd

from lib.captioning.journal import ANSWERED, Journal
from lib.captioning.parameters import ALONE
from lib.captioning.question import Question

TOKENS_OUT, SECONDS = 100, 5.0
"""Of an answer, before this captioner has given any."""
COLUMNS = ("captioner", "prompt", "requests", "tokens_in", "tokens_out", "seconds", "dollars", "dollars_most")


def estimate(pending: dict[str, list[Question]], journal: Journal, concurrency: int) -> pd.DataFrame:
    """Estimates the questions that wait, from what the same captioner's earlier answers took where there are any.

    Args:
        pending: questions by captioner.
        journal: of the corpus.
        concurrency: requests at a time, of a server.

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
        most_in = sum(question.tokens for question in questions)
        tokens_in = round(_mean(before.input, most_in / len(questions)) * len(questions))
        tokens_out = round(_mean(before.output, TOKENS_OUT) * len(questions))
        each = _mean(before.seconds, SECONDS)
        dollars = questions[0].cost(tokens_in, 0, tokens_out)
        most = sum(question.most for question in questions)
        at_once = 1 if questions[0].asked.client in ALONE else concurrency
        seconds = each * len(questions) / min(at_once, len(questions))
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


def _mean(known: "pd.Series[float]", otherwise: float) -> float:
    values = pd.to_numeric(known).dropna()
    return float(values.mean()) if len(values) else otherwise


def _dollars(expected: float, most: float) -> str:
    return f"${expected:.4f} (at most ${most:.4f})"
