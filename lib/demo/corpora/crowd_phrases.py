"""What crowd workers call each action: verb phrases in base form, `@` before the verb, slots in braces."""

CORES: dict[str, tuple[str, ...]] = {
    "walk": (
        "@walk {dir}", "@walk {dir}", "@walk {dir}", "@walk a few steps {dir}", "@take several steps {dir}",
        "@stroll {dir}",
    ),
    "run": ("@run {dir}", "@run {dir}", "@sprint {dir}", "@run a short distance {dir}", "@dash {dir}"),
    "jog": ("@jog {dir}", "@jog {dir}", "@jog a little {dir}", "@trot {dir}"),
    "march": ("@march {dir}", "@march {dir} @+lift the knees high", "@march like a soldier {dir}"),
    "limp": ("@limp {dir}", "@limp {dir} with a bad {leg_n}", "@hobble {dir}", "@walk {dir} with a limp"),
    "shuffle": ("@shuffle {dir}", "@sidestep {dir}", "@step sideways {dir}", "@move sideways {dir}"),
    "skip": ("@skip {dir}", "@skip {dir} like a child", "@go {dir} with little skips"),
    "crawl": ("@crawl {dir}", "@crawl {dir} on hands and knees", "@creep {dir} on all fours"),
    "jump": ("@jump {dir}", "@jump {dir}", "@leap {dir}", "@jump {dir} with both feet", "@make a big jump {dir}"),
    "jump:jacks": ("@do jumping jacks", "@perform some jumping jacks", "@exercise with jumping jacks"),
    "hop": ("@hop {dir} on {leg}", "@hop {dir} on {leg}", "@bounce {dir} on {leg}"),
    "turn": ("@turn {dir}", "@turn {dir}", "@rotate {dir}", "@pivot {dir}"),
    "spin": ("@spin {dir}", "@spin around {dir}", "@twirl {dir}", "@do several spins {dir}"),
    "dance": ("@dance", "@dance", "@dance around", "@do a dance", "@move to the music"),
    "dance:sway": ("@dance @+sway from side to side", "@sway in a slow dance", "@dance with swaying hips"),
    "dance:spin": ("@dance and @spin around", "@spin while @+dance", "@dance in little circles"),
    "dance:arm waves": ("@dance with wavy arms", "@dance @+wave both arms", "@dance with the arms in the air"),
    "dance:side steps": (
        "@dance @+step from side to side", "@do a two step dance", "@dance with side steps",
    ),
    "dance:twist": ("@do the twist", "@dance the twist", "@dance @+twist the hips"),
    "dance:bounce": ("@dance @+bounce up and down", "@bounce to the rhythm", "@bob up and down in a dance"),
    "dance:kicks": ("@dance with high kicks", "@dance @+kick the legs", "@do a kicking dance"),
    "dance:ballet": ("@dance ballet", "@do a ballet dance", "@perform ballet moves"),
    "kick": (
        "@kick {dir} with {leg}", "@kick {dir} with {leg}", "@throw a kick {dir} with {leg}",
        "@swing {leg} {dir} in a kick",
    ),
    "balance": ("@balance on {leg}", "@stand on {leg} and @balance", "@balance on {leg} with the arms out"),
    "lunge": ("@lunge {dir} with {leg}", "@do a lunge {dir} with {leg}", "@step {dir} into a deep lunge with {leg}"),
    "stomp": ("@stomp with {foot}", "@stomp {foot}", "@stamp {foot} on the floor"),
    "wave": (
        "@wave {hand}", "@wave with {hand}", "@wave with {hand}", "@raise {hand} and @wave", "@greet with {hand}",
    ),
    "clap": ("@clap", "@clap both hands", "@applaud", "@clap the hands together"),
    "clap:overhead": ("@clap above the head", "@clap with the hands over the head", "@raise both arms @+clap"),
    "point": ("@point {dir} with {hand}", "@point {dir} with {hand}", "@raise {hand} @+point {dir}"),
    "salute": ("@salute with {hand}", "@give a salute with {hand}", "@raise {hand} in a salute"),
    "bow": ("@bow", "@take a bow", "@bow deeply from the waist", "@bend forward in a bow"),
    "look": ("@look {dir}", "@look {dir}", "@turn the head {dir}", "@gaze {dir}"),
    "punch": (
        "@punch {dir} with {fist}", "@punch with {fist} {dir}", "@throw a punch {dir} with {fist}",
        "@jab {dir} with {fist}",
    ),
    "throw": (
        "@throw something with {hand}", "@throw a ball with {hand}", "@toss an object with {hand}",
        "@pitch with {hand}",
    ),
    "throw:underhand": ("@throw something underhand with {hand}", "@toss something underhand with {hand}"),
    "catch": ("@catch a ball", "@catch something with both hands", "@reach out and @catch something"),
    "push": ("@push something {dir}", "@push {dir} with both hands", "@shove a heavy object {dir}"),
    "swing": ("@swing {arm}", "@swing {arm} back~ADV and forth", "@swing something with {hand}"),
    "swing:golf": ("@swing a golf club", "@play golf", "@hit a golf ball"),
    "swing:bat": ("@swing a bat", "@swing a baseball bat", "@hit a ball with a bat"),
    "swing:racket": ("@swing a racket", "@play tennis", "@hit a tennis ball with a racket"),
    "reach": ("@reach {dir} with {hand}", "@reach out {dir} with {hand}", "@extend {arm} {dir}"),
    "pick": (
        "@pick something up with {hand}", "@bend down and @pick up an object",
        "@grab something from the floor with {hand}",
    ),
    "lift": ("@lift something heavy", "@lift a box with both hands", "@pick up a large weight"),
    "lift:overhead": (
        "@lift something heavy over the head", "@lift a barbell overhead", "@raise a weight above the head",
    ),
    "drink": ("@drink with {hand}", "@take a drink with {hand}", "@sip from a cup with {hand}"),
    "wipe": ("@wipe a window with {hand}", "@clean a surface with {hand}", "@wipe something in circles with {hand}"),
    "swim": ("@swim", "@make swimming strokes", "@swim with both arms"),
    "stretch": (
        "@stretch {sideways}", "@stretch both arms up {sideways}", "@bend the upper body {sideways} in a stretch",
    ),
    "stretch:toes": ("@touch the toes", "@bend down to~PART @=touch the toes", "@stretch down to the toes"),
    "play": ("@play an instrument", "@pretend to~PART @=play music"),
    "play:guitar": ("@play the guitar", "@strum a guitar", "@play air guitar"),
    "play:violin": ("@play the violin", "@play an imaginary violin"),
    "play:drums": ("@play the drums", "@drum", "@hit some drums"),
    "play:piano": ("@play the piano", "@play an imaginary piano", "@tap on piano keys"),
    "sit": ("@sit down", "@sit down", "@take a seat", "@lower the body to~PART @=sit"),
    "sit:chair": ("@sit down on a chair", "@take a seat on a chair", "@sit in a chair"),
    "sit:floor": ("@sit down on the floor", "@sit on the ground with crossed legs"),
    "stand": ("@stand up", "@rise", "@get up"),
    "stand:chair": ("@stand up from a chair", "@get up from a seat", "@rise from a chair"),
    "stand:floor": ("@stand up from the floor", "@get up from the ground", "@rise from the floor"),
    "squat": ("@squat", "@squat down", "@do a squat", "@bend both knees in a squat"),
    "crouch": ("@crouch", "@crouch down", "@duck down", "@crouch close to the ground"),
    "kneel": ("@kneel on {knee}", "@kneel down on {knee}", "@get down on {knee}", "@drop to {knee}"),
    "lie": ("@lie down", "@lie down on the back", "@lie on the ground"),
    "lie:front": ("@lie down on the stomach", "@lie on the belly", "@lie face down"),
}  # fmt: skip

SAID_STYLES = frozenset(key for key in CORES if ":" in key)
"""Styles that the phrase itself tells."""

DIRECTIONS: dict[str | None, tuple[str, ...]] = {
    None: ("",),
    "forward": ("forward", "forward", "forwards", "ahead", "straight ahead", "in a straight~ADJ line"),
    "backward": ("backward", "backwards", "back~ADV", "in reverse"),
    "left": (
        "to the left", "to the left", "toward the left", "to his left", "to their left",
    ),
    "right": (
        "to the right", "to the right", "toward the right", "to his right", "to their right",
    ),
    "clockwise": ("clockwise in a circle", "in a clockwise~ADJ circle", "clockwise"),
    "counterclockwise": ("counterclockwise in a circle", "in a counterclockwise~ADJ circle", "counterclockwise"),
    "sideways": ("sideways", "to the side", "out to the side"),
    "up": ("up", "upward", "toward the ceiling"),
    "down": ("down", "downward", "toward the floor"),
    "around": ("around", "half way around", "the other way around"),
    "ahead": ("forward", "ahead", "straight ahead", "in front"),
    "in place": ("in place", "on the spot", "without @+go anywhere"),
}  # fmt: skip

SPEEDS = {
    "slow": ("slowly", "slowly", "at a slow pace", "very slowly", "without any hurry"),
    "normal": ("",),
    "fast": ("quickly", "quickly", "fast~ADV", "at a fast pace", "rapidly", "in a hurry"),
}  # fmt: skip

STYLES = {
    "happy": ("happily", "cheerfully", "in a happy mood", "with joy"),
    "tired": ("wearily", "as if very tired", "like a tired man", "with no energy"),
    "sneaky": ("sneakily", "quietly", "stealthily", "like a thief"),
    "proud": ("proudly", "confidently", "with the chest out", "like a king"),
    "drunk": ("drunkenly", "unsteadily", "like a drunk man", "as if drunk"),
    "old": ("like an old man", "like an elderly person", "with a bent back", "like an old grandfather"),
}  # fmt: skip
