#!/usr/bin/env perl
# What the memory of a process does, tried by a program on 1, 2 and 4 processors: kernel/user/spaces.c has the ways.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Machine qw(boot check slurp);

sub succeeds {
        my ($way, @options) = @_;
        my $run = boot('pc', "exec=spaces:$way", undef, @options);

        is $run->{status}, 0, "spaces $way @options: the run succeeds" or diag $run->{said}, slurp($run->{console});
        return $run;
}

sub is_right {
        my ($way, @options) = @_;
        my $check = check(succeeds($way, @options)->{recording});

        is $check->{status}, 0, "spaces $way @options: the recording passes its check" or diag $check->{said};
}

for my $way (qw(large-frame far-offset)) {
        is_right($way, '--cpus', $_) for 1, 2, 4;
}

# For each operation check looks at all regions of a space, so of spaces with so many only one recording is checked.
is_right('fork-many', '--cpus', 2);
succeeds('fork-many', '--cpus', $_) for 1, 4;
succeeds('list-many', '--memory', '256M');

# In host time threads meet at any instruction. With all processors on one core of the host, one that holds a lock is
# stopped for long while another waits for it.
is_right('fork-moment', '--cpus', $_, '--no-icount') for 1, 2, 4;
SKIP: {
        skip 'no taskset here', 1 if system("taskset -pc 0 $$ > /dev/null 2>&1");
        succeeds('fork-many', '--cpus', 2, '--no-icount');
}
done_testing;
