/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partition packages as the loader left them at a partition's load address: SPKG (versions 1 and 2)
 * and transfer lists (Firmware Handoff). Finds manifest, image and HOB list and checks that they
 * lie in the partition's memory and clear of each other; does not look into them.
 */
#include "abi/package.h"

#include "config/config.h"
#include "lib/string.h"

/** A package under examination. */
struct package {
	const uint8_t *base;
	uint64_t visible_size, memory_size; /* struct package_source */
	struct package_layout *out;
	struct config_report *report;
};

static bool field_error(const struct package *package, const char *field, uint64_t value,
			const char *expected)
{
	if (value <= CONFIG_DECIMAL_LAST) {
		config_error(package->report, "package", "field \"%s\" = %lu: expected %s", field,
			     (unsigned long)value, expected);
	} else {
		config_error(package->report, "package", "field \"%s\" = 0x%lx: expected %s", field,
			     (unsigned long)value, expected);
	}
	return false;
}

static bool not_visible(const struct package *package, const char *what, uint64_t end)
{
	config_error(package->report, "package",
		     "%s ends at 0x%lx: expected within the first 0x%lx bytes", what,
		     (unsigned long)end, (unsigned long)package->visible_size);
	return false;
}

/** What both versions have in common. Sums of two 32-bit fields do not overflow 64 bits. */
static bool spkg_is_right(const struct package *package, const struct spkg_header *header)
{
	if (!page_aligned(header->image_offset)) {
		return field_error(package, "img_offset", header->image_offset,
				   "a multiple of 4096");
	}
	if (header->manifest_size == 0) {
		return field_error(package, "pm_size", 0, "1 or more");
	}
	if (header->image_size == 0) {
		return field_error(package, "img_size", 0, "1 or more");
	}
	if ((uint64_t)header->manifest_offset + header->manifest_size > header->image_offset) {
		return field_error(package, "pm_size", header->manifest_size,
				   "a manifest that ends before the image");
	}
	if ((uint64_t)header->image_offset + header->image_size > package->memory_size) {
		return field_error(package, "img_size", header->image_size,
				   "an image that ends inside the partition's memory (mem_size)");
	}
	return true;
}

static bool spkg_parse(const struct package *package)
{
	struct spkg_header header;

	memcpy(&header, package->base, sizeof(header));
	switch (header.version) {
	case 1:
		if (header.manifest_offset != sizeof(header)) {
			return field_error(package, "pm_offset", header.manifest_offset,
					   "24 in version 1");
		}
		break;
	case 2:
		if (!page_aligned(header.manifest_offset) || header.manifest_offset == 0) {
			return field_error(package, "pm_offset", header.manifest_offset,
					   "a multiple of 4096 in version 2");
		}
		break;
	default:
		return field_error(package, "version", header.version, "1 or 2");
	}
	if (!spkg_is_right(package, &header)) {
		return false;
	}

	*package->out = (struct package_layout){
		.manifest_offset = header.manifest_offset,
		.manifest_size = header.manifest_size,
		.image_offset = header.image_offset,
		.image_size = header.image_size,
		.boot_info_size = header.manifest_offset,
		.total_size = (uint64_t)header.image_offset + header.image_size,
	};
	return true;
}

/** Sum of @size bytes modulo 256, eight bytes at a time: a list can be megabytes long. */
static uint8_t byte_sum(const uint8_t *bytes, size_t size)
{
	static const uint64_t even_bytes = 0x00FF00FF00FF00FFULL;
	uint64_t total = 0;
	size_t i = 0;

	while (size - i >= 8) {
		/* a lane of 16 bits holds the sum of 2 * 128 bytes */
		const size_t end = size - i > 1024 ? i + 1024 : i + ((size - i) & ~(size_t)7);
		uint64_t lanes = 0;

		for (; i < end; i += 8) {
			uint64_t word;

			__builtin_memcpy(&word, __builtin_assume_aligned(bytes + i, 8),
					 sizeof(word));
			lanes += (word & even_bytes) + ((word >> 8) & even_bytes);
		}
		total += lanes + (lanes >> 16) + (lanes >> 32) + (lanes >> 48);
	}
	for (; i < size; i++) {
		total += bytes[i];
	}
	return (uint8_t)total;
}

static bool list_header_is_right(const struct package *package,
				 const struct transfer_list_header *header)
{
	if (header->version == 0) {
		return field_error(package, "version", 0, "1 or more in a transfer list");
	}
	if (header->header_size != sizeof(*header)) {
		return field_error(package, "hdr_size", header->header_size, "24");
	}
	if (header->size > package->memory_size) {
		return field_error(package, "size", header->size,
				   "a list inside the partition's memory (mem_size)");
	}
	if (header->size < sizeof(*header)) {
		return field_error(package, "size", header->size, "24 or more");
	}
	if (header->max_size < header->size) {
		return field_error(package, "max_size", header->max_size, "no less than \"size\"");
	}
	return true;
}

/** A list that is not visible as a whole is taken as it is: its checksum is no protection anyway. */
static bool checksum_is_right(const struct package *package,
			      const struct transfer_list_header *header)
{
	if ((header->flags & TRANSFER_LIST_HAS_CHECKSUM) == 0) {
		return true;
	}
	if (header->size > package->visible_size) {
		config_warning(package->report, "package",
			       "field \"checksum\": not checked, the list has more than %lu bytes",
			       (unsigned long)package->visible_size);
		return true;
	}
	if (byte_sum(package->base, header->size) != 0) {
		return field_error(package, "checksum", header->checksum,
				   "a sum of zero over all bytes");
	}
	return true;
}

/** Puts the data of one entry into its place in the layout. */
static bool take_entry(const struct package *package, uint32_t tag, uint64_t offset, uint64_t size)
{
	struct package_layout *out = package->out;
	uint64_t *place_offset, *place_size;

	if (out->image_offset != 0) {
		return field_error(package, "tag_id", tag, "the image (0x103) only once, and last");
	}
	switch (tag) {
	case TRANSFER_LIST_PARTITION_IMAGE:
		place_offset = &out->image_offset;
		place_size = &out->image_size;
		break;
	case TRANSFER_LIST_PARTITION_MANIFEST:
		place_offset = &out->manifest_offset;
		place_size = &out->manifest_size;
		break;
	case TRANSFER_LIST_HOB_LIST:
		place_offset = &out->hob_offset;
		place_size = &out->hob_size;
		break;
	default:
		return true;
	}
	if (*place_offset != 0) {
		return field_error(package, "tag_id", tag, "an entry of this tag only once");
	}
	if (!page_aligned(offset)) {
		return field_error(package, "tag_id", tag, "its data at a multiple of 4096");
	}
	if (size == 0) {
		return field_error(package, "tag_id", tag, "its data not to be empty");
	}
	*place_offset = offset;
	*place_size = size;
	return true;
}

static bool list_entries_parse(const struct package *package, uint32_t list_size)
{
	uint64_t position = sizeof(struct transfer_list_header);

	while (position + sizeof(struct transfer_list_entry) <= list_size) {
		struct transfer_list_entry entry;
		uint32_t header_size;
		uint64_t data;

		if (position + sizeof(entry) > package->visible_size) {
			return not_visible(package, "header of an entry", position + sizeof(entry));
		}
		memcpy(&entry, package->base + position, sizeof(entry));
		header_size = entry.tag_and_header_size >> 24;
		data = position + header_size;
		if (header_size != sizeof(entry)) {
			return field_error(package, "hdr_size of an entry", header_size, "8");
		}
		if (entry.data_size > list_size - data) {
			return field_error(package, "data_size of an entry", entry.data_size,
					   "data inside the list");
		}
		if (!take_entry(package, entry.tag_and_header_size & 0xFFFFFFU, data,
				entry.data_size)) {
			return false;
		}
		position = (data + entry.data_size + 7) & ~7ULL;
	}
	return true;
}

static bool list_parse(const struct package *package)
{
	struct package_layout *out = package->out;
	struct transfer_list_header header;

	memcpy(&header, package->base, sizeof(header));
	if (!list_header_is_right(package, &header) || !checksum_is_right(package, &header) ||
	    !list_entries_parse(package, header.size)) {
		return false;
	}
	if (out->image_offset == 0 || out->manifest_offset == 0) {
		config_error(package->report, "package", "no entry with tag 0x%x: expected the %s",
			     out->image_offset == 0 ? TRANSFER_LIST_PARTITION_IMAGE
						    : TRANSFER_LIST_PARTITION_MANIFEST,
			     out->image_offset == 0 ? "image" : "manifest");
		return false;
	}
	out->boot_info_size = PAGE_SIZE;
	out->total_size = header.size;
	return true;
}

/** Checks that what will be read lies where it can be read, and reads the HOB list. */
static bool contents_are_right(const struct package *package)
{
	const struct package_layout *out = package->out;

	if (out->manifest_offset + out->manifest_size > package->visible_size) {
		return not_visible(package, "manifest", out->manifest_offset + out->manifest_size);
	}
	if (out->hob_offset + out->hob_size > package->visible_size) {
		return not_visible(package, "HOB list", out->hob_offset + out->hob_size);
	}
	return out->hob_size == 0 || hob_list_check(package->base + out->hob_offset,
						    (size_t)out->hob_size, package->report);
}

/**
 * Finds the parts of a package. The report's subject is the caller's business.
 *
 * False with the reason in report->error.
 */
bool package_parse(const struct package_source *source, struct package_layout *out,
		   struct config_report *report)
{
	const struct package package = { .base = source->base,
					 .visible_size = source->visible_size,
					 .memory_size = source->memory_size,
					 .out = out,
					 .report = report };
	bool found = false;
	uint32_t magic;

	memset(out, 0, sizeof(*out));
	if (source->visible_size < sizeof(struct transfer_list_header)) {
		config_error(report, "package", "%lu bytes of memory: expected room for its header",
			     (unsigned long)source->visible_size);
		return false;
	}
	memcpy(&magic, package.base, sizeof(magic));
	if (magic == SPKG_MAGIC) {
		found = spkg_parse(&package);
	} else if (magic == TRANSFER_LIST_SIGNATURE) {
		found = list_parse(&package);
	} else {
		field_error(&package, "magic", magic,
			    "0x474b5053 (SPKG) or 0x4a0fb10b (transfer list)");
	}
	return found && contents_are_right(&package);
}
