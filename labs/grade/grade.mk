# The grader: build/grade, and the runner that student's files are linked to.

GRADE_SOURCES := $(filter-out labs/grade/host_runner.c,$(wildcard labs/grade/*.c))
GRADER_VERSION := $(shell cat labs/grade/version 2>/dev/null || \
        git describe --always --dirty 2>/dev/null || echo unknown)
GRADE := $(BUILD)/grade

$(BUILD)/tools/labs/grade/%.o: TOOLS_FLAGS += -Ilabs/grade -DGRADER_VERSION='"$(GRADER_VERSION)"' -Wno-format-truncation

$(GRADE): $(call tools_objects,$(GRADE_SOURCES)) $(TRACE_LIBRARY)
	@echo '  LINK    $@'
	$(Q)$(CC) $^ -ljansson -lzstd -lm -o $@

$(BUILD)/host/labs/grade/host_runner.o: labs/grade/host_runner.c
	@mkdir -p $(@D)
	@echo '  HOSTCC  $<'
	$(Q)$(CC) $(HOST_CFLAGS) -D_GNU_SOURCE -c $< -o $@

$(BUILD)/host/grade_runner: $(HOST_OBJECTS) $(BUILD)/host/labs/grade/host_runner.o
	@echo '  LINK    $@'
	$(Q)$(CC) $(HOST_CFLAGS) $^ -o $@

# What compiles a file for the host, for labs/grade/build.
$(BUILD)/host/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(HOST_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(HOST_CFLAGS)' > $@

# --- for a student and a teacher -----------------------------------------------------------------------------
#
# In a student's tree labs/step.mk names its step. CASE names one case. SECRET and STUDENT make it a graded run.
-include labs/step.mk
STEP ?= 2a
REPORT ?= $(BUILD)/grade-report
GRADE_OPTIONS = --step $(STEP) $(CASE_OPTION) --output $(REPORT) \
        $(if $(SECRET),--secret '$(SECRET)' --student '$(STUDENT)') $(if $(SANDBOX),--sandbox $(SANDBOX))
CASE_OPTION = $(if $(GRADED_CASE),--case '$(GRADED_CASE)')
# CASE has a default for `make flake'; only one that was typed names a case here.
GRADED_CASE = $(if $(filter command line,$(origin CASE)),$(CASE))
HINTS ?= 1

grade: gradable                 ## grade this tree: all cases of its step, or CASE=exact-fit
	@$(GRADE) $(GRADE_OPTIONS) || [ $$? -eq 1 ]

predict: $(GRADE)               ## say what will happen, before the first run: a script of your own; STUDENT=name
	@$(GRADE) --step $(STEP) --predict $(if $(STUDENT),--student '$(STUDENT)')

hint: $(GRADE)                  ## print a hint for CASE=exact-fit; HINTS=2 and HINTS=3 say more
	@$(GRADE) --step $(STEP) --case '$(GRADED_CASE)' --hint $(HINTS)

explain: gradable               ## grade CASE=exact-fit and open the view at its first bad event; or SCRIPT='...'
ifdef SCRIPT
	@printf '%s\n' "$$SCRIPT" | tr ';' '\n' > $(BUILD)/explain.ops
	@$(BUILD)/host/run_script $(BUILD)/explain.ops -o $(BUILD)/explain.rtrace || true
	@if [ -t 0 ] && [ -t 1 ]; then $(REGIONVIZ) live $(BUILD)/explain.rtrace; \
	        else $(REGIONVIZ) tree $(BUILD)/explain.rtrace --text; fi
else
	@$(GRADE) --step $(STEP) --case '$(GRADED_CASE)' --explain
	@$(GRADE) $(GRADE_OPTIONS) --open || [ $$? -eq 1 ]
endif
export SCRIPT

score: gradable                 ## measure this tree on captured memory histories: docs/grading.md has the formula
	@$(GRADE) --step $(STEP) --score --output $(REPORT) $(if $(SANDBOX),--sandbox $(SANDBOX)) || [ $$? -eq 1 ]

lab: $(GRADE)                   ## say which lab and step this is, which files are yours, and what to do first
	@$(GRADE) --step $(STEP) --about

carry:                          ## bring your own files of the lab before: FROM=../understory-lab-1
	@labs/grade/carry '$(FROM)' || [ $$? -eq 1 ]

attack: gradable                ## try the scripts in attacks/ on this tree's kernel: may they be handed in?
	@$(GRADE) --step $(STEP) --attack --output $(REPORT) $(if $(SANDBOX),--sandbox $(SANDBOX)) || [ $$? -eq 1 ]

# --- for a teacher -------------------------------------------------------------------------------------------

ifneq ($(wildcard labs/flat-tree),)
LAB ?= 2

release: $(if $(filter 0,$(LAB)),all $(GRADE))  ## write what students get to build/release: LAB=2, LAB=2b
	$(Q)BUILD=$(BUILD) labs/grade/release $(LAB) $(BUILD)/release

gradescope: $(if $(filter 0,$(LAB)),all $(GRADE))  ## write what Gradescope gets: LAB=2 SECRET_FILE=file ATTACK=1
	$(Q)BUILD=$(BUILD) labs/grade/gradescope $(if $(ATTACK),--attack) $(LAB) $(BUILD)/release $(SECRET_FILE)

mutants:                        ## build the mutants of a lab to build/mutants, for its step t, attack: LAB=2
	$(Q)BUILD=$(BUILD) labs/grade/build-mutants $(LAB) $(BUILD)/mutants/$(LAB)

leaderboard:                    ## print the scores of a class, the best first: REPORTS=reports
	@labs/grade/leaderboard '$(REPORTS)'

.PHONY: release gradescope mutants leaderboard
endif

# Lab 0 has no sources of the kernel, so nothing is linked to them.
gradable: all $(GRADE) \
        $(if $(wildcard kernel/test/host),$(BUILD)/host/grade_runner $(BUILD)/host/run_script $(BUILD)/host/flags)
testable: gradable
.PHONY: gradable grade hint explain attack predict score lab carry
