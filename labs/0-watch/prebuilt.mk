# The kernel of lab 0 is there already, and so are its programs: kernel/prebuilt has them. Of the kernel's sources, only
# what the tools share with it is here.

PREBUILT := kernel/prebuilt

kernel: $(KERNEL)
$(KERNEL): $(PREBUILT)/understory.elf
	@mkdir -p $(@D)
	$(Q)cp $< $@

# The initial ramdisk: the programs, the scripts, and the predictions that `make predict' has kept.
INITRD_FILES := $(wildcard $(PREBUILT)/programs/* scripts/*.ops predictions.ops)

initrd: $(INITRD)
$(INITRD): $(INITRD_FILES) $(PREBUILT)/index
	@echo '  CPIO    $@'
	$(Q)rm -rf $(BUILD)/initrd && mkdir -p $(BUILD)/initrd
	$(Q)cp $(INITRD_FILES) $(BUILD)/initrd
	$(Q)(cat $(PREBUILT)/index; printf '%s\n' $(sort $(notdir $(filter %.ops,$(INITRD_FILES))))) > $(BUILD)/initrd/index
	$(Q)touch -d @0 $(BUILD)/initrd/*
	$(Q)cd $(BUILD)/initrd && ls | LC_ALL=C sort | \
	        cpio --create --format=newc --reproducible --owner=0:0 --quiet > ../initrd.cpio

record: all                     ## run an op script in the kernel, record and check it: RUN=watch.ops
	$(Q)$(REGIONTRACE) record --run $(RUN) -o $(RUN:.ops=.rtrace)
	$(Q)$(REGIONTRACE) check $(RUN:.ops=.rtrace)

# In other labs a script can run on the host, too.
$(BUILD)/host/run_script:
	@echo 'The kernel comes without its sources here, so nothing of it runs outside: make record RUN=watch.ops' >&2; false

.PHONY: kernel initrd record
