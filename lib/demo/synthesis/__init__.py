"""A procedural performer: named actions with options, drawn as 22 joints at 20 frames a second."""

from lib.demo.synthesis.action import Action
from lib.demo.synthesis.catalogue import ACTIONS
from lib.demo.synthesis.performance import synthesise
from lib.demo.synthesis.take import Spec

__all__ = ["ACTIONS", "Action", "Spec", "synthesise"]
