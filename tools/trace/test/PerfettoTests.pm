# What tests of `regiontrace perfetto' share: a trace made of a recording, what is in it, and the recording's events.
package PerfettoTests;
use strict;
use warnings;
use Exporter qw(import);
use JSON::PP qw(decode_json);
use Test::More;
use PerfettoTrace;
use Regiontrace qw($folder regiontrace);
our @EXPORT = qw(convert dump_events on_track totals);

# Converts a recording; the trace must have no faults. Yields it, and how regiontrace ended.
sub convert {
        my ($recording, $what) = @_;
        my $run = regiontrace('perfetto', $recording, '-o', "$folder/out.pftrace");
        my $trace = PerfettoTrace::read_trace("$folder/out.pftrace");
        is_deeply $trace->{faults}, [], "$what: every track is described, every name told, every slice closed";
        return ($trace, $run);
}

sub dump_events {
        my ($recording) = @_;
        return map { decode_json($_) } split /\n/, regiontrace('dump', '--json', $recording)->{stdout};
}

sub totals {
        my ($trace) = @_;
        my %type = (SLICE_BEGIN => 'slices', INSTANT => 'instants', COUNTER => 'samples');
        my %count = map { $_ => 0 } values %type;
        $count{$type{$_->{type}} // 'ends'}++
                for grep { $_->{type} ne 'COUNTER' || $_->{track}{name} eq 'frames in use' } @{$trace->{events}};
        is delete($count{ends}) // 0, $count{slices}, 'as many slices end as begin';
        return \%count;
}

sub on_track {
        my ($trace, $name) = @_;
        return grep { $_->{track}{name} eq $name && $_->{type} ne 'SLICE_END' } @{$trace->{events}};
}

1;
