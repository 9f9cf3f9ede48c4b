"""Volunteers phone people who do not go to mutual aid, and some go to a meeting for it."""

from recoverysim.plugins import Now, Week, mechanism, outcome, parameters, quantity

parameters(
    "phone_calls",
    reached_per_week=quantity(0, "per week", lever=True, note="none today: a volunteers' scheme"),
    goes_share=quantity(0.02, "share", 0, 0.05, note="of calls after which somebody goes"),
)


@mechanism("volunteers phone people who do not go to mutual aid")
def phone_calls(week: Week) -> None:
    """Each week some people are reached; of those, some go to a meeting."""
    away = week.out_of_care & ~week.going
    reached = week.happens("is reached", week.today.phone_calls.reached_per_week, among=away)
    goes = week.happens("goes after a call", week.today.phone_calls.goes_share, among=reached)
    week.go_to_a_meeting(goes)
    week.column("calls")[reached] += 1


@outcome("Phoned, and going")
def phoned_and_going(now: Now):
    """Who has been reached by a call and goes to mutual aid now."""
    return (now.column("calls") > 0) & now.going


@outcome("Calls", unit="calls per 1,000 people who started")
def calls(now: Now) -> float:
    """Over the whole time so far."""
    return 1000 * now.column("calls").mean()
