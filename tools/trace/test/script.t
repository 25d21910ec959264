#!/usr/bin/env perl
# `regiontrace script': scripts at random, whose answers the kernel's own code must give too; and shrinking.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Regiontrace qw($build $folder regiontrace slurp spew);

my $run_script = "$build/host/run_script";
my $script = "$folder/generated.ops";

# --- the oracle and the kernel's code agree

my @shapes = map { /^(\S+)/ } split /\n/, regiontrace('script', '--shapes')->{stdout};
is scalar @shapes, 15, 'there are fifteen shapes';
for my $shape (@shapes) {
        my @wrong;
        for my $seed (1 .. 6) {
                my $run = regiontrace('script', '--seed', $seed, '--shape', $shape,
                                      '--operations', 60, '--expect', '-o', $script);
                push @wrong, "seed $seed: $run->{stderr}" if $run->{status};
                my $said = `'$run_script' '$script' 2>&1`;
                push @wrong, "seed $seed: $said" if $?;
        }
        is_deeply \@wrong, [], "$shape: the oracle's answers are those of the kernel's code";
}

# --- the same words make the same script

my @drawn = ('script', '--seed', 9, '--shape', 'exact', '-n', 25);
my $text = regiontrace(@drawn)->{stdout};
is regiontrace(@drawn)->{stdout}, $text, 'the same seed makes the same script';
isnt regiontrace('script', '--seed', 10, '--shape', 'exact', '-n', 25)->{stdout}, $text, 'another seed another one';
is scalar(grep { /^(map|unmap|find) / } split /\n/, $text), 25, 'with as many operations as were asked for';
unlike $text, qr/->/, 'and without answers, unless --expect asks for them';

# --- wrong usage

my $run = regiontrace('script', '--shape', 'round');
is_deeply [ $run->{status}, $run->{stderr} ],
        [ 2, "regiontrace script: there is no shape \"round\"; --shapes lists them\n" ],
        'a shape that does not exist';
is regiontrace('script', '--operations', 100001)->{status}, 2, 'too many operations';
is regiontrace('script', 'file')->{status}, 2, 'a file';

# --- shrinking: a wrong expectation fails, with the two lines that lead to it

spew($script, <<'END');
space 0x10000 0x20000
map one 8K rw- anywhere
map two 4K rw- anywhere
unmap 0x10000 8K
map three 4K rw- anywhere
map four 12K rw- anywhere align 8K
find 0x10000
map five 4K rw- anywhere -> 0x17000
unmap 0x12000 4K
END
$run = regiontrace('script', '--shrink', $script, '--', $run_script);
is $run->{status}, 0, 'shrink';
is $run->{stdout}, "space 0x10000 0x20000\nmap five 4K rw- anywhere -> 0x17000\n",
        'shrink: only the line that fails is left';

spew("$folder/needs-two", "#!/bin/sh\n! { grep -q '^map two' \"\$1\" && grep -q '^find' \"\$1\"; }\n");
chmod 0755, "$folder/needs-two";
$run = regiontrace('script', '--shrink', $script, '--', "$folder/needs-two");
is $run->{stdout}, "space 0x10000 0x20000\nmap two 4K rw- anywhere\nfind 0x10000\n",
        'shrink: lines that need each other stay';
$run = regiontrace('script', '--shrink', $script, '--', 'true');
is $run->{status}, 1, 'shrink: a command that does not fail';
like $run->{stderr}, qr/the command does not fail with this script/, 'shrink: and it says so';
$run = regiontrace('script', '--shrink', $script, '--', "$folder/no-such-command");
is $run->{status}, 2, 'shrink: a command that cannot be run';
like $run->{stderr}, qr/no-such-command: cannot be run: No such file or directory$/, 'shrink: and it says why';

done_testing;
