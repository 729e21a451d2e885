/* SPDX-License-Identifier: BSD-3-Clause */
/* The demo partition: says hello when it starts and to whoever sends it a direct request. */
#include "partitions/hello/hello.h"

#include "lib/string.h"
#include "sdk/partition.h"
#include "sdk/text.h"

static uint32_t served[PARTITION_MAX_CONTEXTS];

void partition_start(void)
{
	partition_log("hello, I am partition %04x: FF-A %u.%u, %u execution context%s",
		      partition.id, partition.version >> 16, partition.version & 0xFFFF,
		      partition.context_count, partition.context_count == 1 ? "" : "s");
}

static void answer_in_words(unsigned context, struct ffa_regs *message)
{
	uint64_t pe = message->x[5];
	char *text = (char *)&message->x[7];
	size_t size = sizeof(message->x) - 7 * sizeof(message->x[0]);

	memset(text, 0, size);
	(void)text_format(text, size, "greetings to PE %lu from %04x, context %u, message %u", pe,
			  partition.id, context, served[context]);
	message->x[4] = HELLO_ANSWER;
	message->x[5] = pe;
	message->x[6] = (uint64_t)context << 16 | served[context];
}

void partition_request(unsigned context, struct ffa_regs *message)
{
	uint64_t request = message->x[3];

	served[context]++;
	if ((uint32_t)message->x[0] == (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64) {
		answer_in_words(context, message);
		return;
	}
	message->x[3] = HELLO_ANSWER;
	message->x[5] = (uint64_t)context << 16 | served[context];
	message->x[6] = partition.id;
	message->x[7] = ~request;
}
