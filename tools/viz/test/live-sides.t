#!/usr/bin/env perl
# Sides of the viewer that a quiet recording does not show: a kernel that another recorder runs, several processors, a
# guest that panics or stands still in the middle of a frame, missing events, a long check, the mouse.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use lib dirname(__FILE__) . '/../../test';
use Processes qw(children_of);

plan skip_all => 'tmux is not installed' if system('command -v tmux > /dev/null');
plan skip_all => 'there are no terminals here: /dev/pts is not mounted' if $^O eq 'linux' && !-e '/dev/pts/ptmx';
plan skip_all => 'there is no qemu-system-x86_64' if system('command -v qemu-system-x86_64 > /dev/null');
require Terminal;

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my $folder = tempdir(CLEANUP => 1);
my $machine = "--kernel $build/kernel/understory.elf --initrd $build/initrd.cpio";

my $targets = "kernel initrd tools $build/host/run_script";
system("$make --no-print-directory BUILD=$build $targets > $folder/make.log 2>&1") == 0
        or BAIL_OUT('cannot build: see `make tools\'');

sub live {
        my ($arguments, $columns, $rows) = @_;
        return Terminal->new(columns => $columns // 120, rows => $rows // 40,
                command => "$build/regionviz live $arguments");
}

sub position { return (($_[0]->screen =~ /event ([\d,]+) of/)[0] // '0') =~ tr/,//dr }

# Whether the kernel stands at an event behind another.
sub stands_behind {
        my ($terminal, $event) = @_;
        return position($terminal) > $event && $terminal->screen =~ /PRESENT: kernel stands/;
}

# A recorder that a viewer can attach to.
my @recorders;
sub record {
        my ($name, $append, @options) = @_;
        my $pid = fork // die "fork: $!\n";

        if (!$pid) {
                open STDIN, '<', '/dev/null';
                open STDOUT, '>', "$folder/$name.said";
                open STDERR, '>&', \*STDOUT;
                exec "$build/regiontrace", 'record', '--control', "$folder/$name", split(' ', $machine),
                        '--append', $append, '-o', "$folder/$name.rtrace", @options or exit 127;
        }
        push @recorders, $pid;
        for (1 .. 500) {
                last if -S "$folder/$name/control";
                select undef, undef, undef, 0.02;
        }
        return $pid;
}
END { kill TERM => @recorders if @recorders }

# --- a kernel that another recorder runs ----------------------------------------------------------------------

my $recorder = record('attached', 'pause=0:400', '--run', 'teaching.ops');
my $terminal = live("--attach $folder/attached");
$terminal->shows(qr/running kernel +teaching\.ops \(tree 2\).*PRESENT: kernel stands/s,
        '--attach shows the tree of the program that runs');
is position($terminal), 400, 'at the event where it stands';
$terminal->type(']');
$terminal->wait_until(sub { stands_behind($terminal, 400) });
$terminal->shows(qr/op \d+ \w+\(.*… in progress.*PRESENT: kernel stands/s, '] lets it run to the next operation');
my $before = position($terminal);
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'q leaves it');
ok kill(0 => $recorder), 'the machine goes on';
$terminal = live("--attach $folder/attached");
$terminal->shows(qr/PRESENT: kernel stands/, 'another viewer may come');
is position($terminal), $before, 'and finds it where it was left';

# --- a line that stands still ---------------------------------------------------------------------------------

kill STOP => $recorder;
$terminal->type(']');
$terminal->type('[');
$terminal->shows(qr/PAST/, 'while nothing arrives, keys are answered, and the past can be walked through');
kill CONT => $recorder;
$terminal->type('G');
$terminal->shows(qr/PRESENT: kernel stands/, 'when the line goes on, so does the kernel');
my ($qemu) = children_of($recorder);
$terminal->type('P');
kill STOP => $qemu;
$terminal->type('g');
$terminal->shows(qr/event 1 of .*PAST/s, 'a machine that stands still in the middle of what it sends hangs nothing');
kill CONT => $qemu;
$terminal->shows(qr/kernel has ended/, 'it goes on to its end');
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'q ends the viewer');

# --- a guest that panics --------------------------------------------------------------------------------------

record('panics', 'pause=0:100 test-panic=plain');
$terminal = live("--attach $folder/panics");
$terminal->shows(qr/PRESENT: kernel stands/, 'a kernel that will panic');
$terminal->type('f', 'f', 'P');
$terminal->shows(qr/panic: on purpose.*PRESENT: kernel has ended/s, 'its panic is an event, and the last that it says');
$terminal->type('Left', 'Left');
$terminal->shows(qr/PAST: kernel has ended/, 'what came before can be walked through');
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'it ends');

# --- several processors ---------------------------------------------------------------------------------------

for my $cpus (2, 4) {
        $terminal = live("--exec storm --cpus $cpus $machine");
        $terminal->shows(qr/PRESENT: kernel stands/, "$cpus processors: it stands");
        $terminal->type('f');
        for my $key (']', ']', 'Right', 'Right') {
                my $from = position($terminal);

                $terminal->type($key);
                ok $terminal->wait_until(sub { stands_behind($terminal, $from) }), "$key: it goes on, and stands again";
        }
        $terminal->type('T');
        $terminal->shows(qr/cpu  runs .*@{[ join '.*', map { "^ +$_ " } 0 .. $cpus - 1 ]}/ms,
                'T shows what each of them does');
        $terminal->type('Escape', 'o');
        $terminal->shows(qr/The kernel does not send events of locks\. Enter asks it to/,
                'o shows the locks, which are not sent');
        $terminal->type('Enter');
        for (1 .. 3) {
                my $from = position($terminal);

                $terminal->type(']');
                $terminal->wait_until(sub { stands_behind($terminal, $from) });
        }
        $terminal->shows(qr/^ +\d  (?:scheduler|address_space|frames) [0-9a-f]+/m, 'until Enter asks for them');
        $terminal->type('Escape', 'P');
        $terminal->shows(qr/kernel has ended/, 'P lets them go on to the end');
        $terminal->type('q');
        $terminal->shows(qr/\Aended with 0/, 'it ends');
}

# --- missing events -------------------------------------------------------------------------------------------

my $recording = "$folder/teaching.rtrace";
system("$build/host/run_script kernel/user/workloads/teaching.ops -o $recording > /dev/null") == 0
        or BAIL_OUT('run_script failed');
{
        open my $file, '<:raw', $recording or die;
        local $/;
        my @frames = split /(?<=\0)/, <$file>;
        splice @frames, @frames / 2, 1;
        open my $out, '>:raw', "$folder/loss.rtrace" or die;
        print $out @frames;
}
my ($missing) = `$build/regiontrace check $folder/loss.rtrace 2>&1` =~ /event ([\d,]+)/;
$terminal = live("$folder/loss.rtrace");
$terminal->shows(qr/event \d+ of/, 'a recording in which a frame is missing');
$terminal->type('e', 'e', ':');
$terminal->write(($missing =~ tr/,//dr) + 120);
$terminal->type('Enter');
$terminal->shows(qr/Unknown since event [\d,]+: events are missing/, 'it says since when the tree is unknown');
$terminal->type('G');
$terminal->shows(qr/END|event [\d,]+ of/, 'and goes on to the end');
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'it ends');

# --- a long check ---------------------------------------------------------------------------------------------

{
        open my $script, '>', "$folder/long.ops" or die;
        print $script "space 0x10000 0x7ffffffff000\n", map({ "map r$_ 4K rw- anywhere\n" } 1 .. 800),
                map { "map x 4K rw- anywhere\nunmap 0x10000 4K\n" } 1 .. 12000;
        close $script;
        system("$build/host/run_script $folder/long.ops -o $folder/long.rtrace > /dev/null");
}
$terminal = live("$folder/long.rtrace");
$terminal->shows(qr/op 1 /, 'a long recording');
$terminal->type('c', 'Right', 'Right');
$terminal->shows(qr/links|region|gap/, 'steps go on while it is checked');
$terminal->shows(qr/checks: \d+ %; c gives up|the check finds/, 'and it says how far the check is');
$terminal->shows(qr/the check finds nothing wrong|event \d+ \(tree/, 'until it is through');
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'it ends');

# --- the mouse ------------------------------------------------------------------------------------------------

sub click {
        my ($terminal, $pattern) = @_;
        my @lines = $terminal->lines;

        for my $y (0 .. $#lines) {
                next if $lines[$y] !~ $pattern;
                my $x = $-[0] + 2;
                $terminal->write(sprintf("\e[<0;%d;%dM\e[<0;%d;%dm", $x, $y + 1, $x, $y + 1));
                return;
        }
        fail("there is no $pattern to click on");
}

$terminal = Terminal->new(columns => 120, rows => 40, environment => { TERM => 'xterm-256color' },
        command => "$build/regionviz live --at op:56 $recording");
$terminal->shows(qr/op 56/, 'a terminal with a mouse');
click($terminal, qr/B 40000/);
$terminal->shows(qr/── Region .*range +40000–/s, 'a click on a node selects it');
click($terminal, qr/Help/);
$terminal->shows(qr/Help · Esc closes/, 'a click on a key presses it');
$terminal->type('Escape');
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'it ends');
done_testing;
