"""The county union's half: intake, review, determination, decisions, the register of offices."""
