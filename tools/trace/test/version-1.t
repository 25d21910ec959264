#!/usr/bin/env perl
# Recordings of the first version of the format, made by the last kernel that wrote it, are read as they were then.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Regiontrace qw(regiontrace);

my $folder = dirname(__FILE__) . '/version-1';

# What the tools of that time found in each.
my %found = (
        teaching   => '1,556 events, 82 operations on 1 tree, 1 keyframe, lost: 0, 1 script',
        'two-cpus' => '1,638 events, 90 operations on 2 trees, 2 keyframes, lost: 0, 1 script',
);
for my $name (sort keys %found) {
        my $run = regiontrace('check', "$folder/$name.rtrace");
        is $run->{stdout}, "check: passed: $found{$name}\n", "$name: checked";
        is $run->{status}, 0, "$name: and passed";
}
my ($last) = regiontrace('dump', '--event', 'tree_begin', '--from', 1300, "$folder/teaching.rtrace")->{stdout}
        =~ /(tree_begin .*)/;
is $last,
        'tree_begin         tree=1 operation=66 cause=51 kind=place_anywhere region=45 size=24K alignment=4K before=0 '
        . 'after=0 window_base=0x10000 window_end=0x90000 address=0x0', 'every field of a request is read';
done_testing();
