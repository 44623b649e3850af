"""Which messages can hurt somebody if their translation is wrong."""

import re
from typing import Final

_CRITICAL: Final = re.compile(
    r"""
    # a dose, or a quantity that somebody measures
    (?:[0-9½⅓¼¾]|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|several))[ -]?
    (?:(?:to|or|and)[ ](?:[0-9]+|[a-z]+)[ ])?
    (?:
        mg | mcg | [µμ]g | g | grams? | (?:milli|micro)grams? | ml | milliliters? | cc | iu
      | (?:international[ ])?units? | meq | mmol | mmhg | [°º][ ]?[cf] | degrees
      | teaspoons? | tablespoons? | tsp | tbsp | doses? | tablets? | pills? | capsules? | caplets? | drops?
      | puffs? | sprays? | patch(?:es)? | shots? | injections? | suppositor(?:y|ies)
    )
    (?![a-z])

    # how often
  | \b(?:once|twice|times)[ ](?:a|an|per|each|every)\b | \bdaily\b | \bevery[ ](?:other|[0-9]+)\b

    # how long to do something, and for whom by age
  | \b(?:for|within|every|wait|after|at[ ]least)[ ](?:(?:at[ ]least|about|up[ ]to)[ ])?[0-9]+
    (?:[ ](?:to|or)[ ](?:more|[0-9]+))?[ -](?:seconds?|minutes?|hours?)\b
  | \b(?:under|over|younger[ ]than|older[ ]than)[ ](?:the[ ]age[ ]of[ ])?[0-9]+(?:[ ](?:months?|years?))?\b

    # advice against something
  | \b(?:
        (?:do|does|should|must|may|can|could|would|will)[ ]not
      | (?:do|does|should|must|ca|could|would|wo)n[’']t | cannot
      | never | avoid | unsafe | unless | not[ ](?:be[ ])?(?:safe|taken?|used?|given?|recommended|to)
      | without[ ](?:asking|talking|first|your|a[ ]doctor|medical) | stop(?:ping)?[ ](?:taking|using|the|your)
    )\b

    # contraindications, interactions, overdoses
  | \b(?:
        contraindicat\w+ | allergic | allerg(?:y|ies)[ ]to | anaphyla\w+ | interact\w* | side[ ]effects?
      | overdos\w+ | too[ ]much | poison\w* | toxic | fatal | deadly | life-threatening | lethal | suicid\w+
      | harm[ ](?:your|the|an[ ]unborn)[ ]\w+
    )\b

    # an emergency, and whom to ask
  | \b(?:
        911 | 988 | emergenc(?:y|ies) | right[ ]away | immediately | at[ ]once | urgent(?:ly)?
      | as[ ]soon[ ]as[ ]possible
      | (?:call|contact|tell|ask|see|talk[ ](?:to|with)|check[ ]with)[ ](?:your|a|the)[ ]
        (?:doctor|(?:health[ ]care[ ])?provider|pharmacist|nurse|midwife|ambulance)
    )\b

    # what to do with a medicine
  | \b(?:take|give|use|inject|swallow|apply|inhale|insert|double|skip|miss(?:ed)?)\b [^.;:?!]{0,60}
    \b(?:
        medicines? | medications? | drugs? | doses? | pills? | tablets? | insulin | aspirin | ibuprofen
      | acetaminophen | antibiotics? | inhaler | epinephrine | naloxone | opioids? | warfarin
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_safety_critical(msgid: str) -> bool:
    """Tell whether readers may act on an English message and be hurt if it is translated wrongly.

    One of these is enough: a dose, or a quantity with a unit of medicine or of a measurement; how often to
    take something, how long to do it, or from what age; advice against something (do not, never, avoid, stop,
    unless, without asking); a contraindication, an interaction, an overdose; what to do with a medicine; an
    emergency, or whom to ask. It errs on the side of yes: it decides how loud a finding is, and what a
    translator's queue has first.
    """
    return _CRITICAL.search(msgid) is not None
