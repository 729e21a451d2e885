/* SPDX-License-Identifier: BSD-3-Clause */
/* What the translation tables say, whichever entries say it. */
#include "tests/unit/ffa/mappings_fixture.h"

#include "core/space_walk.h"

/* A run of pages that are mapped alike. */
struct run {
	uint64_t first, end;
	uint64_t map; /* enum arch_map; bit 63: hidden */
};

#define HIDDEN (UINT64_C(1) << 63)

static void add(struct mappings *mappings, const struct run *run)
{
	const uint64_t values[] = { run->first, run->end, run->map };

	for (unsigned i = 0; i < 3 && run->map != 0; i++) {
		mappings->sum = (mappings->sum ^ values[i]) * UINT64_C(0x9e3779b97f4a7c15);
		mappings->sum ^= mappings->sum >> 29;
	}
}

static void take_leaf(struct mappings *mappings, struct run *run, uint64_t at, uint64_t size,
		      uint64_t map)
{
	if (run->map != map || run->end != at) {
		add(mappings, run);
		*run = (struct run){ .first = at, .map = map };
	}
	run->end = at + size;
}

static void walk_table(struct mappings *mappings, const struct space *space, const uint64_t *table,
		       unsigned level, uint64_t base, struct run *run)
{
	mappings->tables++;
	for (size_t i = 0; i < SPACE_ENTRY_COUNT; i++) {
		uint64_t at = base + i * level_size(level);
		uint64_t pte = table[i];

		if (pte == 0) {
			continue;
		}
		if (arch_pte_is_table(pte, level)) {
			walk_table(mappings, space, next_table(pte, level), level + 1, at, run);
		} else {
			uint64_t hidden = arch_pte_is_leaf(pte, level) ? 0 : HIDDEN;

			take_leaf(mappings, run, at, level_size(level),
				  arch_pte_map(space->kind, pte, level) | hidden);
		}
	}
}

struct mappings mappings_of(const struct space *space)
{
	struct mappings mappings = { .sum = 1 };
	unsigned worlds = space->table[WORLD_SECURE] == space->table[WORLD_NON_SECURE] ? 1 : 2;

	for (unsigned world = 0; world < worlds; world++) {
		struct run run = { 0 };

		if (space->table[world] != NULL) {
			walk_table(&mappings, space, space->table[world], arch_space_first_level(),
				   0, &run);
		}
		add(&mappings, &run);
		mappings.sum += world + 1;
	}
	return mappings;
}
