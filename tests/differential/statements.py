# SPDX-License-Identifier: Apache-2.0
"""Random statements and what they come to on a network without unknown facts, worked out the slow way.

`answers(network)` of a statement gives {(subject, group): Answer}. Over all ways to fill in what is unknown, the least and
the greatest of them are the bounds that proviso has to find.
"""
import fractions

import expressions as x
import networks as n

SERVICES = {"5g-sa": ("5G-SA", ["AMF", "SMF", "UPF", "UDM", "AUSF"]), "4g": ("4G", ["MME", "SGW", "PGW", "HSS"]),
            "5g-nsa": ("5G-NSA", ["MME", "SGW", "PGW", "HSS"])}


class Answer:
    """A number, and whether the statement is met. empty: there was nothing to judge."""

    def __init__(self, value, met, empty=False, parts=None):
        self.value, self.met, self.empty, self.parts = value, met, empty, parts


def group_of(network, e, per):
    """Groups are of the cells as they stand: whose region nobody knows is in the group of those."""
    if per is None:
        return ""
    cell = network.stated.site[e["site"]]["region"] if per == "region" else e[per]
    return {"": "(unknown)", "none": "(none)"}.get(cell, cell)


def party_of(network, vendor, kind):
    """The vendor's party: None where there is none, "" where nobody knows."""
    if vendor in ("", "none"):
        return None if vendor == "none" else ""
    if kind == "vendor":
        return vendor
    if kind == "jurisdiction":
        cell = network.vendor[vendor]["jurisdiction"]
        return None if cell == "none" else cell
    while True:
        owner = network.vendor[vendor]["owner"]
        if owner == "none":
            return vendor
        if owner not in network.vendor:
            return owner
        vendor = owner


def stated_parties(network, kind):
    """Those that somebody in the table of vendors is, as it stands; None where the statement is of no party."""
    return {party_of(network, v["vendor"], kind) for v in network.tables["vendors"]} - {"", None} if kind else None


class Statement:
    """Common to all: `text`, `expressions` it rests on, `more` columns, and whether its bounds are to be met exactly."""
    more = {}
    at_least = False
    share = False

    def all_answers(self, network):
        """Several where something is open that no cell could tell."""
        return [self.answers(network)]

    def columns(self):
        found = x.columns(*self.expressions)
        for table, names in self.more.items():
            found[table] = sorted(set(found.get(table, [])) | set(names))
        return found

    def exact(self):
        """Bounds are tight where no fact is used twice, and what the target rests on is each element's own."""
        shared = {"sites", "vendors", "products", "designated"}
        target = x.columns(self.target)
        own = not (set(target) & shared) and "managed_by" not in target.get("elements", [])
        hosted = "hosted_on" in target.get("elements", [])
        return x.read_once(*self.expressions) and own and not hosted


class Limit(Statement):
    """limit S|any vendor|... to p% of M|N things in T per D"""

    def __init__(self, dice):
        self.target = x.random_expression(dice, x.thing_leaf, 2)
        self.any = dice.choice([None, None, "vendor", "jurisdiction", "owner"])
        self.subject = x.EVERYTHING if self.any else x.random_expression(dice, x.vendor_leaf, 1)
        self.expressions = [self.subject, self.target]
        self.per = dice.choice([None, None, "region", "function"])
        self.share = dice.random() < 0.7
        self.measure = dice.choice(["sites", "elements", "population", "power", "site.traffic", "traffic"] if self.share else
                                   ["sites", "elements"])
        self.bound = fractions.Fraction(dice.randint(1, 99), 100) if self.share else dice.randint(0, 4)
        self.more = {"elements": ["vendor"]} if self.any else {}
        if self.any == "jurisdiction":
            self.more["vendors"] = ["jurisdiction"]
        if self.measure == "population":
            self.more.setdefault("sites", []).append("population")
        if self.measure == "power":
            self.more.setdefault("elements", []).append("power")
        who = f"any {self.any}" if self.any else x.text(self.subject)
        what = f"{int(self.bound * 100)}% of {self.measure}" if self.share else f"{self.bound} {self.measure}"
        self.text = f"limit {who} to {what} in {x.text(self.target)}" + (f" per {self.per}" if self.per else "")
        self.subject_text = "" if self.any else x.text(self.subject)

    def exact(self):
        measure = {"population": ("sites", "population"), "power": ("elements", "power")}.get(self.measure)
        used = [c for e in self.expressions for leaf in x.leaves(e) for c in leaf.columns]
        return super().exact() and measure not in used

    def thing(self, network, e):
        """What is counted once: the site or the element, and how much of it there is."""
        if self.measure in ("sites", "population", "site.traffic"):
            cell = 1 if self.measure == "sites" else network.site[e["site"]][self.measure.removeprefix("site.")]
            return e["site"], cell
        return e["element"], 1 if self.measure == "elements" else e[self.measure]

    def subjects(self, network, e):
        """Whose the element is."""
        if not self.any:
            return [self.subject_text] if x.evaluate(self.subject, network, e) else []
        party = party_of(network, network.vendor_of(e), self.any)
        return [] if party is None else [party]

    def answers(self, network):
        total, parts = {}, {}
        for e in network.elements():
            if not x.evaluate(self.target, network, e):
                continue
            group, (thing, amount) = group_of(network, e, self.per), self.thing(network, e)
            amount = fractions.Fraction(0 if amount in ("", "none") else amount)
            total.setdefault(group, {})[thing] = amount
            for subject in self.subjects(network, e):
                parts.setdefault((subject, group), {})[thing] = amount
        found = {}
        for (subject, group), things in parts.items():
            part, whole = sum(things.values()), sum(total[group].values())
            value = (part / whole if whole else fractions.Fraction(0)) if self.share else part
            found[subject, group] = Answer(value, value <= self.bound, False, (part, whole))
        for group in total:
            if not self.any and (self.subject_text, group) not in found:
                found[self.subject_text, group] = Answer(fractions.Fraction(0), True, False, (0, sum(total[group].values())))
        return found

    def sql(self):
        subject, target = x.sql(self.subject), x.sql(self.target)
        if subject is None or target is None:
            return None
        group = "''" if not self.per else "coalesce(region, '(unknown)')" if self.per == "region" else "function"
        who = {None: "''", "vendor": "vendor", "jurisdiction": "jurisdiction", "owner": "grp"}[self.any]
        one = {"sites": "1", "elements": "1"}.get(self.measure, {"site.traffic": "site_traffic"}.get(self.measure, self.measure))
        key = "site" if self.measure in ("sites", "population", "site.traffic") else "element"
        base = f"SELECT {key} AS k, max({one}) AS m, {{0}} AS who, {group} AS g FROM flat WHERE {target} {{1}} GROUP BY 1, 3, 4"
        member = f"AND {who} IS NOT NULL" if self.any else f"AND {subject}"
        return (f"SELECT p.who, p.g, p.s, t.s FROM (SELECT who, g, sum(m) AS s FROM ({base.format(who, member)}) GROUP BY 1, 2) p "
                f"JOIN (SELECT g, sum(m) AS s FROM ({base.format('0', '')}) GROUP BY 1) t ON t.g = p.g")


class LimitDistinct(Statement):
    """limit S to N vendors in T per D"""

    def __init__(self, dice):
        self.kind = dice.choice(["vendor", "vendor", "jurisdiction", "owner"])
        self.target = x.random_expression(dice, x.thing_leaf, 1)
        self.per = dice.choice([None, "region"])
        self.bound = dice.randint(0, 3)
        self.subject = x.EVERYTHING
        self.expressions = [self.target]
        self.more = {"elements": ["vendor"], "vendors": ["jurisdiction"] if self.kind == "jurisdiction" else []}
        self.text = f"limit any to {self.bound} {self.kind}s in {x.text(self.target)}" + (f" per {self.per}" if self.per else "")

    def exact(self):
        return super().exact() and self.kind == "vendor"

    def parties(self, network):
        found = {}
        for e in network.elements():
            if x.evaluate(self.target, network, e):
                party = party_of(network, network.vendor_of(e), self.kind)
                found.setdefault(group_of(network, e, self.per), set()).add(party)
        return {group: len(parties - {None}) for group, parties in found.items()}

    def answers(self, network):
        return {("any", group): Answer(count, count <= self.bound) for group, count in self.parties(network).items()}

    def sql(self):
        target = x.sql(self.target)
        if target is None:
            return None
        group = "coalesce(region, '(unknown)')" if self.per == "region" else "''"
        who = {"vendor": "vendor", "jurisdiction": "jurisdiction", "owner": "grp"}[self.kind]
        return f"SELECT '{self.sql_subject}', {group}, count(DISTINCT {who}), NULL FROM flat WHERE {target} GROUP BY 2"

    sql_subject = "any"


class Require(LimitDistinct):
    """require N vendors in T per D"""
    at_least = True
    sql_subject = ""

    def __init__(self, dice):
        super().__init__(dice)
        self.text = f"require {self.bound} {self.kind}s in {x.text(self.target)}" + (f" per {self.per}" if self.per else "")

    def answers(self, network):
        return {("", group): Answer(count, count >= self.bound) for group, count in self.parties(network).items()}


class Forbid(Statement):
    """forbid S in T [when new or changed] [from DATE]"""

    def __init__(self, dice, proposal=False):
        self.subject = x.random_expression(dice, x.vendor_leaf, 1)
        self.target = x.random_expression(dice, x.thing_leaf, 2)
        self.expressions = [self.subject, self.target]
        self.bound = 0
        self.since = dice.choice(n.DATES) if dice.random() < 0.3 else None
        self.when = dice.choice([("new",), ("changed",), ("new", "changed")]) if proposal and dice.random() < 0.5 else ()
        self.more = {"elements": ["since"]} if self.since else {}
        # in parentheses: a path, `in` and a parenthesis would be a membership
        self.text = f"forbid ({x.text(self.subject)}) in {x.text(self.target)}"
        self.text += f" when {' or '.join(self.when)}" if self.when else ""
        self.text += f" from {self.since}" if self.since else ""
        self.present = None

    def exact(self):
        used = [c for e in self.expressions for leaf in x.leaves(e) for c in leaf.columns]
        return x.read_once(*self.expressions) and not (self.since and ("elements", "since") in used) and \
            not any(c[0] in ("elements",) and c[1] == "hosted_on" for c in used)

    def members(self, network):
        return [e["element"] for e in network.elements()
                if x.evaluate(self.subject, network, e) and x.evaluate(self.target, network, e)
                and (not self.since or (e["since"] not in ("", "none") and e["since"] >= self.since))
                and (not self.when or self.is_when(e))]

    def is_when(self, e):
        before = self.present.element.get(e["element"])
        return "new" in self.when if before is None else "changed" in self.when and e["element"] in self.changed

    def answers(self, network):
        members = self.members(network)
        return {("", ""): Answer(len(members), not members)}

    def sql(self):
        subject, target = x.sql(self.subject), x.sql(self.target)
        if subject is None or target is None or self.when:
            return None
        since = f"AND since >= '{self.since}'" if self.since else ""
        return f"SELECT '', '', count(*), NULL FROM flat WHERE {subject} AND {target} {since}"


class Left(Statement):
    """What a waiver for a set leaves of a forbid."""
    bound = 0

    def __init__(self, forbid, waived):
        self.forbid, self.waived = forbid, waived
        self.target, self.expressions = forbid.target, forbid.expressions + [waived]
        self.more = forbid.more

    def exact(self):
        used = [c for e in self.expressions for leaf in x.leaves(e) for c in leaf.columns]
        return x.read_once(*self.expressions) and not (self.forbid.since and ("elements", "since") in used)

    def answers(self, network):
        members = [m for m in self.forbid.members(network) if not x.evaluate(self.waived, network, network.element[m])]
        return {("", ""): Answer(len(members), not members)}


class Reach(Statement):
    """forbid S reaching T over I"""
    bound = 0

    def __init__(self, dice):
        self.subject = x.random_expression(dice, x.vendor_leaf, 0)
        self.target = x.random_expression(dice, x.thing_leaf, 0)
        self.expressions = [self.subject, self.target]
        self.over = dice.choice([None, ["N2"], ["N2", "N3"], ["ssh"]])
        self.more = {"links": ["reference_point"]} if self.over else {}
        self.text = f"forbid {x.text(self.subject)} reaching {x.text(self.target)}" + (f" over {', '.join(self.over)}" if self.over
                                                                                       else "")

    def exact(self):
        return x.read_once(*self.expressions) and not x.columns(self.target).get("elements", []) == ["hosted_on"]

    def answers(self, network):
        near = {}
        for link in network.tables["links"]:
            if not self.over or link["reference_point"] in self.over:
                near.setdefault(link["a"], []).append(link["b"])
                near.setdefault(link["b"], []).append(link["a"])
        targets = {e["element"] for e in network.elements() if x.evaluate(self.target, network, e)}
        count = 0
        for e in network.elements():
            if x.evaluate(self.subject, network, e):
                seen, todo = {e["element"]}, [e["element"]]
                while todo:
                    for other in near.get(todo.pop(), []):
                        if other not in seen:
                            seen.add(other)
                            todo.append(other)
                count += bool((seen - {e["element"]}) & targets)
        return {("", ""): Answer(count, count == 0)}

    def sql(self):
        return None


class Links(Statement):
    """allow/deny lines of one rule, first match in file order; the findings are those of its deny lines"""
    bound = 0

    def __init__(self, dice):
        self.lines, self.expressions = [], []
        for _ in range(dice.randint(1, 3)):
            a, b = (dice.choice([x.EVERYTHING, x.thing_leaf(dice), x.vendor_leaf(dice)]) for _ in range(2))
            over = dice.choice([None, ["N2"], ["N3", "ssh"]])
            self.lines.append((dice.choice(["allow", "deny"]), a, b, over))
            self.expressions += [a, b]
        self.lines = list({self.line_text(line): line for line in self.lines}.values())
        self.lines.append(("rest", None, None, None))
        self.target = x.EVERYTHING
        self.more = {"links": ["reference_point"]}
        self.texts = [self.line_text(line) for line in self.lines]
        self.text = "\n  ".join(self.texts)

    def exact(self):
        return False

    @staticmethod
    def line_text(line):
        word, a, b, over = line
        return f"{word} {x.text(a)} to {x.text(b)}" + (f" over {', '.join(over)}" if over else "") if a else "deny rest"

    def matches(self, network, line, a, b, point):
        word, left, right, over = line
        if word == "rest":
            named = [s for _, s, t, _ in self.lines[:-1]] + [t for _, s, t, _ in self.lines[:-1]]
            named = [s for s in named if s is not x.EVERYTHING]
            return not named or any(x.evaluate(s, network, e) for s in named for e in (a, b))
        ends = [(a, b), (b, a)]
        return (not over or point in over) and any(x.evaluate(left, network, p) and x.evaluate(right, network, q) for p, q in ends)

    def answers(self, network):
        counts = {i: 0 for i, line in enumerate(self.lines) if line[0] != "allow"}
        for link in network.tables["links"]:
            a, b = network.element[link["a"]], network.element[link["b"]]
            for i, line in enumerate(self.lines):
                if self.matches(network, line, a, b, link["reference_point"]):
                    if line[0] != "allow":
                        counts[i] += 1
                    break
        return {("", "", self.texts[i]): Answer(count, count == 0) for i, count in counts.items()}

    def sql(self):
        return None


class Served(Statement):
    """require p% of M served [for SERVICE] without any vendor|...|SET [or managed by]"""
    at_least = share = True

    def __init__(self, dice):
        self.any = dice.choice(["vendor", "vendor", "jurisdiction", "owner", None])
        self.subject = x.EVERYTHING if self.any else x.random_expression(dice, x.vendor_leaf, 1)
        self.expressions, self.target = [self.subject], x.EVERYTHING
        self.service = dice.choice([None, None, "5g-sa", "4g", "5g-nsa"])
        self.measure = dice.choice(["sites", "population", "site.traffic", "elements"])
        self.managed = bool(self.any) and dice.random() < 0.3
        self.bound = fractions.Fraction(dice.randint(5, 95), 100)
        self.more = {"elements": (["vendor"] if self.any else []) + (["managed_by"] if self.managed else [])}
        if self.any == "jurisdiction":
            self.more["vendors"] = ["jurisdiction"]
        if self.measure == "population":
            self.more["sites"] = ["population"]
        self.subject_text = "" if self.any else x.text(self.subject)
        without = f"any {self.any}" if self.any else self.subject_text
        self.text = (f"require {int(self.bound * 100)}% of {self.measure} served" + (f" for {self.service}" if self.service else "")
                     + f" without {without}" + (" or managed by" if self.managed else ""))

    def exact(self):
        return x.read_once(*self.expressions) and self.any in ("vendor", None) and self.measure != "population"

    def parties(self, network):
        if not self.any:
            return [self.subject_text]
        found = set()
        for e in network.elements():
            found.add(party_of(network, network.vendor_of(e), self.any))
            if self.managed:
                found.add(party_of(network, e["managed_by"], self.any))
        return sorted(found - {None, ""})

    def falls(self, network, e, party):
        if not self.any:
            return bool(x.evaluate(self.subject, network, e))
        return party_of(network, network.vendor_of(e), self.any) == party or \
            (self.managed and party_of(network, e["managed_by"], self.any) == party)

    def all_answers(self, network):
        """What has no link and whose anchor nobody names: once for the worst, once for the best."""
        return [{(party, ""): self.answer(network, party, best) for party in self.parties(network)} for best in (False, True)]

    def answer(self, network, party, best):
        reach = Reachable(network, self.standing(network, party), best)
        serves, things = {}, {}
        for e in network.elements():
            service = service_of(e)
            if service is None or (self.service and service != self.service):
                continue
            key = e["element"] if self.measure == "elements" else e["site"]
            amount = 1 if self.measure in ("sites", "elements") else network.site[e["site"]][self.measure.removeprefix("site.")]
            things[key] = fractions.Fraction(amount or 0)
            serves[key] = serves.get(key, False) or reach.serves(e, service)
        whole = sum(things.values())
        part = sum(amount for key, amount in things.items() if serves[key])
        value = part / whole if whole else fractions.Fraction(0)
        return Answer(value, not whole or value >= self.bound, not whole, (part, whole))

    def standing(self, network, party):
        fallen = {e["element"] for e in network.elements() if self.falls(network, e, party)}
        alive = set()
        for e in network.elements():
            up, falls = e, e["element"] in fallen
            while up["hosted_on"] not in ("", "none") and not falls:
                up = network.element[up["hosted_on"]]
                falls = up["element"] in fallen
            if not falls:
                alive.add(e["element"])
        return alive

    def sql(self):
        return None


def service_of(e):
    for name, (technology, _) in SERVICES.items():
        default = "4G" if e["function"] == "eNB" else "5G-NSA" if e["anchor"] not in ("", "none") else "5G-SA"
        if n.LAYER[e["function"]] == "access" and (e["technology"] or default) == technology:
            return name
    return None


class Reachable:
    """What surviving elements reach over surviving links and through sites."""

    def __init__(self, network, standing, best):
        self.network, self.standing, self.best = network, standing, best
        linked = {end for link in network.tables["links"] for end in (link["a"], link["b"])}
        self.linked_sites = {e["site"] for e in network.elements() if e["element"] in linked}
        self.component = self.components()

    def components(self):
        """Element -> the least element it is joined to."""
        component = {name: name for name in self.standing}

        def root(name):
            while component[name] != name:
                name = component[name]
            return name

        by_site = {}
        for e in self.network.elements():
            if e["element"] in self.standing:
                by_site.setdefault(e["site"], []).append(e["element"])
        pairs = [(names[0], other) for names in by_site.values() for other in names[1:]]
        pairs += [(link["a"], link["b"]) for link in self.network.tables["links"]]
        for a, b in pairs:
            if a in self.standing and b in self.standing:
                a, b = sorted((root(a), root(b)))
                component[b] = a
        return {name: root(name) for name in self.standing}

    def serves(self, e, service):
        if e["element"] not in self.standing:
            return False
        by_paths = bool(self.network.tables["links"])
        if by_paths and e["site"] not in self.linked_sites:
            if not self.best:
                return False
            by_paths = False
        for function in SERVICES[service][1]:
            of = [c["element"] for c in self.network.elements() if c["function"] == function]
            alive = [c for c in of if c in self.standing]
            if of and not any(not by_paths or self.component[c] == self.component[e["element"]] for c in alive):
                return False
        if service != "5g-nsa":
            return True
        if e["anchor"] in ("", "none"):
            return e["anchor"] == "" and self.best
        return self.serves(self.network.element[e["anchor"]], "4g")


class Notify(Statement):
    """notify "AUTHORITY" of T when new or changed"""
    bound = 0

    def __init__(self, dice):
        self.target = x.random_expression(dice, x.thing_leaf, 2)
        self.expressions = [self.target]
        self.when = dice.choice([(), ("new",), ("changed",), ("new", "changed")])
        self.text = f'notify "somebody" of {x.text(self.target)}' + (f" when {' or '.join(self.when)}" if self.when else "")

    def answers(self, network):
        members = [e for e in network.elements() if x.evaluate(self.target, network, e)
                   and (not self.when or Forbid.is_when(self, e))]
        return {("", ""): Answer(len(members), not members)}

    def sql(self):
        return None


class Documents(Statement):
    """require evidence test-report for T within N months covering p%: the claims are of the network"""
    bound = 0

    def __init__(self, dice):
        self.target = x.random_expression(dice, x.thing_leaf, 1)
        self.expressions = [self.target]
        self.months, self.covers = dice.choice([None, 12, 24]), dice.choice([None, 50])
        self.text = f"require evidence test-report for {x.text(self.target)}" + \
            (f" within {self.months} months" if self.months else "") + (f" covering {self.covers}%" if self.covers else "")

    def met(self, network, product, version):
        since = {None: "", 12: "2025-01-01", 24: "2024-01-01"}[self.months]
        return any(c["product"] == product and c["version"] == version and c["dated"] >= since
                   and (not self.covers or (c["covers"] or 0) >= self.covers) for c in network.claims)

    def answers(self, network):
        counts = {}
        for e in network.elements():
            stated = network.stated.element[e["element"]]["version"] if e["element"] in network.stated.element else e["version"]
            if e["product"] not in ("", "none") and stated not in ("", "none") and x.evaluate(self.target, network, e):
                key = f"{e['product']} {e['version']}", ""
                counts.setdefault(key, 0)
                counts[key] += not self.met(network, e["product"], e["version"])
        return {key: Answer(count, count == 0) for key, count in counts.items()}

    def sql(self):
        return None


KINDS = [Notify, Documents, Limit, Limit, Limit, LimitDistinct, Require, Forbid, Reach, Links, Served]
