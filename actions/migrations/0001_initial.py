"""The catalogue, actions, commitments, reflections, asks, initiatives, drafts, exports and purges."""

import django.contrib.postgres.fields
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
import django.db.models.lookups
import django.utils.timezone
import teams.constraints
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('teams', '0001_initial'),
        ('teams', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Community',
            fields=[
                ('id', models.SmallAutoField(primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('label', models.CharField(max_length=60, verbose_name='label')),
                ('label_en', models.CharField(max_length=60, null=True, verbose_name='label')),
                ('label_fr', models.CharField(max_length=60, null=True, verbose_name='label')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='description')),
                ('description_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='description')),
                ('description_fr', models.CharField(blank=True, max_length=200, null=True, verbose_name='description')),
                ('is_retired', models.BooleanField(default=False)),
                ('is_exclusive', models.BooleanField(default=False)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('rolls_up_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='actions.community')),
            ],
            options={
                'verbose_name_plural': 'communities',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('agency', 'code'), name='community_code_unique', nulls_distinct=False, violation_error_message='The catalogue already has this code.'), models.CheckConstraint(condition=models.Q(('agency', None), ('rolls_up_to__isnull', False), _connector='OR'), name='community_own_term_rolls_up', violation_error_message='A term of your own names the shared term that it counts under.')],
            },
        ),
        migrations.CreateModel(
            name='CommunityEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label_en', models.CharField(blank=True, max_length=60, verbose_name='label in English')),
                ('label_fr', models.CharField(blank=True, max_length=60, verbose_name='label in French')),
                ('is_hidden', models.BooleanField(default=False, verbose_name='hidden')),
                ('hidden_on', models.DateField(editable=False, null=True)),
                ('position', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='place')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='edits', to='actions.community')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('agency', 'term'), name='communityedit_one_per_agency')],
            },
        ),
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField(blank=True, default=uuid.uuid4, null=True, unique=True)),
                ('ended_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departures', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='departure_agency_id'), models.UniqueConstraint(condition=models.Q(('returned_at', None)), fields=('worker',), name='departure_once'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('ended_at'))), name='departure_expires_after_it_began'), teams.constraints.SameAgency(field='worker', name='departure_worker_same_agency')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField()),
                ('address', models.CharField(max_length=200)),
                ('ciphertext', models.BinaryField()),
                ('saved_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('author', 'key'), name='draft_unique'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func('ciphertext', models.Value(0), function='get_byte', output_field=models.IntegerField()), 1), name='draft_is_sealed'), teams.constraints.SameAgency(field='author', name='draft_author_same_agency')],
                'indexes': [models.Index(fields=['saved_at'], name='draft_untouched')],
            },
        ),
        migrations.CreateModel(
            name='Initiative',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('aim', models.CharField(max_length=400, verbose_name='aim')),
                ('level', models.CharField(choices=[('agency', 'Agency'), ('multi_agency', 'Multi-agency'), ('sector', 'Sector')], max_length=12, verbose_name='level')),
                ('direction', models.CharField(choices=[('community_led', 'Community-led'), ('co_designed', 'Co-designed'), ('request_feedback', 'Asked for by people affected'), ('consulted', 'Consulted'), ('own_initiative', 'Our own initiative')], max_length=16, verbose_name='direction')),
                ('communities', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), verbose_name='whom it is for')),
                ('outside', models.CharField(blank=True, default='', max_length=200, verbose_name='partners outside')),
                ('resources', models.CharField(blank=True, default='', max_length=200, verbose_name='resources')),
                ('hours', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='hours')),
                ('dollars', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100000000)], verbose_name='dollars')),
                ('review_on', models.DateField(verbose_name='to be reviewed on')),
                ('status', models.CharField(blank=True, choices=[('planned', 'Planned'), ('under_way', 'Under way'), ('paused', 'Paused'), ('reached', 'Aim reached'), ('ended', 'Ended without reaching its aim')], default='planned', max_length=10, verbose_name='status')),
                ('version', models.PositiveIntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
            ],
            options={
                'ordering': ['title', 'id'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='initiative_agency_id'), models.CheckConstraint(condition=models.Q(('communities__len__gt', 0)), name='initiative_communities_not_empty', violation_error_message='Choose at least one, or “not specific”.'), models.CheckConstraint(condition=models.Q(('hours', None), ('hours__lte', 1000000), _connector='OR'), name='initiative_hours_range'), models.CheckConstraint(condition=models.Q(('dollars', None), ('dollars__lte', 100000000), _connector='OR'), name='initiative_dollars_range'), models.CheckConstraint(condition=models.Q(('level__in', ['agency', 'multi_agency', 'sector'])), name='initiative_level_known'), models.CheckConstraint(condition=models.Q(('direction__in', ['community_led', 'co_designed', 'request_feedback', 'consulted', 'own_initiative'])), name='initiative_direction_known'), models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'under_way', 'paused', 'reached', 'ended'])), name='initiative_status_known')],
            },
        ),
        migrations.CreateModel(
            name='InitiativePartner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='actions.initiative')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'initiative'), name='initiative_partner_once', violation_error_message='This agency is a partner already.')],
            },
        ),
        migrations.CreateModel(
            name='InitiativeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_status', models.CharField(blank=True, choices=[('planned', 'Planned'), ('under_way', 'Under way'), ('paused', 'Paused'), ('reached', 'Aim reached'), ('ended', 'Ended without reaching its aim')], max_length=10)),
                ('to_status', models.CharField(choices=[('planned', 'Planned'), ('under_way', 'Under way'), ('paused', 'Paused'), ('reached', 'Aim reached'), ('ended', 'Ended without reaching its aim')], max_length=10)),
                ('on', models.DateField()),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='actions.initiative')),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.SmallAutoField(primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('label', models.CharField(max_length=60, verbose_name='label')),
                ('label_en', models.CharField(max_length=60, null=True, verbose_name='label')),
                ('label_fr', models.CharField(max_length=60, null=True, verbose_name='label')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='description')),
                ('description_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='description')),
                ('description_fr', models.CharField(blank=True, max_length=200, null=True, verbose_name='description')),
                ('is_retired', models.BooleanField(default=False)),
                ('kind', models.CharField(choices=[('direct_support', 'Alongside families'), ('speaking_up', 'Speaking up and teaching'), ('power_sharing', 'Sharing power'), ('advocacy', 'Changing rules and systems'), ('resourcing', 'Moving resources'), ('relationship', 'Relationships and promises'), ('learning', 'Learning and reflecting'), ('repair', 'Feedback and repair')], max_length=20, verbose_name='kind')),
                ('levels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('individual', 'Individual worker'), ('agency', 'Agency'), ('multi_agency', 'Multi-agency'), ('sector', 'Sector')], max_length=12), verbose_name='levels')),
                ('principles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('listen_learn', 'Listen and learn'), ('use_privilege', 'Put privilege to use'), ('act_advocate', 'Act and advocate'), ('share_power', 'Share power'), ('lived_experience_leads', 'Follow lived experience'), ('build_trust', 'Build trust, keep commitments'), ('reflect_grow', 'Reflect and keep growing'), ('accountable_repair', 'Welcome criticism and repair'), ('allocate_resources', 'Put resources behind it')], max_length=30), verbose_name='principles')),
                ('stance', models.CharField(max_length=9)),
                ('example', models.CharField(blank=True, max_length=250, verbose_name='example')),
                ('example_en', models.CharField(blank=True, max_length=250, null=True, verbose_name='example')),
                ('example_fr', models.CharField(blank=True, max_length=250, null=True, verbose_name='example')),
                ('caution', models.CharField(blank=True, max_length=250, verbose_name='caution')),
                ('caution_en', models.CharField(blank=True, max_length=250, null=True, verbose_name='caution')),
                ('caution_fr', models.CharField(blank=True, max_length=250, null=True, verbose_name='caution')),
                ('default_visibility', models.CharField(max_length=7)),
                ('suggests_follow_up', models.BooleanField(default=False)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('rolls_up_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='actions.practice')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('agency', 'code'), name='practice_code_unique', nulls_distinct=False, violation_error_message='The catalogue already has this code.'), models.CheckConstraint(condition=models.Q(('agency', None), ('rolls_up_to__isnull', False), _connector='OR'), name='practice_own_term_rolls_up', violation_error_message='A term of your own names the shared term that it counts under.')],
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[('individual', 'Individual worker'), ('agency', 'Agency'), ('multi_agency', 'Multi-agency'), ('sector', 'Sector')], max_length=12, verbose_name='level')),
                ('direction', models.CharField(choices=[('community_led', 'Community-led'), ('co_designed', 'Co-designed'), ('request_feedback', 'Asked for by people affected'), ('consulted', 'Consulted'), ('own_initiative', 'Our own initiative')], max_length=16, verbose_name='direction')),
                ('communities', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), verbose_name='whom it supports')),
                ('done_on', models.DateField(verbose_name='when')),
                ('logged_on', models.DateField(verbose_name='logged on')),
                ('visibility', models.CharField(choices=[('private', 'Only me'), ('counted', 'Count it, do not show it'), ('shared', 'My team')], max_length=7, verbose_name='who can see it')),
                ('was_shared', models.BooleanField(db_default=False, default=False, editable=False)),
                ('heard_back', models.CharField(blank=True, choices=[('not_asked', 'Not asked'), ('waiting', 'Waiting to hear'), ('heard', 'Heard back'), ('not_applicable', 'Not applicable')], default='not_asked', max_length=14, verbose_name='heard back')),
                ('hours', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(999)], verbose_name='hours')),
                ('dollars', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name='dollars moved')),
                ('system', models.CharField(blank=True, choices=[('child_welfare', 'Child welfare'), ('housing', 'Housing'), ('income_benefits', 'Income and benefits'), ('health', 'Health care'), ('mental_health', 'Mental health and substance use'), ('legal_justice', 'Legal help and justice'), ('education', 'Schools and child care'), ('public_policy', 'Government and public policy'), ('workplace', 'Our workplace and profession')], default='', max_length=20, verbose_name='service system')),
                ('partners', models.CharField(blank=True, default='', max_length=120, verbose_name='partner agencies')),
                ('took_part', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='how many took part')),
                ('relation', models.CharField(blank=True, choices=[('follows_from', 'It follows from it'), ('repairs', 'It repairs it'), ('reports_back', 'It reports back on it')], default='', max_length=12, verbose_name='how it follows on')),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='note')),
                ('reference', models.CharField(blank=True, default='', max_length=60, verbose_name='reference')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to=settings.AUTH_USER_MODEL)),
                ('related', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followed_by', to='actions.action', verbose_name='on what')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='teams.team')),
                ('initiative', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='actions.initiative', verbose_name='initiative')),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='actions.practice', verbose_name='practice')),
            ],
            options={
                'ordering': ['-done_on', '-id'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='action_agency_id'), models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('agency', 'reference'), name='action_reference_unique', violation_error_message='Another action has this reference.'), models.CheckConstraint(condition=models.Q(('related', None), models.Q(models.Q(('relation', ''), _negated=True), models.Q(('related', models.F('id')), _negated=True)), _connector='OR'), name='action_related_says_how', violation_error_message='Choose how it follows on another action.'), models.CheckConstraint(condition=models.Q(('dollars', None), ('dollars__lte', 10000000), _connector='OR'), name='action_dollars_range', violation_error_message='At most 10,000,000 dollars.'), models.CheckConstraint(condition=models.Q(('took_part', None), ('took_part__range', (1, 999)), _connector='OR'), name='action_took_part_range', violation_error_message='Between 1 and 999 people.'), models.CheckConstraint(condition=models.Q(('communities__len__gt', 0)), name='action_communities_not_empty', violation_error_message='Choose at least one, or “not specific”.'), models.CheckConstraint(condition=models.Q(('hours', None), ('hours__range', (0, 999)), _connector='OR'), name='action_hours_range', violation_error_message='Hours are between 0 and 999.'), models.CheckConstraint(condition=models.Q(('system__in', ['', 'child_welfare', 'housing', 'income_benefits', 'health', 'mental_health', 'legal_justice', 'education', 'public_policy', 'workplace'])), name='action_system_known'), models.CheckConstraint(condition=models.Q(('relation__in', ['', 'follows_from', 'repairs', 'reports_back'])), name='action_relation_known'), models.CheckConstraint(condition=models.Q(('level__in', ['individual', 'agency', 'multi_agency', 'sector'])), name='action_level_known'), models.CheckConstraint(condition=models.Q(('direction__in', ['community_led', 'co_designed', 'request_feedback', 'consulted', 'own_initiative'])), name='action_direction_known'), models.CheckConstraint(condition=models.Q(('visibility__in', ['private', 'counted', 'shared'])), name='action_visibility_known'), models.CheckConstraint(condition=models.Q(('heard_back__in', ['not_asked', 'waiting', 'heard', 'not_applicable'])), name='action_heard_back_known'), teams.constraints.SameAgency(field='author', name='action_author_same_agency'), teams.constraints.SameAgency(field='team', name='action_team_same_agency'), teams.constraints.SameAgency(field='related', name='action_related_same_agency')],
                'indexes': [models.Index(condition=models.Q(('visibility', 'shared'), ('withdrawn_at', None)), fields=['team', 'done_on'], include=('practice', 'level', 'direction', 'heard_back', 'communities', 'hours', 'dollars', 'partners', 'initiative'), name='action_team_figures'), models.Index(fields=['agency', 'done_on'], name='action_agency_quarters'), models.Index(fields=['author', '-done_on', '-id'], name='action_author_record'), models.Index(condition=models.Q(('note', ''), ('partners', ''), _negated=True), fields=['agency', 'logged_on'], name='action_texts_by_age')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='what I promised')),
                ('visibility', models.CharField(choices=[('private', 'Only me'), ('counted', 'Count it, do not show it'), ('shared', 'My team')], default='private', max_length=7, verbose_name='who can see it')),
                ('made_on', models.DateField(verbose_name='promised on')),
                ('due_on', models.DateField(verbose_name='due')),
                ('status', models.CharField(blank=True, choices=[('open', 'Open'), ('kept', 'Kept'), ('kept_late', 'Kept late'), ('renegotiated', 'Renegotiated'), ('dropped', 'Dropped')], default='open', max_length=12, verbose_name='status')),
                ('kept_on', models.DateField(blank=True, null=True, verbose_name='kept on')),
                ('renegotiated_to', models.DateField(blank=True, null=True, verbose_name='new date')),
                ('agreed_with', models.CharField(blank=True, choices=[('youth', 'Child or youth'), ('parent', 'Parent or family'), ('caregiver', 'Kin or other caregiver'), ('community', 'Community or Nation'), ('partner', 'Partner organization'), ('colleague', 'Colleague or supervisor')], max_length=10, verbose_name='agreed with')),
                ('dropped_because', models.CharField(blank=True, choices=[('not_wanted', 'The people concerned no longer want it'), ('done_by_others', 'Somebody else did it'), ('no_means', 'No time, money or staff for it'), ('not_allowed', 'A rule or a decision stood in the way'), ('changed', 'The situation changed')], max_length=14, verbose_name='reason')),
                ('before', models.JSONField(blank=True, editable=False, null=True)),
                ('spoken_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('action', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to='actions.action')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.team')),
                ('initiative', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='actions.initiative')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='commitment_agency_id'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'kept', 'kept_late', 'renegotiated', 'dropped'])), name='commitment_status_known'), models.CheckConstraint(condition=models.Q(('visibility__in', ['private', 'counted', 'shared'])), name='commitment_visibility_known'), models.CheckConstraint(condition=models.Q(('action', None), ('text', ''), _connector='OR'), name='commitment_text_only_alone', violation_error_message='What an action promised stands in its note.'), models.CheckConstraint(condition=models.Q(('kept_on', None), ('status__in', ['kept', 'kept_late']), _connector='OR'), name='commitment_kept_on_only_when_kept', violation_error_message='Only a kept commitment has a day on which it was kept.'), teams.constraints.SameAgency(field='action', name='commitment_action_same_agency'), teams.constraints.SameAgency(field='team', name='commitment_team_same_agency'), teams.constraints.SameAgency(field='author', name='commitment_author_same_agency')],
                'indexes': [models.Index(fields=['agency', 'due_on'], name='commitment_agency_due'), models.Index(condition=models.Q(('visibility', 'shared'), ('withdrawn_at', None)), fields=['team', 'due_on'], include=('status', 'made_on'), name='commitment_team_figures')],
            },
        ),
        migrations.CreateModel(
            name='PracticeEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label_en', models.CharField(blank=True, max_length=60, verbose_name='label in English')),
                ('label_fr', models.CharField(blank=True, max_length=60, verbose_name='label in French')),
                ('is_hidden', models.BooleanField(default=False, verbose_name='hidden')),
                ('hidden_on', models.DateField(editable=False, null=True)),
                ('position', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='place')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='edits', to='actions.practice')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('agency', 'term'), name='practiceedit_one_per_agency')],
            },
        ),
        migrations.CreateModel(
            name='Purge',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('actions', 'Notes and partners of actions'), ('promises', 'Words of commitments that are settled'), ('asks', 'Asks and their answers'), ('summary_notes', 'What supervisors wrote on summaries'), ('reflections', 'Reflections')], max_length=13)),
                ('before', models.DateField()),
                ('count', models.PositiveIntegerField()),
                ('erased_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='purges', to='teams.agency')),
            ],
            options={
                'ordering': ['-erased_at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'what', 'before'), name='purge_once_a_day'), models.CheckConstraint(condition=models.Q(('what__in', ['actions', 'promises', 'asks', 'summary_notes', 'reflections'])), name='purge_what_known'), models.CheckConstraint(condition=models.Q(('count__gt', 0)), name='purge_of_something')],
            },
        ),
        migrations.CreateModel(
            name='Reflection',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('prompt', models.CharField(blank=True, choices=[('rp_whose_voice', 'Whose voice was missing from this situation, and what did I do to bring it in?'), ('rp_talk_listen', 'If someone had timed the conversation, how much of it would have been me talking?'), ('rp_power_room', 'What power did I hold in that room, and did I use it, share it or hide behind it?'), ('rp_comfort', 'When did I stay quiet to stay comfortable, and who paid for my silence?'), ('rp_asked_or_assumed', 'Did I ask what would help, or did I decide for someone?'), ('rp_credit', 'Who got the credit, and would the people who did the work agree?'), ('rp_assumption', 'What story did I tell myself about this person before I knew the facts?'), ('rp_unlearn', 'What is one thing I was taught about families that I now need to unlearn?'), ('rp_feedback_body', 'What happened in me when I was criticized, and what did I do next?'), ('rp_repair', 'Is there someone I owe an apology, an answer or a changed decision?'), ('rp_no_audience', 'Would I have done this if nobody could see it and nothing were logged?'), ('rp_rest', 'What do I need in order to keep going, and what can I ask my team to carry with me?')], max_length=24, verbose_name='question')),
                ('ciphertext', models.BinaryField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('action', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='actions.action')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('prompt__in', ['rp_whose_voice', 'rp_talk_listen', 'rp_power_room', 'rp_comfort', 'rp_asked_or_assumed', 'rp_credit', 'rp_assumption', 'rp_unlearn', 'rp_feedback_body', 'rp_repair', 'rp_no_audience', 'rp_rest', ''])), name='reflection_prompt_known'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func('ciphertext', models.Value(0), function='get_byte', output_field=models.IntegerField()), 1), name='reflection_is_sealed'), teams.constraints.SameAgency(field='author', name='reflection_author_same_agency'), teams.constraints.SameAgency(field='action', name='reflection_action_same_agency')],
            },
        ),
        migrations.CreateModel(
            name='VoiceCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=6)),
                ('n', models.PositiveIntegerField(default=0)),
                ('shown', models.PositiveIntegerField(default=0)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='actions.initiative')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('initiative', 'answer'), name='voice_count_once'), models.CheckConstraint(condition=models.Q(('answer__in', ['yes', 'partly', 'no'])), name='voice_count_answer_known'), models.CheckConstraint(condition=models.Q(('shown__lte', models.F('n'))), name='voice_count_shown_at_most_n')],
            },
        ),
        migrations.CreateModel(
            name='VoiceLink',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_on', models.DateField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('is_answered', models.BooleanField(default=False)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='actions.initiative')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ActionEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('edited_at', models.DateTimeField()),
                ('changes', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='actions.action')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('action', 'version'), name='action_edit_once'), teams.constraints.SameAgency(field='action', name='action_edit_same_agency')],
            },
        ),
        migrations.CreateModel(
            name='AllowedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=80, verbose_name='text')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allowed_texts', to='teams.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'text'), name='allowed_text_once', violation_error_message='The agency already allows this.')],
            },
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('addressed_to', models.CharField(choices=[('supervisor', 'Supervisors of the team'), ('equity_lead', 'Equity lead')], max_length=11, verbose_name='asked of')),
                ('barrier', models.CharField(choices=[('time', 'Too little time'), ('money', 'Too little money'), ('rule', 'A rule or a policy'), ('decision', 'A decision that is not mine to make'), ('skill', 'Missing skills or knowledge'), ('space', 'No access, or no suitable place'), ('safety', 'Not safe enough'), ('other', 'Something else')], max_length=8, verbose_name='what got in the way')),
                ('in_the_way', models.CharField(blank=True, max_length=400, verbose_name='what got in the way, in words')),
                ('need', models.CharField(blank=True, max_length=400, verbose_name='what I need')),
                ('state', models.CharField(choices=[('open', 'Open'), ('answered', 'Answered'), ('declined', 'Declined'), ('withdrawn', 'Taken back')], default='open', max_length=9, verbose_name='state')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=400, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer_erased', models.BooleanField(db_default=False, default=False)),
                ('action', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='asks', to='actions.action')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='teams.team')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['asker', '-created_at'], name='ask_asker'), models.Index(fields=['team', '-created_at'], name='ask_team'), models.Index(condition=models.Q(('addressed_to', 'equity_lead')), fields=['agency', 'created_at'], name='ask_lead'), models.Index(condition=models.Q(('state', 'open')), fields=['created_at'], name='ask_open'), models.Index(condition=models.Q(('state__in', ['answered', 'declined'])), fields=['answered_at'], name='ask_settled'), models.Index(condition=models.Q(('state', 'withdrawn'), models.Q(('need', ''), _negated=True)), fields=['withdrawn_at'], name='ask_to_erase')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='ask_agency_id'), models.CheckConstraint(condition=models.Q(('addressed_to', 'equity_lead'), ('team__isnull', False), _connector='OR'), name='ask_of_supervisors_has_team', violation_error_message='Supervisors are asked as those of a team.'), models.CheckConstraint(condition=models.Q(models.Q(('need', ''), _negated=True), models.Q(('state', 'open'), _negated=True), _connector='OR'), name='ask_need_not_empty', violation_error_message='Say what you need.'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('state__in', ['answered', 'declined']), models.Q(('answer', ''), ('answer_erased', False), _negated=True)), models.Q(models.Q(('state__in', ['answered', 'declined']), _negated=True), ('answer', ''), ('answered_at', None), ('answered_by', None)), _connector='OR'), name='ask_answered_has_answer', violation_error_message='An answer has its words, its time and who gave it.'), models.CheckConstraint(condition=models.Q(('answered_by', None), models.Q(('answered_by', models.F('asker')), _negated=True), _connector='OR'), name='ask_not_answered_by_asker', violation_error_message='Nobody answers her own ask.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at', None)), _connector='OR'), name='ask_withdrawn_has_time'), models.CheckConstraint(condition=models.Q(('addressed_to__in', ['supervisor', 'equity_lead'])), name='ask_addressed_to_known'), models.CheckConstraint(condition=models.Q(('barrier__in', ['time', 'money', 'rule', 'decision', 'skill', 'space', 'safety', 'other'])), name='ask_barrier_known'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered', 'declined', 'withdrawn'])), name='ask_state_known'), teams.constraints.SameAgency(field='asker', name='ask_asker_same_agency'), teams.constraints.SameAgency(field='team', name='ask_team_same_agency'), teams.constraints.SameAgency(field='action', name='ask_action_same_agency'), teams.constraints.SameAgency(field='answered_by', name='ask_answered_by_same_agency')],
            },
        ),
    ]
