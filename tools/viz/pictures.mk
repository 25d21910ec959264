# The pictures in docs/ and in the labs' handouts, all made again by `make docs-pictures', which writes them to
# PICTURES.
#
# Not here: docs/performance-*.svg, which `make bench' draws from what it measured, and docs/mistakes
# (make lab-mistakes).

PICTURES := docs
TEACHING := $(BUILD)/teaching.rtrace
RUN_SCRIPT := $(BUILD)/host/run_script

docs-pictures: script-pictures kernel-pictures mistake-pictures lab-pictures
docs-pictures:                  ## draw every picture of docs/, README.md and the labs again
.PHONY: docs-pictures

# From op scripts run on this machine: always the same, byte for byte. tools/viz/test/pictures.t compares.
script-pictures: $(REGIONVIZ) $(RUN_SCRIPT) $(BUILD)/workloads/python3.ops
	$(Q)$(RUN_SCRIPT) kernel/user/workloads/teaching.ops -o $(TEACHING) > /dev/null
	$(Q)$(REGIONVIZ) tree $(TEACHING) --at op:27 --fit page -o $(PICTURES)/tree.svg
	$(Q)$(REGIONVIZ) tree $(TEACHING) --at op:27 --fit page --levels black -o $(PICTURES)/tree-levels.svg
	$(Q)$(REGIONVIZ) tree $(TEACHING) --at op:28 --fit page -o $(PICTURES)/tree-window.svg
	$(Q)$(REGIONVIZ) tree $(TEACHING) --at op:66 --fit page -o $(PICTURES)/tree-refused.svg
	$(Q)$(REGIONVIZ) film $(TEACHING) --at op:3 -o $(PICTURES)/film.svg
	$(Q)$(RUN_SCRIPT) $(BUILD)/workloads/python3.ops -o $(BUILD)/python3.rtrace > /dev/null
	$(Q)$(REGIONVIZ) map $(BUILD)/python3.rtrace -o $(PICTURES)/map.svg
.PHONY: script-pictures

# From runs of the kernel, and of the viewer in tmux: event numbers and addresses in them change with the kernel.
kernel-pictures: all $(RUN_SCRIPT)
	$(Q)$(REGIONTRACE) record --kernel $(KERNEL) --initrd $(INITRD) --exec spawn:1 --append seed=1 \
	        -o $(BUILD)/tour.rtrace
	$(Q)$(REGIONVIZ) tree $(BUILD)/tour.rtrace --tree 1 --at op:6 --fit page -o $(PICTURES)/kernel-stack.svg
	$(Q)$(REGIONVIZ) tree $(BUILD)/tour.rtrace --tree 2 --at op:9 --fit page -o $(PICTURES)/kernel-fault.svg
	$(Q)$(REGIONVIZ) tree $(BUILD)/tour.rtrace --tree 3 --at op:4 --fit page -o $(PICTURES)/kernel-clone.svg
	$(Q)tools/viz/record-race $(BUILD) $(BUILD)/race.rtrace
	$(Q)$(REGIONVIZ) progress $(BUILD)/race.rtrace --call getpid -o $(PICTURES)/progress.svg
	$(Q)$(RUN_SCRIPT) kernel/user/workloads/teaching.ops -o $(TEACHING) > /dev/null
	$(Q)tools/viz/live/draw-session 132 38 '(?s)event 1,000 of.*fragmented +\d+ % +\S{5}' \
	        '$(REGIONVIZ) live $(TEACHING) --at op:56' $(foreach step,1 2 3 4 5 6 7 8 9,Right) \
	        > $(PICTURES)/live.svg
.PHONY: kernel-pictures

# Mistakes, in the kernels in which they are made. Students' are mutants of the labs: a hole of exactly the size is
# refused; with a red uncle the grandparent stays black; only the first region of a range is unmapped. In the finished
# kernel: a freed hole is not made known to the root.
EXACT_FIT := $(BUILD)/steps/exact-fit
RED_UNCLE := $(BUILD)/steps/red-uncle
STRADDLE := $(BUILD)/steps/straddle
STALE_MAX := $(BUILD)/steps/stale-max

# $(call mistaken,FOLDER,PATCH): the kernel in FOLDER with the mistake in it, built to run op scripts on this machine.
define mistaken
	$(Q)patch -s -p1 -d $(1) < $(2)
	$(Q)$(MAKE) --no-print-directory -C $(1) BUILD=build build/host/run_script
endef

mistake-pictures: $(REGIONVIZ) $(RUN_SCRIPT)
	$(Q)rm -rf $(EXACT_FIT) $(RED_UNCLE) $(STRADDLE) $(STALE_MAX)
	$(Q)labs/flat-tree 2a $(EXACT_FIT)
	$(call mistaken,$(EXACT_FIT),labs/2-holes/mutants/exact-fit-refused.patch)
	$(Q)$(EXACT_FIT)/build/host/run_script tools/viz/test/exact-fit.ops -o $(BUILD)/exact-fit.rtrace > /dev/null
	$(Q)$(RUN_SCRIPT) tools/viz/test/exact-fit.ops -o $(BUILD)/exact-fit-right.rtrace > /dev/null
	$(Q)$(REGIONVIZ) skyline $(BUILD)/exact-fit.rtrace -o $(PICTURES)/skyline-exact-fit.svg
	$(Q)$(REGIONVIZ) diff $(BUILD)/exact-fit-right.rtrace $(BUILD)/exact-fit.rtrace --fit page \
	        -o $(PICTURES)/diff.svg
	$(Q)labs/flat-tree 1b $(RED_UNCLE)
	$(call mistaken,$(RED_UNCLE),labs/1-tree/mutants/grandparent-left-black.patch)
	$(Q)$(RED_UNCLE)/build/host/run_script tools/viz/test/red-uncle.ops -o $(BUILD)/red-uncle.rtrace > /dev/null
	$(Q)$(REGIONVIZ) tree $(BUILD)/red-uncle.rtrace --levels black --fit page -o $(PICTURES)/tree-crooked.svg
	$(Q)$(REGIONVIZ) film $(BUILD)/red-uncle.rtrace --at op:6 -o $(PICTURES)/film-red-uncle.svg
	$(Q)labs/flat-tree 2c $(STRADDLE)
	$(call mistaken,$(STRADDLE),labs/2-holes/mutants/straddling-unmaps-one.patch)
	$(Q)$(STRADDLE)/build/host/run_script tools/viz/test/straddle.ops -o $(BUILD)/straddle.rtrace > /dev/null
	$(Q)$(REGIONVIZ) map $(BUILD)/straddle.rtrace -o $(PICTURES)/map-straddle.svg
	$(Q)mkdir -p $(STALE_MAX) && cp -r Makefile kernel tools $(STALE_MAX)
	$(call mistaken,$(STALE_MAX),tools/viz/test/max-stops-at-parent.patch)
	$(Q)! $(STALE_MAX)/build/host/run_script tools/viz/test/freed-hole.ops -o $(BUILD)/stale-max.rtrace \
	        > /dev/null 2>&1
	$(Q)$(REGIONVIZ) tree $(BUILD)/stale-max.rtrace --at last-search --fit page -o $(PICTURES)/tree-stale-max.svg
.PHONY: mistake-pictures
