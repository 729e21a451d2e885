/* SPDX-License-Identifier: BSD-3-Clause */
/* A trapped access to a system register, as ESR_EL2 describes it (class EC_SYSREG). */
#ifndef ARCH_AARCH64_TRAP_ACCESS_H
#define ARCH_AARCH64_TRAP_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/arch.h"

/* op0, op1, CRn, CRm, op2 as one number. */
#define SYSREG(op0, op1, crn, crm, op2) \
	((uint32_t)(op0) << 14 | (op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))
#define SYSREG_OP0(id) ((id) >> 14)
#define SYSREG_OP1(id) (((id) >> 11) & 7U)
#define SYSREG_CRN(id) (((id) >> 7) & 0xFU)
#define SYSREG_CRM(id) (((id) >> 3) & 0xFU)
#define SYSREG_OP2(id) ((id) & 7U)

enum { TRAP_REGISTER_ZERO = 31 };

/** MRS, MSR or SYS. */
struct trap_access {
	uint32_t id; /* SYSREG() */
	unsigned target; /* general register */
	bool is_read;
};

static inline struct trap_access trap_access(uint32_t iss)
{
	return (struct trap_access){
		.id = SYSREG((iss >> 20) & 3, (iss >> 14) & 7, (iss >> 10) & 0xF, (iss >> 1) & 0xF,
			     (iss >> 17) & 7),
		.target = (iss >> 5) & 0x1F,
		.is_read = (iss & 1) != 0,
	};
}

/** The value that an MSR writes. */
static inline uint64_t trap_value(const struct arch_context *context, struct trap_access access)
{
	return access.target == TRAP_REGISTER_ZERO ? 0 : context->x[access.target];
}

/** Gives an MRS what it reads. */
static inline void trap_answer(struct arch_context *context, struct trap_access access,
			       uint64_t value)
{
	if (access.target != TRAP_REGISTER_ZERO) {
		context->x[access.target] = value;
	}
}

#endif
