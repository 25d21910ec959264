/*
 * FOR_EACH(macro, (a, b), (c, d), ...) is `macro (a, b), macro (c, d), ...`: one call a tuple, commas between.
 * FOR_EACH_JOINED is the same without the commas. Up to 80 tuples.
 *
 * The preprocessor does not recurse, so each step leaves a call that the next rescan completes.
 */
#pragma once

#define FOR_EACH(macro, ...) FOR_EACH_WITH_(FOR_EACH_COMMA_, macro, __VA_ARGS__)
#define FOR_EACH_JOINED(macro, ...) FOR_EACH_WITH_(FOR_EACH_NOTHING_, macro, __VA_ARGS__)

#define FOR_EACH_WITH_(between, macro, ...) __VA_OPT__(FOR_EACH_RESCAN_(FOR_EACH_STEP_(between, macro, __VA_ARGS__)))
#define FOR_EACH_STEP_(between, macro, tuple, ...)                                                                  \
        macro tuple __VA_OPT__(between() FOR_EACH_AGAIN_ FOR_EACH_NOTHING_()() (between, macro, __VA_ARGS__))
#define FOR_EACH_AGAIN_() FOR_EACH_STEP_
#define FOR_EACH_COMMA_() ,
#define FOR_EACH_NOTHING_()
#define FOR_EACH_RESCAN_(...) FOR_EACH_RESCAN3_(FOR_EACH_RESCAN3_(FOR_EACH_RESCAN3_(__VA_ARGS__)))
#define FOR_EACH_RESCAN3_(...) FOR_EACH_RESCAN2_(FOR_EACH_RESCAN2_(FOR_EACH_RESCAN2_(__VA_ARGS__)))
#define FOR_EACH_RESCAN2_(...) FOR_EACH_RESCAN1_(FOR_EACH_RESCAN1_(FOR_EACH_RESCAN1_(__VA_ARGS__)))
#define FOR_EACH_RESCAN1_(...) __VA_ARGS__
