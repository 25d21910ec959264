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
	$(Q)$(REGIONVIZ) tree $(BUILD)/holes.rtrace --at last-search -o labs/2-holes/search.svg
	$(Q)labs/flat-tree 2b $(BUILD)/steps/2b/solution
	$(Q)$(MAKE) --no-print-directory -C $(BUILD)/steps/2b/solution BUILD=build build/host/run_script
	$(Q)$(BUILD)/steps/2b/solution/build/host/run_script labs/2-holes/pictures/2b.ops -o $(BUILD)/2b.rtrace
	$(Q)$(REGIONVIZ) tree $(BUILD)/2b.rtrace --at last-search -o labs/2-holes/2b.svg

# Every step builds and keeps its promises; the starter fails exactly its cases, the solution passes all, and every mutant is
# caught by the case that is meant for it.
LAB_TESTS := $(wildcard labs/test/*.t labs/grade/test/*.t)

test-labs: testable             ## run the tests of the labs: steps, starters, solutions, mutants
	$(Q)$(RUN_TESTS) $(LAB_TESTS)

.PHONY: step starter steps step-differences lab-pictures test-labs

endif

-include labs/grade/grade.mk
