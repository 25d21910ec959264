#!/usr/bin/env perl
# A recorder whose line damages frames asks the kernel for a keyframe, and all that was unknown is soon known again.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Regiontrace qw($build $folder regiontrace);

my ($qemu) = grep { -x } map { "$_/qemu-system-x86_64" } split /:/, $ENV{PATH};
mkdir "$folder/bin" or die "$folder/bin: $!\n";
symlink abs_path(dirname(__FILE__) . '/damaging-line'), "$folder/bin/qemu-system-x86_64" or die "symlink: $!\n";
$ENV{DAMAGE_REAL} = $qemu;
$ENV{PATH} = "$folder/bin:$ENV{PATH}";

# Records a run whose frames from the 150th on are damaged. Yields what check says, and the loss: the number of the
# first missing event, and that of the last event of the keyframe behind which all is known again.
sub record {
        my ($name, @options) = @_;
        my $path = "$folder/$name.rtrace";
        local @ENV{qw(DAMAGE_AT DAMAGE_COUNT)} = (150, 30);
        my $run = regiontrace('record', '--kernel', "$build/kernel/understory.elf", '--initrd', "$build/initrd.cpio",
                              '--cpus', 2,
                              '--exec', 'spawn:100', @options, '-o', $path);
        is $run->{status}, 0, "$name: the run passes" or diag $run->{stderr};
        my $check = decode_json(regiontrace('check', '--all', 1000, '--json', $path)->{stdout});
        my @losses = map { $_->{words} =~ /^event ([\d,]+): .* until the keyframe at event ([\d,]+)/
                ? [map { tr/,//dr } $1, $2] : () }
                @{$check->{findings}};
        my @others = grep { $_->{words} !~ /missing; unknown|thrown away/ } @{$check->{findings}};
        is scalar(@others), 0, "$name: nothing is called wrong" or diag $others[0]{words};
        return ($check, @losses);
}

my ($check, @losses) = do {
        local $ENV{DAMAGE_ASKS} = 150;
        record('asked', '--control', "$folder/control");
};
is scalar(@losses), 1, 'a line with two ways: one loss, and then a keyframe shows everything';
my ($first, $last) = @{$losses[0]};
my $missing = $check->{lost};
cmp_ok $missing, '>', 300, "$missing events were lost";
my $asked = $last - $first - $missing;
my ($other_check, @other_losses) = record('not-asked');
my $not_asked = $other_losses[0][1] - $other_losses[0][0] - $other_check->{lost};
cmp_ok $asked, '<', 0.8 * $not_asked, "the keyframe came after $asked events, by itself it came after $not_asked";
cmp_ok $check->{operations}, '>', 0.9 * $other_check->{operations}, 'and the operations behind it are judged';

done_testing;
