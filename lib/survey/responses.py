"""One respondent's file, read and checked against the key; what is wrong with it is said, never mended."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lib.survey.key import Key
from lib.survey.order import shown_order

FORMAT = "survey-response/1"
CSV_COLUMNS = ["respondent", "clip_id", "captioner", "rank", "position", "seconds", "survey", "seed"]
LARGEST = 5_000_000
"""Bytes beyond which a file is no response: a thousand items with ten captions each need a tenth of it."""

Code = Annotated[str, Field(pattern=r"^[a-z]{1,40}$")]
Rank = Annotated[int, Field(ge=1, le=1000)]


class Vote(BaseModel):
    """The rank given to one caption, and where it stood."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    caption: Code
    rank: Rank
    position: Rank


class Answer(BaseModel):
    """The ranking of one item."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: Code
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    captions: list[Vote]


class Response(BaseModel):
    """One export of the page. `started` and `exported` are empty when it was read from CSV."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    survey: str
    respondent: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
    seed: Annotated[str, Field(pattern=r"^[a-z]{1,40}$")]
    started: str = ""
    exported: str = ""
    items: list[Answer]


@dataclass(frozen=True)
class Problem:
    """Something left out or odd: which file, and why."""

    file: Path
    reason: str

    def __str__(self) -> str:
        """One line, whatever a file's name or content holds."""
        return " ".join(f"{self.file}: {self.reason}".split())


def read(path: Path) -> Response | Problem:
    """Reads a file as exported by the page, JSON or CSV; what it holds is not yet compared with any key."""
    try:
        if not path.is_file():
            return Problem(path, "no regular file; left out")
        if path.stat().st_size > LARGEST:
            return Problem(path, f"larger than {LARGEST // 1_000_000} MB, no response of this survey; left out")
        text = path.read_bytes().decode("utf-8-sig")
        is_csv = path.name.lower().removesuffix(".txt").endswith(".csv")
        raw = _from_csv(text) if is_csv else json.loads(text)
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            return Problem(path, f"not an export of the survey page ({FORMAT}); left out")
        return Response.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return Problem(path, f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}; left out")
    except csv.Error as error:
        return Problem(path, f"not a readable response ({error}); left out")
    except (OSError, RecursionError, ArithmeticError, KeyError, TypeError, ValueError) as error:
        return Problem(path, f"not a readable response ({type(error).__name__}); left out")


def fault(answer: Answer, seed: str, key: Key) -> str | None:
    """What keeps the ranking of an item from being counted, if anything does.

    A ranking counts when it is of an item of the survey and covers each of its captions once, in the order that the
    respondent's seed gives, with ranks that are a permutation, or with ties, where they are allowed, counted as in
    sport (1, 1, 3).
    """
    if answer.item not in key.items:
        return "not an item of this survey"
    known = key.items[answer.item].captioners
    codes = [vote.caption for vote in answer.captions]
    if unknown := sorted(set(codes) - set(known)):
        return f"unknown caption {unknown[0]!r}"
    if len(set(codes)) < len(codes) or set(codes) != set(known):
        return f"{len(set(codes))} of its {len(known)} captions ranked, {len(codes)} ranks"
    ranks = sorted(vote.rank for vote in answer.captions)
    counted = [1 + sum(other < rank for other in ranks) for rank in ranks]
    if ranks != counted or (not key.ties and len(set(ranks)) < len(ranks)):
        allowed = "a ranking from 1, ties counted as 1, 1, 3" if key.ties else "the ranks from 1, each given once"
        return f"ranks {', '.join(map(str, ranks))} are not {allowed}"
    shown = [vote.caption for vote in sorted(answer.captions, key=lambda vote: vote.position)]
    if [vote.position for vote in answer.captions] != [shown.index(c) + 1 for c in codes] or shown != shown_order(
        seed, answer.item, codes
    ):
        return "positions are not those of the respondent's seed"
    return None


def _from_csv(text: str) -> dict[str, Any]:
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    if not rows or set(CSV_COLUMNS) - set(rows[0]):
        return {}
    one = {name: {row[name] for row in rows} for name in ("respondent", "survey", "seed")}
    if any(len(values) > 1 for values in one.values()):
        return {}
    items: list[dict[str, Any]] = []
    for row in rows:
        vote = {"caption": row["captioner"], "rank": row["rank"], "position": row["position"]}
        known = items and items[-1]["item"] == row["clip_id"] and row["captioner"] not in items[-1]["seen"]
        if not known:
            items.append({"item": row["clip_id"], "seconds": row["seconds"], "captions": [], "seen": set()})
        items[-1]["captions"].append(vote)
        items[-1]["seen"].add(row["captioner"])
    for item in items:
        del item["seen"]
    return {"format": FORMAT, **{name: next(iter(values)) for name, values in one.items()}, "items": items}
