#!/usr/bin/env perl
# The command `regionviz', from a recording to files: every format, every moment, and what it says when it cannot.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build record record_teaching record_events);

my $regionviz = "$build/regionviz";
build("$build/host/run_script", "$build/test/trace/test/write_events", $regionviz);

my $recording = record('example', <<'END');
space 0x10000 0x41000
map text 16K r-x at 0x10000
map <b>&"name" 8K rw- at 0x17000
map heap 32K rw- at 0x1c000
map libc 20K r-x at 0x33000
map new 16K rw- anywhere
map clash 4K rw- at 0x1d000 -> overlap
map big 100K rw- anywhere -> no_memory
unmap 0x1c000 32K
END

sub run {
        my $said = `$regionviz @_ 2>&1 < /dev/null`;
        return ($? >> 8, $said);
}

sub content {
        open my $file, '<:raw', "$folder/$_[0]" or return '';
        local $/;
        return <$file>;
}

sub fails {
        my ($arguments, $words, $what) = @_;
        my ($status, $said) = run($arguments);

        is $status, 2, "$what: exit status 2";
        like $said, $words, "$what: and says so";
        unlike $said, qr/Sanitizer|runtime error/, "$what: in good health";
}

# --- an early kernel's list, in the order in which it was filled ------------------------------------------------

{
        my $list = record_events('tools/viz/test/live/two-authorities.story', 'list');
        my ($status, $said) = run("tree $list --at 23 --text");
        my ($space) = $said =~ /^Address space\n((?:  .*\n)+)/m;

        is $space =~ s/  +hole, .*| +/ /gr, <<'END', 'the bar has every region of a list in no order';
 10000–20000 
 20000–22000 text rw-, 2 pages
 22000–30000 
 30000–34000 heap rw-, 4 pages
 34000–90000 
END
}

# --- many trees -----------------------------------------------------------------------------------------------

open my $story, '>', "$folder/forty.story" or die;
for my $tree (1 .. 40) {
        print $story "0 tree_created $tree 0x10000 0x90000 gaps\n";
        print $story "0 space_created $tree $tree a-program-with-a-long-name\n";
}
close $story;
{
        my $forty = record_events("$folder/forty.story", 'forty');
        my ($status, $said) = run("tree $forty -o $folder/out.svg");
        my $named = qr/(?:\d+ \(a-program-with-a-long-na\w*, 0 operations\)(?:, )?){6}/;

        like $said, qr/^The recording has other trees, to be had with --tree: $named and 33 more$/m,
                'of forty trees six are named, and the others counted';
        fails("tree $forty --tree 77 -o $folder/out.svg",
                qr/there is no tree 77 among its trees: \d+, $named and 33 more$/, 'a tree that is not there');
}

# --- formats --------------------------------------------------------------------------------------------------

for my $format (['dot', qr/^graph regions/], ['svg', qr/^<\?xml/], ['png', qr/^\x89PNG/], ['pdf', qr/^%PDF/]) {
        my ($status, $said) = run("tree $recording -o $folder/out.$format->[0]");

        is $status, 0, "$format->[0]: fine";
        like $said, qr/tree 1 \(\S+\) at event [\d,]+, 4 regions/, "$format->[0]: says what it drew";
        like content("out.$format->[0]"), $format->[1], "$format->[0]: is one";
}

my $svg = content('out.svg');
like $svg, qr/<title id="title">.*remove\(heap, 8 pages/, 'an SVG has a title';
like $svg, qr/<desc id="description">The region tree of/, 'and a description';
like $svg, qr/prefers-color-scheme:dark/, 'and a dark side';
like $svg, qr{<title>text 10000–14000 r(?:-|&#45;)x, gap 0,}, 'and tooltips';
like $svg, qr{<title>&lt;b&gt;&amp;&quot;name&quot;|<title>&#60;b&#62;&#38;}, 'a hostile name is only a name';
unlike $svg, qr/<a |xlink/, 'and nothing of links is left';
is scalar(() = $svg =~ /<g\b/g), scalar(() = $svg =~ m{</g>}g), 'its groups are closed';

my ($root) = $svg =~ /(<svg [^>]*>)/;
like $root, qr/ viewBox="0 0 /, 'it can be scaled';
like $root, qr/ style="max-width:100%;min-width:700px;height:auto"/, 'it shrinks with its window, to 700 pixels';

my $dark_paper = qr/fill="#12161d"/;
run("tree $recording --theme dark -o $folder/dark.svg");
like content('dark.svg'), $dark_paper, 'the dark theme is dark';
unlike content('dark.svg'), qr/prefers-color-scheme/, 'on every screen';
run("tree $recording --theme light -o $folder/light.svg");
unlike content('light.svg'), $dark_paper, 'the light theme is not';

# --- sizes ----------------------------------------------------------------------------------------------------

# A script with a hundred regions, a page free between each and the next, and a search that finds none large enough.
my $many = record('many',
        "space 0x10000 0x200000\n",
        (map { sprintf "map region%d 4K rw- at 0x%x\n", $_, 0x10000 + 0x2000 * $_ } 0 .. 99),
        "map wide 8K rw- anywhere window 0x10000 0xd8000 -> no_memory\n");

# Of an SVG or a PNG.
sub size_of {
        my ($name) = @_;

        return unpack 'N2', substr content($name), 16, 8 if $name =~ /png$/;
        return content($name) =~ /<svg [^>]* width="(\d+)" height="(\d+)"/;
}

for my $case (['', 1400, 780], ['--fit screen', 1400, 780], ['--fit page', 830, 1100], ['--full', 8000, 8000]) {
        my ($options, $widest, $highest) = @$case;

        for my $kind (qw(svg png)) {
                my ($status, $said) = run("tree $many --at last-search $options -o $folder/many.$kind");
                my ($width, $height) = size_of("many.$kind");

                is $status, 0, "'$options', $kind: fine";
                cmp_ok $width, '<=', $widest + 1, "'$options', $kind: not too wide";
                cmp_ok $height, '<=', $highest + 1, "'$options', $kind: not too high";
                my ($said_width, $said_height) = map { s/,//gr } $said =~ /; ([\d,]+) x ([\d,]+) pixels/;
                my $off = abs($said_width - $width) + abs($said_height - $height);
                cmp_ok $off, '<=', 2, "'$options', $kind: says its size";
        }
        my $subtrees = () = content('many.svg') =~ /class="node subtree/g;
        my $regions = () = content('many.svg') =~ /class="node region/g;
        cmp_ok $subtrees, '>', 0, "'$options': subtrees are triangles" if $options ne '--full';
        is "$regions $subtrees", '100 0', "'$options': every region is drawn" if $options eq '--full';
}

my $one = record('one', "space 0x10000 0x90000\nmap one 4K rw- anywhere\n");
run("tree $one -o $folder/one.png");
my ($one_width, $one_height) = size_of('one.png');
cmp_ok $one_width, '<=', 900, 'a PNG of one region is no wider than a column of text';
cmp_ok $one_height, '<=', 450, 'and not high';
fails("tree $recording --fit wall -o $folder/x.svg", qr/--fit takes screen, page or poster, not "wall"/,
        'an unknown frame');

# --- moments --------------------------------------------------------------------------------------------------

sub title_at {
        my ($status) = run("tree $recording --at $_[0] -o $folder/at.svg");

        return '' if $status;
        return content('at.svg') =~ m{<title id="title">(.*?)</title>} ? $1 : '';
}

like title_at('op:5'), qr/place_anywhere\(new, 4 pages\) → 24000/, 'an operation as it chose';
like content('at.svg'), qr/gap 15 ≥ 4: taken/, 'with the reason';
like content('at.svg'), qr/before it changes anything · 4 regions/, 'before it changed the tree';
like title_at('op:6'), qr/→ overlap/, 'a refused operation';
like content('at.svg'), qr/in the way of 1d000/, 'and what was in the way';
like title_at('op:7'), qr/→ no_memory/, 'another one';
like content('at.svg'), qr/Refused: the largest hole has 11 pages, needed are 25 pages/, 'and why';
like title_at('last-search'), qr/place_anywhere\(big, 25 pages\) → no_memory/,
        'the last search, though later operations were given an address';
like title_at('1000000000s'), qr/remove/, 'a time after the end is the end';
like title_at('3'), qr/^tree 1|example/, 'an event before any operation';

fails("tree $recording --at 0ns -o $folder/x.svg", qr/was not there yet/, 'before the tree was created');
fails("tree $recording --at 99999 -o $folder/x.svg", qr/no event 99,999; the last one is/, 'no such event');
fails("tree $recording --at op:99 -o $folder/x.svg", qr/no operation 99; the last one seen is/, 'no such operation');
fails("tree $recording --at noon -o $folder/x.svg", qr/--at takes .*, not "noon"/, 'no moment');
fails("tree $recording --tree 7 -o $folder/x.svg", qr/there is no tree 7 among its trees: 1/, 'no such tree');
ok !-e "$folder/x.svg", 'a failure leaves no file';

my $given = record('given', "space 0x10000 0x41000\nmap text 16K r-x at 0x10000\n");
fails("tree $given --at last-search -o $folder/x.svg", qr/never searched for a hole.*--at/, 'no search');

# --- in words -------------------------------------------------------------------------------------------------

# The numbers of events change with the kernel's steps; nothing else does.
sub words {
        my ($arguments) = @_;
        my ($status, $said) = run("tree $arguments --text");

        is $status, 0, "$arguments --text: fine";
        return $said =~ s/event \d+(?:,\d{3})*/event N/r;
}

is words("$recording --at op:5"), <<'END', 'a search in words';
example.ops · place_anywhere(new, 4 pages) → 24000
operation 5 · event N, before it changes anything · 4 regions · height 3 · black height 2 · largest hole 15 pages

Search path
  1. 17000–19000 <b>&"name" rw-, black, the root, gap 3 · max 15
     gap 3 < 4: goes right, where the largest gap is 15
     left subtree, 1 region, skipped: max 0 < 4
  2. 1c000–24000 heap rw-, black, right child of 1, gap 3 · max 15
     gap 3 < 4: goes right, where the largest gap is 15
  3. 33000–38000 libc r-x, red, right child of 2, gap 15 · max 15
     gap 15 ≥ 4: taken

Address space
  10000–14000  text r-x, 4 pages
  14000–17000  hole, 3 pages
  17000–19000  <b>&"name" rw-, 2 pages
  19000–1c000  hole, 3 pages
  1c000–24000  heap rw-, 8 pages
  24000–28000  hole, 4 pages, taken
  28000–33000  hole, 11 pages
  33000–38000  libc r-x, 5 pages
  38000–41000  hole, 9 pages

Result
  taken: 24000–28000
END

is words("$recording --full"), <<'END', 'a whole tree in words';
example.ops · remove(heap, 8 pages at 1c000) → done
operation 9 · event N · 4 regions · height 3 · black height 2 · largest hole 11 pages

Tree
  root: 17000–19000 <b>&"name" rw-, black, gap 3 · max 11
    left: 10000–14000 text r-x, black, gap 0 · max 0
    right: 24000–28000 new rw-, black, gap 11 · max 11
      right: 33000–38000 libc r-x, red, gap 11 · max 11

Address space
  10000–14000  text r-x, 4 pages
  14000–17000  hole, 3 pages
  17000–19000  <b>&"name" rw-, 2 pages
  19000–24000  hole, 11 pages
  24000–28000  new rw-, 4 pages
  28000–33000  hole, 11 pages
  33000–38000  libc r-x, 5 pages
  38000–41000  hole, 9 pages

Result
  free again: 1c000–24000
END

like words("$recording --at op:7"), qr/skipped: max 0 < 25.*\nResult\n.*Refused: the largest hole has 11 pages/s,
        'a refused one';
like words("$many --at last-search"), qr/^     (?:left|right) subtree, \d+ regions, skipped: max 1 < 2$/m,
        'what was skipped has a size';
like words("$recording --at 3"), qr/Tree\n  no regions\n/, 'an empty tree';
{
        local $ENV{PATH} = $folder;
        my $said = `$regionviz tree $recording --text 2>&1`;
        is $? >> 8, 0, 'words need no Graphviz';
}
words("$recording --at op:5 -o $folder/both.svg");
my $visited = 'The search visited 17000, 1c000, 33000; it skipped 1 subtree with 1 region\.';
like content('both.svg'), qr{<desc id="description">[^<]* $visited</desc>},
        'and a picture, if one is asked for; its description says the same in short';

# The way to the insertion point may lead through what the search skipped: then it is not called skipped.
my $teaching = record_teaching();
run("tree $teaching --at op:26 -o $folder/linking.svg");
like content('linking.svg'), qr/class="edge edge linking"/, 'an edge that is only followed to link';
like content('linking.svg'), qr/>insertion point: its right child</, 'says where it leads';
unlike content('linking.svg'), qr/>skipped: max 2 &lt; 2 \+ 1 guard</, 'and is not called skipped';
like content('linking.svg'), qr/dashed gold: not part of the search, leads to the insertion point/,
        'as the legend explains';

# --- by black levels ------------------------------------------------------------------------------------------

like words("$teaching --at op:27 --levels black"), qr/^2-3-4 tree: .*
  level 1:  \[40000\]
  level 2:  \[\(12000\) 2c000 \(34000\)\]  \[\(72000\) 86000 \(8a000\)\]
  level 3:  \[10000\]  \[\(18000\) 1c000 \(2a000\)\]  .*
  floor: even$/m, 'the 2-3-4 tree in words';
run("tree $teaching --at op:27 --levels black --full -o $folder/levels.svg");
is scalar(() = content('levels.svg') =~ /class="node band"/g), 11, 'each of its nodes is a frame';
is scalar(() = content('levels.svg') =~ /class="edge edge bond"/g), 9,
        'a red node is joined to its parent in the same row';
like content('levels.svg'), qr/line below: the floor, even/, 'the floor is even';
my $recolouring = qr/^ +([\d,]+) .* tree_colour +tree=1 region=19 colour=black/m;
my ($recoloured) = map { tr/,//dr } `$build/regiontrace dump $teaching` =~ $recolouring;
like words("$teaching --at $recoloured --levels black"),
        qr/The floor is crooked: some paths pass \d black nodes, others \d\./, 'between recolourings it is crooked';
fails("tree $recording --levels red -o $folder/x.svg", qr/--levels takes depth or black, not "red"/, 'unknown levels');

# --- tidy -----------------------------------------------------------------------------------------------------

run("tree $recording --at op:5 --layout tidy -o $folder/tidy.svg");
unlike content('tidy.svg'), qr/class="edge drop"/, 'a tidy tree has no lines to the bar';
like content('tidy.svg'), qr/class="node bar region"/, 'the bar is there';
run("tree $recording --at op:5 --layout both -o $folder/both-layouts.svg");
like content('both-layouts.svg'), qr/>in the order of addresses<.*>tidy</s, 'both layouts stand beside each other';
is words("$recording --at op:5 --layout tidy"), words("$recording --at op:5"), 'the words are the same';
fails("tree $recording --layout round -o $folder/x.svg", qr/--layout takes in-order, tidy or both/,
        'an unknown layout');
fails("tree $recording --layout tidy --levels black -o $folder/x.svg", qr/--levels black has a layout of its own/,
        'both');

# --- as JSON --------------------------------------------------------------------------------------------------

my ($json_status, $json) = run("tree $recording --at op:5 --json");
is $json_status, 0, '--json: fine';
my $picture = decode_json($json);
my %node = map { $_->{heading} => $_ } @{ $picture->{nodes} };
my $heap = $node{"1c000\x{2013}24000"};
is_deeply [ @{$heap}{qw(colour depth side form role number decided base gap max regions)} ],
        [ 'black', 1, 'right', 'box', 'visited', '2', 'gap 3 < 4', '0x1c000', 3, 15, 2 ],
        'a node has its colour, marks and words';
is_deeply [ map { $_->{decision} } @{ $picture->{visits} } ], [ qw(go_right go_right taken) ], 'visits are in order'
        or diag explain $picture->{visits};
my @places = grep { $_->{kind} eq 'place' } @{ $picture->{marks} };
is_deeply [ map { $_->{text} } @places ], [ "taken: 24000\x{2013}28000" ], 'marks have words';
my ($root_of_json) = grep { !$_->{parent} } @{ $picture->{nodes} };
cmp_ok $root_of_json->{x}, '<', $heap->{x}, 'positions are in address order';
cmp_ok $root_of_json->{y}, '<', $heap->{y}, 'and by depth';
run("tree $recording --at op:5 -o $folder/json.dot");
for my $drawn (values %node) {
        my ($x, $y) = content('json.dot') =~ /^\tr$drawn->{region} \[class="region[^"]*" pos="([\d.]+),([\d.]+)"/m;
        cmp_ok abs($x * 4 / 3 - $drawn->{x}), '<', 0.02, "region $drawn->{region} is drawn there";
        cmp_ok abs($picture->{height} - $y * 4 / 3 - $drawn->{y}), '<', 0.02, 'and as high';
}
fails("tree $recording --json --text", qr/choose one/, 'JSON and words');

# --- usage ----------------------------------------------------------------------------------------------------

is +(run('--help'))[0], 0, '--help is fine';
is +(run('tree --help'))[0], 0, 'so is that of a verb';
fails('', qr/usage:/, 'no verb');
for my $verb (qw(tree film skyline diff map locks progress html live)) {
        my ($status, $said) = run("$verb --help");

        is $status, 0, "$verb --help: fine";
        like $said, qr/^usage: regionviz $verb /, "$verb --help: says how it is used";
        fails("$verb --paint", qr/^regionviz $verb: unrecognized option '--paint'/, "$verb with an unknown option");
        is system("$regionviz $verb --help > /dev/full 2> $folder/said") >> 8, 2,
                "$verb --help on a full disk: exit status 2";
        like content('said'), qr/^regionviz: standard output cannot be written: No space left on device$/,
                "$verb --help: and says so";
}
fails('paint', qr/no verb "paint"/, 'an unknown verb');
fails("tree $recording", qr/-o tree\.svg, or .* --text/, 'no output');
fails("tree $recording -o $folder/x.jpg", qr/must end in/, 'an unknown format');
fails("tree $recording --theme pink -o $folder/x.svg", qr/light or dark/, 'an unknown theme');
fails("tree $folder/none.rtrace -o $folder/x.svg", qr/none\.rtrace/, 'no such file');
fails("tree - -o $folder/x.svg", qr/read twice/, 'a pipe');
fails("tree $recording -o $folder/no/such/folder.svg", qr/No such file/, 'no such folder');
{
        local $ENV{PATH} = "$folder";
        my $said = `$regionviz tree $recording -o $folder/x.png 2>&1`;

        is $? >> 8, 2, 'without Graphviz: exit status 2';
        like $said, qr/apt install graphviz/, 'without Graphviz: and the fix';
        for my $kind (qw(dot svg)) {
                is system("$regionviz tree $recording -o $folder/x.$kind > /dev/null"), 0,
                        "a .$kind needs no Graphviz";
        }
}

# --- events that are missing ----------------------------------------------------------------------------------

my $loss = record('loss', "space 0x10000 0x7ffffffff000\n", map { "map r$_ 8K rw- anywhere\n" } 1 .. 300);
{
        my $bytes = content('loss.rtrace');

        substr($bytes, int(length($bytes) * 0.6), 8) = 'XXXXXXXX';
        open my $file, '>:raw', $loss or die;
        print $file $bytes;
        close $file;
}
for my $verb (qw(tree film skyline)) {
        fails("$verb $loss --at op:299 -o $folder/x.svg",
                qr/: of tree 1 operation 299 cannot be shown: events of it or before it are missing/,
                "$verb of an operation behind a loss");
}
fails("tree $loss --at op:999 -o $folder/x.svg", qr/no operation 999; the last one seen is 300/,
        'an operation that is not there, behind a loss');

# --- damage ---------------------------------------------------------------------------------------------------

# Whatever the bytes, there is a picture or a sentence.
my $bytes = content('example.rtrace');
my $seed = 7;
my $bad = 0;
for my $round (1 .. 60) {
        my $damaged = $bytes;

        for (1 .. 1 + $round % 5) {
                $seed = ($seed * 1103515245 + 12345) % 2**31;
                substr($damaged, $seed % length $damaged, 1) = chr($seed / 65536 % 256);
        }
        $damaged = substr($damaged, 0, $seed % length $damaged) if $round % 4 == 0;
        open my $file, '>:raw', "$folder/damaged.rtrace" or die;
        print $file $damaged;
        close $file;
        my ($status, $said) = run("tree $folder/damaged.rtrace -o $folder/damaged.dot");
        next if ($status == 0 || $status == 2) && $said =~ /\S/ && $said !~ /Sanitizer|runtime error/;
        diag "round $round: status $status: $said";
        $bad++;
}
is $bad, 0, 'damaged recordings are drawn as far as they are known, or refused in words';

done_testing;
