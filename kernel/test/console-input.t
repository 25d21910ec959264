#!/usr/bin/env perl
# Input of tools/run (`make run`) from a pipe: what is there before the machine begins reaches the shell whole, and at its
# end the shell and the machine end. shell.t types into a terminal.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Machine qw($build events);

# A build folder whose recording is ours alone.
my $folder = tempdir(CLEANUP => 1);
symlink abs_path("$build/$_"), "$folder/$_" or die "$_: $!" for qw(kernel initrd.cpio regiontrace regionviz);

# Runs a machine with this input. Yields the exit status and what the console shows.
sub type {
        my ($input) = @_;
        open my $file, '>', "$folder/input" or die "$!\n";
        print $file $input;
        close $file or die "$!\n";
        my $shown = `cat $folder/input | timeout 120 tools/run $folder 1 exec=init:once 2>&1`;
        return ($? >> 8, $shown);
}

my ($status, $shown) = type("help\nmaps\n");
is $status, 0, 'the machine ends at the end of its input, as a success' or diag $shown;
like $shown, qr/\$ help\n(?:.*\n)*Programs:\n/, 'help is answered';
like $shown, qr/^ *\w+-\w+ +\d+K r-xp .* text$/m, 'and so is maps';

($status, $shown) = type('echo without an end of line');
like $shown, qr/^without an end of line$/m, 'a last line without an end is carried out';

($status, $shown) = type("cat\nfor cat");
like $shown, qr/\$ cat\n(?:for cat\n)+/, 'a program takes what is left';
is $status, 0, 'and ends at the end of it, and so does the shell' or diag $shown;

($status, $shown) = type("exit 3\n");
like $shown, qr/^init:once: exit status 3$/m, 'the shell can be ended before';
isnt $status, 0, 'and its status counts';

# More than QEMU and the UART have room for.
my $lines = 600;
($status, $shown) = type(join '', map { "echo $_\n" } 1 .. $lines);
is $status, 0, "$lines lines: the machine ends" or diag $shown;
is scalar(grep { / name="echo"$/ } events("$folder/run.rtrace", 'task_loaded')), $lines, 'when all of them are carried out';
done_testing;
