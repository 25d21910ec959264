#!/usr/bin/env perl
# `regionviz film': one operation as frames, in words and as a sheet.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build record_teaching regionviz refused text_of);

build("$build/host/run_script", "$build/regionviz");
my $recording = record_teaching();

my ($status, $words) = regionviz('film', "$recording --at op:3 --text");
is $status, 0, 'a film in words';
is $words, <<'END', 'has every visit and change, and both trees of a rotation';
teaching.ops · operation 3 · place_specifically(data, 2 pages at 36000) → 36000

  1. before
  2. visits 30000 text: 36000 ≥ 34000, goes right
  3. visits 34000 rodata: 36000 ≥ 36000, goes right
  4. visits the tail gap: gap 90: free, taken
  5. links 36000 data, red, right of 34000 rodata
      right: 34000 rodata, red
        right: 36000 data, red
  6. recolours 34000 rodata black
  7. recolours 30000 text red
  8. before a rotation: 30000 text will sink to the left, 34000 rodata will rise
      root: 30000 text, red
        right: 34000 rodata, black
          right: 36000 data, red
  9. rotated: 30000 text is the left child of 34000 rodata
      root: 34000 rodata, black
        left: 30000 text, red
        right: 36000 data, red
  10. after
END

($status, $words) = regionviz('film', "$recording --at last-search --text");
is $status, 0, 'the last search';
my $heading = qr/teaching\.ops · operation \d+ · place_anywhere.*→ no_memory/;
like $words, qr/^$heading\n\n  1\. before\n.*: gap 0 < 6.*  \d+\. after\n\z/s,
        'a search that fails ends with what was left'
        or diag $words;

my ($status_svg, $said) = regionviz('film', "$recording --at op:3 -o $folder/film.svg");
is $status_svg, 0, 'a sheet';
like $said, qr/film\.svg: teaching\.ops · operation 3 · .*: 10 frames; 1,348 x [\d,]+ pixels$/,
        'says what it wrote, and how large';
my $sheet = text_of("$folder/film.svg");
my %frames = map { $_ => 1 } $sheet =~ / id="(picture\d+)_/g;
is scalar(keys %frames), 10, 'has a picture for each frame';
my %ids;
$ids{$_}++ for $sheet =~ / id="([^"]+)"/g;
is_deeply [ grep { $ids{$_} > 1 } keys %ids ], [], 'no id is there twice';
like $sheet, qr/>9\. rotated: 30000 text is the left child of 34000 rodata</, 'and its caption';
like $sheet, qr/>sinks<.*>rises<.*>sank<|>rises<.*>sinks<.*>rose</s, 'a rotation marks the nodes that change places';
my $node = qr/ id="picture\d+_r\d+"[^>]*><title>[^<]*<\/title>/;
my %heights = map { $_ => 1 } $sheet =~ /$node<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"/g;
is scalar(keys %heights), 1, 'a tree that fits whole is whole in each, and its boxes are of one height';
unlike $sheet, qr/class="[^"]*subtree/, 'with no triangle';
regionviz('film', "$recording --at op:65 -o $folder/large.svg");
my ($before) = text_of("$folder/large.svg") =~ /^(.*?)>1\. before</s;
like $before, qr/>max \d+</, 'before the search a triangle says how large its largest gap is';
unlike $before, qr/not reached/, 'not that the search did not reach it';
for my $format ([ png => qr/^\x89PNG/ ], [ pdf => qr/^%PDF/ ], [ dot => qr/^graph / ]) {
        is +(regionviz('film', "$recording --at op:3 -o $folder/film.$format->[0]"))[0], 0, "a sheet as $format->[0]";
        open my $file, '<:raw', "$folder/film.$format->[0]" or die;
        read $file, my $beginning, 16;
        like $beginning, $format->[1], 'is one';
}
is system("xmllint --noout $folder/film.svg > /dev/null 2>&1"), 0,
        'it is XML' if !system('command -v xmllint > /dev/null');

# Beside each frame the 2-3-4 tree, and what a change means in it.
my ($status_levels, $levels) = regionviz('film', "$recording --at op:3 --levels black --text");
is $status_levels, 0, '--levels black: fine';
my $split = qr/      as a 2-3-4 tree: 34000 rodata leaves the node of its parent: a split/;
like $levels, qr/^  6\. recolours 34000 rodata black\n$split$/m,
        'a recolouring is a split';
like $levels, qr/^  9\. rotated: .*\n      as a 2-3-4 tree: 30000 text comes down into the node of 34000 rodata$/m,
        'a rotation stands beside what it means';
regionviz('film', "$recording --at op:3 --levels black -o $folder/levels.svg");
my $levels_sheet = text_of("$folder/levels.svg");
is scalar(() = $levels_sheet =~ />as a 2-3-4 tree/g), 10, 'each frame has one';
is scalar(() = $levels_sheet =~ />The floor is crooked: some paths pass/g), 3,
        'on the way to the rotation the floor is crooked';

refused('film', "$recording --text", qr/name the operation, as in --at op:57/);
refused('film', "$recording --at 1204 --text", qr/a film is of an operation/);
refused('film', "$recording --at op:3 --levels red --text", qr/--levels takes black, not "red"/);
refused('film', "$recording --at op:3", qr/name the file to write/);
refused('film', "$recording --at op:3 -o film.gif", qr/must end in \.svg, \.png, \.pdf or \.dot/);
refused('film', "$recording --at op:99 --text", qr/tree 1 has no operation 99; the last one seen is 82/);
refused('film', "--at op:3 --text", qr/it takes one recording/);
ok !-e "$folder/other.svg", 'nothing is written then';

done_testing;
