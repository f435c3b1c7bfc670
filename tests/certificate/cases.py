# SPDX-License-Identifier: Apache-2.0
"""Random cases for the readers of certificates: small networks with a core of three vendors and radio that leans on birch, which
is designated. Each seed has some of what a case can have: clusters with borders, links that can be taken out, elements that can
be removed or have to be added, documents, deliveries, crews, money, dates."""
import random

VENDORS = ("alder", "birch", "cedar")
RULES = {
    "core": "forbid high-risk in layer is core",
    "sites": "limit high-risk to cap of sites in radio",
    "traffic": "limit any vendor to 75% of traffic in radio per region",
    "few": "limit high-risk to 5 sites in radio",
    "two": "require 2 vendors in radio per region",
    "owners": "require 2 owners in radio",
    "lands": "limit radio to 2 jurisdictions per region",
    "law": "limit any jurisdiction to 80% of elements in radio",
    "continuity": "require {served}% of population served without any vendor",
    "tested": "require evidence test-report for layer is management",
}


def write(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_network(folder, dice, has):
    places = [f"{-41 + dice.random() / 2:.4f},{172 + dice.random():.4f}" for _ in range(9)]
    sites = [f"s{i},{'north' if i % 2 else 'south'},{dice.randint(1, 9) * 100},{dice.randint(1, 9) * 10},{places[i]}" for i in range(8)]
    write(folder / "network/sites.csv", ["site,region,population,traffic,lat,lon", f"dc,north,0,0,{places[8]}"] + sites)
    write(folder / "network/vendors.csv", ["vendor,jurisdiction,owner", "alder,XA,none", "birch,XB,none", f"cedar,XC,{dice.choice(('alder', 'none'))}"])
    kinds = ("radio", "core", "manager")
    write(folder / "network/products.csv", ["product,vendor,lifetime_years"] + [f"{k}-{v},{v},{dice.randint(3, 9)}" for v in VENDORS for k in kinds])
    elements, links = [], []
    for f in ("AMF", "SMF", "UPF", "UDM", "AUSF"):
        for n, v in enumerate(("alder", "birch" if f == "UPF" else "cedar")):
            elements.append(f"{f}{n},dc,{f},5G-SA,{v},core-{v},1,2020-01-01,,")
    elements.append("ems,dc,EMS,,birch,manager-birch,1,2020-01-01,,")
    for i in range(8):
        v = dice.choices(VENDORS, (2, 4, 1))[0] if "clusters" not in has else "birch" if i < 6 else "alder"
        group, cluster = ("pair" if i < 2 and "clusters" not in has else ""), (f"c{i // 2}" if "clusters" in has else "")
        elements.append(f"g{i},s{i},gNB,5G-SA,{v},radio-{v},1,{dice.randint(2014, 2022)}-03-31,{group},{cluster}")
        links += [f"n{i},g{i},AMF{0 if i % 3 else 1},N2"] + [f"m{i},g{i},AMF{1 if i % 3 else 0},N2"] * ("restrict" in has)
    write(folder / "network/elements.csv", ["element,site,function,technology,vendor,product,version,since,group,cluster"] + elements)
    inside = [f"{f}{n},{f}{n},AMF{n},SBI" for f in ("SMF", "UPF", "UDM", "AUSF") for n in (0, 1)]
    write(folder / "network/links.csv", ["link,a,b,reference_point"] + links + inside)


def make_offers(folder, dice, has):
    head = "offer,what,vendor,product,version,function,cost_likely,currency,region_fixed,per_quarter,minimum,from,lead_days,running_per_year,evidence_kind,source"
    most = dice.choice(("", "2", "4")) if "dates" in has else ""
    offers = [f"{v}-radio,element,{v},radio-{v},2,gNB,{dice.randint(40, 60)}000,EUR,{dice.choice((0, 0, 7000))},{most},{dice.choice(('', '', '2'))},"
              f"{dice.choice(('', '2024-09-01'))},{dice.choice(('', '100'))},{dice.choice(('', '365'))},,q" for v in VENDORS]
    offers += [f"{v}-core,element,{v},core-{v},2,UPF,{dice.randint(90, 99)}000,EUR,0,,,,,,,q" for v in VENDORS]
    offers += ["birch-up,upgrade,birch,radio-birch,3,gNB,9000,EUR,0,,,,,,,q"] * dice.randint(0, 1)
    offers += ["cut,restrict,,,,AMF,300,EUR,0,,,,,,,q"] * ("restrict" in has)
    offers += ["away,remove,birch,,,gNB,4000,EUR,0,,,,,,,q"] * ("remove" in has)
    offers += [f"{v}-manager,element,{v},manager-{v},2,EMS,5000,EUR,0,,,,,,,q" for v in VENDORS] * ("pairs" in has)
    offers += [f"report,evidence,birch,manager-birch,1,,6000,EUR,0,,,,120,,test-report,q"] * ("documents" in has)
    write(folder / "offers.csv", [head] + offers)
    write(folder / "costs.csv", ["item,function,likely", "removal,,1500", "site-visit,,800", "write-off,gNB,2500"] + ["border,,6000"] * ("clusters" in has))
    if "pairs" in has:
        write(folder / "pairs.csv", ["vendor_a,function_a,vendor_b,function_b,scope,relation"] +
              [f"{v},gNB,{v},EMS,{dice.choice(('region', 'region', 'site'))},needs" for v in ("alder", "cedar")] + ["alder,gNB,cedar,EMS,site,excludes"])
    if "dates" in has:
        write(folder / "crews.csv", ["region,quarter,elements", f"north,,{dice.randint(2, 4)}", "south,2024-Q2,1", "south,,3"])


def make_seen(folder, dice):
    """What a probe, and the operator himself, say of some of the radio; the rule that asks for it."""
    what, lines = dice.choice(("vendor", "product", "version")), []
    for row in (folder / "network/elements.csv").read_text(encoding="utf-8").splitlines()[1:]:
        name, _, function, _, *cells = row.split(",")[:7]
        who = dice.choices(("a probe", "operator", None), (4, 1, 2))[0] if function == "gNB" else None
        if who:
            lines += [f"evidence seen-{name}", f"  about element {name}", f"  says {what} = \"{cells[('vendor', 'product', 'version').index(what)]}\"",
                      "  kind probe", f"  from \"{who}\"", ""]
    write(folder / "evidence/seen.proviso", lines)
    return f"require confirmed {what} for {dice.choice((10, 25, 40))}% of {dice.choice(('radio', 'radio', 'vendor.designated'))}"


def make_case(folder, seed):
    """What the seed's case has besides, and the options to plan it with."""
    dice = random.Random(seed)
    has = {x for x in ("clusters", "restrict", "remove", "pairs", "documents", "dates") if dice.random() < 0.4}
    make_network(folder, dice, has)
    make_offers(folder, dice, has)
    write(folder / "evidence/d.proviso",
          ["evidence d", "  about vendor birch", "  says designated = yes", "  kind decision", "  from \"a ministry\"", "  dated 2023-01-01",
           "  authority \"a ministry\"", "  instrument \"an act\"", "  scope \"all\"", "  factors \"law\""])
    policy = ["policy certified", '  source "tests/certificate"', "  absent vendor.designated means no", "", f"param cap = {dice.choice((13, 25, 38))}%", "",
              "set high-risk = vendor.designated", "", "set radio = layer is access"]
    rules = {n: r for n, r in RULES.items() if n in ("core", "sites", "traffic", "two", "continuity") or (dice.random() < 0.4 and n != "tested")}
    rules.update({"tested": RULES["tested"]} if "documents" in has else {})
    rules.update({"apart": "deny vendor.designated to function is AMF"} if "restrict" in has and dice.random() < 0.3 else {})
    for name, rule in rules.items():
        policy += ["", f"rule {name}", f'  source "{name}"', f"  {rule.format(served=dice.choice((0, 20, 45)))}"]
        policy += ["  may remove radio"] * ("remove" in has and name == "sites")
        policy += [f"  by {dice.choice(('2024-09-30', '2024-12-31'))}"] * ("dates" in has and dice.random() < 0.5)
        policy += ["  in-force 2024-08-01"] * ("dates" in has and dice.random() < 0.1)
    apart = random.Random(f"seen {seed}")  # so that all else is as it is without
    policy += ["", "rule seen", '  source "seen"', f"  {make_seen(folder, apart)}"] if apart.random() < 0.4 else []
    write(folder / "policies/certified.proviso", policy)
    write(folder / "case.proviso", ["case certified", "  title \"Certified\"", "  on 2024-06-30", "  policy \"policies/certified.proviso\""])
    budget = ["--budget", f"{dice.randint(100, 300)}000/quarter"] if dice.random() < 0.5 else []
    return has, ["--until", "2025-06-29", *budget] if "dates" in has else []
