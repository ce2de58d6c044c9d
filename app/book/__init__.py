"""Work on a book: rows, people, periods, history, balances, evidence, checks, keys, backup.

The facade is `app.book.book.Book`; the plain types of `app.book.types` load no database library.
"""
