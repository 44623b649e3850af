"""What English says about numbers, units, dates and polarity."""

from typing import Final

from healthtopics.reading.lexicon import Words

_NEGATED_VERBS: Final = "|".join(
    f"{verb}n't"
    for verb in (
        "do", "does", "did", "is", "are", "was", "were", "have", "has", "had", "wo", "would", "ca", "could",
        "should", "must", "need", "might",
    )
)  # fmt: skip

ENGLISH: Final = Words(
    cardinals={
        "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
        "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "twice": 2, "dozen": 12,
        "half a million|half million": 500_000,
        "half a dozen|half dozen|half-dozen": 6, "two-fold|twofold": 2, "thrice": 3,
        "triple|tripled|triples": 3,
    },
    vague_cardinals={
        "one|once|single|ones": 1,
        "both|either|couple|pair|pairs|double|doubled|doubles|doubling|dual|twins": 2, "dozens": 12,
        "hundreds": 100, "thousands": 1000, "millions": 1e6, "quadruple": 4,
        "another": 1, "each other|one another": 1, "every other": 2, "someone|anyone|everyone": 1,
    },
    ordinals={
        "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
        "eleventh": 11, "twelfth": 12, "twentieth": 20, "thirtieth": 30,
    },
    vague_ordinals={
        "first": 1, "second|secondly": 2, "firstly": 1,
    },
    parts={
        "half": 1 / 2, "thirds": 1 / 3, "fourths|quarters": 1 / 4, "fifths": 1 / 5, "eighths": 1 / 8,
        "tenths": 1 / 10, "a third of": 1 / 3, "a quarter of": 1 / 4, "a fifth of": 1 / 5,
        "a tenth of": 1 / 10,
    },
    vague_parts={
        "quarter": 1 / 4, "halves|halfway|half-life|half-lives": 1 / 2,
    },
    scales={
        "hundred": 100, "thousand": 1000, "million": 1e6, "billion": 1e9,
        "trillion": 1000000000000.0,
    },
    periods={
        "fortnightly": (2, "week"), "quarterly": (3, "month"),
        "every other day|every second day": (2, "day"), "every other week|every second week": (2, "week"),
        "every other month": (2, "month"), "every other year": (2, "year"),
    },
    articles="a|an",
    units={
        "ug": "microgram|micrograms", "mg": "milligram|milligrams", "g": "gram|grams|gm",
        "kg": "kilogram|kilograms|kilo|kilos", "oz": "ounce|ounces|fluid ounce|fluid ounces",
        "lb": "pound|pounds", "ml": "milliliter|milliliters|millilitre|millilitres",
        "l": "liter|liters|litre|litres", "dl": "deciliter|deciliters|decilitre|decilitres",
        "tsp": "teaspoon|teaspoons|tsp|teaspoonful|teaspoonfuls",
        "tbsp": "tablespoon|tablespoons|tbsp|tablespoonful|tablespoonfuls", "cup": "cup|cups",
        "glass": "glass|glasses", "pint": "pint|pints", "quart": "quart|quarts", "gallon": "gallon|gallons",
        "mm": "millimeter|millimeters|millimetre|millimetres",
        "cm": "centimeter|centimeters|centimetre|centimetres", "m": "meter|meters|metre|metres",
        "km": "kilometer|kilometers|kilometre|kilometres",
        "ng": "nanogram|nanograms", "in": "inch|inches", "ft": "foot|feet", "yd": "yard|yards",
        "mile": "mile|miles", "c": "degrees celsius|degrees centigrade|degrees c|celsius",
        "f": "degrees fahrenheit|degrees f|fahrenheit", "degree": "degree|degrees",
        "%": "percent|per cent|percentage points", "iu": "international unit|international units",
        "u": "unit|units", "meq": "milliequivalent|milliequivalents", "mmol": "millimole|millimoles",
        "mmhg": "millimeters of mercury", "kcal": "calorie|calories|kilocalories",
        "s": "second|seconds|sec|secs", "min": "minute|minutes|mins", "h": "hour|hours",
        "day": "day|days|calendar days|business days", "week": "week|weeks", "month": "month|months",
        "year": "year|years|yr|yrs", "decade": "decade|decades", "night": "night|nights",
        "tablet": "tablet|tablets|pill|pills|caplet|caplets", "capsule": "capsule|capsules",
        "drop": "drop|drops", "puff": "puff|puffs", "spray": "spray|sprays", "patch": "patch|patches",
        "dose": "dose|doses", "shot": "shot|shots|injection|injections", "time": "time|times|fold",
        "serving": "serving|servings|portion|portions", "pack": "pack|packs", "kg2": "kg/m2",
    },
    pers={
        "day": (
            "a day|per day|each day|daily|every day|a night|per night|each night|every night|nightly|/day"
        ),
        "week": "a week|per week|each week|weekly|every week|/week",
        "month": "a month|per month|each month|monthly|every month",
        "year": "a year|per year|each year|every year|yearly|annually|annual",
        "h": "an hour|per hour|each hour|hourly|every hour",
        "min": "a minute|per minute|each minute|every minute",
    },
    before={
        ">": (
            "at least|more than|greater than|higher than|longer than|older than|over the age of"
            "|over age|above the age of|above|no less than|no fewer than|not less than|a minimum of"
            "|minimum of|beyond|exceeding|exceeds|exceed|bigger than|larger than|as few as|as little as"
            "|or more than|better than|heavier than|upwards of|or older than|or higher than|and more than"
            "|or longer than"
        ),
        "<": (
            "at most|less than|fewer than|lower than|shorter than|younger than|under|under the age of"
            "|under age|below the age of|below|up to|no more than|not more than|a maximum of|maximum of"
            "|as many as|as much as|no longer than|no later than|smaller than|not exceed|not to exceed"
            "|not go over|not go above|not go beyond"
            "|no older than|no higher than|or younger than|or lower than|or less than|or shorter than"
            "|or fewer than"
        ),
        "~": "over",
        "@": "every",
    },
    after={
        ">": (
            "or more|or older|or higher|or above|or over|or longer|or greater|and older|and over|and up"
            "|and above|or later|at least|or larger|or heavier|plus"
        ),
        "<": (
            "or less|or fewer|or younger|or lower|or below|or under|and under|and younger|or shorter"
            "|or sooner|or earlier|at most|at the most|and below|or smaller"
        ),
    },
    months=(
        "january|jan", "february|feb",
        "march|mar|in march|to march|through march|until march|since march|by march|from march|early march",
        "april|apr", "may|in may|to may|through may|until may|since may|by may|from may|early may|late may",
        "june|jun", "july|jul", "august|aug", "september|sept|sep", "october|oct", "november|nov",
        "december|dec",
    ),
    weekdays=(
        "monday|mondays", "tuesday|tuesdays", "wednesday|wednesdays", "thursday|thursdays",
        "friday|fridays", "saturday|saturdays", "sunday|sundays",
    ),
    times={
        "noon": 720, "midday": 720, "midnight": 0,
    },
    half_days={
        "a": "in the morning|o'clock in the morning",
        "p": "in the afternoon|in the evening|o'clock in the afternoon|o'clock in the evening",
        "n": "at night|o'clock at night",
    },
    negations=(
        "not|not only|not just|no|never|none|nobody|nothing|neither|without|cannot|no one|nowhere"
        f"|avoid|avoids|no longer|{_NEGATED_VERBS}"
    ),
    orders={
        "apply": "apply|put on|rub on", "breastfeed": "breastfeed|nurse", "breathe": "breathe",
        "call": "call", "change": "change", "chew": "chew", "crush": "crush|break|split", "cut": "cut",
        "double": "double", "drink": "drink", "drive": "drive", "eat": "eat", "give": "give",
        "inject": "inject", "keep": "keep|store", "leave": "leave", "lift": "lift", "mix": "mix|combine",
        "move": "move", "open": "open", "put": "put|place|insert",
        "remove": "remove|take off|take out|pull out", "rub": "rub|scratch|massage", "see": "see|visit",
        "share": "share", "shake": "shake", "sleep": "sleep", "smoke": "smoke", "start": "start|begin",
        "stop": "stop|quit", "swallow": "swallow", "swim": "swim", "take": "take|use", "tell": "tell|ask",
        "touch": "touch", "try": "try", "wash": "wash|rinse|clean", "wear": "wear",
    },
    musts={
        "only": "only|solely|exclusively", "even": "even if|even though|even when",
        "both": "both ears|both eyes|both hands|both feet|both arms|both legs|both sides|both kidneys"
        "|both lungs|both breasts|both ovaries|both parents|both knees|both hips",
    },
    exceptions="unless|except if|except when",
    substitutes=(
        "leave|leaves|let|lets|panic|worry|worried|alarmed|lie|stay|remain|keep|allow|rush|hurry"
        "|unwashed|expired|alone|ignore|neglect|afraid|fear|share"
    ),
    firm_denials=(
        "unable|unlikely|unknown|unsafe|rarely|hardly|barely|seldom|scarcely|lack of|lacks|free of"
        "|free from|alcohol-free|sugar-free|fat-free|smoke-free|tobacco-free|gluten-free|lactose-free"
        "|dairy-free|caffeine-free|fragrance-free|lead-free|latex-free|drug-free|pain-free|symptom-free"
        "|cancer-free|salt-free|sodium-free|nicotine-free|seizure-free|impossible|untreated|unchecked"
        "|uncontrolled|painless|hardly ever|instead of"
        "|rather than"
    ),
    exclusions="only if|only when|only after|only with|wait until|wait to|until after",
    denials=(
        "too much|too many|too little|too few|loosely|maximum|wait|waits|waiting|except for"
        "|except that|with the exception of|hardly any|nor|hard|difficult|avoiding|avoided|rare|lack|lacking"
        "|free|fail|fails|failed|failing|failure|refuse|refuses"
        "|refused|instead|except|incorrect|until|till|stop|stops|stopped|stopping|quit|quits|quitting"
        "|stay away|keep away|away from|take away|keep from|keeps from|keep you from|keep them from|refrain"
        "|otherwise"
        "|few|little|different|differs|differ|false|wrong|missing|miss|misses|missed|raw|numb|numbness"
        "|over-the-counter|over the counter|otc|decaf|alone|absence|absent|prevent|prevents|preventing"
        "|skip|skips|skipping|ignore|deny|denied|regardless|whether or not|or not|if not|no matter"
        "|not until|not uncommon|not unusual|not necessarily|doubt|doubtless|certainly|definitely"
        "|prohibited|forbidden|banned|illegal|limited|nothing but|no sooner|unusual|uncommon"
        "|abstain|abstains|abstinence|hold off|put off|leave out|left out|rule out|ruled out|rules out"
        "|give up|gives up|get rid of|goes away|go away|far from|decline|declined|withhold|forgo|opt out"
        "|steer clear|excluding|exclude|excludes|don't hesitate|discontinue|do not hesitate|lose"
        "|loses|losing|lost"
        "|don't wait|do not wait|never wait|don't delay|do not delay|never delay|don't put off|do not put off"
        "|without delay|without waiting|without hesitation|don't forget|do not forget|never forget"
        "|empty stomach|fasting|fast before|out of reach|out of the reach"
        "|excluding|exclude|excludes|don't hesitate|discontinue|do not hesitate|lose|loses|losing|lost"
        "|loss|too|against|not even|not at all|can't be too careful|cannot be too careful|faint|faints"
        "|fainting"
    ),
    denying=(
        r"\b(?:un(?!der|it|ion|iq|ive|if|til|cle|a\b)\w{3,}|non-?\w{3,}|in(?:ability|active|complete"
        r"|effective|sufficient|accurate|adequate|appropriate|capable|curable|visible|fertil\w+"
        r"|somnia|frequent\w*|tolera\w+)|im(?:possible|mobil\w+|proper\w*|potence)|ir(?:regular\w*"
        r"|reversible)|dis(?:contin\w+|like\w*|abl\w+|appear\w*|agree\w*)|\w{3,}less(?:ly|ness)?"
        r"|\w+-free|mis\w{5,})\b"
    ),
    neutral=(
        "no. of|in every|of every|out of every|for every|a lot|more or less"
        "|less than ideal|more than one|over time|under control|over the|under the|under a|no doubt"
        "|at any time|in no time|not to mention|overnight|within reach|above all|over and over|all over"
        "|before long|once in a while|day before|one day|the other day|these days|within the|within your"
        "|above the|below the|after all|no wonder|nothing more than|stop by|high school|high schools"
        "|higher education|older adults|older adult|lower back|lower belly|lower abdomen|lower leg"
        "|lower part|upper and lower|more information|for more information|for more help|for more about"
        "|for more on|to learn more|learn more|more about"
        "|one or more|looking after|look after|take after|looks after|low back|high chair|named after"
        "|lower respiratory|lower extremity|second hand|second-hand|double check|double-check"
        "|a few|quite a few|first few|last few|next few|past few|every few|few days|few weeks|few months"
        "|few minutes|few hours|few years|at most|most likely|short of breath|common cold|common colds"
        "|as long as|how long|how often|look forward|looking forward|at last|at first|first aid|first-aid"
        "|first thing|too late|late-stage|how much|sooner or later|last week|last month|last year|last night"
        "|last for|lasts|early on"
    ),
    poles={
        "+time": "after|afterward|afterwards|following", "-time": "before|beforehand|prior to",
        "+amount": (
            "doubles|double|doubled|doubling|triples|tripled|goes up|go up|went up|going up"
            "|more|higher|highest|high|greater|increase|increases"
            "|increased|increasing|raise|raises|raised"
            "|raising|rise|rises|rising|gain|gains|gaining|gained|weight gain|elevated|larger|older"
            "|longer|stronger"
        ),
        "-amount": (
            "goes down|go down|went down|going down|limit|limits|limiting|restrict|cut down|cut back"
            "|less|lower|lowest|low|fewer|decrease|decreases|decreased|decreasing|reduce|reduces|reduced"
            "|reducing|reduction|lowers|lowering|lowered|lessen|lessens|smaller|younger|shorter|least"
            "|weaker|lose weight|losing weight|weight loss|loses weight|lost weight"
        ),
        "+route": "by mouth|orally|oral",
        "-route": (
            "intravenous|intravenously|into a vein|by injection|as an injection|rectally|under the skin"
            "|into a muscle"
        ),
        "+exposure": "external|externally",
        "-exposure": "internal|internally",
        "+chill": "in the refrigerator|in a refrigerator|in the fridge|refrigerate|refrigerated",
        "-chill": "out of the refrigerator|outside the refrigerator|out of the fridge|at room temperature",
        "+generation": "adult|adults|grown-ups",
        "-generation": "child|children|kids|baby|babies|infant|infants",
        "+waiting": "wait|waits|waiting|delay|delays|delaying|put off|postpone|wait until|wait to|hesitate",
        "-waiting": (
            "right away|immediately|at once|as soon as possible|straight away|don't wait|do not wait"
            "|never wait|don't delay|do not delay|never delay|don't put off|do not put off|without delay"
            "|without waiting|without hesitation|don't hesitate|do not hesitate"
        ),
        "+forgetting": "forget|forgets|forgetting|forgot",
        "-forgetting": "remember|be sure to|make sure|don't forget|do not forget|never forget",
        "+ending": "go away|goes away|went away|going away|disappear|disappears|gone away",
        "-ending": "persist|persists|persisted|persistent",
        "+course": "improve|improves|improved|improving|better",
        "-course": "worse|worsen|worsens|worsened|worsening", "+safety": "safe|safely|safer|harmless",
        "-safety": "unsafe|dangerous|harmful",
        "+going": (
            "start|starts|started|starting|begin|begins|beginning|continue|continues|continued"
            "|keep taking"
        ),
        "-going": "stop|stops|stopped|stopping|quit|quitting|discontinue", "+often": "always",
        "-often": "never|rarely|seldom|hardly ever", "+warmth": "warm|hot|heat|warmer|hotter",
        "-warmth": "cold|cool|cooler|ice|icy|cooled",
        "+side": (
            "right kidney|right foot|right knee|right shoulder|right hip|right ankle|right elbow"
            "|right wrist|right thigh|right ovary|right testicle|right cheek|right nostril"
            "|right ventricle|right atrium|right side|right-sided|right arm|right leg|right hand"
            "|right eye|right ear|right breast"
            "|right lung"
        ),
        "-side": (
            "left side|left-sided|left arm|left leg|left hand|left eye|left ear|left breast|left lung"
            "|left"
        ),
        "+fullness": "full stomach|with food|with meals|with a meal", "-fullness": "empty stomach|fasting",
        "+test": "positive", "-test": "negative", "+access": "allow|allows|allowed|permit|permitted",
        "-access": "forbid|prohibited|forbidden", "+daytime": "in the morning|every morning|each morning",
        "-daytime": "at night|in the evening|every night|at bedtime|each night|every evening|nightly",
        "+order": "first",
        "-order": "last",
        "+limit": "at most|at the most|maximum",
        "-limit": "at least|minimum",
        "+count": "most|many|almost all|nearly all|almost everyone",
        "-count": "few|very few|almost none|hardly any",
        "+rarity": "rare|rarely|uncommon|uncommonly|unusual|infrequent|infrequently|seldom",
        "-rarity": "common|commonly|often|frequent|frequently|usual|usually|not uncommon|not unusual",
        "+exception": "except|except for|except that|excluding|with the exception of",
        "-exception": "including|includes",
        "+only": "only|solely|exclusively",
        "-only": "not only|not just",
        "+excess": "too much|too many",
        "-excess": "too little|too few",
        "+speed": (
            "speed up|speeds up|sudden|suddenly|abrupt|abruptly|fast|faster|quick|quickly|rapid|rapidly"
        ),
        "-speed": "slows|slowed|slowing|slow|slower|slowly|gradual|gradually",
        "+posture": (
            "on your baby's back|on the baby's back|on your child's back"
            "|on your back|onto your back|on his back|onto his back|on her back|onto her back"
            "|on their back|onto their back|on its back|onto its back|on the back|onto the back"
            "|on their backs|face up|faceup"
        ),
        "-posture": (
            "on your stomach|on your belly|on your tummy|on his stomach|on his belly|on his tummy"
            "|on her stomach|on her belly|on her tummy|on their stomach|on their belly|on their tummy"
            "|on its stomach|on its belly|on its tummy|on the stomach|on the belly|on the tummy"
            "|on their stomachs|face down|facedown"
        ),
        "+earliness": "soon|as soon as|promptly|early|earlier|sooner",
        "-earliness": "late|later",
        "+length": "long-term|long term|long|long-lasting|prolonged",
        "-length": "short-term|short term|short|brief|briefly",
        "+lean": "forward|forwards",
        "-lean": "backward|backwards|lean back|leaning back|tilt back|tip back",
        "+height": "above|above the|upper",
        "-height": (
            "below|below the|beneath|underneath|lower back|lower belly|lower abdomen|lower leg|lower part"
        ),
        "+tightness": "tight|tightly|snug|snugly",
        "-tightness": "loose|loosely|loose-fitting",
        "+dryness": "dry|dried",
        "-dryness": "wet|moist|damp",
        "+hardness": "hard|firm",
        "-hardness": "soft",
        "+opening": "open|opened|opens",
        "-opening": "closed|close your|shut",
        "+severity": "heavy|heavily|severe|severely",
        "-severity": "mild|mildly",
        "+age": "older|elderly",
        "-age": "younger|young",
        "+place": "outdoors|outside",
        "-place": "indoors|inside",
        "+ease": "easy|easier|easily",
        "-ease": "difficult|difficulty|harder",
        "+health": "healthy|healthier",
        "-health": "unhealthy",
        "+strength": "strong|stronger",
        "-strength": "weak|weaker",
        "+likeness": "the same",
        "-likeness": "different",
        "+thickness": "thick|thicker",
        "-thickness": "thin|thinner",
        "+malignancy": "malignant|cancerous",
        "-malignancy": "benign|noncancerous",
        "+wakefulness": "awake",
        "-wakefulness": "asleep",
        "+rawness": "raw|uncooked|undercooked|unpasteurized",
        "-rawness": "cooked|well-cooked|well cooked|pasteurized",
        "+activity": "active",
        "-activity": "inactive|sedentary",
        "+consciousness": "conscious",
        "-consciousness": "unconscious",
        "+protection": "protected",
        "-protection": "unprotected",
        "+vaccination": "vaccinated",
        "-vaccination": "unvaccinated",
        "+control": "controlled",
        "-control": "uncontrolled",
        "+stability": "stable",
        "-stability": "unstable",
        "+regularity": "regular|regularly",
        "-regularity": "irregular|irregularly",
        "+completeness": "complete|completely",
        "-completeness": "incomplete|incompletely",
        "+effect": "effective",
        "-effect": "ineffective",
        "+possibility": "possible",
        "-possibility": "impossible",
        "+men": "man|men|male|males", "-men": "woman|women|female|females", "+boys": "boy|boys",
        "-boys": "girl|girls",
        "+direction": "upward|upwards", "-direction": "downward|downwards",
        "+breath": "breathe in|inhale|breathing in", "-breath": "breathe out|exhale|breathing out",
        "+cover": "covered",
        "-cover": "uncovered",
        "+width": "widen|widens|widened|widening|dilate|dilates|dilated|wider",
        "-width": "narrow|narrows|narrowed|narrowing|narrower|constrict|constricts|constricted",
        "+inflow": "flows into|flow into|enters|enter|entering",
        "-inflow": "flows out|flow out|exits|exiting|flowing out",
        "+origin": "inherited|hereditary",
        "-origin": "acquired",
        "+bending": "bend|bends|bending|bent",
        "-bending": "straighten|straightens|straightening",
        "+push": "push|pushes|pushing",
        "-push": "pull|pulls|pulling",
        "+normality": "normal",
        "-normality": "abnormal",
        "+visibility": "visible",
        "-visibility": "invisible",
        "+will": "voluntary|voluntarily",
        "-will": "involuntary|involuntarily",
        "+fertility": "fertile",
        "-fertility": "infertile",
        "+location": "internal|internally|inner",
        "-location": "external|externally|outer",
        "+front": "in front of",
        "-front": "behind",
        "+mothers": "mother|mothers|mom|moms",
        "-mothers": "father|fathers|dad|dads",
        "+sisters": "sister|sisters",
        "-sisters": "brother|brothers",
        "+daughters": "daughter|daughters",
        "-daughters": "son|sons",
        "+maturity": "adult|adults",
        "-maturity": "child|children|kid|kids",
        "+standing": "stand up|standing up",
        "-standing": "sit down|sitting down",
        "+power": "turn on|turns on|turned on|switch on",
        "-power": "turn off|turns off|turned off|switch off",
        "+survival": "survive|survives|survived",
        "-survival": "die|dies|died",
        "+memory": "remember|remembers|remembered",
        "-memory": "forget|forgets|forgot|forgotten",
        "+advantage": "advantage|advantages",
        "-advantage": "disadvantage|disadvantages",
        "+aftermath": "postnatal|postpartum|postmenopausal|postmenopause|postoperative",
        "-aftermath": "prenatal|premenopausal|premenopause|preoperative",
        "+solidity": "solid|solids",
        "-solidity": "liquid|liquids",
        "+permanence": "permanent|permanently",
        "-permanence": "temporary|temporarily",
        "+directness": "direct|directly",
        "-directness": "indirect|indirectly",
        "+smoothness": "smooth",
        "-smoothness": "rough",
        "+turning": "counterclockwise",
        "-turning": "clockwise",
        "+symmetry": "asymmetrical|asymmetric",
        "-symmetry": "symmetrical|symmetric",
        "+legality": "legal|legally",
        "-legality": "illegal|illegally",
        "+filling": "full bladder",
        "-filling": "empty bladder",
        "+acceptance": "accept|accepts|accepted",
        "-acceptance": "reject|rejects|rejected",
        "+reversal": "reversible",
        "-reversal": "irreversible|nonreversible",
        "+sensitivity": "sensitive to",
        "-sensitivity": "resistant to",
        "+depth": "deep|deeply|deeper",
        "-depth": "shallow|shallower",
        "+until": "until|till",
    },
    range_joins="to|through|up to|thru|-",
    between_joins="and",
    betweens="between",
    list_joins="and|or|by|plus|and/or|to|, or|, and",
    proportion_joins="in|out of|of|in every|out of every|of every",
    fraction_joins="and a|and|and one|-and-a-",
    tens_joins="and",
    of_joins="of",
    per_joins="per",
    units_before={"week": "week|weeks", "day": "day|days", "month": "month|months"},
    stages="stage|type|grade|class|phase|factor|level|stages|types|nerve|group|category|schedule",
)  # fmt: skip
