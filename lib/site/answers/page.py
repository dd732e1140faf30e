"""The answers as pages show them: reservations, a card for each question, and the rules with every number."""

from markupsafe import Markup, escape

from lib.answers.answer import Answer, Part, Reason
from lib.draw import fragment
from lib.run.pipeline import BY_STEM
from lib.site.answers.findings_file import Further, Record
from lib.site.answers.rooms import QUESTIONS

FOLDER = "assets/run"
MARKS = {"yes": "✓", "no": "✗", "in part": "½", "mixed": "±", "not shown": "?", "not judged": "∅", "not answered": "–"}
HEADINGS = ("Part", "Rule", "Measured", "Decided")
SHOWN = 2
"""Measures of a part that the table shows, of more than these the first; all of them are in ``findings.json``."""


def pieces(made: Record) -> dict[str, str]:
    """HTML by the address under which a page includes it; reservations only where there are any.

    The flags ``synthetic`` and ``stand-in`` stand on every page already, so they are left out here.
    """
    cards = Markup().join(_card(answer) for answer in made.answers)
    found = {f"{FOLDER}/answers.html": Markup('<div class="answers">{}</div>').format(cards)}
    flags = [flag for flag in made.flags if flag.flag not in ("synthetic", "stand-in")]
    if flags:
        items = Markup().join(
            Markup("<li><strong>{}.</strong> {}</li>").format(flag.flag.capitalize(), flag.text) for flag in flags
        )
        box = Markup('<div class="reservations" role="note" aria-label="Reservations"><ul>{}</ul></div>')
        found[f"{FOLDER}/reservations.html"] = box.format(items)
    if made.further:
        blocks = Markup().join(_finding(further) for further in made.further)
        found[f"{FOLDER}/further.html"] = Markup('<div class="findings">{}</div>').format(blocks)
    return {address: fragment.inert(str(markup)) for address, markup in found.items()}


def rules(made: Record) -> str:
    """A table of every part by question: its rule, its numbers with links to what shows them, what they decide."""
    head = Markup().join(Markup('<th scope="col">{}</th>').format(name) for name in HEADINGS)
    body = Markup().join(_rows(answer) for answer in made.answers)
    table = Markup("<table><thead><tr>{}</tr></thead>{}</table>").format(head, body)
    return fragment.inert(str(table))


def _rows(answer: Answer) -> Markup:
    heading = Markup('<tr><th colspan="{}" scope="rowgroup" class="gt_group_heading">{} <span>{}</span></th></tr>')
    group = heading.format(len(HEADINGS), answer.question, answer.rule)
    line = Markup("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>")
    rows = (line.format(part.name, part.rule, _numbers(part), _decided(part)) for part in answer.parts)
    return Markup("<tbody>{}{}</tbody>").format(group, Markup().join(rows))


def _card(answer: Answer) -> Markup:
    parts = Markup().join(_line(part) for part in answer.parts)
    note = Markup('<p class="answer-note">{}</p>').format(answer.note) if answer.note else ""
    return Markup(
        '<section class="answer" data-verdict="{verdict}" aria-labelledby="answer-{key}">'
        '<h3 id="answer-{key}">{question}</h3><p class="verdict">{said}</p><ul>{parts}</ul>'
        '<p class="action"><strong>Next:</strong> {action}</p>{note}</section>'
    ).format(
        verdict=answer.verdict,
        key=answer.key,
        question=answer.question,
        said=answer.verdict.capitalize(),
        parts=parts,
        action=answer.action,
        note=note,
    )


def _finding(further: Further) -> Markup:
    verdict = Markup("<p><strong>{}</strong></p>").format(further.verdict) if further.verdict else ""
    shown = bool(further.action) and BY_STEM[further.notebook].section not in QUESTIONS  # these stand on the cards
    action = Markup("<p><strong>Next:</strong> {}</p>").format(further.action) if shown else ""
    block = '<div class="finding"><p><strong><a href="{}">{}</a></strong></p>{}<p>{}</p>{}</div>'
    return Markup(block).format(further.link, further.question, verdict, further.finding, action)


def _line(part: Part) -> Markup:
    told = _number(part.measures[0]) if part.measures else escape(f"{part.lacking[:1].upper()}{part.lacking[1:]}.")
    mark = Markup('<span class="mark" aria-hidden="true">{}</span><span class="unseen">{}: </span>')
    marked = mark.format(MARKS[part.outcome], part.outcome)
    line = '<li data-verdict="{}">{}<span><strong>{}:</strong> {}</span></li>'
    return Markup(line).format(part.outcome, marked, part.name, told)


def _number(measure: Reason) -> Markup:
    return Markup('<a href="{}">{}</a> {}').format(measure.link, measure.text, measure.name)


def _numbers(part: Part) -> Markup:
    if not part.measures:
        return escape(part.lacking)
    shown = SHOWN if len(part.measures) <= SHOWN else 1
    numbers = Markup("<br>").join(_number(measure) for measure in part.measures[:shown])
    more = len(part.measures) - shown
    return numbers + (f", and {more} more" if more > 0 else "")


def _decided(part: Part) -> str:
    return f"{MARKS[part.outcome]} {part.outcome}"
