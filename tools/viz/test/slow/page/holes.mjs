/* The holes are what `regionviz skyline --text` says of each search. */
import { execFileSync } from 'node:child_process';

const SEARCHES = 100;
const FATES = { 'on the way': 'passed', refused: 'refused', fits: 'fits', taken: 'taken' };

/* In the page, at the end of an operation: the sentences below the holes, and each visit's number with its bar. */
function holesAt(index) {
        go(endOf(index));
        const all = selector => [...document.querySelectorAll(`#holes ${selector}`)];
        const placeOf = (element, name) => Number(element.getAttribute(name));
        const middleOf = bar => placeOf(bar, 'x') + placeOf(bar, 'width') / 2;
        const barOf = number => all('.bar').find(bar => Math.abs(middleOf(bar) - placeOf(number, 'x')) < 0.01);
        return {
                sentences: [...document.querySelectorAll('#holes-words li')].map(item => item.textContent),
                visits: all('.number').map(number => `${number.textContent} ${barOf(number)?.classList[1]}`),
                dismissed: all('.shade').length,
        };
}

/*
 * In the page, in predict mode: how much of the linear walk is shown at the begin of the first search that has one, and
 * at its end. A place at random has none.
 */
function walkShown() {
        const index = skylines.findIndex(skyline => skyline?.[H.walked]);
        if (index < 0) return null;
        const count = () => document.querySelectorAll('#holes .walk').length;
        const predict = document.getElementById('predict');
        predict.checked = true;
        go(firstStepOf(index) + 1);
        const atBegin = count();
        go(endOf(index));
        predict.checked = false;
        return { atBegin, atEnd: count() };
}

function searchesInPage() {
        return operations.map(([number, , call], index) => [index, number, strings[call]])
                .filter(([, , call]) => /^place_(anywhere|near|random)/.test(call));
}

/* What `regionviz skyline --text' says, in the form of the page. */
function holesOf(text) {
        return {
                counts: text.split('\n')[1].replace(/^.*?event [\d,]+ · /, ''),
                result: text.split('\nResult\n')[1].trim().split('\n').map(line => line.trim()),
                visits: [...text.matchAll(/, visit ([\d, …]+): ([a-z ]+)/g)]
                        .map(([, numbers, fate]) => `${numbers} ${FATES[fate]}`),
                dismissed: [...text.matchAll(/one comparison dismissed (.*)/g)]
                        .map(([, words]) => words.replace(/: .*/, '')),
        };
}

function differences(shown, should) {
        const count = should.dismissed.length, dismissals = shown.sentences.slice(1, 1 + count);
        const pairs = [
                ['counts', shown.sentences[0], should.counts],
                ['result', shown.sentences.slice(1 + count), should.result],
                ['dismissals', dismissals.map(words => /dismissed (.*?):/.exec(words)?.[1]), should.dismissed],
                ['shades', shown.dismissed, count],
                ['visits', shown.visits.sort(), should.visits.sort()],
        ];
        return pairs.filter(([, is, other]) => String(is) !== String(other))
                .map(([what, is, other]) => `${what} "${is}", should be "${other}"`);
}

export default async function checkHoles({ page, ok, note, random, recording, tree, regionviz }) {
        const searches = await page.evaluate(searchesInPage), count = Math.min(searches.length, SEARCHES);
        const wrong = [];

        note(`the holes of ${count} searches compared with the skyline`);
        for (let i = 0; i < count; i++) {
                const [index, number] = searches[searches.length <= SEARCHES ? i : random(searches.length)];
                const text = execFileSync(regionviz, [
                        'skyline', recording, '--tree', tree, '--at', `op:${number}`, '--text',
                ], { encoding: 'utf8' });
                for (const words of differences(await page.evaluate(holesAt, index), holesOf(text)))
                        wrong.push(`operation ${number}: ${words}`);
        }
        ok(count > 5 && wrong.length === 0, `the holes of ${count} searches are those of the skyline`,
                wrong.slice(0, 12).join('\n'));
        const walk = await page.evaluate(walkShown);
        const isHidden = walk === null || (walk.atBegin === 0 && walk.atEnd > 0);
        ok(isHidden, 'predict mode does not show beforehand which hole a walk takes', JSON.stringify(walk));
        await page.evaluate(() => go(1));
}
