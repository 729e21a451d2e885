/* SPDX-License-Identifier: BSD-3-Clause */
/* Semihosting (Arm, version 3): HLT 0xF000 with the operation in w0 and its block in x1. */
#include "normal-world/semihosting.h"

#include "abi/smccc.h"
#include "sdk/ffa_call.h"

#include <stdbool.h>
#include <stdint.h>

enum operation {
	SYS_WRITE0 = 0x04,
	SYS_ERRNO = 0x13,
	SYS_GET_CMDLINE = 0x15,
	SYS_EXIT = 0x18,
};

#define APPLICATION_EXIT 0x20026U

uint64_t semihosting_trap(uint64_t operation, const void *block);

static bool present;

void semihosting_init(void)
{
	char text[256];
	uint64_t block[2] = { (uintptr_t)text, sizeof(text) };

	/* Without semihosting the instruction is undefined and the trap returns all ones. */
	(void)semihosting_trap(SYS_ERRNO, NULL);
	present = semihosting_trap(SYS_GET_CMDLINE, block) == 0;
}

void semihosting_command_line(char *buffer, size_t size)
{
	uint64_t block[2] = { (uintptr_t)buffer, size };

	buffer[0] = '\0';
	if (present && semihosting_trap(SYS_GET_CMDLINE, block) != 0) {
		buffer[0] = '\0';
	}
}

void semihosting_write(const char *text)
{
	if (present) {
		(void)semihosting_trap(SYS_WRITE0, text);
	}
}

_Noreturn void semihosting_exit(unsigned code)
{
	uint64_t block[2] = { APPLICATION_EXIT, code };
	struct ffa_regs off = { { PSCI_SYSTEM_OFF } };

	if (present) {
		(void)semihosting_trap(SYS_EXIT, block);
	}
	ffa_call_smc(&off);
	for (;;) {
		/* off */
	}
}
