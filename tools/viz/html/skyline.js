'use strict';

/*
 * Draws the holes of the current operation. Bars, heights, fates and words are those of the C skyline, as
 * tools/viz/html/holes.h says; of a search only what has happened by the current step is shown.
 */

const H = Object.fromEntries(page.skyline_fields.map((name, index) => [name, index]));
const FATES = ['unseen', 'dismissed', 'passed', 'refused', 'fits', 'taken'];
const [ALONE, DISMISSED, CUT] = [1, 2, 4];
const LABELS = 126, GROUND = page.skyline.height + 24, WALK = 16, VISITS = 34, BRACKETS = 46, BELOW = 52, WORDS = 6;

/*
 * How many steps of its search the current operation has made. The way down to where a region is linked is not counted.
 */
function stepsOfSearch() {
        const operation = operationAt(state.step - 1), end = Math.min(state.step, endOf(operation));
        return steps.slice(firstStepOf(operation), end).filter(step => step[1] === VISIT && step[5] !== NONE).length;
}

const heightOf = (codes, i) => codes.charCodeAt(i) - page.skyline.code;

/* Where the columns are. */
function columnsOf(skyline) {
        const heights = strings[skyline[H.heights]], kinds = strings[skyline[H.kinds]];
        let x = LABELS;
        return Array.from(kinds, (kind, i) => {
                const width = skyline[Number(kind) & ALONE ? H.wide : H.width];
                const column = {
                        x, width, height: heightOf(heights, i), numbers: [], fate: 0,
                        isDismissed: (Number(kind) & DISMISSED) !== 0, isCut: (Number(kind) & CUT) !== 0,
                };
                x += width;
                return column;
        });
}

/* The first so many steps of the search are done: their numbers and fates, and what they dismissed. */
function applySearch(columns, skyline, done) {
        const visits = rowsOf(skyline[H.steps], 3).slice(0, done);
        for (const [visit, index, fate] of visits) {
                const column = columns[index];
                if (!column) continue;
                column.isHere = index === visits.at(-1)[1];
                column.fate = fate;
                if (!column.numbers.includes(visit)) column.numbers.push(visit);
        }
        const dismissals = rowsOf(skyline[H.dismissals], 4).filter(([step]) => step <= done);
        for (const [, first, last] of dismissals)
                for (const column of columns.slice(first, last + 1)) column.isGone = column.isDismissed;
        return dismissals;
}

function drawBars(svg, columns, skyline, isOver) {
        const sizes = strings[skyline[H.sizes]].split(' '), feet = strings[skyline[H.feet]];
        columns.forEach((column, i) => {
                const isMissed = isOver && skyline[H.wrong] && i === skyline[H.expected];
                const kinds = ['bar', column.isGone ? 'dismissed' : FATES[column.fate]];
                if (isMissed) kinds.push('missed');
                if (column.isHere) kinds.push('here');
                const height = Math.max(2, column.height), y = GROUND - height;
                const width = column.width - Math.min(4, column.width / 4), x = column.x + (column.width - width) / 2;
                draw(svg, 'rect', { class: kinds.join(' '), x, y, width, height });
                if (column.isCut)
                        draw(svg, 'rect', { class: 'break', x: column.x, y: y + 12, width: column.width, height: 4 });
                const middle = column.x + column.width / 2;
                if (sizes[i]) drawWords(svg, 'gaps', middle, GROUND - heightOf(feet, i) - WORDS, sizes[i]);
                if (!column.numbers.length) return;
                const shown = column.numbers.length > 3 ? column.numbers.slice(0, 2) : column.numbers;
                drawWords(svg, 'number', middle, GROUND + VISITS,
                        shown.length < column.numbers.length ? `${shown.join(', ')} …` : shown.join(', '));
        });
}

function drawDismissals(svg, columns, dismissals) {
        for (const [, first, last, words] of dismissals) {
                const left = columns[first].x, right = columns[last].x + columns[last].width;
                const top = GROUND - page.skyline.height;
                const group = draw(svg, 'g', {});
                draw(group, 'title', {}, strings[words]);
                draw(group, 'rect', { class: 'shade', x: left, y: top, width: right - left, height: GROUND - top });
                draw(group, 'path', { class: 'stroke', d: `M${left + 1} ${GROUND - 2}L${right - 1} ${top + 2}` });
                draw(group, 'path', { class: 'bracket', d: `M${left + 1} ${GROUND + BRACKETS - 5}v5H${right - 1}v-5` });
        }
}

/* What a walk from hole to hole looks at: a dot for each; a triangle at the one that it takes. */
function drawWalk(svg, columns, skyline) {
        columns.slice(0, skyline[H.walked]).forEach((column, i) => {
                const x = column.x + column.width / 2, y = GROUND + WALK;
                if (i === skyline[H.expected])
                        draw(svg, 'path', { class: 'walk taken', d: `M${x} ${y - 7}l6 10h-12z` });
                else draw(svg, 'circle', { class: 'walk', cx: x, cy: y, r: Math.min(3, column.width / 3) });
        });
        if (skyline[H.walked]) draw(svg, 'text', { class: 'small', x: 8, y: GROUND + WALK + 4 }, 'linear walk');
        if (skyline[H.steps].length) draw(svg, 'text', { class: 'small', x: 8, y: GROUND + VISITS }, 'search');
}

function drawRequest(svg, skyline, right) {
        draw(svg, 'line', { class: 'ground', x1: LABELS - 6, x2: right, y1: GROUND, y2: GROUND });
        if (!skyline[H.needed]) return;
        const y = GROUND - skyline[H.need];
        draw(svg, 'line', { class: 'request', x1: LABELS - 6, x2: right, y1: y, y2: y });
        draw(svg, 'text', { class: 'small', x: 8, y: y + 4 }, strings[skyline[H.needed]]);
}

/* Sentences, of which those that are empty are left out. */
function sayHoles(sentences, alert) {
        const items = [...sentences, alert].filter(Boolean).map(words => {
                const item = document.createElement('li');
                item.textContent = words;
                if (words === alert) item.className = 'refused';
                return item;
        });
        element('holes-words').replaceChildren(...items);
}

function drawSkyline() {
        const svg = element('holes'), operation = operationAt(state.step - 1), skyline = skylines[operation];
        const right = LABELS + page.skyline.width, isOver = state.step === endOf(operation) || currentStep()[1] === END;
        const fitted = Math.max(SMALLEST_FITTED, Math.min(1.3, (svg.parentElement.clientWidth - 4) / (right + 8)));
        beginPicture(svg, right + 8, GROUND + BELOW, fitted,
                skyline ? strings[skyline[H.counts]] : 'The holes are not known.');
        if (!skyline) return sayHoles([], '');
        const columns = columnsOf(skyline), dismissals = applySearch(columns, skyline, stepsOfSearch());
        const end = columns.length ? columns[columns.length - 1].x + columns[columns.length - 1].width + 6 : right;
        drawDismissals(svg, columns, dismissals);
        drawBars(svg, columns, skyline, isOver);
        drawRequest(svg, skyline, end);
        /* Who predicts the search is not shown beforehand which hole it should take. */
        if (isOver || !element('predict').checked) drawWalk(svg, columns, skyline);
        const sentences = dismissals.map(([, , , words]) => strings[words]);
        if (isOver) sentences.push(strings[skyline[H.summary]]);
        sayHoles([strings[skyline[H.counts]], ...sentences], isOver ? strings[skyline[H.alert]] : '');
}
