"""Drill 25: twins, a father and a son of one name, namesakes, and slips of the pen: nobody is given another's result.

A result is a person's through the identity of its report alone. Each of these people is tested on a day of their own, under every
spelling of them, so that the registry's rows tell whom it took for whom. Beside it, the same person under a slip must be known again.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from sceau.core.report.model import Address, Patient, Screening, Sex
from sceau.exposure.drills.canaries import file_of, screening
from sceau.exposure.drills.drill import Control, Drill, Finding, Played
from sceau.exposure.drills.world import World

_FIRST = datetime(2021, 12, 1, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
_NUMBERS_FROM = 2_500
_TAKEN_FOR = """
select found.taken_on, array_agg(distinct who.person_id) from persons_identity who
join results_fact found on found.report_id = who.report_id where found.taken_on = any(%s) group by found.taken_on
"""


def play(world: World) -> Played:
    told = screening(world.canaries.persons[0])
    people = _people(told.patient)
    days = {name: _FIRST + timedelta(days=nth) for nth, name in enumerate(people)}
    reports = [_tested(told, patient, days[name]) for name, spelt in people.items() for patient in spelt]
    outcomes = world.import_(file_of(reports, first=_NUMBERS_FROM))
    taken = _taken_for(world, {name: day.date() for name, day in days.items()})
    mixed = [(one, other) for one, other in combinations(people, 2) if taken[one] & taken[other]]
    findings = [Finding(f"{one} is taken for {other}", "the registry's persons") for one, other in mixed]
    controls = [
        Control("the same person under a slip of the pen is known again", tuple(one for one in people if len(taken[one]) != 1)),
        Control("everybody came in", tuple(outcome for outcome in outcomes if outcome != "recorded")),
    ]
    obtained = f"{len(people)} people who resemble each other, under {len(reports)} spellings: each is given their own results"
    return Played(obtained, findings, controls)


def _people(canary: Patient) -> dict[str, tuple[Patient, ...]]:
    """Each as the pharmacy spells them, one time and the next. Nobody has a national number, which would be too easy."""
    home = Address(lines=("12 impasse du Canari",), postal_code="75012", city="Paris", country="FR")
    away = Address(lines=("4 quai de la Volière",), postal_code="75019", city="Paris", country="FR")
    bare = replace(canary, ins=None, email=None, phone="+33639981250", address=home, birth_date=date(1974, 2, 17))
    man = replace(bare, given=("Anselme",), sex=Sex.MALE)
    sister = replace(bare, given=("Clothilde",), sex=Sex.FEMALE)
    stranger = replace(sister, family="Volatile", given=("Zénobie",), birth_date=date(1951, 12, 3))
    return {
        "a man": (man, replace(man, given=("Anselmme",)), replace(man, family="Anselme", given=(man.family,))),
        "his twin sister": (sister, replace(sister, given=("Clotilde",))),
        "his twin brother": (replace(man, given=("Barnabé",)),),
        "his son of the same name": (replace(man, birth_date=date(2004, 9, 30)),),
        "a namesake born that day": (replace(man, address=away, phone="+33639987731"),),
        "a stranger at his telephone": (stranger,),
    }


def _tested(told: Screening, patient: Patient, at: datetime) -> Screening:
    return replace(told, patient=patient, specimen=replace(told.specimen, taken_at=at))


def _taken_for(world: World, days: Mapping[str, date]) -> dict[str, set[UUID]]:
    """The persons whom the registry takes each of them for."""
    found = dict(world.sql("registry", _TAKEN_FOR, list(days.values())))
    return {name: set(found.get(day, ())) for name, day in days.items()}


DRILL = Drill(25, "twins, namesakes, typos: never another person's result", play)
