# The benchmark: the region tree, unchanged, beside its peers. Nothing else is built or tested with it.
#
# It takes about six minutes; QUICK=1 one minute, with more noise.

BENCH := $(BUILD)/bench
BENCH_TREE := $(wildcard kernel/mm/region_tree*.c) kernel/mm/hole_search.c
BENCH_SOURCES := $(BENCH_TREE) $(wildcard kernel/test/bench/*.c kernel/test/bench/*.cpp)
BENCH_OBJECTS := $(BENCH_SOURCES:%=$(BENCH)/%.o)
BENCH_FLAGS := -O2 -g -fno-asynchronous-unwind-tables -MMD -MP -Wall -Wextra -Wshadow $(WERROR)
CXX := $(if $(filter 1,$(LLVM)),clang++,g++)

bench: $(BENCH)/bench           ## measure the region tree against its peers, QUICK=1 for a short look
	$(Q)CC="$(CC)" CXX="$(CXX)" kernel/test/bench/run $(if $(filter 1,$(QUICK)),--quick) $(BENCH)
	$(Q)$(MAKE) --no-print-directory bench-draw
	$(Q)$(MAKE) --no-print-directory bench-stages

$(BENCH)/bench: $(BENCH_OBJECTS)
	@echo '  LINK    $@'
	$(Q)$(CXX) $^ -o $@

$(BENCH_OBJECTS): $(BENCH)/needs

# Checks for everything that the benchmark needs before anything is compiled.
$(BENCH)/needs: kernel/test/bench/needs
	@mkdir -p $(@D)
	$(Q)$< $(CXX) && touch $@

$(BENCH)/%.c.o: %.c
	@mkdir -p $(@D)
	@echo '  HOSTCC  $< (untraced)'
	$(Q)$(CC) -std=gnu2x $(BENCH_FLAGS) -Wstrict-prototypes -Wmissing-prototypes -Ikernel -DTRACE=0 -c $< -o $@

$(BENCH)/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	@echo '  HOSTCXX $<'
	$(Q)$(CXX) -std=c++20 -DNDEBUG $(BENCH_FLAGS) -c $< -o $@

# What the trace costs: the kernel with it and without, booted by turns. Changes docs/performance.md.
bench-trace: all                ## measure what the trace costs, and write it into docs/performance.md: ROUNDS=5
	$(Q)$(MAKE) --no-print-directory TRACE=0 BUILD=$(BUILD)/untraced kernel initrd
	$(Q)kernel/test/bench/trace $(BUILD) $(BUILD)/untraced $(ROUNDS) > $(BUILD)/bench-trace.md
	$(call put_table,$(BUILD)/bench-trace.md,trace)

bench-gate: all                 ## count what being controllable costs an event, in instructions
	$(Q)kernel/test/bench/gate $(BUILD)

-include $(BENCH_OBJECTS:.o=.d)
.PHONY: bench bench-gate bench-trace
