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
        const items = [];
        for (let i = first; i < Math.min(endOf(operation), hidden); i++)
                items.push(listButton(`${i - first + 1}. ${wordsOf(steps[i])}`, () => go(i + 1)));
        element('steps').replaceChildren(...items);
        markCurrent(items, state.step - 1 - first);
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

/* --- predict --------------------------------------------------------------------------------------------- */

const choices = {
        [LEFT]: 'left', [RIGHT]: 'right', [UP]: 'back up', [HERE]: 'this one fits', [REFUSED]: 'this one does not fit',
};
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
        const step = currentStep(), operation = operations[operationAt(state.step - 1)];
        const isOver = state.step === endOf(operationAt(state.step - 1));
        const [number, , call, result, failed] = operation;
        element('question').hidden = true;
        element('operation').textContent = `Operation ${number}: ${strings[call]}${isOver ? strings[result] : ''}`;
        element('operation').classList.toggle('refused', isOver && failed === 1);
        element('words').textContent = wordsOf(step);
        element('slider').value = state.step;
        element('slider').setAttribute('aria-valuetext', `step ${said(state.step)} of ${said(steps.length)}`);
        element('position').textContent = `step ${said(state.step)} of ${said(steps.length)}, event ${said(step[0])}`;
        drawTree();
        drawSpace();
        drawSkyline();
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

const names = { op: 'operation', event: 'event', step: 'step' };

/* "#op=57", "#event=1204", "#step=99". */
function goToHash() {
        const [, kind, text] = /^#(op|event|step)=(\d+)$/.exec(location.hash) || [];
        const wanted = Number(text);
        if (kind === 'step' && wanted >= 1 && wanted <= steps.length) return go(wanted);
        if (kind === 'op') {
                const index = operations.findIndex(([number]) => number === wanted);
                if (index >= 0) return go(firstStepOf(index) + 1);
        }
        if (kind === 'event') {
                const index = steps.findIndex(([event]) => event >= wanted);
                if (index >= 0) return go(index + 1);
        }
        go(1);
        const missing = `${names[kind]} ${said(wanted)}`;
        if (kind) element('words').textContent = `This page has no ${missing}. This is its first step.`;
}

/* Larger or smaller by a factor; 0: as large as fits, from now on. */
function zoom(factor) {
        isFitted = factor === 0;
        scale = Math.max(0.1, Math.min(3, scale * (factor || 1)));
        drawTree();
}

const keys = {
        ArrowLeft: () => go(state.step - 1), ArrowRight: goNext,
        PageUp: () => goOperation(-1), PageDown: () => goOperation(1),
        Home: () => go(1), End: () => go(steps.length), ' ': togglePlay,
        '+': () => zoom(1.25), '-': () => zoom(0.8), 0: () => zoom(0),
        b: () => chooseNext(-1), w: () => chooseNext(1),
        '/': () => element('search').focus(), p: () => element('predict').click(),
};

document.addEventListener('keydown', event => {
        const target = event.target;
        const isSliding = target.matches('input[type="range"]') && event.key.startsWith('Arrow');
        const isTyping = target.matches('input[type="search"], select') || isSliding;
        const isPressing = event.key === ' ' && target.matches('button, input');
        const isScrolling = target.matches('.scroll, li button') && /^(Arrow|Page|Home|End)/.test(event.key);
        const isOfBrowser = event.ctrlKey || event.altKey || event.metaKey;
        if (isTyping || isPressing || isScrolling || isOfBrowser || !keys[event.key]) return;
        event.preventDefault();
        keys[event.key]();
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
for (const list of ['operations', 'steps']) element(list).addEventListener('keydown', walkList);
element('predict').addEventListener('change', show);
element('whole').addEventListener('change', show);
window.addEventListener('hashchange', goToHash);
window.addEventListener('resize', () => show());

element('title').textContent = `${page.space}: the region tree, step by step`;
element('about').textContent =
        `${page.file}, tree ${page.tree}: ` +
        `${counted(operations.length, 'operation')}, ${counted(steps.length, 'step')}.`;
element('left-out').textContent = page.left_out;
document.title = element('title').textContent;
element('operations').append(...operationItems);
loadSnapshot(0);
goToHash();
