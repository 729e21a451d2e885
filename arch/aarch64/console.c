/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console: a PL011 that TF-A has set up and shares. Polled; whoever calls keeps lines whole. The last
 * words of a PE (arch_stop) come here too, past any lock. The normal world reaches the same device and may
 * stop it: then characters are dropped after a wait, those that follow without one until it takes some again.
 */
#include "arch/aarch64/console.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "arch/aarch64/layout.h"
#include "arch/arch.h"
#include "platform.h"

enum { POLLS_MAX = 1000000 }; /* some 100 ms: more than a character takes at 300 baud */

static _Atomic bool is_stalled;

static void put(char character)
{
	volatile uint32_t *flags = (volatile uint32_t *)(EL2_BASE + PLATFORM_CONSOLE + PL011_FR);
	volatile uint32_t *data = (volatile uint32_t *)(EL2_BASE + PLATFORM_CONSOLE + PL011_DR);

	bool stalled = atomic_load_explicit(&is_stalled, memory_order_relaxed);
	unsigned polls = stalled ? 1 : POLLS_MAX;

	while ((*flags & (1U << PL011_FR_TXFF_BIT)) != 0) {
		if (--polls == 0) {
			atomic_store_explicit(&is_stalled, true, memory_order_relaxed);
			return;
		}
	}
	*data = (uint8_t)character;
	if (stalled) {
		atomic_store_explicit(&is_stalled, false, memory_order_relaxed);
	}
}

/** Writes @text; a line end becomes CR LF. */
void arch_console_write(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\n') {
			put('\r');
		}
		put(text[i]);
	}
}
