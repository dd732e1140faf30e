"""A procedural performer: named actions with options, drawn as 22 joints at 20 frames a second."""

from lib.demo.synthesis.action import Action, Spec
from lib.demo.synthesis.catalogue import ACTIONS
from lib.demo.synthesis.performance import synthesise

__all__ = ["ACTIONS", "Action", "Spec", "synthesise"]
