"""What a run leaves beside the corpus: captions as 03 reads them, settings, ledger, outcomes, every failure by clip."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base import atomic
from lib.captioning.answers import Answers
from lib.captioning.journal import Journal
from lib.captioning.ledger import ledger, outcomes
from lib.captioning.parameters import ALONE, FAILED, LEDGER, OUTCOMES, SETTINGS, Captioner
from lib.captioning.plan import Plan
from lib.corpus.manifest_captions import CANDIDATES
from lib.corpus.manifest_table import read_table


def captions(plan: Plan, answers: Answers) -> pd.DataFrame:
    """The captions there are, one row each.

    Returns:
        clip_id, caption_id, text, captioner, tokens (null), start_s, end_s (0, the whole clip), prompt, temperature,
        finish, tokens_out, cost in US dollars, and structured, the JSON of an answer that was asked for by a schema.
    """
    rows = []
    for question in plan.questions:
        kept = answers.get(question.key)
        if kept is None:
            continue
        clip_id, prompt = question.clip.clip_id, question.prompt
        rows.append(
            {
                "clip_id": clip_id,
                "caption_id": f"{clip_id}#{question.captioner}-{prompt.name}{_heat(question.temperature)}",
                "text": prompt.caption(kept.text),
                "captioner": question.captioner,
                "tokens": None,
                "start_s": 0.0,
                "end_s": 0.0,
                "prompt": prompt.name,
                "temperature": question.temperature,
                "finish": kept.finish,
                "tokens_out": kept.output,
                "cost": kept.dollars,
                "structured": kept.text if prompt.schema is not None else None,
            }
        )
    columns = (
        "clip_id caption_id text captioner tokens start_s end_s prompt temperature finish tokens_out cost structured"
    )
    table = pd.DataFrame(rows, columns=columns.split())
    texts = dict.fromkeys(
        ["clip_id", "caption_id", "text", "captioner", "tokens", "prompt", "finish", "structured"], "str"
    )
    return table.astype({**texts, "temperature": "float64", "tokens_out": "Int64", "cost": "float64"})


def write(
    folder: Path, plan: Plan, journal: Journal, answers: Answers, captioners: Mapping[str, Captioner]
) -> pd.DataFrame:
    """Writes captions, settings, ledger, outcomes and failures, each file in one step.

    Rows of other captioners that are in the file already, people's too, stay as they are.

    Args:
        folder: where to.
        plan: the block's questions.
        journal: of the corpus.
        answers: of the corpus.
        captioners: of the block, whose earlier rows are replaced.

    Returns:
        The block's captions.
    """
    made = captions(plan, answers)
    target = folder / CANDIDATES
    whole = made
    if target.is_file():
        there = read_table(target)
        others = there[~there.captioner.isin([*captioners])]
        whole = pd.concat([others, made], ignore_index=True) if len(others) else made
    with atomic.replaced(target) as part:
        whole.to_parquet(part, index=False)
    atomic.write_text(folder / SETTINGS, json.dumps(settings(plan, captioners), indent=1, ensure_ascii=False))
    atomic.write_text(folder / LEDGER, ledger(journal).to_csv(index=False, lineterminator="\n"))
    atomic.write_text(folder / OUTCOMES, outcomes(journal).to_csv(index=False, lineterminator="\n"))
    failed = plan.failures(answers.keys(), journal.last())
    atomic.write_text(folder / FAILED, failed.to_csv(index=False, lineterminator="\n"))
    return made


def settings(plan: Plan, captioners: Mapping[str, Captioner]) -> dict[str, dict[str, Any]]:
    """How each captioner was asked, without addresses, keys, folders and programs' arguments.

    Returns:
        By captioner: client, model, fps, max_tokens, thinking, send, temperatures, clips, priced, and by name the text
        of each prompt.
    """
    told = {}
    for name, asked in captioners.items():
        mine = [question for question in plan.questions if question.captioner == name]
        model = asked.model or (asked.command or [""])[0]
        told[name] = {
            "client": asked.client,
            "model": Path(model).name if asked.client in ALONE and "/" in model else model,
            **asked.model_dump(include={"fps", "max_tokens", "thinking", "send", "temperatures"}),
            "clips": len({question.clip.clip_id for question in mine}),
            "priced": asked.price is not None,
            "prompts": {question.prompt.name: question.prompt.text for question in mine},
        }
    return told


def _heat(temperature: float | None) -> str:
    return "" if temperature is None else f"-{temperature:g}"
