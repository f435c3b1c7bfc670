/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables that are full give the rows of what is over: a watch goes on for days over a network whose sessions come and go,
 * and what lives keeps its row. Keys are spread, whoever chooses them. Times are worked out from the thresholds reuse-after (60 s) and session-idle (a day).
 *
 * # proviso-deps: base lang wire net evidence policy watch
 */
#include "watch_story.h"
#include "watch/internal.h"

enum { DELETE = 54, SECOND = 1000, MINUTE = 60 * SECOND, DAY = 24 * 60 * MINUTE };

/* Removed in any order, the others are found: held against an array. */
static void an_index_loses_one_row(void **state)
{
	enum { ROWS = 3000, ROUNDS = 20000 };
	static bool is_there[ROWS];
	struct arena *a = arena_new();
	struct watch_index index;
	uint64_t random = 1;

	(void)state;
	watch_index_init(&index, a);
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint32_t row;

		random = random * 6364136223846793005u + 1442695040888963407u;
		row = (uint32_t)(random >> 33) % ROWS;
		/* few hashes, so that chains are long and go over the end of the table */
		if (is_there[row])
			watch_index_remove(&index, watch_index_hash(row % 7 * 0x9e3779b1u - 3), row);
		else
			watch_index_put(&index, a, watch_index_hash(row % 7 * 0x9e3779b1u - 3), row);
		is_there[row] = !is_there[row];
		if (i % 500)
			continue;
		for (uint32_t k = 0; k < ROWS; k++) {
			uint64_t hash = watch_index_hash(k % 7 * 0x9e3779b1u - 3);
			unsigned count = 0;

			WATCH_INDEX_EACH(&index, hash, found)
			count += found == k;
			assert_int_equal(count, is_there[k]);
		}
	}
	arena_free(a);
}

/* With room for its rows from the start it does not grow before they are in it, and grows like any other after that. */
static void an_index_has_room(void **state)
{
	enum { ROWS = 5000 };
	struct arena *a = arena_new();
	struct watch_index index;

	(void)state;
	watch_index_init_for(&index, a, ROWS);
	for (uint32_t row = 0, mask = index.mask; row < 4 * ROWS; row++) {
		watch_index_put(&index, a, watch_index_hash(row * 0x9e3779b1u), row);
		if (row < ROWS)
			assert_int_equal(index.mask, mask);
	}
	assert_true(index.mask > 4 * ROWS);
	for (uint32_t row = 0; row < 4 * ROWS; row++)
		assert_int_equal(watch_index_guess(&index, watch_index_hash(row * 0x9e3779b1u)), row);
	arena_free(a);
}

/* Who chooses addresses and TEIDs, but does not know the seed, finds no two tunnels that stand in one place. */
static void chosen_keys_differ(void **state)
{
	enum { KEYS = 1 << 12 };
	static bool is_there[1 << 20];
	static struct watch w = { .options = { .seed = 0x3243f6a8885a308du } };
	unsigned taken = 0;

	(void)state;
	for (uint32_t teid = 0; teid < KEYS; teid++) {
		uint64_t both = (uint64_t)teid << 32 | teid, halves[2] = { 0xb80d0120u ^ both, 0x0100000000000000u };
		struct wire_address to;
		bool *place;

		memcpy(to.bytes, halves, sizeof halves);
		place = &is_there[watch_tunnel_hash(&w, &to, teid) % (sizeof is_there / sizeof *is_there)];
		taken += *place;
		*place = true;
	}
	assert_in_range(taken, 0, 32); /* by chance some eight of 4,096 in 1,048,576 */
}

static void end_session(struct story *s, int64_t ms, unsigned number, unsigned sequence)
{
	ask(s, ms, SMF, UPF, DELETE, 0x1000 + number, number, sequence, "", ACCEPTED);
}

static void what_is_over_makes_room(void **state)
{
	enum { MANY = 500, ROOM = 12 };
	struct story s = { .options = { .most_sessions = ROOM, .most_tunnels = ROOM } };
	const struct watch_counters *n;

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	for (unsigned i = 0; i < MANY; i++) { /* one lives for 5 s, one comes every 10 s: 7 within the minute */
		establish(&s, 10 * SECOND * (i + 1), 10 + 2 * i, 1 + i, 1 + i % 200, "61");
		g_pdu(&s, 10 * SECOND * (i + 1) + SECOND, GNB, UPF, 0x501 + i);
		end_session(&s, 10 * SECOND * (i + 1) + 5 * SECOND, 1 + i, 11 + 2 * i);
	}
	assert_true(s.watch->session_index.used <= 2 * ROOM && s.watch->tunnel_index.used <= ROOM);
	assert_true(s.watch->rules.count <= 3 * ROOM && s.watch->users.count <= ROOM);
	story_finish(&s);
	n = &s.result->counters;
	assert_int_equal(n->sessions, MANY);
	assert_int_equal(n->tunnels, MANY);
	assert_int_equal(n->tunnels_used, MANY);
	assert_int_equal(n->tunnels_ordered, MANY);
	assert_int_equal(n->sessions_full + n->tunnels_full + n->rules_full, 0);
	assert_int_equal(n->sessions_again, MANY - ROOM);
	assert_int_equal(n->tunnels_again, MANY - ROOM);
	assert_int_equal(n->silent_again, 0);
	assert_int_equal(s.result->finding_count, 0);
	story_end(&s);
}

static bool is_said(const struct story *s, const char *sentence)
{
	for (size_t i = 0; i < s->result->coverage.cannot_count; i++)
		if (strcmp(s->result->coverage.cannot[i], sentence) == 0)
			return true;
	return false;
}

static void what_lives_stays(void **state)
{
	enum { ROOM = 8 };
	struct story s = { .options = { .most_sessions = ROOM, .most_tunnels = ROOM } };

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	for (unsigned i = 0; i < 2 * ROOM; i++)
		establish(&s, 10 * MINUTE * (i + 1), 10 + i, 1 + i, 1 + i, "61");
	assert_int_equal(s.watch->counters.sessions, ROOM);
	assert_int_equal(s.watch->counters.sessions_full, ROOM);
	end_session(&s, 200 * MINUTE, 3, 50);
	establish(&s, 200 * MINUTE + 59 * SECOND, 51, 100, 100, "61"); /* too early */
	assert_int_equal(s.watch->counters.sessions_full, ROOM + 1);
	establish(&s, 200 * MINUTE + 62 * SECOND, 52, 101, 101, "61");
	assert_int_equal(s.watch->counters.sessions_full, ROOM + 1);
	assert_int_equal(s.watch->counters.sessions, ROOM + 1);
	story_finish(&s);
	expect(&s, "ended-tunnel", NULL);
	assert_true(is_said(&s, "a table was full and had no room for new sessions, 9 times: that was not followed"));
	story_end(&s);
}

/* Nothing found of a flood, of which most found no room, is not nothing. */
static void a_flood_without_room_is_too_little(void **state)
{
	struct story s = { .options = { .most_tunnels = 8 } };

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	for (unsigned i = 0; i < 200; i++)
		g_pdu(&s, SECOND + i, GNB, UPF, 0x501 + i);
	story_finish(&s);
	assert_true(s.result->counters.not_judged[WATCH_NO_ROOM] > 100);
	assert_true(s.result->coverage.too_little);
	story_end(&s);
}

/* No message told its end; but who sends is there. */
static void a_day_of_silence_is_an_end(void **state)
{
	enum { ROOM = 4 };
	struct story s = { .options = { .most_sessions = ROOM, .most_tunnels = 2 * ROOM } };

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	for (unsigned i = 0; i < ROOM; i++)
		establish(&s, SECOND * (i + 1), 10 + i, 1 + i, 1 + i, "61");
	g_pdu(&s, 2 * MINUTE, GNB, UPF, 0x502);
	g_pdu(&s, DAY, GNB, UPF, 0x502);
	establish(&s, DAY, 60, 100, 100, "61"); /* a minute too early */
	assert_int_equal(s.watch->counters.sessions_full, 1);
	for (unsigned i = 0; i < ROOM; i++)
		establish(&s, DAY + MINUTE + SECOND * i, 70 + i, 200 + i, 200 + i, "61");
	assert_int_equal(s.watch->counters.sessions, 2 * ROOM - 1); /* the one that sends keeps its own */
	assert_int_equal(s.watch->counters.sessions_full, 2);
	assert_int_equal(s.watch->counters.sessions_again, ROOM - 1);
	assert_true(s.watch->counters.silent_again >= ROOM - 1);
	/* Its order may be what was forgotten. */
	g_pdu(&s, DAY + 10 * MINUTE, GNB, UPF, 0x999);
	story_finish(&s);
	expect(&s, "unordered-tunnel", NULL);
	expect(&s, "older-than-capture", "unknown");
	story_end(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_index_loses_one_row),
		cmocka_unit_test(an_index_has_room),
		cmocka_unit_test(chosen_keys_differ),
		cmocka_unit_test(what_is_over_makes_room),
		cmocka_unit_test(what_lives_stays),
		cmocka_unit_test(a_flood_without_room_is_too_little),
		cmocka_unit_test(a_day_of_silence_is_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
