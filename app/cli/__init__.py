"""The command `wuji`: reads arguments, calls the layers below, prints; no logic of its own."""
