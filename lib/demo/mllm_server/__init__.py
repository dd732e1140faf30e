"""A server on the loopback that speaks Gemini's and OpenAI's protocols and answers from the demo's grammar."""

from lib.demo.mllm_server.grammar import Grammar
from lib.demo.mllm_server.planted import Planted, plant
from lib.demo.mllm_server.served import Counted
from lib.demo.mllm_server.server import MLLMServer

__all__ = ["Counted", "Grammar", "MLLMServer", "Planted", "plant"]
