# SPDX-License-Identifier: Apache-2.0
"""What the two readers of certificates share: a case's tables, its policies, the certificate's units. Python's standard library
alone, and nothing of proviso. What is not known of the language is Unsupported, and taken on trust."""
import collections
import csv
import datetime
import json
import pathlib
import re
import sys
from fractions import Fraction

NO, MAYBE, YES = 0, 1, 2  # `and` is the least of them, `or` the greatest, `not` is 2 less it
LAYERS = ("core", "access", "transport", "management", "interception", "security", "external")


class Refused(Exception):
    pass


class Unsupported(Exception):
    pass


def refuse(condition, text):
    if condition:
        raise Refused(text)


def micro(text):
    return int(Fraction(str(text or 0)) * 1000000)


def day(text):
    return datetime.date.fromisoformat(text) if text else None


def months_after(date, months):
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = (datetime.date(year + month // 11, (month + 1) % 12 + 1, 1) - datetime.timedelta(1)).day
    return datetime.date(year, month + 1, min(date.day, last))


# ---- the case's tables ------------------------------------------------------------------------------------------------

def rows_of(path):
    if not path.exists():
        return []
    reader = csv.DictReader(path.open(encoding="utf-8-sig"))
    return [{**{k.strip(): (v or "").strip() for k, v in row.items() if k}, "line": reader.line_num} for row in reader]


def table(case, name, key):
    """The rows as the proposal leaves them. A cell that is empty keeps, `none` clears, -ID removes."""
    rows = {}
    for folder in ("network", "proposal"):
        for path in sorted((case / folder).glob("*.csv")):
            for row in rows_of(path) if path.stem.split("-")[0].split(".")[0] == name else ():
                ident = row.get(key) or f"{row.get('a')} {row.get('b')} {row.get('reference_point', '')}".strip()
                if folder == "proposal" and ident.startswith("-"):
                    rows.pop(ident[1:])
                    continue
                rows.setdefault(ident, {}).update({k: v for k, v in row.items() if v or k not in rows.get(ident, {})})
    return rows


class Case:
    def __init__(self, folder, certificate):
        self.layers, self.on = certificate["layers"], day(certificate["on"])
        self.vendors, self.products = table(folder, "vendors", "vendor"), table(folder, "products", "product")
        self.sites, self.elements = table(folder, "sites", "site"), table(folder, "elements", "element")
        self.links = table(folder, "links", "link")
        self.added = {x["element"]: x for unit in certificate["units"] for x in unit["added"]}
        self.columns = set().union(*self.elements.values()) | {"product", "version", "layer", "vendor"}
        for name, x in self.added.items():
            refuse(name in self.elements, f"{name} is there already")
            self.elements[name] = {"function": x["function"], "site": x["site"]}
        for name, e in self.elements.items():
            e["element"] = name
            e["vendor"] = e.get("vendor") or self.products.get(e.get("product"), {}).get("vendor", "")
            e["layer"] = e.get("layer") or self.layers.get(e["function"], "")
        self.offers, self.became = {r["offer"]: r for r in rows_of(folder / "offers.csv")}, {}
        for o in self.offers.values():
            o["vendor"] = o.get("vendor") or self.products.get(o.get("product"), {}).get("vendor", "")
        self.costs, self.pairs, self.crews = (rows_of(folder / f"{name}.csv") for name in ("costs", "pairs", "crews"))
        self.facts = {(about, subject, attribute): value for about, subject, attribute, value in certificate["facts"]}
        self.confirmed = {tuple(x) for x in certificate["confirmed"]}

    def region(self, e):
        return self.sites.get(e["site"], {}).get("region", "")

    def become(self, name, offer):
        """The element after an offer, the same each time; without one as it is. None: it is not there."""
        if (name, offer) not in self.became:
            self.became[name, offer] = self.changed(name, offer)
        return self.became[name, offer]

    def changed(self, name, offer):
        e, o = self.elements[name], self.offers.get(offer)
        refuse(offer and not o, f"nobody offers {offer}")
        if o is None or o["what"] == "remove":
            return None if o or name in self.added else e
        if o["what"] == "upgrade":
            return {**e, "version": o["version"]}
        return {**e, "vendor": o["vendor"], "product": o.get("product") or "none", "version": o.get("version") or "none", "swapped": True}

    def party(self, e, kind):
        """Whose it is; "" where nobody says."""
        if kind == "owner":
            owner = e["vendor"]
            while self.vendors.get(owner, {}).get("owner", "none") not in ("", "none"):
                owner = self.vendors[owner]["owner"]
            return owner
        return e["vendor"] if kind == "vendor" else self.vendors.get(e["vendor"], {}).get(kind, "")


# ---- the policy --------------------------------------------------------------------------------------------------------

class Policy:
    """Sets, params, rules and statements of a file."""

    def __init__(self, path, case, params):
        self.case, self.sets, self.params, self.absent, self.compiled = case, {}, dict(params), {}, {}
        self.services, self.waived, self.statements, self.rules, self.rule = False, set(), {}, {None: {}}, None
        text = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            line = re.sub(r'("[^"]*")|#.*', lambda m: m.group(1) or "", line).rstrip()
            if not line.strip():
                continue
            begun = begun if text else number
            text += " " + line.strip() if text else line
            if not text.endswith(","):
                self.clause(text, begun)
                text = ""

    def clause(self, text, number):
        words = text.split()
        if text[0] == " ":
            self.statements[number] = (text.strip(), self.rule)
            if words[0] == "absent":
                self.absent[words[1]] = words[3]
            elif words[0] in ("by", "in-force"):
                self.rules[self.rule][words[0]] = day(words[1])
            elif words[:2] == ["may", "remove"]:
                self.rules[self.rule]["remove"] = text.split("remove", 1)[1]
        elif words[0] in ("set", "param") and "=" in text:
            (self.sets if words[0] == "set" else self.params).setdefault(words[1], text.split("=", 1)[1].strip())
        elif words[0] == "rule":
            self.rule = words[1]
            self.rules[self.rule] = {}
        elif words[0] == "policy":
            self.name = words[1]
        elif words[0] == "waive":
            self.waived.add(words[1])
        self.services |= words[0] in ("service", "include")

    def amount(self, word):
        word = self.params.get(word, word)
        return Fraction(word.rstrip("%")) / (100 if word.endswith("%") else 1), word.endswith("%")

    def member(self, text):
        """Of an expression: element -> NO, MAYBE or YES."""
        if text is None:
            return lambda e: YES
        if text not in self.compiled:
            tokens = re.findall(r'"[^"]*"|[<>]=?|[(),]|[^\s(),<>]+', text)
            test, seen = self.chain(tokens, "or"), {}
            if tokens:
                raise Unsupported(text)

            def once(e):
                if id(e) not in seen:
                    seen[id(e)] = test(e), e
                return seen[id(e)][0]
            self.compiled[text] = once
        return self.compiled[text]

    def chain(self, t, word):
        """`or` of `and` of `not` of what is in parentheses, or of an atom."""
        below = (lambda: self.chain(t, "and")) if word == "or" else (lambda: self.negation(t))
        parts, pick = [below()], max if word == "or" else min
        while t[:1] == [word]:
            t.pop(0)
            parts.append(below())
        return lambda e: pick([part(e) for part in parts])

    def negation(self, t):
        word = t.pop(0)
        if word == "not":
            inner = self.negation(t)
            return lambda e: YES - inner(e)
        if word == "(":
            inner = self.chain(t, "or")
            t.pop(0)
            return inner
        return self.atom(word, t)

    def cell(self, path, e):
        """The value, "" where unknown."""
        of, _, name = path.rpartition(".")
        if of not in ("", "vendor", "product", "site") or (not of and name not in self.case.columns):
            raise Unsupported(path)
        if not of or not e.get(of):
            return "" if of else e.get(name, "")
        rows = {"vendor": self.case.vendors, "product": self.case.products, "site": self.case.sites}[of]
        return self.case.facts.get((of, e[of], name)) or rows.get(e[of], {}).get(name, "") or self.absent.get(path, "")

    def atom(self, name, t):
        if t and t[0] in ("is", "in", "not"):
            wanted, values = True, []
            while t[0] in ("is", "in", "not"):
                wanted = wanted != (t.pop(0) == "not")
            if t[0] == "(":
                while t.pop(0) != ")":
                    values.append(t.pop(0).strip('"'))
            else:
                values.append(t.pop(0).strip('"'))
            return lambda e: MAYBE if self.cell(name, e) == "" else YES if (self.cell(name, e) in values) == wanted else NO
        if t and t[0][0] in "<>":
            raise Unsupported(name)
        if name in ("any", "all"):
            return lambda e: YES
        if name in self.sets:
            return self.member(self.sets[name])
        if name in LAYERS or name in self.case.layers:
            return lambda e: YES if name in (e["layer"], e["function"]) else NO
        return lambda e: {"yes": YES, "no": NO, "": MAYBE}.get(self.params.get(name) or self.cell(name, e), NO)


FORMS = {
    "forbid": r"forbid (.+?)(?: in (?!\()(.+))?$",
    "at most": r"limit (?P<subject>.+?) to (?P<n>\S+) (?P<party>vendor|jurisdiction|owner)s(?: in (?P<target>.+?))?(?: per (?P<per>\S+))?$",
    "limit": r"limit (any vendor|any jurisdiction|any owner|.+?) to (\S+)(?: of)? (\S+)(?: in (.+?))?(?: per (\S+))?$",
    "count": r"require (?P<n>\S+) (?P<party>vendor|jurisdiction|owner)s(?: in (?P<target>.+?))?(?: per (?P<per>\S+))?$",
    "served": r"require (\S+) of (\S+) served(?: for (\S+))? without (any vendor|any jurisdiction|any owner|.+?)$",
    "confirmed": r"require confirmed (?P<column>vendor|product|version) for (\S+) of (.+)$",
    "evidence": r"require evidence (\S+) for (.+?)(?: within .*| independent.*| covering .*| extends .*)?$",
}


class Statement:
    """A statement of the certificate's list, read from its own line of the policy."""

    def __init__(self, policy, listed):
        self.policy, self.binds, self.kind = policy, listed["binds"], "other"
        self.line = listed["line"]
        self.text, self.rule = policy.statements.get(listed["line"], ("", None))
        refuse(self.text.split() != listed["statement"].split() or self.rule != listed["rule"] or policy.name != listed["policy"],
               f"line {listed['line']} of the policy is not: {listed['statement']}")
        self.by, self.begins = (policy.rules[self.rule].get(x) for x in ("by", "in-force"))
        self.waived = self.rule in policy.waived
        for kind, form in FORMS.items():
            self.match = re.match(form, self.text)
            if self.match and not re.search(r" (reaching|when|from|managed by|any version) ?", self.text) and not self.waived:
                self.kind = kind
                break


# ---- the certificate ---------------------------------------------------------------------------------------------------

class Certificate:
    def __init__(self, folder, data, params):
        self.data, self.model, self.case, self.units = data, data["model"], Case(folder, data), data["units"]
        self.trusted, policies, self.statements = collections.Counter(), {}, []
        self.first = self.model["units"] + [len(self.model["costs"])]
        self.owner = [u for u in range(len(self.model["units"])) for _ in range(self.first[u], self.first[u + 1])]
        m, sizes = self.model, [len(self.range(u)) for u in range(len(self.units), len(self.model["units"]))]
        numbers = [*(data["choice"] or ()), *(x[k] for x in m["forbids"] + data["cuts"] + data["places"] for k in ("rule", "option", "row") if x.get(k) is not None)]
        numbers += [n for x in m["rows"] + m["marks"] + m["counts"] for k in ("options", "marks") for n in x.get(k, ())]
        refuse(min(numbers, default=0) < 0 or any(len(r["options"]) != len(r["values"]) for r in m["rows"]), "a number of nothing")
        self.dated = any(o["quarter"] is not None for u in self.units for o in u["options"])
        refuse(not self.dated and sizes != [1] + [2] * (len(sizes) - 1), "helpers that are none")
        self.unit_of = {name: u for u, unit in enumerate(self.units) for name in unit["elements"]}
        refuse(len(self.unit_of) != sum(len(u["elements"]) for u in self.units), "an element of two units")
        refuse(set(self.unit_of) - set(self.case.elements), "a unit of elements that are not there")
        self.place = {name: k for unit in self.units for k, name in enumerate(unit["elements"])}
        self.state = {o: [self.case.become(n, x) for n, x in zip(unit["elements"], self.offers(o))]
                      for u, unit in enumerate(self.units) for o in self.range(u)}
        refuse(data["format"] != "proviso certificate 1" or data["sought"] not in ("holds", "not-broken"), "no certificate of a kind that is known")
        refuse({o.get("currency") or data["currency"] for o in self.case.offers.values()} - {data["currency"]}, "another currency than that of the offers")
        self.fixed = [n for n in self.case.elements if n not in self.unit_of]
        for rule in data["rules"]:
            refuse(not isinstance(rule["binds"], bool), "a rule binds or does not")
            file = pathlib.Path(rule["file"])
            path = next((p for p in (file, folder / "policies" / file.name, folder / file.name) if p.exists()), None)
            refuse(not path, f"there is no {file}")
            policies[path] = policies.get(path) or Policy(path, self.case, params)
            self.statements.append(Statement(policies[path], rule))
        self.policies, listed = policies.values(), {(s.policy, s.line) for s in self.statements}
        for policy in self.policies:
            for line, (text, rule) in policy.statements.items():
                refuse(rule and re.match("forbid|limit|require", text) and (policy, line) not in listed, f"\"{text}\" is not listed")
        for u in self.units:
            for o in u["options"]:
                refuse(self.dated and (o["quarter"] is None) == any(o["offers"]), "what is changed has no quarter, or what is not has one")
        self.check_facts(folder)

    def check_facts(self, folder):
        """Somebody says each fact; how claims are weighed is taken as it is."""
        said = set()
        for path in sorted((folder / "evidence").glob("*.proviso")):
            for stanza in re.split(r"\n(?=\S)", path.read_text(encoding="utf-8")):
                about = re.search(r"^\s+about\s+(\w+)\s+(\S+)", stanza, re.M)
                for attribute, value in re.findall(r"^\s+says\s+(\S+)\s*=\s*(.+?)\s*$", stanza, re.M) if about else ():
                    said.add((*(x.strip('"') for x in about.groups()), attribute, value.strip('"')))
        for fact in self.case.facts.items():
            refuse((*fact[0], fact[1]) not in said, f"nobody says {fact}")
        for element, column, value in self.case.confirmed:
            refuse(self.case.facts.get(("element", element, column)) != value, f"that {element} has {column} {value} is no fact")

    def range(self, unit):
        return range(self.first[unit], self.first[unit + 1])

    def offers(self, option):
        """By element of its unit (of a link: the one) what an option takes; [] behind the case's own units."""
        u = self.owner[option]
        return self.units[u]["options"][option - self.first[u]]["offers"] if u < len(self.units) else []

    def takes_out(self, option):
        """Does a link's option take it out? Else it stays, or carries something else."""
        offer = self.case.offers.get(self.offers(option)[0], {})
        return bool(offer) and not offer.get("reference_point")

    def options_of(self, names):
        """(option, element as it leaves it) for each of these; option None: nothing is offered for it."""
        for n in names:
            if n not in self.unit_of:
                yield None, self.case.elements[n]
            else:
                for o in self.range(self.unit_of[n]):
                    if self.state[o][self.place[n]]:
                        yield o, self.state[o][self.place[n]]

    def set_of(self, options):
        """Options, one of which has to be chosen for something to be so; True: it is so anyhow."""
        units = collections.Counter(self.owner[o] for o in set(options) - {None})
        return None in options or any(n == len(self.range(u)) for u, n in units.items()) or frozenset(options)

    def is_of_one_unit(self, options):
        return not any(isinstance(o, frozenset) for o in options) and len({self.owner[o] for o in options}) == 1

    def canonical(self, items, bound):
        """A sum of (weight, set) that is at most the bound, so that equal ones look equal: scaled, without what is always added."""
        sums = collections.Counter()
        for weight, options in items:
            if options is True:
                bound -= weight
            else:
                for key in options if self.is_of_one_unit(options) else [options] * bool(options):
                    sums[key] += weight
        for u in {self.owner[k] for k in sums if isinstance(k, int)}:
            always = sums[self.first[u]]
            bound -= always
            sums.update({o: -always for o in self.range(u)} if always else {})
        scale = sum(map(abs, sums.values())) or 1
        return frozenset((k, Fraction(v) / scale) for k, v in sums.items() if v), Fraction(bound) / scale

    def quarters(self):
        """First and last day of each, of three months from the plan's date to its horizon."""
        ends = [months_after(self.case.on, 3 * k) for k in range(81)]
        until, one = day(self.data["until"]), datetime.timedelta(1)
        return [(a, b - one) for a, b in zip(ends, ends[1:]) if until and b - one <= until]

    def helpers(self):
        """Options that stand for one of others, or for one of each of several sets, as the rows without a source say."""
        if self.dated:
            return {}
        sets, rows, sourced = {}, collections.defaultdict(list), {p["row"] for p in self.data["places"]}
        always = {self.first[u] for u in range(len(self.model["units"])) if len(self.range(u)) == 1 and u >= len(self.units)}
        for i, row in enumerate(self.model["rows"]):
            if row["rule"] is None and i not in sourced:
                sign = 1 if row["sense"] == "<=" else -1
                z = max(row["options"])
                refuse(int(row["bound"]) or z < self.first[len(self.units)], "a row without a source")
                rows[z].append({o: sign * v for o, v in zip(row["options"], row["values"])})
        for z, of in rows.items():
            parts = [(row.pop(z), row) for row in of]
            whole = frozenset(o for mine, row in parts if mine < 0 for o in row)
            for mine, row in parts:
                most = collections.Counter()
                for o, v in row.items():
                    most[self.owner[o]] = max(most[self.owner[o]], v)
                fits = min(row.values()) > 0 and most.total() <= -mine if mine < 0 else mine == 1 and set(row.values()) == {-1} and whole <= set(row)
                refuse(not fits, "a row without a source")
            sets[z] = True if whole & always else whole or frozenset(map(frozenset, (row for _, row in parts))) if len(parts) > 1 else whole or frozenset(parts[0][1])
        return sets

    def sum_of(self, row, helpers):
        sign = 1 if row["sense"] == "<=" else -1
        return self.canonical([(sign * v, helpers.get(o, frozenset([o]))) for o, v in zip(row["options"], row["values"])], sign * int(row["bound"]))

    def trying(self, what, call, *given):
        """What can't be rebuilt is taken on trust."""
        try:
            return call(*given)
        except Unsupported:
            self.trusted[what] += 1
            return None


def holds(options, chosen):
    """Is one of them chosen; of sets, one of each?"""
    return options is True or (all(holds(x, chosen) for x in options) if any(isinstance(o, frozenset) for o in options) else bool(options & chosen))


def run(reader, doc):
    """The whole of a reader: CASE CERTIFICATE [PARAM=VALUE]..."""
    words = sys.argv[1:]
    if len(words) < 2:
        print(doc, file=sys.stderr)
        return 64
    try:
        data = json.loads(pathlib.Path(words[1]).read_text(encoding="utf-8"), parse_float=str)
        certificate = reader(pathlib.Path(words[0]), data, dict(w.split("=", 1) for w in words[2:]))
        said = certificate.check()
    except (Refused, KeyError, IndexError, ValueError, TypeError, AttributeError) as wrong:
        print(f"refused: {wrong if isinstance(wrong, Refused) else repr(wrong)}")
        return 1
    trusted = ", ".join(f"{n} {what}{'s' if n > 1 else ''}" for what, n in sorted(certificate.trusted.items()))
    print(said)
    print(f"taken on trust: {trusted or 'nothing'}")
    return 0
