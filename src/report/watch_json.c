/* SPDX-License-Identifier: Apache-2.0 */
/* What a watch found, as JSON: doc/json.md says what each key means, doc/schema/watch.json is checked in the tests. */
#include "report/report.h"

#include <string.h>

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void key_count(struct json *j, const char *key, uint64_t count)
{
	json_key(j, key);
	json_int(j, (int64_t)count);
}

static void time_json(struct json *j, const char *key, int64_t ns)
{
	char text[REPORT_TIME];

	report_time(ns, text);
	key_text(j, key, ns ? text : NULL);
}

static void findings_json(const struct watch_result *r, struct json *j)
{
	json_key(j, "findings");
	json_array(j);
	for (size_t i = 0; i < r->finding_count; i++)
		report_finding_json(&r->findings[i].finding, j);
	json_array_end(j);
}

static void seen_json(struct json *j, const char *key, const struct watch_seen *seen, size_t count, size_t are_seen)
{
	json_key(j, key);
	json_object(j);
	key_count(j, "declared", count);
	key_count(j, "seen", are_seen);
	json_key(j, "not_seen");
	json_array(j);
	for (size_t i = 0; i < count; i++)
		if (!seen[i].is_seen && !seen[i].is_out_of_sight)
			json_text(j, seen[i].id);
	json_array_end(j);
	json_key(j, "out_of_sight");
	json_array(j);
	for (size_t i = 0; i < count; i++)
		if (seen[i].is_out_of_sight)
			json_text(j, seen[i].id);
	json_array_end(j);
	json_object_end(j);
}

static void coverage_json(const struct watch_coverage *c, struct json *j)
{
	json_key(j, "coverage");
	json_object(j);
	time_json(j, "first", c->first_ns);
	time_json(j, "last", c->last_ns);
	seen_json(j, "elements", c->elements, c->element_count, c->elements_seen);
	seen_json(j, "links", c->links, c->link_count, c->links_seen);
	key_count(j, "encrypted", c->encrypted);
	key_count(j, "truncated", c->truncated);
	key_count(j, "undecodable", c->undecodable);
	key_count(j, "dropped", c->dropped);
	json_key(j, "before_probe");
	if (c->before_probe == WATCH_NOT_KNOWN)
		json_null(j);
	else
		json_int(j, (int64_t)c->before_probe);
	key_count(j, "broken_off", c->broken_off);
	json_key(j, "too_little");
	json_bool(j, c->too_little);
	json_key(j, "cannot_be_said");
	json_array(j);
	for (size_t i = 0; i < c->cannot_count; i++)
		json_text(j, c->cannot[i]);
	json_array_end(j);
	json_object_end(j);
}

static void counters_json(const struct watch_counters *n, struct json *j)
{
	json_key(j, "counters");
	json_object(j);
	key_count(j, "read", n->read);
	key_count(j, "judged", n->judged);
	json_key(j, "not_judged");
	json_object(j);
	for (unsigned i = WATCH_JUDGED + 1; i < WATCH_REASONS; i++)
		key_count(j, watch_reason_name((enum watch_reason)i), n->not_judged[i]);
	json_object_end(j);
	key_count(j, "bytes", n->bytes);
	key_count(j, "control_messages", n->control_messages);
	key_count(j, "user_packets", n->g_pdus);
	key_count(j, "user_bytes", n->g_pdu_bytes);
	key_count(j, "peers", n->peers);
	key_count(j, "pairs", n->pairs);
	key_count(j, "tunnels", n->tunnels);
	key_count(j, "tunnels_used", n->tunnels_used);
	key_count(j, "tunnels_ordered", n->tunnels_ordered);
	key_count(j, "sessions", n->sessions);
	key_count(j, "payloads", n->payloads);
	key_count(j, "payloads_left_out", n->payloads_left_out);
	key_count(j, "payloads_short", n->payloads_short);
	key_count(j, "payloads_forgotten", n->payloads_forgotten);
	json_key(j, "taken_again");
	json_object(j);
	key_count(j, "tunnels", n->tunnels_again);
	key_count(j, "sessions", n->sessions_again);
	key_count(j, "without_end", n->silent_again);
	json_object_end(j);
	json_key(j, "turned_away");
	json_object(j);
	key_count(j, "peers", n->peers_full);
	key_count(j, "pairs", n->pairs_full);
	key_count(j, "tunnels", n->tunnels_full);
	key_count(j, "sessions", n->sessions_full);
	key_count(j, "rules", n->rules_full);
	key_count(j, "requests", n->requests_full);
	key_count(j, "findings", n->findings_full);
	key_count(j, "checks", n->checks_full);
	json_object_end(j);
	json_object_end(j);
}

static void shares_json(const struct watch_result *r, struct json *j)
{
	json_key(j, "shares");
	json_array(j);
	for (size_t i = 0; i < r->share_count; i++) {
		json_object(j);
		key_text(j, "layer", r->shares[i].layer);
		key_text(j, "vendor", r->shares[i].vendor);
		key_count(j, "bytes", r->shares[i].bytes);
		key_count(j, "packets", r->shares[i].packets);
		json_key(j, "share");
		json_share(j, r->shares[i].share_ppb);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "interception");
	json_array(j);
	for (size_t i = 0; i < r->li_hour_count; i++) {
		json_object(j);
		key_text(j, "element", r->li_hours[i].element);
		time_json(j, "hour", r->li_hours[i].hour * 3600 * 1000000000);
		key_count(j, "packets", r->li_hours[i].packets);
		key_count(j, "rules", r->li_hours[i].rules);
		json_object_end(j);
	}
	json_array_end(j);
}

void report_watch_json(const struct report_watch *w, struct sink *out)
{
	struct json j;

	json_init(&j, out);
	json_object(&j);
	key_count(&j, "exit", (uint64_t)watch_exit(w->result));
	json_key(&j, "inputs");
	json_array(&j);
	for (size_t i = 0; i < w->hashed_count; i++) {
		json_object(&j);
		key_text(&j, "path", w->hashed[i].path);
		key_text(&j, "sha256", w->hashed[i].sha256[0] ? w->hashed[i].sha256 : NULL); /* bulk: not hashed */
		json_object_end(&j);
	}
	json_array_end(&j);
	findings_json(w->result, &j);
	coverage_json(&w->result->coverage, &j);
	counters_json(&w->result->counters, &j);
	shares_json(w->result, &j);
	json_object_end(&j);
	json_end(&j);
}
