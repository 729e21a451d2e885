/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * UUIDs as manifests write them (DEN0077A, "Partition manifest"). Cells of a 1.0 manifest are taken
 * as they stand: the words that w1-w4 of FFA_PARTITION_INFO_GET are compared with. The text of
 * a 1.1 manifest has two readings, see uuid_text_order.
 */
#include "config/uuid.h"

#include <stdint.h>

/** How the text 00112233-4455-... becomes words. */
enum uuid_text_order {
	UUID_TEXT_BIG_ENDIAN, /* 0x00112233, 0x44556677, ...: what deployed systems do */
	UUID_TEXT_SMCCC, /* 0x33221100, 0x77665544, ...: the rule of the SMC calling convention */
};

static const enum uuid_text_order uuid_text_order = UUID_TEXT_BIG_ENDIAN;

/** Value of a hexadecimal digit; 16 when it is none. */
static uint32_t digit(char c)
{
	if (c >= '0' && c <= '9') {
		return (uint32_t)(c - '0');
	}
	if (c >= 'a' && c <= 'f') {
		return (uint32_t)(c - 'a') + 10;
	}
	if (c >= 'A' && c <= 'F') {
		return (uint32_t)(c - 'A') + 10;
	}
	return 16;
}

/** Reads the canonical form, 8-4-4-4-12 digits; false when @text has another form. */
bool uuid_from_text(const char *text, struct ffa_uuid *uuid)
{
	uint32_t count = 0;

	*uuid = (struct ffa_uuid){ 0 };
	for (uint32_t i = 0; i < 36; i++) {
		const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen != (text[i] == '-') || (!hyphen && digit(text[i]) == 16)) {
			return false;
		}
		if (hyphen) {
			continue;
		}
		uuid->word[count / 8] = uuid->word[count / 8] << 4 | digit(text[i]);
		count++;
	}
	if (text[36] != '\0') {
		return false;
	}

	for (uint32_t i = 0; i < 4 && uuid_text_order == UUID_TEXT_SMCCC; i++) {
		uuid->word[i] = __builtin_bswap32(uuid->word[i]);
	}
	return true;
}
