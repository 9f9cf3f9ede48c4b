"""The journeys of recoverysim as a classic Mesa model: people as objects, each with its own step.

Written as a Mesa user would write it, and without a line from recoverysim's rules: only the values
of the parameters and the scenario's changes to them come from there. It serves as a second opinion
on what the rules say (`equal.py`), and as the yardstick of speed.

    python benchmarks/classic_mesa.py [clients] [weeks]
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from types import SimpleNamespace

import mesa
import networkx as nx
import numpy as np

from recoverysim.quantities import all_quantities
from recoverysim.scenario import load

WEEKS_A_YEAR = 52
LINKAGE_WINDOW = 12
DAYS_30, DAYS_90 = 4, 13


class Stranger:
    """Somebody outside the model whom a person knows."""

    def __init__(self, seen):
        self.seen = seen


SOBER_STRANGER = Stranger("in recovery")
USING_STRANGER = Stranger("using")
STRANGERS = {stranger.seen: stranger for stranger in (SOBER_STRANGER, USING_STRANGER)}


def log_odds(probability):
    return math.log(probability / (1.0 - probability))


class Person(mesa.Agent):
    """Somebody on the way from asking for help."""

    def __init__(self, model):
        super().__init__(model)
        who, rng = model.numbers.population, model.rng
        shares = who.substance_share
        weights = np.array(list(shares.values()))
        self.substance = str(rng.choice(list(shares), p=weights / weights.sum()))
        self.is_woman = self.happens(who.women_share)
        self.age = max(rng.normal(who.mean_age[self.substance], who.age_sd), who.youngest)
        self.has_psychiatric_need = self.happens(who.psychiatric_need_share)
        self.wants_abstinence = self.happens(who.abstinence_is_the_goal_share)
        self.had_contact_before = self.happens(who.earlier_contact_share)
        self.builds_sober_ties = not self.happens(
            model.numbers.company.never_build_sober_ties_share
        )
        lasting = model.numbers.motivation.lasting_share
        self.readiness = rng.normal(0.0, math.sqrt(lasting))
        self.mood = rng.normal(0.0, math.sqrt(1.0 - lasting))
        self.frailty = rng.normal(0.0, model.numbers.return_to_use.frailty_sd)
        self.fit = self.fit_of_this_person()

        self.stage = "waiting"
        self.modality = None
        self.use = "using"
        self.weeks_in_stage = 0
        self.weeks_abstinent = 0
        self.weeks_using = 0
        self.head_start = 0
        self.weeks_since_asking = 0
        self.weeks_since_discharge = None
        self.used_since_discharge = False
        self.episodes = 0
        self.tolerance = 1.0

        self.attendance = "never"
        self.involvement = 0.0
        self.linkage_is_due = False
        self.link = "none"
        self.link_log_odds = 0.0
        self.meetings_are_held_here = False
        self.has_sat_in = False
        self.weeks_since_link = None
        self.has_followed_link = False
        self.ever_attended = False
        self.is_connected = False

        self.capital = self.identity = model.numbers.recovery_capital.at_entry
        self.company = []
        self.sober_company = 0.0
        self.seen = "using"

    def fit_of_this_person(self):
        """Over everybody its mean is 0 and its variance 1, however much of it is faith."""
        who = self.model.numbers.population
        step, without_faith = who.faith_moves_fit, 1.0 - who.religious_share - who.unsure_share
        mean = step * (who.religious_share - without_faith)
        variance = step**2 * (who.religious_share + without_faith) - mean**2
        return self.pull_of_faith() - mean + self.model.rng.normal(0.0, math.sqrt(1.0 - variance))

    def pull_of_faith(self):
        who = self.model.numbers.population
        chosen = self.model.rng.random()
        if chosen < who.religious_share:
            return who.faith_moves_fit
        if chosen < who.religious_share + who.unsure_share:
            return 0.0
        return -who.faith_moves_fit

    # --- chance -----------------------------------------------------------------------------

    def happens(self, probability):
        return self.model.rng.random() < probability

    def strikes(self, hazard):
        return self.model.rng.random() < 1.0 - math.exp(-hazard)

    # --- what a person is -------------------------------------------------------------------

    @property
    def motivation(self):
        return self.readiness + self.mood

    @property
    def is_abstinent(self):
        return self.use == "abstinent"

    @property
    def is_abstinent_since_discharge(self):
        been_discharged = self.weeks_since_discharge is not None
        return self.is_abstinent and been_discharged and not self.used_since_discharge

    @property
    def is_dead(self):
        return self.stage == "dead"

    @property
    def is_protected(self):
        """In detox or residential care, where nobody uses."""
        return self.stage == "detox" or self.modality == "residential"

    @property
    def is_in_care(self):
        return self.stage in ("detox", "treatment")

    @property
    def is_attending(self):
        return self.attendance not in ("never", "left")

    @property
    def is_member(self):
        return self.attendance in ("regular", "involved")

    @property
    def knows_meetings(self):
        return self.had_contact_before or self.ever_attended

    @property
    def effect_of_mutual_aid(self):
        effect = self.model.numbers.mutual_aid.total_log_hazard_ratio
        if self.substance == "opioids":
            effect *= self.model.numbers.mutual_aid.for_opioids_share
        return effect

    # --- the week ---------------------------------------------------------------------------

    def step(self):
        """See others; live by the stage; go where one wants to go; perhaps die."""
        self.look_around()
        self.drift_in_motivation()
        destination = getattr(self, f"week_{self.stage}")()
        self.count_the_week()
        if destination:
            self.move(*destination)
        if self.stage == "waiting":
            self.perhaps_start_care()
        self.perhaps_die()
        if self.substance == "opioids":
            self.change_tolerance()

    def count_the_week(self):
        self.weeks_in_stage += 1
        self.weeks_since_asking += 1
        if self.weeks_since_discharge is not None:
            self.weeks_since_discharge += 1
        if self.weeks_since_link is not None:
            self.weeks_since_link += 1

    def look_around(self):
        seen = [other.seen for other in self.company if other.seen != "dead"]
        if seen:
            self.sober_company = seen.count("in recovery") / len(seen)
        else:
            self.sober_company = self.model.numbers.company.in_recovery_at_entry_share

    def drift_in_motivation(self):
        numbers = self.model.numbers.motivation
        kept = 0.5 ** (1.0 / numbers.half_life_weeks)
        variance = (1.0 - numbers.lasting_share) * (1.0 - kept**2)
        self.mood = kept * self.mood + self.model.rng.normal(0.0, math.sqrt(variance))

    # --- stages: each returns where to go next, or None ---------------------------------------

    def week_using(self):
        self.take_or_leave_mutual_aid()
        self.change_capital()
        if self.stops_for_good() or self.stops_for_now():
            return "community", None
        if self.asks_for_help():
            return "waiting", None
        return None

    def week_waiting(self):
        self.take_or_leave_mutual_aid()
        self.change_capital()
        self.use_or_not()
        if self.happens(self.model.numbers.waiting.gives_up_per_week):
            return ("using" if self.use == "using" else "community"), None
        return None

    def week_detox(self):
        detox = self.model.numbers.detox
        self.be_linked()
        self.perhaps_sit_in()
        self.take_or_leave_mutual_aid()
        self.change_capital()
        length = detox.lasts_weeks[self.substance]
        if self.happens(1.0 - detox.completed_share[self.substance] ** (1.0 / length)):
            if self.happens(self.model.numbers.return_to_use.at_once_after_leaving_early_share):
                self.return_to_use()
                return "using", None
            return "community", None
        if self.weeks_in_stage + 1 < length:
            return None
        if not self.happens(detox.goes_on_to_treatment_share):
            return "community", None
        if self.happens(detox.on_to_residential_share):
            return "treatment", "residential"
        return "treatment", "psychosocial"

    def week_treatment(self):
        self.be_linked()
        if self.is_protected:
            self.perhaps_sit_in()
        self.take_or_leave_mutual_aid()
        self.change_capital()
        if self.modality != "residential":
            self.use_or_not()
        treatment = self.model.numbers.treatment
        if self.happens(self.chance_of_leaving_treatment()):
            planned = self.modality == "medication" and self.is_abstinent
            planned = planned and self.happens(treatment.leaves_medication_as_planned_share)
            if not planned and self.is_abstinent and self.modality != "psychosocial":
                if self.happens(self.model.numbers.return_to_use.at_once_after_leaving_early_share):
                    self.return_to_use()
            return self.home()
        if self.weeks_in_stage + 1 >= treatment.planned_end_weeks[self.modality]:
            return self.home()
        return self.other_care() if self.use == "using" else None

    def week_community(self):
        self.take_or_leave_mutual_aid()
        self.change_capital()
        self.use_or_not()
        if self.use == "using":
            return "using", None
        if self.use == "lapsed":
            if self.happens(self.model.numbers.community.asks_for_help_in_a_lapse_per_week):
                return "waiting", None
        return None

    def chance_of_leaving_treatment(self):
        """Weibull retention: steep at first, then slower."""
        treatment = self.model.numbers.treatment
        at_weeks = treatment.retained_at_weeks[self.modality]
        shape = treatment.retention_shape[self.modality]
        now = (self.weeks_in_stage / at_weeks) ** shape
        then = ((self.weeks_in_stage + 1) / at_weeks) ** shape
        return 1.0 - treatment.retained_share[self.modality] ** (then - now)

    def home(self):
        return ("using" if self.use == "using" else "community"), None

    def other_care(self):
        treatment = self.model.numbers.treatment
        if self.substance == "opioids" and self.modality == "psychosocial":
            if self.happens(treatment.changes_to_medication_per_week):
                return "treatment", "medication"
        if self.wants_abstinence and self.happens(treatment.asks_for_detox_per_week):
            return "detox", None
        return None

    # --- use --------------------------------------------------------------------------------

    def use_or_not(self):
        if self.is_abstinent:
            self.stay_abstinent_or_not()
        elif self.use == "lapsed":
            self.settle_a_lapse()
        else:
            self.stops_for_now()

    def stay_abstinent_or_not(self):
        numbers = self.model.numbers.return_to_use
        scale = numbers.scale_weeks[self.substance]
        weeks = self.weeks_abstinent + self.head_start
        now = math.log(1.0 + (weeks / scale) ** numbers.shape)
        then = math.log(1.0 + ((weeks + 1) / scale) ** numbers.shape)
        if not self.strikes((then - now) * math.exp(self.log_risk_of_use())):
            self.weeks_abstinent += 1
        elif self.happens(numbers.lapse_share[self.substance]):
            self.lapse()
        else:
            self.return_to_use()

    def log_risk_of_use(self):
        numbers = self.model.numbers.return_to_use
        risk = self.frailty + numbers.severity_log_hazard_ratio[self.substance]
        risk += numbers.readiness_log_hazard_ratio * self.motivation
        if self.has_psychiatric_need:
            risk += numbers.psychiatric_need_log_hazard_ratio
        if self.modality == "medication":
            risk += math.log(numbers.on_medication_hazard_ratio)
        elif self.modality == "psychosocial":
            risk += math.log(numbers.in_treatment_hazard_ratio)
        return risk - self.protection_by_mutual_aid() - self.protection_by_intensive_sessions()

    def protection_by_mutual_aid(self):
        """Through going, taking part, company, and capital with identity: parts of one effect."""
        aid = self.model.numbers.mutual_aid
        company = self.model.numbers.company
        capital = self.model.numbers.recovery_capital
        usual = company.in_recovery_at_entry_share
        gained = (self.sober_company - usual) / (company.reached_by_members_share - usual)
        share = aid.company_share * min(gained, 1.0)
        weight = capital.identity_weight
        held = (1.0 - weight) * self.capital + weight * self.identity
        share += aid.capital_share * (held - capital.at_entry) / (1.0 - capital.at_entry)
        if self.is_attending:
            share += aid.involvement_share * self.involvement
            share += aid.presence_share * self.presence()
        return self.effect_of_mutual_aid * share

    def presence(self):
        aid = self.model.numbers.mutual_aid
        if aid.dose_shape == 2:
            return self.involvement
        if self.is_member:
            return 1.0
        if aid.dose_shape == 1:
            return aid.meetings_while_trying**aid.concave_power
        return 0.0

    def protection_by_intensive_sessions(self):
        linkage = self.model.numbers.linkage
        if self.link != "intensive" or self.weeks_since_link >= linkage.intensive_content_weeks:
            return 0.0
        return linkage.intensive_content_log_hazard_ratio * linkage.fidelity["intensive"]

    def settle_a_lapse(self):
        numbers = self.model.numbers.return_to_use
        if self.happens(numbers.lapse_is_got_over_per_week):
            self.become_abstinent()
        elif self.happens(numbers.lapse_becomes_return_per_week[self.substance]):
            self.return_to_use()

    def stops_for_now(self):
        numbers = self.model.numbers.becoming_abstinent
        hazard = numbers.per_week[self.substance]
        hazard *= (1.0 + self.weeks_using / numbers.slows_after_weeks) ** -numbers.slows_with_power
        hazard *= math.exp(numbers.readiness_log_hazard_ratio * self.motivation)
        if self.modality in ("psychosocial", "medication"):
            hazard *= numbers.in_treatment_ratio
        if self.strikes(hazard):
            self.become_abstinent()
            return True
        self.weeks_using += 1
        return False

    def stops_for_good(self):
        numbers = self.model.numbers.remission_without_help
        hazard = math.log(2.0) / (numbers.half_life_years[self.substance] * WEEKS_A_YEAR)
        since = self.weeks_since_asking / numbers.crisis_half_life_weeks
        hazard += numbers.crisis_peak_per_week * 0.5**since
        if self.strikes(hazard):
            self.become_abstinent()
            self.head_start = int(numbers.head_start_weeks)
            return True
        return False

    def asks_for_help(self):
        numbers = self.model.numbers.using
        usual = self.model.numbers.company.in_recovery_at_entry_share
        hazard = numbers.seeks_help_per_week[self.substance] * math.exp(
            numbers.seeks_help_per_readiness_log_ratio * self.motivation
            + numbers.seeks_help_when_seeing_recovery_log_ratio * (self.sober_company - usual)
        )
        return self.strikes(hazard)

    def become_abstinent(self):
        self.use = "abstinent"
        self.weeks_abstinent = 0
        self.weeks_using = 0

    def lapse(self):
        self.use = "lapsed"
        self.weeks_abstinent = 0
        self.head_start = 0
        self.used_since_discharge = True

    def return_to_use(self):
        self.lapse()
        self.use = "using"
        self.weeks_using = 0

    # --- mutual aid -------------------------------------------------------------------------

    def be_linked(self):
        """Once in an episode of care somebody may offer a link, the most active kind on offer."""
        if not self.linkage_is_due:
            return
        linkage = self.model.numbers.linkage
        self.linkage_is_due = False
        self.has_sat_in = False
        self.weeks_since_link = 0
        self.has_followed_link = False
        self.link = "none"
        for kind in ("intensive", "peer", "clinician", "leaflet"):
            if self.happens(linkage.offered_share[kind]):
                self.link = kind
                break
        anyway = log_odds(linkage.first_meeting["none"])
        added = log_odds(linkage.first_meeting[self.link]) - anyway
        added *= linkage.fidelity[self.link]
        if self.knows_meetings:
            added *= linkage.after_earlier_contact_ratio
        self.link_log_odds = anyway + added

    def perhaps_sit_in(self):
        """In a bed, where members of a fellowship come in and hold a meeting."""
        numbers = self.model.numbers.on_the_premises
        if self.weeks_in_stage == 0:
            self.meetings_are_held_here = self.happens(numbers.held_share)
        if not self.meetings_are_held_here or self.has_sat_in:
            return
        ratio = math.exp(self.inclination_to_go())
        if self.link in ("clinician", "intensive", "peer"):
            fidelity = self.model.numbers.linkage.fidelity[self.link]
            ratio *= 1.0 + (numbers.introduced_hazard_ratio - 1.0) * fidelity
        self.has_sat_in = self.strikes(-math.log(1.0 - numbers.goes_share) * ratio)

    def inclination_to_go(self):
        numbers = self.model.numbers.attendance
        inclined = numbers.readiness_log_odds * self.motivation + numbers.fit_log_odds * self.fit
        if self.knows_meetings:
            inclined += numbers.earlier_contact_log_odds
        return inclined

    def take_or_leave_mutual_aid(self):
        if self.is_member:
            self.be_a_member()
        elif self.attendance == "trying":
            self.try_it()
        else:
            if self.strikes(self.hazard_of_going()):
                self.attendance = "trying"
                self.meet()
            self.involvement *= self.model.numbers.involvement.kept_after_leaving_per_week

    def hazard_of_going(self):
        numbers = self.model.numbers.attendance
        if self.weeks_since_link is not None and not self.linkage_is_due:
            if self.weeks_since_link < LINKAGE_WINDOW and not self.has_followed_link:
                odds = self.link_log_odds + self.inclination_to_go()
                if self.has_sat_in:
                    odds += self.model.numbers.on_the_premises.carry_over_log_odds
                return math.log(1.0 + math.exp(odds)) / LINKAGE_WINDOW
        if self.attendance == "left":
            return numbers.return_to_meetings_per_week
        return numbers.first_meeting_later_per_week

    def try_it(self):
        numbers = self.model.numbers.attendance
        if self.strikes(numbers.leave_while_trying_per_week * self.ratio_of_leaving()):
            self.attendance = "left"
        elif self.strikes(numbers.become_regular_per_week):
            self.attendance = "regular"
            self.meet()
        elif self.happens(numbers.meeting_while_trying_share):
            self.meet()

    def be_a_member(self):
        numbers = self.model.numbers.attendance
        hazard = numbers.leave_when_regular_per_week * self.ratio_of_leaving()
        hazard *= math.exp(-numbers.leave_per_involvement_log_ratio * self.involvement)
        if self.strikes(hazard):
            self.attendance = "left"
            return
        if self.happens(numbers.meeting_when_regular_share):
            self.meet()
        involvement = self.model.numbers.involvement
        level = involvement.usual_level + involvement.added_by_fit * self.fit
        level += involvement.added_by_readiness * self.motivation
        if self.link == "intensive":
            fidelity = self.model.numbers.linkage.fidelity["intensive"]
            level += involvement.added_by_intensive * fidelity
        level = min(max(level, 0.0), 1.0)
        self.involvement += involvement.growth_per_week * (level - self.involvement)
        is_involved = self.involvement >= involvement.counts_as_involved
        self.attendance = "involved" if is_involved else "regular"

    def ratio_of_leaving(self):
        numbers = self.model.numbers.attendance
        ratio = math.exp(
            -numbers.leave_per_fit_log_ratio * self.fit
            - numbers.leave_per_readiness_log_ratio * self.motivation
        )
        if self.use == "using":
            ratio *= numbers.leave_while_using_ratio
        return ratio

    def meet(self):
        self.ever_attended = True
        self.has_followed_link = True
        if self.modality == "medication":
            self.is_connected |= self.weeks_in_stage < 12
        elif not self.is_in_care and self.weeks_since_discharge is not None:
            self.is_connected |= self.weeks_since_discharge < 4

    # --- capital and tolerance ----------------------------------------------------------------

    def change_capital(self):
        numbers = self.model.numbers.recovery_capital
        if self.use == "using":
            self.capital *= 1.0 - numbers.loss_per_week_using
            self.identity *= 1.0 - numbers.loss_per_week_using
        elif self.is_abstinent:
            goal, speed = numbers.reached_alone, numbers.identity_growth_alone_per_week
            identity_goal = numbers.identity_reached_alone
            if self.is_member:
                goal, speed = goal + numbers.added_by_membership, numbers.identity_growth_per_week
                identity_goal = 1.0
            self.capital += numbers.growth_per_week * (goal - self.capital)
            self.identity += speed * (identity_goal - self.identity)

    def change_tolerance(self):
        numbers = self.model.numbers.deaths
        if self.is_abstinent and self.modality != "medication":
            self.tolerance *= 0.5 ** (1.0 / numbers.tolerance_half_life_weeks)
        else:
            self.tolerance += (1.0 - self.tolerance) * numbers.tolerance_returns_per_week

    def lose_the_cover_of_medication(self):
        kept = 1.0 - self.model.numbers.deaths.after_medication_causal_share
        self.tolerance = min(self.tolerance, kept)

    # --- places -----------------------------------------------------------------------------

    def perhaps_start_care(self):
        care = self.model.numbers.care
        if not self.happens(care.started_within_a_week_share):
            return
        self.episodes += 1
        self.linkage_is_due = True
        detox = care.detox_first_share[self.substance]
        if self.wants_abstinence:
            detox *= care.detox_first_if_abstinence_is_the_goal_ratio
        if not self.is_abstinent and self.happens(detox):
            self.move("detox", None)
        elif self.happens(care.residential_share[self.substance]):
            self.move("treatment", "residential")
        elif self.substance == "opioids" and self.happens(care.medication_share):
            self.move("treatment", "medication")
        else:
            self.move("treatment", "psychosocial")

    def move(self, stage, modality):
        leaves_care = self.is_in_care and stage in ("using", "community")
        if self.modality == "medication" and stage != "treatment":
            self.lose_the_cover_of_medication()
        self.stage, self.modality = stage, modality
        self.weeks_in_stage = 0
        if stage == "waiting":
            self.weeks_since_asking = 0
            self.weeks_using = 0
        if leaves_care:
            if self.weeks_since_discharge is None:
                self.used_since_discharge = not self.is_abstinent
            self.weeks_since_discharge = 0
        if self.is_protected:
            self.become_abstinent()
            self.head_start = 0

    # --- death ------------------------------------------------------------------------------

    def perhaps_die(self):
        a_week = 1.0 / (1000.0 * WEEKS_A_YEAR)
        overdose, other = self.overdose_rate() * a_week, self.other_death_rate() * a_week
        if self.strikes(overdose + other):
            by_overdose = self.happens(overdose / (overdose + other))
            self.stage, self.modality = "dead", None
            self.model.died_of["overdose" if by_overdose else "other"] += 1

    def overdose_rate(self):
        deaths = self.model.numbers.deaths
        if self.modality == "medication":
            rate = deaths.overdose_on_medication
            if 0 < self.weeks_in_stage <= deaths.first_weeks_on_medication:
                rate *= deaths.first_weeks_on_medication_ratio
        elif self.is_abstinent:
            rate = deaths.overdose_abstinent
        else:
            rate = deaths.overdose_using[self.substance]
            if self.substance == "opioids":
                rate *= 1.0 + (deaths.lost_tolerance_ratio - 1.0) * (1.0 - self.tolerance)
        return rate * deaths.overdose_level

    def other_death_rate(self):
        """What anybody of that age and sex dies of, and the excess of this state above it."""
        deaths = self.model.numbers.deaths
        years = self.age + self.model.week / WEEKS_A_YEAR - deaths.reference_age
        excess = self.excess_death_rate() * math.exp(deaths.excess_rise_per_year_of_age * years)
        background = deaths.background["women" if self.is_woman else "men"]
        background *= math.exp(deaths.background_rise_per_year_of_age * years)
        return background + excess * (deaths.women_excess_ratio if self.is_woman else 1.0)

    def excess_death_rate(self):
        deaths = self.model.numbers.deaths
        if self.modality == "medication":
            return deaths.excess_on_medication
        rate = deaths.excess_using[self.substance]
        if self.is_abstinent:
            return rate * deaths.excess_abstinent_ratio[self.substance]
        if self.use == "lapsed":
            return rate * deaths.excess_lapsed_ratio[self.substance]
        return rate

    # --- company ----------------------------------------------------------------------------

    def change_company(self):
        """Perhaps exchange somebody for somebody of the other kind."""
        if self.is_dead or self.is_protected:
            return
        company = self.model.numbers.company
        per_week, share = company.change_alone_per_week, company.in_recovery_at_entry_share
        if self.use == "using":
            per_week = company.change_while_using_per_week
        elif self.is_member and self.builds_sober_ties:
            per_week, share = company.change_as_member_per_week, company.reached_by_members_share
        if self.happens(per_week * len(self.company)):
            self.exchange_somebody(share)

    def exchange_somebody(self, share):
        """Anybody of one's company for somebody who is in recovery, or not."""
        company = self.model.numbers.company
        place = self.model.rng.integers(len(self.company))
        wanted = "in recovery" if self.happens(share) else "using"
        if self.company[place].seen == wanted:
            return
        self.lose_touch(place)
        found = None
        if self.happens(company.met_through_friends_share):
            found = self.friend_of_a_friend(wanted)
        if found is None:
            self.company[place] = STRANGERS[wanted]
        else:
            self.company[place] = found
            found.company[found.spare_place(self.seen)] = self

    def lose_touch(self, place):
        """A client who is left finds a stranger like the one who went."""
        other = self.company[place]
        self.company[place] = None
        if isinstance(other, Person):
            other.company[other.company.index(self)] = STRANGERS[self.seen]

    def friend_of_a_friend(self, wanted):
        """The first one of the wanted kind, looking round from a random friend of a random one."""
        first = self.model.rng.integers(len(self.company))
        second = self.model.rng.integers(len(self.company))
        for friend in self.company[first:] + self.company[:first]:
            if isinstance(friend, Person) and friend.seen != "dead":
                for other in friend.company[second:] + friend.company[:second]:
                    if isinstance(other, Person) and self.could_meet(other, wanted):
                        return other
        return None

    def could_meet(self, other, wanted):
        if other is self or other.seen != wanted or other in self.company:
            return False
        return other.spare_place(wanted) is not None

    def spare_place(self, like):
        """A place in one's company that a stranger holds, one of this kind if there is any."""
        for spare in (STRANGERS[like], USING_STRANGER, SOBER_STRANGER):
            if spare in self.company:
                return self.company.index(spare)
        return None

    def show(self):
        """What others see of this person next week."""
        if self.is_dead:
            self.seen = "dead"
            self.model.bury(self)
            return
        seen_after = self.model.numbers.company.recovery_is_seen_after_weeks
        if self.is_abstinent and self.weeks_abstinent >= seen_after:
            self.seen = "in recovery"
        else:
            self.seen = "using"


class RecoveryModel(mesa.Model):
    """People who start a treatment journey together, week by week."""

    kind_of_person = Person

    def __init__(self, clients, seed=None, scenario="baseline"):
        super().__init__(rng=seed)
        self.week = 0
        chosen = load(scenario)
        self.changes = dict(chosen.changes)
        if not all(on for _, on in chosen.mechanisms) or (chosen.network != "small-world"):
            raise ValueError("this model has every mechanism on, in a small world")
        self.numbers = self.numbers_this_week()
        self.died_of = Counter()
        self.of_the_dead = Counter()
        people = self.kind_of_person.create_agents(self, clients)
        self.make_company(list(people))
        people.do("perhaps_start_care")
        people.do("look_around")

    def make_company(self, people):
        """A small world, and strangers in the places that it leaves open.

        Of the whole company a given share is in recovery, and nobody in the cohort is yet.
        """
        company = self.numbers.company
        network = self.numbers.network
        slots = int(company.slots)
        graph = nx.watts_strogatz_graph(
            len(people), int(network.mean_ties), network.rewired_share,
            seed=int(self.rng.integers(2**32)),
        )  # fmt: skip
        for one, other in graph.edges:
            if len(people[one].company) < slots and len(people[other].company) < slots:
                people[one].company.append(people[other])
                people[other].company.append(people[one])
        for person in people:
            strangers = slots - len(person.company)
            for _ in range(strangers):
                sober = person.happens(company.in_recovery_at_entry_share * slots / strangers)
                person.company.append(SOBER_STRANGER if sober else USING_STRANGER)

    def step(self):
        """Everybody lives a week; company changes; then people show how they are."""
        if self.changes:
            self.numbers = self.numbers_this_week()
        self.agents.shuffle_do("step")
        self.agents.shuffle_do("change_company")
        self.agents.do("show")
        self.week += 1

    def bury(self, person):
        """Keep what is counted of the dead; they leave the model."""
        self.of_the_dead["ever_attended"] += person.ever_attended
        self.of_the_dead["connected"] += person.is_connected
        self.of_the_dead["readmissions"] += max(person.episodes - 1, 0)
        person.remove()

    def numbers_this_week(self):
        """Every parameter in force: `numbers.detox.lasts_weeks["alcohol"]`, `numbers.care.…`."""
        numbers = SimpleNamespace()
        for key, quantity in all_quantities().items():
            section, *member, name = key.split(".")
            value = self.value_this_week(quantity.value, self.changes.get(key, ()))
            here = numbers.__dict__.setdefault(section, SimpleNamespace())
            if member:
                here.__dict__.setdefault(name, {})[member[0]] = value
            else:
                setattr(here, name, value)
        return numbers

    def value_this_week(self, value, changes):
        for change in changes:
            over = change.until_week is not None and self.week >= change.until_week
            if self.week < change.from_week or over:
                continue
            weeks = self.week + 1 - change.from_week
            done = min(weeks / change.ramp_weeks, 1.0) if change.ramp_weeks else 1.0
            value += done * (change.value - value)
        return value

    def count(self):
        """How many people there are of each kind; the dead keep what they had reached."""
        counts = Counter(self.of_the_dead)
        for person in self.agents:
            counts[f"stage_{person.stage}"] += 1
            counts["ever_attended"] += person.ever_attended
            counts["connected"] += person.is_connected
            counts["readmissions"] += max(person.episodes - 1, 0)
            counts["attending"] += person.is_attending
            counts["member"] += person.is_member
            counts["involved"] += person.attendance == "involved"
            counts["company_in_recovery_percent"] += int(100.0 * person.sober_company + 0.5)
            if person.is_abstinent:
                counts["use_abstinent"] += 1
                counts["abstinent_30_days"] += person.weeks_abstinent >= DAYS_30
                counts["abstinent_90_days"] += person.weeks_abstinent >= DAYS_90
                counts["since_discharge"] += person.is_abstinent_since_discharge
                counts["at_least_1_year"] += person.weeks_abstinent >= WEEKS_A_YEAR
                counts["medication_abstinent"] += person.modality == "medication"
        counts["stage_dead"] = self.died_of.total()
        counts["deaths_overdose"] = self.died_of["overdose"]
        return counts


def run(clients, weeks, seed, scenario="baseline", kind_of_model=RecoveryModel):
    """Counts of people by the name of each outcome: integer arrays of one number a week."""
    model = kind_of_model(clients, seed, scenario)
    history = [model.count()]
    for _ in range(weeks):
        model.step()
        history.append(model.count())
    names = sorted(set().union(*history))
    return {name: np.array([counts[name] for counts in history]) for name in names}


def seconds(clients, weeks, seed=1, scenario="baseline", kind_of_model=RecoveryModel):
    """CPU seconds of the weeks, counting included; people and ties are made outside the clock."""
    model = kind_of_model(clients, seed, scenario)
    start = time.process_time()
    for _ in range(weeks):
        model.step()
        model.count()
    return time.process_time() - start


if __name__ == "__main__":
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    weeks = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    print(f"{seconds(clients, weeks) / (clients * weeks) * 1e9:.0f} ns per client-week")
