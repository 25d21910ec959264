#!/usr/bin/env perl
# As tools/trace/test/alterations.t, but twelve events of each kind are altered in each way; EACH=0 alters all of them, which
# takes some minutes.
use strict;
use warnings;
use File::Temp;
use Test::More;

use lib 'tools/trace/test';
use Alterations;

my $build = $ENV{BUILD} // 'build';
my $each = $ENV{EACH} // 12;
my $folder = File::Temp->newdir;

alterations_of_script($build, $folder, $each);
alterations_of_kernel($build, $folder, $each);
done_testing;
