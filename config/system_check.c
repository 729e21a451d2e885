/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What must hold between partitions: nobody has an ID, a boot order, an image UUID, memory, a
 * device, an interrupt or a stream of somebody else. Partitions come in order of their vm numbers;
 * the later one is refused, and the sentence names the earlier.
 */
#include "config/config.h"
#include "config/uuid.h"

/** The two partitions that are compared. */
struct pair {
	const struct partition_config *candidate, *other;
	struct config_report *report;
};

enum { OWNER_NAME_MAX = 16 + CONFIG_NAME_MAX };

static void owner_name(const struct partition_config *owner, char name[OWNER_NAME_MAX])
{
	config_text(name, OWNER_NAME_MAX, "vm%u \"%s\"", (unsigned)owner->vm.number, owner->name);
}

/** Says that the other partition has @value of @property already. */
static bool taken(const struct pair *pair, const char *node, const char *property, uint64_t value)
{
	char expected[32 + OWNER_NAME_MAX], name[OWNER_NAME_MAX];

	owner_name(pair->other, name);
	config_text(expected, sizeof(expected), "another than that of %s", name);
	config_error_number(pair->report, node, property, value, expected);
	return false;
}

static bool image_uuid_is_unique(const struct pair *pair, const struct partition_config *owner,
				 const struct partition_config *user)
{
	char name[OWNER_NAME_MAX];
	bool used = user->has_image_uuid && uuid_equal(&user->image_uuid, &owner->image_uuid);

	if (!owner->has_image_uuid) {
		return true;
	}
	for (uint32_t i = 0; i < user->service_count && !used; i++) {
		used = uuid_equal(&user->services[i].uuid, &owner->image_uuid);
	}
	if (used) {
		owner_name(pair->other, name);
		config_error(
			pair->report, "/",
			"property \"%s\" clashes with a UUID of %s: expected a unique image-uuid",
			owner == pair->candidate ? "image-uuid" : "uuid", name);
	}
	return !used;
}

static bool identities_differ(const struct pair *pair)
{
	const struct partition_config *candidate = pair->candidate, *other = pair->other;

	if (candidate->id == other->id) {
		return taken(pair, "/", "id", candidate->id);
	}
	if (candidate->boot_order == other->boot_order &&
	    candidate->boot_order != CONFIG_BOOT_ORDER_LAST) {
		return taken(pair, "/", "boot-order", candidate->boot_order);
	}
	return image_uuid_is_unique(pair, candidate, other) &&
	       image_uuid_is_unique(pair, other, candidate);
}

/** A range of a partition and what it is called. */
struct owned_range {
	struct page_range range;
	const char *kind;
	const char *name; /* null: the partition's own memory */
};

static uint32_t owned_range_count(const struct partition_config *partition)
{
	return 1U + partition->memory_region_count + partition->device_region_count;
}

/** Range @i of @partition: its memory, its memory regions, its device regions. */
static struct owned_range owned_range(const struct partition_config *partition, uint32_t i)
{
	if (i == 0) {
		return (struct owned_range){ partition->vm.memory, "memory", NULL };
	}
	i--;
	if (i < partition->memory_region_count) {
		return (struct owned_range){ partition->memory_regions[i].range, "memory region",
					     partition->memory_regions[i].description };
	}
	i -= partition->memory_region_count;
	return (struct owned_range){ partition->device_regions[i].range, "device region",
				     partition->device_regions[i].description };
}

static void range_name(const struct owned_range *owned, char *name, size_t size)
{
	if (owned->name == NULL) {
		config_text(name, size, "%s", owned->kind);
	} else {
		config_text(name, size, "%s \"%s\"", owned->kind, owned->name);
	}
}

static bool overlap_error(struct config_report *report, const struct owned_range *owned,
			  const char *other)
{
	char name[32 + CONFIG_NAME_MAX];

	range_name(owned, name, sizeof(name));
	config_error(report, "/", "%s, 0x%lx to 0x%lx, overlaps %s", name,
		     (unsigned long)owned->range.base.pa,
		     (unsigned long)page_range_end(owned->range), other);
	return false;
}

static bool pair_overlap_error(const struct pair *pair, const struct owned_range *mine,
			       const struct owned_range *theirs)
{
	char other[48 + CONFIG_NAME_MAX + OWNER_NAME_MAX];
	char range[32 + CONFIG_NAME_MAX], owner[OWNER_NAME_MAX];

	range_name(theirs, range, sizeof(range));
	owner_name(pair->other, owner);
	config_text(other, sizeof(other), "%s of %s", range, owner);
	return overlap_error(pair->report, mine, other);
}

static bool ranges_are_apart(const struct pair *pair)
{
	const uint32_t count = owned_range_count(pair->candidate);
	const uint32_t other_count = owned_range_count(pair->other);

	for (uint32_t i = 0; i < count; i++) {
		const struct owned_range mine = owned_range(pair->candidate, i);

		for (uint32_t j = 0; j < other_count; j++) {
			const struct owned_range theirs = owned_range(pair->other, j);

			if (page_range_overlaps(mine.range, theirs.range)) {
				return pair_overlap_error(pair, &mine, &theirs);
			}
		}
	}
	return true;
}

static bool clear_of_spmc(const struct partition_config *candidate, struct page_range image,
			  struct config_report *report)
{
	for (uint32_t i = 0; i < owned_range_count(candidate) && image.page_count != 0; i++) {
		const struct owned_range owned = owned_range(candidate, i);

		if (page_range_overlaps(owned.range, image)) {
			return overlap_error(report, &owned, "the SPMC");
		}
	}
	return true;
}

static bool interrupts_differ(const struct pair *pair)
{
	for (uint32_t i = 0; i < pair->candidate->interrupt_count; i++) {
		for (uint32_t j = 0; j < pair->other->interrupt_count; j++) {
			if (pair->candidate->interrupts[i].id == pair->other->interrupts[j].id) {
				return taken(pair, "/device-regions", "interrupts",
					     pair->candidate->interrupts[i].id);
			}
		}
	}
	return true;
}

static bool owns_stream(const struct partition_config *partition, uint32_t smmu_id, uint32_t stream)
{
	for (uint32_t i = 0; i < partition->device_region_count; i++) {
		const struct device_region_config *device = &partition->device_regions[i];

		for (uint32_t j = 0; j < device->stream_count && device->smmu_id == smmu_id; j++) {
			if (partition->streams[device->stream_first + j] == stream) {
				return true;
			}
		}
	}
	return false;
}

static bool streams_differ(const struct pair *pair)
{
	for (uint32_t i = 0; i < pair->candidate->device_region_count; i++) {
		const struct device_region_config *device = &pair->candidate->device_regions[i];

		for (uint32_t j = 0; j < device->stream_count; j++) {
			const uint32_t stream = pair->candidate->streams[device->stream_first + j];

			if (owns_stream(pair->other, device->smmu_id, stream)) {
				return taken(pair, "/device-regions", "stream-ids", stream);
			}
		}
	}
	return true;
}

/**
 * Checks @candidate against the SPMC and the partitions accepted so far.
 *
 * False with the reason in report->error: the candidate is refused, the others stay.
 */
bool config_check_partition(const struct spmc_config *spmc,
			    const struct accepted_partitions *accepted,
			    const struct partition_config *candidate, struct config_report *report)
{
	config_report_on_partition(report, candidate->vm.number, candidate->vm.name);
	if (candidate->id == spmc->spmc_id) {
		config_error_number(report, "/", "id", candidate->id, "another ID than the SPMC's");
		return false;
	}
	if (!clear_of_spmc(candidate, accepted->spmc_image, report)) {
		return false;
	}
	for (size_t i = 0; i < accepted->count; i++) {
		const struct pair pair = { .candidate = candidate,
					   .other = accepted->partition[i],
					   .report = report };

		if (!identities_differ(&pair) || !ranges_are_apart(&pair) ||
		    !interrupts_differ(&pair) || !streams_differ(&pair)) {
			return false;
		}
	}
	return true;
}
