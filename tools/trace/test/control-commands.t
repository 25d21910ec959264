#!/usr/bin/env perl
# What each command does, by the event behind which the machine then stands; and what does not stop: a panic, an NMI.
use strict;
use warnings;
use File::Basename qw(dirname);
use IO::Socket::UNIX;
use Test::More;
use lib dirname(__FILE__);
use Controlled qw($build $folder check connect_to ctl finish record said slurp start);
use Fcntl qw(O_NONBLOCK O_RDWR);
use POSIX qw(WNOHANG mkfifo);

# The newest event of a recording that grows, of one processor or of any.
sub newest {
        my ($run, $cpu) = @_;
        my @events = qx($build/regiontrace dump --json '$run->{recording}' 2>/dev/null);
        @events = grep { /"cpu":$cpu,/ } @events if defined $cpu;
        my ($type, $fields) = $events[-1] =~ /"type":"(\w+)".*?"fields":(\{.*\})/;
        return "$type $fields";
}

# --- where each command ends

my $run = start('seed=1 pause=0:00300', '--exec', 'stress:1');
is ctl($run, 'wait')->{status}, 0, 'a program, paused';
for my $case ([ 'step op', qr/^tree_end / ], [ 'step space-op', qr/^space_end / ], [ 'run-to op', qr/^tree_begin / ],
              [ 'run-to op 2', qr/^tree_begin \{"tree":2,/ ], [ 'run-to op 1', qr/^tree_begin \{"tree":1,/ ],
              [ 'run-to fault', qr/^page_fault / ], [ 'run-to error', qr/^error_raised / ]) {
        my ($command, $where) = @$case;

        like ctl($run, split ' ', $command)->{said}, qr/^cpu 0: event [\d,]+, right after/,
                "ctl $command: it stands again";
        like newest($run), $where, "ctl $command: behind such an event";
}
is ctl($run, 'go')->{status}, 0, 'ctl go';
is finish($run), 0, 'the run passes';

# --- who may connect

$run = start('pause=0:00300', '--run', 'teaching.ops');
ctl($run, 'wait');
is sprintf('%o', (stat $run->{folder})[2] & 0777), '700', 'the folder is for its owner alone';
is sprintf('%o', (stat "$run->{folder}/control")[2] & 0777), '600', 'and so is the socket';
ctl($run, 'go');
finish($run);

# --- a step stays with the processor that is inside an operation on a tree

my $words = 'trace=+lock seed=3 schedule=5';
my @options = ('--exec', 'storm:1', '--cpus', 2);
my ($inside, $number) = (0, 0);
for (qx($build/regiontrace dump --json @{[ record("$words pause=1:99999", @options) ]})) {
        my ($cpu, $at, $type) = /"cpu":(\d+),"cpu_event":(\d+),.*?"type":"(\w+)"/ or next;
        next if $cpu != 1;
        $inside = $type eq 'tree_begin' ? 1 : $type eq 'tree_end' ? 0 : $inside && $inside + 1;
        $number = $at if $inside == 3 && !$number && $at > 500;
}
$run = start("$words " . sprintf('pause=1:%05d', $number), @options);
my $controller = connect_to($run);
my $stand = $controller->all_stand(60);
is $stand && $stand->{cpus}[1]{number}, $number, 'cpu 1 stands inside an operation on a tree';
my ($steps, $others) = (0, $stand->{cpus}[0]{number});
until ($steps == 200 || newest($run, 1) =~ /^tree_end/) {
        $controller->command('step_event', 0);
        $stand = $controller->all_stand(60) or last;
        $steps++;
}
cmp_ok $steps, '>', 0, "$steps steps, of no processor by name, end the operation";
is $stand->{cpus}[1]{number}, $number + $steps, 'each was an event of cpu 1';
is $stand->{cpus}[0]{number}, $others, 'and none of cpu 0';
is $controller->command('step_event', 1), 'done', 'a step of cpu 0, by name';
$controller->all_stand(60);
is $controller->command('go'), 'done', 'go';
is finish($run), 0, 'the run passes';
is check($run->{recording}), 'passed', 'and check does, too';

# --- a panic passes, though the machine is paused

my ($before_panic) = map { /"cpu":0,"cpu_event":(\d+),.*?"type":"error_raised"/ ? $1 : () }
        qx($build/regiontrace dump --json @{[ record('pause=0:99999 test-panic=other-cpu', '--cpus', 2) ]});
$run = start(sprintf('pause=0:%05d test-panic=other-cpu', $before_panic), '--cpus', 2);
$controller = connect_to($run);
ok $controller->all_stand(60), 'a kernel on whose cpu 1 will be a panic';
for (1 .. 20) {
        last if $controller->{ended} || $controller->command('step_event', 2) ne 'done' || !$controller->all_stand(10);
}
kill TERM => $run->{pid} unless $controller->{ended};
is finish($run), 1, 'it is stepped into the panic, and the run ends';
like qx($build/regiontrace dump -e panicked '$run->{recording}' 2>&1), qr/on purpose, on cpu 1/,
        'the panic is in the recording';
like qx($build/regiontrace dump -e end '$run->{recording}' 2>&1), qr/verdict=failed/, 'and the end';

# --- an NMI passes, too: a person at QEMU's monitor asks where the kernel is

# QEMU as `record' starts it, but with pipes for its port that are ours, and a monitor.
my $files = "--kernel $build/kernel/understory.elf --initrd $build/initrd.cpio -o $folder/v.rtrace";
my ($line) = qx($build/regiontrace record -v $files --exec echo 2>&1) =~ /^(qemu-system-x86_64 .*)$/m;
$line =~ s{ -monitor \S+}{ -monitor unix:$folder/monitor,server=on,wait=off};
$line =~ s{exec=echo}{run=teaching.ops pause=0:330};
$line =~ s{file,id=port,path=\S+}{pipe,id=port,path=$folder/port} or die "no port: $line\n";
$line =~ s{file,id=trace,path=\S+}{null,id=trace};
my %end;
for my $end (qw(in out)) {
        mkfifo("$folder/port.$end", 0600) or die "$!\n";
        sysopen $end{$end}, "$folder/port.$end", O_RDWR | O_NONBLOCK or die "$!\n";
}
my $qemu = fork // die "fork: $!\n";
if (!$qemu) {
        open STDIN, '<', '/dev/null';
        open STDOUT, '>', "$folder/console";
        open STDERR, '>&', \*STDOUT;
        exec "exec $line" or exit 127;
}
$controller = Controller->new($end{in}, $end{out});
ok $controller->all_stand(60), 'a kernel that stands';
my $monitor = IO::Socket::UNIX->new(Peer => "$folder/monitor") or die "no monitor: $!\n";
syswrite $monitor, "nmi\n";
$controller->poll(0.01) until waitpid($qemu, WNOHANG);
is $? >> 8, 35, 'an NMI ends it, as a failure';
like slurp("$folder/console"), qr/^PANIC: .*non-maskable/mi, 'by a panic that says so';
done_testing;
