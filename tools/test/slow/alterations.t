#!/usr/bin/env perl
# As tools/trace/test/alterations.t, but twelve events of each kind are altered in each way, and those of early kernels,
# too; EACH=0 alters all of them, which takes some minutes.
use strict;
use warnings;
use File::Temp;
use Test::More;

use lib 'tools/trace/test', 'labs/test';
use Alterations;
use Trees qw(tree);

my $build = $ENV{BUILD} // 'build';
my $each = $ENV{EACH} // 12;
my $folder = File::Temp->newdir;

alterations_of_script($build, $folder, $each);
alterations_of_kernel($build, $folder, $each);
alterations_of_early($build, $folder, tree($_, 'solution'), $_, $each) for qw(0 1a 2a);
done_testing;
