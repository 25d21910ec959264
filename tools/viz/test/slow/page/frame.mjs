/* In the frame of a learning system, without rights: no storage, no way to change the address. */

const COURSE = `<!doctype html><html lang="en"><title>a course</title>
<iframe title="page" style="width:900px;height:650px" sandbox="allow-scripts"></iframe>`;

export default async function checkFrame({ page, ok, note, html }) {
        note('a frame without rights');
        await page.setViewport({ width: 1000, height: 700 });
        await page.setContent(COURSE);
        await page.evaluate(text => { document.querySelector('iframe').srcdoc = text; }, html);
        await new Promise(resolve => setTimeout(resolve, 1500));

        const frame = page.frames().find(one => one !== page.mainFrame());
        ok(await frame.evaluate(() => { go(5); return state.step; }) === 5, 'it plays in a frame without rights');
        await frame.focus('.skip');
        await page.keyboard.press('Enter');
        await new Promise(resolve => setTimeout(resolve, 500));
        ok(await frame.evaluate(() => document.activeElement.id === 'words' && state.step === 5),
                'and its link to the words does not lead out of it');
}
