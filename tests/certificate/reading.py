# SPDX-License-Identifier: Apache-2.0
"""A case's tables and the sets of its policies, as far as the readers of certificates need them: Python's standard library
alone, and nothing of proviso. What a reader does not know of the language it says (Unsupported), and takes on trust."""
import csv
import re
from fractions import Fraction

NO, MAYBE, YES = 0, 2, 3  # low bit: surely; high bit: possibly


class Refused(Exception):
    pass


class Unsupported(Exception):
    pass


def refuse(condition, text):
    if condition:
        raise Refused(text)


def micro(text):
    return int(Fraction(str(text or 0)) * 1000000)


# ---- the case's tables ------------------------------------------------------------------------------------------------

def table(case, name, key):
    """The rows as the proposal leaves them. A cell that is empty keeps, `none` clears, -ID removes."""
    rows = {}
    for folder in ("network", "proposal"):
        for path in sorted((case / folder).glob("*.csv")):
            if path.stem.split("-")[0].split(".")[0] != name:
                continue
            for row in csv.DictReader(path.open(encoding="utf-8-sig")):
                row = {k.strip(): (v or "").strip() for k, v in row.items() if k}
                ident = row.get(key) or f"{row.get('a')} {row.get('b')} {row.get('reference_point', '')}"
                if folder == "proposal" and ident.startswith("-"):
                    rows.pop(ident[1:])
                    continue
                rows.setdefault(ident, {}).update({k: v for k, v in row.items() if v or k not in rows.get(ident, {})})
    return rows


class Case:
    def __init__(self, folder, certificate):
        self.layers = certificate["layers"]
        self.vendors, self.products = table(folder, "vendors", "vendor"), table(folder, "products", "product")
        self.sites, self.elements = table(folder, "sites", "site"), table(folder, "elements", "element")
        self.links = table(folder, "links", "link")
        for name, e in self.elements.items():
            e["element"] = name
            e["vendor"] = e.get("vendor") or self.products.get(e.get("product"), {}).get("vendor", "")
            e["layer"] = e.get("layer") or self.layers.get(e["function"], "")
        self.offers = {r["offer"]: r for r in csv.DictReader((folder / "offers.csv").open(encoding="utf-8-sig"))}
        self.facts = {(about, subject, attribute): value for about, subject, attribute, value in certificate["facts"]}

    def become(self, element, offer):
        """The element after an offer (None: as it is)."""
        if offer is None:
            return element
        o = self.offers[offer]
        product = o.get("product") or (element["product"] if o["what"] == "upgrade" else "")
        vendor = o.get("vendor") or self.products.get(product, {}).get("vendor", "")
        return {**element, "vendor": vendor, "product": product, "version": o.get("version", "")}

# ---- the policy --------------------------------------------------------------------------------------------------------

class Policy:
    """Sets, params and statements of a file, as far as this reader knows the language."""

    def __init__(self, path, case, params):
        self.case, self.sets, self.params, self.absent, self.services, self.waived = case, {}, dict(params), {}, False, set()
        lines = path.read_text(encoding="utf-8").splitlines()
        text, self.statements = "", {}
        for number, line in enumerate(lines, 1):
            line = re.sub(r'("[^"]*")|#.*', lambda m: m.group(1) or "", line).rstrip()
            if not line.strip():
                continue
            begun = begun if text else number
            text += " " + line.strip() if text else line
            if text.endswith(","):
                continue
            self.clause(text, begun)
            text = ""

    def clause(self, text, number):
        words = text.split()
        if text[0] == " ":
            self.statements[number] = text.strip()
            if words[0] == "absent":
                self.absent[words[1]] = words[3]
        elif words[0] == "set" and "=" in text:
            self.sets[words[1]] = text.split("=", 1)[1]
        elif words[0] == "param" and "=" in text:
            self.params.setdefault(words[1], text.split("=", 1)[1].strip())
        elif words[0] == "waive":
            self.waived.add(words[1])
        self.services |= words[0] in ("service", "include")

    def amount(self, word):
        word = self.params.get(word, word)
        return Fraction(word.rstrip("%")) / (100 if word.endswith("%") else 1), word.endswith("%")

    def member(self, text, element):
        tokens = re.findall(r'"[^"]*"|[<>]=?|[(),]|[^\s(),<>]+', text)
        value = self.chain(tokens, element, "or")
        if tokens:
            raise Unsupported(text)
        return value

    def chain(self, t, e, word):
        """`or` of `and` of `not` of what is in parentheses, or of an atom."""
        below = (lambda: self.chain(t, e, "and")) if word == "or" else (lambda: self.negation(t, e))
        value = below()
        while t and t[0] == word:
            t.pop(0)
            value = value | below() if word == "or" else value & below()
        return value

    def negation(self, t, e):
        if t and t[0] == "not":
            t.pop(0)
            return {NO: YES, MAYBE: MAYBE, YES: NO}[self.negation(t, e)]
        if t and t[0] == "(":
            t.pop(0)
            value = self.chain(t, e, "or")
            t.pop(0)
            return value
        return self.atom(t, e)

    def cell(self, path, e):
        """The value, "" where unknown."""
        of, _, name = path.rpartition(".")
        if (of or name) not in ("function", "layer", "technology", "vendor", "product", "version", "site", "group", "cluster"):
            raise Unsupported(path)
        if not of or not e.get(of):
            return "" if of else e.get(name, "")
        rows = {"vendor": self.case.vendors, "product": self.case.products, "site": self.case.sites}[of]
        return self.case.facts.get((of, e[of], name)) or rows.get(e[of], {}).get(name, "") or self.absent.get(path, "")

    def atom(self, t, e):
        name = t.pop(0)
        nxt = t[0] if t else ""
        if nxt in ("is", "in", "not"):
            wants, values = True, []
            while t and t[0] in ("is", "in", "not"):
                wants = wants != (t.pop(0) == "not")
            if t[0] == "(":
                while t.pop(0) != ")":
                    values.append(t.pop(0).strip('"'))
            else:
                values.append(t.pop(0).strip('"'))
            have = self.cell(name, e)
            return MAYBE if have == "" else YES if (have in values) == wants else NO
        if nxt and nxt[0] in "<>":
            raise Unsupported(name)
        if name in ("any", "all"):
            return YES
        if name in self.sets:
            return self.member(self.sets[name], e)
        have = self.params[name] if name in self.params else self.cell(name, e)
        return {"yes": YES, "no": NO, "": MAYBE}.get(have, NO)


FORBID = re.compile(r"forbid (.+?)(?: in (?!\()(.+))?$")
LIMIT = re.compile(r"limit (any vendor|.+?) to (\S+)(?: of)? (\S+)(?: in (.+?))?(?: per (\S+))?$")
COUNT = re.compile(r"require (\S+) vendors(?: in (.+?))?(?: per (\S+))?$")
SERVED = re.compile(r"require (\S+) of (\S+) served(?: for (\S+))? without (any vendor|.+?)$")


class Statement:
    """A statement of the certificate's list, read from its own line of the policy."""

    def __init__(self, policy, rule):
        self.policy, self.case, self.text = policy, policy.case, policy.statements.get(rule["line"], "")
        refuse(self.text.split() != rule["statement"].split(), f"line {rule['line']} of the policy is not: {rule['statement']}")
        head = self.text.split()[0]
        self.match = {"forbid": FORBID, "limit": LIMIT}.get(head, SERVED if " served " in self.text else COUNT).match(self.text)
        self.kind = "other"
        if self.match and not re.search(r" (reaching|when|from|evidence|confirmed) ", self.text) and rule["rule"] not in policy.waived:
            self.kind = "served" if " served " in self.text else {"forbid": "forbid", "limit": "limit"}.get(head, "count")
        self.cache, self.rows = {}, None

    def columns(self, expression, seen=()):
        """The columns that membership rests on: alike elements share an answer."""
        found = set()
        for word in re.findall(r"[\w.-]+", expression):
            found.add(word.partition(".")[0])
            if word in self.policy.sets and word not in seen:
                found |= self.columns(self.policy.sets[word], (*seen, word))
        return found & {"function", "layer", "technology", "vendor", "product", "version", "site", "group", "cluster"}

    def __call__(self, expression, element):
        if expression is None:
            return YES
        columns, answers = self.cache.get(expression) or self.cache.setdefault(expression, (sorted(self.columns(expression)), {}))
        key = tuple([element.get(c, "") for c in columns])
        if key not in answers:
            answers[key] = self.policy.member(expression, element)
        return answers[key]

    def group(self, element, per):
        return self.case.sites.get(element["site"], {}).get(per, element.get(per, "")) if per else ""
