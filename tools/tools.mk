# The host tools: libregiontrace, the commands `regiontrace' and `regionviz', and their tests.
#
# Every source is compiled twice: for use, and with sanitizers for the tests, in separate folders.

# The rooms of both tools, in their order: a file includes headers of its own room and of those before it
# (tools/test/rooms.t).
TRACE_ROOMS := $(addprefix tools/trace/,base stream model history check control record script import analysis \
                 perfetto verbs)
VIZ_ROOMS := $(addprefix tools/viz/,draw moment layout film map skyline progress locks diff html live verbs)

TOOLS_FLAGS := -std=gnu2x -g $(WARNINGS) -D_GNU_SOURCE -Ikernel -Itools/trace -Itools/viz -MMD -MP
TOOLS_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all

# $(call tools_objects,sources) and $(call tools_sanitized,sources)
tools_objects = $(patsubst %.c,$(BUILD)/tools/%.o,$(1))
tools_sanitized = $(patsubst %.c,$(BUILD)/test/tools/%.o,$(1))

$(BUILD)/tools/%.o: %.c
	@mkdir -p $(@D)
	@echo '  HOSTCC  $<'
	$(Q)$(CC) $(TOOLS_FLAGS) -O2 -c $< -o $@

$(BUILD)/test/tools/%.o: %.c
	@mkdir -p $(@D)
	@echo '  HOSTCC  $< (sanitized)'
	$(Q)$(CC) $(TOOLS_FLAGS) -O1 $(TOOLS_SANITIZE) -c $< -o $@

# --- regiontrace ---------------------------------------------------------------------------------------------

TRACE_COMMAND_SOURCES := tools/trace/verbs/regiontrace.c $(wildcard tools/trace/verbs/cmd_*.c)
TRACE_LIBRARY_SOURCES := $(filter-out $(TRACE_COMMAND_SOURCES),$(wildcard $(addsuffix /*.c,$(TRACE_ROOMS)))) \
                         kernel/lib/error.c kernel/test/op_script.c
TRACE_LIBRARY := $(BUILD)/tools/libregiontrace.a
TRACE_LIBRARY_SANITIZED := $(BUILD)/test/tools/libregiontrace.a

$(TRACE_LIBRARY): $(call tools_objects,$(TRACE_LIBRARY_SOURCES))
$(TRACE_LIBRARY_SANITIZED): $(call tools_sanitized,$(TRACE_LIBRARY_SOURCES))
$(TRACE_LIBRARY) $(TRACE_LIBRARY_SANITIZED):
	@echo '  AR      $@'
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(REGIONTRACE): $(call tools_objects,$(TRACE_COMMAND_SOURCES)) $(TRACE_LIBRARY)
	@echo '  LINK    $@'
	$(Q)$(CC) $^ -lzstd -o $@

# The tests of tools/trace link the library with sanitizers, and the kernel's tree and encoder, which make streams.
TRACE_TEST_SUPPORT := $(wildcard tools/trace/test/support_*.c) $(wildcard kernel/mm/region_tree*.c) \
                      $(addprefix kernel/mm/,region.c hole_search.c keyframe.c pause.c) \
                      $(addprefix kernel/,lib/printf.c trace/frame.c trace/stream.c)
TRACE_TESTS := $(patsubst tools/%.c,$(BUILD)/test/%,$(wildcard tools/trace/test/test_*.c))

# Writes recordings for other tests, of events told as text.
WRITE_EVENTS := $(BUILD)/test/trace/test/write_events
# Alters a recording event by event, and checks each; and leaves frames of one out, and checks the rest.
ALTER_EVENTS := $(BUILD)/test/trace/test/alter_events
LOSE_FRAMES := $(BUILD)/test/trace/test/lose_frames

$(TRACE_TESTS) $(WRITE_EVENTS) $(ALTER_EVENTS) $(LOSE_FRAMES): $(BUILD)/test/%: $(BUILD)/test/tools/tools/%.o \
                $(call tools_sanitized,$(TRACE_TEST_SUPPORT)) $(TRACE_LIBRARY_SANITIZED)
	@mkdir -p $(@D)
	@echo '  LINK    $@'
	$(Q)$(CC) $(TOOLS_SANITIZE) $^ -lcmocka -lzstd -o $@

bench-seek: $(BUILD)/bench/measure_seek $(BUILD)/host/run_script
bench-seek:                     ## measure how soon any event of a long recording is reached
	$(Q)tools/trace/bench/seek $(BUILD)
.PHONY: bench-seek

# $(call put_table,FILE,NAME): FILE becomes what is between the comments "NAME: begin" and "NAME: end".
define put_table
$(Q)awk -v table=$(1) -v begin='<!-- $(2): begin -->' -v end='<!-- $(2): end -->' '\
                $$0 == end { skip = 0 } \
                !skip { print } \
                $$0 == begin { print ""; while ((getline line < table) > 0) print line; print ""; skip = 1 }' \
        docs/performance.md > $(BUILD)/performance.md
$(Q)cp $(BUILD)/performance.md docs/performance.md
endef

# The tools of an earlier commit are built in a folder of their own: those from before format 2, unless BEFORE names
# others.
BEFORE ?= 4cd0419
BEFORE_FOLDER := $(BUILD)/before-$(BEFORE)

bench-stages: $(BUILD)/bench/measure_stages $(BUILD)/host/run_script $(REGIONTRACE)
bench-stages:                   ## measure how fast recordings are read, and at BEFORE=commit, into docs/performance.md
	$(Q)test -d $(BEFORE_FOLDER) || git worktree add --detach $(BEFORE_FOLDER) $(BEFORE)
	$(Q)$(MAKE) --no-print-directory -C $(BEFORE_FOLDER) BUILD=build build/regiontrace build/host/run_script
	$(Q)tools/trace/bench/stages $(BUILD) $(BEFORE_FOLDER)/build $(ROUNDS) > $(BUILD)/bench-stages.md
	$(call put_table,$(BUILD)/bench-stages.md,stages)
.PHONY: bench-stages

bench-live: $(BUILD)/bench/measure_live $(BUILD)/host/run_script $(REGIONVIZ) $(REGIONTRACE)
bench-live:                     ## measure how soon the viewer answers on a long recording
	$(Q)tools/viz/bench/live $(BUILD)
.PHONY: bench-live

$(BUILD)/bench/measure_live: $(call tools_objects,tools/viz/bench/measure_live.c)
	@mkdir -p $(@D)
	@echo '  LINK    $@'
	$(Q)$(CC) $^ -o $@

$(BUILD)/bench/measure_seek $(BUILD)/bench/measure_stages: $(BUILD)/bench/%: $(BUILD)/tools/tools/trace/bench/%.o \
                $(TRACE_LIBRARY)
	@mkdir -p $(@D)
	@echo '  LINK    $@'
	$(Q)$(CC) $^ -lzstd -o $@

# --- regionviz -----------------------------------------------------------------------------------------------

VIZ_COMMAND_SOURCES := tools/viz/verbs/main.c $(wildcard tools/viz/verbs/cmd_*.c)
VIZ_SOURCES := $(wildcard $(addsuffix /*.c,$(VIZ_ROOMS))) $(BUILD)/viz/player.c

# The page's own files as C strings.
$(BUILD)/viz/player.c: tools/viz/html/embed $(addprefix tools/viz/html/,player.html player.css state.js drawing.js \
                       skyline.js player.js)
	@mkdir -p $(@D)
	@echo '  EMBED   $@'
	$(Q)$^ > $@

VIZ_LIBRARIES := -lncursesw -ltinfo -lm -lzstd
VIZ_TESTED_SOURCES := $(filter-out $(VIZ_COMMAND_SOURCES),$(VIZ_SOURCES))
VIZ_TESTED_SOURCES += tools/viz/test/built_tree.c
VIZ_TESTS := $(patsubst tools/%.c,$(BUILD)/test/%,$(wildcard tools/viz/test/test_*.c))

$(REGIONVIZ): $(call tools_objects,$(VIZ_SOURCES)) $(TRACE_LIBRARY)
	@echo '  LINK    $@'
	$(Q)$(CC) $^ $(VIZ_LIBRARIES) -o $@

$(VIZ_TESTS): $(BUILD)/test/%: $(BUILD)/test/tools/tools/%.o $(call tools_sanitized,$(VIZ_TESTED_SOURCES)) \
              $(TRACE_LIBRARY_SANITIZED)
	@mkdir -p $(@D)
	@echo '  LINK    $@'
	$(Q)$(CC) $(TOOLS_SANITIZE) $^ -lcmocka $(VIZ_LIBRARIES) -o $@

# Pictures beside Graphviz. Changes docs/performance.md.
bench-draw: $(BUILD)/bench/measure_draw $(BUILD)/host/run_script
bench-draw:                     ## measure how long pictures take, beside Graphviz; writes docs/performance.md
	$(Q)tools/viz/bench/draw $(BUILD) > $(BUILD)/bench-draw.md
	$(call put_table,$(BUILD)/bench-draw.md,drawing)
.PHONY: bench-draw

DRAW_SOURCES := tools/viz/bench/measure_draw.c $(filter-out $(VIZ_COMMAND_SOURCES),$(VIZ_SOURCES))

$(BUILD)/bench/measure_draw: $(call tools_objects,$(DRAW_SOURCES)) $(TRACE_LIBRARY)
	@mkdir -p $(@D)
	@echo '  LINK    $@'
	$(Q)$(CC) $^ $(VIZ_LIBRARIES) -o $@

include tools/trace/fuzz/fuzz.mk

# --- all -----------------------------------------------------------------------------------------------------

TOOL_TESTS += $(TRACE_TESTS) $(VIZ_TESTS)
testable: $(WRITE_EVENTS) $(ALTER_EVENTS) $(LOSE_FRAMES)

tools: $(REGIONTRACE) $(REGIONVIZ)      ## build regiontrace and regionviz
.PHONY: tools

# --- the tables in docs -------------------------------------------------------------------------------------

EVENT_TABLES := <!-- The tables below are made from

event-tables: $(REGIONTRACE)    ## write the tables of events in docs/trace-format.md again
	$(Q)sed -i '/^$(EVENT_TABLES)/q' docs/trace-format.md
	$(Q)(echo; $(REGIONTRACE) events | sed 's/^#/##/') >> docs/trace-format.md
.PHONY: event-tables

include tools/viz/pictures.mk

-include $(shell find $(BUILD)/tools $(BUILD)/test/tools -name '*.d' 2>/dev/null)
