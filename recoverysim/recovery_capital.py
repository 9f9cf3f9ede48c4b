"""Recovery capital and recovery identity: slow to build, quicker to lose, and protective."""

from recoverysim.codes import ABSTINENT, IN_USE
from recoverysim.compiled import rule
from recoverysim.mutual_aid.benefit import changes_through_mutual_aid
from recoverysim.quantities import parameters, quantity

parameters(
    "recovery_capital",
    at_entry=quantity(
        0.2, "0 to 1", whole_run=True, bounds=(0, 0.99),
        note="also the level from which protection is counted",
    ),
    growth_per_week=quantity(
        0.006, "per week", 0.003, 0.010, source="qol-traj", grade="weak",
        studied="US adults who resolved a problem: well-being rises steeply for six years",
    ),
    loss_per_week_using=quantity(0.01, "per week", 0.005, 0.02),
    reached_alone=quantity(0.7, "0 to 1", 0.5, 0.9),
    added_by_membership=quantity(0.3, "0 to 1", 0.1, 0.5),
    identity_growth_per_week=quantity(
        0.04, "per week", 0.02, 0.08,
        note="AA members in the UK who go more often feel more as members (frings-21); no rate",
    ),
    identity_growth_alone_per_week=quantity(0.005, "per week", 0.002, 0.010),
    identity_reached_alone=quantity(0.4, "0 to 1", 0.2, 0.6),
    identity_weight=quantity(
        0.5, "share", 0.2, 0.8, note="of identity beside capital in what the two protect"
    ),
)  # fmt: skip


@rule
def recovery_capital_changes(client, today):
    """Capital and identity grow in abstinence, more so as a member, stand still in a lapse, and are
    lost in use."""
    numbers = today.recovery_capital
    member = changes_through_mutual_aid(client, today)
    if client.use == IN_USE:
        client.capital -= numbers.loss_per_week_using * client.capital
        client.identity -= numbers.loss_per_week_using * client.identity
    elif client.use == ABSTINENT:
        reached = numbers.reached_alone
        if member:
            reached = min(1.0, reached + numbers.added_by_membership)
        growth = numbers.growth_per_week
        if client.visits_centre:
            growth = min(1.0, growth * today.recovery_centres.capital_growth_ratio)
        client.capital += growth * (reached - client.capital)
        if member:
            client.identity += numbers.identity_growth_per_week * (1.0 - client.identity)
        else:
            client.identity += numbers.identity_growth_alone_per_week * (
                numbers.identity_reached_alone - client.identity
            )


@rule
def gained_by_capital(client, today, curves):
    """Share of the total effect gained by capital and identity; 0 at the level of entry."""
    if not today.mechanisms.capital:
        return 0.0
    weight = today.recovery_capital.identity_weight
    held = (1.0 - weight) * client.capital + weight * client.identity
    gained = held - today.recovery_capital.at_entry
    return today.mutual_aid.capital_share * gained * curves.per_capital_gained
