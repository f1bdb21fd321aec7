"""Phones that people enrolled. Who chose what they are told of is told the same on them."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def choose_the_same(apps: Any, schema_editor: Any) -> None:
    apps.get_model("outage", "ContactChoice").objects.update(phone_occasions=F("occasions"))


class Migration(migrations.Migration):
    dependencies = [
        ("outage", "0011_signal_marks"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactchoice",
            name="phone_occasions",
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(choose_the_same, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Phone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("subscription", models.TextField(blank=True)),
                ("mark", models.CharField(blank=True, max_length=64)),
                ("added_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phones",
                        to="outage.operator",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="phone",
            constraint=models.UniqueConstraint(
                condition=models.Q(("mark", ""), _negated=True),
                fields=("mark",),
                name="phone_tells_one_person",
            ),
        ),
    ]
