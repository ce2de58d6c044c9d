"""What a reviewer reads before he decides: results, differences, answers, opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.forms.table import Table
from app.forms.values import is_empty
from app.ui import html
from app.ui.history_view import shown_value
from app.ui.union.exchange_words import asked_words
from app.ui.union.words import class_words, money, opinion_html

if TYPE_CHECKING:
    from app.ui.look import Look
    from app.union.case import Case
    from app.union.resubmission import FieldChange


def case_html(case: Case, table: Table, look: Look, sheet: Table | None = None) -> str:
    """The whole case as rich text; `sheet` is table 2, where the rule set has one."""
    parts = [*_results(case, look), *_changes(case, table), *_kept(case, table)]
    parts += _sheet(case, sheet) if sheet is not None else []
    parts += _asked(case, table)
    if case.opinions:
        parts.append(html.heading("已有的意见"))
        parts += [opinion_html(one) for one in reversed(case.opinions)]
    return "".join(parts)


def _fact(label: str, words: str, look: Look) -> str:
    soft = look.theme.soft
    return (
        f'<p style="margin:1px 0;"><span style="color:{soft};">{html.text(label)}　</span>'
        f"{html.text(words)}</p>"
    )


def _results(case: Case, look: Look) -> list[str]:
    row = case.row
    who = f"{row.prepared_by}初分"
    who += f"，{row.confirmed_by}会计确认" if row.confirmed_by else ""
    initial = str(row.values.get("initial_class") or "")
    found = [
        _fact("机构", case.office, look),
        _fact("经办", who, look),
        _fact("初分意见", class_words(initial), look),
        _fact("程序结果", f"{class_words(row.suggested)}，损失{money(row.expected_loss)}元", look),
    ]
    if case.layered is not None:
        own = f"{class_words(case.layered.suggested)}，损失{money(case.layered_loss)}元"
        found.append(_fact("按联社的数", own, look))
        found += [html.soft(words, look) for words in _layers(case)]
    if case.difference is not None:
        sent = f"{class_words(case.sent_class)}，损失{money(case.sent_loss)}元"
        found.append(_fact("上报的结果不同", sent, look))
    found.append(_fact("上期类别", class_words(row.last_class) if row.last_class else "—", look))
    if case.decides is not None:
        found.append(_fact("认定权限", case.decides.decides, look))
    return found


def _layers(case: Case) -> list[str]:
    names = {"below": "下级联社另定", "review": "初审另定", "determination": "认定另定"}
    return [
        f"{names[stage]}：{_values(layer['values'], case)}。理由：{layer.get('reason') or '—'}"
        for stage, layer in case.row.layers.items()
    ]


def _values(values: dict[str, Any], case: Case) -> str:
    fields = case.layered.table.fields if case.layered is not None else {}
    return "，".join(
        f"{fields[key].label}{value}"
        for key, value in values.items()
        if key in fields and key != "loss_basis"
    )


def _changes(case: Case, table: Table) -> list[str]:
    if not case.changes:
        return []
    found = [html.heading("信用社这次改了")]
    return found + [html.bullet(_change(one, table)) for one in case.changes]


def _change(one: FieldChange, table: Table) -> str:
    if one.field not in table.fields:
        return html.text(f"{one.label}：{_count(one.old)} → {_count(one.new)}")
    label = html.link(f"field:{one.field}", one.label)
    old, new = (shown_value(table, one.field, value) for value in (one.old, one.new))
    return f"{label}：{html.text(old)} → {html.text(new)}"


def _count(part: Any) -> str:
    if is_empty(part):
        return "没有"
    return f"{len(part)}项" if isinstance(part, list) else "有"


def _asked(case: Case, table: Table) -> list[str]:
    """Questions to the office that are over; those still put stand at their fields."""
    if not case.asked:
        return []
    found = [html.heading("问过信用社的")]
    return found + [html.bullet(asked_words(one, table, over=True)) for one in case.asked]


def _sheet(case: Case, sheet: Table) -> list[str]:
    if not case.sheet:
        return []
    found = [html.heading("附表2")]
    for key, value in case.sheet.items():
        if key in sheet.fields:
            words = f"{sheet.fields[key].label}：{shown_value(sheet, key, value)}"
            found.append(html.bullet(html.text(words)))
    return found


def _kept(case: Case, table: Table) -> list[str]:
    if not case.kept:
        return []
    found = [html.heading("信用社保留的警告")]
    for one in case.kept:
        field = table.fields.get(one.field)
        label = html.link(f"field:{one.field}", field.label) if field else html.text("全表")
        note = f"，{one.note}" if one.note else ""
        found.append(html.bullet(f"{label}：{html.text(f'{one.reason}{note}（{one.by}）')}"))
    return found
