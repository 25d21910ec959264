#!/usr/bin/env perl
# Keyframes of a running machine: the other processors go on meanwhile, and each tree is shown as it was at one time.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $folder = tempdir(CLEANUP => 1);
my $trace = "$folder/run.rtrace";

system("$build/regiontrace record --kernel $build/kernel/understory.elf --initrd $build/initrd.cpio --exec stress:100 "
        . "--cpus 4 --append 'seed=1 schedule=2' --console $folder/console -o $trace > /dev/null");
is $? >> 8, 0, 'four processors work';
like qx($build/regiontrace check $trace), qr/^check: passed: .* ([3-9]|\d\d) keyframes/,
        'each keyframe shows what the events say';

# What lies between the beginning of a keyframe and its end.
my ($shown_by, $others, %attempts, %begun, %ended) = (undef, 0);
for (qx($build/regiontrace dump --json $trace)) {
        my ($cpu, $type) = /"cpu":(\d+),.*?"type":"(\w+)"/;
        $shown_by = $cpu if $type eq 'keyframe_begin';
        $others++ if defined $shown_by && $cpu != $shown_by;
        if ($type eq 'keyframe_tree') {
                my ($tree, $attempt) = /"tree":(\d+),.*"attempt":(\d+)/;
                $attempts{$attempt}++;
                $begun{$tree} = 1;
        }
        delete $begun{$1} if $type eq 'keyframe_tree_end' && /"tree":(\d+)/;
        if ($type eq 'keyframe_end') {
                is_deeply [ keys %begun ], [], 'each tree is shown to its end' if %begun;
                $shown_by = undef;
        }
}
cmp_ok $others, '>', 0, "other processors sent $others events during keyframes";
is_deeply [ grep { !/^[123]$/ } keys %attempts ], [], 'there are three attempts at most';
cmp_ok $attempts{1}, '>', 0, 'and the first is enough as a rule';

# A tree of several pieces, which other processors change between two of them, is shown again. At the third attempt its
# lock is held from the first piece to the last: no other processor begins an operation on it meanwhile.
my ($restarted, $held, $came_between) = (0, 0, 0);
for my $schedule (1 .. 4) {
        system("$build/regiontrace record --kernel $build/kernel/understory.elf --initrd $build/initrd.cpio --cpus 4 "
                . "--exec spaces:change-all-the-time --append 'seed=1 schedule=$schedule' -o $trace > /dev/null");
        is $? >> 8, 0, "schedule $schedule: three threads change a space of several hundred regions";
        like qx($build/regiontrace check $trace), qr/^check: passed: .* \d\d keyframes/,
                '... and check accepts each keyframe of it';

        my ($attempt, $shown) = (0, 0);
        for (qx($build/regiontrace dump --json $trace)) {
                my ($cpu, $type, $tree) = /"cpu":(\d+),.*?"type":"(\w+)"(?:.*?"tree":(\d+))?/;
                if ($type eq 'keyframe_tree') {
                        my ($this) = /"attempt":(\d+)/;
                        $restarted++ if $tree == $shown && $this == 2 && $attempt == 1;
                        $held++ if $tree == $shown && $this == 3 && $attempt == 2;
                        ($attempt, $shown) = ($this, $tree);
                } elsif ($type =~ /^keyframe_(tree_)?end$/) {
                        ($attempt, $shown) = (0, 0);
                }
                $came_between++ if $type eq 'tree_begin' && $attempt == 3 && $tree == $shown;
        }
        last if $restarted && $held;
}
cmp_ok $restarted, '>', 0, "$restarted trees changed while they were shown, and were shown again";
cmp_ok $held, '>', 0, "$held of them were shown a third time";
is $came_between, 0, '... and did not change meanwhile';
done_testing;
