from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outage", "0003_drop_under_review"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInCounter",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "sign_in_counter",
            },
        ),
    ]
