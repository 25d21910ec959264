/* Words can be read, and what a step is about is in view. */

/* In the page: words that leave their box, and letters that are smaller than nine pixels. */
function sizesInPage() {
        const outside = [], small = [];
        for (let step = 1; step <= steps.length; step += Math.ceil(steps.length / 60)) {
                go(step);
                for (const group of document.querySelectorAll('#tree g.node')) {
                        const box = group.querySelector('rect:not(.halo)').getBBox();
                        for (const text of group.querySelectorAll('.address, .name, .gaps')) {
                                const words = text.getBBox();
                                if (words.x < box.x || words.x + words.width > box.x + box.width)
                                        outside.push(text.textContent);
                        }
                }
                for (const text of document.querySelectorAll('svg text')) {
                        const size = parseFloat(window.getComputedStyle(text).fontSize) * text.getScreenCTM().a;
                        if (size < 8.9) small.push(`${text.textContent}: ${size}`);
                }
        }
        return { outside, small };
}

/*
 * In the page: goes to a step, and returns what is not in view of its frame when the pictures have come to rest. On a
 * busy machine they may begin to glide late.
 */
async function hiddenAt(step) {
        const rest = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
        const edges = ({ left, right, top, bottom }) => [left, right, top, bottom].map(Math.round).join();
        const isWithin = (box, room) => box.left >= room.left && box.right <= room.right &&
                box.top >= room.top && box.bottom <= room.bottom;

        go(step);
        /* Asked for each time: after a change of the window all is drawn again. */
        const parts = () => {
                const node = document.querySelector(`#tree g[data-region="${currentStep()[2]}"] rect:not(.halo)`);
                return [node, ...document.querySelectorAll('#holes .here, #space .region.here')].filter(Boolean);
        };
        const hidden = () => parts().flatMap(part => {
                const room = part.closest('.scroll').getBoundingClientRect(), box = part.getBoundingClientRect();
                const words = `step ${step}, ${part.closest('svg').id}: ${edges(box)} in ${edges(room)}`;
                return isWithin(box, room) ? [] : [words];
        });
        for (let i = 0; i < 50 && hidden().length; i++) await rest(100);
        await rest(500);
        return hidden();
}

export default async function checkView({ page, ok, note, random, steps }) {
        note('sizes of words');
        const { outside, small } = await page.evaluate(sizesInPage);
        ok(outside.length === 0, 'words stay inside their boxes', outside.slice(0, 5).join('\n'));
        ok(small.length === 0, 'no letter is smaller than nine pixels', small.slice(0, 5).join('\n'));

        for (const [width, height] of [[1440, 900], [360, 740]]) {
                const hidden = [];
                note(`what is in view, ${width} pixels wide`);
                await page.setViewport({ width, height });
                for (let i = 0; i < 8; i++) hidden.push(...await page.evaluate(hiddenAt, 1 + random(steps)));
                ok(hidden.length === 0, `what a step is about is in view, ${width} pixels wide`, hidden.join('\n'));
        }
        await page.setViewport({ width: 1440, height: 900 });
        await page.evaluate(() => go(1));
}
