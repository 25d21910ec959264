#!/usr/bin/env perl
# regiontrace cut: a part of a recording is a recording, whose events and pictures are those of the whole one.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

my $whole = record_script();
my $part = "$folder/part.rtrace";

sub events {
        my ($path) = @_;
        return map { decode_json($_) } split /\n/, regiontrace('dump', '--json', $path)->{stdout};
}

# Events by their numbers, without where they lie in the file.
sub by_number {
        my %by;
        $by{$_->{event}} = "$_->{type} " . JSON::PP->new->canonical->encode($_->{fields}) for @_;
        return %by;
}

my @all = events($whole);
my %all = by_number(@all);
my $count = @all;

# --- any part

for my $tenth (0 .. 9) {
        my ($from, $to) = (1 + int($count * $tenth / 10), int($count * ($tenth + 2) / 10));
        is regiontrace('cut', '--from', $from, '--to', $to, '-o', $part, $whole)->{status}, 0, "events $from to $to";
        my $check = regiontrace('check', $part);
        is $check->{status}, 0, 'pass the check' or diag $check->{stdout};
        my @events = grep { $_->{type} !~ /^saved_/ } events($part);
        my $begun = 0;
        my @numbered = grep { $begun ||= $_->{type} !~ /^keyframe_/; $begun } @events;
        next if $from < 200;                            # too early for the numbers to stay
        my %part = by_number(@numbered);
        delete @part{grep { $part{$_} =~ /^end / } keys %part};
        is scalar(grep { !exists $all{$_} || $all{$_} ne $part{$_} } keys %part), 0,
                'and are those of the whole, with their numbers';
        ok exists $part{$_}, "event $_ is there" for $from, $to < $count ? $to : $count - 1;
}

# --- a picture

my $at = int($count * 2 / 3);
is regiontrace('cut', '--from', $at - 300, '--to', $at + 300, '-o', $part, $whole)->{status}, 0, 'cut around an event';
my @pictures = map {
        is system("$build/regionviz tree --at $at -o $folder/at.svg $_ > $folder/out 2>&1"), 0,
                'a picture' or diag slurp("$folder/out");
        slurp("$folder/at.svg");
} $whole, $part;
is $pictures[1], $pictures[0], 'the picture of an event is the same';

# --- a part of a part; times; compressed

is regiontrace('cut', '--from', $at - 100, '--to', $at, '-o', "$folder/again.rtrace", $part)->{status}, 0,
        'a part of a part';
is regiontrace('check', "$folder/again.rtrace")->{status}, 0, 'passes the check';
like regiontrace('info', $part)->{stdout}, qr/^end +yes, verdict cut$/m,
        'a part that ends before the run has no verdict of its own';
like regiontrace('info', $whole)->{stdout}, qr/^end +yes, verdict passed$/m, 'but the run has';
like regiontrace('info', $part)->{stdout},
        qr/^missing +\d+: \d+ left out by `regiontrace cut' or dropped by the kernel, 0 lost/m,
        'what a part leaves out is not said to be dropped by the kernel';
is regiontrace('cut', '--from', '0.01ms', '--to', '0.03ms', '-o', "$folder/time.rtrace.zst", $whole)->{status}, 0,
        'by times, compressed';
is regiontrace('check', "$folder/time.rtrace.zst")->{status}, 0, 'passes the check';
my @times = map { $_->{ticks} } grep { $_->{type} !~ /^(saved|keyframe)_|^end$/ } events("$folder/time.rtrace.zst");
cmp_ok scalar(@times), '>', 50, 'has events';

# --- wrong usage

my $run = regiontrace('cut', '--from', $count + 1, '-o', "$folder/none.rtrace", $whole);
is $run->{status}, 2, 'no such event';
like $run->{stderr}, qr/there is no event/, 'is said';
ok !-e "$folder/none.rtrace", 'and nothing is written';
$run = regiontrace('cut', '-o', $whole, $whole);
is $run->{status}, 2, 'the input is not overwritten';
is regiontrace('cut', '--from', '12 parsecs', '-o', $part, $whole)->{status}, 2, 'a moment is a number or a time';
is regiontrace('cut', $whole)->{status}, 2, 'an output is needed';
like regiontrace('cut', '--help')->{stdout}, qr/^usage: regiontrace cut/, '--help';
done_testing;
