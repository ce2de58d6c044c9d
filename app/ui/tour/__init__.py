"""The tour on the demonstration book: steps as data, one card, one guide."""
