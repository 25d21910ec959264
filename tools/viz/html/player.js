'use strict';

/*
 * Plays the steps that tools/viz/html/steps.c has written. Trees, positions in address order, depths and words come
 * from there. This script applies changes, forward and back, and draws.
 */

const page = JSON.parse(document.getElementById('recording').textContent);
const { strings, operations, steps, snapshots } = page.recording;
const F = Object.fromEntries(page.fields.map((name, index) => [name, index]));
const [BEGIN, VISIT] = [0, 1];
const [NONE, LEFT, RIGHT, UP, HERE] = [0, 1, 2, 3, 4];
const element = id => document.getElementById(id);

/* --- the state ------------------------------------------------------------------------------------------- */

/* The row of nodes after `step` steps have been applied, and what is needed to take them back. */
const state = { step: 0, nodes: [], tailGap: 0, undo: [] };

function loadSnapshot(index) {
        const [step, nodes, tailGap] = snapshots[index];
        state.step = step;
        state.nodes = nodes.map(node => node.slice());
        state.tailGap = tailGap;
        state.undo = [];
}

function stepForward() {
        const change = steps[state.step][4];
        let undo = null;
        if (change) {
                const [kept, removed, inserted, fields, tailGap] = change;
                undo = { kept, inserted: inserted.length, tailGap: state.tailGap, fields: [] };
                undo.removed = state.nodes.splice(kept, removed, ...inserted.map(node => node.slice()));
                for (let i = 0; i < fields.length; i += 3) {
                        const [index, field, value] = fields.slice(i, i + 3);
                        undo.fields.push([index, field, state.nodes[index][field]]);
                        state.nodes[index][field] = value;
                }
                state.tailGap = tailGap;
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
        state.tailGap = undo.tailGap;
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

/*
 * What the operation has done so far: visits in order, a visit to the node of the one before being the same visit; the
 * subtrees it skipped; the region it is about.
 */
function soFar() {
        const first = firstStepOf(operationAt(state.step - 1));
        const visits = [], skipped = new Map(), linking = new Set();
        let subject = 0;
        for (let i = first; i < state.step; i++) {
                const [, kind, region, , , choice, pale, why] = steps[i];
                if (kind === BEGIN) subject = region;
                if (kind !== VISIT) continue;
                if (choice === NONE) linking.add(region);
                else if (!visits.length || visits[visits.length - 1].region !== region) visits.push({ region, choice });
                else visits[visits.length - 1].choice = choice;
                if (pale && !skipped.has(pale)) skipped.set(pale, strings[why]);
        }
        for (const { region } of visits) skipped.delete(region);
        return { visits, skipped, linking, subject };
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

/* --- drawing --------------------------------------------------------------------------------------------- */

const SVG = 'http://www.w3.org/2000/svg';

function draw(parent, name, attributes, text) {
        const child = document.createElementNS(SVG, name);
        for (const [key, value] of Object.entries(attributes)) child.setAttribute(key, value);
        if (text !== undefined) child.textContent = text;
        parent.append(child);
        return child;
}

function beginPicture(svg, width, height, scale, description) {
        svg.replaceChildren();
        svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
        svg.setAttribute('width', width * scale);
        svg.setAttribute('height', height * scale);
        svg.setAttribute('aria-label', description);
}

/* A column for each node in address order, a row for each depth. Neighbours in order are never of one depth. */
const COLUMN = 86, ROW = 104, BOX = { width: 156, height: 54 }, MARGIN = 96, ALL_SHOWN = 40, LEVELS_SHOWN = 2;
const SMALLEST_FITTED = 0.55;
let scale = 1, isFitted = true;

/*
 * What the tree's picture shows, in address order: nodes, and for a subtree away from the operation one triangle with the
 * number of its regions. Shown are the upper levels, what is marked, and all above that.
 *
 *            50                      50
 *         30    70        ->      30    ▲ 3 regions
 *       20 40  60 80            20 40
 */
function itemsOf(marks) {
        if (element('whole').checked || state.nodes.length <= ALL_SHOWN)
                return state.nodes.map(node => ({ node, count: 0 }));
        const parent = new Map(state.nodes.map(node => [node[F.id], node[F.parent]]));
        const shown = new Set(state.nodes.filter(node => node[F.depth] < LEVELS_SHOWN).map(node => node[F.id]));
        const marked = [...marks.visited.keys(), ...marks.linking, marks.subject, currentStep()[2]];
        for (const id of marked)
                for (let up = id; parent.has(up) && !shown.has(up); up = parent.get(up)) shown.add(up);
        const items = new Map();
        for (const node of state.nodes) {
                let top = node[F.id];
                while (!shown.has(top) && !shown.has(parent.get(top))) top = parent.get(top);
                if (shown.has(top)) items.set(top, { node, count: 0 });
                else if (items.has(top)) items.get(top).count++;
                else items.set(top, { node, count: 1 });
                if (!shown.has(top) && node[F.id] === top) items.get(top).node = node;
        }
        return [...items.values()];
}

const xOf = index => MARGIN + index * COLUMN;
const yOf = node => 54 + node[F.depth] * ROW;

function drawEdges(svg, items, marks) {
        const index = new Map(items.map(({ node }, i) => [node[F.id], i]));
        items.forEach(({ node }, i) => {
                const parent = index.get(node[F.parent]);
                if (parent === undefined) return;
                const followed = marks.visited.has(node[F.id]) && marks.visited.has(node[F.parent]);
                const isPale = marks.pale.has(node[F.id]);
                draw(svg, 'line', {
                        class: `edge${followed ? ' followed' : isPale ? ' skipped' : ''}`,
                        x1: xOf(parent), y1: yOf(items[parent].node) + BOX.height / 2, x2: xOf(i), y2: yOf(node) - BOX.height / 2,
                });
        });
}

function drawTriangle(svg, { node, count }, x, marks) {
        const id = node[F.id], top = yOf(node) - BOX.height / 2;
        const group = draw(svg, 'g', { class: `subtree${marks.pale.has(id) ? ' pale' : ''}`, 'data-region': id });
        const words = `${count} region${count === 1 ? '' : 's'}`;
        draw(group, 'title', {}, `a subtree of ${words}, from the ${node[F.colour] ? 'red' : 'black'} ${strings[node[F.heading]]} down; ${strings[node[F.gaps]]}`);
        draw(group, 'path', { class: node[F.colour] ? 'red' : 'black', d: `M${x} ${top} l17 30 h-34 z` });
        draw(group, 'text', { class: 'small', x, y: top + 45, 'text-anchor': 'middle' }, words);
        draw(group, 'text', { class: 'gaps', x, y: top + 58, 'text-anchor': 'middle' }, strings[node[F.gaps]].replace(/^.* · /, ''));
        if (marks.skipped.has(id)) draw(group, 'text', { class: 'why', x, y: top + 73, 'text-anchor': 'middle' }, marks.skipped.get(id));
}

function drawNode(svg, node, x, marks) {
        const id = node[F.id], y = yOf(node);
        const visit = marks.visited.get(id), isSubject = id === marks.subject && !visit;
        const classes = ['node', marks.pale.has(id) && 'pale', isSubject && 'subject', visit && marks.blocking === id && 'blocking'];
        const group = draw(svg, 'g', { class: classes.filter(Boolean).join(' '), 'data-region': id });
        const left = x - BOX.width / 2, top = y - BOX.height / 2;

        draw(group, 'title', {}, `${strings[node[F.heading]]} ${strings[node[F.name]]}, ${node[F.colour] ? 'red' : 'black'}`);
        if (visit || isSubject)
                draw(group, 'rect', { class: 'halo', x: left - 6, y: top - 6, width: BOX.width + 12, height: BOX.height + 12, rx: node[F.colour] ? 20 : 6 });
        draw(group, 'rect', { class: node[F.colour] ? 'red' : 'black', x: left, y: top, width: BOX.width, height: BOX.height, rx: node[F.colour] ? 16 : 2 });
        draw(group, 'text', { class: 'address', x, y: top + 17, 'text-anchor': 'middle' }, strings[node[F.heading]]);
        draw(group, 'text', { class: 'small', x, y: top + 32, 'text-anchor': 'middle' }, `${node[F.colour] ? 'R' : 'B'} · ${strings[node[F.name]]}`);
        draw(group, 'text', { class: 'gaps', x, y: top + 47, 'text-anchor': 'middle' }, strings[node[F.gaps]]);
        if (visit) draw(group, 'text', { class: 'number', x: left - 8, y: top - 10 }, visit.numbers);
        if (id === marks.current) draw(group, 'text', { class: 'decided', x, y: top + BOX.height + 20, 'text-anchor': 'middle' }, marks.words);
        else if (marks.skipped.has(id)) draw(group, 'text', { class: 'why', x, y: top - 12, 'text-anchor': 'middle' }, marks.skipped.get(id));
        group.addEventListener('click', () => showNode(node));
}

/* Everything that is marked in the pictures at this step. */
function marksOfNow() {
        const { visits, skipped, linking, subject } = soFar();
        const visited = new Map();
        visits.forEach(({ region, choice }, i) => {
                const numbers = visited.has(region) ? `${visited.get(region).numbers}, ${i + 1}` : `${i + 1}`;
                visited.set(region, { numbers, choice });
        });
        const pale = idsBelow(skipped);
        for (const id of [...visited.keys(), ...linking]) pale.delete(id);
        const step = currentStep();
        const words = strings[step[3]].replace(/^[^:]*: /, '');
        const operation = operations[operationAt(state.step - 1)];
        const isRefused = operation[5] === 1 && state.step === endOf(operationAt(state.step - 1)) && visits.length;
        const blocking = isRefused && !operation[2] ? visits[visits.length - 1].region : 0;
        return { visited, skipped, linking, subject, pale, blocking, current: step[1] === VISIT ? step[2] : 0, words: step[1] === VISIT ? words : '' };
}

function drawTree(marks) {
        const svg = element('tree'), items = itemsOf(marks);
        const height = 1 + Math.max(0, ...state.nodes.map(node => node[F.depth]));
        const rows = 1 + Math.max(0, ...items.map(({ node }) => node[F.depth]));
        const width = 2 * MARGIN + Math.max(0, items.length - 1) * COLUMN;
        const root = state.nodes.find(node => !node[F.parent]);
        const box = element('tree-scroll');
        if (isFitted) {
                const fitted = Math.min(box.clientWidth / width, 0.6 * window.innerHeight / (rows * ROW + 30));
                scale = Math.max(SMALLEST_FITTED, Math.min(1, fitted));
        }
        beginPicture(svg, width, rows * ROW + 30, scale,
                `${state.nodes.length} regions, height ${height}${root ? `, root ${strings[root[F.heading]]}` : ''}`);
        drawEdges(svg, items, marks);
        items.forEach((item, i) => item.count ? drawTriangle(svg, item, xOf(i), marks) : drawNode(svg, item.node, xOf(i), marks));
        follow(items, marks);
}

/* Scrolls so that the node of the current step is in view. */
function follow(items, marks) {
        const id = marks.current || currentStep()[2] || marks.subject;
        const index = items.findIndex(({ node }) => node[F.id] === id);
        const box = element('tree-scroll');
        if (index < 0) return;
        const x = xOf(index) * scale, y = yOf(items[index].node) * scale;
        if (x < box.scrollLeft + 90 || x > box.scrollLeft + box.clientWidth - 90) box.scrollLeft = x - box.clientWidth / 2;
        if (y < box.scrollTop + 50 || y > box.scrollTop + box.clientHeight - 60) box.scrollTop = y - box.clientHeight / 2;
}

const hex = pages => (BigInt(pages) * 4096n).toString(16);
const widthOf = pages => 4 + 5 * Math.log2(1 + pages);

/* Holes, guards and regions from low to high addresses. */
function pieces() {
        const all = [];
        for (const node of state.nodes) {
                const id = node[F.id];
                if (node[F.gap]) all.push({ kind: 'hole', pages: node[F.gap], id });
                if (node[F.before]) all.push({ kind: 'guard', pages: node[F.before], id });
                all.push({ kind: 'region', pages: node[F.end] - node[F.base], id, node });
                if (node[F.after]) all.push({ kind: 'guard', pages: node[F.after], id });
        }
        if (state.tailGap) all.push({ kind: 'hole', pages: state.tailGap, id: 0 });
        return all;
}

function drawSpace(marks) {
        const all = pieces(), svg = element('space');
        const total = all.reduce((sum, piece) => sum + widthOf(piece.pages), 0);
        const stretch = Math.max(0.35, (svg.parentElement.clientWidth - 30) / (total || 1));
        beginPicture(svg, total * stretch + 20, 74, 1, `${all.length} pieces: regions, guards and holes in address order`);
        let x = 10;
        for (const { kind, pages, id, node } of all) {
                const width = widthOf(pages) * stretch;
                const here = (kind === 'region' && (id === marks.subject || id === currentStep()[2])) ||
                        (kind === 'hole' && currentStep()[1] === VISIT && currentStep()[2] === id);
                const group = draw(svg, 'g', {});
                draw(group, 'title', {}, node ? `${strings[node[F.heading]]} ${strings[node[F.name]]}` : `${kind}, ${pages} pages`);
                draw(group, 'rect', { class: `${kind}${here ? ' here' : ''}`, x, y: 14, width, height: 34 });
                if (node && width > 60) draw(group, 'text', { class: 'small', x: x + width / 2, y: 36, 'text-anchor': 'middle' }, strings[node[F.name]].slice(0, Math.floor(width / 7)));
                x += width;
        }
        draw(svg, 'text', { class: 'small', x: 10, y: 64 }, hex(page.recording.base));
        draw(svg, 'text', { class: 'small', x: total * stretch + 10, y: 64, 'text-anchor': 'end' }, hex(page.recording.end));
}

/* Each hole a bar of its size in address order; the request a line. Sizes are logarithmic. */
function drawHoles(marks) {
        const svg = element('holes'), HEIGHT = 120;
        const holes = state.nodes.map(node => ({ pages: node[F.gap], id: node[F.id] })).filter(hole => hole.pages);
        if (state.tailGap) holes.push({ pages: state.tailGap, id: 0 });
        const need = operations[operationAt(state.step - 1)][2];
        const largest = Math.max(1, need, ...holes.map(hole => hole.pages));
        const heightOf = pages => 4 + (HEIGHT - 14) * Math.log2(1 + pages) / Math.log2(1 + largest);
        const step = Math.max(10, Math.min(40, (svg.parentElement.clientWidth - 30) / (holes.length || 1)));
        beginPicture(svg, holes.length * step + 20, HEIGHT + 18, 1, `${holes.length} holes, the largest of ${Math.max(0, ...holes.map(hole => hole.pages))} pages`);
        holes.forEach(({ pages, id }, i) => {
                const height = heightOf(pages);
                const here = currentStep()[1] === VISIT && currentStep()[2] === id;
                const bar = draw(svg, 'rect', { class: `bar${marks.pale.has(id) ? ' dismissed' : ''}${here ? ' here' : ''}`, x: 10 + i * step, y: HEIGHT - height, width: step - 4, height });
                draw(bar, 'title', {}, `${pages} pages`);
        });
        if (need) {
                const y = HEIGHT - heightOf(need);
                draw(svg, 'line', { class: 'request', x1: 4, x2: holes.length * step + 16, y1: y, y2: y });
                draw(svg, 'text', { class: 'small', x: 8, y: y - 3 }, `needed: ${need} pages`);
        }
        const dismissed = holes.filter(hole => marks.pale.has(hole.id)).length;
        const comparisons = marks.skipped.size;
        element('holes-words').textContent = need && dismissed ?
                `${comparisons} ${comparisons === 1 ? 'comparison' : 'comparisons'} dismissed ${dismissed} of ${holes.length} holes (pale) without a visit. Heights are logarithmic.` :
                `${holes.length} holes in address order. Heights are logarithmic.`;
}

function showNode(node) {
        element('node').textContent =
                `${hex(node[F.base])}–${hex(node[F.end])}  ${strings[node[F.name]]}\n` +
                `${node[F.colour] ? 'red' : 'black'}, depth ${node[F.depth]}, ${node[F.end] - node[F.base]} pages, ` +
                `guards ${node[F.before]} and ${node[F.after]} pages\n` +
                `gap below it ${node[F.gap]} pages, largest gap in its subtree ${node[F.max]} pages`;
}

/* --- lists ----------------------------------------------------------------------------------------------- */

function listButton(words, action) {
        const item = document.createElement('li'), button = document.createElement('button');
        button.type = 'button';
        button.textContent = words;
        button.addEventListener('click', action);
        item.append(button);
        return item;
}

const operationItems = operations.map(([number, , , title, , failed], index) => {
        const item = listButton(`${number}. ${strings[title]}`, () => go(firstStepOf(index) + 1));
        if (failed) item.firstChild.classList.add('refused');
        return item;
});

let shownOperation = -1;

function markCurrent(items, index) {
        items.forEach((item, i) => item.firstChild.setAttribute('aria-current', i === index));
        const item = items[index];
        if (item && item.parentElement) {
                const list = item.parentElement;
                if (item.offsetTop < list.scrollTop + list.offsetTop || item.offsetTop + item.offsetHeight > list.scrollTop + list.offsetTop + list.clientHeight)
                        list.scrollTop = item.offsetTop - list.offsetTop - list.clientHeight / 2;
        }
}

function showLists() {
        const operation = operationAt(state.step - 1), first = firstStepOf(operation);
        const hidden = element('predict').checked ? state.step : Infinity;
        const items = [];
        for (let i = first; i < Math.min(endOf(operation), hidden); i++)
                items.push(listButton(`${i - first + 1}. ${strings[steps[i][3]]}`, () => go(i + 1)));
        element('steps').replaceChildren(...items);
        markCurrent(items, state.step - 1 - first);
        if (operation !== shownOperation) markCurrent(operationItems, operation);
        shownOperation = operation;
}

function search() {
        const wanted = element('search').value.trim().toLowerCase();
        let found = 0;
        operationItems.forEach(item => {
                item.hidden = wanted !== '' && !item.textContent.toLowerCase().includes(wanted);
                found += !item.hidden;
        });
        element('found').textContent = wanted ? `${found} of ${operations.length} operations` : '';
}

/* --- predict --------------------------------------------------------------------------------------------- */

const choices = { [LEFT]: 'left', [RIGHT]: 'right', [UP]: 'back up', [HERE]: 'this one fits', 5: 'this one does not fit' };
const score = { right: 0, asked: 0 };

/* The step that comes next is a decision: it is asked for before it is shown. False if there is nothing to ask. */
function askNext() {
        const next = steps[state.step];
        if (!element('predict').checked || !next || next[1] !== VISIT || next[5] === NONE) return false;
        const node = state.nodes.find(one => one[F.id] === next[2]);
        element('ask').textContent = `The search is at ${node ? strings[node[F.heading]] : 'the tail gap'}${node ? ` (${strings[node[F.gaps]]})` : ''}. What does it decide?`;
        element('answers').replaceChildren(...Object.entries(choices).map(([choice, words]) => {
                const button = document.createElement('button');
                button.type = 'button';
                button.textContent = words;
                button.addEventListener('click', () => answer(Number(choice) === next[5], choices[next[5]]));
                return button;
        }));
        element('question').hidden = false;
        element('answers').firstChild.focus();
        return true;
}

function answer(isRight, expected) {
        score.asked++;
        score.right += isRight;
        element('score').textContent = `${score.right} of ${score.asked} right`;
        go(state.step + 1);
        element('words').textContent = `${isRight ? 'Right' : `No: ${expected}`}. ${element('words').textContent}`;
        element('words').focus();
}

/* --- time ------------------------------------------------------------------------------------------------ */

let timer = 0;

function show() {
        const marks = marksOfNow(), step = currentStep(), operation = operations[operationAt(state.step - 1)];
        const isOver = state.step === endOf(operationAt(state.step - 1));
        const title = strings[operation[3]];
        element('question').hidden = true;
        element('operation').textContent = `Operation ${operation[0]}: ${isOver ? title : title.split(' → ')[0]}`;
        element('operation').classList.toggle('refused', isOver && operation[5] === 1);
        element('words').textContent = strings[step[3]];
        element('slider').value = state.step;
        element('slider').setAttribute('aria-valuetext', `step ${state.step} of ${steps.length}`);
        element('position').textContent = `step ${state.step} of ${steps.length}, event ${step[0]}`;
        drawTree(marks);
        drawSpace(marks);
        drawHoles(marks);
        showLists();
}

function go(step) {
        seek(step);
        show();
        try {
                window.history.replaceState(null, '', `#step=${state.step}`);
        } catch {
                /* Some frames of learning systems forbid it; then the address just stays. */
        }
}

const goNext = () => { if (!askNext()) go(state.step + 1); };
const goOperation = by => {
        const here = operationAt(state.step - 1), isBegun = state.step - 1 > firstStepOf(here);
        const wanted = by < 0 && isBegun ? here : Math.max(0, Math.min(operations.length - 1, here + by));
        go(firstStepOf(wanted) + 1);
};

function pause() {
        clearInterval(timer);
        timer = 0;
        element('play').setAttribute('aria-pressed', 'false');
}

function togglePlay() {
        if (timer) return pause();
        element('play').setAttribute('aria-pressed', 'true');
        timer = setInterval(() => {
                if (state.step >= steps.length || (element('predict').checked && askNext())) pause();
                else go(state.step + 1);
        }, Number(element('speed').value));
}

/* "#op=57", "#event=1204", "#step=99". */
function goToHash() {
        const [, kind, text] = /^#(op|event|step)=(\d+)$/.exec(location.hash) || [];
        const wanted = Number(text);
        if (kind === 'step') return go(wanted);
        if (kind === 'op') {
                const index = operations.findIndex(([number]) => number === wanted);
                if (index >= 0) return go(firstStepOf(index) + 1);
        }
        if (kind === 'event') {
                const index = steps.findIndex(([event]) => event >= wanted);
                if (index >= 0) return go(index + 1);
        }
        return go(1);
}

/* Larger or smaller by a factor; 0: as large as fits, from now on. */
function zoom(factor) {
        isFitted = factor === 0;
        scale = Math.max(0.1, Math.min(3, scale * (factor || 1)));
        drawTree(marksOfNow());
}

const keys = {
        ArrowLeft: () => go(state.step - 1), ArrowRight: goNext, PageUp: () => goOperation(-1), PageDown: () => goOperation(1),
        Home: () => go(1), End: () => go(steps.length), ' ': togglePlay, '+': () => zoom(1.25), '-': () => zoom(0.8), 0: () => zoom(0),
        '/': () => element('search').focus(), p: () => element('predict').click(),
};

document.addEventListener('keydown', event => {
        const target = event.target;
        const isTyping = target.matches('input[type="search"], select') || (target.matches('input[type="range"]') && event.key.startsWith('Arrow'));
        const isPressing = event.key === ' ' && target.matches('button, input');
        const isScrolling = target.matches('.scroll, ol') && /^(Arrow|Page|Home|End)/.test(event.key);
        if (isTyping || isPressing || isScrolling || event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]) return;
        event.preventDefault();
        keys[event.key]();
});

for (const [id, action] of Object.entries({
        first: keys.Home, 'back-operation': keys.PageUp, back: keys.ArrowLeft, play: togglePlay, next: goNext,
        'next-operation': keys.PageDown, last: keys.End, smaller: keys['-'], larger: keys['+'], fit: keys[0],
})) element(id).addEventListener('click', action);
element('slider').max = steps.length;
element('slider').min = 1;
element('slider').addEventListener('input', () => go(Number(element('slider').value)));
element('search').addEventListener('input', search);
element('predict').addEventListener('change', show);
element('whole').addEventListener('change', show);
window.addEventListener('hashchange', goToHash);
window.addEventListener('resize', () => show());

element('title').textContent = `${page.space}: the region tree, step by step`;
element('about').textContent = `${page.file}, tree ${page.tree}: ${operations.length} operations, ${steps.length} steps.`;
element('left-out').textContent = page.left_out;
document.title = element('title').textContent;
element('operations').append(...operationItems);
loadSnapshot(0);
goToHash();
