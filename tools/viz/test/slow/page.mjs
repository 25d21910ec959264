/*
 * Drives a page of `regionviz html` in a real browser, as a person would, and prints what it found as TAP.
 *
 *      node page.mjs BROWSER EXECUTABLE PAGE.html RECORDING REGIONVIZ
 *
 * BROWSER is chrome or firefox. It runs where puppeteer-core and axe-core are installed (page.t says how).
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [browserName, executablePath, pagePath, recording, regionviz] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const puppeteer = require('puppeteer-core');
const MOMENTS = 200;

let tests = 0, failed = 0;
function ok(isFine, what, detail) {
        tests++;
        if (!isFine) failed++;
        console.log(`${isFine ? 'ok' : 'not ok'} ${tests} - ${browserName}: ${what}`);
        if (!isFine && detail !== undefined) console.log(String(detail).replace(/^/gm, '#   '));
}

const browser = await puppeteer.launch({
        browser: browserName, executablePath, headless: true, protocolTimeout: 1200000,
        args: browserName === 'chrome' ? ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
                '--disable-component-update', '--disable-sync'] : [],
});
const page = await browser.newPage();
const complaints = [], requests = [];
page.on('console', message => { if (['error', 'warn', 'warning'].includes(message.type())) complaints.push(message.text()); });
page.on('pageerror', error => complaints.push(String(error)));
page.on('request', request => requests.push(request.url()));
await page.setViewport({ width: 1440, height: 900 });
const address = pathToFileURL(pagePath).href;
await page.goto(address);

/* --- forward and back, drawing each step ------------------------------------------------------------------ */

const walk = await page.evaluate(() => {
        const seen = [], differ = [];
        const drawn = () => document.getElementById('tree').innerHTML + document.getElementById('space').innerHTML +
                document.getElementById('holes').innerHTML + document.getElementById('holes-words').innerHTML + document.getElementById('words').textContent;
        const sum = text => { let hash = 7; for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0; return hash; };
        go(1);
        for (let step = 1; step <= steps.length; step++) {
                if (step > 1) go(state.step + 1);
                seen[step] = sum(drawn());
        }
        for (let step = steps.length; step >= 1; step--) {
                if (step < steps.length) go(state.step - 1);
                if (seen[step] !== sum(drawn())) differ.push(step);
        }
        return { steps: steps.length, differ: differ.slice(0, 5) };
});
ok(walk.steps > 100, `all ${walk.steps} steps are drawn forward`);
ok(walk.differ.length === 0, 'and backward, where each looks as it did before', `steps ${walk.differ}`);

/* --- random moments, compared with what `regionviz tree --json' says of them ------------------------------ */

/* What the page shows at a step: nodes from left to right, with their row, colour, frame, paleness and words. */
function shownAt(step) {
        go(step);
        const text = (group, name) => group.querySelector(name)?.textContent ?? '';
        const nodes = [...document.querySelectorAll('#tree g.node')].map(group => {
                const box = group.querySelector('rect:not(.halo)');
                return {
                        x: Number(box.getAttribute('x')), y: Number(box.getAttribute('y')), region: Number(group.dataset.region),
                        colour: box.classList.contains('red') ? 'red' : 'black', heading: text(group, '.address'), gaps: text(group, '.gaps'),
                        role: !group.querySelector('.halo') ? 'plain' : group.classList.contains('blocking') ? 'blocking' : group.classList.contains('subject') ? 'subject' : 'visited',
                        pale: group.classList.contains('pale'), number: text(group, '.number'), skipped: text(group, '.why'),
                        decided: text(group, '.decided'),
                };
        });
        const pieces = [...document.querySelectorAll('#space g')].map(group =>
                `${group.querySelector('rect').classList[0]} ${group.dataset.pages}`);
        return { event: steps[step - 1][0], nodes, pieces };
}
await page.addScriptTag({ content: `${shownAt}` });
await page.evaluate(() => { document.getElementById('whole').checked = true; });

function differences(shown, layout) {
        const found = [], nodes = layout.nodes;
        const say = (node, what, is, should) => found.push(`${node.heading}: ${what} is "${is}", should be "${should}"`);
        if (shown.nodes.length !== nodes.length) return [`${shown.nodes.length} nodes, should be ${nodes.length}`];
        const rows = [...new Set(shown.nodes.map(node => node.y))].sort((a, b) => a - b);
        nodes.forEach((should, i) => {
                const is = shown.nodes[i];
                if (i && !(shown.nodes[i - 1].x < is.x && nodes[i - 1].x < should.x)) say(is, 'place', 'not right of the one before', 'right of it');
                if (rows.indexOf(is.y) !== should.depth) say(is, 'row', rows.indexOf(is.y), should.depth);
                for (const field of ['region', 'colour', 'heading', 'gaps', 'role', 'pale', 'number'])
                        if (is[field] !== should[field]) say(is, field, is[field], should[field]);
                if (is.skipped && is.skipped !== should.skipped) say(is, 'reason', is.skipped, should.skipped);
                if (should.skipped && !is.skipped && !is.decided) say(is, 'reason', '', should.skipped);
                if (is.decided && !is.decided.includes(should.decided) && !/insertion point/.test(should.decided)) say(is, 'decision', is.decided, should.decided);
        });
        const bar = piecesOf(layout).join(), drawn = shown.pieces.join();
        if (drawn !== bar) found.push(`the address space is ${drawn}, should be ${bar}`);
        return found;
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

const tree = JSON.parse(/<script type="application\/json" id="recording">\n(.*?)\n<\/script>/s.exec(readFileSync(pagePath, 'utf8'))[1]).tree;
let seed = 12345;
const random = below => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 2147483648 * below); };
const wrong = [];
for (let i = 0; i < MOMENTS; i++) {
        const step = 1 + random(walk.steps);
        const shown = await page.evaluate(`shownAt(${step})`);
        const json = execFileSync(regionviz, ['tree', recording, '--tree', String(tree), '--at', String(shown.event), '--fit', 'poster', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 });
        for (const words of differences(shown, JSON.parse(json))) wrong.push(`step ${step}, event ${shown.event}: ${words}`);
}
ok(wrong.length === 0, `places, colours, frames and words are the layout's at ${MOMENTS} random moments`, wrong.slice(0, 12).join('\n'));
await page.evaluate(() => { document.getElementById('whole').checked = false; go(1); });

/* Words stay in their boxes, and what fits by itself has no letter smaller than nine pixels. */
const sizes = await page.evaluate(() => {
        const outside = [], small = [];
        for (let step = 1; step <= steps.length; step += Math.ceil(steps.length / 60)) {
                go(step);
                for (const group of document.querySelectorAll('#tree g.node')) {
                        const box = group.querySelector('rect:not(.halo)').getBBox();
                        for (const text of group.querySelectorAll('.address, .name, .gaps')) {
                                const words = text.getBBox();
                                if (words.x < box.x || words.x + words.width > box.x + box.width) outside.push(text.textContent);
                        }
                }
                for (const text of document.querySelectorAll('svg text')) {
                        const size = parseFloat(window.getComputedStyle(text).fontSize) * text.getScreenCTM().a;
                        if (size < 8.9) small.push(`${text.textContent}: ${size}`);
                }
        }
        return { outside, small };
});
ok(sizes.outside.length === 0, 'words stay inside their boxes', sizes.outside.slice(0, 5).join('\n'));
ok(sizes.small.length === 0, 'no letter is smaller than nine pixels', sizes.small.slice(0, 5).join('\n'));
await page.evaluate(() => go(1));

/* The node of a step is in view, once the tree has come to rest. */
const astray = [];
for (let i = 0; i < 8; i++) {
        const step = 1 + random(walk.steps);
        const hidden = await page.evaluate(async wantedStep => {
                go(wantedStep);
                const box = document.getElementById('tree-scroll');
                for (let before = NaN; before !== box.scrollLeft + 1e6 * box.scrollTop;) {
                        before = box.scrollLeft + 1e6 * box.scrollTop;
                        await new Promise(resolve => setTimeout(resolve, 200));
                }
                const node = document.querySelector(`#tree g[data-region="${currentStep()[2]}"] rect:not(.halo)`);
                if (!node) return '';
                const frame = box.getBoundingClientRect(), { left, right, top, bottom } = node.getBoundingClientRect();
                const isSeen = left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom;
                return isSeen ? '' : `step ${wantedStep}: ${[left, right, top, bottom]} in ${[frame.left, frame.right, frame.top, frame.bottom]}`;
        }, step);
        if (hidden) astray.push(hidden);
}
ok(astray.length === 0, 'the node of a step is in view', astray.join('\n'));
await page.evaluate(() => go(1));

/* --- the holes, compared with what `regionviz skyline --text' says of each search -------------------------- */

/* At the end of an operation: the sentences below the holes, and each visit's number with the fate of its bar. */
function holesAt(index) {
        go(endOf(index));
        const bars = [...document.querySelectorAll('#holes .bar')], numbers = [...document.querySelectorAll('#holes .number')];
        const middle = bar => Number(bar.getAttribute('x')) + Number(bar.getAttribute('width')) / 2;
        return {
                sentences: [...document.querySelectorAll('#holes-words li')].map(item => item.textContent),
                visits: numbers.map(one => [one.textContent, bars.find(bar => Math.abs(middle(bar) - Number(one.getAttribute('x'))) < 0.01)?.classList[1]]),
                dismissed: document.querySelectorAll('#holes .shade').length,
        };
}
await page.addScriptTag({ content: `${holesAt}` });
const searches = await page.evaluate(() => operations.map(([number, , call], index) => [index, number, strings[call]])
        .filter(([, , call]) => /^place_(anywhere|near|random)/.test(call)));
const FATES = { 'on the way': 'passed', refused: 'refused', fits: 'fits', taken: 'taken' };
const unlike = [];
for (let i = 0; i < Math.min(searches.length, MOMENTS / 2); i++) {
        const [index, number] = searches.length <= MOMENTS / 2 ? searches[i] : searches[random(searches.length)];
        const shown = await page.evaluate(`holesAt(${index})`);
        const text = execFileSync(regionviz, ['skyline', recording, '--tree', String(tree), '--at', `op:${number}`, '--text'], { encoding: 'utf8' });
        const result = text.split('\nResult\n')[1].trim().split('\n').map(line => line.trim());
        const counts = text.split('\n')[1].replace(/^.*?event [\d,]+ · /, '');
        const visits = [...text.matchAll(/, visit ([\d, …]+): ([a-z ]+)/g)].map(([, numbers, fate]) => [numbers, FATES[fate]]);
        const dismissed = [...text.matchAll(/one comparison dismissed (.*)/g)].map(([, words]) => words.replace(/: .*/, ''));
        const say = (what, is, should) => { if (String(is) !== String(should)) unlike.push(`operation ${number}: ${what} "${is}", should be "${should}"`); };
        say('counts', shown.sentences[0], counts);
        say('result', shown.sentences.slice(1 + dismissed.length), result);
        say('dismissals', shown.sentences.slice(1, 1 + dismissed.length).map(words => /dismissed (.*?):/.exec(words)[1]), dismissed);
        say('shades', shown.dismissed, dismissed.length);
        say('visits', shown.visits.map(one => one.join(' ')).sort(), visits.map(one => one.join(' ')).sort());
}
ok(searches.length > 5 && unlike.length === 0, `the holes of ${Math.min(searches.length, MOMENTS / 2)} searches are those of the skyline`, unlike.slice(0, 12).join('\n'));
await page.evaluate(() => { go(1); });

/* --- the keyboard alone ----------------------------------------------------------------------------------- */

await page.goto(`${address}#op=1`);
await page.evaluate(() => { document.activeElement?.blur(); });
const reached = new Set(), wanted = await page.evaluate(() => [...document.querySelectorAll('button, input, select, a[href], [tabindex="0"]')]
        .filter(one => !one.hidden && one.tabIndex >= 0 && one.offsetParent !== null || one.classList.contains('skip')).map(one => one.id || one.className || one.textContent));
/* No further than needed: behind the last one, Tab leaves the page for the browser's own bar, and the keys below with it. */
for (let i = 0; i < 80 && wanted.some(one => !reached.has(one)); i++) {
        await page.keyboard.press('Tab');
        reached.add(await page.evaluate(() => { const one = document.activeElement; return one.id || one.className || one.textContent; }));
}
const missed = wanted.filter(one => !reached.has(one));
ok(wanted.length > 20 && missed.length === 0, `Tab reaches all ${wanted.length} things that can be used`, `not ${missed.join(', ')}`);

/* Whether something comes true within three seconds: a key press may act a little later. */
async function soon(isTrue) {
        for (let i = 0; i < 30; i++) {
                if (await isTrue()) return true;
                await new Promise(resolve => setTimeout(resolve, 100));
        }
        return false;
}

const at = () => page.evaluate(() => state.step);
await page.evaluate(() => { document.activeElement?.blur(); });
const trail = [];
for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'End']) { await page.keyboard.press(key); trail.push(await at()); }
ok(trail.join() === `1,2,3,2,${walk.steps}`, 'keys go through time', trail);
await page.keyboard.press('Home');
await page.keyboard.press('PageDown');
ok(await page.evaluate(() => operationAt(state.step - 1)) === 1, 'Page Down goes to the next operation');
await page.keyboard.press('End');
await page.keyboard.press('b');
await page.keyboard.press('w');
ok(/largest gap in its subtree/.test(await page.evaluate(() => document.getElementById('node').textContent)), 'b and w choose a region, and its fields are shown');
await page.keyboard.press('Home');
await page.keyboard.press('/');
await page.keyboard.type(await page.evaluate(() => strings[operations[1][3]].split('(')[0]));
ok(/^[1-9][\d,]* of [\d,]+ operations$/.test(await page.evaluate(() => document.getElementById('found').textContent)), '/ searches');
await page.keyboard.press('Tab');
await page.keyboard.press('ArrowDown');
const picked = await page.evaluate(() => parseInt(document.activeElement.textContent, 10));
await page.keyboard.press('Enter');
ok(picked > 1 && await soon(async () => (await page.evaluate(() => document.getElementById('operation').textContent)).startsWith(`Operation ${picked}: `)),
        'Tab and the arrows choose an operation that was found', await page.evaluate(() => `${document.activeElement.outerHTML.slice(0, 200)}: ${document.getElementById('operation').textContent}`));

/* Each button is pressed with Enter and with the space bar, as a person does who has no mouse. */
const presses = [];
for (const [id, key] of [['last', 'Enter'], ['first', 'Enter'], ['next', ' '], ['next-operation', ' '], ['back', 'Enter'], ['play', ' '], ['play', 'Enter']]) {
        await page.evaluate(name => { document.getElementById(name).focus(); window.presses = 0; document.getElementById(name).addEventListener('click', () => { window.presses++; }, { once: true }); }, id);
        await page.keyboard.press(key);
        if (!await soon(() => page.evaluate(() => window.presses === 1))) presses.push(`${id} by ${key === ' ' ? 'space' : key}`);
}
ok(presses.length === 0, 'Enter and the space bar press buttons', `not ${presses.join(', ')}`);
await page.evaluate(() => { pause(); go(1); document.activeElement?.blur(); });
await page.keyboard.press('p');
let asked = false;
for (let i = 0; i < 60 && !asked; i++) {
        await page.keyboard.press('ArrowRight');
        asked = await page.evaluate(() => !document.getElementById('question').hidden);
}
await page.keyboard.press('Enter');
ok(asked && await soon(async () => /^[01] of 1 right$/.test(await page.evaluate(() => document.getElementById('score').textContent))), 'a prediction is asked for and answered',
        await page.evaluate(() => `${document.activeElement.outerHTML.slice(0, 200)}: step ${state.step}, predict ${document.getElementById('predict').checked}`));
await page.evaluate(() => { document.activeElement?.blur(); });
await page.keyboard.press('p');
await page.evaluate(() => { document.activeElement?.blur(); });
await page.keyboard.press('Home');
await page.keyboard.press(' ');
await new Promise(resolve => setTimeout(resolve, 1500));
await page.keyboard.press(' ');
ok(await at() > 1, 'space plays and pauses');

/* --- for whom and where ----------------------------------------------------------------------------------- */

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
for (const [scheme, width, height] of [['light', 1440, 900], ['dark', 1440, 900], ['light', 360, 740], ['dark', 360, 740]]) {
        await page.setViewport({ width, height });
        if (browserName === 'chrome') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await page.goto(`${address}#op=20`);
        await page.evaluate(() => { go(Math.min(endOf(operationAt(state.step - 1)) - 1, state.step + 4)); });
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => (await axe.run()).violations.map(one => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' | ')}`));
        ok(violations.length === 0, `axe-core finds no violation, ${scheme}, ${width} pixels wide`, violations.join('\n'));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        ok(wide <= width, `nothing is wider than ${width} pixels`, wide);
}

/* Who asks the system for less motion gets none: nothing glides to where a step is. Else the tree does. */
if (browserName === 'chrome') {
        for (const [asked, behaviour] of [['reduce', 'auto'], ['no-preference', 'smooth']]) {
                await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: asked }]);
                const motion = await page.evaluate(() => {
                        go(1);
                        go(Math.min(20, steps.length));
                        const moving = [...document.querySelectorAll('*')].filter(one => {
                                const style = window.getComputedStyle(one);
                                return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
                        });
                        return { scroll: [...new Set([...document.querySelectorAll('.scroll')].map(one => window.getComputedStyle(one).scrollBehavior))].join(), moving: moving.length };
                });
                ok(motion.scroll === behaviour && motion.moving === 0, `motion: ${asked}, so scrolling is ${behaviour}`, JSON.stringify(motion));
        }
        await page.emulateMediaFeatures([]);
}

/* On paper: the pictures are there, black on white whatever the screen is, and nothing is cut off at the right. */
if (browserName === 'chrome') {
        await page.setViewport({ width: 760, height: 1000 });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
        await page.emulateMediaType('print');
        await page.goto(`${address}#op=20`);
        await page.evaluate(() => { go(endOf(operationAt(state.step - 1))); });
        const print = await page.evaluate(() => ({
                wide: Math.max(...[...document.querySelectorAll('body *')].map(one => one.getBoundingClientRect().right)),
                paper: window.getComputedStyle(document.body).backgroundColor,
                shown: ['tree', 'space', 'holes', 'words', 'operation'].filter(id => document.getElementById(id).getBoundingClientRect().height > 10),
                hidden: ['first', 'slider', 'operations', 'search'].filter(id => document.getElementById(id).getBoundingClientRect().height > 0),
        }));
        ok(print.wide <= 760 && print.shown.length === 5 && print.hidden.length === 0 && print.paper === 'rgb(255, 255, 255)', 'it prints', JSON.stringify(print));
        await page.emulateMediaType('screen');
}

/* In the frame of a learning system, without rights: no storage, no way to change the address. */
await page.setViewport({ width: 1000, height: 700 });
await page.setContent('<!doctype html><html lang="en"><title>a course</title><iframe title="page" style="width:900px;height:650px" sandbox="allow-scripts"></iframe>');
await page.evaluate(html => { document.querySelector('iframe').srcdoc = html; }, readFileSync(pagePath, 'utf8'));
await new Promise(resolve => setTimeout(resolve, 1500));
const frame = page.frames().find(one => one !== page.mainFrame());
ok(await frame.evaluate(() => { go(5); return state.step; }) === 5, 'it plays in a frame without rights');

ok(complaints.length === 0, 'no error or warning is on the console', complaints.slice(0, 5).join('\n'));
const foreign = requests.filter(one => !one.startsWith(address) && !one.startsWith('about:') && !one.startsWith('data:'));
ok(foreign.length === 0, 'nothing is requested', foreign.slice(0, 5).join('\n'));
await browser.close();
console.log(`1..${tests}`);
process.exit(failed ? 1 : 0);
