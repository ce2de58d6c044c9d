"""A plain page that shows a package or an export without the program: totals, files, rows, why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from app.files import replacing
from app.forms.classes import FiveClass
from app.forms.values import amount_text, percent_text
from app.papers import wording
from app.papers.cells import field_text, result_text
from app.papers.model import PaperHead

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.summary import Summary
    from app.book.types import Attachment, Row

INDEX = "index.html"
_STYLE = """
body{font:15px/1.6 "Songti SC","SimSun","Noto Serif CJK SC",serif;color:#111;background:#fff;
max-width:70em;margin:2em auto;padding:0 1em}
h1{font-size:1.6em;text-align:center}h2{font-size:1.2em;margin-top:2em}
table{border-collapse:collapse;width:100%;font-size:.9em}
th,td{border:1px solid #888;padding:.2em .45em;vertical-align:top;text-align:left}
th{background:#f2f2f2;text-align:center}td.n{text-align:right;white-space:nowrap}
td.c{text-align:center;white-space:nowrap}tr.sum td{font-weight:bold}
p.head{text-align:center}summary{cursor:pointer;font-weight:bold;margin:.6em 0}
ul.why{margin:0;padding-left:1.2em}
"""
_WORKING = "-working-papers.pdf"
MOST_ROWS = 20_000
"""More rows than this no browser shows on one page; only a county has as many."""


@dataclass(frozen=True, slots=True)
class IndexPage:
    """What a page shows."""

    head: PaperHead
    stage: str
    files: tuple[str, ...]
    """Names relative to the page."""
    with_rows: bool = True
    with_evidence: bool = False
    """Whether the evidence lies beside the page, as in a package."""


def described(name: str) -> str:
    """What a file of a package or an export is; empty for a name that is none of theirs."""
    if name in wording.FILE_TITLES:
        return wording.FILE_TITLES[name]
    if name.endswith(".wjz") and "/" not in name:
        return "上报文件包（用程序检验和接收）"
    if name.startswith("forms/") and name.endswith(_WORKING):
        return f"附表{name[6 : -len(_WORKING)]} 工作底稿（盖章）"
    if name.startswith("forms/") and name.endswith(".pdf"):
        return f"附表{name[6:-4]} 认定表（盖章）"
    return ""


def write_index(book: Book, page: IndexPage, out: Path) -> Path:
    """Writes the page, row by row; it has no scripts and loads nothing."""
    with replacing(out) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        for piece in _pieces(book, page):
            file.write(piece)
    return out


def _pieces(book: Book, page: IndexPage) -> Iterator[str]:
    yield from _beginning(page)
    yield from _totals(book, page)
    yield from _file_list(page)
    if page.with_rows:
        yield from _tables(book, page)
    yield "</body></html>\n"


def _beginning(page: IndexPage) -> Iterator[str]:
    head = page.head
    title = f"{head.office}非信贷资产风险分类"
    yield (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n"
    )
    yield f"<h1>{escape(title)}</h1>\n"
    code = f"{wording.SEAL_CODE}：{head.seal_code}" if head.seal_code else head.unsealed
    facts = [
        f"{wording.OFFICE}：{head.office}（{head.institution_code}）",
        f"{wording.BASE_DATE}：{wording.date_words(head.base_date)}",
        code,
        f"{wording.UNIT}：{head.unit}",
    ]
    if head.printed_at is not None:
        facts.append(f"{wording.PRINTED}：{wording.moment_words(head.printed_at)}")
    yield f'<p class="head">{"　".join(map(escape, facts))}</p>\n'
    yield f'<p class="head">{escape(wording.BASIS)}：{escape(head.ruleset_title)}</p>\n'


# Totals


def _totals(book: Book, page: IndexPage) -> Iterator[str]:
    from app.book.summary import consolidated_summary

    words = wording.STAGE_WORDS[page.stage]
    for netted, title in ((True, wording.summary_title(words)),
                          (False, wording.base_summary_title(words))):  # fmt: skip
        yield f"<h2>{escape(title)}</h2>\n"
        yield from _summary_table(consolidated_summary(book, page.stage, netted=netted))


def _summary_table(summary: Summary) -> Iterator[str]:
    heads = ["项目", "笔数", "分类余额", *(five.label for five in FiveClass), "未审"]
    heads += ["不良小计", "不良占比", "预计损失额"]
    yield f"<table><thead><tr>{_cells(heads, 'th')}</tr></thead><tbody>\n"
    for line in summary.lines:
        amounts = [amount_text(line.classified)]
        amounts += [amount_text(line.classes[five]) for five in FiveClass]
        amounts += [amount_text(line.unreviewed), amount_text(line.non_performing)]
        amounts += [percent_text(line.non_performing_ratio), amount_text(line.expected_loss)]
        numbers = "".join(f'<td class="n">{text}</td>' for text in (str(line.count), *amounts))
        title = "　" * (line.level - 1) + line.title
        mark = ' class="sum"' if line.level == 1 else ""
        yield f"<tr{mark}><td>{escape(title)}</td>{numbers}</tr>\n"
    yield "</tbody></table>\n"


def _cells(texts: Iterable[str], tag: str = "td") -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


# Files


def _file_list(page: IndexPage) -> Iterator[str]:
    yield f"<h2>文件</h2>\n<table><thead><tr>{_cells(('文件', '内容'), 'th')}</tr></thead><tbody>\n"
    for name in page.files:
        link = f'<a href="{escape(name)}">{escape(name)}</a>'
        yield f"<tr><td>{link}</td><td>{escape(described(name))}</td></tr>\n"
    yield "</tbody></table>\n"


# Rows


def _tables(book: Book, page: IndexPage) -> Iterator[str]:
    from app.book.evidence import with_evidence

    progress = book.progress()
    yield "<h2>各笔资产</h2>\n"
    count = sum(line.rows for line in progress.values())
    if count > MOST_ROWS:
        yield f"<p>共{count}笔，一页放不下。逐笔内容见登记簿，和各机构文件包里的这一页。</p>\n"
        return
    for table in book.ruleset.row_tables:
        line = progress.get(table.id)
        if line is None or not line.rows:
            continue
        title = (
            f"附表{table.id}　{table.title}（{line.rows}笔，{amount_text(line.carrying_amount)}元）"
        )
        heads = ("编号", "资产名称", "账面金额", "类别", "预计损失额", "分类理由", "证据")
        yield f"<details open><summary>{escape(title)}</summary>\n"
        yield f"<table><thead><tr>{_cells(heads, 'th')}</tr></thead><tbody>\n"
        for row, files in with_evidence(book.store, book.rows(table.id)):
            yield _row(book, row, files, page)
        yield "</tbody></table></details>\n"


def _row(book: Book, row: Row, files: list[Attachment], page: IndexPage) -> str:
    evaluation = book.evaluate(row)
    loss = evaluation.expected_loss
    reasons = "".join(f"<li>{escape(reason.text)}</li>" for reason in evaluation.reasons)
    why = f'<ul class="why">{reasons}</ul>' if reasons else ""
    proof = "<br>".join(_evidence(file, page) for file in files)
    amount = field_text(evaluation, "carrying_amount").removesuffix(" 元")
    cells = (
        ("c", escape(row.id)),
        ("", escape(field_text(evaluation, "name"))),
        ("n", escape(amount)),
        ("c", escape(result_text(evaluation))),
        ("n", "" if loss is None else amount_text(loss)),
        ("", why),
        ("", proof),
    )
    return f"<tr>{''.join(_cell(mark, text) for mark, text in cells)}</tr>\n"


def _cell(mark: str, text: str) -> str:
    return f'<td class="{mark}">{text}</td>' if mark else f"<td>{text}</td>"


def _evidence(file: Attachment, page: IndexPage) -> str:
    words = escape(f"{file.paper}：{file.name}" if file.paper else file.name)
    # The name tells a browser what the file is; its own name in a package is its hash.
    return (
        f'<a href="attachments/{file.sha256}" download="{escape(file.name)}">{words}</a>'
        if (page.with_evidence)
        else words
    )
