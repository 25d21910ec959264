#!/usr/bin/env perl
# The queries of docs/perfetto.md, on tables like those of Perfetto's trace_processor, filled with what protoc decodes.
# Each must be one that SQLite takes, and say of a run what the page says.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use PerfettoTrace;
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

plan skip_all => 'there is no sqlite3' if system('sqlite3 -version > /dev/null 2>&1');

my $page = slurp(dirname(__FILE__) . '/../../../docs/perfetto.md');
my $teaching = record_script();
system("$build/test/trace/test/test_perfetto", $folder) == 0 or die "recordings cannot be made\n";

# The query below the paragraph that begins with these words. SQLite lacks trace_processor's function for arguments.
sub query {
        my ($words) = @_;
        my ($query) = $page =~ /^\*\*\Q$words\E.*?\n\n((?:    .*\n)+)/m
                or die "docs/perfetto.md asks nothing like \"$words\"\n";
        $query =~ s{EXTRACT_ARG\((\w+)\.arg_set_id, ('[\w.]+')\)}
                   {(SELECT value FROM args WHERE args.arg_set_id = $1.arg_set_id AND args.key = $2)}g;
        return $query;
}

sub row {
        my ($table, @values) = @_;
        my @quoted = map { !defined ? 'NULL' : /^-?\d+(\.\d+)?$/ ? $_ : "'" . s/'/''/gr . "'" } @values;
        return "INSERT INTO $table VALUES (" . join(', ', @quoted) . ");\n";
}

sub slice_rows {
        my ($trace) = @_;
        my ($sql, $id) = ('', 0);
        for my $event (grep { $_->{type} eq 'SLICE_BEGIN' || $_->{type} eq 'INSTANT' } @{$trace->{events}}) {
                $event->{id} = ++$id;
                my $dur = ($event->{end} // $event->{time}) - $event->{time};
                $sql .= row('slice', $id, $event->{time}, $dur, $event->{uuid}, $event->{name}, $event->{depth},
                            $event->{within} && $event->{within}{id}, $id);
                $sql .= row('args', $id, "debug.$_", $event->{notes}{$_}) for keys %{$event->{notes}};
        }
        return $sql;
}

sub thread_rows {
        my ($trace) = @_;
        my $sql = '';
        for my $thread (values %{$trace->{threads}}) {
                my @states = @{$thread->{states}};
                $sql .= row('thread', $thread->{tid}, $thread->{tid}, $thread->{name}, $thread->{is_idle} ? 1 : 0);
                $sql .= row('thread_state', $thread->{tid}, $states[$_]{time},
                            $_ < $#states ? $states[$_ + 1]{time} - $states[$_]{time} : -1,
                            $states[$_]{state}) for 0 .. $#states;
        }
        return $sql;
}

# What a query yields of a recording: a list of rows, each a list.
sub ask {
        my ($words, $recording) = @_;
        regiontrace('perfetto', $recording, '-o', "$folder/out.pftrace");
        my $trace = PerfettoTrace::read_trace("$folder/out.pftrace");
        my $sql = <<'END' . "BEGIN;\n";
CREATE TABLE slice (id, ts, dur, track_id, name, depth, parent_id, arg_set_id);
CREATE TABLE args (arg_set_id, key, value);
CREATE INDEX args_of ON args (arg_set_id);
CREATE TABLE track (id, name, parent_id);
CREATE TABLE counter (ts, value, track_id);
CREATE TABLE thread (utid, tid, name, is_idle);
CREATE TABLE thread_state (utid, ts, dur, state);
END
        $sql .= row('track', $_, @{$trace->{tracks}{$_}}{qw(name parent)}) for keys %{$trace->{tracks}};
        $sql .= slice_rows($trace) . thread_rows($trace);
        $sql .= row('counter', @$_{qw(time value uuid)}) for grep { $_->{type} eq 'COUNTER' } @{$trace->{events}};
        spew("$folder/query.sql", "$sql\nCOMMIT;\n" . query($words));
        my $rows = `sqlite3 -separator '\t' :memory: < '$folder/query.sql' 2>&1`;
        is $?, 0, "SQLite takes the query \"$words\"" or diag $rows;
        return map { [ split /\t/ ] } split /\n/, $rows;
}

my %cost = map { $_->[0] => $_ } ask('What does each kind of operation cost?', $teaching);
cmp_ok $cost{place_anywhere}[3], '>', 2, 'a place_anywhere visits nodes';
is $cost{find}[4], 0, 'a find rotates none';
cmp_ok $cost{place_anywhere}[4], '>', 0, 'what changes the tree does';

my @refused = ask('Why was a request refused?', $teaching);
my @of_24 = grep { $_->[2] == 24 * 1024 } @refused;
is_deeply [ map { $_->[3] } @of_24 ], [ 'too_small', 'go_up', 'too_small' ],
        'the request for 24 KiB fits neither the root\'s gap nor the tail gap';
is $of_24[-1][4], 'tail gap', 'the last decision is about the tail gap';

my @pieces = ask('When is which space most fragmented?', $teaching);
ok @pieces <= 10 && @pieces > 0, 'the moments of the greatest fragmentation';
is_deeply [ sort { $b->[1] <=> $a->[1] } @pieces ], \@pieces, 'the greatest first';
like $pieces[0][2], qr/^space /, 'with the space\'s name';

my @time = ask('How long does each thread run, wait for a cpu, and sleep?', "$folder/family.rtrace");
my %states;
$states{$_->[1]}{$_->[2]} = $_->[3] for @time;
ok $states{1}{RUNNING} && $states{1}{RUNNABLE} && $states{1}{INTERRUPTIBLE_SLEEP},
        'a thread that waits for its child sleeps';
ok !$states{2}{INTERRUPTIBLE_SLEEP}, 'the child does not';
ok !(grep { $_->[0] eq 'idle' } @time), 'idle threads are left out';

my @why = ask('What do threads sleep for?', "$folder/family.rtrace");
is_deeply [ map { "$_->[0] $_->[1]" } @why ], [ 'wait 1' ], 'for a child to end, once';
done_testing;
