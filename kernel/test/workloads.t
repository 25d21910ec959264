#!/usr/bin/env perl
# Each op script in the initial ramdisk, run by the kernel. Those made from captures must end with the ranges and
# protections that the program had on Linux.
use strict;
use warnings;
use File::Basename qw(basename dirname);
use Test::More;
use lib dirname(__FILE__), dirname(__FILE__) . '/../../tools/trace/test';
use LinuxSpace qw(linux_ranges recorded_ranges);
use Machine qw($build boot check events slurp);

my $workloads = dirname(__FILE__) . '/../user/workloads';

sub runs_as_expected {
        my ($machine, $script) = @_;
        my $run = boot($machine, "run=$script");
        my $check = check($run->{recording});

        is $run->{status}, 0, "$script on $machine: the run succeeds" or diag $run->{said}, slurp($run->{console});
        is_deeply [ events($run->{recording}, 'script_mismatch') ], [], "$script on $machine: every line as expected";
        is $check->{status}, 0, "$script on $machine: the recording passes its check" or diag $check->{said};
        return $run->{recording};
}

runs_as_expected($_, 'teaching.ops') for qw(pc microvm);
for my $capture (glob "$workloads/*.strace") {
        my $script = basename($capture, '.strace') . '.ops';
        my $recording = runs_as_expected('pc', $script);
        is_deeply [ recorded_ranges("$build/regiontrace", $recording) ], [ linux_ranges($capture) ],
                "$script ends with the ranges and protections it had on Linux";
}

my $absent = boot('pc', 'run=absent.ops');
is $absent->{status}, 1, 'a script that is not there: the run fails';
done_testing;
