"""Recovery capital and recovery identity: slow to build, quicker to lose, and protective."""

from recoverysim.codes import ABSTINENT, IN_USE
from recoverysim.compiled import rule
from recoverysim.mutual_aid.benefit import changes_through_mutual_aid
from recoverysim.quantities import parameters, quantity

parameters(
    "recovery_capital",
    at_entry=quantity(
        0.2, "0 to 1", shape=True, bounds=(0, 0.99),
        note="also the level from which protection is counted",
    ),
    growth_per_week=quantity(
        0.006, "per week", 0.003, 0.010, source="qol-traj", grade="weak",
        studied="US adults who resolved a problem: well-being rises steeply for six years",
    ),
    loss_per_week_using=quantity(0.01, "per week", 0.005, 0.02),
    reached_alone=quantity(0.7, "0 to 1", 0.5, 0.9, bounds=(0, 1)),
    added_by_membership=quantity(0.3, "0 to 1", 0.1, 0.3, bounds=(0, 1)),
    identity_growth_per_week=quantity(
        0.04, "per week", 0.02, 0.08, source="frings-21", grade="weak",
        studied="AA members in the UK: identity goes with meeting frequency early on",
    ),
    identity_growth_alone_per_week=quantity(0.005, "per week", 0.002, 0.010),
    identity_reached_alone=quantity(0.4, "0 to 1", 0.2, 0.6, bounds=(0, 1)),
)  # fmt: skip


@rule
def recovery_capital_changes(client, today):
    """Capital and identity grow in abstinence, more so as a member, and are lost in use."""
    numbers = today.recovery_capital
    member = changes_through_mutual_aid(client, today)
    if client.use == IN_USE:
        client.capital -= numbers.loss_per_week_using * client.capital
        client.identity -= numbers.loss_per_week_using * client.identity
    elif client.use == ABSTINENT:
        reached = numbers.reached_alone
        if member:
            reached = min(1.0, reached + numbers.added_by_membership)
        client.capital += numbers.growth_per_week * (reached - client.capital)
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
    gained = 0.5 * (client.capital + client.identity) - today.recovery_capital.at_entry
    return today.mutual_aid.capital_share * gained * curves.per_capital_gained
