"""The parameters of a notebook: what a run injects, or in Jupyter the last profile's with the cell's changes."""

import os
import sys
from collections.abc import Mapping, MutableMapping
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


def settle(notebook: Notebook, variables: Mapping[str, Any]) -> tuple[Profile, str]:
    """The profile of a notebook, and the parameter file it came from.

    Under the runner, the variables are the parameters. In Jupyter the parameter file has them, and what the cell sets
    to something else than the schema's default goes before; the variables are set to the outcome, and a line tells it.

    Args:
        notebook: which.
        variables: the notebook's `vars()`.

    Raises:
        ParamsError: a parameter of another type or out of range.
        UserError: in Jupyter, a corpus, model or result that is not there, with the command that makes it.
    """
    asked = str(variables["params"])
    file = last_profile.recall() if asked == LAST else asked
    section = getattr(load(file), notebook.section)
    told = {name: variables[name] for name in type(section).model_fields if name in variables}
    if not in_jupyter() or not isinstance(variables, MutableMapping):
        return load(file, {notebook.section: told}), file
    _tell_errors_in_one_line()
    default = type(section)()
    changed = {name: value for name, value in told.items() if value != getattr(default, name)}
    profile = load(file, {notebook.section: changed})
    variables.update({name: getattr(getattr(profile, notebook.section), name) for name in told})
    print(_line(profile, file, section, {name: variables[name] for name in told}, last=asked == LAST))
    if (error := readiness.lacking(notebook, profile, file)) is not None:
        raise error
    return profile, file


def _line(profile: Profile, file: str, section: Any, used: Mapping[str, Any], *, last: bool) -> str:
    filed = {name: value for name, value in used.items() if value != getattr(section, name)}
    changes = f"; changed here: {', '.join(f'{name} = {value!r}' for name, value in filed.items())}" if filed else ""
    why = ", the last that ran" if last else ""
    return f"profile {profile.profile} ({file}{why}){changes}"


def _tell_errors_in_one_line() -> None:
    def tell(shell: Any, kind: type, error: BaseException, traceback: Any, tb_offset: int | None = None) -> None:
        print(f"error: {error}", file=sys.stderr)

    get_ipython().set_custom_exc((UserError,), tell)
