#!/usr/bin/env perl
# `regionviz live` on recordings of the labs' early kernels: a list of regions, and two authorities beside each other.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);

plan skip_all => 'tmux is not installed' if system('command -v tmux > /dev/null');
plan skip_all => 'there are no terminals here: /dev/pts is not mounted' if $^O eq 'linux' && !-e '/dev/pts/ptmx';
require Terminal;

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my $folder = tempdir(CLEANUP => 1);
my $write = "$build/test/trace/test/write_events";

my $targets = "$write $build/regionviz $build/regiontrace";
system("$make --no-print-directory BUILD=$build $targets > $folder/make.log 2>&1") == 0
        or BAIL_OUT("cannot build: see `make $write'");
system("$write < " . dirname(__FILE__) . "/live/two-authorities.story > $folder/early.rtrace") == 0
        or BAIL_OUT('write_events failed');
like `$build/regiontrace check $folder/early.rtrace`,
        qr/event 30 .*two authorities: since this operation no region is at 0x32000 to 0x34000/,
        'the check finds where the two part';

for my $size ([ 80, 24 ], [ 120, 40 ]) {
        my $terminal = Terminal->new(columns => $size->[0], rows => $size->[1],
                command => "$build/regionviz live --at 25 $folder/early.rtrace");

        $terminal->shows(qr/play · a list of 2 regions .*1  30000–34000 rw- heap.*2  20000–22000 rw- text/s,
                "$size->[0] x $size->[1]: a list is shown in its own order");
        my $answer = qr/asked the allocator: take 20000–22000 → ok/;
        $terminal->shows(qr/Address space: regions, free ranges .*3 free ranges.*$answer/s,
                'which authority was asked, and its answer');
        $terminal->type(']', 'Right');
        $terminal->shows(qr/3 free ranges · differ for now on 32000–34000: no region, but not free/s,
                'while an operation is in progress they differ');
        $terminal->type('c');
        $terminal->shows(qr/▶ ?30 space operation ends.*two authorities: sin/s, 'c goes to where they part');
        $terminal->type('Escape');
        $terminal->shows(qr/^[^\n]*!+[^\n]*\n[^\n]*disagree on 32000–34000: no region, but not free\s/m,
                'the first addresses on which they disagree are marked');
        $terminal->type('Down');
        $terminal->type('w');
        $terminal->shows(qr/Region .*(range .*gap below .*(before it|after it)|heap|text)/s,
                'a region of the list can be selected');
        unlike $terminal->screen, qr/colour|height|depth/, 'a list has no colours, no height and no depth';
        like $terminal->screen, qr/regions +\d/, 'but a length' if $size->[0] >= 110;
        $terminal->type('Escape', 'Right');
        $terminal->shows(qr/▶ ?31 lookup cache: 30000 is in 30000 heap/, 'the lookup cache has words of its own');
        $terminal->type('q');
        $terminal->shows(qr/\Aended with 0/, 'it ends');
}
done_testing;
