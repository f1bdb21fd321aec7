"""One pair of names for who wrote something and when."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outage", "0009_subscriptions")]

    operations = [
        migrations.RenameField("addition", "asked_at", "at"),
        migrations.RenameField("incidentreview", "changed_at", "at"),
        migrations.RenameField("statementtemplate", "kept_by", "author"),
        migrations.RenameField("statementtemplate", "kept_at", "at"),
        migrations.AlterModelOptions("addition", {"ordering": ["at"]}),
    ]
