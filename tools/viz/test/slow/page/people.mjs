/* For people who cannot see or use a mouse, on a phone, who want less motion, and on paper. */
import { readFileSync } from 'node:fs';

const SIZES = [['light', 1440, 900], ['dark', 1440, 900], ['light', 360, 740], ['dark', 360, 740]];

async function checkAccess({ page, ok, address, require, isChrome }) {
        const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

        for (const [scheme, width, height] of SIZES) {
                await page.setViewport({ width, height });
                if (isChrome) await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
                await page.goto(`${address}#op=20`);
                await page.evaluate(() => { go(Math.min(endOf(operationAt(state.step - 1)) - 1, state.step + 4)); });
                await page.evaluate(axe);
                const violations = await page.evaluate(async () => (await axe.run()).violations.map(one => {
                        const places = one.nodes.slice(0, 3).map(node => node.html.slice(0, 120));
                        return `${one.id}: ${one.help}: ${places.join(' | ')}`;
                }));
                ok(violations.length === 0, `axe-core finds no violation, ${scheme}, ${width} pixels wide`,
                        violations.join('\n'));
                const wide = await page.evaluate(() => document.documentElement.scrollWidth);
                ok(wide <= width, `nothing is wider than ${width} pixels`, wide);
        }
}

/* In the page: how pictures scroll, and how many elements move by themselves. */
function motionInPage() {
        go(1);
        go(Math.min(20, steps.length));
        const styles = [...document.querySelectorAll('*')].map(one => window.getComputedStyle(one));
        const frames = [...document.querySelectorAll('.scroll')];
        return {
                scroll: [...new Set(frames.map(one => window.getComputedStyle(one).scrollBehavior))].join(),
                moving: styles.filter(style => style.animationName !== 'none' ||
                        parseFloat(style.transitionDuration) > 0).length,
        };
}

/* Nothing glides to where a step is, if the system is asked for less motion. Else the pictures do. */
async function checkMotion({ page, ok }) {
        for (const [asked, behaviour] of [['reduce', 'auto'], ['no-preference', 'smooth']]) {
                await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: asked }]);
                const motion = await page.evaluate(motionInPage);
                ok(motion.scroll === behaviour && motion.moving === 0,
                        `motion: ${asked}, so scrolling is ${behaviour}`, JSON.stringify(motion));
        }
        await page.emulateMediaFeatures([]);
}

/* In the page, on paper: how wide it is, its colour, and what is there. */
function printInPage() {
        go(endOf(operationAt(state.step - 1)));
        const boxOf = id => document.getElementById(id).getBoundingClientRect();
        const all = [...document.querySelectorAll('body *')];
        return {
                wide: Math.max(...all.map(one => one.getBoundingClientRect().right)),
                paper: window.getComputedStyle(document.body).backgroundColor,
                shown: ['tree', 'space', 'holes', 'words', 'operation'].filter(id => boxOf(id).height > 10),
                hidden: ['first', 'slider', 'operations', 'search'].filter(id => boxOf(id).height > 0),
        };
}

/* The pictures are there, black on white whatever the screen is, and nothing is cut off at the right. */
async function checkPaper({ page, ok, address }) {
        await page.setViewport({ width: 760, height: 1000 });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
        await page.emulateMediaType('print');
        await page.goto(`${address}#op=20`);
        const { wide, paper, shown, hidden } = await page.evaluate(printInPage);
        ok(wide <= 760 && shown.length === 5 && hidden.length === 0 && paper === 'rgb(255, 255, 255)', 'it prints',
                `${wide} wide, ${paper}, shows ${shown} and ${hidden}`);
        await page.emulateMediaType('screen');
        await page.emulateMediaFeatures([]);
}

export default async function checkPeople(run) {
        run.note('axe-core, a phone, less motion, paper');
        await checkAccess(run);
        if (!run.isChrome) return;
        await checkMotion(run);
        await checkPaper(run);
}
