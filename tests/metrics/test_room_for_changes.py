"""On PostgreSQL a page has room for the next version of a row that changes with every batch."""

import pytest
from django.db import connection

OPTIONS = "SELECT reloptions FROM pg_class WHERE oid = %s::regclass"

if connection.vendor == "postgresql":

    @pytest.mark.parametrize(
        "table", ["metrics_bucket", "metrics_workstationbucket", "metrics_workerstatus"]
    )
    def test_half_of_a_page_is_left(db: None, table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(OPTIONS, [table])
            assert cursor.fetchone() == (["fillfactor=50"],)
