"""Where, at what and as if: details that crowd workers read into a motion, one idea each."""

TRAVEL = (
    "across the room", "toward a door", "down a hallway", "along a wall", "up to a counter", "over to a table",
    "past a parked car", "around a puddle", "on a treadmill", "along a narrow plank", "across a busy street",
    "on wet sand", "through deep snow", "in a dark room", "over slippery ice", "into the kitchen",
    "to the edge of the stage", "around a big tree", "between two chairs", "next to a fence", "over a small bridge",
    "toward the camera", "away from the camera", "up a gentle slope", "down a steep ramp",
    "like a model on a runway", "as if late for a meeting", "as if @+search for lost keys", "as if @+follow someone",
    "through a crowded market", "in heavy rain", "after a bus", "behind a shopping cart", "around the corner",
    "along the train platform", "through tall grass", "to the mailbox", "beside a river", "past the neighbor",
    "through the garden", "to an airport gate", "in the school yard", "across a parking lot",
    "near the swimming pool", "like a soldier on patrol", "with the wind behind",
)  # fmt: skip
AIMED = (
    "at a ball", "at the air", "at an imaginary opponent", "at a heavy bag", "at a wooden board", "at a wall",
    "in self defense", "like a karate fighter", "at someone tall", "at a mosquito", "toward a mirror",
    "in a training session", "at a balloon", "in a video game", "like a superhero", "at a locked door",
    "at a target on the wall", "during a workout",
)  # fmt: skip
GREETED = (
    "at a friend", "at a passing car", "to the crowd", "to~PART @=say goodbye", "to~PART @=get attention",
    "at the camera", "to a neighbor", "from far away", "at the children", "after a speech", "on a stage",
    "at the end of a show", "to the judges", "to a waiter", "in front of the class", "for the team", "to the band",
    "at a parade", "to a taxi", "from a balcony",
)  # fmt: skip
RESTED = (
    "on a low stool", "on a park bench", "beside a campfire", "in the grass", "near a window", "under a table",
    "behind a bush", "in front of the television", "next to a dog", "to~PART @=tie a shoe", "to~PART @=rest",
    "to~PART @=look under a bed", "to~PART @=hide", "to~PART @=pray", "to~PART @=meditate", "on a yoga mat",
    "by the bed", "at the bus stop", "to~PART @=inspect the floor", "to~PART @=pet a cat", "in the sand",
    "to~PART @=avoid a branch",
)  # fmt: skip
DANCED = (
    "at a party", "to fast music", "to a slow song", "at a wedding", "in a club", "like a ballet dancer",
    "with a partner", "on a stage", "in the living room", "like a robot", "in a street show", "with swinging hips",
    "to the beat of a drum", "for the camera", "at a summer festival", "like a pop star",
)  # fmt: skip
WORKED = (
    "in the gym", "before a race", "for exercise", "after @+wake up", "to~PART @=warm the muscles", "with a coach",
    "in the morning", "on a football field", "to~PART @=reach a shelf", "from a tree", "over a fence",
    "into a basket", "to a teammate", "across the yard", "in a storage room", "for a dog", "during a yoga class",
    "at the beach", "from a box", "on a boat",
)  # fmt: skip

FAMILIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "travelling": (("walk", "march", "limp", "run", "jog", "skip"), TRAVEL),
    "turning": (("turn", "spin"), GREETED),
    "jumping": (("jump", "hop", "shuffle"), WORKED),
    "kicking": (("kick", "balance", "lunge", "stomp"), AIMED),
    "punching": (("punch", "push"), AIMED),
    "dancing": (("dance",), DANCED),
    "waving": (("wave", "salute", "point"), GREETED),
    "clapping": (("clap",), GREETED),
    "lowering": (("sit", "stand", "lie", "kneel", "squat", "crouch", "crawl"), RESTED),
    "bending": (("bow", "pick", "lift", "stretch", "swim"), WORKED),
    "handling": (("throw", "catch", "swing", "reach", "drink", "wipe", "look"), WORKED),
    "playing": (("play",), DANCED),
}  # fmt: skip
"""The twelve semantic families, by what the body does: their actions, and the scenes that go with them."""

FAMILY = {action: family for family, (actions, _) in FAMILIES.items() for action in actions}
SCENES = {action: scenes for actions, scenes in FAMILIES.values() for action in actions}
