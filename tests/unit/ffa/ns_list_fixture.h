/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_NS_RES_INFO_GET of the normal world, and what there is to be listed. */
#ifndef TESTS_UNIT_FFA_NS_LIST_FIXTURE_H
#define TESTS_UNIT_FFA_NS_LIST_FIXTURE_H

#include "tests/unit/ffa/mem_fixture.h"

enum {
	START = 0,
	TARGET = FFA_NS_RES_INFO_TARGET,
	CONTINUE = FFA_NS_RES_INFO_CONTINUE,
	INDIRECT = FFA_NS_RANGE_INDIRECT,
	SP1_PAGES = 8,
	NS_LIST_MAX = 20000,

	/* Permissions. */
	U_R = 0x01,
	U_RW = 0x03,
	P_R = 0x10,
	P_RW = 0x30,
};

#define SP1_REGION (NS_BASE + UINT64_C(100) * PAGE_SIZE)
#define SP4_REGION (NS_BASE + UINT64_C(120) * PAGE_SIZE)
#define FURTHER_BASE UINT64_C(0x50000000)

/** What was fetched of the last list. */
extern struct ffa_ns_range ns_list[NS_LIST_MAX];
extern uint32_t ns_list_count;

/**
 * SP1 has memory of the normal world by its manifest, SP4 (S-EL0) a page that it may read, SP2 none; SP2 can
 * retrieve. Buffers of the normal world have @pages pages.
 */
void ns_list_boot(uint32_t pages);

uint32_t ns_list_free_pages(void);

/** The SPMC has a list that was not read to its end. */
bool ns_list_is_kept(void);

/** The normal world calls, on this PE. */
enum ffa_status ns_list_get(uint64_t id, uint64_t flags);

/** As ns_list_get() when it is refused and there was a list: its pages are free then. */
enum ffa_status ns_list_get_and_lose(uint64_t id, uint64_t flags);

void ns_list_release_rx(void);

/** Takes what the answer that NW just got says out of RX; returns the bytes that are still to come. */
uint32_t ns_list_take(bool first);

/** The rest of a list that has begun; the whole list of @id, 0: of all. */
void ns_list_finish(void);
void ns_list_fetch(uint16_t id);

/** The @n-th entry that was fetched. */
void ns_list_check(unsigned n, uint64_t address, uint32_t page_count, uint8_t permissions,
		   uint16_t endpoint, uint8_t flags);

/** @sender sends @count pages at @address to @receiver. */
uint64_t ns_list_give(enum transaction_kind kind, uint16_t sender, uint16_t receiver,
		      uint64_t address, uint32_t count);

void ns_list_retrieve(uint16_t who, enum transaction_kind kind, uint16_t sender, uint64_t handle);

/** Shares @count pages that do not touch each other with SP2, or with SP1, SP2 and SP4. */
uint64_t ns_list_share_scattered(uint32_t count, bool with_all);

#endif
