"""The window's pages of the county union, and what its answers need at an office."""
