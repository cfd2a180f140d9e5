"""Facts that belong to nobody any more, added up: the SQL that adds them, and the digest of a month of them that the log is told."""

from django.db import connection

from sceau.core.audit.states import State

KIND = "tally"
_COLUMNS = "taken_on, department, age_class, sex, specimen, disease, loinc, result, symptomatic, reason"
ADD = f"""
insert into results_tally ({_COLUMNS}, standing, tests, reports)
select {_COLUMNS}, standing, count(*), count(*) filter (where first) from (
    select f.*, r.standing, row_number() over (partition by f.report_id order by f.disease) = 1 as first
    from results_fact f join retired r on r.id = f.report_id) gone
group by {_COLUMNS}, standing
on conflict on constraint tally_once
do update set tests = results_tally.tests + excluded.tests, reports = results_tally.reports + excluded.reports
"""  # noqa: S608 - constants
"""`reports` counts each report once, at the first of its findings."""
_STORED = """
select 'tally:' || to_char(taken_on, 'YYYY-MM'), count(*), sha256(string_agg(digest, '' order by digest)) from (
    select taken_on, sha256(convert_to(concat_ws(E'\\x1f', to_char(taken_on, 'YYYY-MM-DD'), coalesce(department, ''), age_class, sex,
        specimen, disease, loinc, result, coalesce(symptomatic::text, ''), coalesce(reason, ''), standing, tests, reports), 'UTF8'))
        as digest from results_tally) told
group by 1
"""


def stored() -> list[State]:
    """The tallies of each month of sampling."""
    with connection.cursor() as cursor:
        cursor.execute(_STORED)
        return [State(subject, count, bytes(digest)) for subject, count, digest in cursor.fetchall()]
