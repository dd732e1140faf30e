"""What a multimodal language model adds: who is seen, how the body is held, how it ends, and what it all looks like."""

SUBJECTS = (
    "The person", "The person", "The person", "The individual", "A person", "A man", "A woman", "The subject",
    "The figure", "A performer",
)  # fmt: skip
DANCERS = ("The dancer", "A dancer", "The person", "The performer", "A young woman", "The individual")
SEVERAL = ("Two people", "Three people", "A small group", "Several people", "A couple of friends")

DETAILS: dict[str, tuple[str, ...]] = {
    "walking": (
        "@+swing both arms in opposition to the legs", "@+keep the torso upright and the shoulders level~ADJ",
        "@+place each foot heel first",
        "@+look straight ahead throughout", "@+shift the weight smoothly between the feet",
        "@+let the arms hang loosely",
    ),
    "running": (
        "@+pump the elbows close~ADV to the ribs", "@+lean slightly into the movement",
        "@+lift the heels behind the body",
        "@+land softly on the forefoot", "@+breathe in rhythm with the steps",
    ),
    "jumping": (
        "@+bend the knees before every takeoff", "@+land with soft knees", "@+swing the arms for extra~ADJ height",
        "@+absorb each impact through the ankles", "@+keep the back~NOUN straight in the air",
    ),
    "turning": (
        "@+move the head before the shoulders", "@+keep the weight over the center",
        "@+hold the arms slightly away from the hips",
        "@+scan the room along the way", "@+keep both feet close~ADV together",
    ),
    "kicking": (
        "@+hold both fists near the chin", "@+lean back for balance", "@+keep the supporting~ADJ knee soft",
        "@+extend the toes fully",
        "@+use the arms as a counterweight",
    ),
    "punching": (
        "@+rotate the hips into every motion", "@+keep a wide stance", "@+guard the face with the other hand",
        "@+brace the core",
        "@+transfer weight onto the front foot",
    ),
    "dancing": (
        "@+shift the weight from one hip to the other", "@+snap the fingers on every beat",
        "@+raise both arms above the head",
        "@+roll the shoulders in time with the music", "@+mix footwork with fluid arm patterns",
        "@+bounce lightly on the balls of the feet",
        "@+let the head follow the rhythm", "@+trace wide circles with the hands",
        "@+accent the downbeat with the chest",
        "@+flick the wrists at the end of each phrase", "@+bend the knees deeply between the steps",
        "@+twist the waist playfully",
        "@+travel lightly around the floor", "@+alternate between sharp and smooth accents",
        "@+smile at the audience",
    ),
    "greeting": (
        "@+face the viewer with an open~ADJ posture", "@+keep the other arm at the side~NOUN",
        "@+nod the head politely", "@+stand with the feet together",
        "@+tilt the upper body slightly",
    ),
    "resting": (
        "@+lower the hips under control", "@+support the body with one hand", "@+lean the trunk forward for balance",
        "@+relax the shoulders",
        "@+fold the hands in the lap",
    ),
    "crouching": (
        "@+keep the gaze low", "@+balance on the balls of the feet", "@+round the back~NOUN slightly",
        "@+bring the elbows close~ADV to the knees",
        "@+hold the arms in front for stability",
    ),
    "handling": (
        "@+follow the object with the eyes", "@+brace the legs for support", "@+twist the trunk to gain momentum",
        "@+keep the grip firm~ADJ",
        "@+step in with the opposite~ADJ foot",
    ),
    "exercising": (
        "@+breathe calmly", "@+engage the abdominal~ADJ muscles", "@+hold the position for a moment",
        "@+keep the neck long~ADJ",
        "@+move through the full range of motion",
    ),
}  # fmt: skip

SETTINGS = (
    "in a bright~ADJ studio", "in a spacious~ADJ living room", "on an outdoor~ADJ court", "in front of a mirror",
    "on a rooftop terrace",
    "in a gymnasium", "on a city sidewalk", "in a bedroom", "on a grassy~ADJ field", "in a long corridor",
    "on a stage under spotlights",
    "beside a swimming~NOUN pool", "in a kitchen", "on a sandy~ADJ beach", "in an empty warehouse",
    "at a crowded festival",
)  # fmt: skip

CLOSINGS = (
    "before @+return to a neutral stance", "before @+pause with the feet apart",
    "and finally @+come to a complete~ADJ stop", "while @+maintain good balance",
    "with the gaze fixed~VERB on the horizon", "while the rest of the body stays~VERB relaxed",
    "before @+begin the sequence again",
    "with visible enthusiasm", "with remarkable~ADJ precision", "while @+remain in the same area",
)  # fmt: skip

REMARKS = (
    "The movement is smooth and controlled", "The overall~ADJ mood is playful",
    "The motion looks~VERB natural and relaxed", "The tempo stays~VERB constant",
    "The gestures are large and theatrical", "The footwork remains~VERB light",
    "The posture suggests~VERB confidence", "The rhythm is easy to~PART follow~VERB",
    "The transition appears~VERB effortless~ADJ", "The performance feels~VERB spontaneous~ADJ",
)  # fmt: skip
