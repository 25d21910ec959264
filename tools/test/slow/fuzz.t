#!/usr/bin/env perl
# Damaged input for everything that reads recordings, captures and scripts, ten seconds each: docs/fuzzing.md.
use strict;
use warnings;
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $seconds = $ENV{SECONDS_EACH} // 10;

for my $target (qw(decoder model check perfetto import script)) {
        my $said = `tools/trace/fuzz/run '$build' $seconds $target 2>&1`;

        plan skip_all => $said =~ s/\n+$//r if $? >> 8 == 77;
        is $?, 0, "$target: nothing found" or diag $said;
}
ok -s "$build/fuzz/seeds/boot-$_.rtrace",
        "a recording of a booted kernel is among the seeds: $_" for qw(maps spawn race);
done_testing;
