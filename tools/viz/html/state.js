'use strict';

/*
 * Plays the steps that tools/viz/html/steps.c has written. Trees, positions in address order, depths and words come
 * from there. This script applies changes, forward and back, and draws.
 */

const page = JSON.parse(document.getElementById('recording').textContent);
const { strings, operations, skylines, steps, snapshots } = page.recording;
const F = Object.fromEntries(page.fields.map((name, index) => [name, index]));
const [BEGIN, VISIT, END] = [0, 1, 3];
const [NONE, LEFT, RIGHT, UP, HERE, REFUSED] = [0, 1, 2, 3, 4, 5];
/* In the recording each step has how far its event is from the one before. */
steps.reduce((before, step) => (step[0] += before), 0);
const element = id => document.getElementById(id);

/* --- the state ------------------------------------------------------------------------------------------- */

/* The row of nodes after `step` steps have been applied, and what is needed to take them back. */
const state = { step: 0, nodes: [], undo: [] };

function loadSnapshot(index) {
        const [step, nodes] = snapshots[index];
        state.step = step;
        state.nodes = nodes.map(node => node.slice());
        state.undo = [];
}

function stepForward() {
        const change = steps[state.step][4];
        let undo = null;
        if (change) {
                const isLong = typeof change[0] === 'number';
                const [kept, removed, inserted, fields] = isLong ? change : [0, 0, [], ...change];
                undo = { kept, inserted: inserted.length, fields: [] };
                undo.removed = state.nodes.splice(kept, removed, ...inserted.map(node => node.slice()));
                for (let i = 0; i < fields.length; i += 3) {
                        const [index, field, value] = fields.slice(i, i + 3);
                        undo.fields.push([index, field, state.nodes[index][field]]);
                        state.nodes[index][field] = value;
                }
        }
        state.undo.push(undo);
        state.step++;
}

function stepBack() {
        const undo = state.undo.pop();
        state.step--;
        if (!undo) return;
        for (const [index, field, value] of undo.fields.reverse()) state.nodes[index][field] = value;
        state.nodes.splice(undo.kept, undo.inserted, ...undo.removed);
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

const nothing = () => ({ visits: [], skipped: new Map(), linking: new Set(), subjects: new Set() });

/*
 * What the operation has done so far: visits in order, a visit to the node of the one before being the same visit; the
 * subtrees it skipped; the regions it is about (a split is about two). Nothing once it is over, at a step that comes
 * between two operations.
 */
function soFar() {
        const first = firstStepOf(operationAt(state.step - 1));
        const { visits, skipped, linking, subjects } = nothing();
        for (let i = first; i < state.step; i++) {
                const [, kind, region, , , choice, pale, why] = steps[i];
                if (kind === BEGIN) subjects.add(region);
                if (kind === END && i < state.step - 1) return nothing();
                if (kind === END) subjects.add(region);
                if (kind !== VISIT) continue;
                if (choice === NONE) linking.add(region);
                else if (!visits.length || visits[visits.length - 1].region !== region) visits.push({ region, choice });
                else visits[visits.length - 1].choice = choice;
                if (pale && !skipped.has(pale)) skipped.set(pale, strings[why]);
        }
        for (const region of idsAbove([...visits.map(visit => visit.region), ...subjects])) skipped.delete(region);
        for (const region of linking)
                if (skipped.has(region)) skipped.set(region, skipped.get(region).replace(/^skipped/, 'not searched'));
        return { visits, skipped, linking, subjects };
}

/* The ids of some nodes and of all above them: a subtree that holds one of them was not left out, after all. */
function idsAbove(ids) {
        const parent = new Map(state.nodes.map(node => [node[F.id], node[F.parent]]));
        const above = new Set();
        for (const id of ids)
                for (let up = id; parent.has(up) && !above.has(up); up = parent.get(up)) above.add(up);
        return above;
}

/* The ids of all nodes below the skipped ones: a node's parent is in the row, too. */
function idsBelow(roots) {
        const parent = new Map(state.nodes.map(node => [node[F.id], node[F.parent]]));
        const below = new Set();
        for (const node of state.nodes) {
                const way = [];
                for (let id = node[F.id]; id; id = parent.get(id)) {
                        way.push(id);
                        if (roots.has(id)) {
                                way.forEach(one => below.add(one));
                                break;
                        }
                }
        }
        return below;
}
