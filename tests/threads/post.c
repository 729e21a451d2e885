/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/threads/post.h"

#include "tests/unit/ffa/indirect_fixture.h"

enum {
	GLOBAL_TOKENS = 3, /* of each sender, for each receiver */
	VCPU_TOKENS = 2,
	TOKENS = GLOBAL_TOKENS + VCPU_TOKENS,
	WORDS_MAX = 64, /* of a message */
};

static const uint16_t ids[POST_ENDPOINTS] = { SP1, SP2, SP3, POST_VM };

/* By receiver, sender, notification, vCPU. */
static struct token tokens[POST_ENDPOINTS][POST_ENDPOINTS][TOKENS][PES];
static _Atomic unsigned tokens_back, messages_read;

/** Numbered messages from one to another: written under the sender's flag, read by who may read RX. */
static struct {
	_Atomic bool busy; /* somebody writes TX, or waits for the outcome */
	uint64_t sent[POST_ENDPOINTS]; /* by receiver */
} desks[POST_ENDPOINTS];
static uint64_t arrived[POST_ENDPOINTS][POST_ENDPOINTS]; /* by receiver, sender */

struct letter {
	struct ffa_message_header header;
	uint64_t number;
	uint64_t words[WORDS_MAX];
};

static unsigned place_of(uint16_t id)
{
	return id == POST_VM ? POST_ENDPOINTS - 1 : id - SP1;
}

static bool is_partition(unsigned place)
{
	return place < POST_PARTITIONS;
}

static unsigned vcpus_of(unsigned place)
{
	static const unsigned counts[POST_ENDPOINTS] = { PES, 1, 1, POST_VM_VCPUS };

	return counts[place];
}

unsigned post_tokens_back(void)
{
	return tokens_back;
}

unsigned post_messages_read(void)
{
	return messages_read;
}

/* ---- opening -------------------------------------------------------------------------------------- */

/** Numbers of a sender's notifications: apart from those of the others of its class. */
static uint8_t number_of(unsigned sender, unsigned n)
{
	return (uint8_t)(is_partition(sender) ? sender * TOKENS + n : n);
}

/** True for two that send to one another at all: VMs among themselves are the hypervisor's. */
static bool are_peers(unsigned one, unsigned other)
{
	return one != other && (is_partition(one) || is_partition(other));
}

static void bind_tokens(unsigned receiver, unsigned sender)
{
	uint64_t global = ((UINT64_C(1) << GLOBAL_TOKENS) - 1) << number_of(sender, 0);
	uint64_t per_vcpu = ((UINT64_C(1) << VCPU_TOKENS) - 1) << number_of(sender, GLOBAL_TOKENS);

	must_bind(ids[receiver], ids[sender], global, 0);
	must_bind(ids[receiver], ids[sender], per_vcpu, PER_VCPU);
	for (unsigned n = 0; n < TOKENS; n++) {
		for (uint16_t vcpu = 0; vcpu < PES; vcpu++) {
			tokens[receiver][sender][n][vcpu] = (struct token){
				.sender = ids[sender],
				.receiver = ids[receiver],
				.number = number_of(sender, n),
				.per_vcpu = n >= GLOBAL_TOKENS,
				.vcpu = vcpu,
			};
		}
	}
}

void post_open(void)
{
	struct partition_config *configs[4];

	memset(desks, 0, sizeof(desks));
	memset(arrived, 0, sizeof(arrived));
	notified_add(configs);
	system_boot(PES);
	create_bitmap(POST_VM, POST_VM_VCPUS);
	CHECK_SUCCESS(NW);
	for (unsigned i = 0; i < POST_ENDPOINTS; i++) {
		for (unsigned s = 0; s < POST_ENDPOINTS; s++) {
			if (are_peers(i, s)) {
				bind_tokens(i, s);
			}
		}
	}
	turn_to(NW);
	map_hypervisor(1);
	map_vm(POST_VM, 1);
	for (unsigned i = 0; i < POST_PARTITIONS; i++) {
		give_buffers(ids[i], 1);
	}
}

/* ---- notifications -------------------------------------------------------------------------------- */

struct token *post_take_token(struct actor *actor, uint16_t sender)
{
	unsigned from = place_of(sender), to = actor_below(actor, POST_ENDPOINTS);
	unsigned n = actor_below(actor, TOKENS);
	unsigned vcpu = n < GLOBAL_TOKENS ? 0 : actor_below(actor, vcpus_of(to));
	struct token *token = &tokens[to][from][n][vcpu];
	bool expected = false;

	/* relaxed: the call that follows passes everything on */
	if (!are_peers(from, to) ||
	    !atomic_compare_exchange_strong_explicit(&token->taken, &expected, true,
						     memory_order_relaxed, memory_order_relaxed)) {
		return NULL;
	}
	return token;
}

struct arch_exit post_signal(struct arch_context *context, const struct token *token)
{
	uint64_t bit = UINT64_C(1) << token->number;

	return ACTOR_CALL(context, FFA_NOTIFICATION_SET_32,
			  FFA_ENDPOINTS(token->sender, token->receiver),
			  token->per_vcpu ? SET_FOR_VCPU(token->vcpu) : 0, (uint32_t)bit,
			  bit >> 32);
}

/** @receiver's notification @number of a class was fetched: whose it is follows from the number. */
static void give_back(const struct actor *actor, unsigned receiver, unsigned sender, unsigned n,
		      uint16_t vcpu)
{
	struct token *token = &tokens[receiver][sender][n][n < GLOBAL_TOKENS ? 0 : vcpu];

	/* relaxed: see post_take_token() */
	if (!atomic_exchange_explicit(&token->taken, false, memory_order_relaxed)) {
		complain(actor, "a notification came that nobody had signalled", token->number);
	}
	atomic_fetch_add_explicit(&tokens_back, 1, memory_order_relaxed);
}

void post_fetched(const struct actor *actor, uint16_t receiver, uint16_t vcpu, const uint64_t *x)
{
	uint64_t of_partitions = x[3] << 32 | x[2], of_vms = x[5] << 32 | x[4];
	unsigned to = place_of(receiver);

	for (; of_partitions != 0; of_partitions &= of_partitions - 1) {
		unsigned number = (unsigned)__builtin_ctzll(of_partitions);

		if (number / TOKENS < POST_PARTITIONS) {
			give_back(actor, to, number / TOKENS, number % TOKENS, vcpu);
		} else {
			complain(actor, "a notification came that nobody has", number);
		}
	}
	for (; of_vms != 0; of_vms &= of_vms - 1) {
		unsigned number = (unsigned)__builtin_ctzll(of_vms);

		if (number < TOKENS) {
			give_back(actor, to, place_of(POST_VM), number, vcpu);
		} else {
			complain(actor, "a VM's notification came that nobody has", number);
		}
	}
}

/* ---- messages ------------------------------------------------------------------------------------- */

static uint64_t word_of(uint64_t number, unsigned n)
{
	return number * UINT64_C(0x9E3779B97F4A7C15) + n;
}

static unsigned words_of(uint64_t number)
{
	return (unsigned)(number * 7 % WORDS_MAX);
}

bool post_begin_message(struct actor *actor, uint16_t sender)
{
	unsigned from = place_of(sender), to = actor_below(actor, POST_ENDPOINTS);
	struct letter *letter = host_ram(paddr(message_tx(sender)));

	/* acquire: pairs with the release in post_sent() */
	if (!are_peers(from, to) ||
	    atomic_exchange_explicit(&desks[from].busy, true, memory_order_acquire)) {
		return false;
	}
	actor->peer = ids[to];
	letter->number = desks[from].sent[to] + 1;
	letter->header = (struct ffa_message_header){
		.offset = sizeof(letter->header),
		.endpoints = FFA_ENDPOINTS(sender, ids[to]),
		.size = (uint32_t)(sizeof(uint64_t) * (1 + words_of(letter->number))),
	};
	for (unsigned i = 0; i < words_of(letter->number); i++) {
		letter->words[i] = word_of(letter->number, i);
	}
	return true;
}

struct arch_exit post_send(struct arch_context *context, uint16_t sender)
{
	return ACTOR_CALL(context, FFA_MSG_SEND2_32,
			  sender == POST_VM ? (uint64_t)sender << 16 : 0);
}

void post_sent(const struct actor *actor, uint16_t sender, const uint64_t *x)
{
	unsigned from = place_of(sender);

	if (x[0] == FFA_SUCCESS_32) {
		desks[from].sent[place_of(actor->peer)]++;
	} else if (x[0] != FFA_ERROR_32 || x[2] != CODE(FFA_BUSY)) {
		complain(actor, "a message was refused", x[2]);
	}
	/* release: pairs with the acquire in post_begin_message() */
	atomic_store_explicit(&desks[from].busy, false, memory_order_release);
}

void post_read(const struct actor *actor, uint16_t receiver)
{
	const struct letter *letter = host_ram(paddr(message_rx(receiver)));
	unsigned to = place_of(receiver);
	unsigned from = place_of(FFA_SENDER(letter->header.endpoints));

	if (from >= POST_ENDPOINTS || FFA_RECEIVER(letter->header.endpoints) != receiver) {
		complain(actor, "a message came that is no message", letter->header.endpoints);
		return;
	}
	if (letter->number != ++arrived[to][from]) {
		complain(actor, "a message came out of its turn", letter->number);
	}
	for (unsigned i = 0; i < words_of(letter->number); i++) {
		if (letter->words[i] != word_of(letter->number, i)) {
			complain(actor, "a message came in pieces", letter->number);
			break;
		}
	}
	atomic_fetch_add_explicit(&messages_read, 1, memory_order_relaxed);
}

/* ---- closing -------------------------------------------------------------------------------------- */

static bool pair_is_even(unsigned receiver, unsigned sender)
{
	bool even = arrived[receiver][sender] == desks[sender].sent[receiver];

	for (unsigned n = 0; n < TOKENS; n++) {
		for (unsigned vcpu = 0; vcpu < PES; vcpu++) {
			even = even && !tokens[receiver][sender][n][vcpu].taken;
		}
	}
	return even;
}

/** True when @place has nothing to fetch and nothing to read. */
static bool has_everything(unsigned place)
{
	const struct endpoint *endpoint = spmc_endpoint(the_spmc(), ids[place]);

	return endpoint->notifications.wanted == 0 &&
	       mailbox_rx_state(&endpoint->mailbox) == RX_EMPTY;
}

bool post_is_even(const struct actor *actor)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < POST_ENDPOINTS; i++) {
		for (unsigned s = 0; s < POST_ENDPOINTS; s++) {
			if (!pair_is_even(i, s)) {
				complain(actor, "from, to: something is lost",
					 FFA_ENDPOINTS(ids[s], ids[i]));
				wrong++;
			}
		}
		if (!has_everything(i)) {
			complain(actor, "something is left for", ids[i]);
			wrong++;
		}
	}
	for (unsigned i = 0; i < NOTIF_BOARD_WORDS; i++) {
		wrong += the_spmc()->board.word[i] != 0 ? 1 : 0;
	}
	return wrong == 0;
}
