#!/usr/bin/env perl
# How many nodes of a tree of 10,000 regions the kernel looks at, counted from the trace, against what region_tree.h
# promises: at most 4 log2(n + 1) to find a hole, 2 log2(n + 1) to look an address up.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use List::Util qw(max);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Machine qw($build boot check events slurp);

my $regions = 10_000;
my $folder = tempdir(CLEANUP => 1);
my $base = 0x100000;

# A skyline: a page, a hole of 0 to 15 pages, a page, ... Then requests of every size, and look-ups everywhere.
# A generator of our own, so that every Perl makes the same script.
my $state = 1;
sub draw { my ($below) = @_; $state = ($state * 1103515245 + 12345) & 0x7fffffff; return ($state >> 8) % $below }

my $at = $base;
open my $script, '>', "$folder/skyline.ops" or die "$folder: $!";
for (1 .. $regions) {
        $at += draw(16) * 4096;
        printf $script "map tower 4K rw- at 0x%x -> 0x%x\n", $at, $at;
        $at += 4096;
}
for (1 .. 300) {
        my $size = 1 + draw(17);
        my $low = $base + draw($at - $base);
        $low -= $low % 4096;
        printf $script "map probe %dK rw- anywhere\n", 4 * $size;
        printf $script "map probe %dK rw- anywhere window 0x%x 0x%x\n", 4 * $size, $low, $low + 4096 * draw(2000);
        printf $script "find 0x%x\n", $base + draw($at - $base);
}
close $script;
system("cd $folder && echo skyline.ops | cpio --create --format=newc --quiet > initrd.cpio") == 0 or die 'cpio';

my $run = boot('pc', 'run=skyline.ops', undef, '--initrd', "$folder/initrd.cpio");
is $run->{status}, 0, 'the script runs' or diag $run->{said}, slurp($run->{console});
is check($run->{recording})->{status}, 0, 'and the recording passes its check';

# The different nodes that each operation visited, the operations told apart by what they ask.
my (%most, %count, $kind, %visited);
for (events($run->{recording}, undef, 'tree')) {
        next if / tree=1 /;     # the kernel's own
        if (/ tree_begin .* kind=(\w+)/) {
                $kind = $1;
                %visited = ();
        } elsif (/ tree_visit .* region=(\d+)/) {
                $visited{$1} = 1;
        } elsif (/ tree_end /) {
                $most{$kind} = max($most{$kind} // 0, scalar keys %visited);
                $count{$kind}++;
        }
}
my $log = log($regions + 1) / log(2);
is $count{place_anywhere}, 600, '600 holes were sought';
is $count{find}, 300, '300 addresses were looked up';
cmp_ok $most{place_anywhere}, '<=', 4 * $log,
        sprintf 'a hole: at most %d nodes visited, 4 log2(n + 1) is %.1f', $most{place_anywhere}, 4 * $log;
cmp_ok $most{find}, '<=', 2 * $log,
        sprintf 'an address: at most %d nodes visited, 2 log2(n + 1) is %.1f', $most{find}, 2 * $log;
done_testing;
