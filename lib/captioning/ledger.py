"""The ledger: requests, tokens, seconds and dollars by captioner and prompt, as the servers counted them."""

import pandas as pd

from lib.captioning.journal import ANSWERED, Journal

COLUMNS = (
    "captioner",
    "prompt",
    "requests",
    "answered",
    "failed",
    "unknown",
    "tokens_in",
    "tokens_cached",
    "tokens_out",
    "seconds",
    "dollars",
    "dollars_unknown",
)


def ledger(journal: Journal) -> pd.DataFrame:
    """Adds up the journal.

    Returns:
        One row a captioner and prompt: `requests` whose reply arrived, of them `answered` and `failed`; `unknown` ones,
        whose end nobody here knows; tokens as the server counted them in replies; `seconds` of the answered ones;
        `dollars` of replies, and `dollars_unknown`, what the unknown ones cost at most.
    """
    attempts = journal.attempts()
    rows = []
    for (captioner, prompt), group in attempts.groupby(["captioner", "prompt"], sort=True):
        delivered = group[group.reply == "arrived"]
        answered = delivered[delivered.outcome == ANSWERED]
        lost = group[group.reply == "lost"]
        tokens = [int(delivered[name].fillna(0).sum()) for name in ("input", "cached", "output")]
        rows.append(
            (
                *(captioner, prompt, len(delivered), len(answered), len(delivered) - len(answered), len(lost)),
                *tokens,
                float(answered.seconds.sum()),
                float(delivered.dollars.sum()),
                float(lost.dollars.sum()),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def outcomes(journal: Journal) -> pd.DataFrame:
    """How requests ended.

    Returns:
        One row a captioner and outcome: `requests`. An outcome is `answered` or a class of
        `lib.captioning.failures.FAILURES`.
    """
    return journal.attempts().groupby(["captioner", "outcome"], sort=True).size().reset_index(name="requests")


def lines(table: pd.DataFrame) -> list[str]:
    """The ledger in words, one line a captioner and prompt.

    Example:
        >>> row = ("valor", "describe", 12, 10, 2, 1, 900, 0, 40, 20.0, 0.5, 0.1)
        >>> lines(pd.DataFrame([row], columns=list(COLUMNS)))[0]
        'valor, describe: 10 captions of 12 replies, 900 + 40 tokens, 2.0 s each, $0.5000; 1 unknown, at most $0.1000'
    """
    spelled = []
    for row in table.to_dict("records"):
        each = row["seconds"] / row["answered"] if row["answered"] else 0.0
        line = (
            f"{row['captioner']}, {row['prompt']}: {row['answered']:,} captions of {row['requests']:,} replies, "
            f"{row['tokens_in']:,} + {row['tokens_out']:,} tokens, {each:.1f} s each, ${row['dollars']:.4f}"
        )
        if row["unknown"]:
            line += f"; {row['unknown']:,} unknown, at most ${row['dollars_unknown']:.4f}"
        spelled.append(line)
    return spelled
