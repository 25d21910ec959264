#!/usr/bin/env perl
# Imports each capture, runs the script with the kernel's own code on this machine, and compares what is mapped at the
# end with what Linux had. The kernel itself is asked the same in kernel/test/workloads.t.
use strict;
use warnings;
use File::Basename qw(basename dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use LinuxSpace qw(linux_ranges recorded_ranges);

my $build = $ENV{BUILD} // 'build';
my $folder = tempdir(CLEANUP => 1);
my @captures = glob dirname(__FILE__) . '/../../../kernel/user/workloads/*.strace';

cmp_ok @captures, '>=', 4, 'there are captures';
for my $capture (@captures) {
        my $name = basename($capture, '.strace');
        my ($script, $recording) = ("$folder/$name.ops", "$folder/$name.rtrace");
        is system("$build/regiontrace import '$capture' -o $script 2> /dev/null"), 0, "$name is imported";
        is system("$build/host/run_script $script -o $recording > /dev/null"), 0, "$name runs as on Linux";
        is_deeply [ recorded_ranges("$build/regiontrace", $recording) ], [ linux_ranges($capture) ],
                "$name ends with the ranges and protections it had on Linux";
}
done_testing;
