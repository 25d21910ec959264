'use strict';

/* Draws the state (state.js): the tree, the address space, and the fields of one region. Holes are in skyline.js. */

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

/*
 * page.c says where nodes stand: a column for each in address order, a row for each depth, boxes as wide as words are.
 */
const { column: COLUMN, row: ROW, width: WIDTH, height: HEIGHT } = page.layout;
const MARGIN = WIDTH / 2 + 20, TOP = HEIGHT / 2 + 22, LEVELS_SHOWN = 2;
/* No letter is smaller than nine pixels. */
const SMALLEST_FITTED = 9 / 10.5;
let scale = 1, isFitted = true;

/* By its id, 0: none. The region whose fields are shown; and the one of which predict mode asks what comes next. */
let chosen = 0, asked = 0;

const widthOfTree = nodes => 2 * MARGIN + Math.max(0, nodes - 1) * COLUMN;

/*
 * What the tree's picture shows, in address order: all nodes, if there is room for them; or for a subtree away from the
 * operation one triangle with the number of its regions, if it is more than one. Shown are the upper levels, what is
 * marked, and all above that.
 *
 *            50                      50
 *         30    70        ->      30    ▲ 3 regions
 *       20 40  60 80            20 40
 */
function itemsOf() {
        const room = element('tree-scroll').clientWidth / SMALLEST_FITTED;
        if (element('whole').checked || widthOfTree(state.nodes.length) <= room)
                return state.nodes.map(node => ({ node, count: 0 }));
        const parent = new Map(state.nodes.map(node => [node[F.id], node[F.parent]]));
        const shown = new Set(state.nodes.filter(node => node[F.depth] < LEVELS_SHOWN).map(node => node[F.id]));
        const marked = state.nodes.filter(node => node[F.look] > PALE).map(node => node[F.id]);
        for (const id of [...marked, currentStep()[2], chosen, asked])
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
        return [...items.values()].map(({ node, count }) => ({ node, count: count === 1 ? 0 : count }));
}

const xOf = index => MARGIN + index * COLUMN;
const yOf = node => TOP + node[F.depth] * ROW;

/* The class of the edge to a node: the search followed it, or skipped it; or it leads to where a region is linked. */
function kindOfEdge(below) {
        if (below[F.look] & FOLLOWED) return 'edge followed';
        if (below[F.look] & LINKING) return 'edge linking';
        return below[F.look] === PALE ? 'edge skipped' : 'edge';
}

function drawEdges(svg, items) {
        const index = new Map(items.map(({ node }, i) => [node[F.id], i]));
        items.forEach(({ node }, i) => {
                const parent = index.get(node[F.parent]);
                if (parent === undefined) return;
                draw(svg, 'line', {
                        class: kindOfEdge(node), 'data-region': node[F.id],
                        x1: xOf(parent), y1: yOf(items[parent].node) + HEIGHT / 2,
                        x2: xOf(i), y2: yOf(node) - HEIGHT / 2,
                });
        });
}

/* Nodes of a list (of an early kernel) have no colours, and each stands beneath the one before it. */
const colourOf = node => node[F.colour] ? 'red' : 'black';
const counted = (count, thing) => `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;

/* Words in the middle of a place in the tree. */
function drawWords(parent, kind, x, y, words) {
        draw(parent, 'text', { class: kind, x, y, 'text-anchor': 'middle' }, words);
}

function drawTriangle(svg, { node, count }, x) {
        const top = yOf(node) - HEIGHT / 2, kind = node[F.look] === PALE ? 'subtree pale' : 'subtree';
        const group = draw(svg, 'g', { class: kind, 'data-region': node[F.id] });
        const words = counted(count, page.is_list ? 'more region' : 'region'), gaps = strings[node[F.gaps]];
        const [, max] = gaps.split(' · '), from = `${colourOf(node)} ${strings[node[F.heading]]}`;
        draw(group, 'title', {}, page.is_list ? words : `a subtree of ${words}, from the ${from} down; ${gaps}`);
        draw(group, 'path', { class: colourOf(node), d: `M${x} ${top} l17 30 h-34 z` });
        drawWords(group, 'name', x, top + 45, words);
        drawWords(group, 'gaps', x, top + 60, max ?? '');
        if (node[F.why]) drawWords(group, 'why', x, top + 76, strings[node[F.why]]);
        group.addEventListener('click', () => choose(node));
}

function drawNode(svg, node, x) {
        const id = node[F.id], left = x - WIDTH / 2, top = yOf(node) - HEIGHT / 2, isRed = node[F.colour];
        const look = node[F.look] & ROLE, [, kind, current, words] = currentStep();
        const classes = {
                node: true, chosen: id === chosen, pale: look === PALE, subject: look === SUBJECT,
                blocking: look === BLOCKING, asked: id === asked,
        };
        const group = draw(svg, 'g', {
                class: Object.keys(classes).filter(name => classes[name]).join(' '), 'data-region': id,
        });
        const box = { x: left, y: top, width: WIDTH, height: HEIGHT, rx: isRed ? 16 : 2 };
        const halo = { x: left - 6, y: top - 6, width: WIDTH + 12, height: HEIGHT + 12, rx: isRed ? 20 : 6 };

        const name = strings[node[F.name]], heading = strings[node[F.heading]];
        draw(group, 'title', {}, page.is_list ? `${heading} ${name}` : `${heading} ${name}, ${colourOf(node)}`);
        if (look > PALE || id === asked) draw(group, 'rect', { class: 'halo', ...halo });
        draw(group, 'rect', { class: colourOf(node), ...box });
        drawWords(group, 'address', x, top + 19, heading);
        drawWords(group, 'name', x, top + 35, page.is_list ? name : `${isRed ? 'R' : 'B'} · ${name}`);
        drawWords(group, 'gaps', x, top + 50, strings[node[F.gaps]]);
        const pointer = { class: 'pointer', d: `M${left - 8} ${top + HEIGHT / 2} l-7 -6 v12 z` };
        if (id === current) draw(group, 'path', pointer);
        const numbers = { class: 'number', x: left + WIDTH + 12, y: top + 10 };
        if (node[F.number]) draw(group, 'text', numbers, strings[node[F.number]]);
        if (kind === VISIT && id === current) drawWords(group, 'decided', x, top + HEIGHT + 18, strings[words]);
        else if (node[F.why]) drawWords(group, 'why', x, top - 9, strings[node[F.why]]);
        group.addEventListener('click', () => choose(node));
}

function drawTree() {
        const svg = element('tree'), items = itemsOf();
        const height = 1 + Math.max(0, ...state.nodes.map(node => node[F.depth]));
        const rows = 1 + Math.max(0, ...items.map(({ node }) => node[F.depth]));
        const width = widthOfTree(items.length);
        const root = state.nodes.find(node => !node[F.parent]);
        const box = element('tree-scroll');
        if (isFitted) {
                const fitted = Math.min(box.clientWidth / width, 0.6 * window.innerHeight / (rows * ROW + 30));
                scale = Math.max(SMALLEST_FITTED, Math.min(1, fitted));
        }
        const words = root ? `, root ${strings[root[F.heading]]}` : '';
        const regions = counted(state.nodes.length, 'region');
        beginPicture(svg, width, rows * ROW + 30, scale,
                page.is_list ? `a list of ${regions}` : `${regions}, height ${height}${words}`);
        if (!items.length) drawWords(svg, 'small', width / 2, TOP, 'no regions');
        drawEdges(svg, items);
        items.forEach((item, i) => {
                if (item.count) drawTriangle(svg, item, xOf(i));
                else drawNode(svg, item.node, xOf(i));
        });
}

/* Scrolls the frame of a picture so that a part of the picture is in view: to the middle, if it is not. */
function bringIntoView(part) {
        const frame = part.closest('.scroll'), room = frame.getBoundingClientRect(), box = part.getBoundingClientRect();
        const isBeside = box.left < room.left || box.right > room.right;
        const isAboveOrBelow = box.top < room.top || box.bottom > room.bottom;
        const across = isBeside ? (box.left + box.right - room.left - room.right) / 2 : 0;
        const down = isAboveOrBelow ? (box.top + box.bottom - room.top - room.bottom) / 2 : 0;
        /* Both at once: where scrolling is smooth, the second would stop the first. A long way is no way to glide. */
        frame.scrollTo({
                left: frame.scrollLeft + across, top: frame.scrollTop + down,
                behavior: Math.abs(across) > 2 * room.width ? 'instant' : 'auto',
        });
}

function followNode(id) {
        const group = element('tree').querySelector(`g[data-region="${id}"]`);
        if (group) bringIntoView(group);
}

/* What the current step is about is in view in each picture. */
function followStep() {
        const subject = state.nodes.find(node => (node[F.look] & ROLE) === SUBJECT);
        followNode(currentStep()[2] || subject?.[F.id]);
        for (const part of document.querySelectorAll('#space .here, #holes .here')) bringIntoView(part);
}

const hex = pages => (BigInt(pages) * 4096n).toString(16);
const widthOf = pages => 4 + 5 * Math.log2(1 + pages);
const LETTER = 8;

/* A list may be in no order. */
const byAddress = () => page.is_list ? [...state.nodes].sort((a, b) => a[F.base] - b[F.base]) : state.nodes;

/*
 * Holes, guards and regions from low to high addresses. In the middle of an operation the gaps that nodes store may be
 * older than the addresses, so a hole is what lies between regions. It belongs to the region above it; the last, to 0.
 */
function pieces() {
        const all = [];
        let reached = page.recording.base;
        const add = (kind, end, id, node) => {
                if (end > reached) all.push({ kind, pages: end - reached, id, node });
                reached = Math.max(reached, end);
        };
        for (const node of byAddress()) {
                const id = node[F.id];
                add('hole', node[F.base] - node[F.before], id);
                add('guard', node[F.base], id);
                add('region', node[F.end], id, node);
                add('guard', node[F.end] + node[F.after], id);
        }
        add('hole', page.recording.end, 0);
        return all;
}

function drawPieces(svg, all, stretch) {
        let x = 10;
        for (const { kind, pages, node } of all) {
                const width = widthOf(pages) * stretch;
                const group = draw(svg, 'g', { 'data-pages': pages });
                const name = node ? strings[node[F.name]].replace(/ [^ ]*$/, '') : '';
                const hole = `${kind}, ${counted(pages, 'page')}`;
                const words = node ? `${strings[node[F.heading]]} ${strings[node[F.name]]}` : hole;
                draw(group, 'title', {}, words);
                draw(group, 'rect', { class: kind, x, y: 14, width, height: 34 });
                if (name.length * LETTER <= width) drawWords(group, 'small', x + width / 2, 36, name);
                x += width;
        }
        draw(svg, 'text', { class: 'small', x: 10, y: 64 }, hex(page.recording.base));
        draw(svg, 'text', { class: 'small', x, y: 64, 'text-anchor': 'end' }, hex(page.recording.end));
}

/* Most steps change no address. Then the pieces stay, and only what the step is about is marked anew. */
let drawnPieces = '';

function drawSpace() {
        const all = pieces(), svg = element('space'), step = currentStep();
        const total = all.reduce((sum, piece) => sum + widthOf(piece.pages), 0);
        const stretch = Math.max(0.35, (svg.parentElement.clientWidth - 30) / (total || 1));
        const wanted = JSON.stringify([stretch, all.map(({ kind, pages, node }) => [kind, pages, node?.[F.name]])]);
        if (wanted !== drawnPieces) {
                beginPicture(svg, total * stretch + 20, 74, 1,
                        `${counted(all.length, 'piece')}: regions, guards and holes in address order`);
                drawPieces(svg, all, stretch);
                drawnPieces = wanted;
        }
        svg.querySelectorAll('rect').forEach((rect, i) => {
                const { kind, id, node } = all[i];
                const isHere = (kind === 'region' && ((node[F.look] & ROLE) === SUBJECT || id === step[2])) ||
                        (kind === 'hole' && step[1] === VISIT && step[2] === id);
                rect.classList.toggle('here', isHere);
        });
}

function choose(node) {
        chosen = node[F.id];
        element('node-section').classList.add('chosen');
        drawTree();
        followNode(chosen);
        showNode(node);
}

/* The next region in address order, upwards (1) or downwards (-1); at first the one that the step is about. */
function chooseNext(by) {
        const nodes = byAddress(), here = nodes.findIndex(node => node[F.id] === chosen);
        const current = nodes.findIndex(node => node[F.id] === currentStep()[2]);
        const next = here < 0 ? Math.max(0, current) : Math.max(0, Math.min(nodes.length - 1, here + by));
        if (nodes.length) choose(nodes[next]);
}

/* After a step: what was chosen may have changed, or be in no tree any more. */
function showChosen() {
        const node = state.nodes.find(one => one[F.id] === chosen);
        if (node) showNode(node);
        else if (chosen) element('node').textContent = 'The chosen region is not in the tree at this step.';
}

function showNode(node) {
        const [, max] = strings[node[F.gaps]].split(' · ');
        const place = page.is_list ? '' : `${colourOf(node)}, depth ${node[F.depth]}, `;
        element('node').textContent =
                `${hex(node[F.base])}–${hex(node[F.end])}  ${strings[node[F.name]]}\n` +
                `${place}${counted(node[F.end] - node[F.base], 'page')}, ` +
                `guards ${node[F.before]} and ${node[F.after]} pages\n` +
                `gap below it ${node[F.gap]} pages` +
                (max ? `, largest gap in its subtree ${node[F.max]} pages` : '');
}
