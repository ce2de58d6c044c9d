"""What to write, from which paper, what not: the instruction of the field in focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui import html
from app.ui.look import Look
from app.ui.rich_pane import RichPane

if TYPE_CHECKING:
    from app.forms.evaluation import Evaluation
    from app.forms.schema import Case, FieldDef
    from app.forms.table import Table


class HelpPane(RichPane):
    """Explains one field, one computed value, or the table as a whole."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "填报说明")

    def show_table(self, table: Table) -> None:
        """What belongs into the table, how it is judged, and its worked cases."""
        parts = [
            html.heading(f"附表{table.id} {table.title}"),
            html.paragraph(table.about),
            html.heading("分类方法"),
            html.paragraph(table.method),
        ]
        self.show_html("".join([*parts, *self._cases(table.cases)]))

    def show_cases(self, cases: tuple[Case, ...]) -> None:
        """Worked cases alone."""
        self.show_html("".join(self._cases(cases)))

    def show_field(self, table: Table, field: FieldDef, pointed: str = "") -> None:
        """The field's instruction, example and choices; the choice pointed at stands out."""
        parts = [html.heading(field.label), html.paragraph(field.instruction)]
        if field.example:
            parts.append(html.soft(f"例：{field.example}", self.look))
        if field.choices:
            parts.append(html.heading("怎样选"))
            for choice in field.choices:
                here = choice.code == pointed
                parts.append(self._choice(choice.label, choice.explanation, here))
        if field.type == "class5":
            parts += self._bands(table)
        parts.append(html.link("table:", "本表说明和案例"))
        self.show_html("".join(parts))

    def show_how(self, table: Table, field: FieldDef, evaluation: Evaluation) -> None:
        """How a computed value came about: the instruction and the values it was made of."""
        from app.forms.values import shown_text

        parts = [html.heading(f"{field.label}（计算）"), html.paragraph(field.instruction)]
        formula = table.program.formulas.get(field.key)
        reads = [key for key in table.fields if formula is not None and key in formula.reads]
        if formula is not None and "base_date" in formula.reads:
            parts.append(html.bullet(html.text(f"基准日：{evaluation.context.base_date}")))
        for key in reads:
            other = table.fields[key]
            value = shown_text(other, evaluation.typed.get(key)) or "（未填）"
            place = html.link(f"field:{key}", other.label)
            parts.append(html.bullet(f"{place}：{html.text(value)}"))
        result = shown_text(field, evaluation.typed.get(field.key)) or "—"
        parts.append(html.paragraph(f"结果：{result}"))
        self.show_html("".join(parts))

    def _choice(self, label: str, explanation: str, pointed: bool) -> str:
        words = f"<b>{html.text(label)}</b> {html.text(explanation)}"
        if not pointed:
            return html.bullet(words)
        back = self.look.theme.chosen
        return html.bullet(f'<span style="background-color:{back};">{words}</span>')

    def _bands(self, table: Table) -> list[str]:
        bands = [html.bullet(html.text(band.basis)) for band in reversed(table.ruleset.bands)]
        return [html.heading("损失率对应的类别"), *bands] if bands else []

    def _cases(self, cases: tuple[Case, ...]) -> list[str]:
        if not cases:
            return []
        from app.forms.classes import BY_CODE

        parts = [html.heading("案例")]
        for case in cases:
            expected = BY_CODE[case.expected]
            tint = self.look.class_tint(expected)
            chip = html.tinted(f"{expected.sign}{expected.label}", tint.back, tint.ink)
            parts.append(html.bullet(f"{chip} <b>{html.text(case.title)}</b>"))
            parts.append(html.soft(case.facts, self.look))
        return parts
