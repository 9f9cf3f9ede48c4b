"""A person of the tuned model (`tuned_mesa.py`): the classic one, faster."""

from __future__ import annotations

import math
from operator import attrgetter

from classic_mesa import LINKAGE_WINDOW, WEEKS_A_YEAR, Person

PER_PERSON_AND_YEAR = 1.0 / (1000.0 * WEEKS_A_YEAR)
SEEN = attrgetter("seen")


class TunedPerson(Person):
    """The same person, faster."""

    __slots__ = (
        "age", "attendance", "background", "builds_sober_ties", "capital", "company", "episodes",
        "ever_attended", "excess_by_age", "fit", "frailty", "had_contact_before",
        "has_followed_link", "has_psychiatric_need", "has_sat_in", "head_start", "identity",
        "involvement", "is_connected", "is_opioids", "is_woman", "link", "link_log_odds",
        "linkage_is_due", "meetings_are_held_here", "modality", "mood", "motivation", "numbers",
        "readiness", "seen", "sober_company", "stage", "steady_risk", "substance", "tolerance",
        "use", "used_since_discharge", "wants_abstinence", "weeks_abstinent", "weeks_in_stage",
        "weeks_since_asking", "weeks_since_discharge", "weeks_since_link", "weeks_using",
    )  # fmt: skip

    def __init__(self, model):
        super().__init__(model)
        self.numbers = model.by_substance[self.substance]
        self.is_opioids = self.substance == "opioids"
        self.motivation = self.readiness + self.mood

        use, deaths = model.numbers.return_to_use, model.numbers.deaths
        self.steady_risk = self.frailty + use.severity_log_hazard_ratio[self.substance]
        if self.has_psychiatric_need:
            self.steady_risk += use.psychiatric_need_log_hazard_ratio
        years = self.age - deaths.reference_age
        self.background = deaths.background["women" if self.is_woman else "men"]
        self.background *= math.exp(deaths.background_rise_per_year_of_age * years)
        self.excess_by_age = math.exp(deaths.excess_rise_per_year_of_age * years)
        if self.is_woman:
            self.excess_by_age *= deaths.women_excess_ratio

    def happens(self, probability):
        return self.model.throw() < probability

    def strikes(self, hazard):
        thrown = self.model.throw()  # 1 − exp(−h) is never above h
        return thrown < hazard and thrown < 1.0 - math.exp(-hazard)

    # --- the week ---------------------------------------------------------------------------

    def step(self):
        """The week; and whether this person is going to exchange somebody for somebody else."""
        at = self.numbers
        seen = list(map(SEEN, self.company))
        known = len(seen) - seen.count("dead")
        self.sober_company = seen.count("in recovery") / known if known else at.usual_company
        self.mood = mood = at.mood_kept * self.mood + at.mood_sd * at.normal()
        self.motivation = self.readiness + mood

        destination = WEEKS[self.stage](self)
        self.weeks_in_stage += 1
        self.weeks_since_asking += 1
        if self.weeks_since_discharge is not None:
            self.weeks_since_discharge += 1
        if self.weeks_since_link is not None:
            self.weeks_since_link += 1
        if destination:
            self.move(*destination)
        if self.stage == "waiting":
            self.perhaps_start_care()
        self.perhaps_die(at)
        if self.is_opioids:
            if self.use == "abstinent" and self.modality != "medication":
                self.tolerance *= at.tolerance_kept
            else:
                self.tolerance += (1.0 - self.tolerance) * at.tolerance_returns

        if self.use == "using":
            per_week = at.change_using
        elif self.builds_sober_ties and self.attendance in ("regular", "involved"):
            per_week = at.change_member
        else:
            per_week = at.change_alone
        return at.throw() < per_week * len(seen) and not (
            self.stage in ("dead", "detox") or self.modality == "residential"
        )

    def week_using(self):
        at = self.numbers
        self.take_or_leave_mutual_aid()
        self.capital *= at.kept_using
        self.identity *= at.kept_using
        thrown, hazard = at.throw(), at.stops_for_good[self.weeks_since_asking]
        if thrown < hazard and thrown < 1.0 - math.exp(-hazard):
            self.become_abstinent()
            self.head_start = at.head_start
            return "community", None
        if self.stops_for_now():
            return "community", None
        thrown, hazard = (
            at.throw(),
            at.seeks
            * math.exp(
                at.seeks_by_readiness * self.motivation
                + at.seeks_by_company * (self.sober_company - at.usual_company)
            ),
        )
        if thrown < hazard and thrown < 1.0 - math.exp(-hazard):
            return "waiting", None
        return None

    def week_waiting(self):
        at = self.numbers
        self.take_or_leave_mutual_aid()
        self.change_capital()
        self.use_or_not()
        if at.throw() < at.gives_up:
            return ("using" if self.use == "using" else "community"), None
        return None

    def week_community(self):
        at = self.numbers
        self.take_or_leave_mutual_aid()
        self.change_capital()
        self.use_or_not()
        if self.use == "using":
            return "using", None
        if self.use == "lapsed" and at.throw() < at.asks_in_a_lapse:
            return "waiting", None
        return None

    def chance_of_leaving_treatment(self):
        return self.model.leaves_treatment[self.modality][self.weeks_in_stage]

    # --- use --------------------------------------------------------------------------------

    def use_or_not(self):
        use = self.use
        if use == "abstinent":
            self.stay_abstinent_or_not()
        elif use == "lapsed":
            self.settle_a_lapse()
        else:
            self.stops_for_now()

    def stay_abstinent_or_not(self):
        at = self.numbers
        risk = self.steady_risk + at.return_by_readiness * self.motivation
        risk += at.by_modality[self.modality] - at.aid * self.share_of_mutual_aid()
        if self.link == "intensive":
            risk -= self.protection_by_intensive_sessions()
        hazard = at.returns[self.weeks_abstinent + self.head_start] * math.exp(risk)
        thrown = at.throw()
        if thrown >= hazard or thrown >= 1.0 - math.exp(-hazard):
            self.weeks_abstinent += 1
        elif at.throw() < at.lapse_share:
            self.lapse()
        else:
            self.return_to_use()

    def share_of_mutual_aid(self):
        at = self.numbers
        gained = (self.sober_company - at.usual_company) / at.company_span
        share = at.by_company * (gained if gained < 1.0 else 1.0)
        held = self.capital + at.identity_weight * (self.identity - self.capital)
        share += at.by_capital * (held - at.at_entry) / (1.0 - at.at_entry)
        if self.attendance not in ("never", "left"):
            share += at.by_involvement * self.involvement + at.by_presence * self.presence()
        return share

    def stops_for_now(self):
        at = self.numbers
        hazard = at.stops[self.weeks_using] * math.exp(at.stops_by_readiness * self.motivation)
        if self.modality in ("psychosocial", "medication"):
            hazard *= at.stops_in_treatment
        thrown = at.throw()
        if thrown < hazard and thrown < 1.0 - math.exp(-hazard):
            self.become_abstinent()
            return True
        self.weeks_using += 1
        return False

    # --- mutual aid and capital ---------------------------------------------------------------

    def take_or_leave_mutual_aid(self):
        at, attendance = self.numbers, self.attendance
        if attendance in ("regular", "involved"):
            self.be_a_member()
        elif attendance == "trying":
            self.try_it()
        else:
            since = self.weeks_since_link
            if since is not None and since < LINKAGE_WINDOW and not self.has_followed_link:
                hazard = self.hazard_of_going()
            else:
                hazard = at.goes_back if attendance == "left" else at.goes_later
            thrown = at.throw()
            if thrown < hazard and thrown < 1.0 - math.exp(-hazard):
                self.attendance = "trying"
                self.meet()
            self.involvement *= at.involvement_kept

    def be_a_member(self):
        at = self.numbers
        hazard = at.leaves_regular * self.ratio_of_leaving()
        hazard *= math.exp(-at.leaves_by_involvement * self.involvement)
        thrown = at.throw()
        if thrown < hazard and thrown < 1.0 - math.exp(-hazard):
            self.attendance = "left"
            return
        if at.throw() < at.meets:
            self.meet()
        level = at.usual_level + at.level_by_fit * self.fit
        level += at.level_by_readiness * self.motivation
        if self.link == "intensive":
            level += at.level_by_link
        self.involvement += at.grows * (min(max(level, 0.0), 1.0) - self.involvement)
        self.attendance = "involved" if self.involvement >= at.is_involved else "regular"

    def ratio_of_leaving(self):
        at = self.numbers
        by_fit, by_readiness = at.leaves_by_fit * self.fit, at.leaves_by_readiness * self.motivation
        ratio = math.exp(-by_fit - by_readiness)
        return ratio * at.leaves_using if self.use == "using" else ratio

    def change_capital(self):
        at, use = self.numbers, self.use
        if use == "using":
            self.capital *= at.kept_using
            self.identity *= at.kept_using
        elif use == "abstinent":
            if self.attendance in ("regular", "involved"):
                self.capital += at.capital_grows * (at.capital_member - self.capital)
                self.identity += at.identity_grows * (1.0 - self.identity)
            else:
                self.capital += at.capital_grows * (at.capital_alone - self.capital)
                self.identity += at.identity_grows_alone * (at.identity_alone - self.identity)

    # --- death ------------------------------------------------------------------------------

    def perhaps_die(self, at):
        use = self.use
        if self.modality == "medication":
            overdose, excess = at.overdose_on_medication, at.excess_on_medication
            if 0 < self.weeks_in_stage <= at.first_weeks:
                overdose *= at.first_weeks_ratio
        else:
            excess = at.excess[use]
            if use == "abstinent":
                overdose = at.overdose_abstinent
            else:
                overdose = at.overdose_using * (1.0 + at.lost_tolerance * (1.0 - self.tolerance))
        other = self.background * at.background_by_now
        other += excess * self.excess_by_age * at.excess_by_now
        hazard, thrown = (overdose + other) * PER_PERSON_AND_YEAR, at.throw()
        if thrown < hazard and thrown < 1.0 - math.exp(-hazard):
            by_overdose = at.throw() < overdose / (overdose + other)
            self.stage, self.modality = "dead", None
            self.model.died_of["overdose" if by_overdose else "other"] += 1

    # --- company ----------------------------------------------------------------------------

    def change_company(self):
        """For those who are going to, as `step` found."""
        at = self.numbers
        as_member = self.use != "using" and self.is_member and self.builds_sober_ties
        self.exchange_somebody(at.reached_by_members if as_member else at.usual_company)


WEEKS = {
    "using": TunedPerson.week_using,
    "waiting": TunedPerson.week_waiting,
    "detox": TunedPerson.week_detox,
    "treatment": TunedPerson.week_treatment,
    "community": TunedPerson.week_community,
}
