#!/usr/bin/env perl
# The kernel's own test cases, run inside it on each machine that it must boot on.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Machine qw(boot check events slurp);

for my $machine (qw(pc microvm q35)) {
        my $run = boot($machine, 'test');
        my @ended = events($run->{recording}, 'case_end');

        is $run->{status}, 0, "$machine: the run succeeds" or diag $run->{said}, slurp($run->{console});
        cmp_ok @ended, '>', 10, "$machine: " . @ended . ' cases ran';
        is_deeply [ grep { !/verdict=passed/ } @ended ], [], "$machine: and passed";
        is check($run->{recording})->{status}, 0, "$machine: the recording passes its check";
}

done_testing;
