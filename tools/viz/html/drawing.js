'use strict';

/* Draws the state (state.js): the tree, the address space, and the fields of one region. The holes are in skyline.js. */

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
        const marked = [...marks.visited.keys(), ...marks.linking, ...marks.subjects, currentStep()[2], chosen];
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
        const visit = marks.visited.get(id), isSubject = marks.subjects.has(id) && !visit;
        const classes = ['node', id === chosen && 'chosen', marks.pale.has(id) && 'pale', isSubject && 'subject', visit && marks.blocking === id && 'blocking'];
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
        group.addEventListener('click', () => choose(node));
}

/* What was decided at the node of this step, which may be several decisions in a row: "gap 0 < 1, goes right". */
function decidedNow() {
        const said = [], region = currentStep()[2];
        for (let i = state.step - 1; i >= 0 && steps[i][1] === VISIT && steps[i][2] === region; i--)
                said.unshift(strings[steps[i][3]].replace(/^[^:]*: /, ''));
        return said.join(', ');
}

/* Everything that is marked in the pictures at this step. */
function marksOfNow() {
        const { visits, skipped, linking, subjects } = soFar();
        const visited = new Map();
        visits.forEach(({ region, choice }, i) => {
                const numbers = visited.has(region) ? `${visited.get(region).numbers}, ${i + 1}` : `${i + 1}`;
                visited.set(region, { numbers, choice });
        });
        const pale = idsBelow(skipped);
        for (const id of [...visited.keys(), ...linking]) pale.delete(id);
        const step = currentStep();
        const operation = operations[operationAt(state.step - 1)];
        const isRefused = operation[5] === 1 && state.step === endOf(operationAt(state.step - 1)) && visits.length;
        const blocking = isRefused && !operation[2] ? visits[visits.length - 1].region : 0;
        return { visited, skipped, linking, subjects, pale, blocking, current: step[1] === VISIT ? step[2] : 0, words: step[1] === VISIT ? decidedNow() : '' };
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
        const id = marks.current || currentStep()[2] || [...marks.subjects][0];
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
                const here = (kind === 'region' && (marks.subjects.has(id) || id === currentStep()[2])) ||
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

/* The region whose fields are shown, by its id; 0: none. */
let chosen = 0;

function choose(node) {
        chosen = node[F.id];
        drawTree(marksOfNow());
        showNode(node);
}

/* The next region in address order, upwards (1) or downwards (-1); at first the one that the step is about. */
function chooseNext(by) {
        const here = state.nodes.findIndex(node => node[F.id] === chosen);
        const current = state.nodes.findIndex(node => node[F.id] === currentStep()[2]);
        const next = here < 0 ? Math.max(0, current) : Math.max(0, Math.min(state.nodes.length - 1, here + by));
        if (state.nodes.length) choose(state.nodes[next]);
}

/* After a step: what was chosen may have changed, or be in no tree any more. */
function showChosen() {
        const node = state.nodes.find(one => one[F.id] === chosen);
        if (node) showNode(node);
        else if (chosen) element('node').textContent = 'The chosen region is not in the tree at this step.';
}

function showNode(node) {
        element('node').textContent =
                `${hex(node[F.base])}–${hex(node[F.end])}  ${strings[node[F.name]]}\n` +
                `${node[F.colour] ? 'red' : 'black'}, depth ${node[F.depth]}, ${node[F.end] - node[F.base]} pages, ` +
                `guards ${node[F.before]} and ${node[F.after]} pages\n` +
                `gap below it ${node[F.gap]} pages, largest gap in its subtree ${node[F.max]} pages`;
}
