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

# Numbers and differences in a body, taken off its front.
sub unzigzag { my ($n) = @_; return $n >> 1 ^ ($n & 1 ? ~0 : 0) }

sub add { use integer; return $_[0] + $_[1] }

# What a field is called in the tools' words, from its value.
sub in_words {
        my ($type, $value, $enum) = @_;
        return sprintf '"0x%x"', $value if $type eq 'address';
        return "\"$enum->{$type}[$value]\"" if $enum->{$type};
        return $value;
}

# A number, from its difference from the one before.
sub number {
        my ($body, $type, $before) = @_;
        my $coded = varint($body);
        return add($before, unzigzag($coded)) unless $type eq 'address' || $type eq 'bytes';
        return varint($body) if $coded == 1;
        return add($before, unzigzag($coded >> 1) << ($coded & 1 ? 0 : 12));
}

sub is_number { my ($type, $enum) = @_; return $type ne 'text' && $type ne 'tree' && !$enum->{$type} }

# One event's fields. `$state` is what the frame has so far: the tree, the region, and each field's newest value.
sub fields {
        my ($body, $event, $words, $state, $enum) = @_;
        my $numbers = grep { is_number($_->{type}, $enum) } @{$event->{fields}};
        my $mask = (1 << $numbers) - 1;
        if ($numbers >= 3) {
                $mask = 0;
                $mask |= ord(substr $$body, 0, 1, '') << 8 * $_ for 0 .. ($numbers - 1) / 8;
        }
        my @said;
        for my $field (@{$event->{fields}}) {
                my $type = $field->{type};
                if ($type eq 'text') {
                        push @said, '"' . substr($$body, 0, varint($body), '') . '"';
                } elsif ($type eq 'tree') {
                        push @said, $state->{tree};
                } elsif ($enum->{$type}) {
                        push @said, in_words($type, $words % @{$enum->{$type}}, $enum);
                        $words = int $words / @{$enum->{$type}};
                } else {
                        my $value = $type eq 'region' ? \$state->{region} : \$state->{"$event->{name} $field->{name}"};
                        $$value //= 0;
                        $$value = number($body, $type, $$value) if $mask & 1;
                        $mask >>= 1;
                        push @said, in_words($type, $$value, $enum);
                }
        }
        return join ',', map { "\"$event->{fields}[$_]{name}\":$said[$_]" } 0 .. $#said;
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
                        my $code = 2;
                        for (split /\n/, $header) {
                                my ($word, $name, @rest) = split / /;
                                $enum{$name} = [@rest] if $word eq 'enum';
                                next unless $word eq 'event';
                                my @fields = map { my ($field, $type) = split /:/; { name => $field, type => $type } }
                                        @rest[1 .. $#rest];
                                my $combinations = 1;
                                $combinations *= @{$enum{$_->{type}} // [0]} for @fields;
                                push @event, ({ name => $name, fields => \@fields, code => $code }) x $combinations;
                                $code += $combinations;
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
                my %state = (tree => varint(\$body), region => 0);
                next if $number < $expected;                    # all of it was there before
                while (length $body) {
                        my $code = varint(\$body);
                        if ($code == 0) {
                                $ticks += varint(\$body);
                                next;
                        }
                        if ($code == 1) {
                                $state{tree} = varint(\$body);
                                next;
                        }
                        my $event = $schema->[$code - 2];
                        my $text = "$cpu $number $ticks $event->{name} {"
                                . fields(\$body, $event, $code - $event->{code}, \%state, $enum) . '}';
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

is(system("$build/host/run_script", $script, '-o', $trace) >> 8, 0, "$script runs on the host")
        or BAIL_OUT('nothing to decode');
is(compare($trace, 'one cpu'), 1, 'of one cpu');
is(system("$build/test/trace/test/test_merge", $build) >> 8, 0, 'four cpus are recorded');
is(compare("$build/four-cpus.rtrace", 'four cpus'), 4, 'of four cpus, in one order');
done_testing();
