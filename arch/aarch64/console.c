/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console: a PL011 that TF-A has set up and shares. Polled; whoever calls keeps lines whole. The last
 * words of a PE (arch_stop) come here too, past any lock.
 */
#include "arch/aarch64/console.h"

#include "arch/aarch64/layout.h"
#include "arch/arch.h"
#include "platform.h"

static void put(char character)
{
	volatile uint32_t *flags = (volatile uint32_t *)(EL2_BASE + PLATFORM_CONSOLE + PL011_FR);
	volatile uint32_t *data = (volatile uint32_t *)(EL2_BASE + PLATFORM_CONSOLE + PL011_DR);

	while ((*flags & (1U << PL011_FR_TXFF_BIT)) != 0) {
	}
	*data = (uint8_t)character;
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
