/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bringing a caller of some kind, version and runtime model to the point where it makes a call. The caller
 * is SP1 or the normal world; SP2, an S-EL1 UP partition of FF-A 1.2 or, beside a caller of 1.3, of 1.3, is
 * there to be sent to.
 */
#ifndef TESTS_MATRIX_SITUATION_H
#define TESTS_MATRIX_SITUATION_H

#include "tests/matrix/expectations.h"
#include "tests/unit/ffa/ffa_fixture.h"

struct situation {
	uint8_t instance; /* one of AT_... */
	uint8_t minor; /* of the caller's version */
	uint8_t model; /* one of IN_...; 0 for the normal world */
	uint32_t fid; /* of the call */
	const struct expectation *expectation; /* NULL: no interface has this number */
};

/** Walks over all instances, versions and models; start with a zeroed @situation. False: that was the last. */
bool situation_next(struct situation *situation);

/** Builds the system and brings the caller to its call. */
void situation_reach(const struct situation *situation);

/** The arguments with which the call is served. */
void situation_arguments(const struct situation *situation, uint64_t x[8]);

uint16_t situation_caller(const struct situation *situation);

/** True for the SMC64 form. */
static inline bool situation_is_64(const struct situation *situation)
{
	return (situation->fid & FFA_FID_SMC64) != 0;
}

/** "FFA_RUN 8400006d at S-EL1 MP, 1.1, in INIT". */
const char *situation_text(const struct situation *situation);

#endif
