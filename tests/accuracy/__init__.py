"""How accurate the table is: every row against mpmath, in units in the last place."""
