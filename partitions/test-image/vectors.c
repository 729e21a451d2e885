/* SPDX-License-Identifier: BSD-3-Clause */
/* See vectors.h. */
#include "partitions/test-image/vectors.h"

#define FPCR_MASK 0x07C80000U /* AHP, DN, FZ, RMode, FZ16 */
#define FPSR_MASK 0x0800009FU /* QC and the cumulative exceptions */

static uint64_t pattern(uint64_t seed, unsigned word)
{
	uint64_t z = (seed + word) * 0x9E3779B97F4A7C15ULL;

	return seed == 0 ? 0 : z ^ z >> 29;
}

/** Bytes of all vectors and predicates, without FFR. */
static unsigned plain_size(enum vectors_kind kind)
{
	unsigned length;

	if (kind == VECTORS_SIMD) {
		return 32 * 16;
	}
	length = (unsigned)vector_registers_length();
	return 32 * length + 16 * (length / 8);
}

/** FFR holds a row of ones, then zeros: byte @i of it. */
static uint8_t ffr_byte(uint64_t seed, unsigned i)
{
	unsigned ones = seed == 0 ? 0 : (unsigned)(seed >> 8) % (unsigned)vector_registers_length();

	if (ones >= 8 * (i + 1)) {
		return 0xFF;
	}
	return ones <= 8 * i ? 0 : (uint8_t)((1U << (ones - 8 * i)) - 1);
}

void vectors_put(struct vectors *work, enum vectors_kind kind, uint64_t seed)
{
	unsigned size = plain_size(kind);
	uint8_t *ffr = (uint8_t *)work->word + size;

	for (unsigned i = 0; i < size / 8; i++) {
		work->word[i] = pattern(seed, i);
	}
	if (kind == VECTORS_SIMD) {
		vector_registers_load(work);
	} else {
		for (unsigned i = 0; kind == VECTORS_SCALABLE && i < vector_registers_length() / 8;
		     i++) {
			ffr[i] = ffr_byte(seed, i);
		}
		vector_registers_load_scalable(work, kind == VECTORS_SCALABLE);
	}
	vector_registers_set_status(seed & FPCR_MASK, seed >> 32 & FPSR_MASK);
}

uint64_t vectors_compare(struct vectors *work, enum vectors_kind kind, uint64_t seed)
{
	uint64_t different = vector_registers_fpcr() != (seed & FPCR_MASK) ? VECTORS_FPCR : 0;
	unsigned size = plain_size(kind);
	const uint8_t *ffr = (const uint8_t *)work->word + size;

	different |= vector_registers_fpsr() != (seed >> 32 & FPSR_MASK) ? VECTORS_FPSR : 0;
	if (kind == VECTORS_SIMD) {
		vector_registers_store(work);
	} else {
		vector_registers_store_scalable(work, kind == VECTORS_SCALABLE);
	}
	for (unsigned i = 0; i < size / 8; i++) {
		different += work->word[i] != pattern(seed, i);
	}
	for (unsigned i = 0; kind == VECTORS_SCALABLE && i < vector_registers_length() / 8; i++) {
		different += ffr[i] != ffr_byte(seed, i);
	}
	return different;
}

uint64_t vectors_foreign(struct vectors *work, uint64_t seed)
{
	unsigned words = (unsigned)vector_registers_length() / 8;
	const uint8_t *ffr = (const uint8_t *)work->word + plain_size(VECTORS_SCALABLE);
	uint64_t foreign = 0;

	vector_registers_store_scalable(work, true);
	for (unsigned i = 0; i < plain_size(VECTORS_SCALABLE) / 8; i++) {
		bool low = i < 32 * words && i % words < 2;

		foreign += !low && work->word[i] != 0 && work->word[i] != pattern(seed, i);
	}
	for (unsigned i = 0; i < words; i++) {
		foreign += ffr[i] != 0;
	}
	return foreign;
}
