"""The test kits of a pharmacy, as their boxes tell. Nothing here is about a patient."""

from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.codes.loinc import ASSAYS, Disease, Loinc, assay
from sceau.core.codes.snomed import SpecimenType
from sceau.core.data import DataClass, holds
from sceau.counter.pharmacies.models import Pharmacy


class Kit(models.Model):
    """`minutes` from the sample to the reading; `lot` and `expiry` are those of the box in use, `override` why a box that has expired
    is used all the same.
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    pharmacy = holds(DataClass.ROUTING, models.ForeignKey(Pharmacy, models.CASCADE, related_name="kits"))
    name = holds(DataClass.PUBLIC, models.CharField(max_length=100))
    manufacturer = holds(DataClass.PUBLIC, models.CharField(max_length=100, blank=True))
    gtin = holds(DataClass.PUBLIC, models.CharField(max_length=14, blank=True))
    loinc = holds(DataClass.PUBLIC, models.CharField(max_length=10, choices=[(code, code) for code in ASSAYS]))
    minutes = holds(DataClass.PUBLIC, models.PositiveSmallIntegerField(default=15))
    lot = holds(DataClass.PUBLIC, models.CharField(max_length=20, blank=True))
    expiry = holds(DataClass.PUBLIC, models.DateField(null=True, blank=True))
    override = holds(DataClass.ROUTING, models.CharField(max_length=100, blank=True))
    used_at = holds(DataClass.ROUTING, models.DateTimeField())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["pharmacy", "gtin"], name="kit_once_a_pharmacy", condition=~models.Q(gtin="")),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def parts(self) -> tuple[Loinc, ...]:
        """What has a result of its own."""
        return tuple(Loinc(code) for code in ASSAYS[self.loinc].parts or (self.loinc,))

    @property
    def diseases(self) -> tuple[Disease, ...]:
        """What each part looks for."""
        return tuple(found for part in self.parts if (found := assay(part).disease))

    @property
    def specimen(self) -> SpecimenType:
        """What is taken for it at a pharmacy."""
        return SpecimenType.THROAT if Disease.STREP_A in self.diseases else SpecimenType.NASOPHARYNGEAL
