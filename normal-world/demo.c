/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The demo: discovers what is there, starts the other PEs, greets every partition on every PE with each
 * kind of direct request it takes, and ends with a table. A failure anywhere gives a status other than 0.
 */
#include "normal-world/demo.h"

#include "abi/smccc.h"
#include "lib/string.h"
#include "normal-world/console.h"
#include "normal-world/machine.h"
#include "normal-world/pe.h"
#include "normal-world/semihosting.h"
#include "partitions/hello/hello.h"
#include "sdk/ffa.h"

#define PARTITIONS_MAX 16U
#define DESCRIPTORS_A_CALL 5U

struct talk {
	uint16_t id; /* in: with whom */
	uint32_t properties;
	unsigned asked, answered;
	unsigned resumed;
	char sentence[96];
};

static struct ffa_partition_info_v1_1 partitions[PARTITIONS_MAX];
static unsigned partition_count;
static struct talk talks[PARTITIONS_MAX][PE_MAX];
static bool failed;

static void fact(const char *name, const char *value)
{
	print("  %-24s %s\n", name, value);
}

static void show_uuid(char *text, const struct ffa_uuid *uuid)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = (const uint8_t *)uuid;

	for (unsigned i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10) {
			*text++ = '-';
		}
		*text++ = digits[bytes[i] >> 4];
		*text++ = digits[bytes[i] & 15];
	}
	*text = '\0';
}

static bool discover_version(void)
{
	uint32_t version = ffa_version(FFA_VERSION_1_2);
	uint16_t id;

	if ((version & FFA_VERSION_INVALID_BIT) != 0) {
		print("  no FF-A: FFA_VERSION answers 0x%x\n", version);
		return false;
	}
	print("  %-24s %u.%u, spoken: 1.2\n", "FF-A version", version >> 16, version & 0xFFFF);
	if (ffa_id_get(&id) == FFA_OK) {
		print("  %-24s 0x%04x\n", "normal world", id);
	}
	if (ffa_spm_id_get(&id) == FFA_OK) {
		print("  %-24s 0x%04x\n", "partition manager", id);
	}
	return true;
}

static void discover_features(void)
{
	static const struct {
		const char *name;
		uint32_t function;
	} rows[] = {
		{ "direct request 32", (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32 },
		{ "direct request 64", (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64 },
		{ "direct request 2", (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64 },
		{ "run", (uint32_t)FFA_RUN_32 },
		{ "RX/TX buffers", (uint32_t)FFA_RXTX_MAP_64 },
		{ "partition info", (uint32_t)FFA_PARTITION_INFO_GET_32 },
		{ "partition info, registers", (uint32_t)FFA_PARTITION_INFO_GET_REGS_64 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t w2, w3;

		fact(rows[i].name,
		     ffa_features(rows[i].function, 0, &w2, &w3) == FFA_OK ? "yes" : "no");
	}
}

static void show_partition(const struct ffa_partition_info_v1_1 *info)
{
	char uuid[40];

	show_uuid(uuid, &info->uuid);
	print("  %04x  %s  %8u  %s%s%s\n", info->id, uuid, info->context_count,
	      (info->properties & FFA_PROPERTY_DIRECT_REQ_RECEIVE) != 0 ? "direct " : "",
	      (info->properties & FFA_PROPERTY_DIRECT_REQ2_RECEIVE) != 0 ? "direct2 " : "",
	      (info->properties & FFA_PROPERTY_INDIRECT) != 0 ? "indirect" : "");
}

/** FFA_PARTITION_INFO_GET_REGS until all are known; the descriptors start in x3. */
static bool discover_partitions(void)
{
	uint64_t next = 0, last = 0, tag = 0;

	print("\n  id    uuid                                  contexts  receives\n");
	do {
		struct ffa_regs regs = { { (uint32_t)FFA_PARTITION_INFO_GET_REGS_64, 0, 0,
					   next | tag << 16 } };
		uint64_t current;

		ffa_call(&regs);
		if (ffa_is_error(&regs)) {
			print("  FFA_PARTITION_INFO_GET_REGS: error %d\n",
			      (int)ffa_status_of(&regs));
			return false;
		}
		last = regs.x[2] & 0xFFFF;
		current = regs.x[2] >> 16 & 0xFFFF;
		tag = regs.x[2] >> 32 & 0xFFFF;
		if (current < next || current - next >= DESCRIPTORS_A_CALL ||
		    regs.x[2] >> 48 != sizeof(partitions[0])) {
			print("  FFA_PARTITION_INFO_GET_REGS: strange answer %lx\n", regs.x[2]);
			return false;
		}
		for (uint64_t i = next; i <= current && partition_count < PARTITIONS_MAX; i++) {
			memcpy(&partitions[partition_count], &regs.x[3 + 3 * (i - next)],
			       sizeof(partitions[0]));
			show_partition(&partitions[partition_count++]);
		}
		next = current + 1;
	} while (next <= last);
	return true;
}

static void start_pes(void)
{
	for (unsigned i = 1; i < pe_count; i++) {
		int64_t status = pe_start(i);

		if (status != PSCI_SUCCESS) {
			print("  PE %u does not start: %ld\n", i, status);
			failed = true;
		}
	}
	print("\n  %-24s %u\n", "PEs", pe_count);
}

static void ask(struct talk *talk, uint32_t function)
{
	struct ffa_regs regs = { { function } };
	bool is_req2 = function == (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64;
	unsigned first = is_req2 ? 4 : 3;
	uint32_t expected = function + 1; /* the response's number follows the request's */

	regs.x[first] = HELLO_REQUEST;
	regs.x[first + 1] = pe_index();
	talk->asked++;
	talk->resumed += ffa_direct_request(&regs, FFA_ID_NORMAL_WORLD, talk->id);
	if ((uint32_t)regs.x[0] != expected || regs.x[first] != HELLO_ANSWER ||
	    regs.x[first + 1] != pe_index()) {
		print("  PE %-2u %04x  %08x: answer %lx %lx %lx %lx\n", pe_index(), talk->id,
		      function, regs.x[0], regs.x[1], regs.x[2], regs.x[3]);
		return;
	}
	talk->answered++;
	if (is_req2) {
		memcpy(talk->sentence, &regs.x[7], sizeof(regs.x) - 7 * sizeof(regs.x[0]));
	}
}

static void converse(void *argument)
{
	struct talk *talk = argument;

	if ((talk->properties & FFA_PROPERTY_DIRECT_REQ_RECEIVE) != 0) {
		ask(talk, (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32);
		ask(talk, (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64);
	}
	if ((talk->properties & FFA_PROPERTY_DIRECT_REQ2_RECEIVE) != 0) {
		ask(talk, (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64);
	}
}

static void converse_everywhere(void)
{
	print("\n");
	for (unsigned p = 0; p < partition_count; p++) {
		for (unsigned pe = 0; pe < pe_count; pe++) {
			struct talk *talk = &talks[p][pe];

			if (!pes[pe].online) {
				continue;
			}
			talk->id = partitions[p].id;
			talk->properties = partitions[p].properties;
			if (!pe_call(pe, converse, talk)) {
				print("  PE %u does not come back from %04x\n", pe, talk->id);
				failed = true;
			}
			print("  PE %-2u %04x  %s\n", pe, talk->id,
			      talk->sentence[0] != '\0' ? talk->sentence : "-");
		}
	}
}

static void show_table(void)
{
	print("\n  answers  ");
	for (unsigned pe = 0; pe < pe_count; pe++) {
		print(" PE %-3u", pe);
	}
	print("\n");
	for (unsigned p = 0; p < partition_count; p++) {
		print("  %04x     ", partitions[p].id);
		for (unsigned pe = 0; pe < pe_count; pe++) {
			const struct talk *talk = &talks[p][pe];

			print(" %u of %u", talk->answered, talk->asked);
			failed = failed || talk->asked == 0 || talk->answered != talk->asked;
		}
		print("\n");
	}
}

_Noreturn void demo_run(void)
{
	print("\nnormal world: a client at NS-EL2 looks around\n");
	if (!discover_version()) {
		semihosting_exit(1);
	}
	discover_features();
	if (!discover_partitions() || partition_count == 0) {
		print("\nnormal world: no partition to talk to\n");
		semihosting_exit(1);
	}
	start_pes();
	converse_everywhere();
	show_table();
	if (failed) {
		print("\nnormal world: something did not answer\n");
		semihosting_exit(1);
	}
	print("\nnormal world: all answered, switching off\n");
	(void)smc(PSCI_SYSTEM_OFF, 0, 0, 0);
	semihosting_exit(1);
}
