/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System registers that S-EL1 partitions find trapped, and what they get: identification registers show
 * what a partition may use, debug and interrupt controller registers read as zero and ignore writes. All
 * that is named neither here nor in trap_timer.c is undefined to a partition: PMU, trace, RAS.
 */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/id_registers.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/aarch64/trap.h"

#define REVIDR_EL1 SYSREG(3, 0, 0, 0, 6)
#define ACTLR_EL1 SYSREG(3, 0, 1, 0, 1)
#define ICC_PMR_EL1 SYSREG(3, 0, 4, 6, 0)
#define ICC_IAR0_EL1 SYSREG(3, 0, 12, 8, 0)
#define ICC_HPPIR0_EL1 SYSREG(3, 0, 12, 8, 2)
#define ICC_IAR1_EL1 SYSREG(3, 0, 12, 12, 0)
#define ICC_HPPIR1_EL1 SYSREG(3, 0, 12, 12, 2)
#define CCSIDR_EL1 SYSREG(3, 1, 0, 0, 0)
#define CLIDR_EL1 SYSREG(3, 1, 0, 0, 1)
#define CCSIDR2_EL1 SYSREG(3, 1, 0, 0, 2)
#define AIDR_EL1 SYSREG(3, 1, 0, 0, 7)
#define CSSELR_EL1 SYSREG(3, 2, 0, 0, 0)
#define CTR_EL0 SYSREG(3, 3, 0, 0, 1)

enum { NO_INTERRUPT = 1023 };

/** S3_0_C0_C1..C7: all of them answer, those not known with 0. */
static bool is_id_register(uint32_t id)
{
	return SYSREG_OP0(id) == 3 && SYSREG_OP1(id) == 0 && SYSREG_CRN(id) == 0 &&
	       SYSREG_CRM(id) >= 1 && SYSREG_CRM(id) <= 7;
}

/** Self-hosted debug: breakpoints, watchpoints, OS lock, debug communication. Off in secure state by EL3. */
static bool is_debug_register(uint32_t id)
{
	return SYSREG_OP0(id) == 2 && (SYSREG_OP1(id) == 0 || SYSREG_OP1(id) == 3) &&
	       SYSREG_CRN(id) <= 7;
}

/** Physical CPU interface, where traps of it work. Partitions get interrupts by calls. */
static bool is_interrupt_register(uint32_t id)
{
	uint32_t crm = SYSREG_CRM(id);

	return id == ICC_PMR_EL1 ||
	       (SYSREG_OP0(id) == 3 && SYSREG_OP1(id) == 0 && SYSREG_CRN(id) == 12 &&
		(crm == 8 || crm == 9 || crm == 11 || crm == 12));
}

/** DC ISW, CSW, CISW. */
static bool is_set_way(uint32_t id)
{
	uint32_t crm = SYSREG_CRM(id);

	return SYSREG_OP0(id) == 1 && SYSREG_OP1(id) == 0 && SYSREG_CRN(id) == 7 &&
	       SYSREG_OP2(id) == 2 && (crm == 6 || crm == 10 || crm == 14);
}

static uint64_t id_limit(unsigned crm, unsigned op2, bool sve)
{
	uint64_t limit = id_register_limit(crm, op2);

	limit |= sve ? id_register_sve_limit(crm, op2) : 0;
	limit |= cpu_features.pauth ? id_register_pauth_limit(crm, op2) : 0;
	return limit;
}

static uint64_t read_id_register(uint32_t id, bool sve)
{
	unsigned crm = SYSREG_CRM(id);
	unsigned op2 = SYSREG_OP2(id);
	uint64_t limit = id_limit(crm, op2, sve);
	uint64_t value;

	switch (crm << 3 | op2) {
	case 4 << 3 | 0:
		value = read_id_aa64pfr0_el1();
		break;
	case 4 << 3 | 1:
		value = read_id_aa64pfr1_el1();
		break;
	case 4 << 3 | 4:
		value = read_id_aa64zfr0_el1();
		break;
	case 5 << 3 | 0:
		value = read_id_aa64dfr0_el1();
		break;
	case 6 << 3 | 0:
		value = read_id_aa64isar0_el1();
		break;
	case 6 << 3 | 1:
		value = read_id_aa64isar1_el1();
		break;
	case 6 << 3 | 2:
		value = read_id_aa64isar2_el1();
		break;
	case 7 << 3 | 0:
		value = read_id_aa64mmfr0_el1();
		break;
	case 7 << 3 | 1:
		value = read_id_aa64mmfr1_el1();
		break;
	case 7 << 3 | 2:
		value = read_id_aa64mmfr2_el1();
		break;
	default:
		value = 0;
		break;
	}
	return id_register_apply(value, limit);
}

/** Cache geometry of the level the partition has selected; the normal world's selection stays. */
static uint64_t read_cache_size(uint64_t selected, bool second)
{
	uint64_t before = read_csselr_el1();
	uint64_t value;

	write_csselr_el1(selected);
	isb(); /* selection in force before the read */
	value = second ? read_ccsidr2_el1() : read_ccsidr_el1();
	write_csselr_el1(before);
	isb();
	return value;
}

static bool read_register(const struct arch_machine *machine, uint32_t id, uint64_t *value)
{
	*value = 0;
	if (is_id_register(id)) {
		*value = read_id_register(id, machine->scalable != NULL);
		return true;
	}
	switch (id) {
	case CTR_EL0:
		*value = read_ctr_el0();
		return true;
	case CLIDR_EL1:
		*value = read_clidr_el1();
		return true;
	case CCSIDR_EL1:
		*value = read_cache_size(machine->csselr, false);
		return true;
	case CCSIDR2_EL1:
		if (id_field(read_id_aa64mmfr2_el1(), 20) == 0) { /* FEAT_CCIDX */
			return false;
		}
		*value = read_cache_size(machine->csselr, true);
		return true;
	case CSSELR_EL1:
		*value = machine->csselr;
		return true;
	case ICC_IAR0_EL1:
	case ICC_IAR1_EL1:
	case ICC_HPPIR0_EL1:
	case ICC_HPPIR1_EL1:
		*value = NO_INTERRUPT;
		return true;
	case REVIDR_EL1:
	case AIDR_EL1:
	case ACTLR_EL1:
		return true;
	default:
		return is_debug_register(id) || is_interrupt_register(id);
	}
}

static bool write_register(struct arch_machine *machine, uint32_t id, uint64_t value)
{
	if (id == CSSELR_EL1) {
		machine->csselr = value & 0x1F;
		return true;
	}
	return id == ACTLR_EL1 || is_debug_register(id) || is_interrupt_register(id) ||
	       is_set_way(id);
}

/** S3_0_C2_C1..C3: APIA, APIB; APDA, APDB; APGA. */
bool trap_sysreg_is_key(struct trap_access access)
{
	uint32_t id = access.id;
	uint32_t crm = SYSREG_CRM(id);

	return SYSREG_OP0(id) == 3 && SYSREG_OP1(id) == 0 && SYSREG_CRN(id) == 2 && crm >= 1 &&
	       crm <= 3 && SYSREG_OP2(id) < (crm == 3 ? 2U : 4U);
}

bool trap_sysreg(struct arch_context *context, struct trap_access access)
{
	uint64_t value;

	if (!access.is_read) {
		return write_register(&context->machine, access.id, trap_value(context, access));
	}
	if (!read_register(&context->machine, access.id, &value)) {
		return false;
	}
	trap_answer(context, access, value);
	return true;
}
