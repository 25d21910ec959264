#!/usr/bin/env perl
# teaching.ops keeps its promises: forty regions at its height, every kind of rotation, a request refused just there.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $recording = tempdir(CLEANUP => 1) . '/teaching.rtrace';
my $script = dirname(__FILE__) . '/../../../kernel/user/workloads/teaching.ops';

is system("$build/host/run_script '$script' -o $recording > /dev/null"), 0, 'every line has the outcome it promises';

# Of each operation on the tree: its kind, its rotations in order, its result; and how many regions there were then.
my ($regions, $most, $refused_at, $kind, @sides, %seen) = (0, 0, 0);
open my $events, '-|', "$build/regiontrace", 'dump', '--category', 'tree', $recording or die "$build/regiontrace: $!\n";
while (<$events>) {
        if (/ tree_begin .* kind=(\w+)/) {
                ($kind, @sides) = $1;
        } elsif (/ tree_link /) {
                $most = $regions if ++$regions > $most;
        } elsif (/ tree_unlink /) {
                $regions--;
        } elsif (/ tree_rotate .* side=(\w+)/) {
                push @sides, $1;
        } elsif (/ tree_end .* result=(\w+)/) {
                $seen{$kind}++;
                $seen{($kind eq 'remove' ? 'removal' : 'insertion') . " rotates @sides"}++;
                $refused_at = $regions if $1 eq 'no_memory';
        }
}

is $most, 40, 'forty regions at its height';
is $refused_at, 40, 'a request is refused just there';
for my $what ('insertion', 'removal') {
        ok $seen{"$what rotates $_"}, "$what rotates $_" for 'left', 'right', 'left right', 'right left';
}
ok $seen{'removal rotates left left'} || $seen{'removal rotates right right'},
        'removal goes on after the sibling was red';
ok $seen{$_}, $_ for qw(place_anywhere place_specifically place_near place_random remove find resize split);
done_testing;
