#!/usr/bin/perl
# A second decoder, written from docs/trace-format.md alone: what it reads in a recording is what `regiontrace dump`
# says. If this test needs to know something that the document does not say, the document is wrong.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Frames qw(bodies varint);

my $build = $ENV{BUILD} // 'build';
my $script = 'kernel/user/workloads/teaching.ops';
my $trace = "$build/second-decoder.rtrace";

# Numbers, differences and texts in a body, taken off its front.
sub difference {
        my ($body) = @_;
        my $n = varint($body);
        return $n >> 1 ^ ($n & 1 ? ~0 : 0);
}

sub add { use integer; return $_[0] + $_[1] }

sub field {
        my ($body, $type, $address, $enum) = @_;
        if ($type eq 'address') {
                $$address = add($$address, difference($body));
                return sprintf '"0x%x"', $$address;
        }
        return '"' . substr($$body, 0, varint($body), '') . '"' if $type eq 'text';
        my $value = varint($body);
        return $value unless $enum->{$type};
        return '"' . $enum->{$type}[$value] . '"';
}

# The header, and the frames of each cpu in the order they arrived.
sub take_apart {
        my ($stream) = @_;
        my ($header, %enum, @event, %frames) = ('');
        for my $body (bodies($stream)) {
                my $kind = substr $body, 0, 1, '';
                if ($kind eq 'H') {
                        varint(\$body);
                        my $last = ord substr $body, 0, 1, '';
                        $header .= $body;
                        next unless $last;
                        for (split /\n/, $header) {
                                my ($word, $name, @rest) = split / /;
                                $enum{$name} = [@rest] if $word eq 'enum';
                                push @event, { name => $name, fields => [@rest[1 .. $#rest]] } if $word eq 'event';
                        }
                } elsif ($kind eq 'E') {
                        my $cpu = varint(\$body);
                        push @{$frames{$cpu}}, $body;
                }
        }
        return (\%enum, \@event, \%frames);
}

# The events of one cpu, each with what it is ordered by.
sub events_of {
        my ($enum, $schema, $cpu, @bodies) = @_;
        my ($expected, @events) = (1);
        for my $body (@bodies) {
                my ($number, $dropped, $ticks) = map { varint(\$body) } 1 .. 3;
                next if $number < $expected;                    # all of it was there before
                my $address = 0;
                while (length $body) {
                        my $type = varint(\$body);
                        if ($type == 0) {
                                $ticks += varint(\$body);
                                next;
                        }
                        my $event = $schema->[$type - 1];
                        my @fields = map { my ($name, $t) = split /:/; "\"$name\":" . field(\$body, $t, \$address, $enum) }
                                @{$event->{fields}};
                        my $text = "$cpu $number $ticks $event->{name} {" . join(',', @fields) . '}';
                        push @events, { ticks => $ticks, cpu => $cpu, number => $number++, text => $text };
                }
                $expected = $number;
        }
        return @events;
}

sub decode {
        my ($enum, $schema, $frames) = take_apart(@_);
        my @events = map { events_of($enum, $schema, $_, @{$frames->{$_}}) } keys %$frames;
        my $number = 1;
        return map { $number++ . " $_->{text}" }
               sort { $a->{ticks} <=> $b->{ticks} || $a->{cpu} <=> $b->{cpu} || $a->{number} <=> $b->{number} } @events;
}

sub dumped {
        return map {
                /"event":(\d+),"cpu":(\d+),"cpu_event":(\d+),"ticks":(\d+),"type":"(\w+)".*?"fields":(\{.*\})\}$/
                        ? "$1 $2 $3 $4 $5 $6" : "not understood: $_"
        } split /\n/, shift;
}

sub compare {
        my ($trace, $what) = @_;
        open my $file, '<:raw', $trace or die "$trace: $!";
        my @ours = decode(do { local $/; <$file> });
        my @theirs = dumped(scalar `$build/regiontrace dump --json $trace`);
        cmp_ok(scalar @ours, '>', 500, "$what: " . scalar(@ours) . ' events decoded');
        is(scalar @ours, scalar @theirs, 'as many as regiontrace finds');
        my ($first) = grep { $ours[$_] ne ($theirs[$_] // '') } 0 .. $#ours;
        is(defined $first ? "$ours[$first]\n$theirs[$first]" : '', '', 'and each the same, field for field');
        return scalar keys %{{ map { (split / /)[1] => 1 } @ours }};
}

is(system("$build/host/run_script", $script, '-o', $trace) >> 8, 0, "$script runs on the host") or BAIL_OUT('nothing to decode');
is(compare($trace, 'one cpu'), 1, 'of one cpu');
is(system("$build/test/trace/test/test_merge", $build) >> 8, 0, 'four cpus are recorded');
is(compare("$build/four-cpus.rtrace", 'four cpus'), 4, 'of four cpus, in one order');
done_testing();
