"""The parameters of a notebook: what a run injects, or in Jupyter the last profile's with the reader's changes."""

import ast
import os
import sys
from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from IPython import get_ipython

from lib.base.errors import UserError
from lib.run.exploring import last_profile, readiness
from lib.run.exploring.last_profile import LAST
from lib.run.params import Profile, load
from lib.run.pipeline import Notebook


def in_jupyter() -> bool:
    """Whether a person runs the notebook: in a kernel, and not in the runner's hands."""
    return get_ipython() is not None and "LIB_RESULTS" not in os.environ


def resolve_parameters(notebook: Notebook, variables: Mapping[str, Any]) -> tuple[Profile, str]:
    """The profile of a notebook, and the parameter file it came from.

    Under the runner, the variables are the parameters. In Jupyter the parameter file decides, and what the reader set
    goes before it. A parameter counts as set where it differs from the schema's default, which an untouched parameters
    cell holds, and where `assigned_again` names it, whatever its value. The variables are set to the outcome, and a
    line says what it is.

    Args:
        notebook: which.
        variables: the notebook's `vars()`.

    Raises:
        ParamsError: a parameter of another type or out of range.
        UserError: in Jupyter, a corpus, model or result that is not there, with the command that makes it.
    """
    named = str(variables["params"])
    file = last_profile.recall() if named == LAST else named
    section = getattr(load(file), notebook.section)
    values = {name: variables[name] for name in type(section).model_fields if name in variables}
    if not in_jupyter() or not isinstance(variables, MutableMapping):
        return load(file, {notebook.section: values}), file
    _tell_errors_in_one_line()
    default, explicit = type(section)(), assigned_again(variables.get("In", []))
    changes = {name: value for name, value in values.items() if name in explicit or value != getattr(default, name)}
    profile = load(file, {notebook.section: changes})
    variables.update({name: getattr(getattr(profile, notebook.section), name) for name in values})
    print(_line(profile, file, section, {name: variables[name] for name in values}, last=named == LAST))
    if (error := readiness.lacking(notebook, profile, file)) is not None:
        raise error
    return profile, file


def assigned_again(cells: Sequence[str]) -> set[str]:
    """The names that a reader assigned after the parameters cell, or a second time inside it.

    The parameters cell is the last one that assigns `params`. Its value alone cannot show that a reader wants the
    default, because an untouched cell holds the defaults too; a second assignment can.

    Args:
        cells: the source of every cell that ran, in order, as IPython keeps it in `In`.

    Example:
        >>> sorted(assigned_again(["params = 'last'; bar = 30; pie = 50", "bar = 30"]))
        ['bar']
        >>> assigned_again(["bar = 30", "params = 'last'; bar = 30"])
        set()
    """
    names: set[str] = set()
    for source in reversed(cells):
        targets = _targets(source)
        if "params" in targets:
            return names | {name for name, count in targets.items() if count > 1}
        names |= {*targets}
    return set()


def _targets(source: str) -> Counter[str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return Counter()
    nodes = [node for statement in statements for node in ast.walk(statement)]
    return Counter(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def _line(profile: Profile, file: str, section: Any, used: Mapping[str, Any], *, last: bool) -> str:
    filed = {name: value for name, value in used.items() if value != getattr(section, name)}
    changes = f"; changed here: {', '.join(f'{name} = {value!r}' for name, value in filed.items())}" if filed else ""
    why = ", the last that ran" if last else ""
    return f"profile {profile.profile} ({file}{why}){changes}"


def _tell_errors_in_one_line() -> None:
    def tell(shell: Any, kind: type, error: BaseException, traceback: Any, tb_offset: int | None = None) -> None:
        print(f"error: {error}", file=sys.stderr)

    get_ipython().set_custom_exc((UserError,), tell)
