#!/usr/bin/env perl
# A second controller, of about a page: written from docs/trace-format.md alone ("Frames" and "Commands"), it shares no
# code with ours. It takes a kernel through every command and every answer over the recorder's socket; what the kernel
# then says is compared with the recording.
use strict;
use warnings;
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::UNIX;
use Test::More;
use Time::HiRes qw(sleep time);

my $build = $ENV{BUILD} // 'build';
my $folder = tempdir(CLEANUP => 1);
$SIG{PIPE} = 'IGNORE';                                          # a recorder may have closed its side

# --- the controller ---------------------------------------------------------------------------------------

package SecondController {
        my %command = (status => 0, categories => 1, keyframe => 2, header => 3, pause => 4,
                step_event => 5, step_tree => 6,
                step_space => 7, go => 8, run_to_event => 9, run_to_fault => 10, run_to_error => 11, run_to_tree => 12);
        my @answer = ('done', 'unknown', 'bad argument', 'not now', 'repeated', 'damaged');
        my @stands = ('off', 'behind its newest event', 'at the entry of the kernel', 'waits');

        sub crc32c {
                my $crc = 0xffffffff;
                for my $byte (unpack 'C*', $_[0]) {
                        $crc ^= $byte;
                        $crc = $crc & 1 ? $crc >> 1 ^ 0x82f63b78 : $crc >> 1 for 1 .. 8;        # 0x1edc6f41, reflected
                }
                return pack 'V', $crc ^ 0xffffffff;
        }

        # A block is a byte n and n - 1 bytes that are not zero. A zero is between two blocks, but not behind one with
        # n = 255.
        sub encode {
                my ($rest, $blocks) = ($_[0], '');
                for (;;) {
                        my ($run) = $rest =~ /\A([^\0]{0,254})/;
                        $blocks .= chr(1 + length $run) . $run;
                        substr $rest, 0, length $run, '';
                        return $blocks if $rest eq '';
                        substr $rest, 0, 1, '' if length $run < 254;
                }
        }

        sub decode {
                my ($blocks, $decoded) = ($_[0], '');
                while (length $blocks) {
                        my $n = ord $blocks;
                        return undef if $n > length $blocks;
                        $decoded .= substr $blocks, 1, $n - 1;
                        substr $blocks, 0, $n, '';
                        $decoded .= "\0" if $n < 255 && length $blocks;
                }
                return $decoded;
        }

        sub varint { my ($n) = @_; return $n < 128 ? chr $n : chr($n % 128 + 128) . varint(int $n / 128) }

        sub take_varint {
                my ($value, $place, $byte) = (0, 1);
                do {
                        $byte = ord substr ${ $_[0] }, 0, 1, '';
                        $value += $byte % 128 * $place;
                        $place *= 128;
                } while $byte > 127;
                return $value;
        }

        # Connects to a recorder. A zero byte before the first command ends what may lie on the line.
        sub new {
                my ($class, $path) = @_;
                my $socket = IO::Socket::UNIX->new(Peer => $path) or return;
                syswrite $socket, "\0";
                return bless { socket => $socket, number => 0, bytes => '', frames => [] }, $class;
        }

        sub send { my ($self, $body) = @_; return syswrite $self->{socket}, encode($body . crc32c($body)) . "\0" }

        sub understand {
                my ($body) = @_;
                my $kind = substr $body, 0, 1, '';
                return { kind => $kind, version => ord $body, path => substr $body, 1 } if $kind =~ /[RB]/;
                return { kind => $kind, cpus => [ map { [ $stands[take_varint(\$body)], take_varint(\$body) ] }
                        1 .. take_varint(\$body) ] }
                        if $kind eq 'S';
                my %of = map { $_ => take_varint(\$body) } qw(number answer last carried_out refused damaged);
                return { kind => $kind, %of, answer => $answer[$of{answer}] };
        }

        # The next frame of a kind that arrives within 20 seconds; those before it are passed over.
        sub next_frame {
                my ($self, $kind) = @_;
                for (my $until = time + 20; time < $until;) {
                        while ($self->{bytes} =~ s/\A([^\0]*)\0//) {
                                my $body = decode($1) // '';
                                my $sum = length $body > 4 ? substr $body, -4, 4, '' : '';
                                push @{ $self->{frames} }, understand($body)
                                        if $body =~ /^[RBAS]/ && $sum eq crc32c($body);
                        }
                        while (my $frame = shift @{ $self->{frames} }) { return $frame if $frame->{kind} eq $kind }
                        next unless IO::Select->new($self->{socket})->can_read(1);
                        sysread $self->{socket}, $self->{bytes}, 4096, length $self->{bytes}
                                or return { kind => 'the end' };
                }
                return { kind => 'none' };
        }

        # Sends a command under the next number; yields its answer. Arguments are numbers, or a text behind a "=".
        sub ask {
                my ($self, $name, @arguments) = @_;
                $self->send(join '', 'C', map({ varint($_) } 1, ++$self->{number}, $command{$name}),
                        map { /^=(.*)/ ? $1 : varint($_) } @arguments);
                my $answer = $self->next_frame('A');
                return $answer->{number} == $self->{number} ? $answer->{answer} : 'the answer to another command';
        }
}

# --- a session --------------------------------------------------------------------------------------------

sub record {
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
                open STDIN, '<', '/dev/null';
                open STDOUT, '>', "$folder/said";
                open STDERR, '>&', \*STDOUT;
                exec "$build/regiontrace", 'record', '--control', "$folder/it",
                        '--kernel', "$build/kernel/understory.elf",
                        '--initrd', "$build/initrd.cpio", '-o', "$folder/it.rtrace", @_ or exit 127;
        }
        return $pid;
}

sub connected {
        my ($controller, $until) = (undef, time + 20);
        sleep 0.02 until ($controller = SecondController->new("$folder/it/control")) || time > $until;
        return $controller // BAIL_OUT('no recorder');
}

# What all stand at, as one line.
sub stand {
        my ($controller) = @_;
        my $frame = $controller->next_frame('S');
        return join ', ', map { "cpu $_: $frame->{cpus}[$_][0], event $frame->{cpus}[$_][1]" }
                0 .. $#{ $frame->{cpus} // [] };
}

# The newest event of the recording so far: its number on its cpu, and its name.
sub newest {
        my ($line) = reverse qx($build/regiontrace dump --json $folder/it.rtrace 2> /dev/null);
        return ($line // '') =~ /"cpu_event":(\d+),.*?"type":"(\w+)"/ ? "event $1, $2" : 'none';
}

my $recorder = record('--run', 'teaching.ops', '--append', 'pause=0:200');
my $controller = connected();
my $hello = $controller->next_frame('R');
is $hello->{version}, 1, 'the recorder greets';
is $hello->{path}, "$folder/it.rtrace", 'and names the recording';
is stand($controller), 'cpu 0: behind its newest event, event 200',
        'all stand: that is said to a controller that connects';

my $late = connected();
is $late->next_frame('B')->{version}, 1, 'a controller beside it is told so';
is $late->next_frame('A')->{kind}, 'the end', 'and is disconnected';

$controller->send('C' . join '', map { SecondController::varint($_) } 1, 0, 0);
my $status = $controller->next_frame('A');
is "$status->{number} $status->{answer} $status->{last}", '0 done 0',
        'status, of a controller that does not know its number';
is $controller->ask('status'), 'done', 'status with a number';
is stand($controller), 'cpu 0: behind its newest event, event 200', 'says again that all stand';

for my $case ([ 'step_event', [ 1 ], qr/^event 201, / ], [ 'step_tree', [ 0 ], qr/, tree_end$/ ],
              [ 'step_space', [ 1 ], qr/, space_end$/ ], [ 'run_to_event', [ 1, 350 ], qr/^event 350, / ],
              [ 'run_to_tree', [ 2 ], qr/, tree_begin$/ ], [ 'run_to_error', [], qr/, error_raised$/ ]) {
        my ($name, $arguments, $at) = @$case;
        is $controller->ask($name, @$arguments), 'done', $name;
        my ($event) = stand($controller) =~ /behind its newest event, (event \d+)$/;
        like newest(), $at, "$name: where it stands now";
        like newest(), qr/^\Q$event\E, /, "$name: which is what it says";
}

is $controller->ask('step_event', 9), 'bad argument', 'a step of a cpu that there is not';
is $controller->ask('run_to_event', 1, 350), 'bad argument', 'an event that is past';
is $controller->ask('go', 1), 'bad argument', 'an argument too many';
is $controller->ask('categories', '=+nothing'), 'bad argument', 'a category that there is not';
{
        local $controller->{number} = 2;
        is $controller->ask('status'), 'repeated', 'a number that was used before';
}
$controller->send('C' . join '', map { SecondController::varint($_) } 1, 1000, 99);
is $controller->next_frame('A')->{answer}, 'unknown', 'a command that there is not';
syswrite $controller->{socket}, "no frame\0";
my $damaged = $controller->next_frame('A');
is "$damaged->{number} $damaged->{answer}", '0 damaged', 'bytes that are no frame';
is "$damaged->{refused} refused, $damaged->{damaged} damaged", '6 refused, 1 damaged', 'all of these are counted';

is $controller->ask('header'), 'done', 'header';
is $controller->ask('categories', '=+lock'), 'done', 'categories';
is $controller->ask('keyframe'), 'done', 'keyframe';
is $controller->ask('run_to_fault'), 'done', 'run to a fault';
is $controller->next_frame('S')->{kind}, 'the end', 'there is none: the run ends';
waitpid $recorder, 0;
is $? >> 8, 0, 'and passes' or diag do { open my $said, '<', "$folder/said"; local $/; <$said> };
my @events = qx($build/regiontrace dump --json $folder/it.rtrace);
my ($chosen) = grep { $events[$_] =~ /"type":"categories_chosen"/ } reverse 0 .. $#events;
ok $chosen && !grep({ /"type":"lock_/ } @events[0 .. $chosen]), 'locks are not in the recording ...';
ok $chosen && grep({ /"type":"lock_/ } @events[$chosen .. $#events]), '... until they are chosen';
cmp_ok scalar(grep { /"type":"keyframe_begin"/ } @events[$chosen // 0 .. $#events]), '>=', 1, 'the keyframe came';
like qx($build/regiontrace check $folder/it.rtrace), qr/passed/, 'check passes';

# A kernel that runs: paused, it can be stepped; before, it cannot.
$recorder = record('--exec', 'stress:300', '--append', 'seed=1 pause=0:200', '--cpus', '2', '--deadline', '0');
$controller = connected();
stand($controller);
is $controller->ask('go'), 'done', 'two processors: go';
is $controller->ask('step_event', 0), 'not now', 'a step while they run is refused';
is $controller->ask('pause'), 'done', 'pause';
like stand($controller), qr/^cpu 0: .*, event \d+, cpu 1: .*, event \d+$/, 'both stand';
is $controller->ask('step_event', 2), 'done', 'a step of the second';
like stand($controller), qr/, cpu 1: /, 'and it stands again';
is $controller->ask('go'), 'done', 'go';
waitpid $recorder, 0;
is $? >> 8, 0, 'two processors: the run passes' or diag do { open my $said, '<', "$folder/said"; local $/; <$said> };
like qx($build/regiontrace check $folder/it.rtrace), qr/passed/, 'two processors: check passes';
done_testing;
