# Understory: `make` builds everything, `make help` lists the other targets.
#
# Variables:
#   BUILD=folder      the folder for everything that is made (build)
#   V=1               shows the commands
#   TRACE=0           builds the kernel without its trace
#   LLVM=1            builds with clang and lld instead of gcc and ld
#   CROSS_COMPILE=x-  the prefix of the kernel's compiler; found automatically
#   WERROR=-Werror    makes warnings errors; this is the default when CI is set

TRACE ?= 1
V ?= 0
BUILD ?= build$(if $(filter 1,$(LLVM)),/llvm)$(if $(filter 0,$(TRACE)),/untraced)
Q := $(if $(filter 1,$(V)),,@)
WERROR ?= $(if $(CI),-Werror)
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes $(WERROR)

# The compiler for everything that runs on the host.
ifeq ($(origin CC),default)
CC := $(if $(filter 1,$(LLVM)),clang,gcc)
endif

# The prefix of the compiler that makes x86_64 code; a host that is x86_64 itself needs none.
ifndef CROSS_COMPILE
CROSS_COMPILE := $(firstword $(foreach prefix,x86_64-elf- x86_64-linux-gnu-,\
                   $(if $(shell command -v $(prefix)gcc),$(prefix))))
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

REGIONTRACE := $(BUILD)/regiontrace
REGIONVIZ := $(BUILD)/regionviz
KERNEL := $(BUILD)/kernel/understory.elf
INITRD := $(BUILD)/initrd.cpio
WORKLOADS := $(patsubst kernel/user/workloads/%.strace,$(BUILD)/workloads/%.ops,\
               $(wildcard kernel/user/workloads/*.strace))

-include kernel/kernel.mk
-include tools/tools.mk
-include kernel/test/host/host.mk
-include kernel/user/test/test.mk
-include kernel/test/bench/bench.mk
-include labs/labs.mk

all: kernel tools initrd        ## build the kernel, the tools and the initial ramdisk (this is what `make` does)

demo: all                       ## boot the kernel with python3's memory calls and a program; record, check, draw
	$(Q)tools/demo $(BUILD)

# The recording that pictures are made of: FILE=run.rtrace, or else the demo's, which is made first. A picture goes
# beside it: $(call picture,map.svg) is run.map.svg, or map.svg in the demo's folder.
RECORDING = $(or $(FILE),$(BUILD)/demo/run.rtrace)
picture = $(or $(FILE:.rtrace=.$(1)),$(BUILD)/demo/$(1))

html: $(if $(FILE),tools,demo)  ## make a page that plays the demo, or FILE=run.rtrace, in a browser
	$(Q)$(REGIONVIZ) html $(RECORDING) -o $(RECORDING:.rtrace=.html)

map: $(if $(FILE),tools,demo)   ## draw the demo's memory over time, or that of FILE=run.rtrace
	$(Q)$(REGIONVIZ) map $(RECORDING) -o $(call picture,map.svg)

skyline: $(if $(FILE),tools,demo)       ## draw the demo's holes and its last search for one, or those of FILE
	$(Q)$(REGIONVIZ) skyline $(RECORDING) -o $(call picture,skyline.svg)

tree: $(if $(FILE),tools,demo)  ## draw the demo's tree, or that of FILE=run.rtrace; AT=op:57, AT=last-search, ...
	$(Q)$(REGIONVIZ) tree $(RECORDING) $(if $(AT),--at $(AT)) -o $(call picture,tree.svg)

# FILE has two processors, and locks if they were traced. Without it: threads that count without a lock, and lose a
# count.
progress: $(if $(FILE),tools,all)       ## draw two processors one against the other: a race, or FILE=run.rtrace
	$(Q)$(if $(FILE),,tools/viz/record-race $(BUILD) $(BUILD)/race.rtrace)
	$(Q)$(REGIONVIZ) progress $(or $(FILE),$(BUILD)/race.rtrace --call getpid) \
	        -o $(or $(FILE:.rtrace=.progress.svg),$(BUILD)/race.svg)

diff: $(if $(FILE),tools,demo)
diff:                           ## draw how a tree differs at AT=op:5 and AND=op:9, or FILE=a.rtrace and OTHER=b.rtrace
	$(Q)$(REGIONVIZ) diff $(RECORDING) $(or $(OTHER),--at $(or $(AT),op:5) --and $(or $(AND),op:9)) \
	        -o $(call picture,diff.svg)

timeline: demo                  ## the same, and print how to open the timeline
	@echo
	@echo 'To look at the timeline: open https://ui.perfetto.dev in a browser and drag this file onto the page'
	@echo '(it stays on this machine: nothing is uploaded). Or ask it in SQL, with trace_processor:'
	@echo '  $(BUILD)/demo/run.pftrace'
	@echo 'docs/perfetto.md explains what to look for.'

# --- tests ---------------------------------------------------------------------------------------------------

# HOST_TESTS and TOOL_TESTS are programs, set by the .mk files above; scripts (.t) are in the folder of the code that
# they test. The slow ones build the kernel again. Scripts that give a tool invalid input use this build of it, with
# sanitizers.
SANITIZED := $(BUILD)/test/regiontrace
QUICK_TESTS := $(HOST_TESTS) $(TOOL_TESTS) $(wildcard kernel/test/*.t tools/test/*.t tools/*/test/*.t)
SLOW_TESTS := $(wildcard kernel/test/slow/*.t tools/test/slow/*.t tools/*/test/slow/*.t)
RUN_TESTS := MAKE="$(MAKE)" tools/run-tests $(BUILD)

$(BUILD)/test/regiontrace: $(call tools_sanitized,$(TRACE_COMMAND_SOURCES)) $(TRACE_LIBRARY_SANITIZED)
	@echo '  LINK    $@'
	$(Q)$(CC) $(TOOLS_SANITIZE) $^ -lzstd -o $@

testable: all $(HOST_TESTS) $(TOOL_TESTS) $(SANITIZED) $(BUILD)/host/run_script

test: testable                  ## run every test
	$(Q)$(RUN_TESTS) $(SLOW_TESTS) $(QUICK_TESTS)

test-quick: testable            ## run the tests that take less than a minute together
	$(Q)$(RUN_TESTS) $(QUICK_TESTS)

test-loaded: testable           ## run the quick tests while endless loops keep two processors busy; this takes long
	$(Q)MAKE="$(MAKE)" tools/loaded tools/run-tests $(BUILD) $(QUICK_TESTS)

# flake runs a case under N schedules; soak runs stress for MINUTES; CPUS is the number of processors.
N ?= 200
CASE ?= race:once
MINUTES ?= 10

flake: all                      ## count the schedules under which a case fails: N=200 CASE=race:once CPUS=2
	$(Q)kernel/test/flake $(BUILD) '$(CASE)' $(N) $(or $(CPUS),2)

soak: all                       ## run stress again and again, and check every recording: MINUTES=10 CPUS=4
	$(Q)kernel/test/soak $(BUILD) $(MINUTES) $(or $(CPUS),4)

# --- run and inspect -----------------------------------------------------------------------------------------

EXEC ?= $(if $(RUN),,init:once)
# The kernel's command line: the op script of RUN, the program of EXEC. Neither may contain a blank.
BOOT_WORDS = $(if $(word 2,$(EXEC))$(word 2,$(RUN)),$(error $(BLANK)))$(strip $(RUN:%=run=%) $(EXEC:%=exec=%))
BLANK := a blank ends a word of the kernel's command line: give EXEC or RUN one word, as in EXEC=race:100

run: kernel initrd tools        ## boot with the console on this terminal: a shell; RUN=python3.ops, EXEC=maps, CPUS=4
	@tools/run $(BUILD) $(or $(CPUS),1) $(BOOT_WORDS)

# What `make live` runs: RUN, EXEC, or the memory calls of python3.
LIVE_EXEC = $(filter-out init:once,$(EXEC))
LIVE_RUN = $(if $(RUN),--run $(strip $(RUN)),$(if $(LIVE_EXEC),--exec $(strip $(EXEC)),--run python3.ops))

live: all                       ## boot a kernel, paused, and watch it step by step; RUN=teaching.ops, EXEC=maps
	@$(REGIONVIZ) live --kernel $(KERNEL) --initrd $(INITRD) --cpus $(or $(CPUS),1) $(LIVE_RUN)

film: tools $(BUILD)/host/run_script    ## draw one search of teaching.ops frame by frame, or FILE's last one (AT=op:57)
	$(Q)$(BUILD)/host/run_script kernel/user/workloads/teaching.ops -o $(BUILD)/teaching.rtrace > /dev/null
	$(Q)$(REGIONVIZ) film $(or $(FILE),$(BUILD)/teaching.rtrace) --at $(or $(AT),$(if $(FILE),last-search,op:27)) \
	        -o $(or $(FILE:.rtrace=.film.svg),$(BUILD)/film.svg)

gdb: kernel initrd tools        ## the same, but the machine waits for a debugger first: docs/gdb.md
	@tools/run --gdb $(BUILD) $(or $(CPUS),1) $(BOOT_WORDS)

doctor:                         ## list the tools that are needed: the version found, the version wanted, the fix
	$(Q)tools/setup --doctor

# The kernel stays under 10,000 lines of code. The limit is what it has now, so that each further line is a decision.
LINES_LIMIT := 9992
lines:                          ## count lines of code by folder, without blanks and comments; the kernel has a limit
	$(Q)tools/lines $(LINES_LIMIT)

compile_commands.json: FORCE    ## write the compile commands for editors and clang tools
	$(Q)$(MAKE) --no-print-directory --always-make --dry-run V=1 all $(HOST_TESTS) $(TOOL_TESTS) | \
	        tools/compile-commands > $@

# --- the rest ------------------------------------------------------------------------------------------------

man: tools                      ## write manual pages from what --help prints, to build/man (needs help2man)
	$(Q)tools/manual $(BUILD)

workloads: $(WORKLOADS)         ## turn the captured memory calls of Linux programs into op scripts

$(BUILD)/workloads/%.ops: kernel/user/workloads/%.strace $(REGIONTRACE)
	@mkdir -p $(@D)
	@echo '  IMPORT  $<'
	$(Q)$(REGIONTRACE) import $< -o $@

clean:                          ## remove everything that was made
	$(Q)rm -rf $(BUILD) compile_commands.json

help:                           ## list these targets
	@sed -n 's/^\([a-z_.-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | \
	        awk -F '\t' '{ printf "make %-24s %s\n", $$1, $$2 }'

FORCE:
.PHONY: all kernel tools initrd demo html map tree progress diff skyline timeline film live run gdb
.PHONY: testable test test-quick test-loaded flake soak doctor lines man workloads clean help FORCE
