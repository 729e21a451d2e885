/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The format of partitions' translation tables, as far as it depends on the machine. Also part of the
 * host build: the tests run on real descriptors.
 */
#ifndef ARCH_AARCH64_TABLE_H
#define ARCH_AARCH64_TABLE_H

#include <stdbool.h>

struct table_format {
	bool forced_write_back; /* FEAT_S2FWB in use: HCR_EL2.FWB is set */
	unsigned first_level; /* 0: 48 bits of input address, 1: 39 bits */
};

/** Decides the format of all partitions' tables, before the first of them is made. */
void table_setup(struct table_format format);

#endif
