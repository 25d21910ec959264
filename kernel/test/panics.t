#!/usr/bin/env perl
# A kernel that panics says so on the console, in the trace and by its exit status.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Machine qw(boot events slurp);

my %message_of = (
        'fault' => qr/0x1000\b/,
        'write-code' => qr/writ/,
        'user-memory' => qr/write 0x10000\b.*does not allow/,
        'execute-data' => qr/execut/,
        'guard' => qr/guard/,
        'stack' => qr/stack/,
        'assert' => qr/two \+ two == 5/,
        'double-free' => qr/free/,
        'overrun' => qr/beyond the end of an array/,
        'lock-order' => qr/lock order: "test" is wanted while "test_inner" is held/,
        'long-wait' => qr/the lock "test" .* processor 7 has had it .* in wait_long\(\)/,
        'console' => qr/read 0x1000\b/,
        'plain' => qr/on purpose/,
);

for my $way (sort keys %message_of) {
        my $run = boot('pc', "test-panic=$way");
        my @panics = events($run->{recording}, 'panicked');
        my @ends = events($run->{recording}, 'end');

        is $run->{status}, 1, "$way: the run fails";
        like "@panics", $message_of{$way}, "$way: the trace says why";
        like "@ends", qr/verdict=failed/, "$way: and ends with that verdict";
        like slurp($run->{console}), $message_of{$way}, "$way: so does the console";
}

# The order that is violated was recorded once: the console says where.
my $run = boot('pc', 'test-panic=lock-order');
my $now = qr/^how it got here.*\+0x.* lock_order\+/ms;
my $before = qr/^before, "test_inner" was wanted while "test".* lock_order\+/ms;
my $held = qr/^"test" had been.* lock_order\+/ms;
like slurp($run->{console}), qr/$now.*$before.*$held/s, 'lock-order: the console shows both stacks';
like((events($run->{recording}, 'lock_order_violated'))[0], qr/held=test_inner wanted=test\b/,
        'lock-order: the trace names both locks');
done_testing;
