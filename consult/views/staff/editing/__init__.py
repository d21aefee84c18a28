"""Pages on which officers write everything of a consultation in the making."""

from consult.forms.editing.labels import label
from consult.views.staff.current import blueprint
from consult.views.staff.editing import (  # noqa: F401 - they add their routes
    areas,
    contact_privacy,
    dates,
    live_preview,
    population,
    question_adding,
    questions,
    routing,
    sections,
    words,
)

blueprint.add_app_template_global(label, "field_label")
