#!/usr/bin/env perl
# `regiontrace record' and every way a run can end, with a stand-in for QEMU that behaves as each test wants.
use strict;
use warnings;
use File::Basename qw(dirname);
use POSIX qw(WNOHANG);
use Test::More;
use lib dirname(__FILE__);
use Frames qw(bodies frame varint_of);
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

my $stream = record_script();
my $good = slurp($stream);
my $output = "$folder/out.rtrace";
spew("$folder/$_", 'a file') for qw(kernel initrd);

# The stand-in writes a stream to its trace line and does what the body says.
sub pretend {
        my ($body) = @_;
        mkdir "$folder/bin";
        spew("$folder/bin/qemu-system-x86_64", <<"END");
#!/bin/sh
echo "\$@" > $folder/arguments
for argument; do
        case \$argument in file,id=trace,path=*) trace=\${argument#*path=} ;; esac
done
echo "\$trace" > $folder/trace_path.new
mv $folder/trace_path.new $folder/trace_path
$body
END
        chmod 0755, "$folder/bin/qemu-system-x86_64";
        spew($output, 'what was there before');
}

sub record {
        local $ENV{PATH} = "$folder/bin:$ENV{PATH}";
        return regiontrace('record', '--kernel', "$folder/kernel", '--initrd', "$folder/initrd", '-o', $output, @_);
}

sub nothing_is_left {
        my ($what) = @_;
        chomp(my $trace = slurp("$folder/trace_path"));
        ok $trace ne '' && !-e dirname($trace), "$what: nothing is left behind";
}

sub fails {
        my ($what, $words, @arguments) = @_;
        my $run = record(@arguments);
        is $run->{status}, 1, "$what: exit status 1";
        like $run->{stderr}, $words, "$what: says why";
        nothing_is_left($what);
        return $run;
}

pretend("cat $stream > \$trace; exit 33");
my $run = record('--run', 'a.ops', '--append', 'more');
is $run->{status}, 0, 'a run that passes: exit status 0' or diag $run->{stderr};
like $run->{stdout}, qr/events, .* lost: 0, passed$/, 'a run that passes: says so';
is slurp($output), $good, 'a run that passes: kept byte for byte';
like slurp("$folder/arguments"), qr/-append run=a\.ops more /, 'the kernel gets its command line';
like slurp("$folder/arguments"), qr/-machine pc .* -serial chardev:trace .* -icount shift=0/,
        'pc has a second serial line';
nothing_is_left('a run that passes');

like slurp("$folder/arguments"), qr/ -smp 1 /, 'one processor unless more are asked for';
record('--machine', 'microvm,acpi=off', '--no-icount', '--memory', '64M', '--seed', '7', '--cpus', '4');
my $device = '-device isa-serial,iobase=0x2f8,irq=3,chardev=trace';
like slurp("$folder/arguments"),
        qr/-machine microvm,acpi=off,auto-kernel-cmdline=off .* -m 64M .* $device .* -seed 7$/,
        'microvm has it as a device';
unlike slurp("$folder/arguments"), qr/sandbox/, 'QEMU has no sandbox of its own';
unlike slurp("$folder/arguments"), qr/icount/, '--no-icount';
like slurp("$folder/arguments"), qr/ -accel tcg,thread=multi -smp 4 /, '--cpus, which then run side by side';

for my $memory (qw(9M 9216K 9 0.5G size=64M)) {
        is record('--memory', $memory)->{status}, 0, "--memory $memory is enough, or for QEMU to judge";
        like slurp("$folder/arguments"), qr/ -m $memory /, 'and handed on as it is';
}

pretend("echo hello; cat $stream > \$trace; exit 33");
is record('--console', '-')->{stdout} =~ /^hello$/m, 1, '--console - shows the console';
record('--console', "$folder/console");
is slurp("$folder/console"), "hello\n", '--console FILE keeps it';
pretend("echo 'x=1: no such word is known'; seq 10000 12000; cat $stream > \$trace; exit 35");
my $first_lines = qr/^The console's first lines:\n  \| x=1: no such word is known\n  \| 10000\n/m;
like record()->{stderr}, qr/${first_lines}The console's last lines:\n  \| 11\d\d\d\n.*\| 12000$/ms,
        'of a long console the first lines are shown, too';

pretend("echo 'last words'; cat $stream > \$trace; exit 0");
$run = fails('exit status 0', qr/most likely by a triple fault/);
like $run->{stderr}, qr/^  \| last words$/m, 'a run that fails shows its console';

pretend("cat $stream > \$trace; exit 35");
fails('exit status 35', qr/exit status is 35; a run that passed has 33/);
pretend("cat $stream > \$trace; kill -9 \$\$");
fails('killed', qr/killed by a signal/);
pretend("head -c 9000 $stream > \$trace; exit 33");
fails('cut short', qr/cut short: after \d+ events? there is no end event.*It was at teaching\.ops line \d+/s);
is slurp($output), substr($good, 0, 9000), 'cut short: what arrived is kept';
pretend("cat $stream > \$trace; exit 1");
fails('exit status 1', qr/exit status is 1: it could not run the machine/);
pretend("echo 'no such machine' >&2; exit 1");
fails('QEMU refuses', qr/no such machine.*could not run the machine/s);
pretend(": > \$trace; exit 33");
fails('no trace', qr/no trace arrived/);
pretend("exit 33");
fails('the trace line never opened', qr/no trace arrived/);

# A machine of which nothing arrives is stopped, and what it happened to be at is not called guilty.
pretend("head -c 9000 $stream > \$trace; exec sleep 1000");
my $line = qr/teaching\.ops line \d+/;
fails('goes to sleep',
      qr/nothing arrived for 1 second, and the machine was idle.*It was at $line, .* the cause may lie before/s,
      '--silence', 1);
pretend("head -c 9000 $stream > \$trace; while :; do :; done");
fails('loops', qr/nothing arrived for 1 second in which the machine was at work.*the cause may lie before/s,
      '--silence', 1);
pretend("exec sleep 1000");
fails('never begins', qr/nothing arrived for 0 seconds/, '--silence', 0);
pretend("exec 3> \$trace; cat $stream >&3; exec 3>&-; exec sleep 1000");
fails('never exits', qr/nothing arrived for 1 second, /, '--silence', 1);
pretend("exec 3> \$trace; cat $stream >&3; for i in 1 2 3 4 5 6 7 8; do sleep 0.4; printf '\\0' >&3; done; exit 33");
is record('--silence', 2)->{status}, 0, 'one that goes on slowly is not silent';

# With time as it is here, the machine has a bound of its own, by the time that it was given.
pretend("exec 3> \$trace; cat $stream >&3; while :; do sleep 0.1; printf '\\0' >&3; done");
fails('goes on for ever', qr/did not end within 1 second of its own time/, '--no-icount', '--deadline', 1);

# Where instructions are counted the bound is that of the stream's clock, whatever the clock here says: a second more
# than the kernel has to end the run itself.
pretend("exec 3> \$trace; cat $stream >&3; exec sleep 1000");
{
        my ($now, $per_second) = join('', map { /^H..(.*)/s } bodies($good)) =~ /^clock (\d+) (\d+)$/m;
        my ($cpu, $first, $dropped, $tree) = (0, 1_000_000, 0, 0);
        spew("$folder/late", frame(join '', 'E', map { varint_of($_) } $cpu, $first, $dropped,
                $now + 5 * $per_second, $tree));
        pretend("exec 3> \$trace; head -c 9000 $stream >&3; cat $folder/late >&3; exec sleep 1000");
        fails('its clock goes on', qr/did not end within 3 seconds of its own time.*the cause may lie before/s,
              '--deadline', 3);
        pretend("exec 3> \$trace; cat $stream >&3; exit 33");
        is record('--deadline', 3)->{status}, 0, 'a run within the bound passes';
}

# A machine that gets no processor, since others have it, is waited for; as soon as it gets one the clock goes on.
SKIP: {
        skip 'chrt or taskset is not installed', 2
                if system 'command -v chrt > /dev/null && command -v taskset > /dev/null';
        my $load = fork // die;
        if (!$load) {
                exec qw(taskset -c 0 perl -e), '1 while 1';
        }
        pretend("exec 3> \$trace; cat $stream >&3; exec chrt --idle 0 taskset -c 0 sh -c 'while :; do :; done'");
        my $begun = time;
        my $end_of_load = fork // die;
        if (!$end_of_load) {
                sleep 6;
                kill 'KILL', $load;
                POSIX::_exit(0);
        }
        fails('starves, then loops', qr/nothing arrived for 1 second in which the machine was at work/, '--silence', 1);
        cmp_ok time - $begun, '>=', 5, 'the time without a processor does not count';
        waitpid $_, 0 for $end_of_load, $load;
}

# Starts a recorder, whose machine writes its number into the file "pid". Yields the recorder's.
sub start_recorder {
        local $ENV{PATH} = "$folder/bin:$ENV{PATH}";
        unlink "$folder/pid";
        my $pid = fork // die;
        if (!$pid) {
                open STDERR, '>', "$folder/stderr";
                exec "$build/test/regiontrace", 'record', '-o', $output,
                        '--kernel', "$folder/kernel", '--initrd', "$folder/initrd";
        }
        return $pid;
}

# A signal stops the machine too.
pretend("echo \$\$ > $folder/pid; cat $stream > \$trace; exec sleep 1000");
{
        my $pid = start_recorder();
        until (-s "$folder/pid" && -s $output == length $good) {
                die "the recorder has ended\n" if waitpid($pid, WNOHANG) == $pid;
                select undef, undef, undef, 0.01;
        }
        kill 'TERM', $pid;
        waitpid $pid, 0;
        is $? >> 8, 1, 'SIGTERM: exit status 1';
        like slurp("$folder/stderr"), qr/stopped by a signal/, 'SIGTERM: says so';
        chomp(my $machine = slurp("$folder/pid"));
        ok !kill(0, $machine), 'SIGTERM: the machine is gone';
        nothing_is_left('SIGTERM');
}

# Ctrl-C is often pressed twice, and `timeout' sends a signal to the process and to its group: one that comes while the
# folder is removed must not end the recorder before.
for my $round (1 .. 5) {
        my $pid = start_recorder();
        select undef, undef, undef, 0.01 until -s "$folder/pid";
        kill 'TERM', $pid until waitpid($pid, WNOHANG) == $pid;
        is $?, 1 << 8, 'many signals: exit status 1';
        like slurp("$folder/stderr"), qr/stopped by a signal/, 'many signals: says so';
        nothing_is_left('many signals');
}

# Streams that are there already.
is regiontrace('record', '--from', $stream, '-o', $output)->{status}, 0, '--from a file';
is slurp($output), $good, '--from a file: the same bytes';
is regiontrace({ input => $good }, 'record', '--from', '-', '-o', $output)->{status}, 0, '--from standard input';
$run = regiontrace({ input => substr $good, 0, 9000 }, 'record', '--from', '-', '-o', $output);
is $run->{status}, 1, '--from a stream that was cut short';
is regiontrace('record', '--from', "$folder/nowhere", '-o', $output)->{status}, 2, '--from nowhere';
spew("$folder/empty", '');
like regiontrace('record', '--from', "$folder/empty", '-o', $output)->{stderr},
        qr{^\Q$output\E: the run failed: no trace arrived: \Q$folder\E/empty: it is empty},
        '--from: names the stream that is wrong';
for my $option ([ '--run', 'a.ops' ], [ '--exec', 'sh' ], [ '--control', "$folder/control" ]) {
        $run = regiontrace('record', '--from', $stream, '-o', $output, @$option);
        is $run->{status}, 2, "--from and $option->[0] contradict each other";
        like $run->{stderr}, qr/^regiontrace record: --from records a stream .* no machine is booted/,
                "--from and $option->[0]: says so";
}
{
        use IO::Socket::UNIX;
        my $path = "$folder/socket";
        my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $path, Listen => 1) or die "$path: $!";
        my $pid = fork // die;
        if (!$pid) {
                my $client = $server->accept;
                print $client $good;
                close $client;
                exit 0;
        }
        is regiontrace('record', '--from', $path, '-o', $output)->{status}, 0, '--from a socket';
        is slurp($output), $good, '--from a socket: the same bytes';
        waitpid $pid, 0;
        close $server;
        $run = regiontrace('record', '--from', $path, '-o', $output);
        is $run->{status}, 2, '--from a socket without a listener';
        like $run->{stderr}, qr/no process listens on this socket/, '--from a socket without a listener: the message';
}

# What cannot be done here.
for ([ [ '--kernel', '/nowhere' ], qr/`make kernel' makes it/ ], [ [ '--machine', 'mac' ], qr/pc, q35 or microvm/ ],
        [ [ '--machine', 'pc2,acpi=off' ], qr/pc, q35 or microvm/ ],
        [ [ '--cpus', '9' ], qr/1 to 8, not 9/ ], [ [ '--cpus', '0' ], qr/1 to 8/ ],
        [ [ '--deadline', 'soon' ], qr/whole number/ ],
        [ [ 'python3.ops' ], qr/did you mean --run python3\.ops/ ],
        [ [ '--exec', 'stress:4 7' ], qr/a blank ends a word.*the shell.*--append/ ],
        [ [ '--run', "a.ops\tb.ops" ], qr/--run "a\.ops.*a blank/ ],
        (map { [ [ '--memory', $_ ], qr/--memory \Q$_\E is too little: the kernel boots with 9M and more/ ] }
                qw(4M 8.9m 8 9000K)),
        [ [ '--frobnicate' ], qr/--help/ ], [ [ '-o', '/nowhere/x' ], qr/cannot be written/ ]) {
        my ($arguments, $words) = @$_;
        $run = record(@$arguments);
        is $run->{status}, 2, "@$arguments: exit status 2";
        like $run->{stderr}, $words, "@$arguments: says why";
}
{
        local $ENV{PATH} = '/nowhere';
        $run = regiontrace('record', '--kernel', "$folder/kernel", '--initrd', "$folder/initrd", '-o', $output);
        is $run->{status}, 2, 'no QEMU: exit status 2';
        like $run->{stderr}, qr/not installed.*apt-get install qemu-system-x86/, 'no QEMU: says what to install';
}
# A compressed recording: the same bytes, read by every verb; damage is named.
SKIP: {
        skip 'there is no command zstd to compare with', 6 if system 'command -v zstd > /dev/null';
        my $plain = "$folder/plain.rtrace";
        my $small = "$folder/small.rtrace.zst";
        spew($plain, $good);
        is system("'$build/test/regiontrace' record --from '$plain' -o '$small' > /dev/null"), 0,
                'a recording is compressed';
        is `zstd -dcq '$small'`, $good, 'and stands for the same bytes';
        cmp_ok -s $small, '<', 0.8 * length $good, 'in less room';
        like `'$build/test/regiontrace' check '$small'`, qr/^check: passed/, 'check reads it';
        my $bytes = slurp($small);
        spew("$folder/cut.rtrace.zst", substr $bytes, 0, length($bytes) / 2);
        like `'$build/test/regiontrace' info '$folder/cut.rtrace.zst' 2>&1`,
                qr/cut\.rtrace\.zst: the compressed file was cut short/, 'one that is cut short is named';
        substr($bytes, $_, 1) = chr(ord(substr $bytes, $_, 1) ^ 0x10) for 100 .. 140;
        spew("$folder/bad.rtrace.zst", $bytes);
        like `'$build/test/regiontrace' info '$folder/bad.rtrace.zst' 2>&1`, qr/bad\.rtrace\.zst: damaged: zstd says: /,
                'and one that is damaged';
}

done_testing;
