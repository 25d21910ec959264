# Fuzzing: clang's libFuzzer gives damaged input to what reads recordings, captures and scripts. `make fuzz' finds out
# whether clang has it (tools/trace/fuzz/run); docs/fuzzing.md tells more.

FUZZ := $(BUILD)/fuzz
FUZZ_FLAGS := -std=gnu2x -g -O1 -D_GNU_SOURCE -Ikernel -Itools/trace \
              -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_TARGETS := decoder model check perfetto import script
FUZZ_OBJECTS = $(patsubst %.c,$(FUZZ)/%.o,$(TRACE_LIBRARY_SOURCES) tools/trace/fuzz/fuzz_stream.c)

$(FUZZ)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  FUZZCC  $<'
	$(Q)clang $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c $< -o $@

$(addprefix $(FUZZ)/,$(filter-out script,$(FUZZ_TARGETS))): $(FUZZ)/%: $(FUZZ)/tools/trace/fuzz/fuzz_%.o $(FUZZ_OBJECTS)
	@echo '  LINK    $@'
	$(Q)clang $(FUZZ_FLAGS) -fsanitize=fuzzer $^ -lzstd -o $@

$(FUZZ)/script: $(FUZZ)/tools/trace/fuzz/fuzz_script.o $(FUZZ)/kernel/test/op_script.o
	@echo '  LINK    $@'
	$(Q)clang $(FUZZ_FLAGS) -fsanitize=fuzzer $^ -o $@

$(FUZZ)/make_seeds: $(call tools_objects,tools/trace/fuzz/make_seeds.c) $(TRACE_LIBRARY)
	@mkdir -p $(@D)
	@echo '  LINK    $@'
	$(Q)$(CC) $^ -lzstd -o $@

fuzz-targets: $(addprefix $(FUZZ)/,$(FUZZ_TARGETS)) $(FUZZ)/make_seeds $(BUILD)/host/run_script
.PHONY: fuzz-targets

SECONDS_EACH ?= 60

fuzz: testable                  ## give damaged input to the readers for SECONDS_EACH=60 each; TARGETS="check model"
	$(Q)MAKE="$(MAKE)" tools/trace/fuzz/run $(BUILD) $(SECONDS_EACH) $(TARGETS)
.PHONY: fuzz

-include $(shell find $(FUZZ) -name '*.d' 2>/dev/null)
