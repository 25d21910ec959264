/*
 * Drives a page of `regionviz html` in a real browser, as a person would, and prints what it found as TAP; on the
 * standard error, what it is doing.
 *
 *      node drive.mjs BROWSER EXECUTABLE PAGE.html RECORDING REGIONVIZ
 *
 * BROWSER is chrome or firefox. It runs where puppeteer-core and axe-core are installed (page.t says how).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import checkFrame from './frame.mjs';
import checkHoles from './holes.mjs';
import checkKeyboard from './keyboard.mjs';
import checkLayout from './layout.mjs';
import checkPeople from './people.mjs';
import checkView from './view.mjs';
import checkWalk from './walk.mjs';

const [browserName, executablePath, pagePath, recording, regionviz] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const puppeteer = require('puppeteer-core');
const name = `${basename(pagePath, '.html')} in ${browserName}`;

let tests = 0, failed = 0;
function ok(isFine, what, detail) {
        tests++;
        if (!isFine) failed++;
        console.log(`${isFine ? 'ok' : 'not ok'} ${tests} - ${name}: ${what}`);
        if (!isFine && detail !== undefined) console.log(String(detail).replace(/^/gm, '#   '));
}

const began = Date.now();
function note(words) {
        console.error(`# ${Math.round((Date.now() - began) / 1000)} s: ${name}: ${words}`);
}

/* The same numbers in each run. */
let seed = 12345;
function random(below) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return Math.floor(seed / 2147483648 * below);
}

const flagsOfChrome = [
        '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
];
const browser = await puppeteer.launch({
        browser: browserName, executablePath, headless: true, protocolTimeout: 1200000,
        args: browserName === 'chrome' ? flagsOfChrome : [],
});
const page = await browser.newPage();

const complaints = [], requests = [];
page.on('console', message => {
        if (['error', 'warn', 'warning'].includes(message.type())) complaints.push(message.text());
});
page.on('pageerror', error => complaints.push(String(error)));
page.on('request', request => requests.push(request.url()));

const address = pathToFileURL(pagePath).href;
await page.setViewport({ width: 1440, height: 900 });
await page.goto(address);

const html = readFileSync(pagePath, 'utf8');
const data = JSON.parse(/<script type="application\/json" id="recording">\n(.*?)\n<\/script>/s.exec(html)[1]);
const run = {
        page, ok, note, random, address, html, recording, regionviz, require,
        isChrome: browserName === 'chrome', tree: String(data.tree), steps: data.recording.steps.length,
};
for (const check of [checkWalk, checkLayout, checkView, checkHoles, checkKeyboard, checkPeople, checkFrame])
        await check(run);

ok(complaints.length === 0, 'no error or warning is on the console', complaints.slice(0, 5).join('\n'));
const isOwn = url => url.startsWith(address) || url.startsWith('about:') || url.startsWith('data:');
const foreign = requests.filter(url => !isOwn(url));
ok(foreign.length === 0, 'nothing is requested', foreign.slice(0, 5).join('\n'));
await browser.close();
console.log(`1..${tests}`);
process.exit(failed ? 1 : 0);
