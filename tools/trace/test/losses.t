#!/usr/bin/env perl
# Whichever frames of a recording are missing, nothing is called wrong that is only unknown, and what is missing shows.
# tools/test/slow/losses.t leaves out more, of more recordings.
use strict;
use warnings;
use File::Basename;
use File::Temp;
use Test::More;

use lib dirname(__FILE__);
use Losses;

my $build = $ENV{BUILD} // 'build';
my $folder = File::Temp->newdir;

losses_of_kernel($build, $folder, 1, 'spawn:2', '-visit', 20, 1);
losses_of_kernel($build, $folder, 2, 'spawn:2', '+lock', 20, 2);
losses_of_kernel($build, $folder, 4, 'race:3', '+lock', 20, 3);
done_testing;
