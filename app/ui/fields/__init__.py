"""One small widget class per kind of field."""
