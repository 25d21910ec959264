#!/usr/bin/env perl
# Programs that want the kernel to fall: it stays up, keeps its rules and its memory, and ends all of them.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Machine qw(boot check events slurp);

my $calls = () = slurp(dirname(__FILE__) . '/../lib/vocabulary/system_call.h') =~ /^ +X\(SYSTEM_\w+, \w+, "/mg;
for ([ 1 ], [ 2 ], [ 4 ], [ 2, '--no-icount' ]) {
        my ($cpus, @options) = @$_;
        my $run = boot('pc', "exec=storm seed=$cpus", undef, '--cpus', $cpus, @options);
        my $what = "a storm on $cpus CPU" . ($cpus > 1 ? 's' : '') . join(' ', '', @options);
        my %called = map { /call=(\w+)/ => 1 } events($run->{recording}, 'system_call_begin');
        my @killed = grep { /status=142\b/ } events($run->{recording}, 'task_exited');

        is $run->{status}, 0, "$what passes" or diag $run->{said}, slurp($run->{console});
        is check($run->{recording})->{status}, 0, 'its recording passes its check';
        is scalar(keys %called), $calls, 'every system call is made';
        cmp_ok scalar(@killed), '>', 10, 'and many are killed for theirs';
}
done_testing;
