from django.conf import settings
from django.db import migrations

# What each role may do, each containing the one before. Django makes the rows of permissions only after the last
# migration, so they are made here; it finds them later and leaves them alone.
REVIEWER = {"dedupe.case": ["review_cases"]}
MODERATOR = REVIEWER | {
    "dedupe.picture": ["remove_pictures", "block_hubs"],
    "dedupe.decision": ["undo_others", "see_statistics"],
    "board.comment": ["remove_comments"],
}
OPERATOR = MODERATOR | {
    "dedupe.picture": ["remove_pictures", "block_hubs", "operate"],
    "board.tag": ["add_tag", "change_tag", "delete_tag", "view_tag"],
    "board.post": ["change_post", "view_post"],
    "board.apitoken": ["delete_apitoken", "view_apitoken"],
    "board.user": ["add_user", "change_user", "view_user"],
}
ROLES = {"reviewer": REVIEWER, "moderator": MODERATOR, "operator": OPERATOR}


def make_groups(apps, schema_editor):
    """Make the three groups, and put those into them who were staff: nobody loses what they could do.

    ``is_staff`` stays as it is: the release before, which may still be running, asks for nothing else.
    """
    alias = schema_editor.connection.alias
    group, user = apps.get_model("auth", "Group"), apps.get_model(settings.AUTH_USER_MODEL)
    for name, powers in ROLES.items():
        made, _ = group.objects.using(alias).get_or_create(name=name)
        made.permissions.add(*permissions(apps, alias, powers))
    held = group.objects.using(alias).filter(name__in=["moderator", "operator"])
    for person in user.objects.using(alias).filter(is_staff=True):
        person.groups.add(*held)


def permissions(apps, alias, powers):
    content_type, permission = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    for label, codenames in powers.items():
        app, model = label.split(".")
        kind, _ = content_type.objects.using(alias).get_or_create(app_label=app, model=model)
        names = named(apps.get_model(app, model))
        for codename in codenames:
            yield permission.objects.using(alias).get_or_create(
                content_type=kind, codename=codename, defaults={"name": names[codename]}
            )[0]


def named(model):
    """The permissions of a table with their words, as Django writes them."""
    own = {f"{act}_{model._meta.model_name}": f"Can {act} {model._meta.verbose_name}" for act in
           ("add", "change", "delete", "view")}
    return own | dict(model._meta.permissions)


def remove_groups(apps, schema_editor):
    """Back to the release before. Who became a reviewer since, and is not staff, is an ordinary person again."""
    group = apps.get_model("auth", "Group")
    group.objects.using(schema_editor.connection.alias).filter(name__in=ROLES).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("board", "0003_community"),
        ("dedupe", "0012_powers"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="comment",
            options={
                "ordering": ["created_at", "id"],
                "permissions": [("remove_comments", "Can remove other people's comments")],
            },
        ),
        migrations.RunPython(make_groups, remove_groups),
    ]
