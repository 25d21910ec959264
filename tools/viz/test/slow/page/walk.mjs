/* Forward and back through all steps, drawing each: backward every picture is as it was forward. */

const AT_ONCE = 1000;

/* In the page: goes from one step to another, one by one, and returns for each a number made of all that is drawn. */
function walkInPage(from, to) {
        const pictures = ['tree', 'space', 'holes', 'holes-words'].map(id => document.getElementById(id));
        const drawn = () => pictures.map(one => one.innerHTML).join('') + document.getElementById('words').textContent;
        const numbers = [], by = from <= to ? 1 : -1;

        for (let step = from; step !== to + by; step += by) {
                let number = 7;
                go(step);
                const text = drawn();
                for (let i = 0; i < text.length; i++) number = (number * 31 + text.charCodeAt(i)) | 0;
                numbers.push(number);
        }
        return numbers;
}

export default async function checkWalk({ page, ok, note, steps }) {
        const forward = [], backward = [];

        for (let from = 1; from <= steps; from += AT_ONCE) {
                note(`forward from step ${from} of ${steps}`);
                forward.push(...await page.evaluate(walkInPage, from, Math.min(steps, from + AT_ONCE - 1)));
        }
        ok(steps > 100 && forward.length === steps, `all ${steps} steps are drawn forward`);

        for (let from = steps; from >= 1; from -= AT_ONCE) {
                note(`backward from step ${from} of ${steps}`);
                backward.push(...await page.evaluate(walkInPage, from, Math.max(1, from - AT_ONCE + 1)));
        }
        backward.reverse();
        const differ = forward.flatMap((number, i) => number === backward[i] ? [] : [i + 1]);
        ok(backward.length === steps && differ.length === 0, 'and backward, where each looks as it did before',
                `steps ${differ.slice(0, 5)}`);
        await page.evaluate(() => go(1));
}
