"""Time of staff that linking takes: what it is worth, and whose sessions it comes out of.

Hours of introductions, training, visits, champions and hosting are counted when a run is over
(`studies/staffing.py`). While it lives, linking may take places where places with sessions are
limited; where they are not, nothing is displaced.
"""

from functools import partial

from recoverysim.codes import KINDS, PSYCHOSOCIAL
from recoverysim.compiled import rule
from recoverysim.outcomes import LINKED
from recoverysim.quantities import by, parameters, quantity

HOURS = "hours"

hours = partial(quantity, whole_run=True)

parameters(
    "staff_time",
    link_hours=by(
        KINDS,
        none=hours(0, HOURS, bounds=(0, 0), grade="design"),
        leaflet=hours(0.02, HOURS, 0.01, 0.05, note="a worker's, for each link made"),
        clinician=hours(0.25, HOURS, 0.1, 0.5, note="talking it over, and a telephone call"),
        intensive=hours(3, HOURS, 1.5, 5, note="several sessions, and a volunteer found"),
        peer=hours(0.2, HOURS, 0.1, 0.5, note="the worker's part: asking, and finding the peer"),
    ),
    peer_link_hours=hours(2, HOURS, 1, 4, note="the peer's: meeting, going along, coming back"),
    training_hours=hours(7, HOURS, 3.5, 14, note="a worker's day, once"),
    open_meeting_hours=hours(3, HOURS, 2, 4, note="a worker's evening with the way there, once"),
    clients_per_worker=hours(
        40, "clients", 25, 60, bounds=(1, 1_000),
        note="a caseload: they share what is spent on a worker, however many are simulated",
    ),
    champion_hours_per_week=hours(
        1, "hours per week", 0, 3, note="beside the links made; in weeks with a full caseload"
    ),
    hosting_hours_per_bed_week=hours(
        0.05, "hours per week", 0.02, 0.1,
        note="an hour a week on a ward of some twenty beds, where meetings are held",
    ),
    hours_per_contact=hours(
        1, HOURS, 0.75, 1.5, bounds=(0.1, 10), note="a session of some 50 minutes and its notes"
    ),
    taken_from_sessions_share=quantity(
        0.5, "share", 0, 1, lever=True,
        note="of the time of linking; the rest is found elsewhere. Takes places only where a "
        "scenario limits those with sessions",
    ),
)  # fmt: skip


@rule
def places_taken_by_linking(care, counted, today):
    """Whole places with weekly sessions that this week's links leave no time for.

    `counted` are the counts of this week so far, by cell.
    """
    share = today.staff_time.taken_from_sessions_share
    if care != PSYCHOSOCIAL or share <= 0.0:
        return 0
    spent = 0.0
    for cell in range(counted.shape[0]):
        for kind in range(len(KINDS)):
            spent += today.staff_time.link_hours[kind] * counted[cell, LINKED + kind]
    return int(share * spent / today.staff_time.hours_per_contact)
