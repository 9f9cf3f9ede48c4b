"""What a week asks of people in the tuned model (`tuned_mesa.py`), looked up once."""

from __future__ import annotations

import math

from classic_mesa import WEEKS_A_YEAR

LONGEST = 60 * WEEKS_A_YEAR  # longer than anybody is anything


class Numbers:
    """What a week asks of those who have one substance, each looked up once."""

    def __init__(self, model, substance):
        self.substance, self.weeks_of = substance, {}
        self.throw, self.normal = model.throw, model.normal

    def look_up(self, numbers):
        kind = self.substance
        use, aid, stops = numbers.return_to_use, numbers.mutual_aid, numbers.becoming_abstinent
        going, part, capital = numbers.attendance, numbers.involvement, numbers.recovery_capital
        company, deaths, mood = numbers.company, numbers.deaths, numbers.motivation
        good, help_ = numbers.remission_without_help, numbers.using

        self.mood_kept = 0.5 ** (1.0 / mood.half_life_weeks)
        self.mood_sd = math.sqrt((1.0 - mood.lasting_share) * (1.0 - self.mood_kept**2))

        self.usual_company = usual = company.in_recovery_at_entry_share
        self.company_span = company.reached_by_members_share - usual
        self.reached_by_members = company.reached_by_members_share
        self.change_alone = company.change_alone_per_week
        self.change_using = company.change_while_using_per_week
        self.change_member = company.change_as_member_per_week

        self.lapse_share = use.lapse_share[kind]
        self.return_by_readiness = use.readiness_log_hazard_ratio
        self.by_modality = {
            "medication": math.log(use.on_medication_hazard_ratio),
            "psychosocial": math.log(use.in_treatment_hazard_ratio),
            "residential": 0.0,
            None: 0.0,
        }
        self.returns = self.table(self.hazard_of_return, use.scale_weeks[kind], use.shape)

        self.aid = aid.total_log_hazard_ratio
        if kind == "opioids":
            self.aid *= aid.for_opioids_share
        self.by_company, self.by_capital = aid.company_share, aid.capital_share
        self.by_involvement, self.by_presence = aid.involvement_share, aid.presence_share
        self.identity_weight, self.at_entry = capital.identity_weight, capital.at_entry

        slows = stops.slows_after_weeks, stops.slows_with_power, stops.per_week[kind]
        self.stops = self.table(self.hazard_of_stopping, *slows)
        self.stops_by_readiness = stops.readiness_log_hazard_ratio
        self.stops_in_treatment = stops.in_treatment_ratio
        half_life = good.half_life_years[kind] * WEEKS_A_YEAR
        crisis = good.crisis_half_life_weeks, good.crisis_peak_per_week
        self.stops_for_good = self.table(self.hazard_of_remission, half_life, *crisis)
        self.head_start = int(good.head_start_weeks)
        self.seeks = help_.seeks_help_per_week[kind]
        self.seeks_by_readiness = help_.seeks_help_per_readiness_log_ratio
        self.seeks_by_company = help_.seeks_help_when_seeing_recovery_log_ratio
        self.gives_up = numbers.waiting.gives_up_per_week
        self.asks_in_a_lapse = numbers.community.asks_for_help_in_a_lapse_per_week

        self.goes_back, self.goes_later = (
            going.return_to_meetings_per_week, going.first_meeting_later_per_week,
        )  # fmt: skip
        self.involvement_kept = part.kept_after_leaving_per_week
        self.leaves_by_fit = going.leave_per_fit_log_ratio
        self.leaves_by_readiness = going.leave_per_readiness_log_ratio
        self.leaves_using = going.leave_while_using_ratio
        self.leaves_regular = going.leave_when_regular_per_week
        self.leaves_by_involvement = going.leave_per_involvement_log_ratio
        self.meets = going.meeting_when_regular_share
        self.usual_level, self.level_by_fit = part.usual_level, part.added_by_fit
        self.level_by_readiness = part.added_by_readiness
        self.level_by_link = part.added_by_intensive * numbers.linkage.fidelity["intensive"]
        self.grows, self.is_involved = part.growth_per_week, part.counts_as_involved

        self.kept_using = 1.0 - capital.loss_per_week_using
        self.capital_grows = capital.growth_per_week
        self.capital_alone = capital.reached_alone
        self.capital_member = capital.reached_alone + capital.added_by_membership
        self.identity_alone = capital.identity_reached_alone
        self.identity_grows_alone = capital.identity_growth_alone_per_week
        self.identity_grows = capital.identity_growth_per_week

        self.tolerance_kept = 0.5 ** (1.0 / deaths.tolerance_half_life_weeks)
        self.tolerance_returns = deaths.tolerance_returns_per_week
        self.overdose_on_medication = deaths.overdose_on_medication * deaths.overdose_level
        self.first_weeks = deaths.first_weeks_on_medication
        self.first_weeks_ratio = deaths.first_weeks_on_medication_ratio
        self.overdose_abstinent = deaths.overdose_abstinent * deaths.overdose_level
        self.overdose_using = deaths.overdose_using[kind] * deaths.overdose_level
        self.lost_tolerance = deaths.lost_tolerance_ratio - 1.0 if kind == "opioids" else 0.0
        self.excess_on_medication = deaths.excess_on_medication
        using = deaths.excess_using[kind]
        self.excess = {
            "using": using,
            "abstinent": using * deaths.excess_abstinent_ratio[kind],
            "lapsed": using * deaths.excess_lapsed_ratio[kind],
        }
        self.background_rises = deaths.background_rise_per_year_of_age / WEEKS_A_YEAR
        self.excess_rises = deaths.excess_rise_per_year_of_age / WEEKS_A_YEAR

    def now(self, week):
        """How much everybody's other risks of death have risen with age by now."""
        self.background_by_now = math.exp(self.background_rises * week)
        self.excess_by_now = math.exp(self.excess_rises * week)

    def table(self, rule, *values):
        """A rule of whole weeks, for every week; made again only where its values change."""
        if (rule, values) not in self.weeks_of:
            self.weeks_of[rule, values] = [rule(week, *values) for week in range(LONGEST)]
        return self.weeks_of[rule, values]

    @staticmethod
    def hazard_of_return(weeks, scale, shape):
        now = math.log(1.0 + (weeks / scale) ** shape)
        return math.log(1.0 + ((weeks + 1) / scale) ** shape) - now

    @staticmethod
    def hazard_of_stopping(weeks, slows_after, power, hazard):
        return hazard * (1.0 + weeks / slows_after) ** -power

    @staticmethod
    def hazard_of_remission(weeks, half_life, crisis_half_life, peak):
        return math.log(2.0) / half_life + peak * 0.5 ** (weeks / crisis_half_life)
