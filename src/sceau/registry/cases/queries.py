"""Which cases an agent sees: the open ones of their departments. Nobody's name is near."""

from collections.abc import Collection

from django.db.models import OuterRef, QuerySet, Subquery

from sceau.registry.cases.models import Case, CaseState
from sceau.registry.results.models import Fact

EVERYWHERE = "*"


def within(departments: Collection[str]) -> QuerySet[Case]:
    """The cases of a territory; one of unknown department belongs to whoever has all."""
    cases = Case.objects.filter(report_id__isnull=False)
    return cases if EVERYWHERE in departments else cases.filter(department__in=departments)


def told_of(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each with `taken_on`, `age_class` and `sex` of its report's finding."""
    fact = Fact.objects.filter(report_id=OuterRef("report_id"), disease=OuterRef("disease"))
    return cases.annotate(**{name: Subquery(fact.values(name)[:1]) for name in ("taken_on", "age_class", "sex")})


def to_follow(departments: Collection[str]) -> QuerySet[Case]:
    """Those that wait for a follow-up, oldest first."""
    return told_of(within(departments).filter(state=CaseState.OPEN, done_at=None)).order_by("opened_at", "id")
