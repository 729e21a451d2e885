/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Nodes that name a memory region by its phandle: `rx_tx-info`, the RX/TX pair the SPMC maps at
 * load time, and `live-state-buffer-info`, the state a live activation carries over.
 */
#include "config/partition_parse.h"

enum {
	BUFFERS_COMPATIBLE,
	BUFFERS_RX,
	BUFFERS_TX,
	BUFFERS_COUNT,
};

static const struct field buffers_fields[BUFFERS_COUNT] = {
	[BUFFERS_COMPATIBLE] = { "compatible", FIELD_NAMES, 0, 0, 0, 0 },
	[BUFFERS_RX] = { "rx-buffer", FIELD_NUMBER, FIELD_MANDATORY, 1, UINT32_MAX, 0 },
	[BUFFERS_TX] = { "tx-buffer", FIELD_NUMBER, FIELD_MANDATORY, 1, UINT32_MAX, 0 },
};

enum {
	LIVE_COMPATIBLE,
	LIVE_BUFFER,
	LIVE_COUNT,
};

static const struct field live_fields[LIVE_COUNT] = {
	[LIVE_COMPATIBLE] = { "compatible", FIELD_NAMES, 0, 0, 0, 0 },
	[LIVE_BUFFER] = { "live-state-buffer", FIELD_NUMBER, FIELD_MANDATORY | FIELD_LATER, 1,
			  UINT32_MAX, 0 },
};

/** Reads the current node, `rx_tx-info`. */
bool buffers_parse(struct partition_parse *parse)
{
	struct field_value values[BUFFERS_COUNT];

	if (!fields_read(&parse->dt, buffers_fields, BUFFERS_COUNT, values) ||
	    !fields_expect_compatible(&parse->dt, &values[BUFFERS_COMPATIBLE],
				      "arm,ffa-manifest-rx_tx-buffer")) {
		return false;
	}
	parse->rx_phandle = (uint32_t)values[BUFFERS_RX].number;
	parse->tx_phandle = (uint32_t)values[BUFFERS_TX].number;
	return true;
}

/** Reads the current node, `live-state-buffer-info`. */
bool live_state_parse(struct partition_parse *parse)
{
	struct field_value values[LIVE_COUNT];

	if (!fields_read(&parse->dt, live_fields, LIVE_COUNT, values) ||
	    !fields_expect_compatible(&parse->dt, &values[LIVE_COMPATIBLE],
				      "arm,ffa-manifest,live-state-buffer")) {
		return false;
	}
	parse->live_state_phandle = (uint32_t)values[LIVE_BUFFER].number;
	return true;
}

/** Index of the only memory region with @phandle; an error and CONFIG_NO_REGION when there is none.
 */
static uint8_t find_region(struct partition_parse *parse, const char *node, const char *property,
			   uint32_t phandle)
{
	uint32_t found = CONFIG_NO_REGION, count = 0;

	for (uint32_t i = 0; i < parse->out->memory_region_count; i++) {
		if (parse->memory_region_phandle[i] == phandle) {
			found = i;
			count++;
		}
	}
	if (count == 1) {
		return (uint8_t)found;
	}
	config_error_number(parse->report, node, property, phandle,
			    "the phandle of one memory region");
	return CONFIG_NO_REGION;
}

static bool pair_is_right(struct partition_parse *parse)
{
	static const uint32_t read_write = REGION_READ | REGION_WRITE;
	const struct partition_config *out = parse->out;
	const struct memory_region_config *rx = &out->memory_regions[out->rx_region];
	const struct memory_region_config *tx = &out->memory_regions[out->tx_region];

	if (rx == tx) {
		config_error(parse->report, "/rx_tx-info",
			     "property \"tx-buffer\": expected another region than \"rx-buffer\"");
		return false;
	}
	if (rx->range.page_count != tx->range.page_count) {
		config_error(
			parse->report, "/rx_tx-info",
			"property \"tx-buffer\" has %lu pages: expected as many as \"rx-buffer\", %lu",
			(unsigned long)tx->range.page_count, (unsigned long)rx->range.page_count);
		return false;
	}
	if ((tx->attributes & read_write) != read_write || (rx->attributes & REGION_EXECUTE) != 0 ||
	    (tx->attributes & REGION_EXECUTE) != 0) {
		config_error(
			parse->report, "/rx_tx-info",
			"expected attributes R or RW of \"rx-buffer\" and RW of \"tx-buffer\"");
		return false;
	}
	return true;
}

/** Finds the regions that the nodes name, when all are read. */
bool buffers_check(struct partition_parse *parse)
{
	struct partition_config *out = parse->out;

	if (parse->has_buffers) {
		out->rx_region = find_region(parse, "/rx_tx-info", "rx-buffer", parse->rx_phandle);
		out->tx_region = find_region(parse, "/rx_tx-info", "tx-buffer", parse->tx_phandle);
		if (out->rx_region == CONFIG_NO_REGION || out->tx_region == CONFIG_NO_REGION ||
		    !pair_is_right(parse)) {
			return false;
		}
	}
	if (parse->has_live_state) {
		out->live_state_region = find_region(parse, "/live-state-buffer-info",
						     "live-state-buffer",
						     parse->live_state_phandle);
		if (out->live_state_region == CONFIG_NO_REGION) {
			return false;
		}
	}
	if (out->live_activation_support && !parse->has_live_state) {
		config_error(
			parse->report, "/",
			"property \"live-activation-support\": expected node live-state-buffer-info as well");
		return false;
	}
	return true;
}
