/* The keyboard alone reaches and does everything; and keys after a click of the mouse. Real presses, as a person's. */

const EVERYTHING = 'button, input, select, a[href], [tabindex="0"]';

/* Whether something comes true within three seconds: a key press may act a little later. */
async function soon(isTrue) {
        for (let i = 0; i < 30; i++) {
                if (await isTrue()) return true;
                await new Promise(resolve => setTimeout(resolve, 100));
        }
        return false;
}

/* What is asked of the page again and again. */
function questionsOf(page) {
        const textOf = id => page.evaluate(name => document.getElementById(name).textContent, id);
        return {
                textOf,
                step: () => page.evaluate(() => state.step),
                operation: () => page.evaluate(() => operationAt(state.step - 1)),
                leave: () => page.evaluate(() => { document.activeElement?.blur(); }),
                press: async (...keys) => { for (const key of keys) await page.keyboard.press(key); },
        };
}

async function checkReach({ page, ok, address }, { leave, press }) {
        await page.goto(`${address}#op=1`);
        await leave();
        const wanted = await page.evaluate(selector => [...document.querySelectorAll(selector)]
                .filter(one => one.classList.contains('skip') || (one.tabIndex >= 0 && one.offsetParent !== null))
                .map(one => one.id || one.className || one.textContent), EVERYTHING);
        const reached = new Set();
        /* No further than needed: behind the last one, Tab leaves the page for the browser's own bar. */
        for (let i = 0; i < 80 && wanted.some(one => !reached.has(one)); i++) {
                await press('Tab');
                reached.add(await page.evaluate(() => {
                        const one = document.activeElement;
                        return one.id || one.className || one.textContent;
                }));
        }
        const missed = wanted.filter(one => !reached.has(one));
        ok(wanted.length > 20 && missed.length === 0, `Tab reaches all ${wanted.length} things that can be used`,
                `not ${missed.join(', ')}`);
}

async function checkTime({ page, ok, steps }, { step, operation, leave, press, textOf }) {
        const trail = [];
        await leave();
        for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'End']) {
                await press(key);
                trail.push(await step());
        }
        ok(trail.join() === `1,2,3,2,${steps}`, 'keys go through time', trail);
        await press('Home', 'PageDown');
        ok(await operation() === 1, 'Page Down goes to the next operation');
        await press('End', 'b', 'w');
        ok(/largest gap in its subtree/.test(await textOf('node')),
                'b and w choose a region, and its fields are shown');

        await page.evaluate(() => go(9));
        await page.focus('.skip');
        await press('Enter');
        ok(await soon(() => page.evaluate(() => document.activeElement.id === 'words')) && await step() === 9,
                'the link to the words leads there, and to no other step');
}

async function checkSearch({ page, ok }, { operation, press, textOf }) {
        await press('Home', '/');
        await page.keyboard.type(await page.evaluate(() => strings[operations[1][2]].split('(')[0]));
        ok(/^[1-9][\d,]* of [\d,]+ operations$/.test(await textOf('found')), '/ searches');
        await press('Enter');
        ok(await soon(async () => await operation() > 0), 'Enter goes to the next that is found');
        await press('Tab', 'ArrowDown');
        const picked = await page.evaluate(() => parseInt(document.activeElement.textContent, 10));
        await press('Enter');
        ok(picked > 1 && await soon(async () => (await textOf('operation')).startsWith(`Operation ${picked}: `)),
                'Tab and the arrows choose an operation that was found', await textOf('operation'));
}

/* Each button is pressed with Enter and with the space bar, as a person does who has no mouse. */
async function checkButtons({ page, ok }, { press }) {
        const missed = [];
        for (const [id, key] of [
                ['last', 'Enter'], ['first', 'Enter'], ['next', ' '], ['next-operation', ' '], ['back', 'Enter'],
                ['play', ' '], ['play', 'Enter'],
        ]) {
                await page.evaluate(name => {
                        const button = document.getElementById(name);
                        button.focus();
                        window.presses = 0;
                        button.addEventListener('click', () => { window.presses++; }, { once: true });
                }, id);
                await press(key);
                if (!await soon(() => page.evaluate(() => window.presses === 1)))
                        missed.push(`${id} by ${key === ' ' ? 'space' : key}`);
        }
        ok(missed.length === 0, 'Enter and the space bar press buttons', `not ${missed.join(', ')}`);
        await page.evaluate(() => { pause(); go(1); });
}

async function checkPredict({ page, ok }, { leave, press, textOf }) {
        const isAsked = () => page.evaluate(() => !document.getElementById('question').hidden);
        await leave();
        await press('p');
        for (let i = 0; i < 60 && !await isAsked(); i++) await press('ArrowRight');
        const asked = await isAsked();
        await press('Enter');
        ok(asked && await soon(async () => /^[01] of 1 right$/.test(await textOf('score'))),
                'a prediction is asked for and answered', await textOf('score'));
        await leave();
        await press('p');
}

async function checkPlay({ page, ok }, { step, leave, press }) {
        await leave();
        await press('Home', ' ');
        ok(await soon(async () => await step() > 1), 'space plays');
        await page.select('#speed', '150');
        const before = await step();
        ok(await soon(async () => await step() > before + 4), 'at the speed that is chosen');
        await leave();
        await press(' ');
        const paused = await step();
        await new Promise(resolve => setTimeout(resolve, 500));
        ok(await step() === paused, 'and pauses');
}

/* After a click the focus is where the mouse was. The keys still go through time. */
async function checkAfterClick({ page, ok }, { step, operation, press }) {
        await page.evaluate(() => go(9));
        await page.click('#tree g.node rect');
        await press('ArrowRight');
        ok(await soon(async () => await step() === 10), 'after a click on a node the arrows go through time');
        await page.click('#operations li:nth-child(2) button');
        await press('ArrowRight', 'PageDown');
        ok(await soon(async () => await operation() === 2), 'and after one on an operation');
        await page.click('#slider');
        const before = await step();
        await press(' ');
        ok(await soon(async () => await step() > before), 'and after one on the slider the space bar plays');
        await page.evaluate(() => pause());
}

export default async function checkKeyboard(run) {
        const questions = questionsOf(run.page);

        run.note('the keyboard alone');
        for (const check of [
                checkReach, checkTime, checkSearch, checkButtons, checkPredict, checkPlay, checkAfterClick,
        ]) await check(run, questions);
}
