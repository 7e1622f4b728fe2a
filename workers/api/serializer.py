"""What serializers of master data share: codes become objects, errors speak the wire's names."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar, cast

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as BrokenRule
from django.db.models import Model
from rest_framework import serializers

from workers.access import Roles
from workers.api.fields import CodeOf, Username
from workers.models import Role, Site

_M = TypeVar("_M", bound=Model)


class MasterSerializer(serializers.ModelSerializer[_M]):
    """Parses into an object not stored yet, presents one that is; the rules are the models' own."""

    fixed: ClassVar[tuple[str, ...]] = ("site", "code")  # never change once the object exists
    extras: ClassVar[
        tuple[str, ...]
    ] = ()  # no columns of the object: handed to the registry beside it

    @property
    def roles(self) -> Roles:
        """What the reader may see."""
        roles: Roles = self.context["view"].roles
        return roles

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Codes become objects."""
        if self.instance is not None:
            self._refuse_changes(attrs)
        if "site" in attrs:
            attrs["site"] = self._site(attrs["site"])
        for name, field in self.fields.items():
            if isinstance(field, CodeOf | Username) and attrs.get(name) is not None:
                attrs[name] = self._found(name, field, attrs)
        return attrs

    def apply_to(self, subject: _M) -> dict[str, Any]:
        """Sets the object's attributes, stores nothing; returns what else was given."""
        for name, value in self.validated_data.items():
            if name not in self.extras:
                setattr(subject, name, value)
        return {
            name: self.validated_data[name] for name in self.extras if name in self.validated_data
        }

    @contextmanager
    def answering(self) -> Iterator[None]:
        """A broken rule inside becomes an answer that names the fields as the wire does."""
        try:
            yield
        except BrokenRule as error:
            raise serializers.ValidationError(self._worded(error)) from error

    def _refuse_changes(self, attrs: dict[str, Any]) -> None:
        for name in self.fixed:
            if name not in attrs:
                continue
            field = self.fields[name]
            present: Any = field.get_attribute(self.instance)
            if attrs.pop(name) != (None if present is None else field.to_representation(present)):
                raise serializers.ValidationError(
                    {name: "This never changes; make another one instead."}
                )

    def _site(self, code: str) -> Site:
        site = Site.objects.filter(self.roles.condition(Role.VIEWER, "pk"), code=code).first()
        if site is None:
            raise serializers.ValidationError(
                {"site": f"There is no site {code!r} that you are a member of."}
            )
        return site

    def _found(self, name: str, field: CodeOf | Username, attrs: dict[str, Any]) -> Model:
        site = attrs.get("site") or self._present_site()
        try:
            return field.find(attrs[name], site)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({name: error.detail}) from error

    def _present_site(self) -> Site:
        site: Any = self.fields["site"].get_attribute(self.instance)
        return cast(Site, site)

    def _worded(self, error: BrokenRule) -> dict[str, list[str]]:
        names = {field.source: name for name, field in self.fields.items()} | {
            NON_FIELD_ERRORS: "non_field_errors"
        }
        if not hasattr(error, "error_dict"):
            return {"non_field_errors": error.messages}
        return {
            names.get(source, source): messages for source, messages in error.message_dict.items()
        }
