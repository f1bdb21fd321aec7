"""The peers: what the same site would be as a plain Django view, or as a form wizard.

The plain view asks four things of the database and fills a template of about 12 KB, with the
middleware that `startproject` gives. The wizard is django-formtools' own, on our first question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import Engine, RequestContext, Template
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from formtools.wizard.views import NamedUrlSessionWizardView

from triage.rules import rulebook

SIZE = 12_000
_TEMPLATE = """<!DOCTYPE html><html lang="en"><head><title>{{ force.name }}</title></head><body>
<h1>{{ force.name }}</h1>{% if live %}<div role="alert">{% for i in live %}<p>{{ i.channel }}:
{{ i.stage }} since {{ i.created_at|date:"H:i" }}</p>{% endfor %}</div>{% endif %}
<ol>{% for o in organisations %}<li><a href="/in/{{ o.slug }}/">{{ o.name }}</a>
<span>{{ o.kind }}{% if o.active %}, active{% endif %}</span>
<small>{{ o.footprints|join:", " }}</small></li>
{% endfor %}</ol><p>{{ numbers|length }} local numbers, {{ organisations|length }} bodies</p>
<ul>{% for n in numbers %}<li>{{ n.number }}</li>{% endfor %}</ul></body></html>"""


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Four queries and a template."""
    from outage.models import Incident, LocalNumber, Organisation

    force = get_object_or_404(Organisation, slug=slug)
    context = {
        "force": force,
        "organisations": list(Organisation.objects.filter(active=True)[:70]),
        "live": list(Incident.objects.filter(stage="live").order_by("-created_at")[:5]),
        "numbers": list(LocalNumber.objects.filter(organisation=force)),
    }
    return HttpResponse(_template().render(RequestContext(request, context)))


_templates: list[Template] = []


def _template() -> Template:
    if not _templates:
        _templates.append(Engine().from_string(_TEMPLATE))
    return _templates[0]


def _form(question: str) -> type[forms.Form]:
    found = rulebook().questions[question]
    choices = [(option.id, option.label.en) for option in found.options]
    answer = forms.ChoiceField(label=found.title.en, choices=choices, widget=forms.RadioSelect)
    return type(f"{question}Form", (forms.Form,), {"answer": answer})


class Wizard(NamedUrlSessionWizardView):  # type: ignore[misc]
    """The first questions of our tree, one form a step."""

    template_name = "wizard.html"

    def done(self, form_list: Iterable[Any], **given: Any) -> HttpResponse:
        return HttpResponse("done")

    def render(self, form: Any = None, **given: Any) -> HttpResponse:
        shown = form or self.get_form()
        text = f"<form method=post>{self.storage.current_step}{shown.as_p()}</form>"
        return HttpResponse(text + " " * (SIZE // 2))


STEPS = ("start", "crime", "danger")


def _steps() -> Mapping[str, type[forms.Form]]:
    return {step: _form(step) for step in STEPS}


_wizard = csrf_exempt(
    Wizard.as_view([*_steps().items()], url_name="step", done_step_name="finished")
)
urlpatterns = [
    path("plain/<slug:slug>/", page),
    path("wizard/<slug:step>/", _wizard, name="step"),
]
