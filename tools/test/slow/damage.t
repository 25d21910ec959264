#!/usr/bin/env perl
# Every byte of a small recording is flipped, dropped and doubled, and one of 64 KiB is damaged at random, 4,000 times
# (DAMAGES=100000 for more): what is damaged shows, and nothing is called wrong that is only unknown.
use strict;
use warnings;
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $damages = $ENV{DAMAGES} // 4000;
my $said = qx($build/test/trace/test/test_damage $damages 2>&1);
is $?, 0, "$damages damages" or diag $said;
done_testing;
