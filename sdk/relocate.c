/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Self-relocation: the image is linked at 0 and runs wherever it was loaded. Runs first, so it must not
 * use anything that needs relocation itself. Doing it twice does no harm.
 */
#include "sdk/relocate.h"

enum { R_AARCH64_RELATIVE = 1027 };

void sdk_relocate(uint64_t base, const struct rela *first, const struct rela *end)
{
	for (const struct rela *rela = first; rela < end; rela++) {
		if ((uint32_t)rela->info == R_AARCH64_RELATIVE) {
			*(uint64_t *)(uintptr_t)(base + rela->offset) = base + rela->addend;
		}
	}
}
