"""Every kind of row is known to be a site's or not, so that none is forgotten by a move."""

from django.apps import apps
from django.conf import settings
from django.db.models import BigIntegerField, Model
from django.utils.module_loading import import_string

from common.fields import InstantField
from workers.models import Site, User
from workers.moving.exporting import OWN_APPS
from workers.moving.kinds import elsewhere, kinds

EVERY = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def test_every_model_is_a_sites_or_left_out_with_a_reason() -> None:
    known = {kind.label for kind in kinds()} | elsewhere().keys()
    assert EVERY.keys() - known == set()


def test_nothing_is_named_that_does_not_exist_or_twice() -> None:
    labels = [kind.label for kind in kinds()]
    assert elsewhere().keys() - EVERY.keys() == set()
    assert len(labels) == len({*labels})
    assert not elsewhere().keys() & {*labels}


def test_what_is_left_out_leads_to_no_site() -> None:
    owned = {kind.model for kind in kinds()}
    astray = {
        label
        for label in elsewhere()
        for field in EVERY[label]._meta.concrete_fields
        if field.related_model in owned
    }
    assert astray == set()


def test_owners_come_before_what_belongs_to_them() -> None:
    seen: set[type[Model]] = set()
    for kind in kinds():
        seen.add(kind.model)
        owned = {each.model for each in kinds()}
        assert {target for _, target, is_sure in kind.targets() if is_sure} & owned <= seen


def test_every_foreign_key_leads_to_a_kind_that_moves_or_to_a_person() -> None:
    moving = {kind.model for kind in kinds() if kind.moves} | {User}
    astray = {
        f"{kind.label}.{column}"
        for kind in kinds()
        for column, target, _ in kind.targets()
        if target not in moving
    }
    assert astray == set()


def test_columns_of_ids_without_a_foreign_key_are_named() -> None:
    named = {(kind.label, column) for kind in kinds() for column in kind.refers}
    astray = {
        (kind.label, field.attname)
        for kind in kinds()
        for field in kind.model._meta.concrete_fields
        if isinstance(field, BigIntegerField)
        and not isinstance(field, InstantField)
        and not field.primary_key
        and (field.attname in {"id", "at_site"} or field.attname.endswith("_id"))
    }
    assert astray - named == set()


def test_every_path_leads_to_a_site() -> None:
    for kind in kinds():
        end = kind.model
        for name in kind.site.split("__"):
            if name in {"pk", "at_site"}:
                break
            field = end._meta.get_field(name)
            assert isinstance(field.related_model, type)
            end = field.related_model
        assert end is Site or kind.site.endswith("at_site"), kind.label


def test_our_own_apps_are_all_asked() -> None:
    own = [path.partition(".")[0] for path in settings.MOVING]
    with_models = {label.partition(".")[0] for label in EVERY} & {
        "workers", "events", "metrics", "drift", "demo", "common",
    }  # fmt: skip
    assert {*own} == with_models == {*OWN_APPS}
    assert all(import_string(f"{path}.KINDS") for path in settings.MOVING)
