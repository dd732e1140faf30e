"""The answers as pages show them: reservations, a card for each question, what a page opens with, and the rules."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from lib.answers.answer import Answer, Part, Reason
from lib.draw import fragment
from lib.run.pipeline import BY_STEM
from lib.site.answers.findings_file import Further, Record
from lib.site.answers.rooms import QUESTIONS

FOLDER = "assets/run"
MARKS = {"yes": "✓", "no": "✗", "in part": "½", "mixed": "±", "not shown": "?", "not judged": "∅", "not answered": "–"}
UNWELCOME = {"yes": "!", "no": "✓"}
"""Marks of a claim that nobody wishes to be true, such as a leak."""
HEADINGS = ("Part", "Rule", "Measured", "Decided")
SHOWN = 2
"""Measures of a part that the table shows, of more than these the first; all of them are in ``findings.json``."""
ROWS = 3
"""Numbers that a page opens with: the first measure of each part, of so many parts."""


def pieces(made: Record) -> dict[str, str]:
    """HTML by the address under which a page includes it; reservations only where there are any.

    The flags ``synthetic`` and ``stand-in`` stand on every page already, so they are left out here.
    """
    found = {f"{FOLDER}/answers.html": _cards(made.answers)}
    found |= {f"{FOLDER}/answer_{section}.html": _opening(answer) for section, answer in made.sections.items()}
    flags = [flag for flag in made.flags if flag.flag not in ("synthetic", "stand-in")]
    if flags:
        items = Markup().join(
            Markup("<li><strong>{}.</strong> {}</li>").format(flag.flag.capitalize(), flag.text) for flag in flags
        )
        box = Markup('<div class="reservations" role="note" aria-label="Reservations"><ul>{}</ul></div>')
        found[f"{FOLDER}/reservations.html"] = box.format(items)
    if others := [further for further in made.further if BY_STEM[further.notebook].section not in QUESTIONS]:
        blocks = Markup().join(map(_finding, others))
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
    rows = (line.format(part.name, part.rule, _numbers(part), _decided(part, answer)) for part in answer.parts)
    return Markup("<tbody>{}{}</tbody>").format(group, Markup().join(rows))


def _cards(answers: Sequence[Answer]) -> Markup:
    """A card for each question that the run can answer, and a line for the others."""
    told = [answer for answer in answers if answer.verdict != "not answered"]
    cards = Markup('<div class="answers">{}</div>').format(Markup().join(map(_card, told))) if told else Markup()
    others = [f"{answer.question} {answer.action}" for answer in answers if answer not in told]
    line = Markup('<p class="unanswered"><strong>Not answered in this run.</strong> {}</p>')
    return cards + (line.format(" ".join(others)) if others else "")


def _opening(answer: Answer) -> Markup:
    """What a page opens with: the verdict and the answer in a sentence, at most three numbers, and what to do."""
    measured = [part for part in answer.parts if part.measures][:ROWS]
    row = Markup(
        '<tr data-verdict="{}"><th scope="row">{}</th><td><a href="{}">{}</a> {}</td><td>{}</td><td>{}</td></tr>'
    )
    rows = [
        row.format(part.outcome, part.name, m.link, m.text, m.name, f"N counts {m.counted}", _decided(part, answer))
        for part in measured
        for m in part.measures[:1]
    ]
    table = Markup("<table><tbody>{}</tbody></table>").format(Markup().join(rows)) if rows else Markup()
    named = answer.subject and answer.verdict == "yes"  # the page asks which one, and the sentence begins with its name
    return Markup(
        '<div class="opening" data-verdict="{verdict}" data-news="{news}"><p class="verdict">{mark}{said}</p>{table}'
        '<p class="action"><strong>Next:</strong> {action}</p></div>'
    ).format(
        verdict=answer.verdict,
        news=answer.news,
        mark=Markup("<strong>{}.</strong> ").format(answer.verdict.capitalize()) if not named else "",
        said=answer.said,
        table=table,
        action=answer.action,
    )


def _card(answer: Answer) -> Markup:
    parts = Markup().join(_line(part, answer) for part in answer.parts)
    note = Markup('<p class="answer-note">{}</p>').format(answer.note) if answer.note else ""
    return Markup(
        '<section class="answer" data-verdict="{verdict}" aria-labelledby="answer-{key}" data-news="{news}">'
        '<h3 id="answer-{key}">{question}</h3><p class="verdict">{told}</p>{said}<ul>{parts}</ul>'
        '<p class="action"><strong>Next:</strong> {action}</p>{note}</section>'
    ).format(
        verdict=answer.verdict,
        key=answer.key,
        question=answer.question,
        news=answer.news,
        told=answer.verdict.capitalize(),
        said=Markup('<p class="said">{}</p>').format(answer.said) if answer.said else "",
        parts=parts,
        action=answer.action,
        note=note,
    )


def _finding(further: Further) -> Markup:
    """The question and its answer in a sentence, the numbers folded; a question that has a card needs none of it."""
    said = further.said or further.verdict
    return Markup(
        '<div class="finding"><p><strong><a href="{link}">{question}</a></strong></p>{said}{action}'
        "<details><summary>In numbers</summary><p>{finding}</p></details></div>"
    ).format(
        link=further.link,
        question=further.question,
        said=Markup("<p>{}</p>").format(said) if said else "",
        action=Markup("<p><strong>Next:</strong> {}</p>").format(further.action) if further.action else "",
        finding=further.finding,
    )


def _line(part: Part, answer: Answer) -> Markup:
    told = _number(part.measures[0]) if part.measures else escape(f"{part.lacking[:1].upper()}{part.lacking[1:]}.")
    mark = Markup('<span class="mark" aria-hidden="true">{}</span><span class="unseen">{}: </span>')
    marked = mark.format(_mark(part, answer), part.outcome)
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


def _decided(part: Part, answer: Answer) -> str:
    return f"{_mark(part, answer)} {part.outcome}"


def _mark(part: Part, answer: Answer) -> str:
    marks = MARKS | UNWELCOME if answer.welcome == "no" else MARKS
    return marks[part.outcome]
