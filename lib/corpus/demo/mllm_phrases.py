"""What a multimodal language model calls each action: fuller verb phrases, in the notation of `crowd_phrases`."""

CORES: dict[str, tuple[str, ...]] = {
    "walk": (
        "@walk {dir} with natural strides", "@walk {dir} at an even rhythm",
        "@stride {dir} across the open~ADJ space", "@advance {dir} on foot",
    ),
    "run": (
        "@run {dir} with long strides", "@sprint {dir} with a strong arm drive",
        "@race {dir} on the balls of the feet",
    ),
    "jog": ("@jog {dir} at an easy tempo", "@trot {dir} with short~ADJ bouncing~ADJ steps"),
    "march": ("@march {dir} with high knees and straight arms", "@parade {dir} like a soldier in formation"),
    "limp": ("@limp {dir} while @+favor one {leg_n}", "@hobble {dir} with an uneven~ADJ gait"),
    "shuffle": ("@shuffle {dir} in small~ADJ lateral~ADJ steps", "@glide {dir} without crossing~VERB the feet"),
    "skip": ("@skip {dir} with a springy~ADJ hop on every step", "@bound {dir} in a childlike~ADJ skip"),
    "crawl": ("@crawl {dir} on hands and knees", "@creep {dir} close~ADV to the ground on all fours"),
    "jump": (
        "@jump {dir} off both feet", "@leap {dir} with an explosive~ADJ push from the legs",
        "@spring {dir} into the air",
    ),
    "jump:jacks": ("@perform a series of jumping~NOUN jacks", "@complete several energetic jumping~NOUN jacks"),
    "hop": ("@hop {dir} repeatedly on {leg}", "@bounce {dir} on {leg} in quick succession"),
    "turn": (
        "@turn {dir} on the spot", "@pivot {dir} with small~ADJ adjustments of the feet",
        "@rotate the whole body {dir}",
    ),
    "spin": ("@spin {dir} with outstretched arms", "@whirl {dir} like a spinning~ADJ top", "@twirl {dir} in place"),
    "dance": (
        "@dance freely to an upbeat~ADJ tune", "@dance with expressive movements",
        "@dance in a contemporary~ADJ style", "@groove to the music",
    ),
    "dance:sway": (
        "@dance slowly while @+sway the hips", "@dance a gentle ballad~NOUN with rolling~ADJ shoulders",
        "@dance and @sway like seaweed in a current",
    ),
    "dance:spin": (
        "@dance with repeated~ADJ spins", "@dance and @whirl in tight~ADJ circles", "@dance a waltz full of turns",
    ),
    "dance:arm waves": (
        "@dance while @+roll waves through both arms", "@dance hip~NOUN hop~NOUN with liquid~ADJ arms",
        "@dance with flowing~ADJ arm gestures",
    ),
    "dance:side steps": (
        "@dance from side~NOUN to side~NOUN", "@dance a simple two~NUM step routine",
        "@dance salsa style~NOUN side~NOUN steps",
    ),
    "dance:twist": (
        "@dance the twist with loose~ADJ hips", "@dance a retro~ADJ rock~NOUN and roll~NOUN number",
        "@dance while @+swivel on the toes",
    ),
    "dance:bounce": (
        "@dance with a bouncy~ADJ groove", "@dance while @+bob to a heavy bass~NOUN",
        "@dance a playful bounce routine",
    ),
    "dance:kicks": (
        "@dance with sharp kicks", "@dance a cancan~NOUN with lifted~ADJ legs", "@dance a lively folk~NOUN jig",
    ),
    "dance:ballet": (
        "@dance ballet with pointed~ADJ toes", "@dance a classical~ADJ ballet phrase",
        "@dance and @hold an arabesque",
    ),
    "kick": (
        "@kick {dir} with {leg} in a martial~ADJ arts stance", "@snap a kick {dir} with {leg}",
        "@drive {leg} {dir} in a powerful kick",
    ),
    "balance": ("@balance on {leg} with the other knee raised", "@hold a one~NUM legged~ADJ pose on {leg}"),
    "lunge": (
        "@lunge {dir} with {leg} until the thigh~NOUN is parallel to the floor",
        "@perform a controlled lunge {dir} on {leg}",
    ),
    "stomp": ("@stomp {foot} on the ground with force", "@stamp {foot} in a steady~ADJ percussive~ADJ pattern"),
    "wave": (
        "@wave {hand} above the shoulder", "@wave {hand} in a friendly~ADJ greeting",
        "@raise {hand} and @wave at the viewer",
    ),
    "clap": ("@clap both hands in front of the chest", "@applaud with crisp~ADJ claps"),
    "clap:overhead": ("@clap both hands high above the head", "@clap overhead~ADV like a concert audience"),
    "point": ("@point {dir} with {hand}", "@extend {arm} and @point {dir}"),
    "salute": ("@salute with {hand} in a military manner", "@bring {hand} to the forehead in a salute"),
    "bow": ("@bow respectfully~ADV from the hips", "@bend at the waist in a formal~ADJ bow"),
    "look": ("@look {dir} while @+turn the head", "@scan the surroundings and @look {dir}"),
    "punch": (
        "@punch {dir} with {fist} from a boxing~NOUN guard", "@throw a fast~ADJ punch {dir} with {fist}",
        "@jab {dir} with {fist}",
    ),
    "throw": ("@throw an unseen ball with {hand}", "@hurl an object with {hand}", "@pitch overhand~ADV with {hand}"),
    "throw:underhand": ("@toss an object underhand~ADV with {hand}", "@bowl an invisible ball with {hand}"),
    "catch": ("@catch an incoming~ADJ ball with both hands", "@receive an object and @draw it to the chest"),
    "push": ("@push a heavy~ADJ object {dir} with both palms", "@shove against an invisible wall {dir}"),
    "swing": ("@swing {arm} in a wide~ADJ arc", "@swing {arm} like a pendulum"),
    "swing:golf": ("@swing an imaginary golf club", "@execute a full~ADJ golf swing"),
    "swing:bat": ("@swing a baseball bat at shoulder height", "@hit an imaginary pitch with a bat"),
    "swing:racket": ("@swing a tennis racket", "@return a serve with a forehand~NOUN stroke"),
    "reach": ("@reach {dir} with {hand}", "@stretch {arm} {dir} as if @+grasp a distant~ADJ item"),
    "pick": (
        "@bend down and @pick up a small~ADJ item with {hand}", "@retrieve an object from the floor with {hand}",
    ),
    "lift": ("@lift a heavy~ADJ crate from the floor to the chest", "@hoist a bulky~ADJ load with bent~ADJ knees"),
    "lift:overhead": ("@lift a barbell above the head", "@press a heavy~ADJ weight overhead~ADV"),
    "drink": ("@drink from a glass in {hand}", "@raise a cup with {hand} and @take a sip"),
    "wipe": ("@wipe a vertical~ADJ surface with {hand}", "@polish a window in circles with {hand}"),
    "swim": ("@mimic swimming~NOUN strokes with both arms", "@paddle through the air like a swimmer"),
    "stretch": (
        "@stretch the torso {sideways} with raised arms", "@perform a standing~ADJ side~NOUN stretch {sideways}",
    ),
    "stretch:toes": ("@fold forward and @touch the toes", "@stretch the hamstrings by @+reach for the toes"),
    "play": ("@play an invisible instrument", "@pretend to @perform in a band"),
    "play:guitar": ("@play air guitar", "@strum an imaginary guitar"),
    "play:violin": ("@play an unseen violin", "@draw a bow~NOUN across an imaginary violin"),
    "play:drums": ("@play the drums in the air", "@drum on invisible cymbals"),
    "play:piano": ("@play an imaginary piano", "@press the keys of an invisible keyboard"),
    "sit": ("@sit down with control", "@lower the body into a seated~ADJ position"),
    "sit:chair": ("@sit down on a chair", "@settle onto a seat"),
    "sit:floor": ("@sit down on the floor with folded~ADJ legs", "@settle into a cross~ADV legged~ADJ position"),
    "stand": ("@stand up from a low~ADJ position", "@rise to a full~ADJ standing~ADJ posture"),
    "squat": ("@squat with the arms held~VERB in front", "@perform a deep~ADJ squat"),
    "crouch": ("@crouch with a rounded~ADJ back~NOUN", "@drop into a compact~ADJ crouch"),
    "kneel": ("@kneel on {knee}", "@lower the body onto {knee}"),
    "lie": ("@lie down on the back~NOUN", "@recline until flat~ADJ on the ground"),
    "lie:front": ("@lie down on the stomach", "@settle face down~ADV on the ground"),
}  # fmt: skip

SPEEDS = {
    "slow": ("slowly", "at a slow and measured pace", "in an unhurried manner", "with deliberate slowness~NOUN"),
    "normal": ("", "at a moderate~ADJ pace", "with steady timing~NOUN", ""),
    "fast": ("quickly", "at a brisk tempo", "with rapid~ADJ intensity", "in a burst of speed"),
}  # fmt: skip

STYLES = {
    "happy": ("in a cheerful and buoyant~ADJ mood", "with joyful~ADJ energy"),
    "tired": ("with evident~ADJ fatigue", "in a sluggish~ADJ and drained~ADJ manner"),
    "sneaky": ("in a stealthy~ADJ and cautious manner", "as if @+avoid detection"),
    "proud": ("with a proud and confident posture", "with the chest lifted~VERB"),
    "drunk": ("with an unsteady and intoxicated~ADJ gait", "while @+waver from side~NOUN to side~NOUN"),
    "old": ("with the frail~ADJ posture of an elderly person", "with a stooped~ADJ upper body"),
}  # fmt: skip
