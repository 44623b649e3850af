"""Spanish, as health information for readers in the United States is written."""

import re
from typing import Final

from healthtopics.reading.prose.values import Prose, Register


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_VERBS_OF_USTED = (
    "puede|tiene|debe|necesita|siente|quiere|toma|nota|presenta|sufre|usa|fuma|bebe|cree|sabe|está"
)

_REGISTER: Final = Register(
    preferred="usted",
    other="tú",
    preferred_words=_words("usted ustedes ud uds"),
    preferred_orders=_words(
        "llame tome hable evite use consulte pregunte pida busque coma beba lave lea mantenga tenga",
        "haga vaya",
        "ponga salga deje aplique acuda espere descanse visite revise siga guarde recuerde informe intente",
        "trate limite elija cubra limpie enjuague mida anote lleve traiga cambie reduzca aumente comience",
        "empiece termine fume maneje conduzca olvide diga mire duerma camine respire compre prepare cocine",
        "consuma proteja cepille dé comuníquese asegúrese lávese quédese póngase siéntese acuéstese",
        "cuídese protéjase",
        "llámenos llámeme pregúntele pregúnteles dígale dígales dígame dígaselo pídale",
        "pídales cuéntele avísele",
        "háblele tómelo tómela úselo úsela evítelo evítela guárdelo guárdela manténgalo manténgala póngalo",
        "póngala hágalo hágala búsquelo déjelo déjela dele deles llévelo llévela",
        "lávelo lávela mézclelo agítelo",
        "revíselo revísela escríbanos visítenos contáctenos consúltelo síganos cúbralo",
        "cúbrala límpielo límpiela",
        "vacúnese infórmese manténgase muévase prepárese hágase diríjase obtenga conozca aprenda",
        "inscríbase",
    ),
    # Of these *su* may be somebody else's, and *tiene* somebody else.
    likely=re.compile(
        rf"\b(?:sus?|(?:si|cuando|mientras)(?: no)? (?:{_VERBS_OF_USTED}))\b"
        r"|¿(?:(?:cuándo|qué|cómo|por qué|dónde|todavía) )?(?:debe|puede|necesita)\b",
        re.IGNORECASE,
    ),
    # Without the forms that are nouns too: tomas, notas, comas, haces.
    other_words=_words(
        "tú tu tus te ti contigo tuyo tuya tuyos tuyas",
        "has tienes puedes debes eres estás necesitas quieres sientes sabes vives fumas bebes usas sufres",
        "prefieres crees piensas vas tengas puedas debas seas estés hayas necesites quieras sientas hagas",
        "olvides tomes dejes uses bebas fumes manejes conduzcas llames hables consultes preguntes esperes",
        "vayas pongas digas tenías podrías deberías tendrás podrás deberás estarás serás sentirás querrás",
        "estabas tuviste hiciste tomaste sentiste",
        "quédate lávate asegúrate comunícate ponte hazte siéntate acuéstate cuídate protégete vacúnate",
        "infórmate mantente muévete prepárate relájate aplícate cúbrete quítate tómate recuéstate",
        "levántate vete",
        # With an object behind it, and of a verb in -ar, -a is tú and -e is usted; of the others the reverse.
        "llámanos llámame llámalo llámala llámalos pregúntale pregúntales dile diles",
        "dime díselo dímelo pídele",
        "pídeles háblale cuéntale avísale infórmale tómalo tómala tómalos tómalas úsalo úsala úsalos úsalas",
        "evítalo evítala evítalos guárdalo guárdala guárdalos mantenlo mantenla ponlo",
        "ponla ponle hazlo hazla",
        "búscalo búscala déjalo déjala dale dales llévalo llévala tráelo tráela",
        "lávalo lávala lávalos lávalas",
        "mézclalo agítalo revísalo revísala escríbenos visítanos contáctanos consúltalo",
        "síguenos envíanos ayúdalo",
        "ayúdala cúbrelo cúbrela enjuágalo enjuágala límpialo límpiala tíralo tírala",
        "caliéntalo cámbialo cámbiala",
        "compártelo anótalo apúntalo bébelo cómelo inténtalo repítelo recuérdalo",
        "apriétalo aplícalo inyéctalo",
        "dices conoces entiendes comprendes decides eliges mantienes obtienes previenes",
        "vienes pones lees duermes",
        "comes respiras caminas trabajas cuidas manejas conduces hablas buscas",
        "evitas empiezas comienzas dejas",
        "llevas recibes pierdes vuelves encuentras recuerdas consigues sigues pides mides vomitas estornudas",
        "lastimas preocupas levantas acuestas deseas aprendes",
        "tendrías harías harás irás verás dirás podías debías querías",
        "necesitabas tuvieras pudieras quisieras",
        "estuvieras hicieras hubieras fueras habías habrás fuiste estuviste pudiste quisiste dijiste comiste",
        "bebiste recibiste perdiste empezaste naciste viviste fumaste olvidaste dejaste",
        "notaste usaste sufriste",
        "vengas sigas recibas pidas duermas vuelvas empieces comiences intentes trates evites",
        "mantengas obtengas",
        "conozcas lleves traigas permitas compartas laves cepilles limpies cambies visites busques recuerdes",
        "rasques frotes aprietes mojes apliques inyectes midas abras mezcles dudes salgas sufras respires",
        "preocupes levantes acuestes quedes muevas tragues mastiques ignores suspendas interrumpas",
        "aumentes reduzcas",
        "vosotros vosotras vuestro vuestra vuestros vuestras podéis tenéis debéis",
        "queréis necesitáis sois estáis",
        "habéis sabéis vais hacéis tomáis usáis sentís",
        "abrígate cepíllate pésate mídete dirígete hidrátate",
    ),
    # Lávate, quítatela; lávese, séqueselas.
    form=re.compile(
        r"[a-zñ]*[áéíóú][a-zñ]+[ae](?:(?P<preferred>se)|(?P<other>te))(?:l[aoe]s?)?",
    ),
    endings=tuple(
        f"{ending}{object_}"
        for ending in ("te", "se")
        for object_ in ("", "la", "las", "lo", "los", "le", "les")
    ),
    other_orders=_words(
        "llama toma habla evita usa consulta pregunta pide busca come bebe lava lee mantén ten haz ve",
        "pon sal",
        "deja aplica acude espera descansa visita revisa sigue guarda recuerda informa intenta trata",
        "limita",
        "elige cubre limpia enjuaga mide anota lleva trae cambia reduce aumenta comienza empieza termina",
    ),
)

# Without the words that Spanish has too: a, come, cause, do, he, in, late, me, no, once, red, sin, use.
_ENGLISH: Final = _words(
    "the and of to for from with without within you your yours you're you'll you've is are was were",
    "been being",
    "isn't aren't wasn't weren't don't doesn't didn't can't won't shouldn't wouldn't couldn't haven't",
    "hasn't",
    "it its it's this that these those they them their theirs there there's here we our ours she his",
    "him her",
    "hers who whom whose which what when where why how if or but because while although though until",
    "unless",
    "than then also just only even very much many more most less few several some any each every both",
    "either",
    "neither other another such same own can could may might must should would will shall does did",
    "done have",
    "had having not never always often usually sometimes about above after again against along among",
    "around",
    "at before behind below between beyond by during into near off on onto out over through toward",
    "under up",
    "upon too yes all an be get gets getting got make makes making made take takes taking taken took give",
    "gives given giving go goes going gone keep keeps keeping put puts let lets know knows known",
    "think say says",
    "ask asks asked asking tell tells told talk talks talking see seen look looks find finds found",
    "call calls",
    "called calling help helps helped helping try tries trying want wants need needs needed feel",
    "feels feeling",
    "felt start starts started stop stops stopped begin begins happen happens become becomes live lives",
    "work works working learn read drink drinks drinking eat eats eating smoke smoking sleep breathe",
    "breathing",
    "health healthy care healthcare provider providers nurse nurses physician patient patients people",
    "person",
    "woman women man men child children baby babies infant mother father parents family friend friends",
    "disease diseases illness condition conditions disorder disorders syndrome symptom symptoms sign signs",
    "treatment treatments treat treated therapy medicine medicines medication medications drug drugs",
    "pill pills",
    "dose doses shot shots vaccine vaccines vaccination surgery screening exam exams checkup information",
    "blood heart lung lungs liver kidney kidneys brain bone bones skin eye eyes ear ears mouth throat",
    "stomach",
    "belly breast breasts womb ovary ovaries bladder bowel muscle muscles joint joints nerve",
    "pain painful ache fever chills cough coughing swelling swollen bleeding bleed bleeds spotting cramps",
    "cramping vomiting diarrhea dizzy dizziness tired tiredness weak weakness weight headache",
    "headaches stroke",
    "cancer asthma flu cold infection infections infected injury injuries wound allergy allergies",
    "pregnancy pregnancies pregnant miscarriage miscarriages birth childbirth delivery trimester",
    "week weeks day days hour hours minute minutes month months year years today tomorrow daily",
    "weekly night",
    "morning early later soon now right away high higher low lower long longer short old older young",
    "younger",
    "new good better best bad worse worst large small big little enough common severe mild",
    "one two three four five six seven eight nine twice first second third half",
    "food foods water milk meal meals sugar exercise risk risks caused prevent prevents prevention",
    "increase",
    "increases decrease changes problems question questions answer answers emergency number numbers amount",
    "label labels towel level levels poison nail nails hair air tear tears nose nostril nostrils toe",
    "toes tube",
    "tubes vein veins scale sample samples urine trouble able unable teen teens home safe life male",
    "female sure",
    "please since whole side inside hip hips sore sores bottle bottles table spoon cup cups",
    "advice unusual times time fetus uterus cervix guides chromosome chromosomes example examples rare",
    "reason reasons article articles replace dozen open names name place places source sources deliveries",
    "range embryo size antibodies guidelines gallon hormones honey careful goal goals hold holds scared",
    "hand hands unborn device devices rinse cholesterol choice choices begun dull turn bear survival",
    "readers notice deal languages sentences torn emotional chances cope sense chosen move moves fail",
    "iron cases include includes included including diagnosis clinic body lump mood sad angry safely",
    "follow followed prescription instructions ingredient ingredients",
    "kind kinds effects support research study studies trial trials website websites link links page pages",
)

# Spelt as hardly any word of Spanish is, and yet at home there, or the same word in both languages by chance.
_LOANS: Final = _words(
    "stent stents test tests bypass rash spray shock kit kits web email online internet chip chips",
    "software",
    "hardware marketing piercing piercings robot robots snack snacks fitness yoga kéfir kefir",
    "sandwich ketchup",
    "whisky smog crack speed doping surf camping jogging spinning burnout bullying sexting grooming latex",
    "zinc clic tic tics blog blogs podcast podcasts app apps chat streaming laptop",
    "smartphone",
    "wifi selfie triage lifting peeling show shows chocolate debate mate inclusive kiwi kilo kilos",
    "karate judo",
    "whatsapp facebook youtube twitter google box stock stand spa sprint slip coach coaching hockey",
    "rugby ballet",
    "pizza pizzas jazz squash windsurf sushi botox kwashiorkor zika kuru doppler holter detective",
    "romance balance",
    "trance avance alcance taller placer poder cure dure pin fin sin latin mitin plan pan clan van",
    "base fase case",
    "red pared usted salud status sexual statu bíceps tríceps fórceps biceps triceps islam anti post",
    "club clubs zoster sinus difficile pylori",
    "golf fans jeans film films set sets jet spot top pop rap rock tour gourmet kayak flash cash slogan",
    "scooter skate skateboard hummus ricotta mozzarella cheddar muffin muffins yogurt yogurts lycra",
    "nylon fentanyl excavatum delirium tremens brunch bacon resort esmog souvenir sexy piscis",
    "vegan soufflé thriller karaoke anorak epidermidis ballets gadget gadgets hobby hobbies panty pubis",
    "cannabis collage croissant baguette whiskey",
)

SPANISH: Final = Prose(
    has_opening_marks=True,
    abbreviation=re.compile(
        r"\b(?:EE(?:\. ?UU)?|etc|p\. ?ej|[ap]\. ?m"
        r"|Dra?|Sra?|Inc|Ltd|núm|aprox|máx|mín|tel|ext|pág|vol|[A-Z])\.$"
    ),
    twice=_words("muy casi ya mucho mucha muchos muchas poco"),
    # Spanish takes a fifth more than English; the shorter a text, the more that varies.
    lengths=((150, 0.85, 1.7), (80, 0.75, 1.9), (40, 0.55, 2.6), (20, 0.4, 4.5), (0, 0.25, 8.0)),
    lower_case=_words(
        "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre",
        "diciembre",
        "lunes martes miércoles jueves viernes sábado sábados domingo domingos",
        "español inglés francés alemán portugués chino italiano ruso árabe coreano vietnamita criollo",
        "japonés",
    ),
    before_names=_words(
        "de del en el los la al a desde hasta cada este próximo pasado y e o por para habla hablan"
    ),
    places=_words(
        "nilo occidental golfo guerra montañas rocosas estados unidos américa américas latina áfrica asia",
        "europa",
        "méxico españa puerto rico norte sur este oeste nueva nuevo york valle río mar mundial nacional",
        "seguro",
        "social dios san santa santo vietnam japón china india internet navidad congreso casa blanca tierra",
        "sol",
        "mediterráneo mediterránea caribe alaska hawái corea rusia ébola zika",
    ),
    bodies=re.compile(
        r"\b(?:Institutos?|Departamento|Centros?|Administración|Asociación|Academia|Biblioteca|Colegio|Fundación"
        r"|Sociedad|Universidad|Organización|Oficina|Programa|Clínica|Hospital|Servicios?|Agencia|Consejo"
        r"|Comisión|Comité|Liga|Alianza|Red|Ley|Cruz|Línea|(?:Semana|Mes|Día) (?:de|del|Mundial|Nacional"
        r"|Internacional))\b"
    ),
    english=_ENGLISH,
    english_spelling=re.compile(
        # Letters that Spanish does not put together, or not at the start.
        r".*(?:[tspgcw]h(?<!ch)|ck|k|w|oo|ee|ou|rh|bb|dd|ff|gg|mm|pp|ss|tt|zz|ea[dkmpv]|ease|eart).*"
        r"|.*[^aeiouáéíóú]y(?![aeiouáéíóú]).*"
        r"|s[bcdfghklmnpqrtvw].*"
        # Endings that it does not have.
        r"|.*(?:[bcdfghkmpqtvw]|[^aeiouáéíóú]s|ing|ion|an|in|er|ine|one|ate|ure|ive|age|ance|ence|[aeiou]se)"
    ),
    loans=_LOANS,
    glossed=re.compile(r"\b(?:en|del) inglés\b|\bsiglas\b", re.IGNORECASE),
    register=_REGISTER,
)
