/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bare FF-A call: registers in, registers out, nothing checked. Used by partitions and by the
 * normal-world client. Typed wrappers are in ffa.h.
 */
#ifndef SDK_FFA_CALL_H
#define SDK_FFA_CALL_H

#include <stdint.h>

/** x0-x17: all that a call can carry. */
struct ffa_regs {
	uint64_t x[18];
};

/** x0-x30: what a call may touch and what it must keep. */
struct ffa_all_regs {
	uint64_t x[31];
};

enum ffa_conduit {
	FFA_CONDUIT_SMC,
	FFA_CONDUIT_HVC,
	FFA_CONDUIT_SVC,
};

/** Issues the call by the conduit that is usual where this image runs: SVC at S-EL0, else SMC. */
void ffa_call(struct ffa_regs *regs);

void ffa_call_smc(struct ffa_regs *regs);
void ffa_call_hvc(struct ffa_regs *regs);
void ffa_call_svc(struct ffa_regs *regs);

/** Loads all of x0-x30, issues the call and returns all of x0-x30 as the call left them. */
void ffa_call_all_smc(struct ffa_all_regs *regs);
void ffa_call_all_hvc(struct ffa_all_regs *regs);
void ffa_call_all_svc(struct ffa_all_regs *regs);

#endif
