#!/usr/bin/env perl
# tools/run and every way a machine can end, with a stand-in for QEMU; kernel/test/shell.t has the real one.
use strict;
use warnings;
use File::Temp qw(tempdir);
use POSIX qw(mkfifo);
use Test::More;

my $folder = tempdir(CLEANUP => 1);
mkdir "$folder/bin";

sub run {
        my ($body, $arguments, $input) = @_;
        open my $file, '>', "$folder/bin/qemu-system-x86_64" or die $!;
        print $file "#!/bin/sh\necho \"\$@\" > $folder/arguments\n$body\n";
        close $file;
        chmod 0755, "$folder/bin/qemu-system-x86_64";
        local $ENV{PATH} = "$folder/bin:$ENV{PATH}";
        my $said = `tools/run $arguments 2>&1 < @{[ $input // '/dev/null' ]}`;
        return ($? >> 8, $said);
}

my ($status, $said) = run('exit 33', "$folder 2 run=a.ops exec=b");
is $status, 0, 'a run that passes: exit status 0';
like $said, qr/^The console .*To leave it: exit, or Ctrl-\\ and then x\.$/m, 'how to leave is said first';
like $said, qr{^    \S*/regionviz tree $folder/run\.rtrace -o run\.svg$}m, 'and how to draw the recording last';
open my $file, '<', "$folder/arguments" or die $!;
my $arguments = <$file>;
like $arguments, qr/ -smp 2 .* -append run=a\.ops exec=b /, 'processors and words are handed on';
like $arguments, qr/ -monitor none .* -echr 0x1c /,
        'there is no monitor, and the escape character is none that editors use';

is +(run('exit 0', "$folder 1"))[0], 0, 'left by a key: exit status 0';
my $log = 'while [ "$1" != -D ]; do shift; done; echo "Triple fault" > "$2"';
($status, $said) = run("$log; exit 0", "$folder 1");
is $status, 1, 'a triple fault, after which QEMU ends alike: exit status 1';
like $said, qr/reset itself by a triple fault/, 'and it is told';
($status, $said) = run('exit 35', "$folder 1");
is $status, 1, 'a run that does not pass: exit status 1';
like $said, qr/exit status is 35/, 'and it is told';
is +(run('exit 33', $folder))[0], 2, 'without the number of processors: wrong usage';

# Input that is no terminal: its end is passed on, and where the machine ends before, it is not waited for.
open $file, '>', "$folder/input" or die $!;
print $file 'help';
close $file;
($status, $said) = run('cat', "$folder 1", "$folder/input");
like $said, qr/^help\n\cD{1024}$/m, 'behind the end of the input there are an end of line and Ctrl-D';
mkfifo("$folder/endless", 0600) or die $!;
open my $endless, '+<', "$folder/endless" or die $!;
is +(run('exit 33', "$folder 1", "$folder/endless"))[0], 0, 'input without an end: the machine ends all the same';
is_deeply [ glob "$folder/run.[ie]*" ], [], 'nothing is left of it';

like `make --no-print-directory run EXEC='race 7' 2>&1`, qr/a blank ends a word/, 'a blank in EXEC is refused';
done_testing;
