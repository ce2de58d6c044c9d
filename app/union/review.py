"""Review: opinions one by one and in bulk, questions that return a row, checks, audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.book.coding import maybe_yuan, to_fen, to_json
from app.book.derive import table_of
from app.book.history import Changing
from app.book.types import ROLES, STAGES
from app.forms.classes import BY_CODE
from app.forms.errors import likeliest
from app.intake.progress import Progress, silent
from app.union.authority import came_up, office_authority
from app.union.changing import change_row, lock_rows, opinions_in, stage_of, stored_row
from app.union.entries import Entry
from app.union.errors import ConflictError, UnionError
from app.union.layers import class_in, layered, loss_of, need_sound, with_layer
from app.union.offices import need_union
from app.union.packages import head_of_package
from app.union.refusals import Refused, refusal_words
from app.union.resubmission import WITHOUT_FIELD, marks_text

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store
    from app.forms.table import Table


@dataclass
class Reviewed:
    """What a bulk of opinions did: rows by the stage they came to."""

    stages: dict[str, int]
    rows: list[str]


@dataclass(frozen=True)
class Work:
    """One change while its entries are applied."""

    store: Store
    change: Changing
    role: str


def review(
    book: Book, entries: Sequence[Entry], *, by: str, progress: Progress = silent
) -> Reviewed:
    """Applies opinions in one transaction, all of them or none; the role of `by` says which."""
    return apply_entries(book, entries, by, {
        "working_group": _of_working_group, "department": _of_department, "auditor": _of_auditor,
    }, "初审、审核、审计", progress)  # fmt: skip


Applying = Callable[[Work, Entry, Any], None]


def apply_entries(
    book: Book,
    entries: Sequence[Entry],
    by: str,
    ways: dict[str, Applying],
    what: str,
    progress: Progress,
) -> Reviewed:
    """Applies entries by the way of the person's role; every fault is told at once.

    What `progress` raises stops it; nothing has been written then.
    """
    need_union(book)
    role = _role(book, by, ways, what)
    refused: list[Refused] = []
    missing: list[str] = []
    result = Reviewed({}, [])
    with book.store.write(by, by_rows=True) as change:
        lock_rows(book.store, change, [entry.id for entry in entries])
        work = Work(book.store, change, role)
        for number, entry in enumerate(entries):
            progress(number, len(entries), f"第{number + 1}笔，共{len(entries)}笔")
            try:
                line = stored_row(book.store, change, entry.id, entry.institution, entry.place)
                _need_another(line, by, entry)
                ways[role](work, entry, line)
            except ConflictError:
                raise
            except UnionError as fault:
                refused.append((entry, str(fault)))
                missing += fault.missing
                continue
            after = stage_of(book.store, change, entry.id)
            result.stages[after] = result.stages.get(after, 0) + 1
            result.rows.append(entry.id)
        if refused:
            raise UnionError(refusal_words(refused), missing=missing)
    return result


def _role(book: Book, by: str, ways: dict[str, Applying], what: str) -> str:
    if not by:
        raise UnionError(f"{what}要署名：请写明由谁办理（--as）。")
    role = book.person(by).role
    if role not in ways:
        may = "、".join(ROLES[one] for one in ways)
        raise UnionError(f"“{by}”的岗位是{ROLES[role]}，不能办理{what}。可以办理的是：{may}。")
    return role


def _need_another(line: Any, by: str, entry: Entry) -> None:
    if by == line.prepared_by:
        raise UnionError(
            f"{entry.place}：资产{line.id}是“{by}”自己初分的，要由别人办理。"
            "确是同名的两个人，请在人员里加以区别。"
        )


def refuse_others(entry: Entry, allowed: tuple[str, ...], role: str) -> None:
    """Refuses what a role has no say in."""
    given = {
        "class": entry.class_ is not None,
        "loss": entry.loss is not None,
        "department_opinion": bool(entry.department_opinion),
        "site_check": bool(entry.site_check),
        "audit_opinion": bool(entry.audit_opinion),
        "vote": bool(entry.vote),
        "minutes": entry.minutes is not None,
        "valuations": bool(entry.valuations),
        "marks": entry.marks is not None,
    }
    for key, is_given in given.items():
        if is_given and key not in allowed:
            raise UnionError(
                f"{entry.place}（{entry.id}）：“{key}”不由{ROLES[role]}填写。请留空，由该填的人填。"
            )


def _need_stage(line: Any, entry: Entry, stages: tuple[str, ...], what: str) -> None:
    if line.stage == "returned" and line.decided_in is not None:
        raise UnionError(f"{entry.place}：资产{line.id}已退回信用社。请等重新上报后再{what}。")
    if line.stage not in stages:
        now = STAGES.get(line.stage, line.stage)
        raise UnionError(f"{entry.place}：资产{line.id}{now}，不能{what}。请去掉这一条。")


# Working group


def _of_working_group(work: Work, entry: Entry, line: Any) -> None:
    refuse_others(entry, ("class", "loss", "site_check", "valuations", "marks"), work.role)
    stages = ("submitted", "under_review", "returned", "reviewed", "checked")
    _need_stage(line, entry, stages, "初审")
    if entry.site_check:
        fields = {"site_check": entry.site_check}
        stage = "under_review" if line.stage == "submitted" else line.stage
        change_row(work.store, work.change, line, entry.version,
                   {"fields": fields, "stage": stage},
                   {"stage": "site_check", "text": entry.site_check})  # fmt: skip
        # What follows is the same person's: it goes on from here.
        entry = _as_seen(entry)
        line = stored_row(work.store, work.change, entry.id, "", entry.place)
    if entry.marks is not None:
        give_back(work.store, work.change, entry, line, "return")
    elif entry.class_ is not None or entry.has_layer:
        _review(work, entry, line)
    elif not entry.site_check:
        raise UnionError(f"{entry.place}（{entry.id}）：没有写意见。请写意见，或去掉这一条。")


def _as_seen(entry: Entry) -> Entry:
    from dataclasses import replace

    return replace(entry, version=None)


def _review(work: Work, entry: Entry, line: Any) -> None:
    store = work.store
    table = table_of(store, line.table_id)
    _need_site_check(work, entry, line)
    layers = with_layer(store, line, entry, "review")
    evaluation = layered(store, line, layers)
    need_sound(evaluation, entry)
    class_ = class_in(table, entry, "review_class")
    code = class_.value if class_ else line.review_class
    suggested = evaluation.suggested.value if evaluation.suggested else None
    if class_ and code not in (suggested,) and not entry.reason:
        raise UnionError(
            f"{entry.place}（{entry.id}）：初审意见与程序建议不同，要写理由（reason）。"
        )
    if class_ and line.initial_class and code != line.initial_class and not entry.reason:
        raise UnionError(
            f"{entry.place}（{entry.id}）：初审意见与初分意见不同，要写理由（reason）。"
        )
    loss = loss_of(evaluation)
    fen = to_fen(loss) if loss is not None else None
    stage = "reviewed" if code else "under_review"
    columns = {
        "fields": {"review_class": code, "review_reason": entry.reason or None},
        "review_class": code,
        "review_loss": fen if code else None,
        "layers": to_json(layers) if layers else "",
        "layer_class": suggested if layers else None,
        "stage": stage,
        "marks": "" if code else line.marks,
    }
    layer = layers.get("review", {}).get("values", {}) if entry.has_layer else {}
    change_row(store, work.change, line, entry.version, columns, {
        "stage": "review", "class_code": code if class_ else None, "loss": fen,
        "layer": to_json(layer) if layer else "", "reason": entry.reason,
    })  # fmt: skip
    if code and code == line.initial_class:
        _leave_to_office(work, entry, code, fen)


def _leave_to_office(work: Work, entry: Entry, code: str, fen: int | None) -> None:
    """What the rule set leaves to the office is determined by its head once nobody objects."""
    store = work.store
    line = stored_row(store, work.change, entry.id, "", entry.place)
    amount = maybe_yuan(line.carrying_amount)
    deciding = office_authority(store.ruleset, BY_CODE[code], amount)
    if deciding is None or came_up(line):
        return
    columns = {
        "fields": {"determined_class": code},
        "determined_class": code,
        "determined_loss": fen,
        "stage": "determined",
    }
    change_row(store, work.change, line, None, columns, {
        "stage": "determination", "class_code": code, "loss": fen,
        "text": f"在本社权限以内，由{deciding.decides}认定",
        "by": head_of_package(work.change.connection, line.package_id) or work.change.by,
    })  # fmt: skip


def _need_site_check(work: Work, entry: Entry, line: Any) -> None:
    """What the managing department wants otherwise is checked on site before another opinion."""
    wanted = False
    for opinion in opinions_in(work.store, work.change, line.id):
        if opinion.stage == "department":
            wanted = opinion.class_ is not None
        elif opinion.stage == "site_check":
            wanted = False
    if wanted:
        raise UnionError(
            f"{entry.place}：归口部门要求调整资产{line.id}，要先到现场核查并写明（site_check）。"
        )


def give_back(store: Store, change: Changing, entry: Entry, line: Any, stage: str) -> None:
    """Returns a row with questions on its fields, or takes a return back that was not sent."""
    marks = _marks(store, change, entry, line)
    if marks and not entry.reason:
        raise UnionError(f"{entry.place}（{entry.id}）：退回的要写理由（reason）。")
    if not marks and line.stage != "returned":
        raise UnionError(f"{entry.place}：资产{line.id}没有退回，不用撤销。")
    columns = {"marks": marks_text(marks), "stage": "returned" if marks else "under_review"}
    change_row(store, change, line, entry.version, columns, {
        "stage": stage, "marks": marks_text(marks), "reason": entry.reason, "vote": entry.vote,
    })  # fmt: skip


def _marks(store: Store, change: Changing, entry: Entry, line: Any) -> list[dict[str, Any]]:
    table = table_of(store, line.table_id)
    return [
        {"field": mark_field(table, name, entry), "note": note, "by": change.by,
         "at": change.at_text, "answer": "", "answered": False}
        for name, note in entry.marks or ()
    ]  # fmt: skip


def mark_field(table: Table, name: str, entry: Entry) -> str:
    """The field a question is on, named by key or label; UnionError for one there is not."""
    by_word = {field.label: key for key, field in table.fields.items() if field.part != "union"}
    by_word |= {label: key for key, (_, label) in WITHOUT_FIELD.items()}
    by_word |= {key: key for key in by_word.values()}
    if name in by_word:
        return by_word[name]
    near = likeliest(name, by_word)
    hint = f"是否指“{near}”？" if near else "请核对字段名。"
    raise UnionError(f"{entry.place}（{entry.id}）：附表{table.id}没有“{name}”这个字段。{hint}")


# Managing department


def _of_department(work: Work, entry: Entry, line: Any) -> None:
    refuse_others(entry, ("department_opinion", "class"), work.role)
    if not entry.department_opinion:
        raise UnionError(
            f"{entry.place}（{entry.id}）：归口部门要写审核意见（department_opinion）。"
        )
    _need_stage(line, entry, ("reviewed", "checked"), "由归口部门审核")
    table = table_of(work.store, line.table_id)
    class_ = class_in(table, entry, "review_class")
    adjusts = class_ is not None and class_.value != line.review_class
    columns = {
        "fields": {"department_opinion": entry.department_opinion},
        "stage": "under_review" if adjusts else "checked",
    }
    change_row(work.store, work.change, line, entry.version, columns, {
        "stage": "department", "class_code": class_.value if class_ and adjusts else None,
        "text": entry.department_opinion, "reason": entry.reason,
    })  # fmt: skip


# Audit


def _of_auditor(work: Work, entry: Entry, line: Any) -> None:
    refuse_others(entry, ("audit_opinion",), work.role)
    if not entry.audit_opinion:
        raise UnionError(f"{entry.place}（{entry.id}）：审计要写审计意见（audit_opinion）。")
    _need_stage(line, entry, ("submitted", "under_review", "reviewed", "checked"), "由审计写意见")
    columns = {"fields": {"audit_opinion": entry.audit_opinion}}
    change_row(work.store, work.change, line, entry.version, columns, {
        "stage": "audit", "text": entry.audit_opinion, "reason": entry.reason,
    })  # fmt: skip
