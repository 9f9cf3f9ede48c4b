"""Take-home naloxone: some overdoses that would have killed are reversed by whoever is there.

Overdose rates are calibrated to deaths under today's coverage, so today's changes nothing: what
acts is only how far coverage differs from it.
"""

from recoverysim.compiled import rule
from recoverysim.quantities import parameters, quantity

parameters(
    "naloxone",
    carried_today_share=quantity(
        0.30, "share", 0.15, 0.60, whole_run=True,
        note="of people with opioid dependence: naloxone is at hand today, in them or in company",
    ),
    carried_share=quantity(
        0.30, "share", lever=True, moves_with="naloxone.carried_today_share",
        note="the same, as a scenario sets it; as it is today, whatever that is, unless set",
    ),
    averts_share=quantity(
        0.35, "share", 0.10, 0.60, bounds=(0, 0.9),
        note="of deaths from opioid overdose where naloxone is at hand: somebody has to be there, "
        "awake, and use it. Many die alone",
    ),
)  # fmt: skip


@rule
def naloxone_ratio(today):
    """Ratio of deaths from opioid overdose to those under today's coverage; exactly 1 under it."""
    if not today.mechanisms.naloxone:
        return 1.0
    averts = today.naloxone.averts_share
    return (1.0 - today.naloxone.carried_share * averts) / (
        1.0 - today.naloxone.carried_today_share * averts
    )
