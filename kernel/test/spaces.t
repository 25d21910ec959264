#!/usr/bin/env perl
# What the memory of a process does, tried by a program on 1, 2 and 4 processors: kernel/user/spaces.c has the ways.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Machine qw(boot check slurp);

sub is_right {
        my ($way, @options) = @_;
        my $what = "spaces $way @options";
        my $run = boot('pc', "exec=spaces:$way", undef, @options);
        my $check = check($run->{recording});

        is $run->{status}, 0, "$what: the run succeeds" or diag $run->{said}, slurp($run->{console});
        is $check->{status}, 0, "$what: the recording passes its check" or diag $check->{said};
}

for my $way (qw(large-frame far-offset fork-many)) {
        is_right($way, '--cpus', $_) for 1, 2, 4;
}

is_right('list-many', '--memory', '256M');

# In host time threads meet at any instruction. With all processors on one core of the host, one that holds a lock is
# stopped for long while another waits for it.
is_right('fork-moment', '--cpus', $_, '--no-icount') for 1, 2, 4;
SKIP: {
        skip 'no taskset here', 2 if system("taskset -pc 0 $$ > /dev/null 2>&1");
        is_right('fork-many', '--cpus', 2, '--no-icount');
}
done_testing;
