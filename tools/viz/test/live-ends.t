#!/usr/bin/env perl
# The viewer on a kernel whose line ends, or stalls, where nothing is said about it: a guest that resets, and a socket
# that stalls in the middle of a frame.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use IO::Socket::UNIX;
use Test::More;
use lib dirname(__FILE__), dirname(__FILE__) . '/../../trace/test', dirname(__FILE__) . '/../../test';

plan skip_all => 'tmux is not installed' if system('command -v tmux > /dev/null');
plan skip_all => 'there are no terminals here: /dev/pts is not mounted' if $^O eq 'linux' && !-e '/dev/pts/ptmx';
plan skip_all => 'there is no qemu-system-x86_64' if system('command -v qemu-system-x86_64 > /dev/null');
use Controlled qw($build $folder check connect_to ctl finish record said start);
use Frames qw(frame varint_of);
use Processes qw(children_of);
require Terminal;

my $make = $ENV{MAKE} // 'make';
my $targets = "kernel initrd tools $build/host/run_script";
system("$make --no-print-directory BUILD=$build $targets > $folder/make.log 2>&1") == 0
        or BAIL_OUT('cannot build: see `make tools\'');

sub live { return Terminal->new(columns => 120, rows => 40, command => "$build/regionviz live $_[0]") }

# --- a guest that resets

# Under `regiontrace ctl`: the machine is gone, and both sides say so.
my $run = start('pause=0:00100 test-panic=reset');
connect_to($run)->all_stand;
like ctl($run, 'go')->{said}, qr/^$|ended/, 'a guest that is about to reset is told to go on';
is finish($run), 1, 'a guest that resets: record fails';
like said($run), qr/exit status is 0: the machine reset itself, most likely by a triple fault/, 'and says why';
like check($run->{recording}), qr/the stream was cut short/, 'the recording has no end';
ok !-e "$run->{folder}/control", 'the socket is removed';
cmp_ok ctl($run, 'status')->{status}, '>', 0, 'no controller finds it any more';

$run = start('pause=0:00100 test-panic=reset');
my $terminal = live("--attach $run->{folder}");
$terminal->shows(qr/PRESENT: kernel stands/, 'a kernel that will reset, in the viewer');
$terminal->type('P');
$terminal->shows(qr/PRESENT: kernel has ended/, 'it has ended');
is finish($run), 1, 'its recorder fails';
$terminal->type('Left', 'Left');
$terminal->shows(qr/PAST: kernel has ended/, 'what came before can be walked through');
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'q ends the viewer');

# --- a socket that stalls in the middle of a frame

# As a recorder, until `$go_on` exists: the path of a recording, and a piece of the frame that says that all stand.
my $recording = record('pause=0:99999', '--run', 'teaching.ops');
my $stalls = "$folder/stalls";
my $go_on = "$folder/go-on";
mkdir $stalls;
my $listener = IO::Socket::UNIX->new(Local => "$stalls/control", Listen => 1) or die "$stalls: $!";
my $server = fork // die "fork: $!\n";
if (!$server) {
        my $client = $listener->accept;
        my $hello = substr frame("R\1$recording"), 1;
        my $stands = substr frame('S' . varint_of(1) . varint_of(1) . varint_of(200)), 1;

        syswrite $client, $hello . substr $stands, 0, 5;
        select undef, undef, undef, 0.02 until -e $go_on;
        syswrite $client, substr $stands, 5;
        sleep 60;
        exit 0;
}
END { if ($server) { local $?; kill KILL => $server; waitpid $server, 0 } }

$terminal = live("--attach $stalls");
$terminal->shows(qr/event [\d,]+ of [\d,]+.*PRESENT: kernel (?!stands)/s,
        'a socket stalls in a frame: the viewer shows what is recorded');
$terminal->type('g');
$terminal->shows(qr/event 1 of .*PAST: kernel (?!stands)/s, 'a socket stalls in a frame: keys are answered');
$terminal->type('?');
$terminal->shows(qr/Help · Esc closes/, 'all of them');
$terminal->type('Escape', 'G');
$terminal->shows(qr/PRESENT: kernel (?!stands)/, 'and G returns to the present');
open my $file, '>', $go_on or die "$go_on: $!";
close $file;
$terminal->shows(qr/PRESENT: kernel stands/, 'when the rest of the frame arrives, it is understood');
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'q ends the viewer');

# --- a viewer that hangs

# Its picture is drawn by a program that does not end, so a key never comes to be handled. SIGTERM ends it all the same.
mkdir "$folder/hangs";
open my $neato, '>', "$folder/hangs/neato" or die;
print $neato "#!/bin/sh\nexec sleep 60\n";
close $neato;
chmod 0755, "$folder/hangs/neato";
$terminal = Terminal->new(columns => 120, rows => 40, environment => { PATH => "$folder/hangs:$ENV{PATH}" },
        command => "$build/regionviz live $recording");
$terminal->shows(qr/event \d+ of/, 'a viewer');
$terminal->type('s');
$terminal->write("$folder/view.png");
$terminal->shows(qr/save as .*view\.png/, 'that is to save a picture');
$terminal->type('Enter');
ok $terminal->wait_until(sub { children_of($terminal->process) }), 'and waits for a program';
kill TERM => $terminal->process;
$terminal->shows(qr/^ended with 142/m, 'SIGTERM ends it after 5 seconds');
$terminal->write('echo');
$terminal->shows(qr/ended with 142echo/, 'and the terminal is as it was');

# --- the score of predictions

my $script = "$folder/teaching.rtrace";
system("$build/host/run_script kernel/user/workloads/teaching.ops -o $script > /dev/null") == 0
        or BAIL_OUT('run_script failed');
$terminal = live("--at op:56 $script");
$terminal->shows(qr/op 56/, 'a search');
$terminal->type('f', 'p', 'Right', 'Right', 'n', 'Right', 'l');
$terminal->shows(qr/1 of 2 right/, 'predict keeps a score');
$terminal->type('p');
$terminal->shows(qr/predicted 1 of 2/, 'and says it at the end');
$terminal->type('p', 'Right');
$terminal->shows(qr/what is decided\?/, 'the next time');
$terminal->type('Escape', 'p');
$terminal->shows(qr/predicted 0 of 0/, 'it begins again');
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'it ends');
done_testing;
