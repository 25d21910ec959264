#!/usr/bin/env perl
# As tools/trace/test/losses.t, but of long recordings, too, and each frame by itself of the short ones. COUNT and SEED
# change how many frames of the long ones are left out, and which.
use strict;
use warnings;
use File::Temp;
use Test::More;

use lib 'tools/trace/test';
use Losses;

my $build = $ENV{BUILD} // 'build';
my $folder = File::Temp->newdir;
my $count = $ENV{COUNT} // 30;
my $seed = $ENV{SEED} // 1;

for my $cpus (1, 2, 4) {
        losses_of_kernel($build, $folder, $cpus, $_, '+lock', 0, $seed) for qw(spawn:2 race:3);
        losses_of_kernel($build, $folder, $cpus, $_, '-lock', $count, $seed) for qw(storm stress spawn:40);
        losses_of_kernel($build, $folder, $cpus, 'stress', '+lock', $count, $seed);
}
done_testing;
