/* SPDX-License-Identifier: BSD-3-Clause */
/* Hands the exceptions of an S-EL1 partition to its author's functions. */
#include "sdk/partition.h"

enum exception_kind {
	EXCEPTION_SYNCHRONOUS,
	EXCEPTION_IRQ,
	EXCEPTION_FIQ,
	EXCEPTION_SERROR,
	EXCEPTION_UNEXPECTED,
};

void sdk_exception(struct partition_exception *frame, enum exception_kind kind);

static unsigned current_context(void)
{
	uint64_t mpidr;

	if (partition.context_count == 1) {
		return 0;
	}
	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
	return (unsigned)(mpidr & 0xFF) + 16U * (unsigned)((mpidr >> 8) & 0xFF);
}

void sdk_exception(struct partition_exception *frame, enum exception_kind kind)
{
	if (kind == EXCEPTION_IRQ || kind == EXCEPTION_FIQ) {
		partition_interrupt(current_context(), NULL);
		return;
	}
	if (kind != EXCEPTION_SYNCHRONOUS || !partition_exception(frame)) {
		partition_die();
	}
}
