import common.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BackgroundTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=200, verbose_name='task')),
                ('due_at', common.fields.InstantField()),
                ('claimed_by', models.CharField(blank=True, max_length=32)),
                ('claimed_until', common.fields.InstantField(null=True)),
                ('last_started_at', common.fields.InstantField(null=True)),
                ('last_ended_at', common.fields.InstantField(null=True)),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='failures in a row')),
                ('last_error', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('path',), name='task_is_kept_once')],
            },
        ),
    ]
