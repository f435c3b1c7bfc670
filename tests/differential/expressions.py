# SPDX-License-Identifier: Apache-2.0
"""Random set expressions: their text, what they are of an element in three values (True, False, None), and in SQL.

An expression is ("or", a, b), ("and", a, b), ("not", a), ("set", name, a) or a Leaf. On a network without unknown facts no value is None.
"""
import networks as n


class Leaf:
    def __init__(self, text, value, sql=None, columns=()):
        self.text, self.value, self.sql = text, value, sql
        self.columns = columns  # what it rests on: (table, column)


def known(cell, test):
    """A cell against a test: unknown stays unknown, and what is known to be none passes no test."""
    return None if cell == "" else False if cell == "none" else test(cell)


def designated(network, vendor):
    if vendor == "":
        return None
    if vendor == "none":
        return False
    return {"yes": True, "no": False}.get(network.designated.get(vendor, "no" if network.silence else ""))


def of_vendor(network, vendor, column, test):
    return None if vendor == "" else False if vendor == "none" else known(network.vendor[vendor][column], test)


def hosted_on(inner):
    def value(network, e):
        if "hosted_on" in network.stated.silent:
            return False
        found = False
        while True:
            host = e["hosted_on"]
            if host == "":
                return found or None
            if host == "none":
                return found
            e = network.element[host]
            v = evaluate(inner, network, e)
            if v:
                return True
            found = None if v is None else found
    return value


def managed(network, e, test):
    if "managed_by" in network.stated.silent:
        return False
    return None if e["managed_by"] == "" else False if e["managed_by"] == "none" else test(e["managed_by"])


def quote(words):
    return ", ".join(f'"{w}"' if " " in w or not w[0].isalpha() else w for w in words)


def sql_list(words):
    return ", ".join(f"'{w}'" for w in words)


# ---- leaves about who made it ------------------------------------------------------------------------------------------------

def vendor_leaf(dice):
    kind = dice.randrange(6)
    if kind == 0:
        j = dice.sample(n.JURISDICTIONS, dice.randint(1, 2))
        return Leaf(f"vendor.jurisdiction in ({quote(j)})",
                    lambda net, e: of_vendor(net, net.vendor_of(e), "jurisdiction", lambda c: c in j),
                    f"coalesce(jurisdiction IN ({sql_list(j)}), 0)", (("elements", "vendor"), ("vendors", "jurisdiction")))
    if kind == 1:
        j = dice.choice(n.JURISDICTIONS)
        # "is not" is "not ... is": whoever has none is not in it
        return ("not", Leaf(f"vendor.jurisdiction is {j}",
                            lambda net, e: of_vendor(net, net.vendor_of(e), "jurisdiction", lambda c: c == j),
                            f"coalesce(jurisdiction = '{j}', 0)", (("elements", "vendor"), ("vendors", "jurisdiction"))))
    if kind == 2:
        v = dice.choice(["v0", "v1"])
        return Leaf(f"vendor is {v}", lambda net, e: known(net.vendor_of(e), lambda c: c == v), f"coalesce(vendor = '{v}', 0)",
                    (("elements", "vendor"),))
    return Leaf("vendor.designated", lambda net, e: designated(net, net.vendor_of(e)), "coalesce(designated = 'yes', 0)",
                (("elements", "vendor"), ("designated", "")))


# ---- leaves about what it is and where it stands -------------------------------------------------------------------------------

def thing_leaf(dice):
    kind = dice.randrange(16)
    if kind == 0:
        layers = dice.sample(["access", "core", "transport", "management"], 2)
        return Leaf(f"layer in ({quote(layers)})", lambda net, e: n.LAYER[e["function"]] in layers,
                    f"layer IN ({sql_list(layers)})")
    if kind == 1:
        functions = dice.sample(sorted(n.LAYER), 3)
        return Leaf(f"function not in ({quote(functions)})", lambda net, e: e["function"] not in functions,
                    f"function NOT IN ({sql_list(functions)})")
    if kind == 2:
        t = dice.choice(n.TECHNOLOGIES)
        return Leaf(f'technology is {t if t[0].isalpha() else chr(34) + t + chr(34)}',
                    lambda net, e: known(e["technology"], lambda c: c == t), f"coalesce(technology = '{t}', 0)",
                    (("elements", "technology"),))
    if kind == 3:
        v = dice.choice(n.VERSIONS)
        return Leaf(f'version is not "{v}"', lambda net, e: None if e["version"] == "" else e["version"] != v,
                    f"coalesce(version <> '{v}', 1)", (("elements", "version"),))
    if kind == 4:
        d, (word, sign) = dice.choice(n.DATES), dice.choice([("<", "<"), ("<=", "<="), (">", ">"), (">=", ">=")])
        compare = {"<": str.__lt__, "<=": str.__le__, ">": str.__gt__, ">=": str.__ge__}[word]
        return Leaf(f"since {word} {d}", lambda net, e: known(e["since"], lambda c: compare(c, d)),
                    f"coalesce(since {sign} '{d}', 0)", (("elements", "since"),))
    if kind == 5:
        r = dice.choice(n.REGIONS)
        return Leaf(f'site.region is "{r}"', lambda net, e: known(net.site[e["site"]]["region"], lambda c: c == r),
                    f"coalesce(region = '{r}', 0)", (("sites", "region"),))
    if kind == 6:
        return Leaf("site.sensitive", lambda net, e: known(net.site[e["site"]]["sensitive"], lambda c: c == "yes"),
                    "coalesce(sensitive = 'yes', 0)", (("sites", "sensitive"),))
    if kind == 7:
        number = dice.choice([1, 5, 100])
        return Leaf(f"site.population >= {number}",
                    lambda net, e: known(net.site[e["site"]]["population"], lambda c: float(c) >= number),
                    f"coalesce(population >= {number}, 0)", (("sites", "population"),))
    if kind == 8:
        number = dice.choice([0, 1, 2.5])
        return Leaf(f"power > {number}", lambda net, e: known(e["power"], lambda c: float(c) > number),
                    f"coalesce(power > {number}, 0)", (("elements", "power"),))
    if kind == 9:
        t = dice.choice(n.TAGS)
        return Leaf(f"tag is {t}", lambda net, e: known(e["tag"], lambda c: t in c.split()),
                    f"coalesce(instr(' ' || tag || ' ', ' {t} ') > 0, 0)", (("elements", "tag"),))
    if kind == 10:
        d = dice.choice(n.DATES)
        return Leaf(f"product.support_until < {d}",
                    lambda net, e: known(e["product"], lambda p: known(net.product[p]["support_until"], lambda c: c < d)),
                    f"coalesce(support_until < '{d}', 0)", (("products", "support_until"), ("elements", "product")))
    if kind == 11:
        return Leaf("managed by (vendor.designated)", lambda net, e: managed(net, e, lambda v: designated(net, v)),
                    "coalesce(manager_designated = 'yes', 0)", (("elements", "managed_by"), ("designated", "")))
    if kind == 12:
        j = dice.choice(n.JURISDICTIONS)
        return Leaf(f"managed by (not vendor.jurisdiction is {j})",
                    lambda net, e: managed(net, e, lambda v: negate(of_vendor(net, v, "jurisdiction", lambda c: c == j))),
                    None, (("elements", "managed_by"), ("vendors", "jurisdiction")))
    if kind == 13:
        functions = dice.sample(sorted(n.LAYER), 2)
        inner = Leaf(f"function in ({quote(functions)})", lambda net, e: e["function"] in functions)
        return Leaf(f"hosted on ({inner.text})", hosted_on(inner), None, (("elements", "hosted_on"),))
    function = dice.choice(sorted(n.LAYER))
    return Leaf(function, lambda net, e: e["function"] == function, f"function = '{function}'")


def negate(v):
    return None if v is None else not v


def random_expression(dice, leaf, depth):
    inner = random_tree(dice, leaf, depth)
    return ("set", f"set-{dice.randrange(10 ** 9)}", inner) if dice.random() < 0.25 else inner


def definitions(x):
    """The named sets in an expression: name -> expression."""
    if isinstance(x, Leaf):
        return {}
    found = {x[1]: x[2]} if x[0] == "set" else {}
    for part in x[1:]:
        if not isinstance(part, str):
            found.update(definitions(part))
    return found


def random_tree(dice, leaf, depth):
    if depth == 0 or dice.random() < 0.4:
        return leaf(dice)
    kind = dice.choice(["or", "and", "not"])
    if kind == "not":
        return ("not", random_tree(dice, leaf, depth - 1))
    return (kind, random_tree(dice, leaf, depth - 1), random_tree(dice, leaf, depth - 1))


EVERYTHING = Leaf("any", lambda net, e: True, "1")


def text(x):
    if isinstance(x, Leaf):
        return x.text
    if x[0] == "set":
        return x[1]
    if x[0] == "not":
        return f"not ({text(x[1])})"
    return f"({text(x[1])}) {x[0]} ({text(x[2])})"


def evaluate(x, network, e):
    if isinstance(x, Leaf):
        return x.value(network, e)
    if x[0] == "set":
        return evaluate(x[2], network, e)
    if x[0] == "not":
        return negate(evaluate(x[1], network, e))
    a, b = evaluate(x[1], network, e), evaluate(x[2], network, e)
    if x[0] == "and":
        return False if a is False or b is False else None if a is None or b is None else True
    return True if a is True or b is True else None if a is None or b is None else False


def sql(x):
    """SQL, or None where a leaf has none."""
    if isinstance(x, Leaf):
        return x.sql
    if x[0] == "set":
        return sql(x[2])
    parts = [sql(part) for part in x[1:]]
    if None in parts:
        return None
    return f"(NOT {parts[0]})" if x[0] == "not" else f"({parts[0]} {x[0]} {parts[1]})"


def leaves(x):
    return [x] if isinstance(x, Leaf) else [leaf for part in x[1:] if not isinstance(part, str) for leaf in leaves(part)]


def columns(*expressions):
    """Table -> columns that the expressions rest on."""
    found = {}
    for x in expressions:
        for leaf in leaves(x):
            for table, column in leaf.columns:
                found.setdefault(table, set()).add(column)
    return {table: sorted(names) for table, names in sorted(found.items())}


def read_once(*expressions):
    """Each column stands in one leaf only: then Kleene's logic loses nothing."""
    seen = [c for x in expressions for leaf in leaves(x) for c in set(leaf.columns)]
    return len(seen) == len(set(seen))
