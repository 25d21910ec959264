#!/usr/bin/env perl
# Processes and threads that do everything at once, on one processor and on several: every answer is right, and memory
# comes back.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Machine qw(boot check events slurp);

for my $cpus (1, 2, 4) {
        for my $program (qw(mmaps spawn:20 race stress:10)) {
                my @cpus = $cpus > 1 ? ('--cpus', $cpus) : ();
                my $run = boot('pc', "exec=$program seed=$cpus", undef, @cpus);
                my $check = check($run->{recording});
                my $what = "$program on $cpus CPU" . ($cpus > 1 ? 's' : '');

                is $run->{status}, 0, "$what succeeds" or diag $run->{said}, slurp($run->{console});
                is $check->{status}, 0, "$what: the recording passes its check" or diag $check->{said};
        }
}

# Hundreds of short lives on two processors; spawn compares memory before and after.
my $run = boot('pc', 'exec=spawn:500', undef, '--cpus', 2);
my %lives;
$lives{$_}++ for map { / (cpu \d+) .*status=7\b/ } events($run->{recording}, 'task_exited');
is $run->{status}, 0, '500 processes leave nothing behind' or diag $run->{said}, slurp($run->{console});
is check($run->{recording})->{status}, 0, 'their recording passes its check';
cmp_ok $lives{$_} // 0, '>', 50, "$_ has its share of them" for 'cpu 0', 'cpu 1';
done_testing;
