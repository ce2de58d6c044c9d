"""What an evaluation says in words: reasons, problems, distances, papers asked for."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from app.forms.classes import FiveClass

DEFAULT_RULE = "默认规则："
"""What the basis of a rule begins with that no paper of the authorities gives."""
CHANGEABLE = "联社可在规则集中修改"
"""What it ends with: for those who work by the rules, not for readers of a paper."""

UNANSWERED = "E001"
"""The problem of a field that is asked and empty."""


class Reason(Struct, frozen=True):
    """One step that held, in words."""

    rule: str
    floor: FiveClass | None
    text: str
    basis: str
    fields: tuple[str, ...]
    effect: str
    source: str

    @property
    def printed_basis(self) -> str:
        """The basis as a paper gives it."""
        return f"{self.basis.replace(CHANGEABLE, '').strip().rstrip('。；')}。"


class Problem(Struct, frozen=True):
    """Something to mend or to explain."""

    field: str
    code: str
    severity: Literal["error", "warning"]
    message: str
    way_out: str
    values: tuple[str, ...] = ()
    """What it was found on; a kept warning stays valid while these stay the same."""


class Distance(Struct, frozen=True):
    """How far it is to a worse class."""

    to: FiveClass
    text: str
    field: str
    days: int | None = None
    """Until the step, where only time has to go on."""


class EvidenceNeed(Struct, frozen=True):
    """A paper asked for, and whether it is attached (None: unknown)."""

    paper: str
    present: bool | None
