/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who owns which RX buffer, as the specification tells of it (DEN0077A, "RX/TX buffer ownership", "Indirect
 * messaging"): a small state machine for each endpoint, and what each call does to it.
 */
#ifndef TESTS_MODEL_RX_MODEL_H
#define TESTS_MODEL_RX_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/ffa.h"

/** The endpoints: two of the normal world, three partitions. */
enum rx_endpoint {
	HYPERVISOR,
	VM,
	S_EL1,
	S_EL0,
	DEAF, /* S-EL1, without notifications */
	ENDPOINT_COUNT,
};

enum rx_owner {
	UNMAPPED,
	EMPTY, /* the SPMC's */
	FULL, /* the endpoint's */
	ACQUIRED, /* of VM: the hypervisor's */
};

/** "RX full" notifications that nobody has fetched. */
enum rx_unread {
	UNREAD_OF_SPMC = 0x1,
	UNREAD_OF_HYPERVISOR = 0x2,
};

struct rx_state_of_endpoint {
	enum rx_owner owner;
	bool notified; /* has notifications */
	unsigned unread; /* enum rx_unread */
};

struct rx_model {
	struct rx_state_of_endpoint of[ENDPOINT_COUNT];
};

/** What is done; each to or by one endpoint, a message from one to another. */
enum rx_action {
	MAP,
	UNMAP,
	RELEASE,
	ACQUIRE,
	DISCOVER, /* FFA_PARTITION_INFO_GET */
	COUNT_ONLY, /* the same without a list */
	SEND_TO,
	FETCH_OF_SPMC, /* FFA_NOTIFICATION_GET */
	FETCH_OF_HYPERVISOR,
	FETCH_BOTH,
	WAIT, /* FFA_MSG_WAIT, partitions only */
	WAIT_RETAINING,
	WAIT_DENIED, /* while a request is being handled */
	CREATE, /* notifications, the normal world only */
	DESTROY,
	ACTION_COUNT,
};

struct rx_step {
	enum rx_action action;
	enum rx_endpoint subject;
	enum rx_endpoint from; /* with SEND_TO: whose message it is */
};

struct rx_outcome {
	enum ffa_status status;
	bool written; /* the subject's RX */
	unsigned fetched; /* enum rx_unread */
};

bool rx_is_secure(enum rx_endpoint endpoint);

/** True when there is such a step: the normal world does not wait, it speaks for its VMs. */
bool rx_step_exists(const struct rx_step *step);

struct rx_outcome rx_take_step(struct rx_model *model, const struct rx_step *step);

#endif
