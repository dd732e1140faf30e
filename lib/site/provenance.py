"""How a run came about: what it ran, on which data, with which code, for how long, and what it warned of."""

import html
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

from lib.base.hashes import text_sha256
from lib.draw import fragment
from lib.run import provenance as made
from lib.run.pipeline import PIPELINE
from lib.site import redaction_counts
from lib.text.stand_in import NAME

Records = Mapping[str, Mapping[str, Any]]
FOLDER = "assets/run"
SHORT = 12


def read(folders: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
    """The ``provenance.json`` of each notebook that ran, by stem; one whose result cannot be read counts as not run."""
    records = {stem: made.record(folder) for stem, folder in folders.items() if made.has_result(folder)}
    return {stem: {**record} for stem, record in records.items() if record is not None}


def variables(records: Records, *, profile: str, synthetic: bool, parameters: Mapping[str, Any]) -> dict[str, str]:
    """The ``run.…`` values that prose may quote.

    Args:
        records: provenance by stem.
        profile: name of the parameter set.
        synthetic: whether the corpora were generated.
        parameters: the resolved parameters of the run.

    Returns:
        Plain text by name: profile, date, commit, parameters, seconds, notebooks_run, notebooks_known, synthetic, and
        stand_in: whether vectors of captions came from the stand-in for the encoder.
    """
    states = {(r.get("git", {}).get("sha", ""), bool(r.get("git", {}).get("dirty"))) for r in records.values()}
    commits = sorted({sha[:SHORT] + (" with local changes" if dirty else "") for sha, dirty in states if sha})
    dates = sorted(str(record.get("start", ""))[:10] for record in records.values())
    return {
        "run.profile": profile,
        "run.date": dates[-1] if dates else "not run",
        "run.commit": ", ".join(commits) or "unknown (not a git checkout)",
        "run.parameters": text_sha256(json.dumps(parameters, sort_keys=True, default=str))[:SHORT],
        "run.seconds": f"{sum(float(record.get('seconds', 0)) for record in records.values()):,.0f}",
        "run.notebooks_run": str(len(records)),
        "run.notebooks_known": str(len(PIPELINE)),
        "run.synthetic": "yes" if synthetic else "no",
        "run.stand_in": "yes" if any(NAME in record.get("models", {}) for record in records.values()) else "no",
    }


def fragments(
    records: Records, chosen: Sequence[str], parameters: Mapping[str, Any], stale: Collection[str] = ()
) -> dict[str, str]:
    """Tables about the run, by the address under which a page includes them; a table without rows is left out.

    Args:
        records: provenance by stem.
        chosen: stems the profile asks for.
        parameters: the resolved parameters of the run.
        stale: stems whose result was made from other inputs than the present ones.
    """
    met: dict[str, list[str]] = {}
    for stem, record in records.items():
        for warning in record.get("warnings", []):
            met.setdefault(warning, []).append(stem[:2])
    warnings = [[warning, ", ".join(stems)] for warning, stems in met.items()]
    tables = {
        "notebooks": (["Notebook", "Question", "In this report"], _notebooks(records, chosen, stale)),
        "runs": (["Notebook", "Started (UTC)", "Seconds", "Device", "Seed", "Commit", "Parameters"], _runs(records)),
        "data": (["Corpus", "SHA-256", "Read by"], _shared(records, "corpora", lambda v: (v["label"], v["sha256"]))),
        "models": (["Model", "SHA-256", "Used by"], _shared(records, "models", lambda v: v)),
        "versions": (["Package", "Version", "Used by"], _shared(records, "versions", lambda v: v)),
        "warnings": (["Warning", "Notebooks"], warnings),
        "withheld": (["Corpus", "What", "Why it is withheld", "Count"], redaction_counts.rows(records)),
        "cleared": (["Notebook", "Left out or cleared", "Count"], redaction_counts.cleared(records)),
    }
    found = {f"{FOLDER}/{name}.html": fragment.table(head, rows) for name, (head, rows) in tables.items() if rows}
    if parameters:
        text = html.escape(yaml.safe_dump(dict(parameters), sort_keys=False, allow_unicode=True))
        found[f"{FOLDER}/parameters.html"] = fragment.inert(
            f'<pre tabindex="0" role="group" aria-label="Parameters"><code>{text}</code></pre>'
        )
    return found


def _notebooks(records: Records, chosen: Sequence[str], stale: Collection[str]) -> list[list[str]]:
    rows = []
    for notebook in PIPELINE:
        if notebook.stem in records:
            links = Markup('<a href="{0}.html">page</a>, <a href="notebooks/{0}.html">notebook</a>')
            note = " (made with other parameters, code or data)" if notebook.stem in stale else ""
            state: str = links.format(notebook.stem) + note
        else:
            state = "no: it has no result yet" if notebook.stem in chosen else "no: this profile leaves it out"
        rows.append([notebook.stem, notebook.question, state])
    return rows


def _runs(records: Records) -> list[list[str]]:
    rows = []
    for stem, record in records.items():
        git = record.get("git", {})
        commit = git.get("sha", "unknown")[:8] + (" + changes" if git.get("dirty") else "")
        started = str(record.get("start", ""))[:16].replace("T", " ")
        facts = [started, f"{float(record.get('seconds', 0)):,.1f}", record.get("device", ""), record.get("seed", "")]
        rows.append([stem, *map(str, facts), commit, str(record.get("params_sha256", ""))[:8]])
    return rows


def _shared(records: Records, key: str, columns: Any) -> list[list[str]]:
    users: dict[tuple[str, str], list[str]] = {}
    for stem, record in records.items():
        for name, value in record.get(key, {}).items():
            shown = columns(value)
            pair = (str(shown[0]), str(shown[1])) if isinstance(shown, tuple) else (str(name), str(shown))
            users.setdefault(pair, []).append(stem[:2])
    return [[name, value, ", ".join(stems)] for (name, value), stems in sorted(users.items())]
