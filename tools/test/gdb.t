#!/usr/bin/env perl
# `make gdb`: the machine waits, and gdb comes to it through a socket of its own, with the kernel's symbols. What is
# typed here is what docs/gdb.md tells to type.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

plan skip_all => 'gdb is not installed' if system 'command -v gdb > /dev/null';

my $build = $ENV{BUILD} // 'build';
my $folder = tempdir(CLEANUP => 1);

sub slurp {
        my ($path) = @_;
        open my $file, '<', $path or return '';
        local $/;
        return scalar(<$file>) // '';
}

# A build folder whose socket and recording are ours alone, in a path with a blank and a comma.
my $ours = "$folder/a, b";
mkdir $ours or die "$ours: $!";
my $top = $build =~ m{^/} ? $build : `pwd` =~ s/\n/\/$build/r;
symlink "$top/$_", "$ours/$_" or die "$_: $!" for qw(kernel initrd.cpio regiontrace regionviz);

my $machine = fork // die "fork: $!";
if (!$machine) {
        open STDIN, '<', '/dev/null';
        open STDOUT, '>', "$folder/said";
        open STDERR, '>&', \*STDOUT;
        exec 'tools/run', '--gdb', $ours, 1, 'exec=maps' or exit 127;
}
END { local $?; kill 'TERM', $machine if $machine }

until (-S "$ours/gdb.socket") {
        die "the machine has ended:\n", slurp("$folder/said") if waitpid($machine, 1) == $machine;
        select undef, undef, undef, 0.05;
}
is -s "$ours/run.rtrace" // 0, 0, 'the machine waits';
is +(stat "$ours/gdb.socket")[2] & 077, 0, 'and nobody else may use its socket';

my ($command) = slurp("$folder/said") =~ /^    (gdb .*)$/m;
my @page = map { /^    (break .*|continue|backtrace|print .*)$/ ? $1 : () } split /\n/, slurp('docs/gdb.md');
is scalar(@page), 5, 'the page tells what to type';
my $said = join '', `$command -batch -nx @{[ map { "-ex '$_'" } @page, 'delete', 'detach' ]} 2>&1 < /dev/null`;
like $said, qr/^Breakpoint 1, region_tree_place_anywhere .*region_tree_place\.c/m,
        'gdb knows the functions of the kernel and their lines';
like $said, qr/^#\d+ .* kernel_main /m, 'and who called them';
like $said, qr/^\$1 = \{.*root = /m, 'and its types';

waitpid $machine, 0;
is $? >> 8, 0, 'let go, the machine goes on to its end' or diag slurp("$folder/said");
undef $machine;
like slurp("$folder/said"), qr/^maps: exit status 0$/m, 'with its console on the terminal';
ok !-e "$ours/gdb.socket", 'and the socket is gone';
done_testing;
