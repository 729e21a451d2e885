/* SPDX-License-Identifier: BSD-3-Clause */
/* Self-relocation of a static position-independent image; called by start.S. */
#ifndef SDK_RELOCATE_H
#define SDK_RELOCATE_H

#include <stdint.h>

/** Elf64_Rela */
struct rela {
	uint64_t offset;
	uint64_t info;
	uint64_t addend;
};

void sdk_relocate(uint64_t base, const struct rela *first, const struct rela *end);

#endif
