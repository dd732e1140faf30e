"""What a multimodal language model calls each action: fuller verb phrases, in the notation of `crowd_phrases`."""

CORES: dict[str, tuple[str, ...]] = {
    "walk": (
        "@walk {dir} with natural strides", "@walk {dir} at an even rhythm", "@stride {dir} across the open space",
        "@advance {dir} on foot",
    ),
    "run": (
        "@run {dir} with long strides", "@sprint {dir} with a strong arm drive",
        "@race {dir} on the balls of the feet",
    ),
    "jog": ("@jog {dir} at an easy tempo", "@trot {dir} with short bouncing steps"),
    "march": ("@march {dir} with high knees and straight~ADJ arms", "@parade {dir} like a soldier in formation"),
    "limp": ("@limp {dir} while @+favor one {leg_n}", "@hobble {dir} with an uneven gait"),
    "shuffle": ("@shuffle {dir} in small lateral steps", "@glide {dir} without @+cross the feet"),
    "skip": ("@skip {dir} with a springy hop on every step", "@bound {dir} in a childlike skip"),
    "crawl": ("@crawl {dir} on hands and knees", "@creep {dir} close to the ground on all fours"),
    "jump": (
        "@jump {dir} off both feet", "@leap {dir} with an explosive push from the legs",
        "@spring {dir} into the air",
    ),
    "jump:jacks": ("@perform a series of jumping jacks", "@complete several energetic jumping jacks"),
    "hop": ("@hop {dir} repeatedly on {leg}", "@bounce {dir} on {leg} in quick succession"),
    "turn": (
        "@turn {dir} on the spot", "@pivot {dir} with small adjustments of the feet", "@rotate the whole body {dir}",
    ),
    "spin": ("@spin {dir} with outstretched arms", "@whirl {dir} like a spinning top", "@twirl {dir} in place"),
    "dance": (
        "@dance freely to an upbeat tune", "@dance with expressive movements", "@dance in a contemporary style",
        "@groove to the music", "@dance with great energy", "@dance an improvised routine", "@dance along to a song",
        "@dance in time with the beat", "@dance with a rhythmic flow", "@dance a lively solo",
    ),
    "dance:sway": (
        "@dance slowly while @+sway the hips", "@dance a gentle ballad with rolling shoulders",
        "@dance and @sway like seaweed in a current",
    ),
    "dance:spin": (
        "@dance with repeated spins", "@dance and @whirl in tight circles", "@dance a waltz full of turns",
    ),
    "dance:arm waves": (
        "@dance while @+roll waves through both arms", "@dance hip hop with liquid arms",
        "@dance with flowing arm gestures",
    ),
    "dance:side steps": (
        "@dance from side to side", "@dance a simple two step routine", "@dance salsa style side steps",
    ),
    "dance:twist": (
        "@dance the twist with loose hips", "@dance a retro rock and roll number",
        "@dance while @+swivel on the toes",
    ),
    "dance:bounce": (
        "@dance with a bouncy groove", "@dance while @+bob to a heavy bass", "@dance a playful bounce routine",
    ),
    "dance:kicks": (
        "@dance with sharp kicks", "@dance a cancan with lifted legs", "@dance a lively folk jig",
    ),
    "dance:ballet": (
        "@dance ballet with pointed toes", "@dance a classical ballet phrase", "@dance and @hold an arabesque",
    ),
    "kick": (
        "@kick {dir} with {leg} in a martial arts stance", "@snap a kick {dir} with {leg}",
        "@drive {leg} {dir} in a powerful kick",
    ),
    "balance": ("@balance on {leg} with the other knee raised", "@hold a one legged pose on {leg}"),
    "lunge": (
        "@lunge {dir} with {leg} until the thigh is parallel to the floor",
        "@perform a controlled lunge {dir} on {leg}",
    ),
    "stomp": ("@stomp {foot} on the ground with force", "@stamp {foot} in a steady percussive pattern"),
    "wave": (
        "@wave {hand} above the shoulder", "@wave {hand} in a friendly greeting",
        "@raise {hand} and @wave at the viewer",
    ),
    "clap": ("@clap both hands in front of the chest", "@applaud with crisp claps"),
    "clap:overhead": ("@clap both hands high above the head", "@clap overhead like a concert audience"),
    "point": ("@point {dir} with {hand}", "@extend {arm} and @point {dir}"),
    "salute": ("@salute with {hand} in a military manner", "@bring {hand} to the forehead in a salute"),
    "bow": ("@bow respectfully from the hips", "@bend at the waist in a formal bow"),
    "look": ("@look {dir} while @+turn the head", "@scan the surroundings and @look {dir}"),
    "punch": (
        "@punch {dir} with {fist} from a boxing guard", "@throw a fast punch {dir} with {fist}",
        "@jab {dir} with {fist}",
    ),
    "throw": ("@throw an unseen ball with {hand}", "@hurl an object with {hand}", "@pitch overhand with {hand}"),
    "throw:underhand": ("@toss an object underhand with {hand}", "@bowl an invisible ball with {hand}"),
    "catch": ("@catch an incoming ball with both hands", "@receive an object and @draw it to the chest"),
    "push": ("@push a heavy object {dir} with both palms", "@shove against an invisible wall {dir}"),
    "swing": ("@swing {arm} in a wide arc", "@swing {arm} like a pendulum"),
    "swing:golf": ("@swing an imaginary golf club", "@execute a full golf swing"),
    "swing:bat": ("@swing a baseball bat at shoulder height", "@hit an imaginary pitch with a bat"),
    "swing:racket": ("@swing a tennis racket", "@return a serve with a forehand stroke"),
    "reach": ("@reach {dir} with {hand}", "@stretch {arm} {dir} as if @+grasp a distant item"),
    "pick": (
        "@bend down and @pick up a small item with {hand}", "@retrieve an object from the floor with {hand}",
    ),
    "lift": ("@lift a heavy crate from the floor to the chest", "@hoist a bulky load with bent knees"),
    "lift:overhead": ("@lift a barbell above the head", "@press a heavy weight overhead"),
    "drink": ("@drink from a glass in {hand}", "@raise a cup with {hand} and @take a sip"),
    "wipe": ("@wipe a vertical surface with {hand}", "@polish a window in circles with {hand}"),
    "swim": ("@imitate swimming strokes with both arms", "@paddle through the air like a swimmer"),
    "stretch": (
        "@stretch the torso {sideways} with raised arms", "@perform a standing side stretch {sideways}",
    ),
    "stretch:toes": ("@fold forward and @touch the toes", "@stretch the hamstrings by @+reach for the toes"),
    "play": ("@play an invisible instrument", "@pretend to~PART @=perform in a band"),
    "play:guitar": ("@play air guitar", "@strum an imaginary guitar"),
    "play:violin": ("@play an unseen violin", "@draw a bow across an imaginary violin"),
    "play:drums": ("@play the drums in the air", "@drum on invisible cymbals"),
    "play:piano": ("@play an imaginary piano", "@press the keys of an invisible keyboard"),
    "sit": ("@sit down with control", "@lower the body into a seated position"),
    "sit:chair": ("@sit down on a chair", "@settle onto a seat"),
    "sit:floor": ("@sit down on the floor with folded legs", "@settle into a cross legged position"),
    "stand": ("@stand up from a low position", "@rise to a full standing posture"),
    "squat": ("@squat with the arms held~VERB:hold in front", "@perform a deep squat"),
    "crouch": ("@crouch with a rounded back", "@drop into a compact crouch"),
    "kneel": ("@kneel on {knee}", "@lower the body onto {knee}"),
    "lie": ("@lie down on the back", "@recline until flat on the ground"),
    "lie:front": ("@lie down on the stomach", "@settle face down~ADV on the ground"),
}  # fmt: skip

SPEEDS = {
    "slow": ("slowly", "at a slow and measured pace", "in a leisurely manner", "with deliberate slowness"),
    "normal": ("", "at a moderate pace", "with steady timing", ""),
    "fast": ("quickly", "at a brisk tempo", "with rapid intensity", "in a burst of speed"),
}  # fmt: skip

STYLES = {
    "happy": ("in a cheerful and buoyant mood", "with joyful energy"),
    "tired": ("with evident fatigue", "in a sluggish and drained manner"),
    "sneaky": ("in a stealthy and cautious manner", "as if @+avoid detection"),
    "proud": ("with a proud and confident posture", "with the chest lifted~VERB:lift"),
    "drunk": ("with an unsteady and intoxicated gait", "while @+waver from side to side"),
    "old": ("with the frail posture of an elderly person", "with a stooped upper body"),
}  # fmt: skip
