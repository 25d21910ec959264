# The kernel and its initial ramdisk.
#
# The kernel is linked twice: first with an empty symbol table, then with the table made from the first link. The table
# lies behind everything else (kernel/boot/kernel.ld), so the second link moves neither code nor variables.

KERNEL_BUILD := $(BUILD)/kernel

ifeq ($(LLVM),1)
KERNEL_CC := clang --target=x86_64-elf
KERNEL_LD := ld.lld
else
KERNEL_CC := $(CROSS_COMPILE)gcc
KERNEL_LD := $(CROSS_COMPILE)ld
endif
KERNEL_NM := $(if $(shell command -v $(CROSS_COMPILE)nm),$(CROSS_COMPILE)nm,nm)

KERNEL_STRIP := $(if $(shell command -v $(CROSS_COMPILE)strip),$(CROSS_COMPILE)strip,strip)

# The compiler's own headers (stdint.h and so on); the host's headers are not used.
KERNEL_INCLUDE := $(shell $(KERNEL_CC) -print-file-name=include)

KERNEL_CFLAGS := -std=gnu2x -O2 -g $(WARNINGS) \
        -nostdinc -isystem $(KERNEL_INCLUDE) -Ikernel -DTRACE=$(TRACE) \
        -ffreestanding -fno-pic -fno-asynchronous-unwind-tables -fcf-protection=none \
        -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer -fno-optimize-sibling-calls \
        -m64 -mcmodel=kernel -mno-red-zone -mgeneral-regs-only \
        -fstack-protector-strong -mstack-protector-guard=global
ifeq ($(LLVM),1)
KERNEL_CFLAGS += -Wthread-safety
endif
KERNEL_LDFLAGS := -nostdlib -static -T kernel/boot/kernel.ld -z max-page-size=4096 -z noexecstack --build-id=none

locks:                          ## check with clang that every lock is taken where it is required
	$(Q)$(RUN_TESTS) kernel/test/locks.t

KERNEL_SOURCES := $(wildcard $(addprefix kernel/,$(addsuffix /*.[cS],boot arch lib sync mm task trace test)))
KERNEL_OBJECTS := $(KERNEL_SOURCES:%=$(BUILD)/%.o)

# Without this option gcc turns the loop in memcpy() into a call of memcpy().
ifneq ($(LLVM),1)
$(KERNEL_BUILD)/lib/string.c.o: KERNEL_CFLAGS += -fno-tree-loop-distribute-patterns
# Without this option gcc registers test cases in another order than that of the source.
$(KERNEL_BUILD)/test/%.o: KERNEL_CFLAGS += -fno-toplevel-reorder
endif

kernel: $(KERNEL_BUILD)/understory.elf          ## build the kernel

$(KERNEL_BUILD)/%.o: kernel/% $(KERNEL_BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC      $<'
	$(Q)$(KERNEL_CC) $(KERNEL_CFLAGS) -MMD -MP -c $< -o $@

# This file is only written when the compiler or its flags change; then everything is compiled again.
$(KERNEL_BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(KERNEL_CC) $(KERNEL_CFLAGS)' | cmp -s - $@ || echo '$(KERNEL_CC) $(KERNEL_CFLAGS)' > $@

$(KERNEL_BUILD)/no-symbols.c: kernel/lib/symbols.awk
	@mkdir -p $(@D)
	$(Q)awk -f $< < /dev/null > $@

$(KERNEL_BUILD)/symbols.c: $(KERNEL_BUILD)/first-link.elf kernel/lib/symbols.awk
	$(Q)$(KERNEL_NM) --numeric-sort $< | awk -f kernel/lib/symbols.awk > $@

$(KERNEL_BUILD)/no-symbols.o $(KERNEL_BUILD)/symbols.o: %.o: %.c
	$(Q)$(KERNEL_CC) $(KERNEL_CFLAGS) -c $< -o $@

$(KERNEL_BUILD)/first-link.elf: $(KERNEL_OBJECTS) $(KERNEL_BUILD)/no-symbols.o kernel/boot/kernel.ld
	$(Q)$(KERNEL_LD) $(KERNEL_LDFLAGS) $(filter %.o,$^) -o $@

$(KERNEL_BUILD)/understory.elf: $(KERNEL_OBJECTS) $(KERNEL_BUILD)/symbols.o kernel/boot/kernel.ld
	@echo '  LD      $@'
	$(Q)$(KERNEL_LD) $(KERNEL_LDFLAGS) $(filter %.o,$^) -o $@

# --- programs ------------------------------------------------------------------------------------------------

# Each file kernel/user/*.c is a program; kernel/user/lib and some of the kernel's own code are linked to all of them.
# Programs are loaded above 4 GiB, so their code is position-independent.
USER_BUILD := $(BUILD)/user
USER_PROGRAMS := $(patsubst kernel/user/%.c,$(USER_BUILD)/%,$(wildcard kernel/user/*.c))
USER_LIBRARY := $(wildcard kernel/user/lib/*.[cS]) kernel/lib/error.c kernel/lib/printf.c kernel/lib/string.c \
                kernel/test/op_script.c kernel/test/check_script.c
USER_OBJECTS := $(patsubst kernel/%,$(USER_BUILD)/objects/%.o,$(USER_LIBRARY))
USER_CFLAGS := $(filter-out -mcmodel=kernel -fno-pic -mgeneral-regs-only,$(KERNEL_CFLAGS)) \
               -fpie -fvisibility=hidden -ffunction-sections
USER_LDFLAGS := -nostdlib -static --gc-sections -T kernel/user/user.ld -z max-page-size=4096 -z noexecstack \
                --build-id=none

# As for the kernel. By default clang reads the addresses of other files' variables from a table (the GOT); a program
# that is linked statically needs none.
ifneq ($(LLVM),1)
$(USER_BUILD)/objects/lib/string.c.o: USER_CFLAGS += -fno-tree-loop-distribute-patterns
else
USER_CFLAGS += -fdirect-access-external-data
endif

$(USER_BUILD)/objects/%.o: kernel/% $(KERNEL_BUILD)/flags
	@mkdir -p $(@D)
	@echo '  USERCC  $<'
	$(Q)$(KERNEL_CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

# A program of several files has the others in a folder of its name.
define OTHER_FILES
$(USER_BUILD)/$(1): $(patsubst kernel/%,$(USER_BUILD)/objects/%.o,$(wildcard kernel/user/$(1)/*.c))
endef
$(foreach program,$(notdir $(USER_PROGRAMS)),$(eval $(call OTHER_FILES,$(program))))

$(USER_PROGRAMS): $(USER_BUILD)/%: $(USER_BUILD)/objects/user/%.c.o $(USER_OBJECTS) kernel/user/user.ld
	@echo '  LD      $@'
	$(Q)$(KERNEL_LD) $(USER_LDFLAGS) $(filter %.o,$^) -o $@

-include $(wildcard $(USER_BUILD)/objects/*/*.d $(USER_BUILD)/objects/*/*/*.d)

# --- the initial ramdisk -------------------------------------------------------------------------------------

# The debug information of programs stays in $(USER_BUILD); in the archive it would take more memory than all the rest.
#
# The same files always make the same archive: no times, no owners, names in order. Its file "index" lists them all,
# each program with the second line of its source, which describes it.
INITRD_FILES := $(USER_PROGRAMS) $(wildcard kernel/user/workloads/*.ops) $(WORKLOADS)

initrd: $(BUILD)/initrd.cpio    ## build the initial ramdisk: programs and op scripts

$(BUILD)/initrd.cpio: $(INITRD_FILES)
	@echo '  CPIO    $@'
	$(Q)rm -rf $(BUILD)/initrd && mkdir -p $(BUILD)/initrd
	$(Q)$(if $^,cp $^ $(BUILD)/initrd)
	$(Q)$(if $(USER_PROGRAMS),$(KERNEL_STRIP) --strip-debug $(addprefix $(BUILD)/initrd/,$(notdir $(USER_PROGRAMS))))
	$(Q)(awk 'FNR == 2' $(wildcard kernel/user/*.c) | cut -c 4-; printf '%s\n' $(sort $(notdir $(filter-out \
	        $(USER_PROGRAMS),$^)))) > $(BUILD)/initrd/index
	$(Q)touch -d @0 $(BUILD)/initrd/*
	$(Q)cd $(BUILD)/initrd && ls | LC_ALL=C sort | \
	        cpio --create --format=newc --reproducible --owner=0:0 --quiet > ../initrd.cpio

-include $(KERNEL_OBJECTS:.o=.d)

.PHONY: kernel initrd locks
