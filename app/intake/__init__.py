"""Taking in what offices have: listings, balances, filled templates; the writing of templates."""
