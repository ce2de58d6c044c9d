"""What a book stores: tables, the one function that makes an engine, and the schema's upgrades."""
