/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Common Vulnerability Scoring System 2.0, 3.0 and 3.1 (FIRST): whether what a document says of a score holds together
 * - the fields its JSON schema asks for, the vector, the numbers computed from the vector, the properties beside it. A
 * vector is read into one value a metric; the tables give the letters, the words and the weights of the specifications.
 */
#include "evidence/import/csaf.h"

#include <math.h>
#include <string.h>

enum { MOST_VALUES = 6, MOST_METRICS = 22 };

struct value {
	const char *letters, *word; /* "N", "NETWORK" */
	double weight;
};

struct metric {
	const char *letters, *property; /* "AV", "attackVector" */
	bool base;                      /* every vector has it */
	struct value values[MOST_VALUES + 1];
};

/* clang-format off */
#define ND { "X", "NOT_DEFINED", 1 }
#define IMPACT(l, p, b) { l, p, b, { { "N", "NONE", 0 }, { "L", "LOW", 0.22 }, { "H", "HIGH", 0.56 }, ND } }
#define REQUIREMENT(l, p) { l, p, false, { { "L", "LOW", 0.5 }, { "M", "MEDIUM", 1 }, { "H", "HIGH", 1.5 }, ND } }
#define AV_VALUES { { "N", "NETWORK", 0.85 }, { "A", "ADJACENT_NETWORK", 0.62 }, { "L", "LOCAL", 0.55 }, \
		    { "P", "PHYSICAL", 0.2 }, ND }
#define AC_VALUES { { "L", "LOW", 0.77 }, { "H", "HIGH", 0.44 }, ND }
#define PR_VALUES { { "N", "NONE", 0.85 }, { "L", "LOW", 0.62 }, { "H", "HIGH", 0.27 }, ND }
#define UI_VALUES { { "N", "NONE", 0.85 }, { "R", "REQUIRED", 0.62 }, ND }
#define S_VALUES { { "U", "UNCHANGED", 0 }, { "C", "CHANGED", 1 }, ND }

/* The modified metrics of the environment stand in the order of those of the base: value_in below counts on it. */
enum { V3_AV, V3_AC, V3_PR, V3_UI, V3_S, V3_C, V3_I, V3_A, V3_E, V3_RL, V3_RC, V3_CR, V3_IR, V3_AR,
       V3_MAV, V3_MAC, V3_MPR, V3_MUI, V3_MS, V3_MC, V3_MI, V3_MA, V3_METRICS };

/* CVSS v3.1, table 15 and section 7.4 */
static const struct metric v3_metrics[V3_METRICS] = {
	[V3_AV] = { "AV", "attackVector", true, AV_VALUES },
	[V3_AC] = { "AC", "attackComplexity", true, AC_VALUES },
	[V3_PR] = { "PR", "privilegesRequired", true, PR_VALUES },
	[V3_UI] = { "UI", "userInteraction", true, UI_VALUES },
	[V3_S] = { "S", "scope", true, S_VALUES },
	[V3_C] = IMPACT("C", "confidentialityImpact", true),
	[V3_I] = IMPACT("I", "integrityImpact", true),
	[V3_A] = IMPACT("A", "availabilityImpact", true),
	[V3_E] = { "E", "exploitCodeMaturity", false,
		   { { "U", "UNPROVEN", 0.91 }, { "P", "PROOF_OF_CONCEPT", 0.94 }, { "F", "FUNCTIONAL", 0.97 },
		     { "H", "HIGH", 1 }, ND } },
	[V3_RL] = { "RL", "remediationLevel", false,
		    { { "O", "OFFICIAL_FIX", 0.95 }, { "T", "TEMPORARY_FIX", 0.96 }, { "W", "WORKAROUND", 0.97 },
		      { "U", "UNAVAILABLE", 1 }, ND } },
	[V3_RC] = { "RC", "reportConfidence", false,
		    { { "U", "UNKNOWN", 0.92 }, { "R", "REASONABLE", 0.96 }, { "C", "CONFIRMED", 1 }, ND } },
	[V3_CR] = REQUIREMENT("CR", "confidentialityRequirement"),
	[V3_IR] = REQUIREMENT("IR", "integrityRequirement"),
	[V3_AR] = REQUIREMENT("AR", "availabilityRequirement"),
	[V3_MAV] = { "MAV", "modifiedAttackVector", false, AV_VALUES },
	[V3_MAC] = { "MAC", "modifiedAttackComplexity", false, AC_VALUES },
	[V3_MPR] = { "MPR", "modifiedPrivilegesRequired", false, PR_VALUES },
	[V3_MUI] = { "MUI", "modifiedUserInteraction", false, UI_VALUES },
	[V3_MS] = { "MS", "modifiedScope", false, S_VALUES },
	[V3_MC] = IMPACT("MC", "modifiedConfidentialityImpact", false),
	[V3_MI] = IMPACT("MI", "modifiedIntegrityImpact", false),
	[V3_MA] = IMPACT("MA", "modifiedAvailabilityImpact", false),
};

enum { V2_AV, V2_AC, V2_AU, V2_C, V2_I, V2_A, V2_E, V2_RL, V2_RC, V2_CDP, V2_TD, V2_CR, V2_IR, V2_AR, V2_METRICS };

#define ND2 { "ND", "NOT_DEFINED", 1 }
#define IMPACT2(l, p) { l, p, true, { { "N", "NONE", 0 }, { "P", "PARTIAL", 0.275 }, { "C", "COMPLETE", 0.660 } } }
#define REQUIREMENT2(l, p) { l, p, false, { { "L", "LOW", 0.5 }, { "M", "MEDIUM", 1 }, { "H", "HIGH", 1.51 }, ND2 } }

/* A Complete Guide to CVSS 2.0, section 3.2 */
static const struct metric v2_metrics[V2_METRICS] = {
	[V2_AV] = { "AV", "accessVector", true,
		    { { "L", "LOCAL", 0.395 }, { "A", "ADJACENT_NETWORK", 0.646 }, { "N", "NETWORK", 1 } } },
	[V2_AC] = { "AC", "accessComplexity", true,
		    { { "H", "HIGH", 0.35 }, { "M", "MEDIUM", 0.61 }, { "L", "LOW", 0.71 } } },
	[V2_AU] = { "Au", "authentication", true,
		    { { "M", "MULTIPLE", 0.45 }, { "S", "SINGLE", 0.56 }, { "N", "NONE", 0.704 } } },
	[V2_C] = IMPACT2("C", "confidentialityImpact"),
	[V2_I] = IMPACT2("I", "integrityImpact"),
	[V2_A] = IMPACT2("A", "availabilityImpact"),
	[V2_E] = { "E", "exploitability", false,
		   { { "U", "UNPROVEN", 0.85 }, { "POC", "PROOF_OF_CONCEPT", 0.9 }, { "F", "FUNCTIONAL", 0.95 },
		     { "H", "HIGH", 1 }, ND2 } },
	[V2_RL] = { "RL", "remediationLevel", false,
		    { { "OF", "OFFICIAL_FIX", 0.87 }, { "TF", "TEMPORARY_FIX", 0.9 }, { "W", "WORKAROUND", 0.95 },
		      { "U", "UNAVAILABLE", 1 }, ND2 } },
	[V2_RC] = { "RC", "reportConfidence", false,
		    { { "UC", "UNCONFIRMED", 0.9 }, { "UR", "UNCORROBORATED", 0.95 }, { "C", "CONFIRMED", 1 }, ND2 } },
	[V2_CDP] = { "CDP", "collateralDamagePotential", false,
		     { { "N", "NONE", 0 }, { "L", "LOW", 0.1 }, { "LM", "LOW_MEDIUM", 0.3 },
		       { "MH", "MEDIUM_HIGH", 0.4 }, { "H", "HIGH", 0.5 }, { "ND", "NOT_DEFINED", 0 } } },
	[V2_TD] = { "TD", "targetDistribution", false,
		    { { "N", "NONE", 0 }, { "L", "LOW", 0.25 }, { "M", "MEDIUM", 0.75 }, { "H", "HIGH", 1 }, ND2 } },
	[V2_CR] = REQUIREMENT2("CR", "confidentialityRequirement"),
	[V2_IR] = REQUIREMENT2("IR", "integrityRequirement"),
	[V2_AR] = REQUIREMENT2("AR", "availabilityRequirement"),
};
/* clang-format on */

/* A vector that was read: which value each metric has, NULL where the vector does not name it. */
struct vector {
	const struct metric *metrics;
	size_t count;
	const struct value *values[MOST_METRICS];
};

/* ---- reading (6.1.8) --------------------------------------------------------------------------------------------- */

static const struct value *value_of(const struct metric *metric, const char *letters, size_t bytes)
{
	for (const struct value *v = metric->values; v->letters; v++)
		if (strlen(v->letters) == bytes && !memcmp(v->letters, letters, bytes))
			return v;
	return NULL;
}

static const char *read_vector(struct arena *arena, struct vector *vector, const char *text)
{
	while (*text) {
		size_t bytes = strcspn(text, "/"), name = strcspn(text, ":/"), i = 0;

		while (i < vector->count &&
		       (strlen(vector->metrics[i].letters) != name || memcmp(vector->metrics[i].letters, text, name)))
			i++;
		if (i == vector->count || name >= bytes)
			return arena_printf(arena, "\"%.*s\" is no metric of this version",
					    (int)(bytes < 40 ? bytes : 40), text);
		if (vector->values[i])
			return arena_printf(arena, "the vector names %s twice", vector->metrics[i].letters);
		vector->values[i] = value_of(&vector->metrics[i], text + name + 1, bytes - name - 1);
		if (!vector->values[i] || (vector->metrics[i].base && vector->values[i]->letters[0] == 'X'))
			return arena_printf(arena, "\"%.*s\" is no value of %s", (int)(bytes < 40 ? bytes : 40), text,
					    vector->metrics[i].letters);
		text += bytes;
		text += *text == '/';
	}
	for (size_t i = 0; i < vector->count; i++)
		if (vector->metrics[i].base && !vector->values[i])
			return arena_printf(arena, "the vector does not name %s", vector->metrics[i].letters);
	return NULL;
}

static bool is_score(const json_t *value)
{
	return json_is_number(value) && json_number_value(value) >= 0 && json_number_value(value) <= 10;
}

/* The fields of the schemas, apart from the vector. */
static const char *check_fields(struct arena *arena, const json_t *score, int major)
{
	static const char *const severities[] = { "baseSeverity", "temporalSeverity", "environmentalSeverity" };
	static const char *const scores[] = { "baseScore", "temporalScore", "environmentalScore" };
	const char *version = json_word(score, "version");

	if (!version || (major == 2 ? strcmp(version, "2.0") : strcmp(version, "3.0") && strcmp(version, "3.1")))
		return arena_printf(arena, "cvss_v%d has no version %s", major, major == 2 ? "2.0" : "3.0 or 3.1");
	if (!json_word(score, "vectorString"))
		return "there is no vectorString";
	if (!json_object_get(score, "baseScore"))
		return "there is no baseScore";
	if (major == 3 && !json_object_get(score, "baseSeverity"))
		return "there is no baseSeverity";
	for (size_t i = 0; i < 3; i++) {
		const json_t *number = json_object_get(score, scores[i]),
			     *severity = json_object_get(score, severities[i]);

		if (number && !is_score(number))
			return arena_printf(arena, "%s is no number from 0 to 10", scores[i]);
		if (severity && major == 3 &&
		    (!json_is_string(severity) || !strstr(" NONE LOW MEDIUM HIGH CRITICAL ",
							  arena_printf(arena, " %s ", json_string_value(severity)))))
			return arena_printf(arena, "%s is none of NONE, LOW, MEDIUM, HIGH, CRITICAL", severities[i]);
	}
	return NULL;
}

/* ---- computing (6.1.9) ------------------------------------------------------------------------------------------- */

static double weight(const struct vector *v, size_t metric)
{
	return v->values[metric] ? v->values[metric]->weight : metric == V2_CDP && v->metrics == v2_metrics ? 0 : 1;
}

/* CVSS v3.1, appendix A: the smallest tenth that is not smaller, safe against binary fractions. */
static double round_up(double x)
{
	long long n = llround(x * 100000);

	return n % 10000 == 0 ? (double)n / 100000 : ((double)(n / 10000) + 1) / 10;
}

static double round_near(double x)
{
	return floor(x * 10 + 0.5 + 1e-9) / 10;
}

/* A metric of the base, or its modified form where the environment defines one. */
static const struct value *value_in(const struct vector *v, size_t metric, bool modified)
{
	const struct value *own = v->values[metric], *other = modified ? v->values[metric + V3_MAV - V3_AV] : NULL;

	return other && other->letters[0] != 'X' ? other : own;
}

static double v3_score(const struct vector *v, bool modified, bool is_30)
{
	bool changed = value_in(v, V3_S, modified)->letters[0] == 'C';
	double pr = value_in(v, V3_PR, modified)->weight, missing = 1, iss, impact, exploit, sum;

	if (changed && pr < 0.8) /* privileges weigh less where another scope is reached */
		pr = pr < 0.5 ? 0.5 : 0.68;
	for (size_t i = 0; i < 3; i++)
		missing *= 1 - value_in(v, V3_C + i, modified)->weight * (modified ? weight(v, V3_CR + i) : 1);
	iss = 1 - missing;
	if (modified && iss > 0.915)
		iss = 0.915;
	if (!changed)
		impact = 6.42 * iss;
	else if (modified && !is_30)
		impact = 7.52 * (iss - 0.029) - 3.25 * pow(iss * 0.9731 - 0.02, 13);
	else
		impact = 7.52 * (iss - 0.029) - 3.25 * pow(iss - 0.02, 15);
	exploit = 8.22 * value_in(v, V3_AV, modified)->weight * value_in(v, V3_AC, modified)->weight * pr *
		  value_in(v, V3_UI, modified)->weight;
	if (impact <= 0)
		return 0;
	sum = (changed ? 1.08 : 1) * (impact + exploit);
	return round_up(sum > 10 ? 10 : sum);
}

static double v2_score(const struct vector *v, bool adjusted)
{
	double missing = 1, impact, exploit;

	for (size_t i = 0; i < 3; i++)
		missing *= 1 - v->values[V2_C + i]->weight * (adjusted ? weight(v, V2_CR + i) : 1);
	impact = 10.41 * (1 - missing);
	if (adjusted && impact > 10)
		impact = 10;
	exploit = 20 * v->values[V2_AV]->weight * v->values[V2_AC]->weight * v->values[V2_AU]->weight;
	return round_near((0.6 * impact + 0.4 * exploit - 1.5) * (impact > 0 ? 1.176 : 0));
}

struct scores {
	double base, temporal, environmental;
};

static struct scores compute(const struct vector *v, int major, bool is_30)
{
	struct scores s;

	if (major == 2) {
		double time = weight(v, V2_E) * weight(v, V2_RL) * weight(v, V2_RC),
		       adjusted = round_near(v2_score(v, true) * time);

		s.base = v2_score(v, false);
		s.temporal = round_near(s.base * time);
		s.environmental = round_near((adjusted + (10 - adjusted) * weight(v, V2_CDP)) * weight(v, V2_TD));
	} else {
		double time = weight(v, V3_E) * weight(v, V3_RL) * weight(v, V3_RC);

		s.base = v3_score(v, false, is_30);
		s.temporal = round_up(s.base * time);
		s.environmental = round_up(v3_score(v, true, is_30) * time);
	}
	return s;
}

static const char *severity_of(double score)
{
	return score < 0.05   ? "NONE"
	       : score < 3.95 ? "LOW"
	       : score < 6.95 ? "MEDIUM"
	       : score < 8.95 ? "HIGH"
			      : "CRITICAL";
}

static const char *check_number(struct arena *arena, const json_t *score, const char *number, const char *severity,
				double computed, int major)
{
	const json_t *said = json_object_get(score, number);
	const char *said_severity = json_word(score, severity);

	if (said && fabs(json_number_value(said) - computed) > 0.001)
		return arena_printf(arena, "%s is %.1f, the vector gives %.1f", number, json_number_value(said),
				    computed);
	if (major == 3 && said_severity && strcmp(said_severity, severity_of(computed)))
		return arena_printf(arena, "%s is %.20s, the vector gives %s", severity, said_severity,
				    severity_of(computed));
	return NULL;
}

/* ---- properties beside the vector (6.1.10) ----------------------------------------------------------------------- */

static const char *check_properties(struct arena *arena, const json_t *score, const struct vector *v)
{
	for (size_t i = 0; i < v->count; i++) {
		const char *said = json_word(score, v->metrics[i].property);

		/* a property that the vector does not name contradicts nothing */
		if (said && v->values[i] && strcmp(said, v->values[i]->word))
			return arena_printf(arena, "%s is %.40s, the vector says %s", v->metrics[i].property, said,
					    v->values[i]->word);
	}
	return NULL;
}

const char *cvss_mistake(struct arena *arena, const json_t *score, int major, const char **test)
{
	struct vector v = { .metrics = major == 2 ? v2_metrics : v3_metrics,
			    .count = major == 2 ? V2_METRICS : V3_METRICS };
	const char *mistake = check_fields(arena, score, major), *text = json_word(score, "vectorString");
	const char *version = json_word(score, "version");
	struct scores computed;

	*test = "CSAF 2.0, 6.1.8 invalid CVSS";
	if (!mistake && major == 3) {
		const char *prefix = arena_printf(arena, "CVSS:%s/", version);

		if (strncmp(text, prefix, strlen(prefix)))
			mistake = arena_printf(arena, "the vector does not begin with %s", prefix);
		else
			text += strlen(prefix);
	}
	if (!mistake)
		mistake = read_vector(arena, &v, text);
	if (mistake)
		return mistake;
	*test = "CSAF 2.0, 6.1.9 invalid CVSS computation";
	computed = compute(&v, major, !strcmp(version, "3.0"));
	mistake = check_number(arena, score, "baseScore", "baseSeverity", computed.base, major);
	if (!mistake)
		mistake = check_number(arena, score, "temporalScore", "temporalSeverity", computed.temporal, major);
	if (!mistake)
		mistake = check_number(arena, score, "environmentalScore", "environmentalSeverity",
				       computed.environmental, major);
	if (mistake)
		return mistake;
	*test = "CSAF 2.0, 6.1.10 inconsistent CVSS";
	return check_properties(arena, score, &v);
}
