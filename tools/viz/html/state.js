'use strict';

/*
 * Plays the steps that tools/viz/html/steps.c has written. Trees, positions in address order, depths, marks and words
 * come from there. This script applies changes, forward and back, and draws.
 */

const page = JSON.parse(document.getElementById('recording').textContent);
const { strings, operations, skylines, steps, snapshots } = page.recording;
const F = Object.fromEntries(page.fields.map((name, index) => [name, index]));
const [BEGIN, VISIT, END] = [0, 1, 3];
const [NONE, LEFT, RIGHT, UP, HERE, REFUSED] = [0, 1, 2, 3, 4, 5];
/* A node's look (marks.h): its role, and what its edge is. */
const [PALE, BLOCKING, SUBJECT] = [1, 3, 4], ROLE = 7, FOLLOWED = 8, LINKING = 16;
/* In the recording each step has how far its event is from the one before. */
steps.reduce((before, step) => (step[0] += before), 0);
const element = id => document.getElementById(id);

/* --- the state ------------------------------------------------------------------------------------------- */

/* The row of nodes after `step` steps have been applied, and what is needed to take them back. */
const state = { step: 0, nodes: [], undo: [] };

const withoutMarks = node => [...node, 0, 0, 0];

/* Sets a field of some nodes side by side. What takes that back is added to `undo`, in fours of such numbers. */
function setField(undo, first, count, field, value) {
        for (let at = first; at < first + count; at++) {
                const was = state.nodes[at][field], last = undo.length - 4;
                state.nodes[at][field] = value;
                if (at > first && undo[last + 3] === was) undo[last + 1]++;
                else undo.push(at, 1, field, was);
        }
}

/* Rows of `count` numbers out of a flat array. */
const rowsOf = (flat, count) =>
        Array.from({ length: flat.length / count }, (_, i) => flat.slice(i * count, (i + 1) * count));

function applyMarks(undo, [looks, numbers = [], reasons = []]) {
        for (const [first, count, look] of rowsOf(looks, 3)) setField(undo, first, count, F.look, look);
        for (const [at, text] of rowsOf(numbers, 2)) setField(undo, at, 1, F.number, text);
        for (const [at, text] of rowsOf(reasons, 2)) setField(undo, at, 1, F.why, text);
}

function loadSnapshot(index) {
        const [step, nodes, marks] = snapshots[index];
        state.step = step;
        state.nodes = nodes.map(withoutMarks);
        if (marks) applyMarks([], marks);
        state.undo = [];
}

/* A change replaces a part of the row, then sets fields. */
function applyChange(undo, change) {
        const isLong = typeof change[0] === 'number';
        const [kept, removed, inserted, fields = []] = isLong ? change : [0, 0, [], ...change];
        undo.kept = kept;
        undo.inserted = inserted.length;
        undo.removed = state.nodes.splice(kept, removed, ...inserted.map(withoutMarks));
        for (const [at, field, value] of rowsOf(fields, 3)) setField(undo.fields, at, 1, field, value);
}

function stepForward() {
        const [, kind, , , marks, change] = steps[state.step];
        const undo = { kept: 0, inserted: 0, removed: [], fields: [] };
        if (kind === BEGIN)
                for (const field of [F.look, F.number, F.why]) setField(undo.fields, 0, state.nodes.length, field, 0);
        if (change && kind !== VISIT) applyChange(undo, change);
        if (marks) applyMarks(undo.fields, marks);
        state.undo.push(undo);
        state.step++;
}

function stepBack() {
        const { kept, inserted, removed, fields } = state.undo.pop();
        state.step--;
        for (const [at, count, field, value] of rowsOf(fields, 4).reverse()) setField([], at, count, field, value);
        state.nodes.splice(kept, inserted, ...removed);
}

/* Goes to the state after `step` steps: by single steps if that is near, else from the snapshot before. */
function seek(step) {
        step = Math.max(1, Math.min(step, steps.length));
        let nearest = 0;
        while (nearest + 1 < snapshots.length && snapshots[nearest + 1][0] <= step) nearest++;
        const from = snapshots[nearest][0];
        const isNear = Math.abs(step - state.step) <= step - from && state.step - step <= state.undo.length;
        if (!isNear || !state.nodes) loadSnapshot(nearest);
        while (state.step < step) stepForward();
        while (state.step > step) stepBack();
}

/* --- what belongs to the current step -------------------------------------------------------------------- */

const currentStep = () => steps[state.step - 1];

/* A step in words: those of a visit stand beside its node, too, which is named in front of them elsewhere. */
function wordsOf([, kind, , words, , , place]) {
        return kind === VISIT ? `${strings[place]}: ${strings[words]}` : strings[words];
}

/* The index of the operation that a step belongs to: the last that begins at it or before. */
function operationAt(stepIndex) {
        let low = 0, high = operations.length - 1;
        while (low < high) {
                const middle = (low + high + 1) >> 1;
                if (operations[middle][1] <= stepIndex) low = middle;
                else high = middle - 1;
        }
        return low;
}

const firstStepOf = index => operations[index][1];
const endOf = index => index + 1 < operations.length ? operations[index + 1][1] : steps.length;
