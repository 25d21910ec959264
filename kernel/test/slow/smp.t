#!/usr/bin/env perl
# All of the kernel's own test cases, on each machine with each number of processors, as time counts instructions and as
# it passes here.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Machine qw(boot check events slurp);

for my $machine (qw(pc q35 microvm)) {
        for my $cpus (1, 2, 4, 8) {
                for my $options ([], ['--no-icount']) {
                        my $run = boot($machine, 'test', undef, '--cpus', $cpus, @$options);
                        my $what = "$machine with $cpus processors @$options";

                        is $run->{status}, 0, "$what: the run succeeds" or diag $run->{said}, slurp($run->{console});
                        is check($run->{recording})->{status}, 0, "$what: the recording passes its check";
                }
        }
}
done_testing;
