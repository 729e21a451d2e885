/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers of devices: a fixture of the test is the device. */
#ifndef ARCH_AARCH64_MMIO_H
#define ARCH_AARCH64_MMIO_H

#include <stddef.h>
#include <stdint.h>

uint64_t fake_mmio_read(const uint8_t *at, unsigned size);
void fake_mmio_write(uint8_t *at, unsigned size, uint64_t value);

static inline uint8_t mmio_read8(const uint8_t *base, size_t offset)
{
	return (uint8_t)fake_mmio_read(base + offset, 1);
}

static inline void mmio_write8(uint8_t *base, size_t offset, uint8_t value)
{
	fake_mmio_write(base + offset, 1, value);
}

static inline uint32_t mmio_read32(const uint8_t *base, size_t offset)
{
	return (uint32_t)fake_mmio_read(base + offset, 4);
}

static inline void mmio_write32(uint8_t *base, size_t offset, uint32_t value)
{
	fake_mmio_write(base + offset, 4, value);
}

static inline void mmio_write64(uint8_t *base, size_t offset, uint64_t value)
{
	fake_mmio_write(base + offset, 8, value);
}

#endif
