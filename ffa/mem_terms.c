/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The terms of a retrieval (DEN0140, "Memory region attributes", "Instruction and data access permissions",
 * flags of FFA_MEM_RETRIEVE_REQ). Compares a request with a transaction; changes nothing, takes no locks.
 */
#include "ffa/mem_terms.h"

enum {
	/* Memory types from the least permissive one on. */
	TYPE_DEVICE_NGNRNE,
	TYPE_DEVICE_NGNRE,
	TYPE_DEVICE_NGRE,
	TYPE_DEVICE_GRE,
	TYPE_NORMAL_NON_CACHEABLE,
	TYPE_NORMAL_WRITE_BACK,
};

#define DEVICE_ATTRIBUTES(kind)                                            \
	(FFA_MEMORY_TYPE_DEVICE | (kind) << FFA_MEMORY_DEVICE_KIND_SHIFT | \
	 FFA_MEMORY_INNER_SHAREABLE)

static bool is_exclusive(const struct transaction *transaction)
{
	return transaction->kind == TRANSACTION_DONATE ||
	       (transaction->kind == TRANSACTION_LEND && transaction->borrower_count == 1);
}

static bool is_non_secure(const struct transaction *transaction)
{
	return (transaction->sender_map & ARCH_MAP_NON_SECURE) != 0;
}

/* ---- flags -------------------------------------------------------------------------------------- */

static enum ffa_status check_identity(const struct mem_descriptor *descriptor,
				      const struct transaction *transaction)
{
	uint32_t kind = (descriptor->flags & FFA_MEMORY_FLAG_KIND_MASK) >>
			FFA_MEMORY_FLAG_KIND_SHIFT;

	if (descriptor->sender != transaction->sender) {
		return FFA_DENIED;
	}
	return (kind == 0 || kind == transaction->kind) && descriptor->tag == transaction->tag
		       ? FFA_OK
		       : FFA_INVALID_PARAMETERS;
}

static enum ffa_status check_flags(const struct mem_descriptor *descriptor,
				   const struct transaction *transaction)
{
	uint32_t flags = descriptor->flags;
	bool hint = (flags & FFA_MEMORY_FLAG_HINT_VALID) != 0;

	if ((flags & (FFA_MEMORY_FLAGS_RESERVED | FFA_MEMORY_FLAG_TIME_SLICE)) != 0 ||
	    (!hint && (flags & FFA_MEMORY_FLAG_HINT_MASK) != 0) ||
	    (hint && descriptor->composite_offset != 0)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (transaction->kind == TRANSACTION_SHARE &&
	    (flags & (FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_ZERO_AFTER)) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	return (flags & FFA_MEMORY_FLAG_ZERO & ~transaction->flags) != 0 ? FFA_DENIED : FFA_OK;
}

/** Addresses are those of the sender: a hint is served where they fit it. Alignment: 2^hint pages. */
static enum ffa_status check_hint(const struct mem_descriptor *descriptor,
				  const struct transaction *transaction)
{
	unsigned order = (descriptor->flags & FFA_MEMORY_FLAG_HINT_MASK) >>
			 FFA_MEMORY_FLAG_HINT_SHIFT;
	struct constituent_walk walk = transaction_walk(transaction, 0);
	uint64_t mask = (UINT64_C(1) << (PAGE_SHIFT + order)) - 1;
	const struct constituent *first;

	if ((descriptor->flags & FFA_MEMORY_FLAG_HINT_VALID) == 0) {
		return FFA_OK;
	}
	first = constituent_next(&walk);
	return first != NULL && (first->address & mask) == 0 ? FFA_OK : FFA_DENIED;
}

/* ---- attributes --------------------------------------------------------------------------------- */

/** Place of @attributes, which name a type, in the order of permissiveness. */
static unsigned type_of(uint16_t attributes)
{
	if ((attributes & FFA_MEMORY_TYPE_MASK) == FFA_MEMORY_TYPE_DEVICE) {
		return (unsigned)(attributes & FFA_MEMORY_CACHEABILITY_MASK) >>
		       FFA_MEMORY_DEVICE_KIND_SHIFT;
	}
	return (attributes & FFA_MEMORY_CACHEABILITY_MASK) == FFA_MEMORY_WRITE_BACK
		       ? TYPE_NORMAL_WRITE_BACK
		       : TYPE_NORMAL_NON_CACHEABLE;
}

/** The most permissive attributes that the sender offers: as it said, or as it has the memory itself. */
static uint16_t offered_attributes(const struct transaction *transaction)
{
	if (!is_exclusive(transaction)) {
		return transaction->attributes;
	}
	if ((transaction->sender_map & ARCH_MAP_DEVICE) == 0) {
		return FFA_MEMORY_NORMAL_WRITE_BACK_INNER;
	}
	return (transaction->sender & FFA_ID_SECURE_BIT) != 0
		       ? DEVICE_ATTRIBUTES(TYPE_DEVICE_NGNRNE)
		       : DEVICE_ATTRIBUTES(TYPE_DEVICE_GRE);
}

/**
 * FFA_INVALID_PARAMETERS  the NS bit, reserved bits.
 * FFA_DENIED              a reserved encoding, or more than is offered.
 */
static enum ffa_status check_attributes(uint16_t asked, const struct transaction *transaction,
					uint8_t *granted)
{
	uint16_t offered = offered_attributes(transaction);
	unsigned type = asked & FFA_MEMORY_TYPE_MASK;
	unsigned shareability = asked & FFA_MEMORY_SHAREABILITY_MASK;

	*granted = (uint8_t)offered;
	if ((asked & (FFA_MEMORY_NON_SECURE | FFA_MEMORY_ATTRIBUTES_RESERVED)) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	if (type == FFA_MEMORY_TYPE_UNSPECIFIED) {
		return FFA_OK;
	}
	if (type == FFA_MEMORY_TYPE_RESERVED || shareability == FFA_MEMORY_SHAREABILITY_RESERVED ||
	    type_of(asked) > type_of(offered)) {
		return FFA_DENIED;
	}
	if (type == FFA_MEMORY_TYPE_NORMAL &&
	    ((asked & FFA_MEMORY_CACHEABILITY_MASK) == 0x8U ||
	     (asked & FFA_MEMORY_CACHEABILITY_MASK) == 0 ||
	     shareability > (offered & FFA_MEMORY_SHAREABILITY_MASK))) {
		return FFA_DENIED;
	}
	*granted = (uint8_t)asked;
	return FFA_OK;
}

/** Devices by default as the least permissive kind; what was asked for where it may be. */
static unsigned map_of_attributes(uint8_t attributes)
{
	unsigned type = type_of(attributes);

	if (type == TYPE_NORMAL_WRITE_BACK) {
		return 0;
	}
	return type == TYPE_NORMAL_NON_CACHEABLE ? ARCH_MAP_NON_CACHEABLE
						 : ARCH_MAP_DEVICE | type * ARCH_MAP_DEVICE_NGNRE;
}

/* ---- borrowers ---------------------------------------------------------------------------------- */

/** All borrowers are listed, or, with the bypass flag, the caller alone of several. */
static enum ffa_status check_borrower_count(const struct mem_descriptor *descriptor,
					    const struct transaction *transaction)
{
	bool bypass = (descriptor->flags & FFA_MEMORY_FLAG_BYPASS) != 0;
	uint32_t expected = bypass ? 1 : transaction->borrower_count;

	return descriptor->access_count == expected && (!bypass || transaction->borrower_count > 1)
		       ? FFA_OK
		       : FFA_INVALID_PARAMETERS;
}

static unsigned offered_data(const struct transaction *transaction, const struct borrower *borrower)
{
	if (transaction->kind == TRANSACTION_DONATE) {
		return (transaction->sender_map & ARCH_MAP_WRITE) != 0 ? FFA_MEMORY_DATA_RW
								       : FFA_MEMORY_DATA_RO;
	}
	return borrower->permissions & FFA_MEMORY_DATA_MASK;
}

/**
 * Instruction access as asked for by whoever decides about it: the borrower of exclusive memory; else it is
 * never executable.
 */
static enum ffa_status check_instruction(const struct transaction *transaction,
					 const struct ffa_memory_access *access, uint8_t attributes)
{
	unsigned asked = access->permissions & FFA_MEMORY_INSTRUCTION_MASK;

	if (!is_exclusive(transaction)) {
		return asked == 0 ? FFA_OK : FFA_INVALID_PARAMETERS;
	}
	if (asked == FFA_MEMORY_INSTRUCTION_NX) {
		return FFA_OK;
	}
	if (asked != FFA_MEMORY_INSTRUCTION_X || is_non_secure(transaction)) {
		return FFA_INVALID_PARAMETERS;
	}
	return (transaction->sender_map & ARCH_MAP_EXECUTE) != 0 &&
			       type_of(attributes) >= TYPE_NORMAL_NON_CACHEABLE
		       ? FFA_OK
		       : FFA_DENIED;
}

/** The rights that one access descriptor of the request asks for, against those that were sent. */
static enum ffa_status check_rights(const struct transaction *transaction,
				    const struct ffa_memory_access *access,
				    const struct borrower *borrower, uint8_t attributes)
{
	unsigned data = access->permissions & FFA_MEMORY_DATA_MASK;

	if ((access->permissions & FFA_MEMORY_PERMISSIONS_RESERVED) != 0 ||
	    data == FFA_MEMORY_DATA_RESERVED) {
		return FFA_INVALID_PARAMETERS;
	}
	if (data > offered_data(transaction, borrower)) {
		return FFA_DENIED;
	}
	return check_instruction(transaction, access, attributes);
}

/** Data access that @access, whose rights are in order, gets. */
static unsigned granted_data(const struct transaction *transaction,
			     const struct ffa_memory_access *access,
			     const struct borrower *borrower)
{
	unsigned asked = access->permissions & FFA_MEMORY_DATA_MASK;

	return asked != 0 ? asked : offered_data(transaction, borrower);
}

/** Only who can write has memory zeroed, and no device ever is. */
static bool may_zero(const struct mem_descriptor *descriptor, const struct transaction *transaction,
		     const struct ffa_memory_access *access, const struct borrower *borrower)
{
	return (descriptor->flags & (FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_ZERO_AFTER)) == 0 ||
	       (granted_data(transaction, access, borrower) == FFA_MEMORY_DATA_RW &&
		(transaction->sender_map & ARCH_MAP_DEVICE) == 0);
}

static bool value_fits(const struct mem_descriptor *descriptor,
		       const struct ffa_memory_access *access, const struct borrower *borrower)
{
	return !borrower->has_value || descriptor->access_size != FFA_MEMORY_ACCESS_SIZE_1_2 ||
	       (access->value[0] == borrower->value[0] && access->value[1] == borrower->value[1]);
}

/** All listed borrowers; the caller's own access descriptor. */
static enum ffa_status check_borrowers(const struct mem_descriptor *descriptor,
				       struct transaction *transaction, uint16_t id,
				       struct mem_terms *terms)
{
	terms->access = NULL;
	for (uint32_t i = 0; i < descriptor->access_count; i++) {
		const struct ffa_memory_access *access = &descriptor->access[i];
		struct borrower *borrower = transaction_borrower(transaction, access->receiver);
		enum ffa_status status;

		if (borrower == NULL) {
			return FFA_INVALID_PARAMETERS;
		}
		status = check_rights(transaction, access, borrower, terms->attributes);
		if (status != FFA_OK) {
			return status;
		}
		if (access->receiver == id) {
			terms->access = access;
			terms->borrower = borrower;
			if (!may_zero(descriptor, transaction, access, borrower)) {
				return FFA_DENIED;
			}
		}
		if (!value_fits(descriptor, access, borrower)) {
			return FFA_INVALID_PARAMETERS;
		}
	}
	return terms->access != NULL ? FFA_OK : FFA_INVALID_PARAMETERS;
}

/* ---- what is granted ---------------------------------------------------------------------------- */

static void grant(const struct transaction *transaction, struct mem_terms *terms)
{
	unsigned data = granted_data(transaction, terms->access, terms->borrower);
	unsigned instruction = terms->access->permissions & FFA_MEMORY_INSTRUCTION_MASK;

	instruction = instruction != 0 ? instruction : FFA_MEMORY_INSTRUCTION_NX;
	terms->permissions = (uint8_t)(data | instruction);
	terms->map = ARCH_MAP_READ | map_of_attributes(terms->attributes) |
		     (data == FFA_MEMORY_DATA_RW ? ARCH_MAP_WRITE : 0U) |
		     (instruction == FFA_MEMORY_INSTRUCTION_X ? ARCH_MAP_EXECUTE : 0U) |
		     (is_non_secure(transaction) ? ARCH_MAP_NON_SECURE : 0U) |
		     (transaction->kind == TRANSACTION_DONATE ? 0U : ARCH_MAP_BORROWED);
}

/** What is granted, against what the caller is and has. */
static enum ffa_status check_grant(const struct call *call, const struct mem_terms *terms)
{
	bool writable = (terms->map & ARCH_MAP_WRITE) != 0;
	bool user = call->ctx->endpoint->instance == INSTANCE_S0;

	if (user && writable && (terms->map & ARCH_MAP_EXECUTE) != 0) {
		return FFA_DENIED;
	}
	return terms->borrower->retrieved ? FFA_DENIED : FFA_OK;
}

enum ffa_status mem_terms_check(const struct call *call, const struct mem_descriptor *descriptor,
				struct transaction *transaction, uint16_t id,
				struct mem_terms *terms)
{
	enum ffa_status status = check_identity(descriptor, transaction);

	if (status == FFA_OK && transaction_borrower(transaction, id) == NULL) {
		status = FFA_INVALID_PARAMETERS;
	}
	if (status == FFA_OK) {
		status = check_flags(descriptor, transaction);
	}
	if (status == FFA_OK) {
		status = check_attributes(descriptor->attributes, transaction, &terms->attributes);
	}
	if (status == FFA_OK) {
		status = check_borrower_count(descriptor, transaction);
	}
	if (status == FFA_OK) {
		status = check_borrowers(descriptor, transaction, id, terms);
	}
	if (status != FFA_OK) {
		return status;
	}
	grant(transaction, terms);
	status = check_grant(call, terms);
	return status == FFA_OK ? check_hint(descriptor, transaction) : status;
}
