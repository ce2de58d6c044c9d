"""The demonstration: made-up offices' whole campaign, from listings to verified packages."""

OFFICES, ASSETS = 3, 200
"""How many offices the demonstration makes unless told otherwise, and the rows of the third."""
