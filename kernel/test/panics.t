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
done_testing;
