/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the tests of systems/messages.toml share: its partitions, calls about notifications by whoever may
 * make them, indirect messages with a pattern as payload, buffers of VMs. A test leaves nothing bound,
 * mapped or pending: messages_check_clean() looks after it.
 */
#ifndef NORMAL_WORLD_TESTS_MESSAGES_H
#define NORMAL_WORLD_TESTS_MESSAGES_H

#include "normal-world/tests/fixture.h"

/* Partitions of systems/messages.toml by their position. */
enum {
	M_MP = 0x8001, /* S-EL1, 1.2, a context for each PE; all framework messages */
	M_UP11 = 0x8002, /* S-EL1, 1.1, one context; VM created */
	M_UP13 = 0x8003, /* S-EL1, 1.3, one context, two services; VM destroyed */
	M_EL0 = 0x8004, /* S-EL0, 1.2 */
	M_OLD = 0x8005, /* S-EL1, 1.0, one context; no notifications */
	M_MP11 = 0x8006, /* S-EL1, 1.1, a context for each PE; CPU_OFF */
	M_MP13 = 0x8007, /* S-EL1, 1.3, a context for each PE; CPU_OFF, told first */
	M_PLAIN =
		0x8008, /* S-EL1, 1.2, one context; no notifications, buffers given by the manifest */
};

/* Those with notifications, and with indirect messages. */
#define NOTIFIED_COUNT 6U
extern const uint16_t notified[NOTIFIED_COUNT];
#define MAILED_COUNT 7U
extern const uint16_t mailed[MAILED_COUNT];

#define CONTEXTS 8U /* of the partitions with several */
#define HERE(id) FFA_TARGET(id, context_on(id, pe_index()))

/** A test that shares the boot of this system. */
#define MESSAGES_TEST_OF(kind, name)    \
	static void name##_body(void);  \
	kind(messages, name)            \
	{                               \
		messages_prepare();     \
		name##_body();          \
		messages_check_clean(); \
	}                               \
	static void name##_body(void)
#define MESSAGES_TEST(name) MESSAGES_TEST_OF(TEST_SHARED_IN, name)
#define MESSAGES_TEST_MP(name) MESSAGES_TEST_OF(TEST_SHARED_IN_MP, name)

void messages_prepare(void);
/** The same for a normal world of another version than 1.2, in a boot of its own. */
void messages_prepare_for(uint32_t version);
/** Fails the test when it has left something. */
void messages_check_clean(void);

/* ---- calls ------------------------------------------------------------------------------------------ */

/** The call by partition @id, or by the normal world for one of its endpoints. */
struct ffa_regs messages_call_by(uint16_t id, struct ffa_regs regs, const char *file, int line);
#define AS(id, ...) \
	messages_call_by(id, (struct ffa_regs){ { (uint32_t)__VA_ARGS__ } }, __FILE__, __LINE__)

/* Arguments of FFA(), BY() and AS(). */
#define BIT64(n) (UINT64_C(1) << (n))
#define NOTIFICATION_IDS(ids) (uint32_t)(ids), (uint64_t)(ids) >> 32
#define BIND(sender, receiver, flags, ids) \
	FFA_NOTIFICATION_BIND_32, FFA_ENDPOINTS(sender, receiver), flags, NOTIFICATION_IDS(ids)
#define UNBIND(sender, receiver, ids) \
	FFA_NOTIFICATION_UNBIND_32, FFA_ENDPOINTS(sender, receiver), 0, NOTIFICATION_IDS(ids)
#define SET(sender, receiver, flags, ids) \
	FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(sender, receiver), flags, NOTIFICATION_IDS(ids)
#define GET(receiver, vcpu, what) \
	FFA_NOTIFICATION_GET_32, (uint32_t)(vcpu) << 16 | (uint32_t)(receiver), what
#define SET_ON(vcpu) (FFA_NOTIFICATION_PER_VCPU | FFA_NOTIFICATION_VCPU(vcpu))

/** What FFA_NOTIFICATION_GET came back with: FFA_SUCCESS and these bitmaps, nothing else. */
void messages_check_fetched(struct ffa_regs regs, struct ffa_notifications expected,
			    const char *file, int line);
#define CHECK_FETCHED(call, ...) \
	messages_check_fetched(call, (struct ffa_notifications){ __VA_ARGS__ }, __FILE__, __LINE__)

/** Nobody has news for the scheduler. */
#define CHECK_NO_NEWS() CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA)
/** The news are these lists: x2 and x3 of the 64-bit form, x4-x7 zero. */
#define CHECK_NEWS(x2_, x3_)                                               \
	do {                                                               \
		struct ffa_regs news_ = FFA(FFA_NOTIFICATION_INFO_GET_64); \
		CHECK_EQ(news_.x[0], (uint32_t)FFA_SUCCESS_64);            \
		CHECK_EQ(news_.x[1], 0);                                   \
		CHECK_EQ(news_.x[2], x2_);                                 \
		CHECK_EQ(news_.x[3], x3_);                                 \
		fixture_check_zero(&news_, 4, __FILE__, __LINE__);         \
	} while (0)
#define NEWS_OF(id) CHECK_NEWS(0x80, id)

/** FFA_RUN of the context that serves this PE, until it waits; it does @command then, 0: nothing. */
void run_with(uint16_t id, uint64_t command, uint64_t a, uint64_t b, uint64_t c, uint64_t d);

/* ---- buffers ---------------------------------------------------------------------------------------- */

#define VMS 64U /* VM IDs from 1 on that have buffers here */
#define OS FFA_ID_NORMAL_WORLD

extern uint8_t os_tx[TEST_BUFFER_PAGES * 4096], os_rx[TEST_BUFFER_PAGES * 4096];

/** Where the buffers of an endpoint are: VM, OS or partition (its own addresses). */
uint64_t tx_of(uint16_t id);
uint64_t rx_of(uint16_t id);

/** FFA_RXTX_MAP; of VMs forwarded, with the OS's TX, always one page. */
struct ffa_regs map_result(uint16_t id, unsigned pages);
void map(uint16_t id, unsigned pages);
void unmap(uint16_t id);
/** The same, but for those that need nothing: buffers of the manifest. */
void map_all(const uint16_t *ids, unsigned count);
void unmap_all(const uint16_t *ids, unsigned count);

/* ---- messages --------------------------------------------------------------------------------------- */

struct letter {
	uint16_t from, to;
	uint32_t size;
	uint64_t seed; /* of the payload */
	uint32_t offset; /* 0: right behind the header */
	uint32_t flags; /* of FFA_MSG_SEND2 */
	struct ffa_uuid uuid;
};

/** Writes header and payload into TX of the sender. */
void write_letter(const struct letter *letter);
/** The call alone: for VMs by their hypervisor. */
struct ffa_regs send_written(const struct letter *letter);
/** Both. */
struct ffa_regs send(const struct letter *letter);

/** RX of the receiver, of @pages, holds the letter and nothing else. */
void check_letter(const struct letter *letter, unsigned pages);
/** It was told by a framework notification of the right kind, holds the letter, and gives the buffer back. */
void take_letter(const struct letter *letter, unsigned pages);

uint32_t version_of(uint16_t id);

#endif
