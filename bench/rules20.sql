-- The questions of rules20.proviso. Each begins with "-- rNN" and gives rows (subject, group, numerator, denominator).
-- What the tables are: see rules20.c. Words are integers there, as a good schema has it; layers: 0 core, 1 access,
-- 2 transport, 3 management; technologies: 2 4G, 3 5G-NSA, 4 5G-SA. vendor.grp is the vendor's group: the last owner.

-- r01
SELECT NULL, NULL, count(*), NULL FROM element WHERE layer = 0 AND vendor IN (SELECT id FROM vendor WHERE designated);
-- r02
SELECT NULL, NULL, count(*), NULL FROM element WHERE layer = 1 AND since >= 20240101 AND vendor IN (SELECT id FROM vendor WHERE designated);
-- r03
SELECT NULL, NULL, count(*), NULL FROM element WHERE site IN (SELECT id FROM site WHERE sensitive) AND vendor IN (SELECT id FROM vendor WHERE designated);
-- r04
SELECT NULL, NULL, count(*), NULL FROM element WHERE layer IN (0, 3) AND managed_by IN (SELECT id FROM vendor WHERE designated);
-- r05
SELECT NULL, NULL, sum(hit), count(*) FROM (SELECT max(designated) AS hit FROM element JOIN vendor ON vendor.id = element.vendor WHERE layer = 1 GROUP BY site);
-- r06
SELECT NULL, NULL, sum(designated), count(*) FROM element JOIN vendor ON vendor.id = element.vendor WHERE layer = 1;
-- r07
SELECT NULL, NULL, sum(traffic * designated), sum(traffic) FROM element JOIN vendor ON vendor.id = element.vendor WHERE layer = 1;
-- r08
SELECT NULL, NULL, sum(CASE WHEN hit THEN population END), sum(population) FROM (SELECT site, max(designated) AS hit FROM element JOIN vendor ON vendor.id = element.vendor WHERE layer = 1 GROUP BY site) JOIN site ON site.id = site;
-- r09
SELECT NULL, region, sum(CASE WHEN hit THEN population ELSE 0 END), sum(population) FROM (SELECT site, max(designated) AS hit FROM element JOIN vendor ON vendor.id = element.vendor WHERE layer = 1 GROUP BY site) JOIN site ON site.id = site GROUP BY region;
-- r10
SELECT vendor, NULL, count(DISTINCT site), (SELECT count(DISTINCT site) FROM element WHERE layer = 1) FROM element WHERE layer = 1 GROUP BY vendor;
-- r11
SELECT vendor, region, t, sum(t) OVER (PARTITION BY region) FROM (SELECT region, vendor, sum(traffic) AS t FROM element WHERE layer = 1 GROUP BY region, vendor);
-- r12
SELECT jurisdiction, NULL, sum(n), (SELECT count(*) FROM element) FROM (SELECT vendor, count(*) AS n FROM element GROUP BY vendor) JOIN vendor ON vendor.id = vendor GROUP BY jurisdiction;
-- r13
SELECT grp, NULL, sum(households), (SELECT sum(households) FROM site WHERE id IN (SELECT site FROM element WHERE layer = 1)) FROM (SELECT DISTINCT grp, site FROM element JOIN vendor ON vendor.id = element.vendor WHERE layer = 1) JOIN site ON site.id = site GROUP BY grp;
-- r14
SELECT NULL, NULL, sum(hit), NULL FROM (SELECT max(designated) AS hit FROM element JOIN vendor ON vendor.id = element.vendor WHERE layer = 1 GROUP BY site);
-- r15
SELECT vendor, NULL, count(*), NULL FROM element WHERE layer IN (1, 2) GROUP BY vendor;
-- r16
SELECT NULL, NULL, sum(since < 20180101), count(*) FROM element WHERE technology IN (3, 4);
-- r17
SELECT NULL, region, sum(version IN (1500, 1501, 1502, 1503)), count(*) FROM element WHERE layer = 1 GROUP BY region;
-- r18
SELECT NULL, region, count(DISTINCT vendor), NULL FROM element WHERE layer = 1 GROUP BY region;
-- r19
SELECT NULL, region, count(DISTINCT jurisdiction), NULL FROM element JOIN vendor ON vendor.id = element.vendor WHERE layer = 2 GROUP BY region;
-- r20
SELECT NULL, function, count(DISTINCT grp), NULL FROM element JOIN vendor ON vendor.id = element.vendor WHERE layer = 0 GROUP BY function;
