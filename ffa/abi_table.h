/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of ABIs as dispatch, FFA_FEATURES and the tests read it. */
#ifndef FFA_ABI_TABLE_H
#define FFA_ABI_TABLE_H

#include <stdint.h>

#include "ffa/call.h"

enum {
	ABI_NEVER = 0xFF, /* since: no such form */
	ABI_ARGUMENTS_FIRST =
		0x100, /* models: the handler looks at its arguments before it says DENIED */
};

struct abi_row {
	uint8_t since[2]; /* of the SMC32 and the SMC64 form: minor version, or ABI_NEVER */
	uint8_t callers, reported; /* enum instance */
	uint16_t models; /* bit per enum runtime_model; ABI_ARGUMENTS_FIRST */
	uint8_t wide_since; /* minor version from which its SMC64 form has x0-x17, or ABI_NEVER */
	uint16_t method;
	uint32_t mbz; /* bit n: xn must be zero; x8 and up: in the SMC64 form only */
	ffa_handler *handler; /* NULL: a return code, or a call to the SPMD only */
	const char *name; /* NULL: no interface has this number */
};

/** The row of @fid (without SVE hint), whatever its convention; NULL when no interface has this identifier. */
const struct abi_row *abi_row(uint32_t fid);

/** True when @row has the form of @fid (SMC32 or SMC64) in @version. */
static inline bool abi_row_has(const struct abi_row *row, uint32_t fid, uint32_t version)
{
	return (version & 0xFFFFU) >= row->since[(fid & FFA_FID_SMC64) != 0];
}

#endif
