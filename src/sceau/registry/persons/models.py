"""Identities and contact details, sealed under the registry's key of the day. Nothing here opens them."""

from django.db import models

from sceau.core.data import DataClass, holds


class Identity(models.Model):
    """Who a report is about; `department` is what the ciphertext is bound to, empty when unknown. The blind tokens (16 bytes each)
    are the keyholder's, under its index key of `month`.
    """

    report_id = holds(DataClass.PSEUDONYMOUS, models.UUIDField(primary_key=True))
    day = holds(DataClass.ROUTING, models.DateField(db_index=True))
    department = holds(DataClass.PSEUDONYMOUS, models.CharField(max_length=7))
    sealed = holds(DataClass.SEALED_IDENTITY, models.BinaryField())
    month = holds(DataClass.ROUTING, models.CharField(max_length=7))
    ins = holds(DataClass.BLIND, models.BinaryField(null=True, db_index=True))
    exact = holds(DataClass.BLIND, models.BinaryField(db_index=True))
    phonetic = holds(DataClass.BLIND, models.BinaryField(db_index=True))
    swapped = holds(DataClass.BLIND, models.BinaryField(db_index=True))
    phone = holds(DataClass.BLIND, models.BinaryField(null=True, db_index=True))
    email = holds(DataClass.BLIND, models.BinaryField(null=True, db_index=True))

    def __str__(self) -> str:
        return str(self.report_id)
