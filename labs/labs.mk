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

steps:                          ## list the steps: files and lines that differ from the next, lines to write
	$(Q)labs/list-steps

step-differences:               ## write the differences between neighbouring steps again, which are checked in
	$(Q)$(foreach step,$(STEPS),labs/step-difference $(step) > $$(labs/step-difference --golden $(step)) &&) true

DRAW_PICTURES := BUILD='$(BUILD)' MAKE='$(MAKE)' labs/draw-pictures

lab-pictures: tools $(BUILD)/host/run_script    ## draw the pictures of the handouts again
	$(Q)$(DRAW_PICTURES)

# What a student's report shows after a mistake: the pictures that docs/teaching.md names, STEP-MUTANT.svg each.
lab-mistakes:                   ## draw the pictures of common mistakes in docs/teaching.md again
	$(Q)grep -o 'mistakes/[a-z0-9-]*\.svg' docs/teaching.md | sed 's|mistakes/||; s|\.svg||' | \
		while IFS=- read -r step mutant; do \
		labs/flat-tree $$step $(BUILD)/steps/$$step/solution && \
		$(MAKE) --no-print-directory -C $(BUILD)/steps/$$step/solution BUILD=build gradable > /dev/null && \
		labs/mistake-picture $$step $$mutant docs/mistakes/$$step-$$mutant.svg || exit 1; done

# Every step builds and keeps its promises; the starter fails exactly its cases, the solution passes all, and every
# mutant is caught by the case that is meant for it.
LAB_TESTS := $(wildcard labs/test/*.t labs/grade/test/*.t)

test-labs: testable             ## run the tests of the labs; print which case catches which mutant
	$(Q)$(RUN_TESTS) $(LAB_TESTS); status=$$?; echo; cat $(BUILD)/mutants.txt; exit $$status

test-gradescope: testable       ## try Gradescope's zips in a Debian of their own: root, network, 13 minutes
	$(Q)$(RUN_TESTS) labs/grade/test/slow/gradescope.t

.PHONY: step starter steps step-differences lab-pictures lab-mistakes test-labs test-gradescope

endif

-include labs/grade/grade.mk
