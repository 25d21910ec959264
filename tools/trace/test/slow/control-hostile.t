#!/usr/bin/env perl
# A million damaged and hostile bytes on the command line of a real machine, by the virtio port, and a hundred thousand
# by the UART: nothing changes, and each frame is counted. They arrive while the machine stands, and more of them while
# it runs on, to its end. What it has emitted then is what a run without them emits.
#
# There is a test for each tenth, which shows how far it is.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Controlled qw(check connect_to events_of finish record said start);
use Controller qw(%ANSWER);
use Frames qw(frame varint_of);

srand 14;

sub bytes_without_zero {
        my ($length) = @_;
        return join '', map { chr 1 + int rand 255 } 1 .. $length;
}

# Frames by what is wrong with them. Each is made from the number of the last command that was carried out, and yields
# the encoded frame with zero bytes only around it.
my %frame_of = (
        damaged => [
                sub { bytes_without_zero(1 + int rand 60) },
                sub { bytes_without_zero(102 + int rand 200) },                  # longer than any command
                sub { my $frame = frame(Controller::body($_[0] + 1, int rand 13, 1)) =~ s/\0//gr;
                      my $at = int rand length $frame;
                      substr($frame, $at, 1) = chr(1 + ord(substr $frame, $at, 1) % 255);     # another byte, not zero
                      $frame },
                sub { my $frame = frame(Controller::body($_[0] + 1, int rand 13, 1)) =~ s/\0//gr;
                      substr $frame, 0, 1 + int rand length($frame) - 1 },       # cut
                sub { frame(chr(1 + int rand 66) . varint_of(int rand 9)) },     # a right checksum, but no command
        ],
        unknown => [
                sub { frame(Controller::body($_[0] + 1, 13 + int rand 1e6)) },
                # Another version.
                sub { frame('C' . varint_of(2 + int rand 99) . varint_of($_[0] + 1) . varint_of(8)) },
        ],
        bad_argument => [
                sub { frame(Controller::body($_[0] + 1, 8, 1 + int rand 99)) },  # `go' has no argument
                sub { frame(Controller::body($_[0] + 1, 5, 0, 1 + int rand 99)) },
                sub { frame(Controller::body($_[0] + 1, 9, 1)) },                # `run to event' lacks one
                sub { frame(Controller::body($_[0] + 1, 9, 7, int rand 1e9)) },  # there is no such cpu
                sub { frame(Controller::body($_[0] + 1, 1, '+nothing')) },
                sub { frame(Controller::body($_[0] + 1, 1) . ('+lock,' x 12)) }, # too long for a list
        ],
        repeated => [
                sub { frame(Controller::body($_[0], 8)) },
                sub { frame(Controller::body(0, 8)) },
        ],
);

# Sends so many bytes of such frames; yields how many frames of each kind those were.
sub send_hostile {
        my ($controller, $bytes, $sent) = @_;
        my @kinds = sort keys %frame_of;

        for (my $total = 0; $total < $bytes;) {
                my $kind = rand() < 0.6 ? 'damaged' : $kinds[rand @kinds];
                my $makers = $frame_of{$kind};
                my $frame = "\0" . ($makers->[rand @$makers]->($controller->{number}) =~ s/^\0+|\0+$//gr) . "\0";

                $controller->write_bytes($frame);
                $controller->poll(0);
                $sent->{$kind}++;
                $total += length $frame;
        }
}

# Sends such frames, and steps, for which the machine would have to stand, until the machine has ended or the recorder
# takes no more; yields how many.
sub send_until_end {
        my ($controller) = @_;
        my ($frames, %sent) = (0);
        local $SIG{PIPE} = 'IGNORE';

        while (!$controller->{ended}) {
                eval {
                        send_hostile($controller, 1000, \%sent);
                        $controller->write_bytes(frame(Controller::body($controller->{number} + 1, 5, 0)));
                        1;
                } or last;
                $frames++;
        }
        $frames += $_ for values %sent;
        return $frames;
}

# What the kernel has counted, as it says when it has carried out a `status', behind hostile frames of that number.
sub counts {
        my ($controller) = @_;
        my $number = $controller->send_command('status');
        my $answer = $controller->wait_for(sub { $_->{kind} eq 'A' && $_->{number} == $number
                        && $_->{answer} == $ANSWER{done} }, 120)
                or return 'no answer';
        return "$answer->{carried_out} carried out, $answer->{damaged} damaged, $answer->{refused} refused";
}

sub expected {
        my ($carried_out, $sent) = @_;
        my $damaged = $sent->{damaged} // 0;
        my $refused = 0;

        $refused += $sent->{$_} // 0 for grep { $_ ne 'damaged' } keys %frame_of;
        return "$carried_out carried out, $damaged damaged, $refused refused";
}

for my $case ([ 'virtio', 1_000_000, 'python3.ops' ], [ 'uart', 100_000, 'teaching.ops' ]) {
        my ($transport, $bytes, $script) = @$case;
        my @options = ('--transport', $transport, '--run', $script, '--deadline', 0);
        my $plain = record('pause=0:9999999', @options);
        my $run = start('pause=0:0000200', @options);
        my $controller = connect_to($run);
        my $stand = $controller->all_stand;
        my %sent;

        is $stand && $stand->{cpus}[0]{number}, 200, "$transport: the machine stands" or diag said($run);
        for my $tenth (1 .. 10) {
                send_hostile($controller, $bytes / 10, \%sent);
                is counts($controller), expected($tenth, \%sent),
                        "$transport: " . $tenth * $bytes / 10 . ' bytes are counted';
        }
        is_deeply $controller->all_stand, $stand, "$transport: the machine stands as before";
        is $controller->command('go'), 'done', "$transport: go";
        cmp_ok send_until_end($controller), '>', 0, "$transport: more frames arrive while it runs";
        is finish($run), 0, "$transport: the run passes" or diag said($run);
        is check($run->{recording}), 'passed', "$transport: check passes";
        is_deeply events_of($run->{recording}), events_of($plain), "$transport: the same events as without them";
        ok $sent{$_}, "$transport: " . ($sent{$_} // 0) . " frames: $_" for sort keys %frame_of;
}

done_testing;
