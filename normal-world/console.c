/* SPDX-License-Identifier: BSD-3-Clause */
/* PL011 (UART0 of QEMU's virt), shared with the firmware's own output; one lock for all PEs. */
#include "normal-world/console.h"

#include "lib/format.h"

#include <stdint.h>

#define UART_BASE 0x09000000UL
#define UART_DATA (*(volatile uint32_t *)(UART_BASE + 0x00))
#define UART_FLAGS (*(volatile uint32_t *)(UART_BASE + 0x18))
#define UART_FLAG_FULL (1U << 5)

static uint32_t lock;

void console_write(const char *text)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE) != 0) {
		/* another PE prints */
	}
	for (; *text != '\0'; text++) {
		while ((UART_FLAGS & UART_FLAG_FULL) != 0) {
			/* drains */
		}
		if (*text == '\n') {
			UART_DATA = '\r';
		}
		UART_DATA = (uint8_t)*text;
	}
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

void print(const char *text, ...)
{
	char buffer[400];
	va_list arguments;

	va_start(arguments, text);
	(void)format(buffer, sizeof(buffer), text, arguments);
	va_end(arguments);
	console_write(buffer);
}
