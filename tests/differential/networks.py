# SPDX-License-Identifier: Apache-2.0
"""Small random networks, as tables of rows of cells spelled as in the CSV files: "" is unknown, "none" is known to be none."""
import copy
import csv
import itertools

LAYER = {"eNB": "access", "gNB": "access", "AMF": "core", "SMF": "core", "UPF": "core", "UDM": "core", "AUSF": "core",
         "MME": "core", "SGW": "core", "PGW": "core", "HSS": "core", "router": "transport", "OSS": "management",
         "NFVI": "management", "ADMF": "interception"}
CORE = ["AMF", "SMF", "UPF", "UDM", "AUSF", "MME", "SGW", "PGW", "HSS"]
TECHNOLOGIES = ["2G", "4G", "5G-NSA", "5G-SA"]
JURISDICTIONS = ["XA", "XB", "XC"]
REGIONS = ["north", "south", "east side"]
VERSIONS = ["1.0", "1.1", "R18", "22.3.1"]
TAGS = ["blue", "green", "red"]
DATES = ["2015-06-01", "2018-01-01", "2019-12-31", "2024-02-29"]
POINTS = ["N2", "N3", "S1-MME", "ssh", "none"]
KEYS = {"vendors": "vendor", "products": "product", "sites": "site", "elements": "element"}
COLUMNS = {
    "vendors": ["vendor", "jurisdiction", "owner"],
    "products": ["product", "vendor", "lifetime_years", "support_until"],
    "sites": ["site", "region", "population", "traffic", "sensitive"],
    "elements": ["element", "site", "function", "technology", "vendor", "product", "version", "since", "anchor", "managed_by",
                 "hosted_on", "power", "tag", "traffic"],
    "links": ["a", "b", "reference_point"],
}


class Network:
    def __init__(self, tables, designated, stated=None, silence=False, claims=()):
        self.tables = tables          # name -> list of dicts
        self.designated = designated  # vendor -> "yes", "no", "conflict"; absent: nobody claims anything
        self.silence = silence        # the policy says: absent vendor.designated means no
        self.claims = claims          # test reports: product, version, dated, covers (percent or None)
        self.stated = stated or self  # the network before anything unknown was filled in
        self.index()

    def index(self):
        """Look-ups, after rows have changed."""
        self.vendor = {v["vendor"]: v for v in self.tables["vendors"]}
        self.product = {p["product"]: p for p in self.tables["products"]}
        self.site = {s["site"]: s for s in self.tables["sites"]}
        self.element = {e["element"]: e for e in self.tables["elements"]}
        self.silent = {c for c in ("managed_by", "hosted_on") if all(e[c] == "" for e in self.tables["elements"])}

    def copy(self):
        return Network(copy.deepcopy(self.tables), dict(self.designated), self.stated, self.silence, self.claims)

    def elements(self):
        return self.tables["elements"]

    def vendor_of(self, element):
        """An empty vendor takes the product's."""
        if element["vendor"] or element["product"] in ("", "none"):
            return element["vendor"]
        return self.product[element["product"]]["vendor"]

    def access_sites(self):
        return {e["site"] for e in self.elements() if LAYER[e["function"]] == "access"}


def make(dice, elements, unknown, links):
    """A network; each fact that may be unknown is so with probability `unknown`."""
    def maybe(value):
        return "" if dice.random() < unknown else value

    vendors = [{"vendor": f"v{i}", "jurisdiction": maybe(dice.choice(JURISDICTIONS + ["none"])), "owner": "none"}
               for i in range(dice.randint(2, 4))]
    for i, v in enumerate(vendors):
        v["owner"] = dice.choice(["none", "none", "Holding H", "Holding K"] + ([vendors[i - 1]["vendor"]] if i else []))
    designated = {}
    for v in vendors:
        if dice.random() >= unknown:
            designated[v["vendor"]] = dice.choice(["yes", "no", "no"])
        elif dice.random() < 0.4:
            designated[v["vendor"]] = "conflict"
    products = [{"product": f"p{i}", "vendor": dice.choice(vendors)["vendor"], "lifetime_years": maybe(str(dice.randint(5, 12))),
                 "support_until": maybe(dice.choice(DATES))} for i in range(dice.randint(1, 4))]
    sites = [{"site": f"s{i}", "region": maybe(dice.choice(REGIONS)), "population": maybe(str(dice.choice([0, 1, 5, 7, 100, 250]))),
              "traffic": str(dice.randint(0, 50)), "sensitive": maybe(dice.choice(["yes", "no", "no"]))}
             for i in range(max(2, elements // 2))]
    rows = [make_element(dice, i, vendors, products, sites, maybe) for i in range(elements)]
    for i, row in enumerate(rows):
        if i and dice.random() < 0.5:
            row["hosted_on"] = maybe(rows[dice.randrange(i)]["element"])
        anchors = [r["element"] for r in rows if r["function"] == "eNB"]
        if row["technology"] == "5G-NSA":
            row["anchor"] = maybe(dice.choice(anchors)) if anchors else "none"
    claims = [{"product": dice.choice(products)["product"], "version": dice.choice(VERSIONS), "covers": dice.choice([None, 30, 80]),
               "dated": dice.choice(["2022-03-01", "2024-06-01", "2025-08-01"])} for _ in range(dice.randint(0, 6))]
    network = Network({"vendors": vendors, "products": products, "sites": sites, "elements": rows, "links": []}, designated,
                      silence=dice.random() < 0.3, claims=claims)
    if links:
        make_links(dice, network, maybe)
    return network


def make_element(dice, i, vendors, products, sites, maybe):
    function = dice.choice(["eNB", "gNB", "gNB", "eNB", "router", "OSS", "NFVI"] + CORE)
    row = dict.fromkeys(COLUMNS["elements"], "")
    row.update(element=f"e{i}", site=dice.choice(sites)["site"], function=function, version=maybe(dice.choice(VERSIONS)),
               since=maybe(dice.choice(DATES)), managed_by=maybe(dice.choice(["none", "none", dice.choice(vendors)["vendor"]])),
               hosted_on="none", anchor="none", power=maybe(str(dice.choice([0, 1, 2.5, 40]))), tag=maybe(dice.choice(TAGS)),
               traffic=str(dice.randint(0, 9)))
    if dice.random() < 0.15 and row["tag"]:
        row["tag"] = " ".join(sorted(dice.sample(TAGS, 2)))
    if LAYER[function] == "access":
        row["technology"] = maybe(dice.choice(["4G"] if function == "eNB" else ["5G-NSA", "5G-SA"]))
    else:
        row["technology"] = "none"
    kind, row["product"] = dice.random(), "none"
    if kind < 0.5:
        product = dice.choice(products)
        row["product"] = product["product"]
        row["vendor"] = dice.choice(["", product["vendor"]])
    elif kind < 0.9:
        row["vendor"] = maybe(dice.choice(vendors)["vendor"])
    else:
        row["vendor"] = "none"
    return row


def make_links(dice, network, maybe):
    names = [e["element"] for e in network.elements()]
    seen = set()
    for _ in range(int(len(names) * dice.choice([0.6, 1.0, 1.6]))):
        a, b = dice.sample(names, 2)
        if (a, b) not in seen and (b, a) not in seen:
            seen.add((a, b))
            network.tables["links"].append({"a": a, "b": b, "reference_point": maybe(dice.choice(POINTS))})


# ---- what is not known, and what it might be -----------------------------------------------------------------------------------

def unknown_facts(network, columns):
    """Facts (table, row number, column) that nobody states, of those columns; ("designated", vendor) for evidence."""
    found = []
    for table, names in columns.items():
        if table == "designated":
            found += [("designated", v["vendor"], "") for v in network.tables["vendors"]
                      if network.designated.get(v["vendor"], "no" if network.silence else "") not in ("yes", "no")]
            continue
        for i, row in enumerate(network.tables[table]):
            for column in names:
                empty = network.vendor_of(row) == "" if (table, column) == ("elements", "vendor") else row[column] == ""
                if empty and column != "product":  # a product is always known or none
                    found.append((table, i, column))
    return found


def candidates(network, fact):
    table, row, column = fact
    if table == "designated":
        return ["yes", "no"]
    fresh = {"technology": TECHNOLOGIES, "version": VERSIONS + ["fresh"], "since": ["1990-01-01"] + DATES + ["2025-01-01"],
             "jurisdiction": JURISDICTIONS + ["ZZ"], "sensitive": ["yes", "no"], "population": ["0", str(10 ** 15)],
             "power": ["0", str(10 ** 15)], "tag": TAGS + ["fresh"], "support_until": ["1990-01-01"] + DATES + ["2060-01-01"],
             "lifetime_years": ["0", "1000"], "reference_point": POINTS,
             "region": REGIONS + ["fresh"]}
    if column in fresh:
        return fresh[column]
    if column == "hosted_on":
        return ["none"] + [e["element"] for e in network.elements()[:row]]
    assert column in ("vendor", "managed_by"), column
    # whoever it is: one of the table, or somebody nobody has heard of, of any kind
    return ["none"] + [v["vendor"] for v in network.tables["vendors"]] + [f"fresh-{row}-{d}-{j}" for d in ("yes", "no")
                                                              for j in JURISDICTIONS + ["ZZ"]]


def complete(network, facts, values):
    """The network with those facts filled in."""
    done = network.copy()
    for (table, row, column), value in zip(facts, values):
        if table == "designated":
            done.designated[row] = value
            continue
        done.tables[table][row][column] = value
        if value.startswith("fresh-") and value not in done.designated:
            _, _, designated, jurisdiction = value.split("-")
            done.tables["vendors"].append({"vendor": value, "jurisdiction": jurisdiction, "owner": "none"})
            done.designated[value] = designated
    done.index()
    return done


def completions(dice, network, columns, limit):
    """Networks in which nothing of those columns is unknown; all of them, or (second value false) a sample."""
    facts = unknown_facts(network, columns)
    choices = [candidates(network, fact) for fact in facts]
    total = 1
    for choice in choices:
        total *= len(choice)
    if total <= limit:
        return [complete(network, facts, values) for values in itertools.product(*choices)], True
    picks = [[dice.choice(choice) for choice in choices] for _ in range(limit // 4)]
    return [complete(network, facts, values) for values in picks], False


# ---- files ---------------------------------------------------------------------------------------------------------------------

def write_table(path, columns, rows, dialect):
    with open(path, "w", encoding="utf-8", newline="") as file:
        if dialect.get("mark"):
            file.write("\ufeff")
        out = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator=dialect.get("end", "\n"),
                             quoting=dialect.get("quoting", csv.QUOTE_MINIMAL))
        out.writeheader()
        out.writerows(rows)


def write_tables(folder, tables, dialect):
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = list(COLUMNS[name])
        if dialect.get("shuffle"):
            dialect["shuffle"].shuffle(columns)
            rows = rows[:]
            dialect["shuffle"].shuffle(rows)
        if name == "links" and not rows:
            continue
        if dialect.get("split") and len(rows) > 1:
            half = len(rows) // 2
            write_table(folder / f"{name}.csv", columns, rows[half:], dialect)
            write_table(folder / f"{name}-b.csv", columns, rows[:half], dialect)
        else:
            write_table(folder / f"{name}.csv", columns, rows, dialect)


def evidence_text(network):
    claim = ("evidence {name}\n  about vendor {vendor}\n  says designated = {value}\n  kind decision\n  authority \"{by}\"\n"
             "  instrument notice\n  scope networks\n  factors ownership\n  dated 2020-01-01\n  grade A2\n\n")
    text = ""
    for vendor, value in sorted(network.designated.items()):
        if value == "conflict":
            text += claim.format(name=f"{vendor}-1", vendor=vendor, value="yes", by="one authority")
            text += claim.format(name=f"{vendor}-2", vendor=vendor, value="no", by="another authority")
        else:
            text += claim.format(name=vendor, vendor=vendor, value=value, by="an authority")
    for i, c in enumerate(network.claims):
        text += (f"evidence report-{i}\n  about product {c['product']} at \"{c['version']}\"\n  kind test-report\n  from laboratory\n"
                 f"  dated {c['dated']}\n  grade B2\n" + (f"  covers {c['covers']}%\n" if c["covers"] else "") + "\n")
    return text


def write_case(folder, network, policy, dialect=None, proposal=None):
    dialect = dialect or {}
    write_tables(folder / "network", network.tables, dialect)
    if proposal:
        write_tables(folder / "proposal", proposal, {})
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "designations.proviso").write_text(evidence_text(network), encoding="utf-8")
    (folder / "policy.proviso").write_text(policy, encoding="utf-8")
    (folder / "case.proviso").write_text("case random\n  title \"A random case\"\n  operator \"nobody\"\n  on 2026-01-01\n"
                                         "  policy policy.proviso\n", encoding="utf-8")
