/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Patterns in the vector registers, for the test partitions and the client: written from a seed, compared with it
 * later. Nothing else of either may use these registers.
 */
#ifndef PARTITIONS_TEST_IMAGE_VECTORS_H
#define PARTITIONS_TEST_IMAGE_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vectors_kind {
	VECTORS_SIMD, /* v0-v31, 128 bits each */
	VECTORS_SCALABLE, /* z0-z31, p0-p15, FFR */
	VECTORS_STREAMING, /* the same without FFR */
};

/* Room for registers of 2048 bits. */
struct vectors {
	_Alignas(16) uint64_t word[(32 * 256 + 17 * 32) / 8];
};

/* What vectors_compare() adds to the number of words that differ. */
#define VECTORS_FPCR 0x10000U
#define VECTORS_FPSR 0x20000U

/** Fills the registers, FPCR and FPSR with the pattern of @seed; 0: zeros. @work is overwritten. */
void vectors_put(struct vectors *work, enum vectors_kind kind, uint64_t seed);

/** How much of them is no longer that pattern. */
uint64_t vectors_compare(struct vectors *work, enum vectors_kind kind, uint64_t seed);

/**
 * Words beyond the first 16 bytes of each vector, and in predicates, that are neither 0 nor the pattern's, and
 * bytes of FFR that are not 0.
 */
uint64_t vectors_foreign(struct vectors *work, uint64_t seed);

/* vector_registers.S; layout: 32 vectors, 16 predicates, FFR, as long as they are at the moment. */
void vector_registers_load(const void *buffer);
void vector_registers_store(void *buffer);
void vector_registers_load_scalable(const void *buffer, bool ffr);
void vector_registers_store_scalable(void *buffer, bool ffr);
uint64_t vector_registers_length(void);
void vector_registers_set_status(uint64_t fpcr, uint64_t fpsr);
uint64_t vector_registers_fpcr(void);
uint64_t vector_registers_fpsr(void);

#endif
