"""A model of the hub, or of a folder, in this process and on the run's device, through transformers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from lib.base.device import resolve_device
from lib.base.errors import ModelError, refuse_limits
from lib.captioning.failures import Answer, Failure, Stopped, Usage
from lib.captioning.parameters import Captioner
from lib.captioning.question import Clip, Question, filmed
from lib.models.video_frames import frames


class InProcess:
    """Asks a model of transformers that reads videos, or pictures with `send: frames`; one question at a time.

    Its processors of videos want torchvision, which this project does not install; those of pictures do without.

    Args:
        asked: the captioner; `model` is a folder or a name on the hub.

    Raises:
        ModelError: no such model, or one that transformers does not know as reading videos.
    """

    parallel: int | None = 1

    def __init__(self, asked: Captioner) -> None:
        from transformers import AutoModelForImageTextToText, AutoProcessor

        self.asked, self.device, self.turn = asked, resolve_device(), threading.Lock()
        try:
            processors: Any = AutoProcessor
            self.processor: Any = processors.from_pretrained(asked.model)
            model: Any = AutoModelForImageTextToText.from_pretrained(str(asked.model), dtype="auto")
        except (OSError, ValueError, KeyError, ImportError) as error:
            what = " ".join(str(error).split())[:160]
            fix = "give a folder or a hub name of a model that reads videos"
            raise ModelError(what, where=asked.model, fix=fix) from None
        self.model: Any = model.to(self.device).eval()

    def ask(self, question: Question) -> Answer:
        """As `Client.ask`; the same question gets the same answer, at a temperature too."""
        with filmed(question) as video:
            seen = frames(video, question.frames)
        kinds = ["video"] if self.asked.send == "video" else ["image"] * len(seen)
        content = [*({"type": kind} for kind in kinds), {"type": "text", "text": question.text}]
        chat = [{"role": "user", "content": content}]
        heat: dict[str, Any] = {"do_sample": False}
        if question.temperature:
            heat = {"do_sample": True, "temperature": question.temperature}
        with self.turn, torch.inference_mode(), torch.random.fork_rng(), _translated():
            torch.manual_seed(int(question.key[:12], 16))
            text = self.processor.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
            shown = self._as_video(question, seen) if self.asked.send == "video" else {"images": [*seen]}
            inputs = self.processor(text=[text], return_tensors="pt", **shown).to(self.device)
            written = self.model.generate(**inputs, max_new_tokens=self.asked.max_tokens, **heat)
        asked_for = inputs["input_ids"].shape[1]
        answer = written[0, asked_for:]
        usage = Usage(asked_for, 0, len(answer))
        ends = self.model.generation_config.eos_token_id
        ends = {*ends} if isinstance(ends, list) else {ends}
        if len(answer) >= self.asked.max_tokens and int(answer[-1]) not in ends:
            raise Failure("too_long", "length", usage=usage)
        caption = self.processor.decode(answer, skip_special_tokens=True)
        if not caption.strip():
            raise Failure("empty", usage=usage)
        return Answer(caption, "stop", usage)

    def _as_video(self, question: Question, seen: Any) -> dict[str, Any]:
        metadata = {
            "total_num_frames": len(seen),
            "fps": self.asked.fps,
            "frames_indices": list(range(len(seen))),
            "duration": question.clip.seconds,
        }
        return {"videos": [seen], "video_metadata": [metadata], "do_sample_frames": False}

    def release(self, clip: Clip) -> None:
        """Nothing is kept between questions."""

    def tidy(self) -> None:
        """Nothing of an earlier run is left."""

    def close(self) -> None:
        """Lets go of the model."""
        self.model = None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except torch.OutOfMemoryError:
        torch.cuda.empty_cache()
        raise Failure("too_long", "out of memory") from None
    except Exception as error:  # a processor that knows no videos, or no conversations, raises whatever it meets first
        refuse_limits(error)
        kind = type(error).__name__
        told = " ".join(f"the model cannot be asked about a video ({kind}: {error})".split())[:200]
        raise Stopped(told, detail=f"the model cannot be asked ({kind})") from None
