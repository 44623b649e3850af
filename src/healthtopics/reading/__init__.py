"""How a text is read: numbers, units, dates, negations, opposites, orders, and what a comment dismisses.

Each module imports only from those above it:

    dismissal  masking  plain  quantities  quoting     need nothing of this package
    members                                            one value of a language file, and where it is there
    lexicon                                            the words of a language, ready to be looked up
    languages                                          all that is known of each language
    orders  tokens                                     a text's orders; its words and numbers, one by one
    compound                                           numbers of several words
    text                                               all that a text says
    safety                                             which messages can hurt somebody
    dangers                                            what is dangerous to confuse between two texts
    difference                                         what changed between two texts
"""
