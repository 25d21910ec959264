#!/usr/bin/env perl
# A failure that depends on whose turn ends when: `flake` counts the schedules that show it, and each can be shown
# again. `soak` notices a run that fails.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Machine qw($build boot slurp);

my $here = dirname(__FILE__);

sub said_by {
        my (@command) = @_;
        open my $said, '-|', @command or return ('', -1);
        local $/;
        my $text = scalar(<$said>) // '';
        close $said;
        return ($text, $? >> 8);
}

my ($text, $status) = said_by("$here/flake", $build, 'race:unlocked', 20, 1);
my ($failed) = $text =~ /^race:unlocked on 1 CPU: (\d+) of 20 schedules failed$/m;
my ($seed, $replay) = ($text =~ /^failing seeds: (\d+)/m, $text =~ /^to see one again: (.*)$/m);
is $status, 1, 'counting without a lock: some schedules fail';
ok $failed && $failed < 20, 'and some do not' or diag $text;

my @again = map { slurp(boot('pc', "exec=race:unlocked schedule=$seed")->{recording}) } 1 .. 2;
ok $again[0] eq $again[1], "schedule $seed is the same run every time, byte for byte";
($text, $status) = said_by('sh', '-c', "$replay -o /dev/null 2>&1");
is $status, 1, 'and fails again';
like $text, qr/^race: 3 threads counted to 3 without a lock: [12]$/m, 'by lost counts';

($text, $status) = said_by("$here/flake", $build, 'race', 4, 1);
is $status, 0, 'a memory map that is locked is right under every schedule' or diag $text;

for my $case ([ 'spawn:3', 0, 0 ], [ 'misbehave:stack', 1, 1 ]) {
        my ($program, $expected, $count) = @$case;
        ($text, $status) = said_by("$here/soak", $build, 0, 1, $program);
        is $status, $expected, "soak with $program: exit status $expected" or diag $text;
        like $text, qr/^\Q$program\E on 1 CPU: $count of 1 runs failed$/m, 'and it says so';
}
done_testing;
