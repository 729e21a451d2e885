/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What partitions find when they touch system registers: arch/aarch64/trap.c with trap_timer.c and
 * trap_sysreg.c, from the syndrome on. QEMU does not trap the CPU interface.
 */
#include "arch/aarch64/id_registers.c"
#include "arch/aarch64/reflect.c"
#include "arch/aarch64/trap.c"
#include "arch/aarch64/trap_sysreg.c"
#include "arch/aarch64/trap_timer.c"

#include "tests/unit/unit.h"

#define NOW UINT64_C(0x500000000)
#define ENTRY 0x1000
#define EXCEPTION_VECTOR 0x80200 /* of VBAR, from EL1h */
#define ENABLED 0x1
#define ISTATUS 0x4

/* The registers of a timer, as op2; CRm of the timers. */
enum {
	TVAL,
	CTL,
	CVAL,
	CNTP = 2,
	CNTV = 3,
};

struct cpu_features cpu_features;

static struct arch_pe pe;
static struct arch_context context;

uint64_t arch_counter(void)
{
	return fake_cntpct_el0;
}

void simd_take(struct arch_pe *taker, struct arch_context *owner)
{
	(void)taker;
	(void)owner;
	fail();
}

void space_root_settle(const struct arch_space_root *root)
{
	(void)root;
	fail();
}

static void machine(enum arch_kind kind)
{
	memset(&context, 0, sizeof(context));
	context.kind = kind;
	context.pc = ENTRY;
	context.pstate = PSTATE_EL1H;
	fake_cntpct_el0 = NOW;
	fake_vbar_el1 = 0x80000;
	record_count = 0;
}

/** Syndrome of an MRS to, or MSR from, x@target. */
static uint32_t syndrome(uint32_t id, unsigned target, bool is_read)
{
	uint32_t op0 = id >> 14, op1 = id >> 11 & 7, crn = id >> 7 & 15, crm = id >> 3 & 15;

	return (uint32_t)EC_SYSREG << 26 | 1U << 25 | op0 << 20 | (id & 7) << 17 | op1 << 14 |
	       crn << 10 | target << 5 | crm << 1 | (is_read ? 1 : 0);
}

static uint64_t access_register_x5(uint32_t id, bool is_read)
{
	uint32_t why = syndrome(id, 5, is_read);

	fake_esr_el2 = why;
	return trap_handle(&pe, &context, why);
}

/** Reads a register that is served here; the context is behind the instruction. */
static uint64_t read_id(uint32_t id)
{
	uint64_t pc = context.pc;

	context.x[5] = 0x5555555555555555;
	CHECK_EQUAL(access_register_x5(id, true), TRAP_RESUME);
	CHECK_EQUAL(context.pc, pc + 4);
	return context.x[5];
}

static uint64_t read_of(unsigned timer, unsigned which)
{
	return read_id(SYSREG(3, 3, 14, timer, which));
}

/** Writes to a timer: the core is told. */
static void write_to(unsigned timer, unsigned which, uint64_t value)
{
	uint64_t pc = context.pc;

	context.x[5] = value;
	CHECK_EQUAL(access_register_x5(SYSREG(3, 3, 14, timer, which), false), ARCH_EXIT_TIMER);
	CHECK_EQUAL(context.pc, pc + 4);
	CHECK_EQUAL(context.x[5], value);
}

/* ---- timers ------------------------------------------------------------------------------------- */

TEST(timers_are_trapped_and_counters_are_not)
{
	CHECK_EQUAL(CNTHCTL_VALUE, 0x403); /* no EL0PTEN, EL0VTEN, EL1PTEN */
	CHECK_EQUAL(CNTHCTL_EL1TVT, 0x2000);
}

TEST(a_timer_reads_as_it_was_written)
{
	machine(ARCH_KIND_S_EL1);

	write_to(CNTP, CVAL, UINT64_C(0x1122334455667788));
	write_to(CNTP, CTL, 3);
	CHECK_EQUAL(read_of(CNTP, CVAL), UINT64_C(0x1122334455667788));
	CHECK_EQUAL(read_of(CNTP, CTL), 3);
	CHECK_EQUAL(context.timers[ARCH_TIMER_PHYSICAL].compare, UINT64_C(0x1122334455667788));
	CHECK_EQUAL(context.timers[ARCH_TIMER_PHYSICAL].control,
		    ARCH_TIMER_ENABLE | ARCH_TIMER_MASKED);
	CHECK_EQUAL(record_count, 0); /* nothing of the machine was written */
}

TEST(the_two_timers_are_separate)
{
	machine(ARCH_KIND_S_EL1);

	write_to(CNTV, CVAL, 77);
	write_to(CNTV, CTL, 1);
	CHECK_EQUAL(context.timers[ARCH_TIMER_VIRTUAL].compare, 77);
	CHECK_EQUAL(context.timers[ARCH_TIMER_VIRTUAL].control, ARCH_TIMER_ENABLE);
	CHECK_EQUAL(context.timers[ARCH_TIMER_PHYSICAL].compare, 0);
	CHECK_EQUAL(read_of(CNTP, CTL), 0);
	CHECK_EQUAL(read_of(CNTV, CTL), ENABLED | ISTATUS);
	CHECK_EQUAL(read_of(CNTV, CVAL), 77);
}

TEST(the_status_is_that_of_the_counter_while_the_timer_is_on)
{
	machine(ARCH_KIND_S_EL1);

	write_to(CNTP, CVAL, NOW);
	CHECK_EQUAL(read_of(CNTP, CTL), 0);
	write_to(CNTP, CTL, 1);
	CHECK_EQUAL(read_of(CNTP, CTL), ENABLED | ISTATUS);
	fake_cntpct_el0 = NOW - 1;
	CHECK_EQUAL(read_of(CNTP, CTL), ENABLED);
	write_to(CNTP, CTL, 3);
	fake_cntpct_el0 = NOW + 1;
	CHECK_EQUAL(read_of(CNTP, CTL), 3 | ISTATUS);
}

TEST(only_enable_and_mask_can_be_written_to_control)
{
	machine(ARCH_KIND_S_EL1);

	write_to(CNTP, CTL, UINT64_MAX & ~UINT64_C(2));
	CHECK_EQUAL(context.timers[ARCH_TIMER_PHYSICAL].control, ARCH_TIMER_ENABLE);
}

TEST(the_timer_value_counts_down_in_32_bits)
{
	machine(ARCH_KIND_S_EL1);

	write_to(CNTP, CVAL, NOW + 1000);
	CHECK_EQUAL(read_of(CNTP, TVAL), 1000);
	fake_cntpct_el0 = NOW + 1001;
	CHECK_EQUAL(read_of(CNTP, TVAL), 0xFFFFFFFF);
	write_to(CNTP, CVAL, NOW + 0x700000000);
	fake_cntpct_el0 = NOW;
	CHECK_EQUAL(read_of(CNTP, TVAL), 0);
}

TEST(a_written_timer_value_is_signed)
{
	machine(ARCH_KIND_S_EL1);

	write_to(CNTP, TVAL, 0x7FFFFFFF);
	CHECK_EQUAL(read_of(CNTP, CVAL), NOW + 0x7FFFFFFF);
	write_to(CNTP, TVAL, 0xFFFFFFFF); /* -1 */
	CHECK_EQUAL(read_of(CNTP, CVAL), NOW - 1);
	write_to(CNTP, TVAL, 0x80000000);
	CHECK_EQUAL(read_of(CNTP, CVAL), NOW - 0x80000000);
	write_to(CNTV, TVAL, UINT64_C(0xABCDEF0100000005)); /* the upper half does not count */
	CHECK_EQUAL(read_of(CNTV, CVAL), NOW + 5);
}

TEST(the_zero_register_is_written_from_and_read_to)
{
	machine(ARCH_KIND_S_EL1);
	write_to(CNTP, CVAL, 99);

	CHECK_EQUAL(trap_handle(&pe, &context, syndrome(SYSREG(3, 3, 14, CNTP, CVAL), 31, true)),
		    TRAP_RESUME);
	CHECK_EQUAL(trap_handle(&pe, &context, syndrome(SYSREG(3, 3, 14, CNTP, CVAL), 31, false)),
		    ARCH_EXIT_TIMER);
	CHECK_EQUAL(context.timers[ARCH_TIMER_PHYSICAL].compare, 0);
	CHECK_EQUAL(context.x[30], 0);
	CHECK_EQUAL(context.pc, ENTRY + 3 * 4);
}

TEST(an_s_el0_partition_has_timers)
{
	machine(ARCH_KIND_S_EL0);

	write_to(CNTP, TVAL, 500);
	write_to(CNTP, CTL, 1);
	CHECK_EQUAL(read_of(CNTP, CTL), ENABLED);
	CHECK_EQUAL(read_of(CNTP, TVAL), 500);
	write_to(CNTV, CVAL, NOW);
	write_to(CNTV, CTL, 1);
	CHECK_EQUAL(read_of(CNTV, CTL), ENABLED | ISTATUS);
}

TEST(any_other_register_ends_an_s_el0_partition)
{
	/* CNTPCT and CNTKCTL are near; op2 = 3 and CRm = 1, 4 are nothing; the others would be S-EL1's. */
	static const uint32_t ids[] = {
		SYSREG(3, 3, 14, 0, 1), SYSREG(3, 0, 14, 1, 0),  SYSREG(3, 3, 14, CNTP, 3),
		SYSREG(3, 3, 14, 1, 0), SYSREG(3, 3, 14, 4, 0),  SYSREG(3, 5, 14, CNTP, 1),
		SYSREG(2, 3, 14, 2, 1), SYSREG(3, 0, 12, 12, 0), SYSREG(3, 0, 0, 4, 0),
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		machine(ARCH_KIND_S_EL0);
		CHECK_EQUAL(access_register_x5(ids[i], i % 2 == 0), ARCH_EXIT_FATAL);
		CHECK_TEXT(arch_fatal(&context).what, "undefined instruction");
		CHECK_EQUAL(context.pc, ENTRY);
	}
}

TEST(timers_that_are_not_a_partitions_are_undefined_to_s_el1)
{
	/* CNTHP, CNTHPS, CNTPS, CNTP_CTL_EL02, and a hole behind CNTP */
	static const uint32_t ids[] = {
		SYSREG(3, 4, 14, 2, 1), SYSREG(3, 4, 14, 5, 1), SYSREG(3, 7, 14, 2, 1),
		SYSREG(3, 5, 14, 2, 1), SYSREG(3, 3, 14, 2, 3),
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		machine(ARCH_KIND_S_EL1);
		CHECK_EQUAL(access_register_x5(ids[i], false), TRAP_RESUME);
		CHECK_EQUAL(context.pc, EXCEPTION_VECTOR);
		CHECK_EQUAL(fake_elr_el1, ENTRY);
	}
}

/* ---- the CPU interface -------------------------------------------------------------------------- */

#define ICC(crm, op2) SYSREG(3, 0, 12, crm, op2)

TEST(the_cpu_interface_has_no_interrupt_for_s_el1)
{
	machine(ARCH_KIND_S_EL1);

	CHECK_EQUAL(read_id(ICC(8, 0)), 1023); /* IAR0 */
	CHECK_EQUAL(read_id(ICC(12, 0)), 1023); /* IAR1 */
	CHECK_EQUAL(read_id(ICC(8, 2)), 1023); /* HPPIR0 */
	CHECK_EQUAL(read_id(ICC(12, 2)), 1023); /* HPPIR1 */
	CHECK_EQUAL(read_id(SYSREG(3, 0, 4, 6, 0)), 0); /* PMR */
	CHECK_EQUAL(read_id(ICC(11, 3)), 0); /* RPR */
	CHECK_EQUAL(read_id(ICC(12, 4)), 0); /* CTLR */
	CHECK_EQUAL(read_id(ICC(12, 7)), 0); /* IGRPEN1 */
}

TEST(what_s_el1_writes_to_the_cpu_interface_changes_nothing)
{
	static const uint32_t ids[] = {
		SYSREG(3, 0, 4, 6, 0), /* PMR */
		ICC(8, 1),
		ICC(12, 1), /* EOIR0, EOIR1 */
		ICC(11, 1),
		ICC(11, 5),
		ICC(11, 6),
		ICC(11, 7), /* DIR, SGI1R, ASGI1R, SGI0R */
		ICC(12, 3),
		ICC(12, 4),
		ICC(12, 7), /* BPR1, CTLR, IGRPEN1 */
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		machine(ARCH_KIND_S_EL1);
		context.x[5] = UINT64_MAX;
		CHECK_EQUAL(access_register_x5(ids[i], false), TRAP_RESUME);
		CHECK_EQUAL(context.pc, ENTRY + 4);
		CHECK_EQUAL(record_count, 0);
	}
}
