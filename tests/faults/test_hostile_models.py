"""Model folders made to break a reader, and a machine at its limits: one line, and no damage where there is none."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from lib.base.errors import ModelError, UserError, refuse_limits
from lib.base.paths import ROOT
from lib.models.tmr import checkpoint
from lib.models.tmr.model import TMR
from lib.models.tmr.run import read_run
from lib.models.tmr.sizes import TMRSizes
from lib.run.freshness import stamp
from lib.run.params import load
from lib.run.pipeline import BY_STEM
from lib.text import hugging_face, text_model


@pytest.fixture
def run_dir(tmp_path) -> Path:
    """A run folder of a small TMR, as this project writes it."""
    sizes = TMRSizes(latent_dim=32, num_layers=1, ff_size=32)
    folder = tmp_path / "run"
    TMR(sizes, torch.zeros(263), torch.ones(263)).to_run_dir(folder)
    return folder


CONTENTS = {
    "100,000 lists deep": "[" * 100_000,
    "100,000 objects deep": '{"a":' * 100_000,
    "5,000 digits": "9" * 5000,
    "a list": "[1]",
    "a text": '"x"',
    "nothing": "null",
    "no number": "NaN",
    "empty": "",
    "a lone surrogate": '{"model": "\\ud800"}',
    "a NUL": "\0",
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_configuration_made_to_break_a_reader_is_one_line(run_dir, content):
    (run_dir / "config.json").write_text(content)
    (run_dir / "sentence_bert_config.json").write_text(content)
    save_file({"x": torch.zeros(1)}, run_dir / "model.safetensors")
    readers = (read_run, TMR.from_run_dir, text_model.TextModel, hugging_face.width)
    for reader in readers:
        with pytest.raises(ModelError) as caught:
            reader(run_dir)
        line = str(caught.value)
        assert "\n" not in line and str(run_dir) in line and len(line) - len(str(run_dir)) < 400, reader


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"stride": 1', '"stride": Infinity'),
        ('"stride": 1', '"stride": ' + "9" * 5000),
        ('"latent_dim": 32', '"latent_dim": ' + "9" * 4000),
        ('"base_dir": "stats"', '"base_dir": "\\ud800"'),
        ('"base_dir": "stats"', '"base_dir": "a\\u0000b"'),
    ],
)
def test_a_value_that_no_run_has_is_one_line(run_dir, before, after):
    config = run_dir / "config.json"
    whole = config.read_text()
    assert before in whole
    config.write_text(whole.replace(before, after))
    with pytest.raises(ModelError) as caught:
        read_run(run_dir)
    assert "\n" not in str(caught.value) and len(str(caught.value)) - len(str(run_dir)) < 400


def test_whether_a_result_is_fresh_can_be_asked_of_a_run_whose_configuration_is_100_000_deep(run_dir):
    (run_dir / "config.json").write_text("[" * 100_000)
    profile = load("params/demo.yml", {"models": {"tmr": {"run_dir": str(run_dir)}}})
    assert "config.json" in stamp(BY_STEM["04_embedding_gap"], profile)["models"]["tmr"]


LIMITED = """
import os, resource, sys
from pathlib import Path
from lib.base.errors import UserError
from lib.models.tmr import checkpoint, run
from lib.text import text_model
import torch
folder, reader = Path(sys.argv[1]), sys.argv[2]
module = torch.nn.Linear(1, 1)
optimiser = torch.optim.SGD(module.parameters())
config = (folder / "config.json").read_text()
readers = {
    "weights": lambda: run.load(folder / "last_weights" / "text_encoder.pt"),
    "checkpoint": lambda: checkpoint.resume(folder / "checkpoint.pt", module, optimiser),
    "sentences": lambda: text_model.TextModel(folder),
}
checkpoint.save(folder / "checkpoint.pt", checkpoint.Standing(), module, optimiser)
readers["weights"]()
if reader == "sentences":
    from transformers import MPNetConfig, MPNetModel
    import sentence_transformers
    sizes = {"vocab_size": 8, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    MPNetModel(MPNetConfig(intermediate_size=8, max_position_embeddings=8, **sizes)).save_pretrained(folder)
    init = MPNetModel.__init__
    def init_then_no_file_more(self, *given, **named):
        init(self, *given, **named)
        taken.append(os.open(os.devnull, os.O_RDONLY))
    MPNetModel.__init__ = init_then_no_file_more
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
taken = []
try:
    while True:
        taken.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    pass
if reader == "sentences":
    os.close(taken.pop())  # for config.json, which stays open no longer than it is read
try:
    readers[reader]()
except UserError as error:
    os.close(taken.pop())
    print(error)
"""


@pytest.mark.parametrize("reader", ["weights", "checkpoint", "sentences"])
def test_too_many_open_files_are_not_called_a_damaged_model(run_dir, reader):
    save_file({"x": torch.zeros(1)}, run_dir / "model.safetensors")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", LIMITED, str(run_dir), reader]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 and "begins anew" not in done.stderr, done.stderr
    assert "Too many open files" in done.stdout and "ulimit -n" in done.stdout and done.stdout.count("\n") == 1


def test_the_limit_is_seen_behind_the_errors_that_were_made_of_it():
    for inner in (OSError(errno.ENFILE, "x"), OSError(errno.ENOMEM, "x"), OSError("x (os error 24)")):
        outer = RuntimeError("cannot be loaded")
        outer.__cause__ = inner
        with pytest.raises(UserError, match="ulimit -n|close programs|free memory"):
            refuse_limits(outer)
    refuse_limits(OSError(errno.EIO, "Input/output error", "w.pt"))
    with pytest.raises(MemoryError):
        refuse_limits(MemoryError())


def test_a_checkpoint_that_is_damaged_is_begun_anew_as_before(tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"torn")
    module = torch.nn.Linear(1, 1)
    with pytest.warns(UserWarning, match="training begins anew"):
        standing = checkpoint.resume(tmp_path / "checkpoint.pt", module, torch.optim.SGD(module.parameters()))
    assert standing.epoch == 0


FULL = """
import resource, signal, sys
from pathlib import Path
import torch
from lib.__main__ import main
from lib import commands
from lib.models.tmr.run import save
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
commands.app = lambda **_: save(torch.zeros(100_000), Path(sys.argv.pop()))
main()
"""


def test_weights_that_do_not_fit_on_the_disk_are_one_line(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FULL, str(tmp_path / "w.pt")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert (
        done.stderr.startswith("error: ") and "File too large; check its permissions and the free space" in done.stderr
    )
