/*
 * Safe points: places where a processor holds no lock and is inside no operation. They are at a tick, before it halts,
 * on the way back to ring 3, and between the lines of an op script.
 *
 * There it sends what a controller has requested: the header, or a keyframe. A keyframe is put off while any processor
 * stands or steps, since those may hold locks that it needs.
 */
#pragma once

/*
 * A reader that has missed something learns from a keyframe what is there now. So one is sent now and then without a
 * request, too: when the trace has grown by far more than the keyframe itself takes. Only at ticks: an op script has no
 * ticks, and its events are the same with a pause and without.
 */
enum safe_point_keyframe { KEYFRAME_IF_REQUESTED, KEYFRAME_IF_DUE };

/*
 * To be called at a safe point, with interrupts off. Other processors run on meanwhile. O(1), but where something is
 * sent: then O(length of the header), O(regions + threads).
 */
void safe_point(enum safe_point_keyframe wanted);
