# SPDX-License-Identifier: BSD-3-Clause
# Tests on QEMU under TF-A: the client's own (normal-world/tests), and what only the console shows.

# PES: numbers of PEs for the tests that share a boot. K: only tests whose name holds this.
PES ?= 1 2 4 8
K ?=
TARGET_SYSTEMS := test broken variants el3 demo messages memory memory_el3 interrupts simd

.PHONY: test-target test-target-now
test-target: ## tests on the target: [PES="1 2 4 8"] [K=part of a name]
	@tools/deps build firmware run test
	@$(MAKE) --no-print-directory test-target-now

test-target-now: $(TARGET_SYSTEMS:%=$(B)/systems/%/flash.bin) $(QEMU_STAMP)
	@PES="$(PES)" /usr/bin/python3 -m pytest -v --tb=short -p no:cacheprovider $(if $(K),-k '$(K)') tests/target
