# SPDX-License-Identifier: Apache-2.0
"""The same statements as SQL over one flat table in SQLite: a second opinion on the slow way, where nothing is unknown."""
import fractions
import sqlite3

import networks as n
import statements as st

COLUMNS = ("element site function technology layer vendor version since power tag traffic managed_by region population "
           "site_traffic sensitive jurisdiction grp designated manager_designated support_until").split()


def number(cell):
    return None if cell in ("", "none") else float(cell)


def word(cell):
    return None if cell in ("", "none") else cell


def flat(network):
    db = sqlite3.connect(":memory:")
    db.execute(f"CREATE TABLE flat({', '.join(COLUMNS)})")
    for e in network.elements():
        site, vendor = network.site[e["site"]], network.vendor_of(e)
        product = network.product.get(e["product"], {})
        row = {
            "element": e["element"], "site": e["site"], "function": e["function"], "technology": word(e["technology"]),
            "layer": n.LAYER[e["function"]], "vendor": word(vendor), "version": word(e["version"]), "since": word(e["since"]),
            "power": number(e["power"]), "tag": word(e["tag"]), "traffic": number(e["traffic"]),
            "managed_by": word(e["managed_by"]), "region": word(site["region"]), "population": number(site["population"]),
            "site_traffic": number(site["traffic"]), "sensitive": word(site["sensitive"]),
            "jurisdiction": st.party_of(network, vendor, "jurisdiction"), "grp": st.party_of(network, vendor, "owner"),
            "designated": network.designated.get(vendor), "manager_designated": network.designated.get(e["managed_by"]),
            "support_until": word(product.get("support_until", "")),
        }
        db.execute(f"INSERT INTO flat VALUES({','.join('?' * len(COLUMNS))})", [row[c] for c in COLUMNS])
    return db


def check(statement, network, need):
    sql = statement.sql()
    if sql is None:
        return
    answers = statement.answers(network)
    for subject, group, part, whole in flat(network).execute(sql):
        subject = statement.subject_text if isinstance(statement, st.Limit) and not statement.any else subject
        answer = answers.get((subject, group))
        part = fractions.Fraction(part or 0)
        if statement.share:
            part = part / fractions.Fraction(whole) if whole else fractions.Fraction(0)
        need(answer is not None and answer.value == part, "SQL says", float(part), "for", (subject, group), "and Python",
             "nothing" if answer is None else float(answer.value))
