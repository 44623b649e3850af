"""How a text is read: numbers, units, dates, negations, opposites, orders, and what a comment dismisses."""
