"""How a text is read: numbers, units, dates, negations, opposites, orders, and what a comment dismisses.

Each module imports only from those above it:

    dismissal  masking  plain  quantities  quoting     import nothing from this package
    members                                            the values of a language file and their places there
    lexicon                                            the words of a language, ready to be looked up
    languages                                          the data of each language
    ease  emergencies  orders  tokens                  how easy; emergency numbers; orders; words and numbers
    compound                                           numbers of several words
    text                                               the reading of a whole text
    safety                                             which messages can hurt somebody
    dangers                                            what is dangerous to confuse between two texts
    difference                                         what changed between two texts
"""
