/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the first C instruction to the message loop: reads boot information and manifest, negotiates,
 * registers the secondary entry point, hands messages to the author's functions.
 */
#include "sdk/partition.h"

#include "lib/format.h"
#include "lib/string.h"
#include "sdk/arch.h"
#include "sdk/fdt.h"
#include "sdk/ffa.h"

struct partition partition;

static void copy_name(char *target, size_t size, const char *source)
{
	size_t length = 0;

	while (length + 1 < size && source[length] != '\0' && source[length] != '@') {
		target[length] = source[length];
		length++;
	}
	target[length] = '\0';
}

static void read_regions(const struct fdt *fdt, const char *list, bool device,
			 uint64_t load_address)
{
	fdt_node_t node = fdt_child(fdt, fdt_root(fdt), list);
	fdt_node_t child = node != 0 ? fdt_first_child(fdt, node) : 0;

	for (; child != 0 && partition.region_count < PARTITION_MAX_REGIONS;
	     child = fdt_next_sibling(fdt, child)) {
		struct partition_region *region = &partition.region[partition.region_count++];
		uint64_t relative = fdt_number(fdt, child, "load-address-relative-offset", 0);

		copy_name(region->name, sizeof(region->name), fdt_name(fdt, child));
		region->base = fdt_number(fdt, child, "base-address", load_address + relative);
		region->page_count = fdt_number(fdt, child, "pages-count", 0);
		region->attributes = (uint32_t)fdt_number(fdt, child, "attributes", 0);
		region->device = device;
	}
}

static void read_manifest(uint64_t boot_info)
{
	struct fdt fdt;
	fdt_node_t root;
	uint64_t load_address;

	partition.boot_info = boot_info_read(boot_info);
	partition.version = FFA_VERSION_1_2;
	partition.context_count = 1;
	if (partition.boot_info.manifest == 0 ||
	    !fdt_open(&fdt, (const void *)(uintptr_t)partition.boot_info.manifest)) {
		return;
	}
	root = fdt_root(&fdt);
	partition.version = (uint32_t)fdt_number(&fdt, root, "ffa-version", FFA_VERSION_1_2);
	partition.context_count = (uint32_t)fdt_number(&fdt, root, "execution-ctx-count", 1);
	load_address = arch_image_base() - fdt_number(&fdt, root, "entrypoint-offset", 0x4000);
	read_regions(&fdt, "memory-regions", false, load_address);
	read_regions(&fdt, "device-regions", true, load_address);
}

const struct partition_region *partition_region(const char *name)
{
	for (uint32_t i = 0; i < partition.region_count; i++) {
		if (strcmp(partition.region[i].name, name) == 0) {
			return &partition.region[i];
		}
	}
	return NULL;
}

void partition_log(const char *text, ...)
{
	char line[256];
	size_t limit = partition.version >= FFA_VERSION_1_2 ? 128 : 48;
	size_t length;
	va_list arguments;

	va_start(arguments, text);
	length = format(line, sizeof(line) - 1, text, arguments);
	va_end(arguments);
	if (length > sizeof(line) - 2) {
		length = sizeof(line) - 2;
	}
	line[length++] = '\n';
	for (size_t done = 0; done < length;) {
		size_t part = length - done < limit ? length - done : limit;

		if (ffa_console_log(line + done, part) != FFA_OK) {
			return;
		}
		done += part;
	}
}

/** Turns the message a context has just handled into the call that answers it. */
static void answer(struct ffa_regs *regs, uint64_t function, uint64_t endpoints)
{
	regs->x[1] = FFA_ENDPOINTS(FFA_RECEIVER(endpoints), FFA_SENDER(endpoints));
	switch ((uint32_t)function) {
	case (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32:
		regs->x[0] = (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32;
		break;
	case (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64:
		regs->x[0] = (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64;
		for (unsigned i = 8; partition.version < FFA_VERSION_1_3 && i < 18; i++) {
			regs->x[i] = 0;
		}
		break;
	default:
		regs->x[0] = (uint32_t)FFA_MSG_SEND_DIRECT_RESP2_64;
		regs->x[3] = 0;
		break;
	}
	regs->x[2] = 0;
}

static bool is_direct_request(uint64_t function)
{
	return (uint32_t)function == (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32 ||
	       (uint32_t)function == (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64 ||
	       (uint32_t)function == (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64;
}

/** Handles what the last call came back with and leaves the next call in @regs. */
static void handle(unsigned context, struct ffa_regs *regs)
{
	uint64_t function = (uint32_t)regs->x[0];
	uint64_t endpoints = regs->x[1];

	if (is_direct_request(function)) {
		if ((uint32_t)function != (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64 &&
		    (regs->x[2] & FFA_FRAMEWORK_BIT) != 0) {
			partition_framework(context, regs);
			return;
		}
		partition_request(context, regs);
		answer(regs, function, endpoints);
		return;
	}
	if ((uint32_t)function == (uint32_t)FFA_RUN_32) {
		partition_run(context, regs);
	} else if ((uint32_t)function == (uint32_t)FFA_INTERRUPT_32) {
		partition_interrupt(context, regs);
	} else {
		partition_log("context %u: unexpected function %lx w2 %lx", context, function,
			      regs->x[2]);
	}
	*regs = (struct ffa_regs){ { (uint32_t)FFA_MSG_WAIT_32 } };
}

static _Noreturn void message_loop(unsigned context)
{
	struct ffa_regs regs = { { (uint32_t)FFA_MSG_WAIT_32 } };

	for (;;) {
		ffa_call(&regs);
		handle(context, &regs);
	}
}

/** Called by start.S on the primary context's stack, the image relocated, the MMU off (S-EL1). */
_Noreturn void sdk_primary(uint64_t boot_info, unsigned context)
{
	read_manifest(boot_info);
	arch_map_partition();
	partition_negotiate();
	(void)ffa_id_get(&partition.id);
	partition.secondary_ep = arch_register_secondary();
	partition_start();
	message_loop(context);
}

/** Called by start.S in the other contexts. */
_Noreturn void sdk_secondary(unsigned context)
{
	arch_map_secondary();
	partition_context_start(context);
	message_loop(context);
}
