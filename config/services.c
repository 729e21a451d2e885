/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a partition serves: UUIDs and messaging methods, as lists in the root node (binding 1.0) or
 * as nodes below `services` (binding 1.1), and the UUID of its image.
 */
#include "config/partition_parse.h"

static const uint32_t direct_req2_methods = FFA_PROPERTY_DIRECT_REQ2_RECEIVE |
					    FFA_PROPERTY_DIRECT_REQ2_SEND;
static const uint32_t known_methods = FFA_PROPERTY_DIRECT_REQ_RECEIVE |
				      FFA_PROPERTY_DIRECT_REQ_SEND | FFA_PROPERTY_INDIRECT |
				      FFA_PROPERTY_DIRECT_REQ2_RECEIVE |
				      FFA_PROPERTY_DIRECT_REQ2_SEND;

enum {
	SERVICES_COMPATIBLE,
	SERVICES_COUNT,
};

static const struct field services_fields[SERVICES_COUNT] = {
	[SERVICES_COMPATIBLE] = { "compatible", FIELD_NAMES, 0, 0, 0, 0 },
};

enum {
	SERVICE_UUID,
	SERVICE_METHOD,
	SERVICE_DESCRIPTION,
	SERVICE_COUNT,
};

static const struct field service_fields[SERVICE_COUNT] = {
	[SERVICE_UUID] = { "uuid", FIELD_TEXT, FIELD_MANDATORY, 0, 0, 0 },
	[SERVICE_METHOD] = { "messaging-method", FIELD_NUMBER, FIELD_MANDATORY, 0, UINT32_MAX, 0 },
	[SERVICE_DESCRIPTION] = { "description", FIELD_TEXT, 0, 0, 0, 0 },
};

static bool method_is_right(struct partition_parse *parse, uint32_t method)
{
	if (method == 0 || (method & ~known_methods) != 0) {
		dt_error_number(&parse->dt, "messaging-method", method,
				"some of bits 0, 1, 2, 9, 10");
		return false;
	}
	if ((method & direct_req2_methods) != 0 && parse->out->ffa_version < FFA_VERSION_1_2) {
		dt_error_number(&parse->dt, "messaging-method", method,
				"no bit 9 or 10 below ffa-version 1.2");
		return false;
	}
	return true;
}

static bool add_service(struct partition_parse *parse, const struct ffa_uuid *uuid, uint32_t method)
{
	struct partition_config *out = parse->out;

	if (out->service_count == CONFIG_SERVICE_MAX) {
		dt_error(&parse->dt, "one UUID too many: expected at most %u",
			 (unsigned)CONFIG_SERVICE_MAX);
		return false;
	}
	if (uuid_is_nil(uuid)) {
		dt_error(&parse->dt, "property \"uuid\" number %u is zero: expected another value",
			 (unsigned)out->service_count + 1);
		return false;
	}
	for (uint32_t i = 0; i < out->service_count; i++) {
		if (uuid_equal(&out->services[i].uuid, uuid)) {
			dt_error(&parse->dt, "property \"uuid\" number %u is the same as number %u",
				 (unsigned)out->service_count + 1, i + 1);
			return false;
		}
	}
	if (!method_is_right(parse, method)) {
		return false;
	}

	out->services[out->service_count++] = (struct service_config){ .uuid = *uuid,
								       .messaging_method = method };
	out->messaging_method |= method;
	return true;
}

static struct ffa_uuid uuid_from_cells(const struct field_value *value, uint32_t index)
{
	return (struct ffa_uuid){ .word = { field_cell(value, index), field_cell(value, index + 1),
					    field_cell(value, index + 2),
					    field_cell(value, index + 3) } };
}

/**
 * Binding 1.0: four cells for each UUID; one messaging method for all or one for each.
 */
bool services_from_root(struct partition_parse *parse, const struct field_value *uuids,
			const struct field_value *methods)
{
	uint32_t cells, method_count;

	if (!field_present(uuids) || !field_present(methods)) {
		dt_error(&parse->dt, "property \"%s\" is missing",
			 field_present(uuids) ? "messaging-method" : "uuid");
		return false;
	}
	cells = field_cell_count(uuids);
	method_count = field_cell_count(methods);
	if (cells % 4 != 0) {
		dt_error(&parse->dt, "property \"uuid\" has %u cells: expected four for each UUID",
			 cells);
		return false;
	}
	if (method_count != 1 && method_count != cells / 4) {
		dt_error(
			&parse->dt,
			"property \"messaging-method\" has %u cells: expected 1 or one for each UUID, %u",
			method_count, cells / 4);
		return false;
	}
	for (uint32_t i = 0; i < cells / 4; i++) {
		const struct ffa_uuid uuid = uuid_from_cells(uuids, i * 4);

		if (!add_service(parse, &uuid, field_cell(methods, method_count == 1 ? 0 : i))) {
			return false;
		}
	}
	return true;
}

static bool read_uuid_text(struct partition_parse *parse, const char *name,
			   const struct field_value *value, struct ffa_uuid *uuid)
{
	if (uuid_from_text(field_text(value), uuid)) {
		return true;
	}
	dt_error(&parse->dt,
		 "property \"%s\" = \"%s\": expected the form 00112233-4455-6677-8899-aabbccddeeff",
		 name, field_text(value));
	return false;
}

static bool service_parse(struct partition_parse *parse)
{
	struct field_value values[SERVICE_COUNT];
	struct ffa_uuid uuid;

	return fields_read(&parse->dt, service_fields, SERVICE_COUNT, values) &&
	       read_uuid_text(parse, "uuid", &values[SERVICE_UUID], &uuid) &&
	       add_service(parse, &uuid, (uint32_t)values[SERVICE_METHOD].number);
}

/** Reads the current node, `services`: binding 1.1. */
bool services_parse(struct partition_parse *parse)
{
	struct field_value values[SERVICES_COUNT];

	if (!parse->binding_1_1) {
		dt_error(
			&parse->dt,
			"node belongs to \"arm,ffa-manifest-1.1\": expected \"uuid\" in the root node");
		return false;
	}
	if (!fields_read(&parse->dt, services_fields, SERVICES_COUNT, values) ||
	    !fields_expect_compatible(&parse->dt, &values[SERVICES_COMPATIBLE],
				      "arm,ffa-manifest-services")) {
		return false;
	}
	while (dt_enter(&parse->dt)) {
		if (!service_parse(parse)) {
			return false;
		}
		dt_leave(&parse->dt);
	}
	return !parse->dt.faulty;
}

/** Reads the root's `image-uuid`: cells in binding 1.0, text in 1.1. */
bool services_image_uuid(struct partition_parse *parse, const struct field_value *value)
{
	struct ffa_uuid *uuid = &parse->out->image_uuid;

	if (!field_present(value)) {
		return true;
	}
	if (parse->binding_1_1) {
		if (value->size != 37 || value->bytes[36] != '\0') {
			dt_error(&parse->dt,
				 "property \"image-uuid\" has %u bytes: expected a UUID as text",
				 value->size);
			return false;
		}
		if (!read_uuid_text(parse, "image-uuid", value, uuid)) {
			return false;
		}
	} else {
		if (value->size != 16) {
			dt_error(&parse->dt,
				 "property \"image-uuid\" has %u bytes: expected four cells",
				 value->size);
			return false;
		}
		*uuid = uuid_from_cells(value, 0);
	}
	if (uuid_is_nil(uuid)) {
		dt_error(&parse->dt, "property \"image-uuid\" is zero: expected another value");
		return false;
	}
	parse->out->has_image_uuid = true;
	return true;
}

/** Checks what services and image UUID have to do with each other, when all is read. */
bool services_check(struct partition_parse *parse)
{
	const struct partition_config *out = parse->out;

	if (out->service_count == 0) {
		config_error(parse->report, "/services",
			     "no service: expected at least one node with a uuid");
		return false;
	}
	for (uint32_t i = 0; i < out->service_count && out->has_image_uuid; i++) {
		if (uuid_equal(&out->services[i].uuid, &out->image_uuid)) {
			config_error(parse->report, "/",
				     "property \"image-uuid\" is the same as UUID number %u",
				     i + 1);
			return false;
		}
	}
	return true;
}
