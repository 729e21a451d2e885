/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers of devices: one access each, of the size it says. Order is the device mapping's. */
#ifndef ARCH_AARCH64_MMIO_H
#define ARCH_AARCH64_MMIO_H

#include <stddef.h>
#include <stdint.h>

static inline uint8_t mmio_read8(const uint8_t *base, size_t offset)
{
	return *(const volatile uint8_t *)(base + offset);
}

static inline void mmio_write8(uint8_t *base, size_t offset, uint8_t value)
{
	*(volatile uint8_t *)(base + offset) = value;
}

static inline uint32_t mmio_read32(const uint8_t *base, size_t offset)
{
	return *(const volatile uint32_t *)(const void *)(base + offset);
}

static inline void mmio_write32(uint8_t *base, size_t offset, uint32_t value)
{
	*(volatile uint32_t *)(void *)(base + offset) = value;
}

static inline void mmio_write64(uint8_t *base, size_t offset, uint64_t value)
{
	*(volatile uint64_t *)(void *)(base + offset) = value;
}

#endif
