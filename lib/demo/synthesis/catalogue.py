"""The verbs the performer knows, each with the options it admits."""

from lib.demo.synthesis import (
    dance,
    floor_work,
    gait,
    gestures,
    ground,
    handling,
    jumps,
    legs,
    music,
    throws,
    turning,
    walking,
)
from lib.demo.synthesis.action import Action

AHEAD = (None, "forward")
CURVES = ("left", "right", "clockwise", "counterclockwise")
SIDES = (None, "left", "right")

# Postures that a following `stand` gets up from.
LOW = frozenset({"sit", "squat", "crouch", "kneel", "lie"})

ACTIONS: dict[str, Action] = {
    "walk": Action(
        walking.walk, "Walks; left and right curve that way, clockwise and counterclockwise go round a full circle.",
        directions=(*AHEAD, "backward", *CURVES), styles=(None, *gait.STYLES), locomotion=True,
    ),
    "run": Action(
        walking.run, "Runs; directions as for walk.", directions=(*AHEAD, *CURVES, "in place"), locomotion=True,
        airborne=True,
    ),
    "jog": Action(
        walking.jog, "Jogs: a low, easy run; directions as for walk.", directions=(*AHEAD, *CURVES, "in place"),
        styles=(None, "happy", "tired"), locomotion=True, airborne=True,
    ),
    "march": Action(
        walking.march, "Marches: knees high, straight arms swinging.", directions=(*AHEAD, "left", "right", "in place"),
        locomotion=True,
    ),
    "limp": Action(walking.limp, "Limps; the side is the hurt leg.", sides=SIDES, directions=AHEAD, locomotion=True),
    "shuffle": Action(
        walking.shuffle, "Side-steps to the left or right, facing ahead.", directions=(None, "left", "right"),
        locomotion=True,
    ),
    "skip": Action(walking.skip, "Skips ahead, step and hop.", directions=(*AHEAD, "left", "right"), locomotion=True,
                   airborne=True),
    "crawl": Action(
        ground.crawl, "Crawls on hands and knees.", directions=(*AHEAD, "backward"), locomotion=True, seconds=3.0,
    ),
    "jump": Action(
        jumps.jump, "Jumps off both feet on the spot or in a direction, once or more; jacks: jumping jacks.",
        directions=tuple(jumps.WAYS), styles=(None, "jacks"), alone=("jacks",), locomotion=True, airborne=True,
    ),
    "hop": Action(
        jumps.hop, "Hops in a series on the leg of that side, or on both feet when no side is given.", sides=SIDES,
        directions=tuple(jumps.WAYS), locomotion=True, airborne=True,
    ),
    "turn": Action(
        turning.turn, "Turns on the spot: a quarter left or right, half way round (None, around), or full circle.",
        directions=tuple(turning.ANGLES),
    ),
    "spin": Action(
        turning.spin, "Spins round and round with the arms out.", directions=(None, "clockwise", "counterclockwise"),
    ),
    "dance": Action(dance.dance, "Dances in the manner of the style.", styles=(None, *dance.FIGURES), seconds=3.0),
    "kick": Action(
        legs.kick, "Kicks with the leg of that side: forward, out to that side, or backward; once or more.",
        sides=SIDES, directions=(*AHEAD, "sideways", "backward"),
    ),
    "balance": Action(legs.balance, "Stands on the leg of that side, the other knee up, arms out.", sides=SIDES),
    "lunge": Action(
        legs.lunge, "Lunges with the leg of that side, forward or out to that side.", sides=SIDES,
        directions=(*AHEAD, "sideways"),
    ),
    "stomp": Action(legs.stomp, "Stomps the foot of that side again and again.", sides=SIDES),
    "wave": Action(gestures.wave, "Waves the raised hand of that side, or both.", sides=(*SIDES, "both")),
    "clap": Action(gestures.clap, "Claps before the chest or overhead.", styles=(None, "overhead")),
    "point": Action(
        gestures.point, "Points ahead or up with the arm of that side, or left or right with the arm of that name.",
        sides=SIDES, own_side=True, directions=(*AHEAD, "left", "right", "up"),
    ),
    "salute": Action(gestures.salute, "Salutes with the hand of that side.", sides=SIDES),
    "bow": Action(gestures.bow, "Bows from the hips."),
    "look": Action(
        gestures.look, "Looks to both sides in turn, a hand above the eyes, or only left, right, up or down.",
        directions=(None, "left", "right", "up", "down"),
    ),
    "punch": Action(
        throws.punch, "Punches from a guard with the fist of that side, or both in turn; up is an uppercut.",
        sides=(*SIDES, "both"), directions=(*AHEAD, "up"),
    ),
    "throw": Action(
        throws.throw, "Throws with the hand of that side.", sides=SIDES, styles=(None, "overhand", "underhand"),
    ),
    "catch": Action(throws.catch, "Catches something with both hands and draws it to the chest."),
    "push": Action(throws.push, "Pushes something heavy ahead with both hands.", directions=AHEAD),
    "swing": Action(
        throws.swing, "Swings the arms (one, or both), or a golf club, a bat or a racket; the side is the strong hand.",
        sides=SIDES, styles=(None, "golf", "bat", "racket"),
    ),
    "reach": Action(
        handling.reach, "Reaches ahead or up with the hand of that side, or left or right with the hand of that name.",
        sides=SIDES, own_side=True, directions=(*AHEAD, "up", "left", "right"),
    ),
    "pick": Action(handling.pick, "Picks something up from the floor with the hand of that side.", sides=SIDES),
    "lift": Action(
        handling.lift, "Lifts something heavy from the floor to the chest, or overhead, and puts it down.",
        styles=(None, "overhead"), seconds=3.0,
    ),
    "drink": Action(handling.drink, "Drinks from the hand of that side.", sides=SIDES),
    "wipe": Action(handling.wipe, "Wipes a pane in circles with the hand of that side.", sides=SIDES),
    "swim": Action(
        handling.swim, "Makes swimming strokes, standing bent forward.", styles=(None, "crawl", "breaststroke"),
    ),
    "stretch": Action(
        handling.stretch, "Stretches up and over to that side, or to each in turn; toes bends down to touch them.",
        sides=SIDES, styles=(None, "toes"), alone=("toes",), seconds=3.0,
    ),
    "play": Action(music.play, "Plays an instrument that is not there.", styles=(None, *music.INSTRUMENTS)),
    "sit": Action(
        floor_work.sit, "Sits down on a chair, or on the floor cross-legged, and stays unless something follows.",
        styles=(None, "chair", "floor"), seconds=3.0,
    ),
    "stand": Action(
        floor_work.stand, "Stands up from a chair or from the floor.", styles=(None, "chair", "floor"),
    ),
    "squat": Action(floor_work.squat, "Squats down and up, once or more, arms ahead."),
    "crouch": Action(floor_work.crouch, "Crouches low with a round back and stays there."),
    "kneel": Action(floor_work.kneel, "Kneels down on the knee of that side, or on both.", sides=SIDES, seconds=3.0),
    "lie": Action(ground.lie, "Lies down on the back (None, back) or on the front.", styles=(None, "back", "front"),
                  seconds=4.0),
}  # fmt: skip
