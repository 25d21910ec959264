#!/usr/bin/env perl
# Every byte of a small recording is flipped, dropped and doubled, and one of 64 KiB is damaged at random, 10,000 times
# (DAMAGES=100000 for more): what is damaged shows, and nothing is called wrong that is only unknown. Two processes do
# half of it each.
use strict;
use warnings;
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $damages = $ENV{DAMAGES} // 10000;
my $parts = 2;
my @process;
for my $part (0 .. $parts - 1) {
        open my $said, '-|', "$build/test/trace/test/test_damage $damages $part $parts 2>&1" or die $!;
        push @process, $said;
}
for my $part (0 .. $parts - 1) {
        my $said = join '', readline $process[$part];
        ok close $process[$part], "$damages damages, part $part" or diag $said;
}
done_testing;
