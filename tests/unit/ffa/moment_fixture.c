/* SPDX-License-Identifier: BSD-3-Clause */
/* Going back to an earlier moment. */
#include <stdlib.h>

#include "tests/unit/ffa/ffa_fixture.h"

struct system_moment {
	struct spmc spmc;
	unsigned pe; /* the test's */
	bool on[SYSTEM_PES];
	size_t arena_size; /* what follows: arrays of the SPMC, then the host's machine */
	size_t host_room;
	uint8_t bytes[];
};

struct system_moment *system_save(struct system_moment *moment)
{
	size_t arena_size = arrays_size(), host_size = host_save(NULL);

	if (moment == NULL || moment->host_room < host_size) {
		free(moment);
		moment = malloc(sizeof(*moment) + arena_size + host_size);
		if (moment == NULL) {
			fail_msg("no memory");
			return NULL;
		}
		moment->host_room = host_size;
	}
	moment->spmc = *the_spmc();
	moment->pe = this_pe()->index;
	for (unsigned i = 0; i < SYSTEM_PES; i++) {
		moment->on[i] = pe_is_on(i);
	}
	moment->arena_size = arena_size;
	memcpy(moment->bytes, arch_pointer(arch_image_pool().base), arena_size);
	(void)host_save(moment->bytes + arena_size);
	return moment;
}

void system_restore(const struct system_moment *moment)
{
	*the_spmc() = moment->spmc;
	for (unsigned i = 0; i < SYSTEM_PES; i++) {
		pe_set_on(i, moment->on[i]);
	}
	memcpy(arch_pointer(arch_image_pool().base), moment->bytes, moment->arena_size);
	host_restore(moment->bytes + moment->arena_size);
	host_console_clear();
	on_pe(moment->pe);
}
