/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Exceptions of EL2 itself. Accesses that may fail (other people's memory, instructions that EL3 may
 * forbid) have a fixup in the exception table and go on there. Anything else is our bug: registers on the
 * console, and the PE stops. Uses neither the log nor its lock.
 */
#include "arch/aarch64/exception.h"

#include <stdbool.h>

#include "arch/aarch64/registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"
#include "lib/string.h"

enum {
	VECTOR_SYNC = 4, /* current level, SP_EL2 */
	HEX_DIGITS = 16,
};

/* Offsets from the fields themselves (macro `fixup` of asm.h). */
struct fixup {
	int32_t at;
	int32_t to;
};

_Noreturn void __stack_chk_fail(void);

extern const struct fixup extable_start[], extable_end[];

static uint64_t fixup_address(const int32_t *field)
{
	return (uint64_t)((intptr_t)field + *field);
}

/** Where to go on when the instruction at @pc faults; 0: nowhere. */
static uint64_t find_fixup(uint64_t pc)
{
	for (const struct fixup *fixup = extable_start; fixup < extable_end; fixup++) {
		if (fixup_address(&fixup->at) == pc) {
			return fixup_address(&fixup->to);
		}
	}
	return 0;
}

static void print(const char *text)
{
	arch_console_write(text, strlen(text));
}

static void print_register(const char *name, uint64_t value)
{
	char digits[HEX_DIGITS];

	for (unsigned i = 0; i < HEX_DIGITS; i++) {
		digits[i] = "0123456789abcdef"[(value >> (4 * (HEX_DIGITS - 1 - i))) & 0xF];
	}
	print(name);
	arch_console_write(digits, sizeof(digits));
}

static void dump(const struct exception_frame *frame)
{
	static const char names[31][8] = {
		"\n  x0 ", "  x1 ", "  x2 ", "  x3 ", "\n  x4 ", "  x5 ", "  x6 ", "  x7 ",
		"\n  x8 ", "  x9 ", " x10 ", " x11 ", "\n x12 ", " x13 ", " x14 ", " x15 ",
		"\n x16 ", " x17 ", " x18 ", " x19 ", "\n x20 ", " x21 ", " x22 ", " x23 ",
		"\n x24 ", " x25 ", " x26 ", " x27 ", "\n x28 ", " x29 ", " x30 ",
	};

	print_register("\nesr ", read_esr_el2());
	print_register(" far ", read_far_el2());
	print_register(" hpfar ", read_hpfar_el2());
	print_register("\n pc ", frame->pc);
	print_register("  sp ", frame->sp);
	print_register(" pstate ", frame->pstate);
	print_register(" mpidr ", read_mpidr_el1());
	for (unsigned i = 0; i < 31; i++) {
		print_register(names[i], frame->x[i]);
	}
	print("\n");
}

void exception_take(struct exception_frame *frame, uint64_t vector)
{
	uint64_t to = vector == VECTOR_SYNC ? find_fixup(frame->pc) : 0;

	if (to != 0) {
		frame->pc = to;
		return;
	}
	print("\nERROR exception of EL2 itself");
	dump(frame);
	arch_stop(vector == VECTOR_SYNC ? "exception of EL2 itself"
					: "interrupt or SError of EL2 itself");
}

/** See arch.h. */
_Noreturn void arch_stop(const char *why)
{
	print("\nERROR stop: ");
	print(why);
	print("\n");
	for (;;) {
		__asm__ volatile("msr daifset, #0xf\n\twfi");
	}
}

/** Called by the compiler's checks: a return address was about to be taken from an overwritten stack. */
_Noreturn void __stack_chk_fail(void)
{
	arch_stop("stack overwritten");
}
