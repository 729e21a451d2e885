/* SPDX-License-Identifier: BSD-3-Clause */
/* A machine of FAKE_CHIPS chips, 1 to 3: where chip n has what, n 0x10000000 apart. */
#ifndef TESTS_UNIT_AARCH64_FAKE_PLATFORM_H
#define TESTS_UNIT_AARCH64_FAKE_PLATFORM_H

#ifndef FAKE_CHIPS
#define FAKE_CHIPS 1
#endif

#define FAKE_CHIP_BYTES 0x10000000
#define FAKE_GICR_OFFSET 0x100000
#define FAKE_GICD_SIZE 0x10000
#define FAKE_GICR_SIZE 0x80000

#define FAKE_CHIP(n, first_shared, last_shared, first_extended, last_extended)                  \
	{                                                                                       \
		.distributor = ((n) + 1) * FAKE_CHIP_BYTES, .distributor_size = FAKE_GICD_SIZE, \
		.redistributors = ((n) + 1) * FAKE_CHIP_BYTES + FAKE_GICR_OFFSET,               \
		.redistributors_size = FAKE_GICR_SIZE,                                          \
		.shared = { .first = (first_shared), .last = (last_shared) }, .extended = {     \
			.first = (first_extended),                                              \
			.last = (last_extended)                                                 \
		}                                                                               \
	}

#if FAKE_CHIPS == 1
#define PLATFORM_GIC_CHIPS FAKE_CHIP(0, 32, 1019, 4096, 5119)
#elif FAKE_CHIPS == 2
#define PLATFORM_GIC_CHIPS FAKE_CHIP(0, 32, 511, 4096, 4607), FAKE_CHIP(1, 512, 1019, 4608, 5119)
#else /* the second one has no extended interrupts */
#define PLATFORM_GIC_CHIPS                                               \
	FAKE_CHIP(0, 32, 255, 4096, 4351), FAKE_CHIP(1, 256, 511, 1, 0), \
		FAKE_CHIP(2, 512, 1019, 4352, 5119)
#endif

#endif
