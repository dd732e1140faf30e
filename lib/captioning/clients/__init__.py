"""Clients: each asks one kind of captioner through the package its makers keep."""

from typing import TYPE_CHECKING, Protocol

from lib.base.errors import ParamsError
from lib.captioning.failures import Answer
from lib.captioning.parameters import Captioner
from lib.captioning.question import Clip, Question

if TYPE_CHECKING:
    from lib.captioning.clients.gemini import Uploads


class Client(Protocol):
    """What asks a captioner.

    Attributes:
        parallel: how many questions at a time it can take; None for any number.
    """

    parallel: int | None

    def ask(self, question: Question) -> Answer:
        """Asks once, without repeats of its own.

        Raises:
            Failure: no caption came of it.
            Stopped: none will come of any other question either.
        """
        ...

    def release(self, clip: Clip) -> None:
        """Is told that no further question about a clip comes."""
        ...

    def tidy(self) -> None:
        """Removes what a dead run left at the server."""
        ...

    def close(self) -> None:
        """Ends what was begun."""
        ...


def client(name: str, asked: Captioner, key: str, uploads: "Uploads") -> Client:
    """Opens the client that a captioner is reached by.

    Args:
        name: of the captioner, for messages.
        asked: the captioner.
        key: of the server; may be empty where it wants none.
        uploads: remembers what lies at a server.

    Raises:
        ParamsError: the vendor's package is not installed.
        ModelError: as `local_client`.
    """
    try:
        if asked.client == "gemini":
            from lib.captioning.clients.gemini import Gemini

            return Gemini(asked, key, uploads)
        if asked.client == "openai":
            from lib.captioning.clients.openai_protocol import OpenAIProtocol

            return OpenAIProtocol(asked, key)
    except ModuleNotFoundError as error:
        fix = "run: pip install -c constraints.txt -e '.[captions]'"
        raise ParamsError(
            f"the package {error.name} is missing", where=f"captioning.captioners.{name}", fix=fix
        ) from None
    return local_client(asked)


def local_client(asked: Captioner) -> Client:
    """Opens the client of a captioner that computes on this machine, one of `lib.captioning.parameters.ALONE`.

    Raises:
        ModelError: no such model, or one that cannot be asked about videos.
    """
    if asked.client == "transformers":
        from lib.captioning.clients.in_process import InProcess

        return InProcess(asked)
    from lib.captioning.clients.program import Program

    return Program(asked)
