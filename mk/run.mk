# SPDX-License-Identifier: BSD-3-Clause
# Flash images of systems, and starting them.

SYSTEM ?= demo
CPUS ?= 4
CPU ?=
ARGS ?=
TIMEOUT ?=
BOOT = tests/target/qemu.py --pes $(CPUS) $(if $(CPU),--cpu $(CPU)) $(if $(TIMEOUT),--timeout $(TIMEOUT))

# A system's flash image depends on what its description names.
SYSTEM_FROM := --images $(OUT) --tf-a $(TFA)
.SECONDEXPANSION:
$(OUT)/systems/%/flash.bin: systems/%.toml tools/system.py $$(shell tools/system.py deps $$* $(SYSTEM_FROM) 2>/dev/null)
	@tools/system.py build $* $(SYSTEM_FROM)

.PHONY: run run-now flash debug debug-now
run: ## boot a system: [SYSTEM=demo] [CPUS=4] [CPU=...] [ARGS="words for the normal world"]
	@tools/deps build firmware run
	@tools/system.py check $(SYSTEM)
	@$(MAKE) --no-print-directory run-now

run-now: $(OUT)/systems/$(SYSTEM)/flash.bin $(QEMU_STAMP)
	@$(BOOT) $(OUT)/systems/$(SYSTEM) $(ARGS)

flash: ## build a system's flash image: [SYSTEM=demo]
	@tools/deps build firmware run
	@tools/system.py check $(SYSTEM)
	@$(MAKE) --no-print-directory $(OUT)/systems/$(SYSTEM)/flash.bin $(QEMU_STAMP)

debug: ## boot a system stopped at reset, waiting for gdb: [SYSTEM=demo] [CPUS=4]
	@tools/deps build firmware run debug
	@tools/system.py check $(SYSTEM)
	@$(MAKE) --no-print-directory debug-now

debug-now: $(OUT)/systems/$(SYSTEM)/flash.bin $(QEMU_STAMP)
	@mkdir -p $(B)/run && rm -f $(B)/run/gdb.sock
	@echo "Stopped, waiting for gdb. In another terminal, in this folder:"
	@echo "  gdb-multiarch -x $(OUT)/systems/$(SYSTEM)/symbols.gdb -x tools/gdb/tantalum.gdb"
	@$(BOOT) $(OUT)/systems/$(SYSTEM) --gdb $(B)/run/gdb.sock $(ARGS)

# --- Linux: an unmodified Debian kernel with its FF-A driver ---

LINUX := $(B)/linux
LINUX_STAMP := $(LINUX)/versions.txt
LINUX_MODULES := ffa-core ffa-module

$(LINUX_STAMP): firmware/fetch-linux
	@firmware/fetch-linux
	@touch $@

$(LINUX)/u-boot.bin: $(LINUX_STAMP)
	@touch $@

$(LINUX)/initramfs.gz: firmware/initramfs firmware/init $(LINUX_STAMP)
	@firmware/initramfs $@ init=firmware/init bin/busybox=$(LINUX)/busybox \
		$(foreach m,$(LINUX_MODULES),modules/$m.ko=$(LINUX)/modules/$m.ko)

.PHONY: run-linux run-linux-now linux-now
run-linux: ## boot an unmodified Debian kernel, list the partitions its driver finds: [SHELL=1] [CPUS=4]
	@tools/deps build firmware run
	@tools/system.py check linux
	@$(MAKE) --no-print-directory run-linux-now

# All a test needs before it calls tests/target/linux.py.
linux-now: $(OUT)/systems/linux/flash.bin $(LINUX)/initramfs.gz $(QEMU_STAMP)

run-linux-now: linux-now
	@tests/target/linux.py --system $(OUT)/systems/linux --pes $(CPUS) $(if $(CPU),--cpu $(CPU)) $(if $(WANT_SHELL),--shell)
