"""What the tour shows, step by step: words, the control that is meant, what counts as done."""

from __future__ import annotations

from dataclasses import dataclass

TABLE_PAGE = "table:1-2"


@dataclass(frozen=True, slots=True)
class Step:
    """One card of the tour; every name in it is one of `scenes.TARGETS` or `scenes.DEEDS`."""

    name: str
    title: str
    text: str
    press: str
    """What to press; the step is done by itself when that has happened."""
    target: str
    """The control that the card stands beside and that is framed."""
    page: str
    field: str = ""
    """The field of the open row that is filled in here."""
    value: str = ""
    """What that field has to hold, where the cards that follow speak of it."""
    deed: str = ""
    """What counts as done; empty: there is only something to look at."""
    row: bool = True
    """On a table's page: whether the row is open in the form."""
    here: bool = False
    """Whether the keyboard belongs to the control; otherwise the card has it."""
    side: str = "left"
    """Where the card rather stands: left, right, below or above the control; left of it at the
    window's foot; in the window's lower right corner."""
    stay: bool = False
    """Whether there is something to look at once it is done: the next card then waits for Enter."""


STEPS: tuple[Step, ...] = (
    Step(
        "overview",
        "总览：做到哪一步",
        "打开账套先看这里：前面的做完了，接着做框住的这一步，右边一按就去。这是演示账套，随便试，不会弄坏什么。",
        "按 Enter 往下看。",
        "next_step",
        "overview",
        side="below",
    ),
    Step(
        "table",
        "一张认定表，一份清单",
        "左边选认定表，中间是它的每一笔：类别、金额、有没有问题。没填完的这一笔留给您。",
        "按 Enter（或双击）打开它。",
        "list_row",
        TABLE_PAGE,
        deed="row_open",
        row=False,
        here=True,
    ),
    Step(
        "choice",
        "选答案：按数字",
        "每个答案前有数字，按数字就选中，选错再按别的数字。右边的说明告诉您怎么选。",
        "按 1 选“存放同业款项”，按 Enter 到下一项。",
        "field",
        TABLE_PAGE,
        field="kind",
        deed="filled",
        here=True,
    ),
    Step(
        "date",
        "填日期：连着打就行",
        "不用打横线，打完自己排好。填好一项就存一项，没有“保存”按钮。",
        "打 20061130，按 Enter。",
        "field",
        TABLE_PAGE,
        field="due_on",
        value="2006-11-30",
        deed="filled",
        here=True,
    ),
    Step(
        "reasons",
        "类别跟着答案变",
        "存放同业逾期超过30天，至少是可疑：到期日一填，类别马上变。每条理由都写明依据。",
        "按 F4 看全部理由。",
        "result",
        TABLE_PAGE,
        field="due_on",
        deed="reasons_open",
        stay=True,
    ),
    Step(
        "problems",
        "没填的、填错的",
        "F8 带您一处一处去看：红色要改正，黄色要核对，确实没错就说明理由保留。",
        "按 F8 到下一处。",
        "form_problem",
        TABLE_PAGE,
        field="due_on",
        deed="problem_reached",
        stay=True,
        here=True,
        side="foot",
    ),
    Step(
        "paper",
        "底稿和资料",
        "分类理由和依据由程序写好，形成原因和现状您来写。“资料”列出要附的凭证，照片和文件拖进来就行。",
        "按 → 看“底稿”，再按 → 看“资料”。",
        "side_tabs",
        TABLE_PAGE,
        deed="evidence_shown",
        stay=True,
        here=True,
    ),
    Step(
        "reconciliation",
        "与总账核对",
        "总账余额要等于各笔合计。不一致的科目，下面列出可能的原因：这里差的正是刚才那一笔。",
        "按 Enter 往下看。",
        "differences",
        "reconciliation",
        side="corner",
    ),
    Step(
        "submit",
        "上报以前先预览",
        "这里列出还缺什么。每张表、每份底稿都能先看一遍；都齐了，由负责人封印，一次做成上报包。",
        "按 Enter 看预览，看完按 Esc 回来。",
        "preview_button",
        "submit",
        side="below",
        deed="preview_seen",
        stay=True,
        here=True,
    ),
    Step(
        "help",
        "不明白就按 F1",
        "每一项的说明、依据和案例都在帮助里，会打拼音首字母就能找到。演示也随时能从这里再看。",
        "按 F1 看看；按 Enter 结束。",
        "help_menu",
        "submit",
        side="below",
        deed="help_open",
        stay=True,
    ),
)
