"""A procedural performer: named actions with options, drawn as 22 joints at 20 frames a second."""

from lib.motion.synthesis.action import Action, Spec
from lib.motion.synthesis.catalogue import ACTIONS
from lib.motion.synthesis.performance import synthesise

__all__ = ["ACTIONS", "Action", "Spec", "synthesise"]
