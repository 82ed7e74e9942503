"""Raw SQL that the database must refuse, whatever the forms would say."""

import pytest
from django.db import IntegrityError, connection, transaction


def refused_by(sql, *params):
    """The name of the constraint that refuses the statement."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return caught.value.__cause__.diag.constraint_name
