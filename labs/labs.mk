# The labs: the source trees of their steps, and what comes with them.
#
# A step is a kernel on the way from a range allocator to hole-finding. labs/steps lists them; labs/flat-tree writes the
# source tree of one, which this same Makefile builds. A starter has stubs in place of the student's files.

# Without a folder of steps this is the tree of one step itself, as a student has it.
ifneq ($(wildcard labs/flat-tree),)

STEPS := $(shell grep -v '^\#' labs/steps | cut -d '|' -f 1)
STEP ?= 2a

step:                           ## write the source tree of a step to build/steps: STEP=2a
	$(Q)labs/flat-tree $(STEP) $(BUILD)/steps/$(STEP)/solution

starter:                        ## the same with the stubs that a student begins with: STEP=2a
	$(Q)labs/flat-tree --starter $(STEP) $(BUILD)/steps/$(STEP)/starter

steps:                          ## list the steps: files and lines that differ from the next, lines for a student to write
	$(Q)labs/list-steps

step-differences:               ## write the differences between neighbouring steps again, which are checked in
	$(Q)$(foreach step,$(STEPS),labs/step-difference $(step) > $$(labs/step-difference --golden $(step)) &&) true

lab-pictures: $(REGIONVIZ)      ## draw the pictures of the handouts again
	$(Q)labs/flat-tree 2a $(BUILD)/steps/2a/solution
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/steps/2a/solution BUILD=build build/host/run_script
	$(Q)$(BUILD)/steps/2a/solution/build/host/run_script labs/2-holes/pictures/holes.ops -o $(BUILD)/holes.rtrace
	$(Q)$(REGIONVIZ) tree $(BUILD)/holes.rtrace --at 123 -o labs/2-holes/holes.svg
	$(Q)$(BUILD)/steps/2a/solution/build/host/run_script labs/2-holes/pictures/search.ops -o $(BUILD)/search.rtrace
	$(Q)$(REGIONVIZ) tree $(BUILD)/search.rtrace --at last-search -o labs/2-holes/search.svg
	$(Q)labs/flat-tree 2b $(BUILD)/steps/2b/solution
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/steps/2b/solution BUILD=build build/host/run_script
	$(Q)$(BUILD)/steps/2b/solution/build/host/run_script labs/2-holes/pictures/2b.ops -o $(BUILD)/2b.rtrace
	$(Q)$(REGIONVIZ) tree $(BUILD)/2b.rtrace --at last-search -o labs/2-holes/2b.svg
	$(Q)labs/flat-tree 2c $(BUILD)/steps/2c/solution
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/steps/2c/solution BUILD=build build/host/run_script
	$(Q)$(BUILD)/steps/2c/solution/build/host/run_script labs/2-holes/pictures/2c.ops -o $(BUILD)/2c.rtrace
	$(Q)$(REGIONVIZ) diff $(BUILD)/2c.rtrace --at 106 --and 168 --fit page -o labs/2-holes/2c.svg
	$(Q)$(MAKE) --no-print-directory lab-0-pictures lab-3-pictures
	$(Q)labs/flat-tree 1a $(BUILD)/steps/1a/solution
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/steps/1a/solution BUILD=build build/host/run_script
	$(Q)for name in bushy ascending; do \
		$(BUILD)/steps/1a/solution/build/host/run_script labs/1-tree/pictures/$$name.ops -o $(BUILD)/$$name.rtrace && \
		$(REGIONVIZ) tree $(BUILD)/$$name.rtrace -o labs/1-tree/$$name.svg || exit 1; done
	$(Q)labs/flat-tree 1b $(BUILD)/steps/1b/solution
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/steps/1b/solution BUILD=build build/host/run_script
	$(Q)$(BUILD)/steps/1b/solution/build/host/run_script labs/1-tree/pictures/ascending.ops -o $(BUILD)/balanced.rtrace
	$(Q)$(REGIONVIZ) tree $(BUILD)/balanced.rtrace -o labs/1-tree/balanced.svg
	$(Q)labs/flat-tree 1c $(BUILD)/steps/1c/solution
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/steps/1c/solution BUILD=build build/host/run_script
	$(Q)$(BUILD)/steps/1c/solution/build/host/run_script labs/1-tree/pictures/1c.ops -o $(BUILD)/1c.rtrace
	$(Q)$(REGIONVIZ) film $(BUILD)/1c.rtrace --at op:12 -o labs/1-tree/1c-film.svg

# Of the finished kernel: a tree as it is, a lookup, and a request that is refused.
lab-0-pictures: $(REGIONVIZ) $(BUILD)/host/run_script
	$(Q)$(BUILD)/host/run_script labs/0-watch/pictures/watch.ops -o $(BUILD)/watch.rtrace
	$(Q)$(REGIONVIZ) tree $(BUILD)/watch.rtrace --at 184 --fit page -o labs/0-watch/space.svg
	$(Q)$(REGIONVIZ) tree $(BUILD)/watch.rtrace --at op:11 --fit page -o labs/0-watch/find.svg
	$(Q)$(REGIONVIZ) tree $(BUILD)/watch.rtrace --at op:13 --fit page -o labs/0-watch/refused.svg

# What a student's report shows after a mistake: the pictures that docs/teaching.md names, STEP-MUTANT.svg each.
lab-mistakes:                   ## draw the pictures of common mistakes in docs/teaching.md again
	$(Q)grep -o 'mistakes/[a-z0-9-]*\.svg' docs/teaching.md | sed 's|mistakes/||; s|\.svg||' | while IFS=- read -r step mutant; do \
		labs/flat-tree $$step $(BUILD)/steps/$$step/solution && \
		$(MAKE) --no-print-directory -C $(BUILD)/steps/$$step/solution BUILD=build gradable > /dev/null && \
		labs/mistake-picture $$step $$mutant docs/mistakes/$$step-$$mutant.svg || exit 1; done

# The three reasons to delete the range allocator. The kernel with the cycle of locks panics, which is what is drawn.
lab-3-pictures: $(REGIONVIZ) $(REGIONTRACE)
	$(Q)labs/flat-tree --starter 3a $(BUILD)/steps/3a/starter
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/steps/3a/starter BUILD=build build/host/run_script
	$(Q)$(BUILD)/steps/3a/starter/build/host/run_script labs/3-errors/pictures/split.ops -o $(BUILD)/split.rtrace
	$(Q)$(REGIONVIZ) tree $(BUILD)/split.rtrace --at 103 -o labs/3-errors/split.svg
	$(Q)labs/flat-tree 3a $(BUILD)/steps/3a/cycle
	$(Q)patch -s -p1 -d $(BUILD)/steps/3a/cycle < labs/3-errors/pictures/kernel-allocator.patch
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/steps/3a/cycle BUILD=build kernel initrd build/host/run_script
	$(Q)$(BUILD)/steps/3a/cycle/build/host/run_script labs/3-errors/pictures/free.ops -o $(BUILD)/free.rtrace
	$(Q)$(REGIONVIZ) tree $(BUILD)/free.rtrace --at 95 -o labs/3-errors/free.svg
	$(Q)! $(REGIONTRACE) record --kernel $(BUILD)/steps/3a/cycle/build/kernel/understory.elf \
		--initrd $(BUILD)/steps/3a/cycle/build/initrd.cpio --exec spawn:1 --append trace=+lock -o $(BUILD)/cycle.rtrace
	$(Q)$(REGIONVIZ) locks $(BUILD)/cycle.rtrace -o labs/3-errors/cycle.svg

# Every step builds and keeps its promises; the starter fails exactly its cases, the solution passes all, and every mutant is
# caught by the case that is meant for it.
LAB_TESTS := $(wildcard labs/test/*.t labs/grade/test/*.t)

test-labs: testable             ## run the tests of the labs: steps, starters, solutions, mutants; print what catches which
	$(Q)$(RUN_TESTS) $(LAB_TESTS); status=$$?; echo; cat $(BUILD)/mutants.txt; exit $$status

.PHONY: step starter steps step-differences lab-pictures lab-0-pictures lab-3-pictures lab-mistakes test-labs

endif

-include labs/grade/grade.mk
