"""The verbs the performer knows, each with the options it admits."""

from lib.motion.synthesis import floor_work, gait, jumps, legs, upper_body
from lib.motion.synthesis.action import Action

AHEAD = (None, "forward")
AROUND = ("left", "right", "clockwise", "counterclockwise")
SIDES = (None, "left", "right")

# Postures that a following `stand` gets up from.
LOW = frozenset({"sit"})

ACTIONS: dict[str, Action] = {
    "walk": Action(
        gait.walk, "Walks; left and right curve that way, clockwise and counterclockwise go round a full circle.",
        directions=(*AHEAD, "backward", *AROUND), styles=(None, *gait.STYLES), locomotion=True,
    ),
    "run": Action(gait.run, "Runs; directions as for walk.", directions=(*AHEAD, *AROUND), locomotion=True),
    "jump": Action(
        jumps.jump, "Jumps off both feet, on the spot or in a direction, once or more.",
        directions=tuple(jumps.JUMPS), locomotion=True, airborne=True,
    ),
    "kick": Action(
        legs.kick, "Kicks with the leg of that side, forward unless said otherwise, once or more.",
        sides=SIDES, directions=(*AHEAD, "sideways", "backward"),
    ),
    "wave": Action(upper_body.wave, "Waves with a hand held high, or with both.", sides=(*SIDES, "both")),
    "sit": Action(floor_work.sit, "Sits down and stays seated unless another action follows."),
}  # fmt: skip
