#!/usr/bin/env perl
# Frames between a controller and a kernel that arrive in pieces, or not to their end: cut at each byte, both ways.
use strict;
use warnings;
use File::Basename qw(dirname);
use IO::Socket::UNIX;
use Test::More;
use Time::HiRes qw(sleep time);
use lib dirname(__FILE__);
use Controlled qw($build $folder check connect_to ctl events_of finish record said start);
use Frames qw(frame varint_of);

# --- commands, to a real kernel

my $run = start('pause=0:00200', '--run', 'teaching.ops');
my $plain = record('pause=0:99999', '--run', 'teaching.ops');
my $controller = connect_to($run);
my ($stand, $damaged, $carried_out) = ($controller->all_stand, 0, 0);

# Without the zero byte in front.
sub next_command {
        my (@of) = @_;
        return substr frame(Controller::body(++$controller->{number}, @of)), 1;
}

my $length = length(frame(Controller::body(100, 9, 1, 70000))) - 1;
for my $cut (1 .. $length - 2) {
        my $bytes = next_command(1, '+lock');
        my $number = $controller->{number};

        $controller->write_bytes(substr $bytes, 0, $cut);
        $controller->poll(0.005);
        $controller->write_bytes(substr $bytes, $cut);
        my $answer = $controller->answer_to($number);
        is $answer && $answer->{answer}, 0, "a command that arrives in two pieces, $cut bytes first, is carried out";
        $carried_out++;

        $controller->write_bytes(substr(next_command(9, 1, 70000), 0, $cut) . "\0");
        $damaged++;
        $controller->{number}--;
        $answer = $controller->answer_to($controller->send_command('status'));
        $carried_out++;
        is_deeply [ @$answer{qw(carried_out damaged refused)} ], [ $carried_out, $damaged, 0 ],
                "a command that ends after $cut bytes is damaged, and counted";
}
is_deeply $controller->all_stand, $stand, 'the machine stands as before';

# A controller that leaves in the middle of a command: the recorder ends it, and the next one's first command is whole.
for my $cut (1 .. length(frame(Controller::body(100, 8))) - 3) {
        $controller->write_bytes(substr next_command(8), 0, $cut);
        my $number = --$controller->{number};
        close $controller->{to};
        my ($found, $until) = (undef, time + 60);
        until ($found) {
                die "no recorder any more\n" if time > $until;
                $controller = connect_to($run);
                $controller->{number} = $number;
                $found = $controller->answer_to($controller->send_command('status'), 1);
                sleep 0.02 unless $found;
        }
        $carried_out++;
        $damaged++;
        is_deeply [ @$found{qw(answer carried_out damaged)} ], [ 0, $carried_out, $damaged ],
                "a controller that leaves after $cut bytes leaves no command behind";
}
is $controller->command('categories', '-lock'), 'done', 'the events as at first';
is $controller->command('go'), 'done', 'go';
is finish($run), 0, 'the run passes';
is check($run->{recording}), 'passed', 'and check does, too';
my ($ours, $theirs) = map { join '', grep { !/"category":"(?:stream|lock)"/ }
        map { s/"cpu_event":\d+,//r } @{ events_of($_)->{0} } }
        $run->{recording}, $plain;
is $ours, $theirs, 'its events are those of a run without commands';

# --- what a recorder sends, to `regiontrace ctl`

# Answers each connection with bytes, a piece at a time, and then keeps it open or closes it.
sub serve {
        my ($name, $then, @pieces) = @_;
        mkdir "$folder/$name";
        unlink "$folder/$name/control";
        my $listener = IO::Socket::UNIX->new(Local => "$folder/$name/control", Listen => 1) or die "$folder/$name: $!";
        my $pid = fork // die "fork: $!\n";
        return $pid if $pid;
        my $client = $listener->accept;
        $SIG{PIPE} = 'IGNORE';
        for (@pieces) {
                syswrite $client, $_;
                sleep 0.02;
        }
        close $client if $then eq 'close';
        sleep 60;
        exit 0;
}

# Without the zero byte in front, as a recorder sends them.
my $hello = substr frame("R\1$plain"), 1;
my $stands = substr frame('S' . varint_of(1) . varint_of(1) . varint_of(200)), 1;
for my $cut (1 .. length($stands) - 1) {
        my $server = serve('pieces', 'keep', $hello, substr($stands, 0, $cut), substr($stands, $cut));
        my $said = ctl({ folder => "$folder/pieces" }, 'wait');

        is_deeply $said, { status => 0, said => "cpu 0: event 200, right after its newest event\n" },
                "`S' in two pieces, $cut bytes first, is understood";
        kill KILL => $server;
        waitpid $server, 0;

        $server = serve('leaves', 'close', $hello, substr($stands, 0, $cut));
        $said = ctl({ folder => "$folder/leaves" }, 'wait');
        is $said->{status}, 1, "a recorder that leaves after $cut bytes of it: exit status 1";
        like $said->{said}, qr/^regiontrace ctl: .*ended/,
                "a recorder that leaves after $cut bytes of it: it has ended";
        kill KILL => $server;
        waitpid $server, 0;
}
for my $case ([ 'of its first frame', substr $hello, 0, 9 ], [ 'of the next', $hello, substr $stands, 0, 4 ]) {
        my ($where, @pieces) = @$case;
        my $server = serve('stalls', 'keep', @pieces);
        my $before = time;
        my $said = ctl({ folder => "$folder/stalls" }, '--timeout=1', 'wait');

        cmp_ok $said->{status}, '>', 0, "a recorder that stalls in the middle $where: it is given up";
        cmp_ok time - $before, '<', 30, "a recorder that stalls in the middle $where: soon";
        like $said->{said}, qr/^regiontrace ctl: \S.*/, "a recorder that stalls in the middle $where: it is said";
        kill KILL => $server;
        waitpid $server, 0;
}
done_testing;
