#!/usr/bin/env perl
# `regionviz live` in a real terminal, as a student has it: keys in, screens out; terminals of every kind; and the
# terminal as it was, however the viewer ends.
#
#       GOLDEN=write prove tools/viz/test/live.t        writes the golden screens again: look at the difference
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);

plan skip_all => 'tmux is not installed' if system('command -v tmux > /dev/null');
plan skip_all => 'there are no terminals here: /dev/pts is not mounted' if $^O eq 'linux' && !-e '/dev/pts/ptmx';
use lib dirname(__FILE__) . '/../../test';
use Processes qw(children_of);
require Terminal;

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my $here = dirname(__FILE__);
my $folder = tempdir(CLEANUP => 1);
my $recording = "$folder/teaching.rtrace";

my $targets = "$build/host/run_script $build/regionviz $build/workloads/python3.ops";
system("$make --no-print-directory BUILD=$build $targets > $folder/make.log 2>&1") == 0
        or BAIL_OUT("cannot build: see `make $build/host/run_script'");
system("$build/host/run_script kernel/user/workloads/teaching.ops -o $recording > /dev/null") == 0
        or BAIL_OUT('run_script failed');

sub live {
        my ($columns, $rows, $arguments, %environment) = @_;
        return Terminal->new(columns => $columns, rows => $rows, environment => \%environment,
                command => "$build/regionviz live $arguments $recording");
}

sub slurp {
        my ($path) = @_;
        open my $file, '<:encoding(UTF-8)', $path or return '';
        local $/;
        return scalar <$file>;
}

# --- golden screens -------------------------------------------------------------------------------------------

# Times differ from run to run, and so do the columns before them.
sub stable {
        my ($screen) = @_;
        $screen =~ s/ +event ([\d,]+ of [\d,]+) · [\d.]+ ms/ event $1/;
        $screen =~ s/(events\/s) .*/$1/g;
        $screen =~ s/ +$//mg;
        return $screen;
}

sub is_golden {
        my ($terminal, $name) = @_;
        my $path = "$here/live/$name.txt";

        # The sparklines are filled in when the view rests.
        $terminal->shows(qr/fragmented +\d+ % +\S{5}/, "$name: the counters have their sparklines")
                if $terminal->screen =~ /fragmented/;
        my $screen = stable($terminal->screen);

        if (($ENV{GOLDEN} // '') eq 'write') {
                mkdir "$here/live";
                open my $file, '>:encoding(UTF-8)', $path or die "$path: $!";
                print $file $screen;
        }
        is $screen, slurp($path), "the screen is $name.txt";
}

for my $size ([ 80, 24 ], [ 120, 40 ], [ 200, 60 ]) {
        my ($columns, $rows) = @$size;
        my $terminal = live($columns, $rows, '--at op:56');

        $terminal->shows(qr/op 56 place_near\(locale, 3 pages near 7f000\) … in progress.*F10Quit/s,
                "$columns x $rows: it begins where --at says");
        $terminal->type(('Right') x 9);
        $terminal->shows(qr/event 1,000 of 1,557/, 'nine steps go on by nine events of the list');
        is_golden($terminal, "path-${columns}x$rows");
        $terminal->type('?');
        $terminal->shows(qr/Help · Esc closes.*Time.*Right, l +the next event/s, '? shows the keys');
        $terminal->type('Escape', '[');
        $terminal->shows(qr/event 991 of/, '[ goes back to where the operation began');
        $terminal->type('q');
        $terminal->shows(qr/\Aended with 0/, 'q ends it, and the terminal shows what it showed before');
}

# A tree that does not fit: each level that has room is drawn, if need be in letters. Huge holes are folded.
system("$build/host/run_script $build/workloads/python3.ops -o $folder/python3.rtrace > /dev/null") == 0
        or BAIL_OUT('run_script failed');
for my $size ([ 80, 24 ], [ 120, 40 ]) {
        my ($columns, $rows) = @$size;
        my $terminal = Terminal->new(columns => $columns, rows => $rows,
                command => "$build/regionviz live $folder/python3.rtrace");

        $terminal->shows(qr/op 1 .*F10Quit/s, "$columns x $rows: a large tree");
        $terminal->type('G');
        $terminal->shows(qr/▶7,952 the run ends: passed.* END\b/s, "$columns x $rows: its end");
        $terminal->type('[');
        $terminal->shows(qr/op 522 .* in progress/, "$columns x $rows: the last operation");
        is_golden($terminal, "python3-${columns}x$rows");
        $terminal->type('-', '-');
        $terminal->shows(qr/^ *(?:R|B)(?: +(?:R|B)){5}/m, "$columns x $rows: all of it in letters");
        $terminal->type('q');
        $terminal->shows(qr/\Aended with 0/, "$columns x $rows: it ends");
}

# --- time -----------------------------------------------------------------------------------------------------

my $terminal = live(120, 40, '');
$terminal->shows(qr/event 12 of 1,557.*op 1 place_specifically\(text/s,
        'unless --at says, it begins at the first operation');
$terminal->type('G');
$terminal->shows(qr/event 1,557 of 1,557.* END\b/s, 'G goes to the end');
$terminal->type('g');
$terminal->shows(qr/event 1 of 1,557.* PAST\b/s, 'g goes to the first event');
$terminal->type('e');
$terminal->shows(qr/▶ *[\d,]+ +error overlap at /, 'e goes to the next error');
$terminal->type(':');
$terminal->write('op:27');
$terminal->type('Enter');
$terminal->shows(qr/op 27 place_anywhere\(signals, 1 page, guards 1 and 1\) … in progress/, ': goes to an operation');
$terminal->type(':');
$terminal->write('999999');
$terminal->type('Enter');
$terminal->shows(qr/there is no event 999,999; the last one is 1,557/, 'to an event that is not there it does not go');
$terminal->type('y');
$terminal->shows(qr/this key does nothing; \? shows every key/, 'a key without a meaning says so');
$terminal->type('Enter');
$terminal->shows(qr/select a region first/, 'Enter needs a region');
$terminal->type('/');
$terminal->write('libm.text');
$terminal->type('Enter');
$terminal->shows(qr/▶ *[\d,]+ .*libm\.text/, '/ finds the next event with these words');
$terminal->type('c');
$terminal->shows(qr/the check finds nothing wrong/, 'c checks the recording');
$terminal->type('g', '>', '>', '>', '>', '>', '>', '>', '>', '>', '>', '>', 'Space');
$terminal->shows(qr/event 1,5\d\d of 1,557.* END\b/s, 'Space plays to the end');

# --- counters -------------------------------------------------------------------------------------------------

$terminal->type('End');
$terminal->shows(qr/regions +32 +[▁▂▃▄▅▆▇█]{12}/,
        'after a jump the sparklines have the operations before it, too');

# --- looking --------------------------------------------------------------------------------------------------

$terminal->type(':');
$terminal->write('op:56');
$terminal->type('Enter', 'Down', 'Down');
$terminal->shows(qr/── Region .*range +2c000–2d000.*colour +black.*parent +40000 heap/s,
        'Down selects the root, then a child');
$terminal->type('w');
$terminal->shows(qr/── Region .*range +30000–34000/s, 'w selects the next region');
$terminal->type('Escape', 'a');
$terminal->shows(qr/Address spaces.*\* +1 +teaching\.ops +30 +56 /s, 'a lists the spaces');
$terminal->type('Escape', 'f');
$terminal->shows(qr/Events · all trees and spaces/, 'f changes the filter');
$terminal->type('f');
$terminal->shows(qr/Events · everything.*takes the lock address_space/s, '... to everything');
$terminal->type('T');
$terminal->shows(qr/Tasks and processors.*no task was created so far/s, 'T shows tasks and processors');
$terminal->type('o');
$terminal->shows(qr/Locks.*0 +address_space /s, 'o shows the locks that are held');
$terminal->type('Escape', 'z');
$terminal->shows(qr/\A(?!.*Address space)/s, 'z shows a pane alone');
$terminal->type('z', 's');
$terminal->write("$folder/view.txt");
$terminal->type('Enter');
$terminal->shows(qr/saved as .*view\.txt/, 's saves the view');
like slurp("$folder/view.txt"), qr/^teaching\.ops · place_near\(locale, 3 pages near 7f000\)/, 'in words';
$terminal->type('s');
$terminal->write("$folder/part.rtrace");
$terminal->type('Enter');
$terminal->shows(qr/saved as .*part\.rtrace/, 'or the operation that is shown, as a recording');
like `$build/regiontrace check $folder/part.rtrace 2>&1`, qr/check: passed: .*1 operation on 1 tree/, 'which is one';

# --- prediction -----------------------------------------------------------------------------------------------

$terminal->type('f', 'p', 'Right', 'Right');
$terminal->shows(qr/at 40000 heap, what is decided\? +l: goes left/, 'p asks what is decided before it is shown');
$terminal->type('n');
$terminal->shows(qr/right: it visits 40000 heap: gap too small, skips left \(1 of 1\)/, 'the right answer counts');
$terminal->type('Right', 'l');
$terminal->shows(qr/no: it visits 40000 heap: goes right \(1 of 2 right\)/, 'the wrong one does not');
$terminal->type('p', 'q');
$terminal->shows(qr/\Aended with 0/, 'it ends');

# --- sizes ----------------------------------------------------------------------------------------------------

$terminal = live(80, 24, '--at op:56');
$terminal->shows(qr/op 56/, 'it has begun');
for my $size ([ 79, 24 ], [ 10, 3 ], [ 80, 24 ], [ 300, 10 ], [ 200, 60 ], [ 1, 1 ], [ 81, 25 ], [ 137, 41 ]) {
        $terminal->resize(@$size);
}
$terminal->shows(qr/op 56.*F10Quit/s, 'after a storm of sizes it is whole');
$terminal->resize(40, 10);
$terminal->shows(qr/40 x 10: too small\.\n80 x 24 is enough\./, 'a terminal that is too small is told the size');
$terminal->resize(80, 24);
$terminal->type(('Right') x 9);
$terminal->shows(qr/event 1,000 of/, 'and in a larger one it goes on');
is_golden($terminal, 'path-80x24');

# --- signals --------------------------------------------------------------------------------------------------

# Ctrl-Z needs a shell with jobs.
my $shell = Terminal->new(columns => 80, rows => 24, command => 'bash --noprofile --norc -i',
        environment => { PS1 => 'shell> ' });
$shell->shows(qr/shell>/, 'a shell');
$shell->write("$build/regionviz live --at op:56 $recording");
$shell->type('Enter');
$shell->shows(qr/op 56/, 'it has begun');
$shell->type('C-z');
$shell->shows(qr/Stopped.*regionviz.*shell>/s, 'Ctrl-Z stops it, and gives the terminal back');
$shell->write('echo back in the shell');
$shell->type('Enter');
$shell->shows(qr/^back in the shell/m, 'what is typed there is shown');
$shell->write('fg');
$shell->type('Enter');
$shell->shows(qr/op 56.*F10Quit/s, 'fg shows it again');
$shell->resize(120, 40);
$shell->type('Right');
$shell->shows(qr/event 992 of.*F10Quit/s, 'and it goes on where it was, in the size that the terminal has now');
for my $signal (qw(TERM HUP SEGV ABRT)) {
        my $one = live(80, 24, '');

        $one->shows(qr/event 12 of/, 'it has begun');
        kill $signal => $one->process;
        $one->shows($signal =~ /TERM|HUP/ ? qr/\Aended with 0/ : qr/^ended with 1\d\d/m,
                "SIG$signal restores the terminal");
        $one->write('echo');
        $one->shows(qr/ended with \d+echo/, '... and what is typed is shown again');
}

# --- a running kernel -----------------------------------------------------------------------------------------

sub running {
        my $machine = "--kernel $build/kernel/understory.elf --initrd $build/initrd.cpio";
        return Terminal->new(columns => 120, rows => 40, command => "$build/regionviz live $machine @_");
}

sub child { return (children_of($_[0]))[0] }
sub position { return ($_[0]->screen =~ /event ([\d,]+) of/)[0] =~ tr/,//dr }

SKIP: {
        skip 'there is no qemu-system-x86_64', 1 if system('command -v qemu-system-x86_64 > /dev/null');
        system("$make --no-print-directory BUILD=$build kernel initrd > $folder/make.log 2>&1") == 0
                or BAIL_OUT('no kernel');

        my $kernel = running('--run teaching.ops');
        $kernel->shows(qr/op 1 place_specifically\(text, 4 pages at 30000\) … in progress.*PRESENT: kernel stands/s,
                'a kernel is booted, and paused at its first operation');
        my $begin = position($kernel);
        $kernel->type('Right');
        $kernel->shows(qr/▶ *[\d,]+ +visits the tail gap: free, taken.*PRESENT: kernel stands/s,
                'a step is one event of the list');
        $kernel->type('Right', 'Right', 'Right');
        $kernel->shows(qr/▶ *[\d,]+ +links 30000 text.*PRESENT: kernel stands/s, 'and so on');
        $kernel->type('Left');
        $kernel->shows(qr/PAST: kernel stands/, 'back is the past; the kernel stands meanwhile');
        $kernel->type(':');
        $kernel->write($begin);
        $kernel->type('Enter');
        $kernel->shows(qr/event $begin of.*PAST: kernel stands/s, 'as far back as there is anything');
        $kernel->type('G');
        $kernel->shows(qr/PRESENT: kernel stands/, 'G returns to the present');
        $kernel->type(':');
        $kernel->write($begin);
        $kernel->type('Enter');
        $kernel->shows(qr/event $begin of.*PAST: kernel stands/s, 'from the present, too, : goes to an event');
        $kernel->type('G');
        $kernel->shows(qr/PRESENT: kernel stands/, 'G returns again');
        $kernel->type(']');
        $kernel->shows(qr/op 2 place_specifically\(rodata.*PRESENT: kernel stands/s, '] runs to the next operation');
        $kernel->type('p', 'Right');
        $kernel->shows(qr/at (the tail gap|30000 text), what is decided\?/,
                'p asks at the present, before it shows what the kernel does');
        unlike $kernel->screen, qr/▶ *[\d,]+ +visits/, 'the visit is not in the list yet';
        $kernel->type('t');
        $kernel->shows(qr/(right|no): it visits .*\(\d of 1/, 'and judges the answer');
        $kernel->type('p');
        $kernel->shows(qr/predicted \d of 1/, 'which counts');
        $kernel->type('Escape');
        $kernel->shows(qr/PRESENT: kernel stands/, 'the view is at the present again');
        $kernel->type(']', ']', ']', 'Right');
        $kernel->shows(qr/op 5 .*▶ *[\d,]+ +visits.*PRESENT: kernel stands/s,
                'keys that come faster than the kernel are carried out, too');
        $kernel->type('e');
        $kernel->shows(qr/▶ *[\d,]+ +error overlap at .*PRESENT: kernel stands/s, 'e runs to the next error');
        $kernel->type('x');
        $kernel->shows(qr/no page fault came before the run ended/, 'x runs to the next page fault; there is none');
        $kernel->type('Escape');
        $kernel->shows(qr/PRESENT: kernel has ended/, 'so it has ended');
        $kernel->type('[');
        $kernel->shows(qr/op 82 .*PAST: kernel has ended/s, 'and all of it can be walked through');
        my $recorder = child($kernel->process);
        $kernel->type('q');
        $kernel->shows(qr/\Aended with 0/, 'q ends it');
        ok !$recorder || !-e "/proc/$recorder", 'nothing of the machine is left';

        my $killed = running('--run teaching.ops');
        $killed->shows(qr/PRESENT: kernel stands/, 'another');
        $killed->type('Right');
        $killed->shows(qr/visits the tail gap: free, taken.*PRESENT: kernel stands/s, 'it steps');
        my $machine = child(child($killed->process));
        kill KILL => $machine;
        $killed->shows(qr/PRESENT: kernel has ended/, 'a machine that dies has ended, and what it recorded stays');
        $killed->type('Left');
        $killed->shows(qr/PAST: kernel has ended/, 'and can be walked through');
        $killed->type('q');
        $killed->shows(qr/\Aended with 0/, 'it ends');

        my $missing = running('--run nowhere.ops');
        $missing->shows(qr/ended with 2|kernel has ended/, 'a script that is not there is no reason to hang');
}
refused("$build/regionviz live --run teaching.ops $recording",
        qr/a running kernel or a recording, not both|needs a terminal/, 'both');

# --- terminals ------------------------------------------------------------------------------------------------

sub colours_in { return () = $_[0] =~ /\e\[[\d;]*(?:3[0-7]|4[0-7]|38;5;\d+|48;5;\d+)(?=[;m])/g }

my %looks = (
        'NO_COLOR' => [ '', { NO_COLOR => 1 }, qr/╭|━/, 0 ],
        '--no-colour' => [ '--no-colour', {}, qr/╭|━/, 0 ],
        'TERM=vt100' => [ '', { TERM => 'vt100' }, qr/━/, 0 ],
        'TERM=linux' => [ '', { TERM => 'linux' }, qr/═/, 1 ],
        'TERM=xterm (8 colours)' => [ '', { TERM => 'xterm' }, qr/━/, 1 ],
        '--ascii' => [ '--ascii', {}, qr/\A[\x00-\x7f]*\z/, 1 ],
        'LANG=C' => [ '', { LC_ALL => 'C' }, qr/\A[\x00-\x7f]*\z/, 1 ],
);
for my $name (sort keys %looks) {
        my ($arguments, $environment, $characters, $coloured) = @{ $looks{$name} };
        my $one = live(120, 40, "--at op:56 $arguments", %$environment);

        $one->shows(qr/op 56/, "$name: it begins");
        $one->type(('Right') x 9);
        $one->shows(qr/event 1,000 of/, "$name: it steps");
        like $one->screen, $characters, "$name: its lines";
        is !!colours_in($one->colours), !!$coloured, "$name: colours, or none";
        is_golden($one, 'path-ascii') if $name eq '--ascii';
}

# --- what cannot be -------------------------------------------------------------------------------------------

sub refused {
        my ($command, $pattern, $what) = @_;
        my $said = `$command 2>&1 < /dev/null`;

        is $? >> 8, 2, "$what: status 2";
        like $said, $pattern, $what;
}

refused("$build/regionviz live $recording", qr/needs a terminal for input and output/, 'no terminal');
refused("$build/regionviz live", qr/it takes one recording, or two/, 'no recording');
refused("$build/regionviz live /nowhere", qr{/nowhere: cannot be opened: No such file}, 'a file that is not there');
refused("$build/regionviz live --tree x $recording", qr/--tree takes the number/, 'no number');
my $odd = live(80, 24, '', TERM => 'no-such-terminal');
$odd->shows(qr/no description of the terminal "no-such-termina.*ended with 2/s, 'a terminal that is not known');

# --- the manual -----------------------------------------------------------------------------------------------

my ($table) = slurp('docs/regionviz.md') =~ /^<!-- The keys: .* -->\n\n(.*?)\n<!-- end of the keys -->/ms;
is $table, do { my $said = `$build/regionviz live --keys`; utf8::decode($said); $said },
        'docs/regionviz.md has every key (else: build/regionviz live --keys)';

done_testing;
