/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls are made whether they make sense or not: what is refused must change nothing. */
#include "tests/model/memory/actions.h"

#include "tests/model/memory/view.h"

struct list {
	const struct scope *scope;
	const struct reference *reference;
	struct action *actions;
	unsigned count;
};

static void add(struct list *list, struct action action)
{
	REQUIRE(list->count < ACTIONS_MAX);
	list->actions[list->count++] = action;
}

static bool is_dead(const struct list *list, unsigned who)
{
	return (list->reference->dead >> who & 1) != 0;
}

/* ---- sending ------------------------------------------------------------------------------------ */

static void add_with_zero(struct list *list, struct action action)
{
	add(list, action);
	if (list->scope->zeroing) {
		action.zero = 1;
		add(list, action);
	}
	if (list->scope->halves && action.zero == 0) {
		action.operation = OP_SEND_HALF;
		add(list, action);
	}
}

static void add_with_permissions(struct list *list, struct action action)
{
	action.permissions[0] = RW;
	action.permissions[1] = RO;
	add_with_zero(list, action);
	if (list->scope->rights && action.kind != TRANSACTION_DONATE) {
		action.permissions[0] = RO;
		action.permissions[1] = RW;
		add_with_zero(list, action);
	}
}

/** One borrower, and pairs with each later one; itself too. */
static void add_with_borrowers(struct list *list, struct action action)
{
	for (unsigned first = WHO_SP1; first < WHO_COUNT; first++) {
		action.borrower_count = 1;
		action.borrowers[0] = (uint8_t)first;
		action.borrowers[1] = 0;
		add_with_permissions(list, action);
		for (unsigned second = first; second < WHO_COUNT; second++) {
			action.borrower_count = 2;
			action.borrowers[1] = (uint8_t)second;
			add_with_permissions(list, action);
		}
	}
}

static unsigned free_transaction(const struct list *list)
{
	unsigned n = 0;

	while (n < list->scope->transactions && list->reference->transactions[n].kind != 0) {
		n++;
	}
	return n;
}

/** A sender that owns none of the pages is refused whoever shall borrow: one borrower will do. */
static void add_of_sender(struct list *list, struct action action)
{
	bool owns = false;

	for (unsigned n = 0; n < PAGE_COUNT; n++) {
		owns = owns || ((action.pages >> n & 1) != 0 &&
				list->reference->pages[n].owner == action.who);
	}
	if (owns) {
		add_with_borrowers(list, action);
		return;
	}
	action.borrower_count = 1;
	action.borrowers[0] = action.who == WHO_SP4 ? WHO_SP2 : WHO_SP4;
	action.permissions[0] = RO;
	add(list, action);
}

static void add_sends(struct list *list)
{
	unsigned n = free_transaction(list);

	if (n == list->scope->transactions) {
		return;
	}
	for (unsigned who = WHO_NW; who < WHO_RUNS; who++) {
		for (unsigned pages = 1; pages < 1U << PAGE_COUNT && !is_dead(list, who); pages++) {
			for (unsigned kind = TRANSACTION_SHARE; kind <= TRANSACTION_DONATE;
			     kind++) {
				struct action action = {
					.operation = OP_SEND,
					.who = (uint8_t)who,
					.transaction = (uint8_t)n,
					.kind = (uint8_t)kind,
					.pages = (uint8_t)pages,
				};

				if ((list->scope->page_sets >> pages & 1) != 0) {
					add_of_sender(list, action);
				}
			}
		}
	}
}

/* ---- what is done with a transaction ------------------------------------------------------------ */

/** A request that fits transaction @n; of one that is not there, any. */
static struct action action_on(const struct list *list, unsigned n, enum operation operation,
			       unsigned who)
{
	const struct reference_transaction *one = &list->reference->transactions[n];
	struct action action = {
		.operation = (uint8_t)operation,
		.who = (uint8_t)who,
		.transaction = (uint8_t)n,
		.kind = one->kind == 0 ? TRANSACTION_LEND : one->kind,
		.sender = one->kind == 0 ? WHO_SP1 : one->sender,
		.pages = one->kind == 0 ? 1 : one->pages,
		.borrower_count = one->kind == 0 ? 1 : one->borrower_count,
		.borrowers = { one->borrowers[0].who, one->borrowers[1].who },
	};

	if (one->kind == 0) {
		action.borrowers[0] = (uint8_t)who;
	}
	return action;
}

static void add_retrieve(struct list *list, struct action action, unsigned permissions)
{
	unsigned variants = list->scope->zeroing ? 4 : 1;

	action.permissions[0] = (uint8_t)permissions;
	for (unsigned i = 0; i < variants; i++) {
		action.zero = i % 2;
		action.zero_after = i / 2 % 2;
		add(list, action);
	}
}

static void add_retrieves(struct list *list, struct action action)
{
	static const uint8_t instruction[] = { 0, NX, FFA_MEMORY_INSTRUCTION_X };

	for (unsigned i = 0; i < 3; i++) {
		if (list->scope->rights) {
			add_retrieve(list, action, RO | instruction[i]);
			add_retrieve(list, action, RW | instruction[i]);
		}
		if (list->scope->rights || instruction[i] != FFA_MEMORY_INSTRUCTION_X) {
			add_retrieve(list, action, instruction[i]);
		}
	}
}

static void add_ends(struct list *list, unsigned n, unsigned who)
{
	for (unsigned zero = 0; zero <= (list->scope->zeroing ? 1U : 0U); zero++) {
		struct action action = action_on(list, n, OP_RELINQUISH, who);

		action.zero = (uint8_t)zero;
		add(list, action);
		action.operation = OP_RECLAIM;
		if (who < WHO_RUNS) {
			add(list, action);
		}
	}
}

static void add_all_of(struct list *list, unsigned n)
{
	for (unsigned who = WHO_NW; who < WHO_COUNT; who++) {
		if (is_dead(list, who)) {
			continue;
		}
		if (who != WHO_NW) {
			add_retrieves(list, action_on(list, n, OP_RETRIEVE, who));
		}
		add_ends(list, n, who);
		if (list->scope->halves && who < WHO_RUNS) {
			add(list, action_on(list, n, OP_SEND_REST, who));
		}
	}
}

static void add_others(struct list *list)
{
	for (unsigned who = WHO_NW; who < WHO_RUNS; who++) {
		struct action action = { .operation = OP_CANCEL, .who = (uint8_t)who };

		if (is_dead(list, who)) {
			continue;
		}
		if (list->scope->halves) {
			add(list, action);
		}
		action.operation = OP_ABORT;
		if (list->scope->aborts && who != WHO_NW) {
			add(list, action);
		}
	}
}

unsigned actions_of(const struct scope *scope, const struct reference *reference,
		    struct action actions[ACTIONS_MAX])
{
	struct list list = { .scope = scope, .reference = reference, .actions = actions };

	add_sends(&list);
	for (unsigned n = 0; n < scope->transactions; n++) {
		add_all_of(&list, n);
	}
	add_others(&list);
	return list.count;
}
