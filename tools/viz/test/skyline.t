#!/usr/bin/env perl
# `regionviz skyline': the holes of a space, and what a linear walk and the search look at, in words and as a picture.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build record regionviz refused text_of);

build("$build/host/run_script", "$build/regionviz");

my $recording = record('example', <<'END');
space 0x10000 0x60000
map a 4K rw- at 0x10000
map b 4K rw- at 0x15000
map c 8K rw- at 0x1a000
map d 4K rw- at 0x2a000
map e 8K rw- at 0x33000
map f 4K rw- at 0x3d000
map buffer 16K rw- anywhere align 32K guard 4K 0
map near 8K rw- near 0x30000
map huge 256K rw- anywhere -> no_memory
END

# --- in words -------------------------------------------------------------------------------------------------

my ($status, $words) = regionviz('skyline', "$recording --at op:7 --text");
is $status, 0, 'a search in words';
is $words =~ s/event \d+/event N/r, <<'END', 'has every hole, both ways to look, and what one comparison dismissed';
example.ops · place_anywhere(buffer, 4 pages, aligned to 32 KiB, guards 1 and 0) → 20000
operation 7 · event N · 6 regions, 6 holes between them, the largest of 34 pages · needed: 5 pages

Holes, in address order
  11000–15000  4 pages, visit 1: refused
  16000–1a000  4 pages: dismissed at 2: max 4 < 4 + 1 guard
  1c000–2a000  14 pages, visit 2: taken
  2b000–33000  8 pages: not looked at
  35000–3d000  8 pages: not looked at
  3e000–60000  34 pages: not looked at

A linear walk
  looks at 4 gaps, of which 3 are holes; takes 1c000–2a000, with 14 pages

The search
  1. 15000: gap 4 < 4 + 1 guard
  2. 2a000: gap 14 ≥ 4 + 1 guard: taken
     one comparison dismissed 1 hole: max 4 < 4 + 1 guard

Result
  A linear walk looks at 4 gaps. The search visited 2 nodes; 1 comparison dismissed 1 hole.
END

my $refused = qr/  Refused: the largest hole has 34 pages, needed are 64 pages\./;
like +(regionviz('skyline', "$recording --text"))[1], qr/place_anywhere\(huge.*dismissed \d+ holes?\.\n$refused$/s,
        'the last search, unless another is named';
like +(regionviz('skyline', "$recording --at op:8 --text"))[1], qr/looks at 8 gaps, .*; takes 2b000–33000/,
        'near a hint the walk looks at all, for the nearest';
like +(regionviz('skyline', "$recording --at op:2 --text"))[1], qr/its holes\n.*\n\nHoles.*79 pages$/s,
        'without a search: the holes alone';
my ($event) = `$build/regiontrace dump $recording` =~ /^ +(\d+) .* tree_end +tree=1 operation=7 /m;
is +(regionviz('skyline', "$recording --at $event --text"))[1], $words,
        'at the end of a search: that search, before it changed the tree';

my @pages = map { sprintf "map r%d 4K rw- at 0x%x\n", $_, 0x10000 + 0x2000 * $_ } 0 .. 1022;
my $many = record('many', join '', "space 0x10000 0x1000000\n", @pages, "map wide 8K rw- anywhere\n");
like +(regionviz('skyline', "$many --text"))[1], qr/ \d+ holes, the largest 1 page: dismissed at 1: max 1 < 2\n/,
        'a run of holes is one line';
my ($dismissed) = +(regionviz('skyline', "$many --text"))[1] =~ /dismissed ([\d,]+) holes\.$/;
is $dismissed, '1,021', 'all of the 1,022 but the one at the root were dismissed';

# --- as a picture ---------------------------------------------------------------------------------------------

for my $format (['svg', qr/^<\?xml/], ['png', qr/PNG/], ['pdf', qr/^%PDF/], ['dot', qr/^graph/]) {
        my ($code, $said) = regionviz('skyline', "$recording --at op:7 -o $folder/out.$format->[0]");

        is $code, 0, "$format->[0]: fine";
        like $said, qr/out\.$format->[0]: .*: 6 holes; [\d,]+ x [\d,]+ pixels$/, 'and says what it is';
        open my $file, '<:raw', "$folder/out.$format->[0]" or die;
        like do { local $/; <$file> }, $format->[1], 'and is one';
}
my $svg = text_of("$folder/out.svg");
like $svg, qr{<title id="title">example\.ops · place_anywhere}, 'an SVG has a title';
like $svg, qr{<desc id="description">The holes of an address space.*1 comparison dismissed 1 hole}, 'and a description';
like $svg, qr/prefers-color-scheme:dark/, 'and a dark side';
is scalar(() = $svg =~ / class="node hole/g), 7, 'a bar for each gap';
is scalar(() = $svg =~ / class="node shade"/g), 1, 'a shade for each comparison that dismissed a subtree';
is scalar(() = $svg =~ / class="node hole taken"/g), 1, 'one was taken';
is scalar(() = $svg =~ / class="node slot fits"/g), 6, 'aligned addresses from which the region fits are ticked';
is scalar(() = $svg =~ / class="node walk/g), 4, 'the walk has a dot for each gap that it looks at';
like $svg, qr{>2: max 4 &#60; 4 \+ 1 guard, 1 hole<}, 'the comparison stands below what it dismissed';
is system("xmllint --noout $folder/out.svg > /dev/null 2>&1"), 0,
        'it is XML' if !system('command -v xmllint > /dev/null');
regionviz('skyline', "$recording --theme $_ -o $folder/$_.svg") for qw(light dark);
unlike text_of("$folder/light.svg"), qr/#12161d/, 'light is not dark';
like text_of("$folder/dark.svg"), qr/#12161d/, 'dark is';
regionviz('skyline', "$many -o $folder/many.svg");
like text_of("$folder/many.svg"), qr/There are more holes than pixels: a bar stands for up to \d+ neighbours/,
        'and more holes than pixels are told';

# --- what it cannot do ----------------------------------------------------------------------------------------

is +(regionviz('skyline', '--help'))[0], 0, '--help is fine';
refused('skyline', $recording, qr/name the file to write/);
refused('skyline', "$recording -o $folder/x.jpg", qr/must end in/);
refused('skyline', "$recording --at op:99 --text", qr/no operation 99/);
refused('skyline', "$recording --theme pink --text", qr/light or dark/);
refused('skyline', "- --text", qr/read twice/);
refused('skyline', '--text', qr/it takes one recording/);
my $given = record('given', "space 0x10000 0x41000\nmap text 16K r-x at 0x10000\n");
refused('skyline', "$given --text", qr/never searched for a hole.*--at/);

done_testing;
