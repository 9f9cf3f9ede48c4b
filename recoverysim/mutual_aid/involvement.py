"""Taking part: a home group, a sponsor, a task. From 0 to 1; slow to grow, and it fades."""

from recoverysim.codes import INTENSIVE, INVOLVED, REGULAR
from recoverysim.compiled import rule
from recoverysim.motivation import motivation
from recoverysim.mutual_aid.standing import fit
from recoverysim.quantities import parameters, quantity

parameters(
    "involvement",
    growth_per_week=quantity(0.05, "per week", 0.03, 0.08),
    usual_level=quantity(0.55, "0 to 1", 0.40, 0.70),
    added_by_fit=quantity(0.15, "0 to 1 per sd", 0.05, 0.25, bounds=(-1, 1)),
    added_by_readiness=quantity(0.1, "0 to 1 per sd", 0, 0.2, bounds=(-1, 1)),
    added_by_intensive=quantity(
        0.3, "0 to 1", 0.1, 0.5, bounds=(-1, 1),
        note="people linked intensively took more part in one US trial (timko-07-att), which is "
        "kept for validation",
    ),
    kept_after_leaving_per_week=quantity(0.97, "share", 0.95, 0.99),
    counts_as_involved=quantity(
        0.4, "0 to 1", grade="design", note="definition: a home group, sponsor or task"
    ),
)  # fmt: skip


@rule
def grow_involved(client, today):
    """Involvement moves a little each week towards where this person would end up."""
    if not today.mechanisms.involvement:
        return
    level = today.involvement.usual_level
    level += today.involvement.added_by_fit * fit(client, today)
    level += today.involvement.added_by_readiness * motivation(client, today)
    if client.link == INTENSIVE:
        level += today.involvement.added_by_intensive * client.delivered
    if today.mechanisms.group_life:
        sponsored = client.sponsor - today.groups.usual_sponsored_share
        level += today.groups.sponsor_adds_involvement * sponsored
    level = min(max(level, 0.0), 1.0)
    client.involvement += today.involvement.growth_per_week * (level - client.involvement)
    if client.involvement >= today.involvement.counts_as_involved:
        client.attendance = INVOLVED
    else:
        client.attendance = REGULAR


@rule
def involvement_fades(client, today):
    """Away from meetings it wears off."""
    client.involvement *= today.involvement.kept_after_leaving_per_week
