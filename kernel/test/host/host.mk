# Parts of the kernel's own code, built for the host: for tests with sanitizers, and to record the trace of an op script
# without QEMU.

# Early kernels of the labs have one of these, or both.
HOLE_SOURCES := kernel/mm/hole_*.c kernel/mm/virtual_range_allocator.c
HOST_KERNEL_SOURCES := $(wildcard kernel/mm/region*.c $(HOLE_SOURCES)) $(wildcard kernel/mm/address_space*.c) \
                       $(addprefix kernel/mm/, keyframe.c memory_manager_place.c pause.c) \
                       $(addprefix kernel/lib/, error.c printf.c) \
                       $(addprefix kernel/trace/, command.c frame.c stream.c) \
                       $(wildcard kernel/test/*script.c) \
                       $(addprefix kernel/test/, fault_injection.c host/host_env.c space_find.c validate.c)
HOST_TEST_SOURCES := $(wildcard kernel/test/host/test_*.c)
HOST_CFLAGS := -std=gnu2x -O1 -g $(WARNINGS) -Ikernel -Ikernel/test/host -Itools/trace -MMD -MP \
               -fsanitize=address,undefined -fno-sanitize-recover=all

HOST_OBJECTS := $(patsubst kernel/%.c,$(BUILD)/host/%.o,$(HOST_KERNEL_SOURCES))
HOST_TESTS := $(patsubst kernel/test/host/%.c,$(BUILD)/host/%,$(HOST_TEST_SOURCES))

$(BUILD)/host/%.o: kernel/%.c
	@mkdir -p $(@D)
	@echo '  HOSTCC  $<'
	$(Q)$(CC) $(HOST_CFLAGS) -c $< -o $@

$(BUILD)/host/run_script: $(HOST_OBJECTS) $(BUILD)/host/test/host/run_script.o
	@echo '  LINK    $@'
	$(Q)$(CC) $(HOST_CFLAGS) $^ -o $@

# The tests read their recordings back with the library of the tools.
$(HOST_TESTS): $(BUILD)/host/%: $(BUILD)/host/test/host/%.o $(HOST_OBJECTS) $(TRACE_LIBRARY_SANITIZED)
	@echo '  LINK    $@'
	$(Q)$(CC) $(HOST_CFLAGS) $^ -lcmocka -lm -lzstd -o $@

# Test cases of the kernel that need no machine.
HOST_CASE_SOURCES := $(addprefix kernel/test/, drawn_tree.c picture.c test_region_tree.c test_region_tree_changes.c \
                                               test_unmap.c)
HOST_CASES := $(patsubst kernel/%.c,$(BUILD)/host/%.o,$(wildcard $(HOST_CASE_SOURCES)))
$(BUILD)/host/test_cases: $(HOST_CASES)

-include $(patsubst %.o,%.d,$(HOST_OBJECTS) $(HOST_CASES)) $(wildcard $(BUILD)/host/test/host/*.d)
