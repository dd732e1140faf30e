"""Typed parameters: a YAML file in, a validated :class:`Profile` out, or one line that says what to mend."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from lib.answers.bounds import Findings
from lib.base import params_file
from lib.base.device import Precision
from lib.base.errors import ParamsError
from lib.base.parameters import Clips, Key, Name, Section, Seed
from lib.base.paths import ROOT, unfit
from lib.captioning.parameters import CaptioningParameters
from lib.dataset.parameters import DatasetParameters
from lib.engine.parameters import EngineParameters
from lib.models.parameters import Models
from lib.run.pipeline import BY_STEM, KEPT, PREPARATION, Notebook
from lib.sections.actions.parameters import Actions
from lib.sections.captioners.parameters import Captioners
from lib.sections.clustering.parameters import Clustering
from lib.sections.embedding.parameters import Embedding
from lib.sections.evaluation.parameters import Evaluation
from lib.sections.preparation.parameters import Preparation
from lib.sections.similarity.parameters import Similarity
from lib.sections.visualization.parameters import Visualization
from lib.survey.parameters import SurveyParameters
from lib.text.parameters import Verbs
from lib.text.stand_in import stand_in_folder


class CorpusSource(Section):
    """Where one dataset lies and how it is read; ``${VAR}`` in the root comes from the environment."""

    label: str
    kind: Literal["humanml3d", "tmr_annotations", "manifest"]
    root: str
    licence: str | None = None
    private: bool = False

    @property
    def licensed(self) -> dict[str, str]:
        """The licence as an option for a loader; none where the data says its own."""
        return {"licence": self.licence} if self.licence else {}


class Demo(Section):
    """Sizes and seed of the embedded corpora, the folder they are written to, and how many clips get a video.

    Videos are of demo-dm, the sample that `captioning` draws. They are no part of the corpus: nothing is made anew for
    their sake.
    """

    folder: str
    seed: Seed = 0
    h3d_clips: Annotated[int, Field(ge=40)] = 1000
    dm_clips: Annotated[int, Field(ge=40)] = 2500
    dm_videos: Annotated[int, Field(ge=0)] = 0

    @property
    def corpora(self) -> dict[str, Any]:
        """What the corpora depend on."""
        return self.model_dump(exclude={"dm_videos"})


class Report(Section):
    """How the site is made; `redact` keeps every corpus as if it were private, unless one is marked so.

    `named` are the captioners of private corpora that the report may call by their names.
    """

    title: str = "Motion data report"
    renderer: Literal["auto", "quarto", "preview"] = "auto"
    redact: bool = False
    named: list[str] = []


class Profile(Section):
    """One parameter file, resolved: everything a run depends on besides code and data.

    `precision` is that of sentence vectors and token states; see `lib.base.device`.
    """

    profile: Name
    description: str = ""
    seed: Seed = 0
    device: Annotated[str, Field(pattern=r"^(auto|cpu|cuda(:\d+)?)$")] = "auto"
    precision: Precision = "float32"
    engine: EngineParameters = EngineParameters()
    demo: Demo | None = None
    corpora: Annotated[dict[Key, CorpusSource], Field(min_length=1)]
    notebooks: list[Literal[*BY_STEM]] = list(BY_STEM)  # type: ignore[valid-type]
    models: Models = Models()
    verbs: Verbs = Verbs()
    report: Report = Report()
    preparation: Preparation = Preparation()
    similarity: Similarity = Similarity()
    actions: Actions = Actions()
    captioners: Captioners = Captioners()
    captioning: CaptioningParameters = CaptioningParameters()
    survey: SurveyParameters = SurveyParameters()
    embedding: Embedding = Embedding()
    clustering: Clustering = Clustering()
    evaluation: Evaluation = Evaluation()
    visualization: Visualization = Visualization()
    findings: Findings = Findings()
    dataset: DatasetParameters = DatasetParameters()

    @field_validator("notebooks")
    @classmethod
    def _readable(cls, notebooks: list[str]) -> list[str]:
        for stem in notebooks:
            if lacking := [earlier for earlier in BY_STEM[stem].after if earlier not in notebooks]:
                raise ValueError(f"{' and '.join(lacking)} as well, whose results {stem} reads")
        return notebooks

    @model_validator(mode="after")
    def _named_once(self) -> "Profile":
        if len(set(self.notebooks)) < len(self.notebooks):
            raise ValueError("a notebook is named twice")
        labels = [source.label for source in self.corpora.values()]
        if len(set(labels)) < len(labels):
            raise ValueError("a label of its own for every corpus, since tables are keyed by label")
        return self

    @property
    def truth(self) -> Path | None:
        """Where it is written what was planted in the profile's own corpora; None on real data."""
        return ROOT / self.demo.folder / "truth.json" if self.demo else None

    @property
    def mpnet(self) -> Path | None:
        """The folder of MPNet that the parameters name, or what stands for its stand-in; None for the fetched one."""
        if self.models.encoder.kind == "stand-in":
            return stand_in_folder(self.models.encoder.seed)
        return Path(self.models.mpnet) if self.models.mpnet else None

    @property
    def redacted(self) -> bool:
        """Whether raw captions and ids are withheld: on request, and wherever a corpus is private."""
        return bool(self.private_corpora)

    @property
    def private_corpora(self) -> tuple[str, ...]:
        """Keys of the corpora to withhold: those marked private; all, where redaction is asked for and none is."""
        marked = tuple(key for key, source in self.corpora.items() if source.private)
        return marked or (tuple(self.corpora) if self.report.redact else ())

    @property
    def synthetic(self) -> bool:
        """Whether the profile builds its own corpora."""
        return self.demo is not None

    @property
    def filters_tmr(self) -> bool:
        """Whether TMR is trained here, and on kept clips."""
        return not self.models.tmr.run_dir and self.kept_file(self.models.tmr.clips) is not None

    def kept_file(self, clips: Clips) -> Path | None:
        """The file that says which clips to use; None where all are used, be it that the profile has no filter.

        Args:
            clips: what a block of the parameters asks for.
        """
        if clips == "all" or PREPARATION not in self.notebooks:
            return None
        return BY_STEM[PREPARATION].results(self.profile) / KEPT

    def upstream(self, notebook: Notebook) -> tuple[str, ...]:
        """Notebooks whose results one reads: those that it names, and 00 where a block that it reads asks for it."""
        blocks = (getattr(self, section) for section in (notebook.section, *notebook.reads))
        reads = any(self.kept_file(getattr(block, "clips", "all")) for block in blocks)
        return (PREPARATION, *notebook.after) if reads else notebook.after

    def for_notebook(self, *sections: str) -> dict[str, Any]:
        """What the result of a notebook that reads these sections depends on, apart from where the data lies."""
        corpora = {key: source.model_dump(exclude={"root"}) for key, source in self.corpora.items()}
        common = {"profile": self.profile, "seed": self.seed, "corpora": corpora, "redact": self.redacted}
        if self.redacted:
            common["named"] = self.report.named
        blocks = {section: getattr(self, section) for section in sections}
        read = {section: block.model_dump(exclude=type(block).bounds) for section, block in blocks.items()}
        return {**common, "demo": self.demo and self.demo.corpora, **read}


def load(path: str | Path, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Profile:
    """Reads a parameter file.

    Args:
        path: YAML file, absolute or relative to the project's root or the working directory.
        overrides: values by section that replace the file's, as set in a notebook.

    Returns:
        The profile; roots of corpora are absolute.

    Raises:
        ParamsError: missing file, bad YAML, unknown key, wrong type, value out of range, unset variable.
    """
    raw = params_file.read(path)
    for section, values in (overrides or {}).items():
        raw[section] = {**(raw.get(section) or {}), **values}
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        raise params_file.explain(error, Profile, path) from None
    resolved = {
        key: source.model_copy(update={"root": _root(source.root, key, path)})
        for key, source in profile.corpora.items()
    }
    return profile.model_copy(update={"corpora": resolved})


def _root(root: str, key: str, path: str | Path) -> str:
    unset = [name for name in re.findall(r"\$\{(\w+)\}", root) if not os.environ.get(name)]
    if unset:
        fix = f"say where the data lies, as in: make report PARAMS={path} {unset[0]}=/data/folder"
        raise ParamsError(f"corpora.{key}.root needs {unset[0]}, which is not set", where=path, fix=fix)
    resolved = os.path.realpath(ROOT / os.path.expanduser(os.path.expandvars(root)))
    if character := unfit(resolved):
        what = f"corpora.{key}.root = {resolved!r} holds {character}"
        raise ParamsError(what, where=path, fix="give the folder another name, or a link to it")
    return resolved
