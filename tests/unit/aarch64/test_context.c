/* SPDX-License-Identifier: BSD-3-Clause */
/* What arch/aarch64/context.c makes of a context that is used again. */
#include "arch/aarch64/context.c"

#include "tests/unit/unit.h"

void run_save_el1(struct arch_el1 *el1)
{
	(void)el1;
	fail();
}

void simd_give_back(struct arch_pe *pe)
{
	(void)pe;
	fail();
}

struct cpu_features cpu_features;

size_t arch_context_sve_size(void)
{
	fail();
	return 0;
}

uint64_t cpu_hcr_home(void)
{
	return HCR_S_EL1;
}

static const struct arch_space_root space = { .vttbr = 0x80001000 };

static void used(struct arch_context *context, enum arch_kind kind)
{
	memset(context, 0x5A, sizeof(*context));
	context->kind = kind;
	context->migrates = true;
	context->machine.scalable = NULL;
	arch_context_reset(context, &space, 0x1000, 3);
}

TEST(a_context_starts_with_its_timers_off)
{
	static const enum arch_kind kinds[] = { ARCH_KIND_S_EL1, ARCH_KIND_S_EL0 };
	struct arch_context context;

	for (unsigned kind = 0; kind < 2; kind++) {
		used(&context, kinds[kind]);
		for (unsigned i = 0; i < ARCH_TIMER_COUNT; i++) {
			CHECK_EQUAL(context.timers[i].compare, 0);
			CHECK_EQUAL(context.timers[i].control, 0);
		}
	}
}

TEST(a_context_at_s_el0_has_no_lines)
{
	struct arch_context context;

	used(&context, ARCH_KIND_S_EL0);
	arch_context_set_lines(&context, true, true);
	CHECK_EQUAL(context.machine.hcr, HCR_S_EL0);
}

TEST(a_context_starts_without_virtual_lines_and_gets_them_one_by_one)
{
	struct arch_context context;

	used(&context, ARCH_KIND_S_EL1);
	CHECK_EQUAL(context.machine.hcr, HCR_S_EL1);
	arch_context_set_lines(&context, true, false);
	CHECK_EQUAL(context.machine.hcr, HCR_S_EL1 | HCR_VI);
	arch_context_set_lines(&context, false, true);
	CHECK_EQUAL(context.machine.hcr, HCR_S_EL1 | HCR_VF);
	CHECK(context.migrates);
	CHECK_EQUAL(context.kind, ARCH_KIND_S_EL1);
}
