# What Perfetto's importer makes of kernel events: processes, threads, their states, and who ran on which cpu when. It
# sorts packets by time, and those of the same time stay in order. It counts what it cannot use without a word; here
# that is a fault.
#
# A trace gets processes (by pid: name, parent, start, end), threads (by tid: name, pid, start, end, is_main, is_idle,
# and states: time, state, cpu), and runs (cpu, tid, name, time, end, state at the end).
package PerfettoKernel;
use strict;
use warnings;

sub one {
        my ($message, $field) = @_;
        return $message && $message->{$field} && $message->{$field}[0];
}

# A packet without a time gets the newest so far.
sub take_packet {
        my ($trace, $packet) = @_;
        my $time = one($packet, 'timestamp');
        $trace->{newest} = $time if defined $time && $time > ($trace->{newest} // 0);
        for my $kind (qw(generic_kernel_task_state_event generic_kernel_task_rename_event
                              generic_kernel_process_tree track_descriptor)) {
                push @{$trace->{kernel}}, [ $time // $trace->{newest} // 0, $kind, $_ ] for @{$packet->{$kind} // []};
        }
}

my @faults;

sub process {
        my ($trace, $pid) = @_;
        return $trace->{processes}{$pid} //= { pid => $pid };
}

sub thread {
        my ($trace, $tid) = @_;
        return $trace->{threads}{$tid} //= { tid => $tid, states => [] };
}

sub take_tree {
        my ($trace, $time, $tree) = @_;
        for my $message (@{$tree->{processes} // []}) {
                my ($pid, $parent) = map { one($message, $_) // 0 } qw(pid ppid);
                push @faults, "process $pid: its parent has ended" if (process($trace, $parent)->{end});
                push @faults, "process $pid is told twice" if defined process($trace, $pid)->{parent};
                @{process($trace, $pid)}{qw(parent name)} = ($parent, one($message, 'cmdline') =~ s/ .*//r);
        }
        for my $message (@{$tree->{threads} // []}) {
                my ($tid, $pid) = map { one($message, $_) } qw(tid pid);
                process($trace, $pid);
                my $thread = thread($trace, $tid);
                push @faults, "thread $tid has two processes" if defined $thread->{pid} && $thread->{pid} != $pid;
                @$thread{qw(pid name)} = ($pid, one($message, 'comm'));
                $thread->{$_} = (one($message, "${_}_thread") // one($message, $_) // '') eq 'true'
                        for qw(is_main is_idle);
        }
}

# A process that is heard of first here gets a main thread that nobody has seen.
sub take_descriptor {
        my ($trace, $time, $descriptor) = @_;
        my ($process, $thread) = map { one($descriptor, $_) } qw(process thread);
        for my $pid (map { one($_, 'pid') } grep { $_ } $process, $thread) {
                push @faults, "process $pid gets a main thread that nobody has seen" if !$trace->{processes}{$pid};
        }
        process($trace, one($process, 'pid'))->{start} //= one($process, 'start_timestamp_ns') if $process;
        return if !$thread;
        my $known = $trace->{threads}{one($thread, 'tid')};
        push @faults, 'a thread is heard of first by its track' if !$known;
        $known->{name} = one($thread, 'thread_name') if $known;
}

sub take_rename {
        my ($trace, $time, $rename) = @_;
        my $tid = one($rename, 'tid');
        push @faults, "thread $tid has a new name, but is not known" if !$trace->{threads}{$tid};
        thread($trace, $tid)->{name} = one($rename, 'comm');
        process($trace, $tid)->{name} = one($rename, 'comm') if $trace->{processes}{$tid};
}

sub change_state {
        my ($thread, $time, $state, $cpu) = @_;
        my $last = $thread->{states}[-1];
        push @faults, "thread $thread->{tid} has two states at $time" if $last && $last->{time} == $time;
        push @{$thread->{states}}, { time => $time, state => $state, cpu => $cpu };
}

# Who runs on a cpu runs no more, and has a state then or does not.
sub end_run {
        my ($trace, $cpu, $time, $state) = @_;
        my $run = delete $trace->{running}{$cpu};
        @$run{qw(end state)} = ($time, $state);
        change_state($trace->{threads}{$run->{tid}}, $time, '') if !$state;
}

sub take_state {
        my ($trace, $time, $event) = @_;
        my ($cpu, $tid, $name) = map { one($event, $_) } qw(cpu tid comm);
        my $state = one($event, 'state') =~ s/TASK_STATE_//r;
        my $thread = $trace->{threads}{$tid};
        my $before = $thread && @{$thread->{states}} ? $thread->{states}[-1]{state} : '';
        push @faults, "a state at $time without cpu, tid or name" if grep { !defined } $cpu, $tid, $name;
        push @faults, "thread $tid is created at $time, but known" if $state eq 'CREATED' && $thread;
        push @faults, "thread $tid runs twice at $time" if $state eq 'RUNNING' && $before eq 'RUNNING';
        push @faults, "thread $tid is dead, and $state at $time"
                if $before eq 'DEAD' && $state ne 'DESTROYED' || $before eq 'DESTROYED';
        push @faults, "the process of thread $tid has ended, and it is $state at $time"
                if $thread && defined $thread->{pid} && $trace->{processes}{$thread->{pid}}{end};
        $thread = thread($trace, $tid);
        $thread->{name} = $name;
        $thread->{start} = $time if $state eq 'CREATED';
        if ($state eq 'RUNNING') {
                end_run($trace, $cpu, $time, '') if $trace->{running}{$cpu};
                $trace->{running}{$cpu} = { cpu => $cpu, tid => $tid, name => $name, time => $time };
                push @{$trace->{runs}}, $trace->{running}{$cpu};
        } elsif ($trace->{running}{$cpu} && $trace->{running}{$cpu}{tid} == $tid) {
                end_run($trace, $cpu, $time, $state);
        } elsif ($before eq 'RUNNING') {
                push @faults, "thread $tid runs, and is $state at $time on another cpu";
        }
        change_state($thread, $time, $state, $cpu);
        return if $state ne 'DESTROYED';
        $thread->{end} = $time;
        $trace->{processes}{$tid}{end} = $time if $trace->{processes}{$tid} && ($thread->{pid} // -1) == $tid;
}

# The faults, in words.
sub replay {
        my ($trace) = @_;
        my %take = (
                generic_kernel_task_state_event => \&take_state, generic_kernel_task_rename_event => \&take_rename,
                generic_kernel_process_tree => \&take_tree, track_descriptor => \&take_descriptor,
        );
        @faults = ();
        @$trace{qw(processes threads runs running)} = ({}, {}, [], {});
        my $order = 0;
        my @sorted = sort { $a->[0] <=> $b->[0] || $a->[3] <=> $b->[3] }
                map { [ @$_, $order++ ] } @{$trace->{kernel} // []};
        $take{$_->[1]}->($trace, $_->[0], $_->[2]) for @sorted;
        return @faults > 20 ? @faults[0 .. 19] : @faults;
}

1;
