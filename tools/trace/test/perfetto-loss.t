#!/usr/bin/env perl
# A recording that was cut, damaged, or that lies becomes a Perfetto trace that shows what is missing, and where.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Frames qw(bodies varint);
use PerfettoTests;
use PerfettoTrace;
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

my $teaching = record_script();
system("$build/test/trace/test/test_perfetto", $folder) == 0 or die "recordings cannot be made\n";
my $python = "$folder/python3.rtrace";
system("$build/host/run_script $build/workloads/python3.ops -o $python > /dev/null") == 0
        or die "python3.ops cannot be run\n";

# --- what is not whole

my $whole = slurp($teaching);
for my $length (length($whole) - 30, int(length($whole) / 2), 9000) {
        spew("$folder/cut.rtrace", substr $whole, 0, $length);
        my ($trace, $run) = convert("$folder/cut.rtrace", "cut at $length");
        is $run->{status}, 1, "cut at $length: its end is missing";
        like $run->{stderr}, qr/cut\.rtrace: the stream was cut short: after [\d,]+ events? there is no end event/,
                'and it says so';
        is $trace->{attributes}{verdict}, 'none: cut short', 'and so do the attributes';
        totals($trace);
}

# Each gap: the cpu, how many events, and how many ticks from the event of that cpu before it to the one after it.
sub gaps_of {
        my (%newest, @gaps);
        for my $event (dump_events($_[0])) {
                my ($cpu, $ticks) = @$event{qw(cpu ticks)};
                push @gaps, { cpu => $cpu, missing => $event->{missing}, ticks => $ticks - $newest{$cpu} }
                        if $event->{missing} && $newest{$cpu};
                $newest{$cpu} = $ticks;
        }
        return @gaps;
}

# A gap is as long in the trace as in the stream, whose ticks are about a nanosecond: on its own track, and as a run.
sub is_gap {
        my ($trace, $gap) = @_;
        my @shown = grep { $_->{notes}{missing} == $gap->{missing} }
                on_track($trace, "events missing on cpu $gap->{cpu}");
        my @runs = grep { $_->{name} eq 'events missing' && $_->{cpu} == $gap->{cpu} } @{$trace->{runs}};
        my $off = $gap->{ticks} / 100 + 100;
        my $fits = sub { abs($_[0]{end} - $_[0]{time} - $gap->{ticks}) < $off };
        is scalar(grep { $fits->($_) } @shown), 1, "a gap of $gap->{ticks} ticks is a slice as long";
        is scalar(grep { $fits->($_) } @runs), 1, 'and the cpu runs "events missing"';
}

# A stream without its middle third: whatever was open there is cut, and shows the gap.
{
        my $bytes = slurp($python);
        my $third = int(length($bytes) / 3);
        spew("$folder/middle.rtrace", substr($bytes, 0, $third) . substr($bytes, 2 * $third));
        my ($trace, $run) = convert("$folder/middle.rtrace", 'without its middle third');
        my ($gap) = gaps_of("$folder/middle.rtrace");
        ok $gap, 'a gap';
        is_gap($trace, $gap);
        my @shown = grep { ($_->{name} // '') eq 'events missing' } @{$trace->{events}};
        my ($from, $to) = map { $_->{time}, $_->{end} } grep { $_->{track}{name} =~ /^events missing/ } @shown;
        my %tracks = map { $_->{track}{name} => 1 } grep { abs($_->{time} - $from) < 1000 && $_->{end} == $to } @shown;
        ok $tracks{$_}, "$_ shows the gap" for qw(script tree);
        my $regions = grep { $_->{time} < $from + 1000 && $_->{end} == $to
                                && $trace->{tracks}{$_->{track}{parent}}{name} eq 'regions' } @shown;
        cmp_ok $regions, '>', 10, 'so do the regions that were there';
        my @across = grep { $_->{type} eq 'SLICE_BEGIN' && $_->{time} < $from && $_->{end} > $to } @{$trace->{events}};
        is_deeply [ map { "$_->{track}{name} $_->{name}" } @across ], [], 'nothing goes on through it';
        totals($trace);
}

# Of an operation that is cut, every decision stands beside the others.
{
        my ($trace) = convert("$folder/operation-cut.rtrace", 'an operation that is cut');
        my @steps = grep { $_->{type} eq 'INSTANT' } on_track($trace, 'tree');
        my ($cut) = grep { $_->{type} eq 'SLICE_BEGIN' && $_->{notes}{result} eq 'unknown' } on_track($trace, 'tree');
        my @within = grep { $_->{within} && $_->{within} == $cut } @steps;
        cmp_ok scalar(@within), '>', 2, 'it has decisions';
        my %when = map { $_->{time} => 1 } @within;
        is keys %when, @within, 'each at a time of its own';
        cmp_ok $cut->{end}, '>', (sort { $b <=> $a } keys %when)[0], 'and it ends after them';
}

my ($flipped, $lossy) = (0, 0);
for (my $at = 7500; $at < length $whole; $at += int(length($whole) / 12)) {
        my $damaged = $whole;
        substr($damaged, $at, 1) = chr(ord(substr $damaged, $at, 1) ^ 0x41);
        spew("$folder/flipped.rtrace", $damaged);
        my ($trace, $run) = convert("$folder/flipped.rtrace", "flipped at $at");
        my $losses = grep { $_->{missing} } dump_events("$folder/flipped.rtrace");
        is $run->{status}, 1, "flipped at $at: damage is told by the exit status";
        like $run->{stderr}, qr/flipped\.rtrace: frame \d+ \(byte [\d,]+\): /, 'and in words';
        is $trace->{losses}, $losses, 'a loss in the stream is a loss in the trace';
        is $trace->{counted_losses}, $losses, 'and the importer counts it';
        is scalar(grep { $_->{name} eq 'unknown' } on_track($trace, 'stream')), $losses,
                'a slice lasts until all is known again';
        is_gap($trace, $_) for gaps_of("$folder/flipped.rtrace");
        totals($trace);
        $flipped++;
        $lossy += $losses;
}
cmp_ok $lossy, '>', $flipped / 2, 'events were missing in most of them';

for my $recording (glob "$folder/hostile-*.rtrace") {
        my ($trace, $run) = convert($recording, $recording =~ s{.*/}{}r);
        like $run->{status}, qr/^[01]$/, 'it is converted, right or not' or diag $run->{stderr};
        totals($trace);
}

# --- which trees a gap concerns

# A frame in which one tree has whole operations that change it, and no other has any, nor the kernel's: its number,
# 0 if there is none.
sub frame_of_one_tree {
        my ($recording) = @_;
        my (@found, @first);
        my %event = map { $_->{cpu_event} => $_ } dump_events($recording);
        for my $body (bodies(slurp($recording))) {
                my $is_of_events = substr($body, 0, 1, '') eq 'E';
                varint(\$body) if $is_of_events;        # the cpu
                push @first, $is_of_events ? varint(\$body) : 0;
        }
        for my $frame (grep { $first[$_] && $first[$_ + 1] } 0 .. $#first) {
                my @events = grep { $_ && $_->{type} =~ /^tree_/ }
                        map { $event{$_} } $first[$frame] .. $first[$frame + 1] - 1;
                my %trees = map { $_->{fields}{tree} => 1 } @events;
                push @found, $frame if keys %trees == 1 && !$trees{1} && grep { $_->{type} eq 'tree_link' } @events;
        }
        return $found[@found / 2] // 0;
}

# The name of the space that has a track of this kind with a slice of this name.
sub spaces_with {
        my ($trace, $kind, $slice) = @_;
        my %spaces;
        for my $event (grep { ($_->{name} // '') eq $slice } @{$trace->{events}}) {
                my $parent = $trace->{tracks}{$event->{track}{parent} // 0};
                $spaces{$parent->{name}} = 1 if $event->{track}{name} eq $kind && $parent;
        }
        return join ' ', sort keys %spaces;
}

{
        my $kernel = "$folder/kernel.rtrace";
        my $run = regiontrace('record', '--kernel', "$build/kernel/understory.elf", '--initrd', "$build/initrd.cpio",
                              '--exec', 'spawn:2', '-o', $kernel);
        is $run->{status}, 0, 'a kernel with several spaces is recorded' or diag $run->{stderr};
        my $lost = frame_of_one_tree($kernel);
        cmp_ok $lost, '>', 0, "frame $lost has changes of one tree alone";
        my @frames = split /\0/, slurp($kernel), -1;
        splice @frames, $lost + 1, 1;           # before the first frame there is a zero, too
        spew("$folder/one-tree.rtrace", join "\0", @frames);
        my ($trace) = convert("$folder/one-tree.rtrace", 'without one frame');
        is $trace->{losses}, 1, 'a gap';
        is spaces_with($trace, 'tree', 'unknown'), 'space spawn', 'the tree that changed in it is unknown';
        is spaces_with($trace, 'tree', 'events missing'), 'space spawn', 'and shows the gap';
        my ($gap) = grep { ($_->{name} // '') eq 'events missing' } on_track($trace, 'events missing on cpu 0');
        my @across = grep { $_->{type} eq 'SLICE_BEGIN' && $_->{time} < $gap->{time} && $_->{end} > $gap->{end} }
                @{$trace->{events}};
        my @regions = grep { $trace->{tracks}{$_->{track}{parent}}{name} eq 'regions' } @across;
        cmp_ok scalar(@regions), '>', 2, 'regions of other trees go on through it';
}

done_testing;
