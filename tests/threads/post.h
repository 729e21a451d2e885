/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What actors signal and send to one another, with books that make a lost or repeated one known: a
 * notification is a token that its sender takes before it signals and its receiver gives back when it has
 * fetched it; messages from one to another are numbered.
 */
#ifndef TESTS_THREADS_POST_H
#define TESTS_THREADS_POST_H

#include "tests/threads/pes.h"

/* The endpoints that take part: three partitions (S-EL1 MP, S-EL1 UP, S-EL0) and a VM. */
enum {
	POST_PARTITIONS = 3,
	POST_ENDPOINTS = 4,
	POST_VM = VM1,
	POST_VM_VCPUS = 2,
};

/** Builds the system: bindings and buffers of everybody. The normal world runs on all PEs. */
void post_open(void);

/**
 * True when every token was given back, every message read, nothing pends and nothing is news; complains
 * otherwise. Nobody is at work meanwhile.
 */
bool post_is_even(const struct actor *actor);

/* ---- notifications -------------------------------------------------------------------------------- */

struct token {
	_Atomic bool taken;
	uint16_t sender, receiver;
	uint8_t number; /* of the notification */
	bool per_vcpu;
	uint16_t vcpu;
};

/** Takes a token of @sender's for somebody; NULL: none was found free. */
struct token *post_take_token(struct actor *actor, uint16_t sender);

/** The actor's call to signal @token. */
struct arch_exit post_signal(struct arch_context *context, const struct token *token);

/** vCPU @vcpu of @receiver has fetched what is in @x. */
void post_fetched(const struct actor *actor, uint16_t receiver, uint16_t vcpu, const uint64_t *x);

/* ---- messages ------------------------------------------------------------------------------------- */

/**
 * Begins a message of @sender to somebody, written to its TX; @actor->peer is to whom. False: others are
 * at it. post_sent() must follow.
 */
bool post_begin_message(struct actor *actor, uint16_t sender);

/** The actor's call to send it. */
struct arch_exit post_send(struct arch_context *context, uint16_t sender);

/** It has been sent, or the receiver was busy: what is in @x says so. */
void post_sent(const struct actor *actor, uint16_t sender, const uint64_t *x);

/** @receiver's RX holds a message: it must be whole, and the next of its sender. */
void post_read(const struct actor *actor, uint16_t receiver);

/** Tokens given back and messages read, so far. */
unsigned post_tokens_back(void);
unsigned post_messages_read(void);

#endif
