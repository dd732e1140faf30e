"""The block ``captioning`` of a parameter file."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from lib.base.parameters import Count, Key, Positive, Section, Seed
from lib.base.paths import ROOT

Dollars = Annotated[float, Field(ge=0)]
Heat = Annotated[float, Field(ge=0, le=2)]
PROMPT = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
LEFT = "captioner_*"
"""The files that `make captions` leaves in its folder, by which a notebook's stamp knows them."""
LEDGER, OUTCOMES, FAILED = "captioner_ledger.csv", "captioner_outcomes.csv", "captioner_failures.csv"
SETTINGS = "captioner_settings.json"
PLANTED = "captioner_planted.json"
"""Where the servers are simulated, what was planted in their answers: counts by captioner and fault."""
ALONE = ("transformers", "command")
"""Clients on this machine, which take one question at a time."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Price(Section):
    """US dollars a million tokens; cached input costs as much as other input where nothing is said."""

    input: Dollars
    output: Dollars
    cached: Dollars | None = None


class Captioner(Section):
    """One model that writes captions, and how it is asked.

    Attributes:
        client: how it is reached: Google's package, OpenAI's package (any server of its protocol), a model in this
            process, or a program.
        model: its name at the server; a folder or a name on the hub for `transformers`.
        key: the environment variable that holds the key; never the key.
        base_url: the server; the vendor's own without it. Port 0 is a server of the demo's own, which a command runs
            for as long as it asks.
        command: the program and its arguments.
        prompts: names of files in `params/prompts`.
        temperatures: each prompt is asked at each; the model's own where none is given.
        fps: frames a second that the model sees.
        price: free without it.
        max_tokens: of an answer, what the model thinks before it included.
        thinking: tokens that Gemini may think with; 0 forbids it, the model's own rule without it.
        send: the video itself, or its frames as pictures, for servers that take no video.
        batch: Gemini's batch mode, cheaper and answered within a day.
        inline_mb: videos above this size go through the Files API.
        tokens_a_frame: what a frame costs at most, by which requests are estimated.
        timeout_s: of one request, of a file's preparation and of a program's answer.
    """

    client: Literal["gemini", "openai", "transformers", "command"]
    model: str | None = None
    key: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    base_url: str | None = None
    command: Annotated[list[str], Field(min_length=1)] | None = None
    prompts: Annotated[list[PROMPT], Field(min_length=1)]
    temperatures: Annotated[list[Heat], Field(min_length=1)] | None = None
    fps: Annotated[float, Field(gt=0, le=24)] = 4.0
    price: Price | None = None
    max_tokens: Count = 1024
    thinking: Annotated[int, Field(ge=0)] | None = None
    send: Literal["video", "frames"] = "video"
    batch: bool = False
    inline_mb: Annotated[float, Field(ge=0, le=14)] = 14.0
    tokens_a_frame: Count = 300
    timeout_s: Positive = 120.0

    @field_validator("base_url")
    @classmethod
    def _url(cls, url: str | None) -> str | None:
        if url is not None:
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
                raise ValueError("an address such as http://127.0.0.1:8000/v1, without a name or password in it")
        return url

    @model_validator(mode="after")
    def _complete(self) -> "Captioner":
        if self.client == "command" and not self.command:
            raise ValueError("a command as well, the program that captions")
        if self.client != "command" and (not self.model or self.command):
            raise ValueError(f"a model and no command, since the client is {self.client}")
        if self.client == "gemini" and not self.key:
            raise ValueError("a key as well, the environment variable that holds it, such as GEMINI_API_KEY")
        if self.batch and self.client != "gemini":
            raise ValueError("batch with the client gemini only")
        for name in ("prompts", "temperatures"):
            values = getattr(self, name) or []
            if len(set(values)) < len(values):
                raise ValueError(f"{name} without repeats")
        return self

    @property
    def remote(self) -> bool:
        """Whether videos leave this machine."""
        if self.client in ALONE:
            return False
        return self.base_url is None or urlsplit(self.base_url).hostname not in LOOPBACK

    @property
    def server(self) -> str:
        """The server's host and port, for messages; empty without one."""
        default = {"gemini": "https://generativelanguage.googleapis.com", "openai": "https://api.openai.com"}
        return urlsplit(self.base_url or default.get(self.client, "")).netloc


class CaptioningParameters(Section):
    """What `make captions` makes; it enters no notebook's stamp.

    Attributes:
        corpus: by its key in the parameter file; none is captioned without it.
        clips: how many, a seeded sample over splits and lengths; all without it.
        split: clips of one split only.
        seed: of the sample.
        budget: US dollars that all requests for this corpus together may cost; no bound without it.
        concurrency: requests at a time.
        attempts: how often one question is asked when the server is busy or fails.
        backoff_s: the first pause before a question is repeated, doubled each time, where the server names none.
        longest_wait_s: a captioner is left for a later run when its server asks for a longer pause.
        send_private: whether videos of a private corpus may leave this machine.
        folder: where captions, ledger and failures are written, from the project's root; the corpus' own without it.
        captioners: by name.
    """

    corpus: Key | None = None
    clips: Count | None = None
    split: Literal["train", "val", "test"] | None = None
    seed: Seed = 0
    budget: Positive | None = None
    concurrency: Annotated[int, Field(ge=1, le=256)] = 4
    attempts: Annotated[int, Field(ge=1, le=20)] = 5
    backoff_s: Positive = 1.0
    longest_wait_s: Positive = 120.0
    send_private: bool = False
    folder: str | None = None
    captioners: dict[Key, Captioner] = {}

    @model_validator(mode="after")
    def _priced(self) -> "CaptioningParameters":
        if self.captioners and self.corpus is None:
            raise ValueError("a corpus as well, whose clips are captioned")
        for name, one in self.captioners.items():
            if self.budget is not None and one.client == "gemini" and one.price is None:
                raise ValueError(f"a price for {name}, since a budget is kept by it")
        return self

    def place(self, root: Path) -> Path:
        """Where captions, ledger, failures and answers lie.

        Args:
            root: of the corpus.
        """
        return ROOT / Path(self.folder).expanduser() if self.folder else root
