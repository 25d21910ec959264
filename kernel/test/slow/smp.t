#!/usr/bin/env perl
# All of the kernel's own test cases with each number of processors, as time counts instructions and as it passes here;
# on the other machines with some. With one processor, and in repeatable runs with four, they are in ../ too.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Machine qw(boot check events slurp);

my @runs = (
        map({ [ 'pc', $_ ] } 2, 8),
        map({ [ 'pc', $_, '--no-icount' ] } 1, 2, 4, 8),
        map({ ([ $_, 4 ], [ $_, 2, '--no-icount' ]) } qw(q35 microvm)),
);
for (@runs) {
        my ($machine, $cpus, @options) = @$_;
        my $run = boot($machine, 'test', undef, '--cpus', $cpus, @options);
        my $what = "$machine with $cpus processors @options";

        is $run->{status}, 0, "$what: the run succeeds" or diag $run->{said}, slurp($run->{console});
        is check($run->{recording})->{status}, 0, "$what: the recording passes its check";
}
done_testing;
