#!/usr/bin/env perl
# The trace arrives whole by whatever line it leaves, also when a device breaks the rules or the kernel panics.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Machine qw(boot check events slurp);

# What happened, without the time at which it did.
sub story {
        my ($recording) = @_;
        return map { s/^\s*[\d,]+\s+[\d.]+ ms\s+//r } grep { !/ (clock|interrupt_begin|interrupt_end) / }
                map { events($recording, undef, $_) } qw(tree region space test);
}

for my $machine (qw(pc q35 microvm)) {
        my %story;
        for my $transport (qw(auto virtio uart)) {
                my $run = boot($machine, 'run=teaching.ops seed=1', undef, '--transport', $transport);
                is $run->{status}, 0, "$machine, $transport: the run succeeds" or diag $run->{said};
                is check($run->{recording})->{status}, 0, "$machine, $transport: the recording passes its check";
                $story{$transport} = [story($run->{recording})];
        }
        ok @{ $story{auto} } > 1000, "$machine: there is something to compare";
        is_deeply $story{virtio}, $story{auto}, "$machine: a port that must be there changes no event";
        is_deeply $story{uart}, $story{auto}, "$machine: nor does the UART";
}

# The kernel says which line it wants, and what is wrong with that.
my $run = boot('pc', 'transport=virtio', undef, '--transport', 'uart');
is $run->{status}, 1, 'without a port, transport=virtio fails the run';
like slurp($run->{console}), qr/there is no virtio serial port named understory\.trace/,
        'and the console says what is missing';
$run = boot('pc', 'transport=uart test-line=reset');
is $run->{status}, 1, 'a test of the port without the port fails';
for my $wrong ('transport=pigeon', 'trace-mode=loud') {
        is boot('pc', $wrong)->{status}, 1, "$wrong is refused";
}

# A device that breaks the rules is left, and the UART goes on where it stopped.
for my $way (qw(use-too-much use-wrong use-twice use-out-of-order reset)) {
        my $run = boot('pc', "test-line=$way");
        is $run->{status}, 0, "$way: the run succeeds" or diag $run->{said};
        my $check = check($run->{recording});
        is $check->{status}, 0, "$way: the recording passes its check" or diag $check->{said};
        like $check->{said}, qr/lost: 0/, "$way: nothing is lost";
        like slurp($run->{console}), qr/the virtio serial port does not work any more/, "$way: the console says so";
}

# A panic finds the other processor in the middle of anything: of an event, of a frame, of handing it to the device.
for my $transport (qw(auto uart)) {
        for my $schedule (1 .. 8) {
                my @options = ('--cpus', 2, '--transport', $transport);
                my $run = boot('pc', "test-panic=other-cpu schedule=$schedule", undef, @options);
                my $name = "panic, $transport, schedule $schedule";
                like((events($run->{recording}, 'panicked'))[0] // '', qr/on purpose, on cpu 1/,
                        "$name: the message arrives");
                like((events($run->{recording}, 'end'))[0] // '', qr/verdict=failed/, "$name: so does the end");
                like check($run->{recording})->{said}, qr/lost: 0/, "$name: nothing is lost";
        }
}
done_testing;
