"""What a multimodal language model adds: who is seen, how the body is held, how it ends, and what it all looks like."""

SUBJECTS = (
    "The person", "The person", "The person", "The individual", "A person", "A man", "A woman", "The subject",
    "The figure", "A performer",
)  # fmt: skip
DANCERS = ("The dancer", "A dancer", "The person", "The performer", "A young woman", "The individual")
SEVERAL = ("Two people", "Three people", "A small group", "Several people", "A couple of friends")

DETAILS: dict[str, tuple[str, ...]] = {
    "travelling": (
        "@+swing both arms in opposition to the legs", "@+keep the torso upright and the shoulders level",
        "@+look straight ahead throughout", "@+shift the weight smoothly between the feet",
        "@+lean slightly into the movement", "@+breathe in rhythm with the steps",
    ),
    "jumping": (
        "@+bend the knees before every takeoff", "@+land with soft knees", "@+swing the arms for extra height",
        "@+absorb each impact through the ankles", "@+keep the back straight~ADJ in the air",
    ),
    "turning": (
        "@+move the head before the shoulders", "@+keep the weight over the center",
        "@+hold the arms slightly away from the hips", "@+scan the room along the way",
        "@+keep both feet close together",
    ),
    "kicking": (
        "@+hold both fists near the chin", "@+lean back~ADV for balance", "@+keep the supporting knee soft",
        "@+extend the toes fully", "@+use the arms as a counterweight",
    ),
    "punching": (
        "@+rotate the hips into every motion", "@+keep a wide stance", "@+guard the face with the other hand",
        "@+brace the core", "@+transfer weight onto the front foot",
    ),
    "dancing": (
        "@+shift the weight from one hip to the other", "@+snap the fingers on every beat",
        "@+raise both arms above the head", "@+roll the shoulders in time with the music",
        "@+mix footwork with fluid arm patterns", "@+bounce lightly on the balls of the feet",
        "@+let the head @=follow the rhythm", "@+trace wide circles with the hands",
        "@+accent the downbeat with the chest", "@+flick the wrists at the end of each phrase",
        "@+bend the knees deeply between the steps", "@+twist the waist playfully",
        "@+travel lightly around the floor", "@+alternate between sharp and smooth accents",
        "@+smile at the audience",
    ),
    "waving": (
        "@+face the viewer with an open posture", "@+keep the other arm at the side", "@+nod the head politely",
        "@+stand with the feet together", "@+tilt the upper body slightly",
    ),
    "clapping": (
        "@+bring the palms together sharply", "@+keep the elbows away from the ribs", "@+follow a steady beat",
        "@+stand tall with the feet apart", "@+smile at the audience",
    ),
    "lowering": (
        "@+lower the hips under control", "@+support the body with one hand", "@+lean the trunk forward for balance",
        "@+keep the gaze low", "@+round the back slightly", "@+bring the elbows close to the knees",
    ),
    "bending": (
        "@+breathe calmly", "@+engage the abdominal muscles", "@+hinge at the hips", "@+keep the neck long",
        "@+move through the full range of motion",
    ),
    "handling": (
        "@+follow the object with the eyes", "@+brace the legs for support",
        "@+twist the trunk to~PART @=gain momentum", "@+keep the grip firm", "@+step in with the opposite foot",
    ),
    "playing": (
        "@+tap one foot to the tempo", "@+move the fingers nimbly", "@+sway gently with the melody",
        "@+look down at the hands", "@+let the shoulders @=relax",
    ),
}  # fmt: skip

SETTINGS = (
    "in a bright studio", "in a spacious living room", "on an outdoor court", "in front of a mirror",
    "on a rooftop terrace", "in a gymnasium", "on a city sidewalk", "in a bedroom", "on a grassy field",
    "in a long corridor", "on a stage under spotlights", "beside a swimming pool", "in a kitchen",
    "on a sandy beach", "in an empty warehouse", "at a crowded festival",
)  # fmt: skip

CLOSINGS = (
    "before @+return to a neutral stance", "before @+pause with the feet apart",
    "and finally @+come to a complete stop", "while @+maintain good balance",
    "with the gaze fixed~VERB:fix on the horizon", "while the rest of the body @^stay relaxed",
    "before @+begin the sequence again", "with visible enthusiasm", "with remarkable precision",
    "while @+remain in the same area",
)  # fmt: skip

REMARKS = (
    "The movement is smooth and controlled", "The overall mood is playful", "The motion @^look natural and relaxed",
    "The tempo @^stay constant", "The gestures are large and theatrical", "The footwork @^remain light",
    "The posture @^suggest confidence", "The rhythm is easy to~PART @=follow", "The transition @^appear effortless",
    "The performance @^feel spontaneous",
)  # fmt: skip
