/* At random moments the tree and the address space are those of `regionviz tree --json`. */
import { execFileSync } from 'node:child_process';

const MOMENTS = 200;

/* In the page: nodes from left to right with their row, colour, frame, edge and words; the pointer; the pieces. */
function shownAt(step) {
        go(step);
        const text = (group, name) => group.querySelector(name)?.textContent ?? '';
        const edges = new Map([...document.querySelectorAll('#tree .edge')]
                .map(line => [line.dataset.region, line.classList[1] ?? 'plain']));
        const roleOf = group => !group.querySelector('.halo') ? 'plain' :
                ['blocking', 'subject'].find(role => group.classList.contains(role)) ?? 'visited';
        const nodes = [...document.querySelectorAll('#tree g.node')].map(group => {
                const box = group.querySelector('rect:not(.halo)');
                return {
                        x: Number(box.getAttribute('x')), y: Number(box.getAttribute('y')),
                        region: Number(group.dataset.region), edge: edges.get(group.dataset.region) ?? 'none',
                        colour: box.classList.contains('red') ? 'red' : 'black',
                        role: roleOf(group), pale: group.classList.contains('pale'),
                        heading: text(group, '.address'), gaps: text(group, '.gaps'), number: text(group, '.number'),
                        skipped: text(group, '.why'), decided: text(group, '.decided'),
                };
        });
        const pieces = [...document.querySelectorAll('#space g')].map(group =>
                `${group.querySelector('rect').classList[0]} ${group.dataset.pages}`);
        const pointers = [...document.querySelectorAll('#tree .pointer')];
        const pointed = pointers.map(pointer => Number(pointer.parentElement.dataset.region));
        const [event, , region] = steps[step - 1];
        return { event, nodes, pieces, pointed, current: nodes.map(node => node.region).filter(one => one === region) };
}

/* The edge from the parent. One to a subtree that was skipped is dashed. */
function edgeOf(node) {
        if (!node.parent) return 'none';
        if (node.followed) return 'followed';
        if (node.linking) return 'linking';
        return node.pale ? 'skipped' : 'plain';
}

/* The bar of the layout, in pages; a hole that is cut where the operation takes its place is one hole. */
function piecesOf(layout) {
        const pieces = [];
        for (const { kind, base, end } of layout.bar) {
                const pages = Number(BigInt(end) - BigInt(base)) / 4096, last = pieces[pieces.length - 1];
                if (kind === 'hole' && last?.kind === 'hole') last.pages += pages;
                else pieces.push({ kind, pages });
        }
        return pieces.map(({ kind, pages }) => `${kind} ${pages}`);
}

/* What a node that is drawn has, and what the layout has of it: [name, is, should be]. */
function fieldsOf(is, should, row) {
        const fields = ['region', 'colour', 'heading', 'gaps', 'role', 'pale', 'number'];
        const pairs = fields.map(field => [field, is[field], should[field]]);
        pairs.push(['row', row, should.depth], ['edge', is.edge, edgeOf(should)]);
        if (is.skipped || !is.decided) pairs.push(['reason', is.skipped, should.skipped]);
        if (is.decided && !is.decided.includes(should.decided) && !/insertion point/.test(should.decided))
                pairs.push(['decision', is.decided, should.decided]);
        return pairs;
}

function differences(shown, layout) {
        if (shown.nodes.length !== layout.nodes.length)
                return [`${shown.nodes.length} nodes, should be ${layout.nodes.length}`];
        const found = [], rows = [...new Set(shown.nodes.map(node => node.y))].sort((a, b) => a - b);
        layout.nodes.forEach((should, i) => {
                const is = shown.nodes[i];
                for (const [what, one, other] of fieldsOf(is, should, rows.indexOf(is.y)))
                        if (one !== other) found.push(`${is.heading}: ${what} is "${one}", should be "${other}"`);
                if (i && !(shown.nodes[i - 1].x < is.x && layout.nodes[i - 1].x < should.x))
                        found.push(`${is.heading} is not right of the one before`);
        });
        if (shown.pointed.join() !== shown.current.join())
                found.push(`the pointer is at region ${shown.pointed}`);
        const bar = piecesOf(layout).join(), drawn = shown.pieces.join();
        if (drawn !== bar) found.push(`the address space is ${drawn}, should be ${bar}`);
        return found;
}

export default async function checkLayout({ page, ok, note, random, steps, recording, tree, regionviz }) {
        const wrong = [];

        note(`${MOMENTS} moments compared with the layout`);
        await page.evaluate(() => { document.getElementById('whole').checked = true; });
        for (let i = 0; i < MOMENTS; i++) {
                const step = 1 + random(steps), shown = await page.evaluate(shownAt, step);
                const json = execFileSync(regionviz, [
                        'tree', recording, '--tree', tree, '--at', String(shown.event), '--fit', 'poster', '--json',
                ], { encoding: 'utf8', maxBuffer: 1 << 26 });
                for (const words of differences(shown, JSON.parse(json)))
                        wrong.push(`step ${step}, event ${shown.event}: ${words}`);
        }
        ok(wrong.length === 0, `places, colours, frames, edges and words are the layout's at ${MOMENTS} random moments`,
                wrong.slice(0, 12).join('\n'));
        await page.evaluate(() => { document.getElementById('whole').checked = false; });
}
