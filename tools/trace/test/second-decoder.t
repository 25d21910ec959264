#!/usr/bin/perl
# A second decoder, written from docs/trace-format.md alone: what it reads in a recording is what `regiontrace dump`
# says. If this test needs to know something that the document does not say, the document is wrong.
use strict;
use warnings;
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $script = 'kernel/user/workloads/teaching.ops';
my $trace = "$build/second-decoder.rtrace";

sub crc32c {
        my ($bytes) = @_;
        my $crc = 0xffffffff;
        our @table;
        unless (@table) {
                for my $byte (0 .. 255) {
                        my $r = $byte;
                        $r = $r & 1 ? $r >> 1 ^ 0x82f63b78 : $r >> 1 for 1 .. 8;
                        push @table, $r;
                }
        }
        $crc = $crc >> 8 ^ $table[($crc ^ $_) & 0xff] for unpack 'C*', $bytes;
        return $crc ^ 0xffffffff;
}

sub uncobs {
        my ($in) = @_;
        my $out = '';
        while (length $in) {
                my $code = ord $in;
                return if $code > length $in;
                $out .= substr $in, 1, $code - 1;
                $in = substr $in, $code;
                $out .= "\0" if $code < 255 && length $in;
        }
        return $out;
}

# The three kinds of things in a body, taken off its front.
sub varint {
        my ($body) = @_;
        my ($value, $shift) = (0, 0);
        for (;;) {
                my $byte = ord substr $$body, 0, 1, '';
                $value |= ($byte & 0x7f) << $shift;
                return $value if $byte < 0x80;
                $shift += 7;
        }
}

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
        for my $encoded (split /\0/, $stream) {
                next unless length $encoded;
                my $body = uncobs($encoded);
                die "no COBS" unless defined $body;
                my $crc = unpack 'V', substr $body, -4, 4, '';
                die "bad checksum" unless $crc == crc32c($body);
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
