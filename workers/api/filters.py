"""`?site=CODE` and other plain filters of master data."""

from django_filters import rest_framework as filters


class AtSite(filters.FilterSet):
    """For kinds that have a site of their own."""

    site = filters.CharFilter("site__code", label="Code of the site.")


class WithCode(AtSite):
    """For kinds that have a code."""

    code = filters.CharFilter()


class WithName(WithCode):
    """For kinds whose name is no secret."""

    name = filters.CharFilter(lookup_expr="icontains", label="Part of the name.")
