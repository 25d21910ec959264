#!/usr/bin/env perl
# regionviz html: the page itself, and the page in a real browser, where every state must be that of `regionviz tree`.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build record_teaching);

build("$build/host/run_script", "$build/regionviz");

sub slurp { local (@ARGV, $/) = @_; return <> }
sub viz { my $said = qx('$build/regionviz' @_ 2>&1); return { status => $? >> 8, said => $said } }

my $recording = record_teaching();

# --- the file

my $page = "$folder/page.html";
my $run = viz('html', $recording, '-o', $page);
is $run->{status}, 0, 'a page is made' or diag $run->{said};
my ($operations, $steps) = $run->{said} =~ /tree 1 \(teaching\.ops\), ([\d,]+) operations, ([\d,]+) steps, /;
cmp_ok $operations, '>', 50, 'with the operations of the tree';
my $html = slurp($page);
unlike $html, qr/(?:src|href)="(?!#)|url\(|\@import|fetch\(|XMLHttpRequest/, 'it asks for no other file';
my ($json) = $html =~ m{<script type="application/json" id="recording">\n(.*?)\n</script>}s;
my $data = decode_json($json);
is scalar @{$data->{recording}{operations}}, $operations, 'its data is JSON';
is scalar @{$data->{recording}{steps}}, $steps =~ s/,//gr, 'a step for each event of the tree';
is $data->{left_out}, '', 'nothing is left out';

$run = viz('html', $recording, '--from', 10, '--to', 19, '-o', "$folder/part.html");
like $run->{said}, qr/, 10 operations, .*\nLeft out: \d+ operations/s,
        '--from and --to choose operations, and the rest is said';
like slurp("$folder/part.html"), qr/"left_out":"\d+ operations of this tree are not in the page/, 'in the page, too';
is viz('html', $recording)->{status}, 2, 'without -o: wrong usage';
like viz('html', $recording, '-o', "$folder/page")->{said}, qr/ends in \.html/, 'a page has a name that browsers know';
like viz('html', $recording, '--tree', 9, '-o', $page)->{said}, qr/there is no tree 9/,
        'a tree that does not exist is named';
like viz('html', '--from', 9000, $recording, '-o', $page)->{said}, qr/has none of these operations/,
        'so are operations';
like viz('html', $recording, '-o', "$folder/no/page.html")->{said}, qr{no/page\.html: cannot be written: No such file},
        'and a file that cannot be written';
is viz('html', $recording, '-o', $page)->{status}, 0, 'the page again';

open my $nothing, '>', "$folder/nothing.ops" or die;
print $nothing "space 0x10000 0x90000\n";
close $nothing;
system("$build/host/run_script $folder/nothing.ops -o $folder/nothing.rtrace > /dev/null");
like viz('html', "$folder/nothing.rtrace", '-o', $page)->{said}, qr/tree 1 has no operations/,
        'without operations there is nothing to play';
like viz('diff', "$folder/nothing.rtrace", "$folder/nothing.rtrace", '--text')->{said}, qr/there is nothing to compare/,
        'nor to compare';

# Events are missing: what came then cannot be shown, and that is said.
open my $many, '>', "$folder/many.ops" or die;
print $many "space 0x10000 0x10000000\n", map { "map r$_ 4K rw- anywhere\n" } 1 .. 300;
close $many;
system("$build/host/run_script $folder/many.ops -o $folder/many.rtrace > /dev/null");
my $bytes = slurp("$folder/many.rtrace");
open my $lossy, '>', "$folder/lossy.rtrace" or die;
print $lossy substr($bytes, 0, length($bytes) / 2), substr($bytes, length($bytes) / 2 + 400);
close $lossy;
$run = viz('html', "$folder/lossy.rtrace", '-o', "$folder/lossy.html");
like $run->{said}, qr/^Unknown, since events are missing: [\d,]+ operations$/m, 'behind a loss operations are unknown';
unlike $run->{said}, qr/^Left out/m, 'and not left out';
like slurp("$folder/lossy.html"),
        qr/"left_out":"[\d,]+ operations of this tree cannot be shown, since events are missing\."/, 'in the page, too';

# A name that would end the script element.
open my $script, '>', "$folder/evil.ops" or die;
print $script "space 0x10000 0x90000\nmap </script><b>&\"x 4K rw- anywhere\n";
close $script;
system("$build/host/run_script $folder/evil.ops -o $folder/evil.rtrace > /dev/null");
viz('html', "$folder/evil.rtrace", '-o', "$folder/evil.html");
my $evil = slurp("$folder/evil.html");
is scalar(() = $evil =~ m{</script>}g), 5, 'a name cannot end the script element';

# --- in a browser

my ($chromium) = grep { -x } map { ("$_/chromium", "$_/chromium-browser", "$_/google-chrome") } split /:/, $ENV{PATH};
SKIP: {
        skip 'no chromium', 1 unless $chromium;

        # Runs a script in the page, and returns what it yields.
        my $in_page = sub {
                my ($code) = @_;
                open my $out, '>', "$folder/driven.html" or die;
                print $out $html =~ s{</html>}{<script>
const failures = [];
window.addEventListener('error', event => failures.push(event.message));
let result;
try { result = (() => { $code })() } catch (error) { failures.push(String(error)) }
document.documentElement.innerHTML = '<body><pre id="result"></pre></body>';
document.getElementById('result').textContent = 'RESULT' + JSON.stringify({ failures, result }) + 'END';
</script></html>}r;
                close $out;
                my $browser = "'$chromium' --headless --no-sandbox --disable-gpu --user-data-dir=$folder/profile";
                my $shown = "--window-size=1440,900 --dump-dom file://$folder/driven.html";
                my $dom = qx($browser $shown 2> $folder/chromium.log);
                my ($text) = $dom =~ /RESULT(.*)END/s or return;
                return decode_json($text =~ s/&lt;/</gr =~ s/&gt;/>/gr =~ s/&amp;/&/gr);
        };
        $html = slurp($page);
        my $first = $in_page->('return steps.length');
        skip 'chromium does not run here', 1 unless $first;
        is_deeply $first, { failures => [], result => 0 + ($steps =~ s/,//gr) }, 'the page runs';

        # Every tenth state, as the page has it: each node's depth, heading, colour and gaps, in address order.
        my $states = $in_page->(<<'END')->{result};
                const states = [];
                for (let step = 1; step <= steps.length; step += 10) {
                        go(step);
                        const words = state.nodes.map(node => [node[F.depth], strings[node[F.heading]],
                                node[F.colour] ? 'red' : 'black', strings[node[F.gaps]]].join('|'));
                        states.push([steps[step - 1][0], words]);
                }
                return states;
END
        my @differ;
        for my $state (@$states) {
                my ($event, $nodes) = @$state;
                utf8::encode($_) for @$nodes;
                my $text = viz('tree', $recording, '--at', $event, '--full', '--text')->{said};
                my ($tree) = $text =~ /^Tree\n((?:  .*\n)+)/m;
                next if $tree =~ /no regions/;
                my $node = qr/^  (\s*)(?:root|left|right): (\S+(?: \+\S+)?) .*?, (red|black), (gap .*? · max [^,\n]+)/;
                my %is = map { (/$node/ ? join('|', length($1) / 2, $2, $3, $4) : "? $_") => 1 } split /\n/, $tree;
                push @differ, "event $event" if join("\n", sort keys %is) ne join "\n", sort @$nodes;
        }
        cmp_ok scalar @$states, '>=', 50, 'states in the page';
        is_deeply \@differ, [], 'each is the one that regionviz tree draws';

        # Forward to the end and back again, and by jumps.
        my $walk = $in_page->(<<'END');
                const seen = [];
                seek(1);
                for (let step = 1; step <= steps.length; step++) {
                        seek(step);
                        seen[step] = JSON.stringify(state.nodes);
                }
                for (let step = steps.length; step >= 1; step--) {
                        seek(step);
                        if (seen[step] !== JSON.stringify(state.nodes)) return `differs at ${step}`;
                }
                for (let i = 0; i < 200; i++) {
                        const step = 1 + (i * 7919) % steps.length;
                        seek(step);
                        if (seen[step] !== JSON.stringify(state.nodes)) return `a jump differs at ${step}`;
                }
                return 'same';
END
        is_deeply $walk, { failures => [], result => 'same' }, 'backward through all steps leads to the same states';

        # By the keyboard alone; the words are said in the live region.
        my $keys = $in_page->(<<'END')->{result};
                const press = key => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
                const at = () => state.step;
                const seen = {};
                press('Home'); seen.home = at();
                press('ArrowRight'); seen.right = at();
                seen.words = element('words').textContent;
                press('PageDown'); seen.pageDown = steps[at() - 1][1];
                press('End'); seen.end = at() === steps.length;
                press('ArrowLeft'); seen.left = steps.length - at();
                location.hash = '#op=20'; goToHash(); seen.op = operations[operationAt(at() - 1)][0];
                location.hash = '#event=' + steps[99][0]; goToHash(); seen.event = at();
                location.hash = '#op=9999'; goToHash();
                seen.nowhere = [at(), element('words').textContent];
                seen.role = element('words').getAttribute('role');
                return seen;
END
        my @second_step = @{$data->{recording}{strings}}[@{$data->{recording}{steps}[1]}[6, 3]];
        is_deeply $keys, {
                home => 1,
                right => 2,
                words => join(': ', @second_step),
                pageDown => 0,
                end => JSON::PP::true,
                left => 1,
                op => 20,
                event => 100,
                nowhere => [1, 'This page has no operation 9,999. This is its first step.'],
                role => 'status',
        }, 'the keyboard moves through time, and links lead to a moment';

        # What the keyboard, the mouse and the window leave as it is.
        my $kept = $in_page->(<<'END')->{result};
                const kept = {};
                go(100);
                document.querySelector('.skip').click();
                location.hash = '#words';
                goToHash();
                kept['the step, after the link to its words'] = state.step === 100 &&
                        document.activeElement === element('words');
                const entry = element('steps').children[2].firstChild;
                entry.focus();
                entry.click();
                kept['the focus, in the list of steps'] =
                        document.activeElement === element('steps').children[2].firstChild;
                element('predict').checked = true;
                go(steps.findIndex(step => step[1] === VISIT && step[5] === LEFT));
                goNext();
                window.dispatchEvent(new Event('resize'));
                kept['the question, when the window changes'] = !element('question').hidden;
                element('predict').checked = false;
                element('whole').checked = true;
                const widest = steps.findIndex(step => step[1] === END && step[0] > 1000);
                const narrow = '.scroll { scroll-behavior: auto !important; max-width: 300px; }';
                for (const style of document.styleSheets) style.insertRule(narrow);
                go(widest);
                const box = element('tree-scroll');
                box.scrollLeft = box.scrollWidth;
                const far = box.scrollLeft;
                [...document.querySelectorAll('#tree g.node')].pop().dispatchEvent(new Event('click'));
                kept['where the tree is, when a node in view is chosen'] =
                        far > 0 && Math.abs(box.scrollLeft - far) < 2;
                for (let i = 0; i < 99; i++) chooseNext(-1);
                kept['the chosen node in view'] = box.scrollLeft < far / 2;
                go(steps.findIndex(step => step[1] === BEGIN && step[0] > 500) + 1);
                kept['what an operation is, where it begins'] =
                        element('words').textContent.startsWith(element('operation').textContent);
                element('search').value = 'find';
                search();
                for (let i = 0; i < 3; i++) goToFound({ key: 'Enter' });
                kept['what is searched for, at Enter'] = /: find/.test(element('operation').textContent);
                go(steps.length);
                togglePlay();
                const live = () => element('words').getAttribute('aria-live');
                kept['play, at the end'] = state.step === 1 && /pause/.test(element('play').textContent) &&
                        live() === 'off';
                togglePlay();
                kept['and its end'] = /play/.test(element('play').textContent) && live() === 'polite';
                return Object.keys(kept).filter(name => !kept[name]);
END
        is_deeply $kept, [], 'the step, the focus, a question and the view stay where they are';

        # Edges: the search followed them, or they lead to where a region is linked, as the layout has it at that event.
        my $edges = $in_page->(<<'END')->{result};
                element('whole').checked = true;
                const seen = [];
                for (let step = 5; step <= steps.length; step += 29) {
                        go(step);
                        const lines = [...document.querySelectorAll('#tree .followed, #tree .linking')];
                        const words = lines.map(line => `${line.dataset.region} ${line.classList[1]}`);
                        seen.push([steps[step - 1][0], words]);
                }
                return seen;
END
        @differ = ();
        for my $moment (@$edges) {
                my ($event, $lines) = @$moment;
                my $layout = decode_json(viz('tree', $recording, '--at', $event, '--fit', 'poster', '--json')->{said});
                my @marked = grep { $_->{parent} && ($_->{followed} || $_->{linking}) } @{$layout->{nodes}};
                my @is = map { "$_->{region} " . ($_->{followed} ? 'followed' : 'linking') } @marked;
                push @differ, "event $event: @$lines, should be @is" if join(',', sort @is) ne join ',', sort @$lines;
        }
        is_deeply \@differ, [], 'edges are followed where the layout has them followed';

        # Predict: the decision is asked for before it is shown, and the answer counts.
        my $predict = $in_page->(<<'END')->{result};
                element('predict').checked = true;
                const index = steps.findIndex(step => step[1] === VISIT && step[5] === LEFT);
                go(index);
                goNext();
                const shown = id => getComputedStyle(document.querySelectorAll('#operations .outcome')[id]).display;
                const here = operationAt(state.step - 1), outcomes = [shown(here - 1), shown(here)];
                const asked = [at = state.step, !element('question').hidden];
                [...element('answers').children].find(button => button.textContent === 'left').click();
                return [asked[0] === index, asked[1], state.step - index, element('score').textContent, ...outcomes];
                var at;
END
        is_deeply $predict, [ JSON::PP::true, JSON::PP::true, 1, '1 of 1 right', 'inline', 'none' ],
                'predict asks first, shows then, keeps score, and hides the outcomes that are to come';
}

done_testing;
