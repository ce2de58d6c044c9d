"""Which editor belongs to which kind of field."""

from __future__ import annotations

from app.forms.schema import FieldDef, FieldType
from app.ui.fields.base import Editor
from app.ui.fields.choice_buttons import ChoiceButtons, ClassButtons, ManyButtons, YesNoButtons
from app.ui.fields.choice_list import ChoiceList, SubjectList
from app.ui.fields.computed import ComputedValue
from app.ui.fields.date import DateEditor
from app.ui.fields.long import LongEditor
from app.ui.fields.money import MoneyEditor
from app.ui.fields.number import NumberEditor, RateEditor
from app.ui.fields.text import TextEditor
from app.ui.look import Look

MOST_BUTTONS = 5
BY_DIGIT = 9
"""As many answers as can be told by one digit: where there is room, all of them are buttons."""

EDITORS: dict[FieldType, type[Editor]] = {
    "text": TextEditor,
    "long": LongEditor,
    "money": MoneyEditor,
    "date": DateEditor,
    "int": NumberEditor,
    "rate": RateEditor,
    "bool": YesNoButtons,
    "one": ChoiceButtons,
    "many": ManyButtons,
    "class5": ClassButtons,
    "code": SubjectList,
}


def editor_class(field: FieldDef, most_buttons: int = MOST_BUTTONS) -> type[Editor]:
    """The widget class for a field: by its kind, computed fields apart, many choices as a list."""
    if field.computed:
        return ComputedValue
    if field.type == "one" and len(field.choices) > most_buttons:
        return ChoiceList
    return EDITORS[field.type]


def make_editor(field: FieldDef, look: Look, most_buttons: int = MOST_BUTTONS) -> Editor:
    """A new editor for the field; with more answers than that many it is a list."""
    return editor_class(field, most_buttons)(field, look)
