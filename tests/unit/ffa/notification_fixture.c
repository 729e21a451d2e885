/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/ffa/notification_fixture.h"

static struct memory_region_config data_page(uint64_t address)
{
	return (struct memory_region_config){
		.range = { .base = paddr(address), .page_count = 1 },
		.attributes = REGION_READ | REGION_WRITE,
		.inside_partition = true,
	};
}

void notified_add(struct partition_config *configs[4])
{
	system_reset();
	configs[0] = system_add(SP1, INSTANCE_S1MP);
	configs[1] = system_add(SP2, INSTANCE_S1UP);
	configs[2] = system_add(SP3, INSTANCE_S0);
	configs[3] = system_add(SP4, INSTANCE_S1UP);
	for (unsigned i = 0; i < 3; i++) {
		configs[i]->notification_support = true;
	}
	/* S-EL0: pages for buffers, which it may write */
	configs[2]->memory_regions[0] = data_page(message_tx(SP3));
	configs[2]->memory_regions[1] = data_page(message_rx(SP3));
	configs[2]->memory_region_count = 2;
}

void notified_boot(unsigned pe_count)
{
	struct partition_config *configs[4];

	notified_add(configs);
	system_boot(pe_count);
	create_bitmap(VM1, VM_VCPUS);
	CHECK_SUCCESS(NW);
}

uint16_t speaker(uint16_t id)
{
	return (id & FFA_ID_SECURE_BIT) != 0 ? id : NW;
}

void turn_to(uint16_t who)
{
	if (running() != who && running() != NW) {
		respond(running(), NW);
	}
	if (running() != who) {
		request(NW, who);
	}
}

/* ---- calls -------------------------------------------------------------------------------------- */

void create_bitmap(uint16_t vm, uint32_t vcpu_count)
{
	turn_to(NW);
	CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, vm, vcpu_count);
}

void destroy_bitmap(uint16_t vm)
{
	turn_to(NW);
	CALL(NW, FFA_NOTIFICATION_BITMAP_DESTROY_32, vm);
}

void bind_as(uint16_t receiver, uint16_t sender, uint64_t ids, uint32_t flags)
{
	turn_to(speaker(receiver));
	CALL(speaker(receiver), FFA_NOTIFICATION_BIND_32, FFA_ENDPOINTS(sender, receiver), flags,
	     (uint32_t)ids, ids >> 32);
}

void unbind_as(uint16_t receiver, uint16_t sender, uint64_t ids)
{
	turn_to(speaker(receiver));
	CALL(speaker(receiver), FFA_NOTIFICATION_UNBIND_32, FFA_ENDPOINTS(sender, receiver), 0,
	     (uint32_t)ids, ids >> 32);
}

void set_as(uint16_t sender, uint16_t receiver, uint64_t ids, uint32_t flags)
{
	turn_to(speaker(sender));
	CALL(speaker(sender), FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(sender, receiver), flags,
	     (uint32_t)ids, ids >> 32);
}

void get_as(uint16_t receiver, uint16_t vcpu, uint32_t flags)
{
	turn_to(speaker(receiver));
	CALL(speaker(receiver), FFA_NOTIFICATION_GET_32, (uint32_t)vcpu << 16 | receiver, flags);
}

void must_bind(uint16_t receiver, uint16_t sender, uint64_t ids, uint32_t flags)
{
	bind_as(receiver, sender, ids, flags);
	CHECK_SUCCESS(speaker(receiver));
}

void must_set(uint16_t sender, uint16_t receiver, uint64_t ids, uint32_t flags)
{
	set_as(sender, receiver, ids, flags);
	CHECK_SUCCESS(speaker(sender));
}

void check_gets(uint16_t receiver, uint16_t vcpu, uint64_t of_partitions, uint64_t of_vms)
{
	get_as(receiver, vcpu, speaker(receiver) == NW ? OF_SECURE : OF_ALL);
	CHECK_GOT(speaker(receiver), FFA_SUCCESS_32, 0, (uint32_t)of_partitions,
		  of_partitions >> 32, (uint32_t)of_vms, of_vms >> 32);
}

/* ---- messages ----------------------------------------------------------------------------------- */

static void need_buffers(uint16_t id)
{
	const struct endpoint *endpoint = spmc_endpoint(the_spmc(), id);

	if (endpoint != NULL && endpoint->mailbox.mapped) {
		return;
	}
	if (id == NW) {
		map_hypervisor(1);
	} else if (speaker(id) == NW) {
		need_buffers(NW);
		map_vm(id, 1);
	} else {
		give_buffers(id, 1);
	}
}

void send_empty(uint16_t from, uint16_t to, uint32_t flags)
{
	struct indirect message = usual_message(0);

	message.sender = from;
	message.receiver = to;
	turn_to(NW);
	need_buffers(to);
	need_buffers(from);
	compose_message(&message);
	turn_to(speaker(from));
	CALL(speaker(from), FFA_MSG_SEND2_32, speaker(from) == NW ? (uint32_t)from << 16 : 0,
	     flags);
	CHECK_DONE(from);
}
