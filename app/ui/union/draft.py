"""What somebody is about to say of a row; kept while he looks at other rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.union.entries import Entry

OPINION_KEYS = {
    "department": "department_opinion",
    "auditor": "audit_opinion",
}
"""Where the words of these roles go."""


@dataclass
class Draft:
    """An opinion that is not written yet."""

    class_: str | None = None
    reason: str = ""
    """Of the department and of the audit: the opinion itself."""
    loss: str = ""
    valuations: dict[str, str] = field(default_factory=dict)
    site_check: str = ""
    votes: list[str] = field(default_factory=lambda: ["", "", ""])
    """For, against, abstained."""
    minutes: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)
    """Questions on fields: field and note."""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return self == Draft()

    def entry(
        self, row_id: str, place: str, role: str, version: int | None, *, returns: bool = False
    ) -> Entry:
        """The draft as an entry about a row; `returns`: the questions send it back."""
        from app.union.entries import Entry

        given: dict[str, Any] = {"id": row_id, "place": place, "version": version}
        if returns:
            vote, _ = self._vote()
            return Entry(**given, marks=tuple(self.marks), reason=self.reason, vote=vote)
        if role in OPINION_KEYS:
            given[OPINION_KEYS[role]] = self.reason
            return Entry(**given, class_=self.class_ if role == "department" else None)
        given |= {
            "class_": self.class_,
            "reason": self.reason,
            "loss": self.loss.strip() or None,
            "valuations": {key: text for key, text in self.valuations.items() if text.strip()},
        }
        if role == "working_group":
            return Entry(**given, site_check=self.site_check)
        vote, votes = self._vote()
        minutes = Path(self.minutes) if self.minutes.strip() else None
        return Entry(**given, vote=vote, votes=votes, minutes=minutes)

    def _vote(self) -> tuple[str, tuple[int, int] | None]:
        """The vote in words and in numbers; nothing while no number was given."""
        if not any(text.strip() for text in self.votes):
            return "", None
        counts = [int(text) if text.strip().isdigit() else 0 for text in self.votes]
        words = ("同意", "反对", "弃权")
        said = "，".join(f"{word}{count}票" for word, count in zip(words, counts, strict=True))
        return said, (counts[0], counts[1])
