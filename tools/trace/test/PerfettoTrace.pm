# Reads a Perfetto trace the way an importer does, but by its own means: protoc takes it apart, and what the importer
# would pass over in silence is a fault here.
#
#       my $trace = PerfettoTrace::read_trace('run.pftrace');
#       is_deeply $trace->{faults}, [];
#       print PerfettoTrace::table($trace);
#
# A trace has tracks (by uuid: name, parent, slices, instants, samples, depth), events in order (type, track, time,
# name, arrows, notes), attributes, how many packets say that something was lost, how many losses its statistics count,
# and faults in words. What the importer makes of kernel events is added by PerfettoKernel: processes, threads and runs.
package PerfettoTrace;
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__);
use PerfettoKernel;

my %escapes = (n => "\n", t => "\t", r => "\r");

sub unquote {
        my ($text) = @_;
        $text =~ s/^"(.*)"$/$1/s;
        $text =~ s/\\([0-7]{3}|.)/length $1 == 3 ? chr oct $1 : $escapes{$1} \/\/ $1/ge;
        return $text;
}

# protoc's text as nested hashes of arrays: { track_event => [ { type => [ 'SLICE_BEGIN' ], ... } ], ... }
sub parse {
        my ($lines) = @_;
        my %message;
        while (defined(my $line = <$lines>)) {
                if ($line =~ /^\s*}/) {
                        last;
                } elsif ($line =~ /^\s*(\w+) \{/) {
                        push @{$message{$1}}, parse($lines);
                } elsif ($line =~ /^\s*(\w+): (.*)$/) {
                        push @{$message{$1}}, unquote($2);
                }
        }
        return \%message;
}

sub fault {
        my ($trace, $words) = @_;
        push @{$trace->{faults}}, "packet $trace->{packets}: $words" if @{$trace->{faults}} < 20;
}

# The one value of a field, or undef.
sub one {
        my ($message, $field) = @_;
        return $message->{$field} && $message->{$field}[0];
}

sub note_bare_numbers {
        my ($trace, $message) = @_;
        for my $field (keys %$message) {
                fault($trace, "field $field is not in the schema") if $field =~ /^\d+$/;
                ref and note_bare_numbers($trace, $_) for @{$message->{$field}};
        }
}

sub take_interned {
        my ($trace, $interned) = @_;
        for my $kind (keys %$interned) {
                for my $entry (@{$interned->{$kind}}) {
                        my ($iid, $name) = (one($entry, 'iid'), one($entry, 'name'));
                        fault($trace, "$kind: entry without number or name") if !$iid || !defined $name || $name eq '';
                        fault($trace, "$kind: number $iid is told twice") if $trace->{interned}{$kind}{$iid};
                        $trace->{interned}{$kind}{$iid} = $name;
                }
        }
}

# The name that a message has by number (an interned one) or in full.
sub name_of {
        my ($trace, $message, $kind, $by_number, $in_full) = @_;
        my $iid = one($message, $by_number);
        my $name = $iid ? $trace->{interned}{$kind}{$iid} : one($message, $in_full);
        fault($trace, "no name: $kind " . ($iid // '(none)')) if !defined $name || $name eq '';
        return $name // '';
}

sub take_root {
        my ($trace, $root) = @_;
        fault($trace, 'the root is described twice') if $trace->{root};
        $trace->{root} = { map { $_ => one($root, $_) } qw(child_ordering process_ordering thread_ordering) };
}

# A thread's track may be described again, with another name; nothing else may.
sub take_descriptor {
        my ($trace, $descriptor) = @_;
        my $uuid = one($descriptor, 'uuid');
        return fault($trace, "a track without uuid") if !defined $uuid;
        return take_root($trace, $descriptor) if !$uuid;
        my $parent = one($descriptor, 'parent_uuid');
        my ($process, $thread) = map { one($descriptor, $_) } qw(process thread);
        my $name = $thread ? one($thread, 'thread_name')
                : $process ? one($process, 'process_name') : one($descriptor, 'name');
        my $before = $trace->{tracks}{$uuid};
        my %track = (
                name => $name, parent => $parent, rank => one($descriptor, 'sibling_order_rank') // 0,
                kind => $thread ? 'thread' : $process ? 'process' : $descriptor->{counter} ? 'counter' : 'track',
                pid => $process ? one($process, 'pid') : $thread ? one($thread, 'pid') : undef,
                tid => $thread ? one($thread, 'tid') : undef,
                unit => map { one($_, 'unit_name') // one($_, 'unit') } one($descriptor, 'counter') // {},
        );
        fault($trace, "track $uuid has no name") if !defined $name || $name eq '';
        fault($trace, "track $uuid would be merged with others of its name")
                if one($descriptor, 'sibling_merge_behavior') ne 'NONE';
        if ($before && delete $before->{later}) {
                @$before{keys %track} = values %track;
                return;
        }
        if ($before) {
                my @differ = grep { ($before->{$_} // '') ne ($track{$_} // '') } qw(parent rank kind pid tid);
                fault($trace, "track $uuid is described twice") if !$thread || @differ;
                $before->{name} = $name;
                return;
        }
        my $new = track_of($trace, $uuid);
        delete $new->{later};
        @$new{keys %track} = values %track;
}

sub notes_of {
        my ($trace, $event) = @_;
        my %notes;
        for my $note (@{$event->{debug_annotations} // []}) {
                my $name = name_of($trace, $note, 'debug_annotation_names', 'name_iid', 'name');
                my ($value) = grep { defined } map { one($note, $_) } qw(uint_value string_value pointer_value);
                fault($trace, "annotation $name has no value") if !defined $value;
                fault($trace, "annotation $name is there twice") if exists $notes{$name};
                $notes{$name} = $value;
        }
        return \%notes;
}

# Only a counter must be described before its events: an importer reads the whole file before it looks at the others.
sub track_of {
        my ($trace, $uuid) = @_;
        return $trace->{tracks}{$uuid} //= {
                later => 1, name => "track $uuid", order => scalar keys %{$trace->{tracks}},
                time => 0, open => [], depth => 0, taken => -1,
                slices => 0, instants => 0, samples => 0,
        };
}

sub take_event {
        my ($trace, $packet, $event) = @_;
        my ($type, $uuid, $time) = (one($event, 'type'), one($event, 'track_uuid') // 0, one($packet, 'timestamp'));
        my $track = track_of($trace, $uuid);
        my $is_new = $type eq 'SLICE_BEGIN' || $type eq 'INSTANT';
        my %taken = (
                type => $type, uuid => $uuid, track => $track, time => $time, notes => notes_of($trace, $event),
                arrows => $event->{flow_ids} // [], arrow_ends => $event->{terminating_flow_ids} // [],
        );

        return fault($trace, "an event without a time") if !defined $time;
        fault($trace, "a sample on a track that is described later") if $type eq 'COUNTER' && $track->{later};
        fault($trace, "time goes back on track $track->{name}, from $track->{time} to $time") if $time < $track->{time};
        $track->{time} = $time;
        $trace->{arrows}{$_}++ and fault($trace, "arrow $_ begins twice") for @{$taken{arrows}};
        $trace->{arrows}{$_} or fault($trace, "arrow $_ ends, but has not begun") for @{$taken{arrow_ends}};
        if ($is_new) {
                fault($trace, "on track $track->{name}, a viewer nests it in what has no duration at $time")
                        if $time <= $track->{taken};
                $taken{name} = name_of($trace, $event, 'event_names', 'name_iid', 'name');
                $taken{category} = name_of($trace, $event, 'event_categories', 'category_iids', 'categories');
                $taken{depth} = @{$track->{open}};
                $taken{within} = $track->{open}[-1];
        }
        if ($type eq 'SLICE_BEGIN') {
                push @{$track->{open}}, \%taken;
                $track->{slices}++;
                $track->{depth} = @{$track->{open}} if $track->{depth} < @{$track->{open}};
        } elsif ($type eq 'SLICE_END') {
                my $begun = pop @{$track->{open}}
                        or return fault($trace, "an end on track $track->{name}, but no slice is open");
                $begun->{end} = $time;
                $track->{taken} = $time if $begun->{time} == $time;
                $begun->{notes} = { %{$begun->{notes}}, %{$taken{notes}} };
        } elsif ($type eq 'INSTANT') {
                $track->{instants}++;
                $track->{taken} = $time;
        } elsif ($type eq 'COUNTER') {
                $taken{value} = one($event, 'counter_value') // one($event, 'double_counter_value');
                fault($trace, "a sample on track $track->{name} has no value") if !defined $taken{value};
                fault($trace, "a sample on track $track->{name}, which is no counter") if $track->{kind} ne 'counter';
                $track->{samples}++;
        } else {
                fault($trace, "an event of type $type");
        }
        push @{$trace->{events}}, \%taken;
}

sub take_packet {
        my ($trace, $packet) = @_;
        my $flags = one($packet, 'sequence_flags') // 0;
        note_bare_numbers($trace, $packet);
        fault($trace, 'it belongs to no sequence') if !one($packet, 'trusted_packet_sequence_id');
        fault($trace, 'the first one does not begin a sequence') if !$trace->{packets} && $flags != 1;
        fault($trace, "its flags are $flags") if $flags != 1 && $flags != 2;
        $trace->{interned} = {} if $flags == 1;
        $trace->{losses}++ if $packet->{previous_packet_dropped};
        take_interned($trace, $_) for @{$packet->{interned_data} // []};
        take_descriptor($trace, $_) for @{$packet->{track_descriptor} // []};
        take_event($trace, $packet, $_) for @{$packet->{track_event} // []};
        PerfettoKernel::take_packet($trace, $packet);
        for my $writer (map { @{$_->{writer_stats} // []} } @{$packet->{trace_stats} // []}) {
                $trace->{counted_losses} += $trace->{losses}
                        if one($writer, 'sequence_id') == 1 && defined one($writer, 'buffer');
        }
        for my $attribute (map { @{$_->{attribute} // []} } @{$packet->{trace_attributes} // []}) {
                $trace->{attributes}{one($attribute, 'key')} = one($attribute, 'string_value')
                        // one($attribute, 'long_value');
        }
        $trace->{packets}++;
}

sub read_trace {
        my ($path) = @_;
        my $folder = dirname(__FILE__);
        my %trace = (tracks => {}, events => [], attributes => {}, faults => [], packets => 0, losses => 0,
                counted_losses => 0,
                interned => {});
        open my $lines, '-|', "protoc --decode=Trace --proto_path='$folder' perfetto.proto < '$path'"
                or die "protoc: $!\n";
        while (defined(my $line = <$lines>)) {
                take_packet(\%trace, parse($lines)) if $line =~ /^packet \{/;
        }
        close $lines or push @{$trace{faults}}, 'protoc cannot decode it';
        for my $track (values %{$trace{tracks}}) {
                push @{$trace{faults}}, "$track->{name} is not described" if $track->{later};
                push @{$trace{faults}}, "the parent of track $track->{name} is not described" if $track->{parent} &&
                        !$trace{tracks}{$track->{parent}};
                push @{$trace{faults}}, "slice \"$_->{name}\" on track $track->{name} is left open"
                        for @{$track->{open}};
        }
        push @{$trace{faults}}, PerfettoKernel::replay(\%trace);
        return \%trace;
}

# The tracks as a tree, a line each: kind, name, and what is on it. Siblings in the order a viewer shows them.
sub table {
        my ($trace) = @_;
        my %children;
        for my $uuid (keys %{$trace->{tracks}}) {
                push @{$children{$trace->{tracks}{$uuid}{parent} // 0}}, $uuid;
        }
        my @lines;
        my $walk;
        $walk = sub {
                my ($parent, $indent) = @_;
                my @sorted = sort { $a->{rank} <=> $b->{rank} || $a->{order} <=> $b->{order} }
                             map { { %{$trace->{tracks}{$_}}, uuid => $_ } } @{$children{$parent} // []};
                for my $track (@sorted) {
                        my @on = map { $track->{$_} ? "$track->{$_} $_" : () } qw(slices instants samples);
                        push @on, "depth $track->{depth}" if $track->{depth} > 1;
                        push @lines, "$indent$track->{kind} $track->{name}" . (@on ? ': ' . join(', ', @on) : '');
                        $walk->($track->{uuid}, "$indent  ");
                }
        };
        $walk->(0, '');
        return join '', map { "$_\n" } @lines;
}

1;
