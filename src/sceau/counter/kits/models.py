"""The test kits of a pharmacy, as their boxes tell, and how their lots did with the makers' controls. Nothing here is about a patient,
and nothing goes to the registry.
"""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from sceau.core.codes.loinc import ASSAYS, Disease, Loinc, assay
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.data import DataClass, holds
from sceau.counter.pharmacies.models import Pharmacy

_SHOWN = [one.value for one in Result]
_PASSED = (Result.DETECTED.value, Result.NOT_DETECTED.value)


class Kit(models.Model):
    """`minutes` from the sample to the reading; `lot` and `expiry` are those of the box in use, `override` why a box that has expired
    is used all the same. `failed`: that lot did not pass its last control, and nobody has said why it is used all the same.
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
    failed = holds(DataClass.ROUTING, models.BooleanField(default=False))
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


class Control(models.Model):
    """What a lot showed of its maker's two controls: passed if that is the positive and the negative. `override` is a pharmacist's
    reason to use the lot although it is not.
    """

    id = holds(DataClass.ROUTING, models.UUIDField(primary_key=True, default=uuid7))
    kit = holds(DataClass.ROUTING, models.ForeignKey(Kit, models.CASCADE, related_name="controls"))
    lot = holds(DataClass.PUBLIC, models.CharField(max_length=20, blank=True))
    positive = holds(DataClass.ROUTING, models.CharField(max_length=18, choices=[(code, code) for code in _SHOWN]))
    negative = holds(DataClass.ROUTING, models.CharField(max_length=18, choices=[(code, code) for code in _SHOWN]))
    override = holds(DataClass.ROUTING, models.CharField(max_length=100, blank=True))
    by = holds(DataClass.ROUTING, models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"))
    at = holds(DataClass.ROUTING, models.DateTimeField())

    class Meta:
        indexes = (models.Index(fields=["kit", "lot", "-at"], name="control_of_a_lot"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(positive__in=_SHOWN, negative__in=_SHOWN), name="control_showed_something"),
            models.CheckConstraint(
                condition=models.Q(override="") | ~models.Q(positive=_PASSED[0], negative=_PASSED[1]),
                name="control_that_passed_needs_no_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kit_id} {self.lot} {self.at}"

    @property
    def passed(self) -> bool:
        return (self.positive, self.negative) == _PASSED
