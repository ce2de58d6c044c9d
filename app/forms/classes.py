"""The five classes, from best to worst."""

from __future__ import annotations

from enum import Enum


class FiveClass(Enum):
    """One of the five classes; compare by ``rank`` (1 is best, 5 is worst)."""

    NORMAL = "normal"
    SPECIAL_MENTION = "special_mention"
    SUBSTANDARD = "substandard"
    DOUBTFUL = "doubtful"
    LOSS = "loss"

    rank: int
    label: str
    sign: str

    def worse(self) -> FiveClass:
        """The class one step worse; loss stays loss."""
        return BY_RANK[min(self.rank + 1, 5)]

    @property
    def non_performing(self) -> bool:
        """Whether the class is one of the last three (不良)."""
        return self.rank >= 3


BY_RANK: dict[int, FiveClass] = {}
for _rank, (_member, _label) in enumerate(
    zip(FiveClass, ("正常", "关注", "次级", "可疑", "损失"), strict=True), start=1
):
    _member.rank, _member.label, _member.sign = _rank, _label, "①②③④⑤"[_rank - 1]
    BY_RANK[_rank] = _member

BY_CODE: dict[str, FiveClass] = {member.value: member for member in FiveClass}
