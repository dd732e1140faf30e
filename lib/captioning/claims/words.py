"""Words that a claim is made of: deeds, limbs, ways, turns, numbers and speeds."""

import re
from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _index(table: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words.split()}


VERBS = _index({
    "step": "step pace tread",
    "walk": "walk stroll stride advance amble saunter wander stagger tiptoe hobble limp shamble trudge hike plod wade",
    "run": "run sprint jog dash race trot charge",
    "crawl": "crawl creep",
    "shuffle": "sidestep",
    "skip": "skip gallop bound prance",
    "march": "march goosestep parade",
    "jump": "jump leap vault spring",
    "hop": "hop",
    "bounce": "bounce bob",
    "fall": "fall collapse topple",
    "turn": "turn rotate pivot",
    "spin": "spin twirl whirl pirouette",
    "sit": "sit",
    "squat": "squat crouch duck",
    "kneel": "kneel",
    "lie": "lie recline lay",
    "rise": "rise arise",
    "balance": "balance",
    "kick": "kick",
    "lunge": "lunge",
    "stomp": "stomp stamp",
    "wave": "wave",
    "clap": "clap applaud",
    "punch": "punch jab uppercut",
    "throw": "throw toss hurl pitch fling chuck lob",
    "swing": "swing slash swat",
    "reach": "reach point",
    "push": "push shove",
    "to_head": "salute drink sip",
    "handle": (
        "catch wipe polish clean scrub wash strum drum play paddle swim grab grasp hold pull stir paint shake "
        "gesture gesticulate juggle dribble knead type"
    ),
    "bow": "bow",
    "pick": "pick retrieve",
    "lift": "hoist",
    "stretch": "stretch",
    "dance": "dance groove",
})  # fmt: skip
"""Lemma to action of `lib.captioning.claims.actions`; `deeds` and `limb_verbs` say what a limb or particle decides."""

NOUNS = _index({
    "step": "step",
    "jump": "jump leap",
    "hop": "hop",
    "kick": "kick roundhouse",
    "punch": "punch jab uppercut",
    "squat": "squat",
    "lunge": "lunge",
    "bow": "bow",
    "turn": "turn rotation pivot",
    "spin": "spin twirl pirouette",
    "wave": "wave",
    "to_head": "salute",
    "walk": "walk stroll",
    "run": "jog run",
    "clap": "clap",
    "sit": "seat",
    "throw": "throw pitch toss",
    "swing": "swing",
    "stomp": "stomp",
    "stretch": "stretch",
    "march": "march",
    "dance": "dance",
    "crawl": "crawl",
    "skip": "skip",
})  # fmt: skip
"""Deeds as the object of a verb that does nothing by itself."""
PERSONS = _words(
    "person man woman dancer performer individual subject figure character guy boy girl human someone somebody "
    "he she they people group men women persons friends"
)
LIGHT = _words(
    "do perform take make throw give execute complete deliver snap drive use have go start begin continue keep "
    "be come proceed seem appear land seat try"
)

ARM, LEG = "arm", "leg"
LIMBS = _index({
    ARM: "hand hands arm arms fist fists palm palms wrist wrists elbow elbows forearm forearms",
    LEG: "leg legs foot feet knee knees heel heels ankle ankles thigh thighs toe toes shin shins",
})  # fmt: skip
HEADS = _words("head face mouth forehead ear chin lips eyes eye brow")

ARM_ACTIONS = frozenset({
    "wave", "raise_arm", "overhead", "clap", "punch", "throw", "swing", "reach", "push", "to_head", "handle", "pick",
    "lift", "stretch",
})  # fmt: skip
LEG_ACTIONS = frozenset(
    {"kick", "lunge", "stomp", "balance", "hop", "kneel", "raise_leg", "jump", "step", "bend_knees", "bounce"}
)
POSTURES = frozenset({"sit", "squat", "kneel", "lie", "rise", "stand"})
TRAVEL = frozenset({"walk", "run", "step", "march", "skip", "shuffle", "crawl", "jump", "hop", "bounce"})
TURNS = frozenset({"turn", "spin"})
COUNTED = frozenset({"step", "jump", "hop", "kick", "punch", "squat", "clap", "jacks", "spin", "bow", "lunge", "stomp"})

WAYS = {
    "forward": "forward", "forwards": "forward", "ahead": "forward", "backward": "backward", "backwards": "backward",
    "sideways": "sideways", "sideway": "sideways", "laterally": "sideways", "clockwise": "clockwise",
    "counterclockwise": "counterclockwise", "left": "left", "right": "right", "leftward": "left",
    "leftwards": "left", "rightward": "right", "rightwards": "right",
}  # fmt: skip
OPPOSITE = {
    "left": "right", "right": "left", "clockwise": "counterclockwise", "counterclockwise": "clockwise",
    "forward": "backward", "backward": "forward", "slow": "fast", "fast": "slow",
}  # fmt: skip

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
SPEEDS = _index({
    "slow": "slowly slow leisurely slowness unhurriedly",
    "fast": "quickly fast rapidly rapid brisk briskly swiftly swift hurriedly speed quick",
})  # fmt: skip

UNREAL = _words("like without almost nearly if though unless instead rather")
UNDONE = _words("attempt want avoid refuse fail prepare plan intend motion look")
"""Verbs whose infinitive is not what happens, or not all of it."""
NO_ACTOR = _words(
    "ball object video camera clip scene mood movement motion rhythm tempo transition footwork posture "
    "performance gesture animation music gaze weight rest pose sequence gait"
)

JOINTS = re.compile(
    r"(?P<then>\b(?:and\s+)?(?:then|afterwards?|after\s+(?:that|this|which)|next,|finally|eventually|subsequently|"
    r"followed\s+by|ending\s+(?:with|by|in))\b|\bbefore\b(?!\s+(?:him|her|them|the\s+(?:chest|body|face))))"
    r"|(?P<after>\bafter\b)",
    re.IGNORECASE,
)
"""What says that one event comes after another; a caption that begins with "after" tells the later one last."""

DEGREES = re.compile(r"(?P<n>\d{2,3})\s*-?\s*(?:degrees?|°|deg\b)|\b(?P<bare>90|180|270|360)\b", re.IGNORECASE)
TURNED = (
    (re.compile(r"\bquarter(?:\s+of\s+a)?[\s-]+turn", re.IGNORECASE), 90),
    (re.compile(
            r"\bhalf[\s-]+(?:way\s+)?(?:turn|circle|around)|\bthe\s+other\s+way(?:\s+a?round)?|\babout[\s-]face",
            re.IGNORECASE,
        ), 180),
    (re.compile(r"\bfull(?:y)?\s+(?:circle|turn|rotation|spin|around)|\ball\s+the\s+way\s+around", re.IGNORECASE), 360),
)  # fmt: skip
PLACE = re.compile(r"\b(?:in|on)\s+(?:the\s+)?(?:same\s+)?(?:place|spot)\b|\bwithout\s+(?:going|moving)", re.IGNORECASE)
FOURS = re.compile(r"\b(?:on\s+)?all\s+fours\b|\bon\s+(?:\w+\s+)?hands\s+and\s+(?:\w+\s+)?knees\b", re.IGNORECASE)
ON_LEG = re.compile(
    r"\bon\s+(?:only\s+|just\s+)?(?:one|a|his|her|their|the|its)\s+(?:single\s+)?(?:left\s+|right\s+)?(?:leg|foot)\b",
    re.IGNORECASE,
)
AIR = re.compile(r"\b(?:in(?:to)?\s+the\s+air|off\s+the\s+(?:ground|floor))\b", re.IGNORECASE)
GROUND = re.compile(r"\b(?:on|onto|to)\s+(?:the\s+)?(?:floor|ground)\b", re.IGNORECASE)
JACKS = re.compile(r"\b(?:jumping|star)[\s-]*jacks?\b", re.IGNORECASE)
SPELLED = (
    (re.compile(r"\b(?:counter|anti)[\s-]*clock[\s-]*wise\b", re.IGNORECASE), "counterclockwise"),
    (re.compile(r"\bside[\s-]+step(?=s|ping|ped|\b)", re.IGNORECASE), "sidestep"),
    (re.compile(r"\bside[\s-]+(?:to[\s-]+side|ways)\b", re.IGNORECASE), "sideways"),
    (re.compile(r"\b(left|right)-(?=\w)", re.IGNORECASE), r"\1 "),
)
"""Spellings brought to one, so that a word is a word."""
