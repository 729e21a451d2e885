/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/ffa/sender_fixture.h"

struct sender sent;

void sender_boot(uint16_t who, uint32_t version)
{
	sent.who = who;
	sent.version = version;
	memory_boot_version(version);
}

void compose(const struct mem_message *message)
{
	sent.size = mem_compose(sent.bytes, sent.version, message);
	sent.access = sent.version < FFA_VERSION_1_1 ? 32 : 48;
	sent.access_size = message->access_size != 0        ? message->access_size
			   : sent.version < FFA_VERSION_1_2 ? 16
							    : 32;
	sent.composite = sent.access + message->receiver_count * sent.access_size;
}

struct mem_message sender_message(enum transaction_kind kind)
{
	uint64_t page = sent.who == NW ? ns_page(0) : page_of(sent.who, 40);

	sent.range[0] = (struct ffa_memory_range){ page, 1, 0 };
	sent.range[1] = (struct ffa_memory_range){ page + 4 * PAGE_SIZE, 1, 0 };
	return message_for(kind, sent.who, SP2, sent.range);
}

void compose_usual(enum transaction_kind kind)
{
	struct mem_message message = sender_message(kind);

	compose(&message);
}

void put(size_t offset, uint64_t value, size_t size)
{
	memcpy(sent.bytes + offset, &value, size);
}

enum ffa_status send_part(enum transaction_kind kind, size_t total, size_t length)
{
	return mem_send_bytes(sent.who, kind, sent.bytes, total, length);
}

enum ffa_status send_it(enum transaction_kind kind)
{
	return send_part(kind, sent.size, sent.size);
}

void check_message(enum transaction_kind kind, const struct mem_message *message,
		   enum ffa_status status)
{
	compose(message);
	CHECK_EQUAL(send_it(kind), status);
}

void for_each_sender(void (*body)(void))
{
	static const uint32_t versions[] = { FFA_VERSION_1_0, FFA_VERSION_1_1, FFA_VERSION_1_2 };

	for (unsigned v = 0; v < 3; v++) {
		sender_boot(NW, versions[v]);
		body();
		sender_boot(SP1, versions[v]);
		body();
	}
}
