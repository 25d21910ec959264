#!/usr/bin/env perl
# A session at the machine's console as a person has it: `make run` in a terminal (tmux), keys in, screen out.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Machine qw($build check events slurp);

# Of a `make -j` that runs this test: `make run` would warn of it on the console.
delete @ENV{qw(MAKEFLAGS MFLAGS)};

plan skip_all => 'tmux is not installed' if system('command -v tmux > /dev/null');
plan skip_all => 'there are no terminals here: /dev/pts is not mounted' if $^O eq 'linux' && !-e '/dev/pts/ptmx';

# For what should take less than a second. The machine's tick makes its recording grow all the time; as long as it does,
# no more than so many looks at a grown recording are waited for, and where it does not grow, so many seconds.
my ($looks, $silence) = (3000, 60);
my $folder = tempdir(CLEANUP => 1);
my $make = $ENV{MAKE} // 'make';
my $owner = $$;

sub tmux { return system('tmux', '-S', "$folder/socket", '-f', '/dev/null', @_) == 0 }

# Everything that runs in the terminal goes with it. Until then the server stays, though its only session has ended.
END { local $?; tmux('kill-server') if $folder && $$ == $owner && -S "$folder/socket" }
$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);

sub ask {
        open my $answer, '-|', 'tmux', '-S', "$folder/socket", @_ or return '';
        local $/;
        return scalar(<$answer>) // '';
}

sub screen { return ask('capture-pane', '-p', '-J', '-t', 'console') =~ s/\s+\z//r }

# Waits until what the function yields is true, and yields it. False if the machine comes to nothing.
sub wait_until {
        my ($function) = @_;
        my ($left, $heard, $size, $found) = ($looks, time, -1);

        until ($found = $function->()) {
                my $now = -s "$build/run.rtrace" // 0;
                if ($now != $size) {
                        ($size, $heard) = ($now, time);
                        $left--;
                }
                last if !$left || time - $heard > $silence;
                select undef, undef, undef, 0.02;
        }
        return $found;
}

# Waits until the screen looks so. If it never does, what would follow makes no sense.
sub shows {
        my ($pattern, $what) = @_;

        return pass($what) if wait_until(sub { screen() =~ $pattern });
        fail($what);
        diag("The screen shows:\n", screen());
        exit 1;
}

sub keys_in { tmux('send-keys', '-t', 'console', @_) or die "tmux cannot send keys\n" }

sub enter {
        my ($line) = @_;
        tmux('clear-history', '-t', 'console');
        tmux('send-keys', '-t', 'console', '-l', $line) && keys_in('Enter');
}

# What follows the last line entered, up to a new prompt at the end of the screen.
sub answers {
        my ($line, $pattern, $what) = @_;
        enter($line);
        return shows(qr/^\$ \Q$line\E\n(?:(?!\$ ).*\n)*?$pattern.*\n(?:(?!\$ ).*\n)*\$\z/m, $what);
}

# A line as it stands on the screen, in rows: not joined where the terminal has broken it.
sub rows { return split /\n/, ask('capture-pane', '-p', '-t', 'console') }

# Boots in a terminal of so many columns.
sub boot_in {
        my ($columns, $left) = @_;
        tmux('new-session', '-d', '-s', 'console', '-x', $columns, '-y', 100,
                'sh', '-c', 'timeout --foreground 3600 "$@"; echo $? > "$0"', $left,
                $make, '--no-print-directory', "BUILD=$build", 'run', ';', 'set-option', '-s', 'exit-empty', 'off')
                or die "tmux does not start\n";
        shows(qr/help lists what there is\.\n\$\z/, 'the machine boots to a prompt');
}

delete $ENV{TMUX};
my $left = "$folder/status";             # what the machine leaves behind when it ends
boot_in(150, $left);
answers('maps | find stack', qr/^\w+-\w+ +\d+K +rw-p .* stack/m, 'a pipe of two programs: the shell shows a stack');

keys_in('Up');
shows(qr/^\$ maps \| find stack\z/m, 'arrow up brings the line back');
keys_in('BSpace') for 1 .. 5;
keys_in('text', 'Enter');
shows(qr/^\$ maps \| find text\n.*r-xp.* text\n\$\z/m, 'where it can be changed and entered');

keys_in('ech', 'Tab', 'ac', 'Left', 'b', 'Enter');
shows(qr/^\$ echo abc\nabc\n\$\z/m, 'Tab completes a name, arrow left goes back in the line');

keys_in('cho fine', 'C-a', 'e', 'C-e', ' c', 'Enter');
shows(qr/^\$ echo fine c\nfine c\n\$\z/m, 'Ctrl-A goes to the beginning of the line, and to no monitor of QEMU');

keys_in('unfinished');
keys_in('C-c');
shows(qr/^\$ unfinished\^C\n\$\z/m, 'Ctrl-C drops a line');

keys_in('cat', 'Enter', 'typed', 'Enter');
shows(qr/^\$ cat\ntyped\ntyped\z/m, 'a program reads what is typed');
keys_in('C-c');
shows(qr/^\^C\n\(status 137, killed\)\n\$\z/m, 'Ctrl-C ends a program that waits');

enter('race 100000000');
keys_in('C-c');
shows(qr/^\$ race 100000000\n\^C\n\(status 137, killed\)\n\$\z/m, 'and one that works');

keys_in('cat', 'Enter', 'C-c');
shows(qr/^\$ cat\n\^C\n\(status 137, killed\)\n\$\z/m,
        'what is typed faster than the shell reads stands behind its line');

answers('misbehave write-null', qr/^misbehave: killed at .*tried to write 0x0.*\n\(status 142, killed\)/m,
        'a program that crashes says why, and the shell goes on');
answers('misbehave smash', qr/^a function wrote beyond its part of the stack\n(?:.*\n)*\(status 134, killed\)/m,
        'so does one that overwrites where it would return to');
answers('nosuch', qr/^sh: there is no program "nosuch"; there are:[^(]*\bmaps\b[^(]*\n\(status 126\)/m,
        'a program that is not there: the shell says which there are');
my ($there_are) = screen() =~ /.*^(sh: there is no program .*?)^\(status/ms;
is_deeply [ grep { length > 79 } split /\n/, $there_are ], [], 'in lines that a terminal of 80 columns does not break';
answers('echo a |', qr/^sh: a command is missing/m, 'a line that makes no sense is told why');
answers('echo "a | b"; echo c', qr/^a \| b\nc/m, 'quotes, and two commands in a line');
answers('spawn 5 & wait', qr/^process \d+ \(spawn\) has ended with status 0/m, 'one in the background is waited for');

answers('race 100000000 &', qr/^process \d+/m, 'another works for long');
my ($long) = screen() =~ /.*^process (\d+)/ms;
enter('wait');
keys_in('C-c');
shows(qr/^\$ wait\n\^C\n\$\z/m, 'Ctrl-C ends the waiting');
answers('ps', qr/^ +$long +\d+ .* race$/m, 'and not what it waits for');
answers("kill $long; wait", qr/^process $long \(race\) has ended with status 137$/m, 'which can be waited for again');
answers('ps', qr/^ +1 +0 .* init\n +\d+ +1 .* sh\n(?:.*\n)*? .* ps/m, 'ps shows who started whom');
answers('free', qr/^ +free +\d+ +[\d.]+M/m, 'free says how much memory is free');
answers('sh -c "maps | count"', qr/^\d+ lines, \d+ words, \d+ bytes/m, 'a shell inside the shell');
answers('history', qr/^ +1  maps \| find stack\n +2  maps \| find text/m, 'the shell remembers');
answers('help', qr/^  maps +prints the regions/m, 'and helps');

answers('bomb hog', qr/^No memory is free: bomb \(process \d+\) is ended, the largest with \d+ KiB$/m,
        'one that takes all memory is ended, and named');

# Hundreds of processes are ended as a whole, and Ctrl-C is seen at once. Those that grow on may take all memory before
# it comes; then the kernel ends them, as a whole too.
my $ended = qr/\(\d\d+ processes are ended\)/;
my $by_group = qr/$ended|the others of its group/;
for (['bomb 300', $ended], ['bomb', $by_group], ['bomb hog | bomb', $by_group]) {
        my ($line, $said) = @$_;
        enter($line);
        shows(qr/^\$ \Q$line\E\n(?:.*\n)*bomb: process \d+$/m, "$line: hundreds of processes");
        keys_in('C-c');
        shows(qr/^\$ \Q$line\E\n(?:.*\n)*.*$said.*\n(?:.*\n)*\(status 137, killed\)\n\$(?: \^C\n\$)?\z/m,
                'Ctrl-C ends all of them');
        answers("ps; echo '$line'", qr/^ +\d+ .* ps$/m, 'the shell goes on');
        my ($listed) = screen() =~ /^\$ ps; echo '\Q$line\E'\n((?:.*\n)*)\$\z/m;
        cmp_ok scalar(() = $listed =~ /\n/g), '<=', 6, 'and few processes are left';
}

enter('exit');
wait_until(sub { slurp($left) =~ /\n/ });
is slurp($left), "0\n", 'exit ends the machine, as a success';
is_deeply [ events("$build/run.rtrace", 'panicked') ], [], 'nothing panicked';
my ($nosuch) = map { /task=(\d+) status=126/ } events("$build/run.rtrace", 'task_exited');
is scalar(grep { /task=$nosuch call=write / } events("$build/run.rtrace", 'system_call_begin')), 1,
        'which programs there are is said in one piece';
my $check = check("$build/run.rtrace");
is $check->{status}, 0, 'the recording passes its check' or diag $check->{said};

# Left by its escape character, in a terminal of the usual width and in a narrow one.
boot_in(80, "$left-2");
enter('help');
shows(qr/^\$ help\n(?:.*\n)*  Ctrl-C .*\n\$\z/m, 'help ends with a prompt');
is_deeply [ grep { length > 79 } rows() ], [], 'and its lines fit into 80 columns';
is screen() =~ s/ +$//mgr, join("\n", map { s/ +$//r } rows()) =~ s/\s+\z//r, 'so that the terminal breaks none';

tmux('resize-window', '-t', 'console', '-x', 60, '-y', 100);
enter('echo ' . 'x' x 70);
shows(qr/^x{70}\n\$\z/m, 'a long line can be typed in a narrow terminal');
is scalar(grep { /^\$ .*xxx/ } rows()), 1, 'and stands there in one row';

keys_in('C-\\', 'c');
answers('echo still here', qr/^still here/m, 'Ctrl-\\ leads to no monitor of QEMU');
keys_in('C-\\', 'x');
wait_until(sub { slurp("$left-2") =~ /\n/ });
is slurp("$left-2"), "0\n", 'Ctrl-\\ and x leave the machine, and that is no failure';
done_testing;
