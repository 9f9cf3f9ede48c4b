"""The core of docs/model.md (numbers in brackets are its sections), made from its words alone.

Each question draws one throw for every client, so that scenarios of one seed are twins. Left out:
dose shapes but 0, other networks, members at entry, changes within a run, prices, journeys, panel.
"""

import re
from types import SimpleNamespace

import numpy as np

# Stage and modality in one: where somebody is. To stay is no place, but what somebody may want.
USING, WAITING, DETOX, RESIDENTIAL, PSYCHOSOCIAL, MEDICATION, COMMUNITY, DEAD, STAYS = range(9)
STAGES = np.array(("using", "waiting", "detox", *3 * ("treatment",), "community", "dead"))
IN_CARE = np.isin(range(8), (DETOX, RESIDENTIAL, PSYCHOSOCIAL, MEDICATION))
AT_LARGE = ~np.isin(range(8), (DETOX, RESIDENTIAL, DEAD))
ABSTINENT, LAPSED, IN_USE = range(3)
NEVER, TRYING, REGULAR, INVOLVED, LEFT = range(5)
MEMBER, GOING = (np.isin(range(5), x) for x in ((REGULAR, INVOLVED), (TRYING, REGULAR, INVOLVED)))
NONE, LEAFLET, CLINICIAN, INTENSIVE, PEER = range(5)
KINDS = ("none", "leaflet", "clinician", "intensive", "peer")
MODALITIES = ("residential", "psychosocial", "medication")
SUBSTANCES, OPIOIDS, SEXES = ("alcohol", "opioids", "stimulants"), 1, ("men", "women")
SEEN_USING, SEEN_IN_RECOVERY, SEEN_GONE = range(3)
# A slot holds the number of a client, or −1 or −2 for somebody outside. As places in a list of how
# clients are seen, to whose end these two are added, all three say how that person is seen.
OUTSIDE, SEEN_OUTSIDE = {SEEN_USING: -1, SEEN_IN_RECOVERY: -2}, [SEEN_IN_RECOVERY, SEEN_USING]
CLOCKS = ("weeks_in_stage", "weeks_since_help", "weeks_since_link", "weeks_since_leaving")
AT_ENTRY = dict.fromkeys((*CLOCKS, "weeks_abstinent", "weeks_using", "weeks_since_meeting"), 0)
AT_ENTRY |= {"place": WAITING, "use": IN_USE, "standing": NEVER, "kind": NONE, "head_start": 0}
AT_ENTRY |= {"seen": SEEN_USING, "involvement": 0.0, "pull": 0.0, "tolerance": 1.0, "episodes": 0}
MARKS = "due", "been", "offered", "connected", "has_left", "used", "overdosed", "held", "sat"


def by_group(values, substance):
    """Parameters as group.name, without units: a number, or one a client, modality, kind or sex."""
    groups = {}
    for key, value in values.items():
        group, *member, name = key.split(".")
        for family in (KINDS, SUBSTANCES, MODALITIES, SEXES):
            if member and member[0] in family:
                value = np.array([values[f"{group}.{m}.{name}"] for m in family])
                value = value[substance] if family is SUBSTANCES else value
        short = re.sub("_(log_odds|(log_)?(hazard_)?ratio|share|per_week)$", "", name)
        name = name if f"{group}.{short}" in values else short
        groups.setdefault(group, {})[name] = value
    return SimpleNamespace(**{group: SimpleNamespace(**names) for group, names in groups.items()})


class Cohort:
    """Clients who start together, under parameters that stay as they are, some mechanisms off."""

    def __init__(self, values, people, seed, changes=None, off=()):
        self.n, self.luck, self.on = people, np.random.default_rng(seed), lambda x: x not in off
        self.week, self.rows, self.expected = 0, [], np.zeros(2)
        values = {**values, **(changes or {})}
        shares = np.array([values[f"population.{s}.substance_share"] for s in SUBSTANCES])
        self.substance = self.luck.choice(3, size=people, p=shares / shares.sum())
        self.opioids, self.p = self.substance == OPIOIDS, by_group(values, self.substance)
        self.make_curves(np.array([[values[f"return_to_use.{s}.scale_weeks"]] for s in SUBSTANCES]))
        self.make_network()
        self.draw_traits()
        self.start_care(np.full(people, True))
        self.look_around()
        self.count()

    def happens(self, probability):
        """One throw for each client (7.1)."""
        return self.luck.random(self.n) < probability

    def comes(self, hazard, log_ratio=0.0):
        """The same, by a hazard over the week."""
        return self.happens(1 - np.exp(-hazard * np.exp(log_ratio)))

    def make_curves(self, scales):
        """What depends on how long something has lasted (7.9, 7.10); flat if so switched (7.17)."""
        p, w, stop = self.p, np.arange(1200), self.p.remission_without_help  # no run lasts longer
        r, b, t = p.return_to_use, p.becoming_abstinent, p.treatment
        self.first_use = np.diff(np.log(1 + (np.append(w, 1200) / scales) ** r.shape))
        self.slow = (1 + w / b.slows_after_weeks) ** (-b.slows_with_power)
        self.crisis = stop.crisis_peak * 0.5 ** (w / stop.crisis_half_life_weeks)
        at, shape = t.retained_at_weeks[:, None], t.retention_shape[:, None]
        weeks = ((w + 1) / at) ** shape - (w / at) ** shape
        if not self.on("duration_dependence"):
            curves, weeks = (self.first_use, self.slow, self.crisis), 1 / at + 0 * w
            means = (0 * curve + curve[..., :52].mean(-1, keepdims=True) for curve in curves)
            self.first_use, self.slow, self.crisis = means
        self.leaving = 1 - t.retained[:, None] ** weeks

    def make_network(self):
        """The small world, then people outside in what is empty (7.14)."""
        n, p, size = self.n, self.p, int(self.p.company.slots)
        ties = [[] for _ in range(n)]
        for distance in range(1, int(p.network.mean_ties / 2) + 1):
            rewired = self.happens(p.network.rewired)
            anybody = np.where(rewired, self.luck.integers(n, size=n), -1).tolist()
            for one in range(n):
                for other in (anybody[one], (one + distance) % n):
                    new = other not in (-1, one, *ties[one])
                    if new and max(len(ties[one]), len(ties[other])) < size:
                        ties[one].append(other)
                        ties[other].append(one)
                        break
        empty = np.array([[max(1, size - len(others))] for others in ties])
        sober = self.luck.random((n, size)) < p.company.in_recovery_at_entry * size / empty
        self.slots = np.where(sober, OUTSIDE[SEEN_IN_RECOVERY], OUTSIDE[SEEN_USING])
        for client, others in enumerate(ties):
            self.slots[client, : len(others)] = others

    def draw_traits(self):
        """Traits, and the state before week 0 (5)."""
        n, luck, pop, lasting = self.n, self.luck, self.p.population, self.p.motivation.lasting
        asked = pop.women, pop.psychiatric_need, pop.abstinence_is_the_goal, pop.earlier_contact
        self.woman, self.need, self.for_abstinence, self.been_earlier = map(self.happens, asked)
        self.builds_ties = ~self.happens(self.p.company.never_build_sober_ties)
        self.age = np.maximum(pop.mean_age + pop.age_sd * luck.normal(size=n), pop.youngest)
        sd = np.sqrt([[lasting], [1 - lasting], [self.p.return_to_use.frailty_sd**2]])
        self.readiness, self.mood, self.frailty = sd * luck.normal(size=(3, n))
        q, none = pop.faith_moves_fit, 1 - pop.religious - pop.unsure
        moved = q * luck.choice((1, 0, -1), size=n, p=(pop.religious, pop.unsure, none))
        mean = q * (pop.religious - none)
        rest = np.sqrt(max(0, 1 - (q**2 * (pop.religious + none) - mean**2)))
        self.fit = (rest * luck.normal(size=n) - mean + moved) * self.on("fit")
        at_entry = dict.fromkeys(("capital", "identity"), self.p.recovery_capital.at_entry)
        for name, value in (AT_ENTRY | at_entry | dict.fromkeys(MARKS, False)).items():
            setattr(self, name, np.full(n, value))

    def live(self, weeks):
        """So many weeks in the order of section 3; the counts since entry, by name (7.15)."""
        for _ in range(weeks):
            alive = self.place != DEAD
            self.look_around()
            self.change_mood()
            self.been_before = (self.been_earlier | self.been) & self.on("state_dependence")
            self.link(alive & self.due)
            self.sit_in()
            self.go_to_mutual_aid(alive)
            self.change_capital(alive)
            self.ask_about_use()
            self.stay_or_leave()
            for clock in CLOCKS:
                getattr(self, clock)[alive] += 1
            self.move(alive & (self.to != STAYS), self.to)
            self.start_care(alive)
            self.die(alive)
            long = self.weeks_abstinent >= self.p.company.recovery_is_seen_after_weeks
            shown = np.where((self.use == ABSTINENT) & long, SEEN_IN_RECOVERY, SEEN_USING)
            self.count()
            self.change_company()
            self.seen, self.week = np.where(self.place == DEAD, SEEN_GONE, shown), self.week + 1
        return {name: np.array([row[name] for row in self.rows]) for name in self.rows[0]}

    def change_mood(self):
        """The passing part of motivation (7.2)."""
        m, e = self.p.motivation, np.sqrt(6) * (self.luck.random((2, self.n)).sum(0) - 1)
        kept = 0.5 ** (1 / m.half_life_weeks)
        self.mood = kept * self.mood + np.sqrt((1 - m.lasting) * (1 - kept**2)) * e
        self.motivation = (self.readiness + self.mood) * self.on("readiness")

    def look_around(self):
        """How the people in one's slots were seen last week (7.3)."""
        usual = self.p.company.in_recovery_at_entry
        shown = np.append(self.seen, SEEN_OUTSIDE).astype(np.int8)[self.slots]
        there, sober = (shown != SEEN_GONE).sum(1), (shown == SEEN_IN_RECOVERY).sum(1)
        self.company = np.where(there > 0, sober / np.maximum(there, 1), usual)
        self.better = (self.company - usual) * self.on("company")

    def link(self, due):
        """In the first week in care (7.4)."""
        link, asked, kind = self.p.linkage, due.copy(), np.full(self.n, NONE)
        for k in (INTENSIVE, PEER, CLINICIAN, LEAFLET):
            offered = asked & self.happens(link.offered[k])
            kind[offered], asked = k, asked & ~offered
        logit = -np.log(1 / np.clip(link.first_meeting, 1e-9, 1 - 1e-9) - 1)
        own = (logit - logit[NONE]) * link.fidelity
        pull = logit[NONE] + own[kind] * np.where(self.been_before, link.after_earlier_contact, 1)
        self.pull, self.kind = np.where(due, pull, self.pull), np.where(due, kind, self.kind)
        self.offered |= due & (kind >= CLINICIAN)
        self.weeks_since_link[due] = self.due[due] = self.sat[due] = 0

    def sit_in(self):
        """In a bed, meetings may be held where one stays, and pull later (7.4)."""
        p, a, m = self.p.on_the_premises, self.p.attendance, self.motivation
        self.inclined = a.readiness * m + a.fit * self.fit + a.earlier_contact * self.been_before
        self.held = np.where(self.weeks_in_stage == 0, self.happens(p.held), self.held)
        introduced = (p.introduced - 1) * self.p.linkage.fidelity[self.kind]
        hazard = -np.log(1 - min(p.goes, 0.999999)) * (1 + introduced * (self.kind >= CLINICIAN))
        self.sat |= ~AT_LARGE[self.place] & self.held & self.comes(hazard, self.inclined)

    def go_to_mutual_aid(self, alive):
        """A first meeting, leaving, settling; taking part; what a meeting does (7.5, 7.6)."""
        a, i, fit, m, on = self.p.attendance, self.p.involvement, self.fit, self.motivation, self.on
        self.weeks_since_meeting[alive] += 1
        at, going, away = self.standing, alive & GOING[self.standing], alive & ~GOING[self.standing]
        trying, member, left = at == TRYING, MEMBER[at], at == LEFT
        follows = ~self.been | (self.weeks_since_meeting > self.weeks_since_link)
        pulled = follows & (self.episodes > 0) & (self.weeks_since_link < 12)
        lean = self.pull + self.inclined + self.p.on_the_premises.carry_over * self.sat
        own = np.where(left & on("state_dependence"), a.return_to_meetings, a.first_meeting_later)
        hazard = np.where(pulled, np.log(1 + np.exp(lean)) / 12, own)
        comes = away & self.comes(hazard)
        self.involvement[away] *= i.kept_after_leaving
        attachment = a.leave_per_fit * fit + a.leave_per_readiness * m
        attachment = attachment + member * a.leave_per_involvement * self.involvement
        worse = (self.use == IN_USE) & on("use_makes_leaving")
        hazard = np.where(trying, a.leave_while_trying, a.leave_when_regular)
        leaves = going & self.comes(hazard * np.where(worse, a.leave_while_using, 1), -attachment)
        settles = going & trying & ~leaves & self.comes(a.become_regular)
        often = np.where(trying, a.meeting_while_trying, a.meeting_when_regular)
        meets = comes | settles | (going & ~leaves & self.happens(often))
        intensive = self.p.linkage.fidelity[INTENSIVE] * (self.kind == INTENSIVE)
        level = i.usual_level + i.added_by_fit * fit + i.added_by_readiness * m
        level = np.clip(level + i.added_by_intensive * intensive, 0, 1)
        grown = i.growth * (level - self.involvement) * on("involvement")
        self.involvement = self.involvement + grown * (alive & member & ~leaves)
        much = np.where(self.involvement >= i.counts_as_involved, INVOLVED, REGULAR)
        self.standing = np.where(alive & member, much, self.standing)
        self.standing[comes], self.standing[settles], self.standing[leaves] = TRYING, REGULAR, LEFT
        self.weeks_since_meeting[meets], self.been = 0, self.been | meets
        early = (self.place == MEDICATION) & (self.weeks_in_stage < 12)
        just_left = ~IN_CARE[self.place] & self.has_left & (self.weeks_since_leaving < 4)
        self.connected |= meets & (early | just_left)

    def change_capital(self, alive):
        """Capital and identity, by use before this week's rules of use (7.7)."""
        c, member = self.p.recovery_capital, MEMBER[self.standing] & self.on("mutual_aid_effect")
        abstinent = alive & (self.use == ABSTINENT)
        loss = c.loss_per_week_using * (alive & (self.use == IN_USE))
        level = c.reached_alone + c.added_by_membership * member
        identity = np.where(member, 1, c.identity_reached_alone)
        speed = np.where(member, c.identity_growth, c.identity_growth_alone)
        grown = c.growth * (np.minimum(1, level) - self.capital), speed * (identity - self.identity)
        self.capital = self.capital + np.where(abstinent, grown[0], -loss * self.capital)
        self.identity = self.identity + np.where(abstinent, grown[1], -loss * self.identity)

    def risk_of_first_use(self):
        """A log hazard ratio (7.8)."""
        p, r, c, link = self.p, self.p.return_to_use, self.p.recovery_capital, self.p.linkage
        aid, helps, at = p.mutual_aid, self.on("mutual_aid_effect"), self.standing
        going = aid.presence * MEMBER[at] + aid.involvement * self.involvement * GOING[at]
        span = p.company.reached_by_members - p.company.in_recovery_at_entry
        company = aid.company * np.minimum(1, self.better / span)
        held = (1 - c.identity_weight) * self.capital + c.identity_weight * self.identity
        capital = aid.capital * (held - c.at_entry) / (1 - c.at_entry) * self.on("capital")
        lasts = (self.kind == INTENSIVE) & (self.weeks_since_link < link.intensive_content_weeks)
        sessions = lasts * helps * link.intensive_content * link.fidelity[INTENSIVE]
        total = aid.total * np.where(self.opioids, aid.for_opioids, 1)
        risk = self.frailty + r.severity + r.readiness * self.motivation - sessions
        return risk + r.psychiatric_need * self.need - total * (going * helps + company + capital)

    def set_use(self, who, use):
        """What a change of use does to clocks and marks; a lapse keeps weeks using (7.9)."""
        self.use = np.where(who, use, self.use)
        self.weeks_abstinent[who] = self.weeks_using[who & (self.use != LAPSED)] = 0
        self.head_start[who & (self.use != ABSTINENT)] = 0
        self.used |= who & (self.use != ABSTINENT) & self.has_left

    def ask_about_use(self):
        """One of the three rules, by use as the week began (7.9), after a lasting stop (7.10)."""
        r, b, stop = self.p.return_to_use, self.p.becoming_abstinent, self.p.remission_without_help
        may, out = AT_LARGE[self.place], self.place == USING
        abstinent, lapsed, using = (may & (self.use == u) for u in (ABSTINENT, LAPSED, IN_USE))
        hazard = np.log(2) / (52 * stop.half_life_years) + self.crisis[self.weeks_since_help]
        lasting = out & self.comes(hazard * self.on("remission_without_help"))
        hazard = b.per_week * self.slow[self.weeks_using] * b.in_treatment ** IN_CARE[self.place]
        stops = using & ~lasting & self.comes(hazard, b.readiness * self.motivation)
        self.weeks_using[using & ~lasting & ~stops] += 1
        covered = (self.place == MEDICATION) & self.on("medication_protection")
        ratio = r.in_treatment ** (self.place == PSYCHOSOCIAL) * r.on_medication**covered
        hazard = self.first_use[self.substance, self.weeks_abstinent + self.head_start] * ratio
        first = abstinent & self.comes(hazard, self.risk_of_first_use())
        self.weeks_abstinent[abstinent & ~first] += 1
        lapses = first & self.happens(r.lapse)
        over = lapsed & self.happens(r.lapse_is_got_over)
        worse = lapsed & ~over & self.happens(r.lapse_becomes_return)
        self.set_use(lasting | stops | over, ABSTINENT)
        self.head_start[lasting] = int(stop.head_start_weeks)
        self.set_use(first | worse, np.where(lapses, LAPSED, IN_USE))
        self.to = np.where(out & (lasting | stops), COMMUNITY, STAYS)
        self.to[(self.place == COMMUNITY) & (self.use == IN_USE)] = USING

    def stay_or_leave(self):
        """Where the rules of each stage make people want to be (7.10)."""
        p, t, place, w, u = self.p, self.p.treatment, self.place, self.weeks_in_stage, self.p.using
        ratio = u.seeks_help_when_seeing_recovery * self.better
        ratio = ratio + u.seeks_help_per_readiness * self.motivation
        seeks = self.comes(u.seeks_help, ratio) & (place == USING)
        asks = self.happens(p.community.asks_for_help_in_a_lapse) & (place == COMMUNITY)
        self.to[(seeks & (self.to == STAYS)) | (asks & (self.use == LAPSED))] = WAITING
        gives_up = (place == WAITING) & self.happens(p.waiting.gives_up)
        detox, psychosocial = place == DETOX, place == PSYCHOSOCIAL
        modality = np.clip(place, RESIDENTIAL, MEDICATION) - RESIDENTIAL
        early = 1 - p.detox.completed ** (1 / p.detox.lasts_weeks)
        leaves = IN_CARE[place] & self.happens(np.where(detox, early, self.leaving[modality, w]))
        planned = self.happens(t.leaves_medication_as_planned) & (place == MEDICATION)
        at_once = self.happens(p.return_to_use.at_once_after_leaving_early) & leaves & ~planned
        self.set_use(at_once & ~psychosocial & (self.use == ABSTINENT), IN_USE)
        length = np.where(detox, p.detox.lasts_weeks, t.planned_end_weeks[modality])
        chance = w + 1 >= length if self.on("duration_dependence") else 1 / length
        ends = IN_CARE[place] & ~leaves & self.happens(chance)
        goes_on = ends & detox & self.happens(p.detox.goes_on_to_treatment)
        then = np.where(self.happens(p.detox.on_to_residential), RESIDENTIAL, PSYCHOSOCIAL)
        then = np.where(goes_on, then, np.where(self.use == IN_USE, USING, COMMUNITY))
        self.to = np.where(gives_up | leaves | ends, then, self.to)
        asked = IN_CARE[place] & ~leaves & ~ends & (self.use == IN_USE)
        changes = asked & psychosocial & self.opioids & self.happens(t.changes_to_medication)
        comes_off = asked & self.for_abstinence & self.happens(t.asks_for_detox)
        self.to[comes_off], self.to[changes] = DETOX, MEDICATION

    def move(self, who, to):
        """What a move does; nobody goes from medication to other treatment (7.11)."""
        causal, uncovered = self.p.deaths.after_medication_causal, who & (self.place == MEDICATION)
        self.tolerance[uncovered] = self.tolerance[uncovered].clip(max=1 - causal)
        left = who & IN_CARE[self.place] & ((to == COMMUNITY) | (to == USING))
        self.place, waits = np.where(who, to, self.place), who & (to == WAITING)
        self.weeks_in_stage[who] = self.weeks_since_help[waits] = self.weeks_using[waits] = 0
        self.set_use(who & ((to == DETOX) | (to == RESIDENTIAL)), ABSTINENT)
        self.used |= left & ~self.has_left & (self.use != ABSTINENT)
        self.has_left, self.weeks_since_leaving[left] = self.has_left | left, 0

    def start_care(self, alive):
        """Whoever is waiting may start an episode of care (7.11)."""
        care, goal = self.p.care, self.for_abstinence
        starts = alive & (self.place == WAITING) & self.happens(care.started_within_a_week)
        detox = self.happens(care.detox_first * care.detox_first_if_abstinence_is_the_goal**goal)
        to = np.where(self.happens(care.medication) & self.opioids, MEDICATION, PSYCHOSOCIAL)
        to = np.where(self.happens(care.residential), RESIDENTIAL, to)
        self.move(starts, np.where(detox & (self.use != ABSTINENT), DETOX, to))
        self.due, self.episodes = self.due | starts, self.episodes + starts

    def die(self, alive):
        """Deaths, then tolerance (7.12)."""
        d, abstinent, medicated = self.p.deaths, self.use == ABSTINENT, self.place == MEDICATION
        covered, w = medicated & self.on("medication_protection"), self.weeks_in_stage
        early = (w >= 1) & (w <= d.first_weeks_on_medication)
        lost = self.opioids * (1 - self.tolerance) * self.on("lost_tolerance")
        overdose = d.overdose_using * (1 + (d.lost_tolerance - 1) * lost)
        overdose = np.where(abstinent, d.overdose_abstinent, overdose)
        on_it = d.overdose_on_medication * np.where(early, d.first_weeks_on_medication_ratio, 1)
        overdose = d.overdose_level * np.where(covered, on_it, overdose)
        ratio = d.excess_lapsed ** (self.use == LAPSED) * d.excess_abstinent**abstinent
        excess = np.where(covered, d.excess_on_medication, d.excess_using * ratio)
        older = self.age - d.reference_age + self.week / 52
        other = d.background[1 * self.woman] * np.exp(d.background_rise_per_year_of_age * older)
        excess = excess * np.exp(d.excess_rise_per_year_of_age * older)
        other = other + excess * d.women_excess**self.woman
        chance, share = 1 - np.exp(-(overdose + other) / 52000), overdose / (overdose + other)
        self.expected = self.expected + [chance[alive].sum(), (chance * share)[alive].sum()]
        dies = alive & self.happens(chance)
        self.overdosed, self.place[dies] = self.overdosed | (dies & self.happens(share)), DEAD
        faded = self.tolerance * 0.5 ** (1 / d.tolerance_half_life_weeks)
        back = self.tolerance + d.tolerance_returns * (1 - self.tolerance)
        self.tolerance = np.where(abstinent & ~medicated & self.opioids, faded, back)

    def change_company(self):
        """One client after another, each finding what those before have done (7.13)."""
        c, n, size, using = self.p.company, self.n, self.slots.shape[1], self.use == IN_USE
        builds = MEMBER[self.standing] & self.builds_ties & self.on("mutual_aid_effect") & ~using
        rate = np.where(builds, c.change_as_member, c.change_alone)
        rate = np.where(using, c.change_while_using, rate) * self.on("company")
        share = np.where(builds, c.reached_by_members, c.in_recovery_at_entry)
        who = np.flatnonzero(AT_LARGE[self.place] & self.happens(size * rate))
        wanted = np.where(self.happens(share), SEEN_IN_RECOVERY, SEEN_USING)
        looks, seen = self.happens(c.met_through_friends), self.seen.tolist() + SEEN_OUTSIDE
        questions = (np.arange(n), wanted, looks, *self.luck.integers(size, size=(3, n)))
        for client, *answers in zip(*(x[who].tolist() for x in questions)):
            self.change_a_tie(seen, client, *answers)

    def change_a_tie(self, seen, client, wanted, looks, slot, start, next_start):
        """Somebody wanted comes in: a friend of a friend, or else somebody outside (7.13)."""
        mine, as_seen = self.slots[client].tolist(), OUTSIDE[seen[client]]
        if seen[mine[slot]] == wanted:
            return
        if (other := mine[slot]) >= 0:
            self.slots[other][self.slots[other] == client] = as_seen
        self.slots[client, slot] = mine[slot] = OUTSIDE[wanted]
        for friend in mine[start:] + mine[:start] if looks else []:
            known = friend >= 0 and seen[friend] != SEEN_GONE
            theirs = self.slots[friend].tolist() if known else []
            for person in theirs[next_start:] + theirs[:next_start]:
                new = person >= 0 and person != client and person not in mine
                if new and seen[person] == wanted and min(slots := self.slots[person].tolist()) < 0:
                    places = [slots.index(o) for o in (as_seen, *OUTSIDE.values()) if o in slots]
                    self.slots[person, places[0]], self.slots[client, slot] = client, person
                    return

    def count(self):
        """7.15, and two of our own: the chances of death so far, which hold less luck."""
        place, standing, w = self.place, self.standing, self.weeks_abstinent
        alive, clean = place != DEAD, (place != DEAD) & (self.use == ABSTINENT)
        who = {f"stage_{name}": (name == STAGES)[place] for name in STAGES}
        who |= {"abstinent_90_days": clean & (w >= 13), "connected": self.connected}
        who |= {"at_least_1_year_without_medication": clean & (w >= 52) & (place != MEDICATION)}
        who |= {"since_discharge": clean & self.has_left & ~self.used, "offered": self.offered}
        who |= {"attending": alive & GOING[standing], "member": alive & MEMBER[standing]}
        who |= {"involved": alive & (standing == INVOLVED), "ever_attended": self.been}
        who |= {"readmissions": np.maximum(self.episodes - 1, 0), "deaths_overdose": self.overdosed}
        who |= {"company_in_recovery_percent": alive * np.floor(100 * self.company + 0.5)}
        who |= dict(zip(("deaths_expected", "overdoses_expected"), self.expected))
        self.rows.append({name: float(np.sum(x)) for name, x in who.items()})
