'use strict';

/* Lists, predict mode, time and keys of the page. The state is in state.js, the pictures are in drawing.js. */

/* --- lists ----------------------------------------------------------------------------------------------- */

const said = number => number.toLocaleString('en');

function listButton(words, action) {
        const item = document.createElement('li'), button = document.createElement('button');
        button.type = 'button';
        button.textContent = words;
        button.addEventListener('click', action);
        item.append(button);
        return item;
}

const operationItems = operations.map(([number, , call, result, failed], index) => {
        const item = listButton(`${number}. ${strings[call]}`, () => go(firstStepOf(index) + 1));
        const outcome = document.createElement('span');
        outcome.className = 'outcome';
        outcome.textContent = strings[result];
        item.firstChild.append(outcome);
        if (failed) item.firstChild.classList.add('refused');
        return item;
});

let shownOperation = -1;

function markCurrent(items, index) {
        items.forEach((item, i) => {
                item.firstChild.setAttribute('aria-current', i === index);
                item.firstChild.tabIndex = i === index ? 0 : -1;
        });
        const item = items[index];
        if (item && item.parentElement) {
                const list = item.parentElement;
                const top = item.offsetTop - list.offsetTop, bottom = top + item.offsetHeight;
                if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight)
                        list.scrollTop = top - list.clientHeight / 2;
        }
}

function showLists() {
        const operation = operationAt(state.step - 1), first = firstStepOf(operation);
        const hidden = element('predict').checked ? state.step : Infinity;
        const items = [], hasFocus = element('steps').contains(document.activeElement);
        for (let i = first; i < Math.min(endOf(operation), hidden); i++)
                items.push(listButton(`${i - first + 1}. ${wordsOf(steps[i])}`, () => go(i + 1)));
        element('steps').replaceChildren(...items);
        markCurrent(items, state.step - 1 - first);
        if (hasFocus) items[state.step - 1 - first].firstChild.focus({ preventScroll: true });
        if (operation !== shownOperation) {
                markCurrent(operationItems, operation);
                operationItems.forEach((item, i) => item.classList.toggle('to-come', i >= operation));
        }
        element('operations').classList.toggle('predicting', element('predict').checked);
        shownOperation = operation;
}

/* In a list, which is one stop of the Tab key, the arrows go from entry to entry. */
function walkList(event) {
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const entries = [...event.currentTarget.querySelectorAll('li:not([hidden]) button')];
        const here = entries.indexOf(document.activeElement);
        if (!by || here < 0) return;
        event.preventDefault();
        entries[Math.max(0, Math.min(entries.length - 1, here + by))].focus();
}

/* If the search hides the current operation, Tab leads to the first that is found. */
function makeReachable() {
        const entries = operationItems.filter(item => !item.hidden).map(item => item.firstChild);
        if (entries.length && !entries.some(entry => entry.tabIndex === 0)) entries[0].tabIndex = 0;
}

function search() {
        const wanted = element('search').value.trim().toLowerCase();
        let found = 0;
        operationItems.forEach(item => {
                item.hidden = wanted !== '' && !item.textContent.toLowerCase().includes(wanted);
                found += !item.hidden;
        });
        makeReachable();
        element('found').textContent = wanted ? `${said(found)} of ${counted(operations.length, 'operation')}` : '';
}

/* Enter in the search field goes to the next operation that is found; behind the last, to the first. */
function goToFound(event) {
        if (event.key !== 'Enter') return;
        const here = operationAt(state.step - 1);
        const found = [...operationItems.keys()].filter(index => !operationItems[index].hidden);
        const next = found.find(index => index > here) ?? found[0];
        if (next !== undefined) go(firstStepOf(next) + 1);
}

/* --- predict --------------------------------------------------------------------------------------------- */

const ways = page.is_list ? { [LEFT]: 'it ends here', [RIGHT]: 'it goes on' } :
        { [LEFT]: 'left', [RIGHT]: 'right', [UP]: 'back up' };
const choices = { ...ways, [HERE]: 'this one fits', [REFUSED]: 'this one does not fit' };
const score = { right: 0, asked: 0 };

/* The step that comes next is a decision: it is asked for before it is shown. False if there is nothing to ask. */
function askNext() {
        const next = steps[state.step];
        if (!element('predict').checked || !next || next[1] !== VISIT || next[5] === NONE) return false;
        const node = state.nodes.find(one => one[F.id] === next[2]);
        const place = node ? `${strings[node[F.heading]]} (${strings[node[F.gaps]]})` : 'the tail gap';
        element('ask').textContent = `The search is at ${place}. What does it decide?`;
        element('answers').replaceChildren(...Object.entries(choices).map(([choice, words]) => {
                const button = document.createElement('button');
                button.type = 'button';
                button.textContent = words;
                button.addEventListener('click', () => answer(Number(choice) === next[5], choices[next[5]]));
                return button;
        }));
        element('question').hidden = false;
        asked = next[2];
        drawTree();
        followNode(asked);
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

/* "Operation 20: remove(heap)", and with its outcome after its last step. */
function titleOf(index) {
        const [number, , call, result] = operations[index];
        return `Operation ${number}: ${strings[call]}${state.step === endOf(index) ? strings[result] : ''}`;
}

/* What is said of the current step; when an operation begins, which one it is, for those who hear the page. */
function sayStep() {
        const unseen = document.createElement('span');
        unseen.className = 'unseen';
        unseen.textContent = currentStep()[1] === BEGIN ? `${titleOf(operationAt(state.step - 1))}. ` : '';
        element('words').replaceChildren(unseen, wordsOf(currentStep()));
}

function drawPictures() {
        drawTree();
        drawSpace();
        drawSkyline();
}

function show() {
        const index = operationAt(state.step - 1), hasFailed = operations[index][4] === 1;
        element('question').hidden = true;
        asked = 0;
        element('operation').textContent = titleOf(index);
        element('operation').classList.toggle('refused', hasFailed && state.step === endOf(index));
        sayStep();
        element('slider').value = state.step;
        element('slider').setAttribute('aria-valuetext', `step ${said(state.step)} of ${said(steps.length)}`);
        element('position').textContent =
                `step ${said(state.step)} of ${said(steps.length)}, event ${said(currentStep()[0])}`;
        drawPictures();
        followStep();
        showChosen();
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

/* While it plays, steps follow each other faster than they can be read aloud. The one at which it pauses is. */
function showPlaying(isPlaying) {
        element('play').textContent = isPlaying ? '❚❚ pause' : '▶ play';
        element('words').setAttribute('aria-live', isPlaying ? 'off' : 'polite');
}

function pause() {
        clearTimeout(timer);
        timer = 0;
        showPlaying(false);
        sayStep();
}

/* The speed may be chosen anew while it plays. */
function playOn() {
        timer = setTimeout(() => {
                if (askNext()) return pause();
                go(state.step + 1);
                if (state.step < steps.length) playOn();
                else pause();
        }, Number(element('speed').value));
}

function togglePlay() {
        if (timer) return pause();
        if (state.step === steps.length) go(1);
        showPlaying(true);
        playOn();
}

const names = { op: 'operation', event: 'event', step: 'step' };

/* "#op=57", "#event=1204", "#step=99". False if it is no link to a moment. */
function goToHash() {
        const [, kind, text] = /^#(op|event|step)=(\d+)$/.exec(location.hash) || [];
        const wanted = Number(text);
        if (!kind) return false;
        const step = {
                step: wanted <= steps.length ? wanted : 0,
                op: 1 + (operations.find(([number]) => number === wanted)?.[1] ?? -1),
                event: 1 + steps.findIndex(([event]) => event >= wanted),
        }[kind];
        go(step);
        const missing = `${names[kind]} ${said(wanted)}`;
        if (!step) element('words').textContent = `This page has no ${missing}. This is its first step.`;
        return true;
}

/* Larger or smaller by a factor; 0: as large as fits, from now on. */
function zoom(factor) {
        isFitted = factor === 0;
        scale = Math.max(0.1, Math.min(3, scale * (factor || 1)));
        drawTree();
        followStep();
}

const keys = {
        ArrowLeft: () => go(state.step - 1), ArrowRight: goNext,
        PageUp: () => goOperation(-1), PageDown: () => goOperation(1),
        Home: () => go(1), End: () => go(steps.length), ' ': togglePlay,
        '+': () => zoom(1.25), '-': () => zoom(0.8), 0: () => zoom(0),
        b: () => chooseNext(-1), w: () => chooseNext(1),
        '/': () => element('search').select(), p: () => element('predict').click(),
};

/* Keys that an element with the focus takes for itself. The arrows up and down of a list are in walkList(). */
function isTaken(key, target) {
        if (target.matches('input[type="search"], select')) return true;
        if (target.matches('input[type="range"]')) return key.startsWith('Arrow');
        if (target.matches('.scroll')) return /^(Arrow|Page|Home|End)/.test(key);
        return key === ' ' && target.matches('button, input');
}

document.addEventListener('keydown', event => {
        const isOfBrowser = event.ctrlKey || event.altKey || event.metaKey;
        if (isOfBrowser || !keys[event.key] || isTaken(event.key, event.target)) return;
        event.preventDefault();
        keys[event.key]();
});

/* A frame that Tab has reached scrolls by the keys. After a click into it they still go through time. */
for (const frame of document.querySelectorAll('.scroll')) frame.addEventListener('click', () => frame.blur());

/* Where the address of the page is not its own, in a frame, the link would lead away. */
document.querySelector('.skip').addEventListener('click', event => {
        event.preventDefault();
        element('words').focus();
});

for (const [id, action] of Object.entries({
        first: keys.Home, 'back-operation': keys.PageUp, back: keys.ArrowLeft, play: togglePlay, next: goNext,
        'next-operation': keys.PageDown, last: keys.End, smaller: keys['-'], larger: keys['+'], fit: keys[0],
        below: keys.b, above: keys.w,
})) element(id).addEventListener('click', action);
element('slider').max = steps.length;
element('slider').min = 1;
element('slider').addEventListener('input', () => go(Number(element('slider').value)));
element('search').addEventListener('input', search);
element('search').addEventListener('keydown', goToFound);
for (const list of ['operations', 'steps']) element(list).addEventListener('keydown', walkList);
element('predict').addEventListener('change', show);
element('whole').addEventListener('change', () => {
        drawTree();
        followStep();
});
window.addEventListener('hashchange', goToHash);
window.addEventListener('resize', drawPictures);

const kindOfTree = page.is_list ? 'list' : 'tree';
element('title').textContent = `${page.space}: the region ${kindOfTree}, step by step`;
element('tree-heading').textContent = page.is_list ? 'List' : 'Tree';
element('whole').parentElement.lastChild.textContent = ` whole ${kindOfTree}`;
element('about').textContent =
        `${page.file}, ${kindOfTree} ${page.tree}: ` +
        `${counted(operations.length, 'operation')}, ${counted(steps.length, 'step')}.`;
element('left-out').textContent = page.left_out;
document.title = element('title').textContent;
element('operations').append(...operationItems);
loadSnapshot(0);
if (!goToHash()) go(1);

