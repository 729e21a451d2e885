# SPDX-License-Identifier: BSD-3-Clause
# Unit tests: our own sources built for this machine with sanitizers, one archive a folder, and one test
# program for each tests/unit/<folder>/test_*.c. A program is linked with its own folder and those below
# it only, as the layers have it. tests/matrix and tests/model are built in the same way, on the fixtures of
# tests/unit/ffa; so is tests/threads, all of it a second time with another sanitizer.

UNIT := $(B)/host
UNIT_INCLUDES := -I. -Iarch/host -Iplat/qemu-virt
UNIT_SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
UNIT_CFLAGS = -std=gnu11 -O1 -g $(UNIT_SANITIZERS) $(WARNINGS_clang) -DBUILD_DEBUG=1 $(UNIT_INCLUDES) -MMD -MP

# lib/string.c is left out: the host has its own.
UNIT_SOURCES_lib := $(filter-out lib/string.c,$(wildcard lib/*.c))
UNIT_SOURCES_core := $(wildcard core/*.c)
UNIT_SOURCES_arch := $(wildcard arch/host/*.c) \
	$(addprefix arch/aarch64/,table.c reflect.c id_registers.c el2_table.c)
UNIT_SOURCES_config := $(wildcard config/*.c)
UNIT_SOURCES_ffa := $(wildcard ffa/*.c)
UNIT_SOURCES_init := $(wildcard init/*.c)

# Which archives a test of a folder sees; any other folder's see all.
UNIT_LINK_lib := lib
UNIT_LINK_arch := arch lib
UNIT_LINK_core := core arch lib
UNIT_LINK_config := config core arch lib
UNIT_LINK_ffa := ffa core arch lib
UNIT_LINK_aarch64 := lib
UNIT_LINK_all := init config ffa core arch lib

UNIT_FOLDERS := $(UNIT_LINK_all)
# tests/unit/config has a frame of its own (config-tests.mk).
UNIT_TESTS := $(filter-out tests/unit/config/%,$(sort $(wildcard tests/unit/*/test_*.c)))
# Tests of the whole of ffa/, each folder with what its tests share.
WHOLE_FOLDERS := matrix model
WHOLE_TESTS := $(sort $(wildcard $(WHOLE_FOLDERS:%=tests/%/test_*.c)))
UNIT_PROGRAMS := $(UNIT_TESTS:tests/unit/%.c=$(UNIT)/%) $(WHOLE_TESTS:tests/%.c=$(UNIT)/%)
# Programs that are built in other ways (unit-whole.mk).
UNIT_PROGRAMS += $(addprefix $(UNIT)/,fast/memory_model fast/memory_mutants fast/interrupt_model \
	fast/interrupt_mutants fuzz/fuzz_memory_bounded)

$(UNIT)/obj/%.o: %.c mk/unit-tests.mk
	@mkdir -p $(@D)
	$(CC_HOST) $(UNIT_CFLAGS) -c $< -o $@

# Device trees are parsed with libfdt.
$(UNIT)/obj/config/dt.o: UNIT_CFLAGS += -isystem $(TFA_SRC)/include/lib/libfdt
$(UNIT)/obj/config/dt.o: | $(TFA_SRC_STAMP)
$(UNIT)/obj/libfdt/%.o: $(TFA_SRC_STAMP)
	@mkdir -p $(@D)
	$(CC_HOST) -std=gnu11 -O1 -g $(UNIT_SANITIZERS) -isystem $(TFA_SRC)/include/lib/libfdt -c $(LIBFDT)/$*.c -o $@

# Tests of sources of the target's own layer, on registers that are variables.
$(UNIT)/obj/tests/unit/aarch64/%.o: UNIT_INCLUDES := -Itests/unit/aarch64/fake -I. -Iarch/aarch64

UNIT_EXTRA_config := $(LIBFDT_FILES:%=$(UNIT)/obj/libfdt/%.o)

define unit_archive
$(UNIT)/lib$(1).a: $$(UNIT_SOURCES_$(1):%.c=$(UNIT)/obj/%.o) $$(UNIT_EXTRA_$(1))
	@mkdir -p $$(@D) && rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach folder,$(UNIT_FOLDERS),$(eval $(call unit_archive,$(folder))))

# $(call unit_archives,TEST-SOURCE)
unit_folder = $(word 3,$(subst /, ,$(1)))
unit_archives = $(patsubst %,$(UNIT)/lib%.a,$(or $(UNIT_LINK_$(call unit_folder,$(1))),$(UNIT_LINK_all)))

unit_objects = $(patsubst %.c,$(UNIT)/obj/%.o,$(1))

# Fixtures that the tests of a folder share; what the folder of a test of the whole has beside its tests.
unit_fixtures = $(call unit_objects,$(wildcard $(dir $(1))*_fixture.c))
FFA_FIXTURES := $(wildcard tests/unit/ffa/*_fixture.c)
whole_objects = $(call unit_objects,$(1) $(filter-out $(WHOLE_TESTS),$(wildcard $(dir $(1))*.c)) $(FFA_FIXTURES))

# $(call unit_program,PROGRAM,OBJECTS,ARCHIVES)
define unit_program
$(1): $(2) $(UNIT)/obj/tests/unit/unit.o $(3)
	@mkdir -p $$(@D)
	$$(CC_HOST) $$(UNIT_SANITIZERS) -o $$@ $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group \
		-lcmocka -lpthread
endef
$(foreach test,$(UNIT_TESTS),$(eval $(call unit_program,$(test:tests/unit/%.c=$(UNIT)/%),$(call \
	unit_objects,$(test)) $(call unit_fixtures,$(test)),$(call unit_archives,$(test)))))
$(foreach test,$(WHOLE_TESTS),$(eval $(call unit_program,$(test:tests/%.c=$(UNIT)/%),$(call \
	whole_objects,$(test)),$(UNIT_LINK_ffa:%=$(UNIT)/lib%.a))))

# tests/threads: PEs as threads, on everything a test of ffa/ is linked with, watched by ThreadSanitizer.
THREADS := $(B)/threads
THREADS_SANITIZERS := -fsanitize=thread -fno-omit-frame-pointer
THREADS_TESTS := $(sort $(wildcard tests/threads/test_*.c))
THREADS_PROGRAMS := $(THREADS_TESTS:tests/threads/%.c=$(THREADS)/%)
THREADS_SOURCES := $(foreach folder,$(UNIT_LINK_ffa),$(UNIT_SOURCES_$(folder))) tests/unit/unit.c $(FFA_FIXTURES) \
	$(filter-out $(THREADS_TESTS),$(wildcard tests/threads/*.c)) $(addprefix tests/model/memory/,machine.c view.c)
threads_objects = $(patsubst %.c,$(THREADS)/obj/%.o,$(1))

$(THREADS)/obj/%.o: %.c mk/unit-tests.mk
	@mkdir -p $(@D)
	$(CC_HOST) $(subst $(UNIT_SANITIZERS),$(THREADS_SANITIZERS),$(UNIT_CFLAGS)) -c $< -o $@

define threads_program
$(THREADS)/$(1:tests/threads/%.c=%): $(call threads_objects,$(1) $(THREADS_SOURCES))
	$$(CC_HOST) $$(THREADS_SANITIZERS) -o $$@ $$^ -lcmocka -lpthread
endef
$(foreach test,$(THREADS_TESTS),$(eval $(call threads_program,$(test))))

-include $(shell find $(UNIT)/obj $(THREADS)/obj -name '*.d' 2>/dev/null)

.PHONY: test-unit test-unit-now test-threads test-threads-now
test-unit: ## unit tests on this machine: [T=part of a path]
	@tools/deps test
	@$(MAKE) --no-print-directory -s test-unit-now

test-unit-now: $(if $(T),$(foreach program,$(UNIT_PROGRAMS),$(if $(findstring $(T),$(program)),$(program))),$(UNIT_PROGRAMS))
	@tests/unit/run $^

test-threads: ## PEs as threads under ThreadSanitizer
	@tools/deps test
	@$(MAKE) --no-print-directory -s test-threads-now

test-threads-now: $(THREADS_PROGRAMS)
	@tests/unit/run $^
