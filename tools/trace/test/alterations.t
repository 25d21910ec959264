#!/usr/bin/env perl
# Every event of every kind in two recordings is altered, and checked: what is not found must be on the list of harmless
# alterations (support_alterations.c), with its reason. Here three of each kind; tools/test/slow/alterations.t: more.
use strict;
use warnings;
use File::Basename;
use File::Temp;
use Test::More;

use lib dirname(__FILE__);
use Alterations;

my $build = $ENV{BUILD} // 'build';
my $folder = File::Temp->newdir;

alterations_of_script($build, $folder, 3);
alterations_of_kernel($build, $folder, 2);
done_testing;
