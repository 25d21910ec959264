# Tests of the programs' library that run on the host, with sanitizers. The test replaces the system calls; functions
# with the name of a C library function are renamed here.

USER_TEST_SOURCES := $(wildcard kernel/user/test/test_*.c)
USER_TESTS := $(patsubst kernel/%.c,$(BUILD)/host/%,$(USER_TEST_SOURCES))
USER_TESTED := $(patsubst %,$(BUILD)/host/%.o,lib/printf lib/error \
                 $(addprefix user/lib/,command line_editor line_reader malloc size words))
HOST_TESTS += $(USER_TESTS)

$(BUILD)/host/user/lib/%.o: HOST_CFLAGS += -fno-builtin $(foreach name,malloc free mmap munmap open read print_error,\
                                                      -D$(name)=user_$(name))

# An archive, so that each test needs to replace only the calls that it uses.
$(BUILD)/host/user/tested.a: $(USER_TESTED)
	$(Q)rm -f $@ && ar rcs $@ $^

$(USER_TESTS): $(BUILD)/host/user/test/%: $(BUILD)/host/user/test/%.o $(BUILD)/host/user/tested.a
	@echo '  LINK    $@'
	$(Q)$(CC) $(HOST_CFLAGS) $^ -lcmocka -o $@

-include $(wildcard $(BUILD)/host/user/*/*.d)
