"""Typing Chinese: what the desktop's input method is spoken to through."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

FCITX, IBUS = "fcitx", "ibus"
NAMES = ("QT_IM_MODULE", "QT_IM_MODULES")


def choose_input_method(environment: MutableMapping[str, str], plugins: Path) -> bool:
    """Has fcitx spoken to as IBus, which it answers to; whether that was needed.

    Chinese desktops set fcitx; Qt as we ship it holds no plug-in for it, and one that was built
    for the system's Qt does not fit ours.
    """
    named = [name for name in NAMES if FCITX in environment.get(name, "")]
    if not named or any((plugins / "platforminputcontexts").glob(f"*{FCITX}*")):
        return False
    for name in named:
        modules = environment[name].split(";")
        spoken = [IBUS if module.startswith(FCITX) else module for module in modules]
        environment[name] = ";".join(dict.fromkeys(spoken))
    # fcitx answers on the desktop's own bus; IBus's private bus it does not serve.
    environment.setdefault("IBUS_USE_PORTAL", "1")
    return True
